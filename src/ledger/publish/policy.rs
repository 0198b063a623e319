#![doc = include_str!("../../../schemas/gate.md")]

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Deserialize;

use super::PublishError;
use crate::codec::settings;
pub use crate::limits::RELEASE_POLICY_BYTES_MAX as POLICY_BYTES_MAX;
use crate::model::{AssuranceLevel, Decimal};
use crate::pact::claims::EXEMPTED_PERCENT_MAX;

/// A check of the gate, as it is without a policy file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ask {
    /// Its stable name.
    pub name: &'static str,
    /// What it asks.
    pub asks: &'static str,
    /// How much it weighs unless a policy says otherwise.
    pub weight: Weight,
    /// True where no policy makes it less than required.
    pub fixed: bool,
}

/// How much a check weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// A final publication cannot do without.
    Required,
    /// It is listed where it is not met.
    Advised,
}

impl Weight {
    /// `required` or `advised`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Advised => "advised",
        }
    }
}

const fn required(name: &'static str, asks: &'static str) -> Ask {
    Ask { name, asks, weight: Weight::Required, fixed: false }
}

const fn advised(name: &'static str, asks: &'static str) -> Ask {
    Ask { name, asks, weight: Weight::Advised, fixed: false }
}

const fn fixed(name: &'static str, asks: &'static str) -> Ask {
    Ask { name, asks, weight: Weight::Required, fixed: true }
}

/// Every check of the gate, in the order in which it is listed.
pub const ASKS: &[Ask] = &[
    fixed(
        "processes-with-data",
        "every listed process of the boundary has data; without them nothing is calculated",
    ),
    advised("stated-boundary", "the figures reach as far as the product's statement says"),
    required("mass-per-declared-unit", "the product's mass per declared unit is stated"),
    required("fossil-carbon-content", "the product's carbon content is stated"),
    required("packaging-included", "it is stated whether packaging is part of the figures"),
    required("ccs-included", "it is stated whether capture and storage are part of the figures"),
    required("exempted-emissions", "it is stated what is left out, or that nothing is"),
    advised("product-rule", "a product or sector rule is named"),
    required("company-ids", "the publisher has a company id"),
    advised("exempted-within-limit", "no more is left out than exempted_percent_max"),
    advised("primary-data-share", "at least primary_data_share_percent_min rests on primary data"),
    advised("data-quality", "the data are rated, and no rating is worse than rating_max"),
    advised("gwp-stated", "every source states its GWP set"),
    required(
        "validity-within-three-years",
        "the figures are valid for at most three years after their period",
    ),
    advised(
        "activity-data-age",
        "data measured before the period are no older than activity_years_max when the validity ends",
    ),
    advised(
        "factor-years",
        "no factor lies further from the period than factor_years_max, of electricity than electricity_factor_years_max",
    ),
    advised("suppliers-valid-throughout", "no supplier's footprint ends before the validity"),
    advised(
        "assurance",
        "somebody other than the publisher assured these figures, at least as surely as `assurance` says",
    ),
    fixed("scenario-to-the-gate", "no scenario stands in place of what happened up to the gate"),
    advised("pact-conditions", "the conditions of PACT-3.0 are met, so that the documents name it"),
    fixed("no-adverse-opinion", "nobody says that these figures are wrong"),
    fixed("findings", "each finding that needs attention was mended, or is accepted"),
];

/// What the checks measure against.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Most emissions left out, in percent of all.
    pub exempted_percent_max: Decimal,
    /// A gap in readings below this part of the figure to the gate is a note, in percent.
    pub gap_percent_max: Decimal,
    /// Least share of primary data, in percent.
    pub primary_data_share_percent_min: Decimal,
    /// Worst rating that is good enough: 1 (best) to 5.
    pub rating_max: Decimal,
    /// Years between a factor and the period.
    pub factor_years_max: u8,
    /// Years between a factor of electricity and the period.
    pub electricity_factor_years_max: u8,
    /// Years between data measured before the period and the end of the validity.
    pub activity_years_max: u8,
    /// The least level of assurance.
    pub assurance: AssuranceLevel,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            exempted_percent_max: Decimal::from_i32(EXEMPTED_PERCENT_MAX),
            gap_percent_max: Decimal::ONE,
            primary_data_share_percent_min: Decimal::ZERO,
            rating_max: Decimal::from_i32(5),
            factor_years_max: 10,
            electricity_factor_years_max: 3,
            activity_years_max: 3,
            assurance: AssuranceLevel::Limited,
        }
    }
}

