//! The product statement: what a product is, what its footprint is per, and who works on it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::word_list;
use super::statement::{ProductType, Version};
use super::{
    ActorId, Boundary, Decimal, ProductId, Quantity, RecycledPart, Recycling, Salt, Stage, StatementId, Text,
    Unit, Urn, ValueError,
};

/// A product and the rules of its footprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Product {
    /// How far its footprint reaches.
    pub boundary: Boundary,
    /// Who says it; the first signer owns the ids.
    pub by: ActorId,
    /// Carbon in the product, per declared unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carbon: Option<CarbonContent>,
    /// Whether capture and storage are part of the footprint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ccs_included: Option<bool>,
    /// Its classes, such as `urn:pact:productclassification:un-cpc:…`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub classifications: Vec<Urn>,
    /// What the footprint is per: an amount and a unit.
    pub declared_unit: Quantity,
    /// What it is, for a reader who does not know it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Text>,
    /// True where a product rule counts design in at the gate.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub design_at_gate: bool,
    /// Whether anything is left out: stated, because silence is not the same as nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exemptions: Option<Exemptions>,
    /// Its ids; the first is the one everything is filed under.
    pub ids: Vec<ProductId>,
    /// kg per declared unit, packaging aside; 0 for energy and services.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mass_per_declared_unit: Option<Decimal>,
    /// Its name with its maker.
    pub name: Text,
    /// Its packaging.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packaging: Option<Packaging>,
    /// Its unit processes, and who may sign each.
    pub processes: Vec<Process>,
    /// How recycling counts; cut-off where nothing is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recycling: Option<Recycling>,
    /// The statement this one replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<StatementId>,
    /// Product or sector rules that were followed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<ProductRule>,
    /// 16 random bytes.
    pub salt: Salt,
    /// 16 random bytes from which the tags of its ids are made. Every statement that replaces this one repeats
    /// them; a draft leaves them out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag_salt: Option<Salt>,
    /// Always `product`.
    pub r#type: ProductType,
    /// How far apart the units of its gate processes may lie, in percent; 2 where nothing is stated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit_tolerance_percent: Option<Decimal>,
    /// The version of the format.
    pub v: Version,
}

word_list! {
    /// Whether flows are left out of the footprint.
    pub enum Exemptions as "exemptions", "listed or none" {
        /// Every one is listed as a flow of kind excluded.
        Listed = "listed",
        /// Nothing is left out.
        None = "none",
    }
}

/// kg of carbon per declared unit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CarbonContent {
    /// Biogenic, in the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub biogenic: Option<Decimal>,
    /// Fossil, in the product.
    pub fossil: Decimal,
    /// Recycled, in the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recycled: Option<Decimal>,
}

/// Packaging of the product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Packaging {
    /// kg of biogenic carbon in the packaging, per declared unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub biogenic_carbon: Option<Decimal>,
    /// Whether its emissions are part of the footprint.
    pub included: bool,
}

/// One unit process of a product.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Process {
    /// Its name, unique within its stage.
    pub name: Text,
    /// The actors who may sign its activity statements.
    pub signers: Vec<ActorId>,
    /// Its stage.
    pub stage: Stage,
    /// The process of the same stage whose good units are its own too: then it has readings only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub units_of: Option<Text>,
}

/// A product or sector rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProductRule {
    /// The rule's name and edition.
    pub name: Text,
    /// Who issued it.
    pub operator: Text,
}

impl Product {
    /// The id everything is filed under.
    ///
    /// # Errors
    /// [`ValueError::Combination`] where the statement lists none.
    pub fn id(&self) -> Result<&ProductId, ValueError> {
        self.ids.first().ok_or_else(|| self.unfit("needs at least one id"))
    }

    /// What a declared unit weighs that is a mass, and what the product states instead, both in kg; none where they are the same, or where
    /// either is not known exactly.
    pub fn mass_apart(&self) -> Option<(Decimal, Decimal)> {
        let (stated, declared) = (self.mass_per_declared_unit?, self.declared_unit);
        let (n, d) = declared.unit.ratio_to(Unit::Kilogram)?;
        let numerator = declared.amount.quanta().checked_mul(i128::from(n))?;
        let exact = (numerator % i128::from(d) == 0).then_some(numerator / i128::from(d))?;
        let kg = Decimal::from_quanta(exact).ok()?;
        (kg != stated).then_some((kg, stated))
    }

    /// What has to hold between its parts.
    ///
    /// # Errors
    /// [`ValueError::Combination`] naming the part.
    pub fn check(&self) -> Result<(), ValueError> {
        self.id()?;
        if !self.declared_unit.amount.is_positive() {
            return Err(self.unfit("needs a declared unit above zero"));
        }
        if self.processes.is_empty() {
            return Err(self.unfit("needs at least one process"));
        }
        let mut names: Vec<_> = self.processes.iter().map(|p| (p.stage, &p.name)).collect();
        names.sort();
        if let Some(twice) = names.windows(2).find(|w| w[0] == w[1]) {
            return Err(self.unfit(&format!("names the process `{}` of {} twice", twice[0].1, twice[0].0)));
        }
        if let Some(nobody) = self.processes.iter().find(|p| p.signers.is_empty()) {
            return Err(self.unfit(&format!("lets nobody sign the process `{}`", nobody.name)));
        }
        if let Some(problem) = self.units_problem() {
            return Err(self.unfit(&problem));
        }
        let carbon = self.carbon.iter().flat_map(|c| [c.biogenic, Some(c.fossil), c.recycled]);
        let packed = self.packaging.iter().map(|p| p.biogenic_carbon);
        let amounts = carbon.chain(packed).chain([self.mass_per_declared_unit, self.unit_tolerance_percent]);
        if amounts.flatten().any(Decimal::is_negative) {
            return Err(self.unfit("has a mass, carbon content or tolerance below zero"));
        }
        let materials = self.recycling.iter().flat_map(|r| &r.materials);
        let made = materials.flat_map(|m| RecycledPart::ALL.map(|part| (part.stage(), m.process(part))));
        for (stage, name) in made {
            if let Some(twice) = name.ok().filter(|n| names.binary_search(&(stage, n)).is_ok()) {
                return Err(
                    self.unfit(&format!("names the process `{twice}`, which its recycled material has"))
                );
            }
        }
        match self.recycling.as_ref().and_then(Recycling::problem) {
            Some(problem) => Err(self.unfit(&problem)),
            None => Ok(()),
        }
    }

    /// What is wrong with a process that has the units of another.
    fn units_problem(&self) -> Option<String> {
        self.processes.iter().find_map(|process| {
            let of = process.units_of.as_ref()?;
            let other = self.process(process.stage, of);
            let why = match other {
                None => format!("which is no process of the stage `{}`", process.stage),
                Some(other) if other.units_of.is_some() => "which has none of its own".to_owned(),
                Some(_) => return None,
            };
            Some(format!("gives the process `{}` the units of `{of}`, {why}", process.name))
        })
    }

    /// A process by its stage and name.
    pub fn process(&self, stage: Stage, name: &Text) -> Option<&Process> {
        self.processes.iter().find(|process| process.stage == stage && process.name == *name)
    }

    /// The process whose good units a process has: its own, or those of the one it names.
    pub fn process_with_units(&self, process: &Process) -> Option<&Process> {
        match &process.units_of {
            None => self.process(process.stage, &process.name),
            Some(other) => self.process(process.stage, other),
        }
    }

    fn unfit(&self, problem: &str) -> ValueError {
        ValueError::Combination { what: "product", problem: format!("`{}` {problem}", self.name) }
    }
}
