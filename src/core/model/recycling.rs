//! How recycling counts for a product: the one method it names, and the parameters of the circular footprint formula for each material.
//! Judges what has to hold between them; calculates nothing.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::word_list;
use super::{Country, Decimal, FactorId, Stage, Text, ValueError};

word_list! {
    /// How recycling counts.
    pub enum RecyclingMethod as "recycling method", "one of 50:50, cff, closed-loop 0:100, cut-off" {
        /// Half to each side.
        FiftyFifty = "50:50",
        /// Circular footprint formula (PEF).
        CircularFootprint = "cff",
        /// End-of-life recycling.
        ClosedLoop = "closed-loop 0:100",
        /// Recycled content carries its recycling burden, end of life carries disposal only.
        CutOff = "cut-off",
    }
}

/// The method, and its parameters per material where it has any.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Recycling {
    /// Parameters per material.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub materials: Vec<RecycledMaterial>,
    /// The one method of this product.
    pub method: RecyclingMethod,
}

/// Parameters of the circular footprint formula for one material; the E's name factors per mass (`Eheat` and `Eelec` per energy).
///
/// The whole material is calculated from them: its content at the gate (procurement) and its end of life (recycling). So it stands in no
/// activity statement besides.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(non_snake_case, reason = "the names are those of the formula in the PEF method, section 4.4.8.1")]
pub struct RecycledMaterial {
    /// Part of the burdens and credits of recycling that stays with this product; what the method says, else the European default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub A: Option<Decimal>,
    /// The same of energy recovery; what the method says, else 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub B: Option<Decimal>,
    /// Disposal of what is neither recycled nor burnt with energy recovery.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub Ed: Option<FactorId>,
    /// The electricity that recovered electricity replaces, per energy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub Eelec: Option<FactorId>,
    /// Energy recovery, per mass of the waste.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub Eer: Option<FactorId>,
    /// The heat that recovered heat replaces, per energy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub Eheat: Option<FactorId>,
    /// Recycling of what the content is made from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub Erec: Option<FactorId>,
    /// Recycling at the end of life.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ErecEoL: Option<FactorId>,
    /// Virgin material.
    pub Ev: FactorId,
    /// The virgin material that what is recycled at the end of life replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub EvStar: Option<FactorId>,
    /// Lower heating value, MJ per kg.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub LHV: Option<Decimal>,
    /// Quality of the recycled content to that of virgin material; what the method says, else the European default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub QsinQp: Option<Decimal>,
    /// Quality of what is recycled at the end of life to that of virgin material; what the method says, else the European default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub QsoutQp: Option<Decimal>,
    /// Part of the content that is recycled.
    pub R1: Decimal,
    /// Part that is recycled at the end of life.
    pub R2: Decimal,
    /// Part that is burnt with energy recovery at the end of life.
    pub R3: Decimal,
    /// Part of the heating value that becomes electricity.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub Xelec: Option<Decimal>,
    /// Part of the heating value that becomes heat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub Xheat: Option<Decimal>,
    /// kg of the material per declared unit.
    pub kg: Decimal,
    /// The material's name; European defaults are found by it.
    pub material: Text,
    /// Where it is recycled: a European default used elsewhere is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Country>,
}

/// What a method fixes of the formula; `None` is free.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(non_snake_case, reason = "the names are those of the formula")]
pub struct Fixed {
    /// Of recycling.
    pub A: Option<Decimal>,
    /// Of energy recovery.
    pub B: Option<Decimal>,
    /// Both ratios of quality.
    pub Q: Option<Decimal>,
}

impl RecyclingMethod {
    /// What the method fixes: cut-off `A = B = 1`, closed loop 0:100 `A = 0, Q = 1`, 50:50 `A = 0.5, Q = 1`, the formula itself nothing.
    pub const fn fixes(self) -> Fixed {
        const HALF: Decimal = Decimal::literal("0.5");
        let (one, zero) = (Some(Decimal::ONE), Some(Decimal::ZERO));
        match self {
            Self::CutOff => Fixed { A: one, B: one, Q: None },
            Self::ClosedLoop => Fixed { A: zero, B: None, Q: one },
            Self::FiftyFifty => Fixed { A: Some(HALF), B: None, Q: one },
            Self::CircularFootprint => Fixed { A: None, B: None, Q: None },
        }
    }
}

impl Recycling {
    /// What has to hold between its parts, as the rest of a sentence about the product.
    pub(super) fn problem(&self) -> Option<String> {
        if self.materials.is_empty() && self.method != RecyclingMethod::CutOff {
            return Some(format!(
                "names the recycling method {} and no material with its parameters",
                self.method
            ));
        }
        let mut names: Vec<_> = self.materials.iter().map(|m| &m.material).collect();
        names.sort();
        if let Some(twice) = names.windows(2).find(|w| w[0] == w[1]) {
            return Some(format!("names the recycled material `{}` twice", twice[0]));
        }
        self.materials.iter().find_map(|m| m.problem(self.method))
    }
}

/// A part of a recycled material: burdens or credits, a unit process of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecycledPart {
    /// What goes in, as it counts to the gate.
    Content,
    /// Under the circular footprint formula: what the recycled content takes over of the earlier life.
    SharedContent,
    /// Under the circular footprint formula: what the earlier life takes over of its recycling.
    SharedContentCredits,
    /// Recycling, energy recovery and disposal.
    EndOfLife,
    /// What these replace.
    EndOfLifeCredits,
}

