//! Footprints received, yearly figures, withdrawals and states.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::statement::{AnnualType, StateType, SupplierFootprintType, Version, WithdrawalType};
use super::{
    ActorId, Co2e, Decimal, Digest, Document, Evidence, FootprintId, Quantity, Salt, StatementId, Text,
    Whole, Year,
};

/// A supplier's footprint as it was received.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SupplierFootprint {
    /// The receiver, after checking.
    pub by: ActorId,
    /// SHA-256 of the document's bytes.
    pub digest: Digest,
    /// The bytes of the PACT document as received: v3, or v2.x, which is converted each time it is read.
    pub document: Document,
    /// What came with it, by digest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// The footprint's UUID, as the document has it.
    pub footprint: FootprintId,
    /// The statement this one replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<StatementId>,
    /// 16 random bytes.
    pub salt: Salt,
    /// Always `supplierFootprint`.
    pub r#type: SupplierFootprintType,
    /// The version of the format.
    pub v: Version,
}

/// The year of a site or a product line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Annual {
    /// Who says it.
    pub by: ActorId,
    /// Direct emissions, kg CO2e.
    pub direct_emissions: Co2e,
    /// Energy used.
    pub energy: Quantity,
    /// Physical output.
    pub output: Quantity,
    /// The statement this one replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<StatementId>,
    /// 16 random bytes.
    pub salt: Salt,
    /// The site or product line.
    pub subject: Text,
    /// Always `annual`.
    pub r#type: AnnualType,
    /// The version of the format.
    pub v: Version,
    /// Value added at constant prices of the base year.
    pub value_added: Decimal,
    /// The year.
    pub year: Year,
}

/// An earlier statement no longer holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Withdrawal {
    /// Its actor, or the operator.
    pub by: ActorId,
    /// Why.
    pub reason: Text,
    /// 16 random bytes.
    pub salt: Salt,
    /// The statement that no longer holds.
    pub statement: StatementId,
    /// Always `withdrawal`.
    pub r#type: WithdrawalType,
    /// The version of the format.
    pub v: Version,
}

/// The operator's claim of what holds at a log size.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct State {
    /// Always `operator`.
    pub by: ActorId,
    /// The Merkle root over what holds.
    pub root: Digest,
    /// 16 random bytes.
    pub salt: Salt,
    /// The log size it speaks of.
    pub size: Whole,
    /// Always `state`.
    pub r#type: StateType,
    /// The version of the format.
    pub v: Version,
}
