//! The activity statement: what one unit process took in (a reading), gave out (a production) or
//! both, in one stage over one period.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::certificate;
use super::error::text_value;
use super::statement::{ActivityType, Version};
use super::{
    ActorId, Allocation, Country, Decimal, Digest, Flow, Period, ProductId, ProductTag, Quality, Quantity,
    Salt, Stage, StatementId, Subdivision, Text, Unit, ValueError, folded,
};

/// The signed record of one unit process in one life-cycle stage over one period.
///
/// With `outputs` it is a *production*, which may have flows of its own; with flows and no outputs
/// it is a *reading* of what the process took in, for the products in `for`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Activity {
    /// How the flows are shared: among the outputs of a production that has several, or among the
    /// productions that a reading concerns.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocation: Option<Allocation>,
    /// A longer span that the statement also serves (design, tools, use scenarios).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub applies_to: Option<Period>,
    /// The production batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch: Option<Text>,
    /// Who says it.
    pub by: ActorId,
    /// Files that support it, by digest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// What went in and out, beside the good product.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flows: Vec<Flow>,
    /// Of a reading, and only of one: the products that it is for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub r#for: Vec<Served>,
    /// The meter that the flows were read from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub meter: Option<Text>,
    /// Good product finally delivered thanks to this process's work, after all later rejects.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<Output>,
    /// The days of use or making, half-open.
    pub period: Period,
    /// The unit process, as the product statement names it.
    pub process: Text,
    /// Data quality ratings of the activity data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// True for a bill of materials for so many units: its outputs are compared with no others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recipe: bool,
    /// The statement this one replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<StatementId>,
    /// 16 random bytes.
    pub salt: Salt,
    /// An alternative of use or recycling; counts only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scenario: Option<Text>,
    /// Of a reading, and only of one: 16 random bytes that the readings of these flows at this place have in
    /// common, whatever their period. A draft leaves them out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub series: Option<Salt>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<Site>,
    /// Of a part: the days of the whole that it was split from, by days.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split_from: Option<Period>,
    /// The life-cycle stage.
    pub stage: Stage,
    /// The tags of the products that it names, in their order. A draft has none.
    #[serde(skip)]
    pub tags: Vec<ProductTag>,
    /// Always `activity`.
    pub r#type: ActivityType,
    /// The version of the format.
    pub v: Version,
}

/// A place where a process runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Site {
    /// ISO 3166-1 alpha-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// Its name with its owner.
    pub name: Text,
    /// ISO 3166-2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subdivision: Option<Subdivision>,
}

/// A file that supports a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Evidence {
    /// The file's name.
    pub name: Text,
    /// SHA-256 of its bytes.
    pub sha256: Digest,
}

/// A product that a reading is for, or all that its process made.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Served {
    /// `*`: every product whose statement lets the signer sign this process.
    All,
    /// One product, by any of its ids.
    Product(ProductId),
}

impl FromStr for Served {
    type Err = ValueError;
    fn from_str(text: &str) -> Result<Self, ValueError> {
        if text == "*" { Ok(Self::All) } else { text.parse().map(Self::Product) }
    }
}

impl fmt::Display for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.pad("*"),
            Self::Product(id) => f.pad(id.as_str()),
        }
    }
}

text_value!(Served, "product of a reading", r"^(\*|urn:.*)$", "a product id or *", |served, serializer| {
    match served {
        Served::All => serializer.serialize_str("*"),
        Served::Product(id) => serializer.serialize_str(id.as_str()),
    }
});

/// One product that a statement's work was for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Output {
    /// How much of it; 0 for a standstill.
    pub amount: Decimal,
    /// Its parts of allocation keys over the whole amount, by the key's name: machine hours, energy
    /// content.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub keys: BTreeMap<Text, Decimal>,
    /// Which product.
    pub product: ProductId,
    /// In a part: the amount of the whole, in the same unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split_from: Option<Decimal>,
    /// In what unit.
    pub unit: Unit,
    /// What the whole amount is worth, in one currency for all outputs of the process; what is
    /// shared by price is shared by it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Decimal>,
}

impl Output {
    /// Amount and unit together.
    pub fn quantity(&self) -> Quantity {
        Quantity { amount: self.amount, unit: self.unit }
    }
}