/// How much each check of the gate weighs, and what it measures against.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    changed: BTreeMap<&'static str, Weight>,
    limits: Limits,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "version")]
    _version: i64,
    #[serde(default)]
    checks: BTreeMap<String, Weight>,
    #[serde(default)]
    limits: Limits,
}

impl Policy {
    /// Reads a policy file (TOML). What it does not name stays as it is without one.
    ///
    /// # Errors
    /// [`PublishError::Policy`] for another version, an unknown check or limit, one out of range, and a check that cannot be made less than
    /// required.
    pub fn from_toml(text: &str) -> Result<Self, PublishError> {
        let refuse = |problem: String| PublishError::Policy { problem };
        let file: File = settings::read(text, POLICY_BYTES_MAX).map_err(refuse)?;
        let mut changed = BTreeMap::new();
        for (name, weight) in file.checks {
            let Some(ask) = ASKS.iter().find(|ask| ask.name == name) else {
                let names: Vec<&str> = ASKS.iter().map(|ask| ask.name).collect();
                return Err(refuse(format!("expected a check out of {}, got `{name}`", names.join(", "))));
            };
            if ask.fixed && weight == Weight::Advised {
                return Err(refuse(format!("the check `{name}` is always required, got \"advised\"")));
            }
            changed.insert(ask.name, weight);
        }
        file.limits.check().map_err(refuse)?;
        Ok(Self { changed, limits: file.limits })
    }

    /// What a check weighs.
    pub fn weight(&self, ask: &Ask) -> Weight {
        self.changed.get(ask.name).copied().unwrap_or(ask.weight)
    }

    /// What the checks measure against.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }

    /// A policy file that changes nothing, every check with what it asks.
    pub fn template() -> String {
        let mut text = String::from(
            "# What a publication must have. \"required\": a final publication stops without it (pcf publish --gate FILE).\n\
             # \"advised\": it is listed. What is left out here stays as it is.\n\nversion = 1\n\n[checks]\n",
        );
        for ask in ASKS {
            let always = if ask.fixed { " (always required)" } else { "" };
            // Writing to a String does not fail.
            let _ = writeln!(text, "# {}{always}\n{} = \"{}\"", ask.asks, ask.name, ask.weight.as_str());
        }
        let limits = Limits::default();
        let _ = write!(
            text,
            "\n[limits]\nexempted_percent_max = \"{}\"\n# a gap in readings that is smaller is a note\n\
             gap_percent_max = \"{}\"\nprimary_data_share_percent_min = \"{}\"\n# from 1 (best) to 5\n\
             rating_max = \"{}\"\nfactor_years_max = {}\nelectricity_factor_years_max = {}\nactivity_years_max = {}\n\
             # \"limited\" or \"reasonable\"\nassurance = \"{}\"\n",
            limits.exempted_percent_max,
            limits.gap_percent_max,
            limits.primary_data_share_percent_min,
            limits.rating_max,
            limits.factor_years_max,
            limits.electricity_factor_years_max,
            limits.activity_years_max,
            limits.assurance,
        );
        text
    }
}

impl Limits {
    fn check(&self) -> Result<(), String> {
        let hundred = Decimal::from_i32(100);
        let ranges = [
            ("exempted_percent_max", self.exempted_percent_max, Decimal::ZERO, hundred),
            ("gap_percent_max", self.gap_percent_max, Decimal::ZERO, hundred),
            ("primary_data_share_percent_min", self.primary_data_share_percent_min, Decimal::ZERO, hundred),
            ("rating_max", self.rating_max, Decimal::ONE, Decimal::from_i32(5)),
        ];
        for (name, got, least, most) in ranges {
            if got < least || got > most {
                return Err(format!("{name}: expected from {least} to {most}, got {got}"));
            }
        }
        Ok(())
    }
}
