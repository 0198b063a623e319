//! The activity statement: what one unit process took in and gave out in one stage over one period.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::statement::{ActivityTag, Version};
use super::{
    ActorId, Allocation, Country, Decimal, Digest, Flow, Period, ProductId, Quality, Quantity, Salt, Stage,
    StatementId, Subdivision, Text, Unit, ValueError,
};

/// The signed record of one unit process in one life-cycle stage over one period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Activity {
    /// How the flows are shared; needed where there are several outputs.
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
    pub flows: Vec<Flow>,
    /// Good product finally delivered thanks to this process's work, after all later rejects.
    pub outputs: Vec<Output>,
    /// When it was measured, half-open.
    pub period: Period,
    /// The unit process, as the product statement names it.
    pub process: Text,
    /// Data quality ratings of the activity data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// The statement this one replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<StatementId>,
    /// 16 random bytes.
    pub salt: Salt,
    /// An alternative of use or recycling; counts only when asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scenario: Option<Text>,
    /// Where.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<Site>,
    /// The life-cycle stage.
    pub stage: Stage,
    /// Always `activity`.
    pub r#type: ActivityTag,
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

/// One product that a statement's work was for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Output {
    /// How much of it; above zero.
    pub amount: Decimal,
    /// Its part of the allocation key over the whole amount: energy content, revenue, machine hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key: Option<Decimal>,
    /// Which product.
    pub product: ProductId,
    /// In what unit.
    pub unit: Unit,
    /// What the whole amount is worth, in one currency for all outputs of the statement; decides whether price is called for.
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
    /// What has to hold between the parts of the statement and cannot be said by their types.
    ///
    /// # Errors
    /// [`ValueError::Combination`] naming the part.
    pub fn check(&self) -> Result<(), ValueError> {
        let refuse = |problem: String| Err(ValueError::Combination { what: "activity", problem });
        if self.outputs.is_empty() {
            return refuse("needs at least one output product".into());
        }
        if self.flows.is_empty() {
            return refuse("needs at least one flow".into());
        }
        if let Some(output) = self.outputs.iter().find(|o| !o.amount.is_positive()) {
            return refuse(format!(
                "the output of {} must be above zero, got {}",
                output.product, output.amount
            ));
        }
        if let Some(output) = self.outputs.iter().find(|o| o.key.is_some_and(Decimal::is_negative)) {
            return refuse(format!("the allocation key of {} is below zero", output.product));
        }
        if let Some(output) = self.outputs.iter().find(|o| o.value.is_some_and(Decimal::is_negative)) {
            return refuse(format!("the value of {} is below zero", output.product));
        }
        if self.outputs.len() > 1 {
            let mut products: Vec<_> = self.outputs.iter().map(|o| &o.product).collect();
            products.sort_unstable();
            if let Some(twice) = products.windows(2).find(|w| w[0] == w[1]) {
                return refuse(format!("the product {} is an output twice", twice[0]));
            }
            if self.allocation.is_none() {
                return refuse("has several outputs and needs an allocation".into());
            }
        }
        if self.applies_to.is_some_and(|longer| !longer.covers(self.period)) {
            return refuse("appliesTo must cover the period it was measured in".into());
        }
        Ok(())
    }
}