impl Activity {
    /// True where it says what was used and not what was made.
    pub const fn is_reading(&self) -> bool {
        self.outputs.is_empty()
    }

    /// The products that it names: its outputs, or those it is for.
    pub fn products(&self) -> impl Iterator<Item = &ProductId> {
        let served = self.r#for.iter().filter_map(|served| match served {
            Served::All => None,
            Served::Product(id) => Some(id),
        });
        self.outputs.iter().map(|output| &output.product).chain(served)
    }

    /// The folded names of its flows, sorted, each once.
    pub fn flow_names(&self) -> Vec<String> {
        let mut names: Vec<String> = self.flows.iter().map(|flow| folded(flow.name.as_str())).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// True for a reading of all that its process made.
    pub fn is_for_all(&self) -> bool {
        self.r#for.contains(&Served::All)
    }

    /// What has to hold between the parts of the statement and cannot be said by their types.
    ///
    /// # Errors
    /// [`ValueError::Combination`] naming the part.
    pub fn check(&self) -> Result<(), ValueError> {
        let problem = if self.is_reading() { self.reading_problem() } else { self.production_problem() };
        let claimed = self.flows.iter().flat_map(|flow| &flow.instruments).map(|claimed| &claimed.id);
        match problem.or_else(|| self.part_problem()).or_else(|| certificate::too_many(claimed)) {
            Some(problem) => Err(ValueError::Combination { what: "activity", problem }),
            None => Ok(()),
        }
    }

    fn reading_problem(&self) -> Option<String> {
        if self.flows.is_empty() {
            return Some("needs a flow that was used, or an output that was made".into());
        }
        if self.r#for.is_empty() {
            return Some("has no output, so it needs the products that it is `for`".into());
        }
        if self.r#for.len() > 1 && self.is_for_all() {
            return Some("is for `*`, which is every product, and needs no other beside it".into());
        }
        if let Some(twice) = twice(self.r#for.iter()) {
            return Some(format!("is for {twice} twice"));
        }
        if self.applies_to.is_some() {
            return Some(
                "says what was used and not what was made, so it cannot apply to another period (appliesTo): state the outputs that it was used for".into(),
            );
        }
        self.recipe.then(|| "is a recipe and needs the output that it is for".into())
    }

    fn production_problem(&self) -> Option<String> {
        if self.series.is_some() {
            return Some("has outputs, so it belongs to no series of readings: leave out `series`".into());
        }
        if !self.r#for.is_empty() {
            return Some("has outputs, so it is for them: leave out `for`".into());
        }
        if let Some(output) = self.outputs.iter().find(|o| o.amount.is_negative()) {
            return Some(format!(
                "the output of {} must not be below zero, got {}",
                output.product, output.amount
            ));
        }
        let below = |o: &&Output| o.keys.values().any(|key| key.is_negative());
        if let Some(output) = self.outputs.iter().find(below) {
            return Some(format!("an allocation key of {} is below zero", output.product));
        }
        if let Some(output) = self.outputs.iter().find(|o| o.value.is_some_and(Decimal::is_negative)) {
            return Some(format!("the value of {} is below zero", output.product));
        }
        if let Some(twice) = twice(self.outputs.iter().map(|o| &o.product)) {
            return Some(format!("the product {twice} is an output twice"));
        }
        if self.outputs.len() > 1 && !self.flows.is_empty() && self.allocation.is_none() {
            return Some("has several outputs and needs an allocation".into());
        }
        if self.applies_to.is_some_and(|longer| !longer.covers(self.period)) {
            return Some("appliesTo must cover the period it was measured in".into());
        }
        if self.applies_to.is_some() && self.flows.is_empty() {
            return Some(
                "says what was made and not what was used, so it cannot apply to another period (appliesTo)"
                    .into(),
            );
        }
        (self.recipe && self.flows.is_empty()).then(|| "is a recipe and needs what it consists of".into())
    }
}

/// A value that stands twice in a list; most lists have one.
fn twice<'t, T: Ord + 't>(values: impl ExactSizeIterator<Item = &'t T>) -> Option<&'t T> {
    if values.len() < 2 {
        return None;
    }
    let mut sorted: Vec<&T> = values.collect();
    sorted.sort_unstable();
    sorted.windows(2).find(|pair| pair[0] == pair[1]).map(|pair| pair[0])
}
