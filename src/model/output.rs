//! What an activity statement's work was for: a product, how much of it, and by what the work's flows are shared among several.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Decimal, ProductId, Quantity, Unit};

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
    /// What the whole amount is worth, in one currency for all outputs of the statement; decides whether the economic allocation is called for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<Decimal>,
}

impl Output {
    /// Amount and unit together.
    pub fn quantity(&self) -> Quantity {
        Quantity { amount: self.amount, unit: self.unit }
    }
}