impl RecycledPart {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Content,
        Self::SharedContent,
        Self::SharedContentCredits,
        Self::EndOfLife,
        Self::EndOfLifeCredits,
    ];

    /// The stage that it counts in.
    pub const fn stage(self) -> Stage {
        if matches!(self, Self::Content) { Stage::Procurement } else { Stage::Recycling }
    }
}

impl RecycledMaterial {
    /// The process that a part of it stands under, in [`RecycledPart::stage`].
    ///
    /// # Errors
    /// [`ValueError`] where the material's name is too long for it.
    pub fn process(&self, part: RecycledPart) -> Result<Text, ValueError> {
        let what = match part {
            RecycledPart::Content => "content",
            RecycledPart::SharedContent => "shared content",
            RecycledPart::SharedContentCredits => "credits of shared content",
            RecycledPart::EndOfLife => "end of life",
            RecycledPart::EndOfLifeCredits => "credits at the end of life",
        };
        format!("{} ({what})", self.material).parse()
    }

    /// The factors it names.
    pub fn factors(&self) -> impl Iterator<Item = &FactorId> {
        let perhaps =
            [&self.Ed, &self.Eelec, &self.Eer, &self.Eheat, &self.Erec, &self.ErecEoL, &self.EvStar];
        std::iter::once(&self.Ev).chain(perhaps.into_iter().flatten())
    }

    fn problem(&self, method: RecyclingMethod) -> Option<String> {
        let of = format!("of the recycled material `{}`", self.material);
        for (name, rate) in self.rates() {
            if let Some(rate) = rate.filter(|r| r.is_negative() || *r > Decimal::ONE) {
                return Some(format!("gives {name} {of} as {rate}, expected 0 to 1"));
            }
        }
        let part = |rate: Option<Decimal>| rate.map_or(0, Decimal::quanta);
        if self.R2.quanta() + self.R3.quanta() > Decimal::ONE.quanta() {
            return Some(format!("gives R2 + R3 {of} as {} + {}, expected at most 1", self.R2, self.R3));
        }
        if part(self.Xelec) + part(self.Xheat) > Decimal::ONE.quanta() {
            return Some(format!("makes more heat and electricity {of} than its heating value holds"));
        }
        if !self.kg.is_positive() || self.LHV.is_some_and(Decimal::is_negative) {
            return Some(format!("needs kg {of} above 0 and LHV not below"));
        }
        if let Some(problem) = RecycledPart::ALL.into_iter().find_map(|part| self.process(part).err()) {
            return Some(format!("has a name {of} that is too long: {problem}"));
        }
        self.mixed(method, &of).or_else(|| self.missing(method, &of))
    }

    fn rates(&self) -> [(&'static str, Option<Decimal>); 9] {
        [
            ("A", self.A),
            ("B", self.B),
            ("QsinQp", self.QsinQp),
            ("QsoutQp", self.QsoutQp),
            ("R1", Some(self.R1)),
            ("R2", Some(self.R2)),
            ("R3", Some(self.R3)),
            ("Xelec", self.Xelec),
            ("Xheat", self.Xheat),
        ]
    }

    /// A parameter that belongs to another method.
    fn mixed(&self, method: RecyclingMethod, of: &str) -> Option<String> {
        let fixed = method.fixes();
        let pairs = [
            ("A", self.A, fixed.A),
            ("B", self.B, fixed.B),
            ("QsinQp", self.QsinQp, fixed.Q),
            ("QsoutQp", self.QsoutQp, fixed.Q),
        ];
        let (name, stated, means) = pairs.into_iter().find_map(|(name, stated, fixed)| {
            stated.zip(fixed).filter(|(stated, fixed)| stated != fixed).map(|(s, f)| (name, s, f))
        })?;
        Some(format!(
            "mixes two recycling methods: {method} means {name} {means}, got {stated} {of}; name one method for the whole product"
        ))
    }

    /// A factor that a term needs which is not zero.
    fn missing(&self, method: RecyclingMethod, of: &str) -> Option<String> {
        let fixed = method.fixes();
        let (a, b) = (self.A.or(fixed.A), self.B.or(fixed.B));
        let (shared, recovers) = (a != Some(Decimal::ONE), b != Some(Decimal::ONE) && self.R3.is_positive());
        let to_gate = method == RecyclingMethod::CircularFootprint; // There A counts as 1.
        let (recycled, disposed) =
            (self.R2.is_positive(), self.R2.quanta() + self.R3.quanta() < Decimal::ONE.quanta());
        let heats = recovers && self.Xheat.is_some_and(Decimal::is_positive);
        let powers = recovers && self.Xelec.is_some_and(Decimal::is_positive);
        let needs = [
            ("Erec", self.R1.is_positive() && (to_gate || a != Some(Decimal::ZERO)), self.Erec.is_some()),
            ("ErecEoL", recycled && shared, self.ErecEoL.is_some()),
            ("EvStar", recycled && shared, self.EvStar.is_some()),
            ("Ed", disposed, self.Ed.is_some()),
            ("Eer", recovers, self.Eer.is_some()),
            ("LHV", heats || powers, self.LHV.is_some()),
            ("Eheat", heats, self.Eheat.is_some()),
            ("Eelec", powers, self.Eelec.is_some()),
        ];
        let (name, ..) = needs.into_iter().find(|(_, needed, given)| *needed && !given)?;
        Some(format!("needs {name} {of}: with these rates it enters the formula"))
    }
}
