//! The parts of openLCA's JSON-LD documents that a conversion needs, in both spellings: schema 1 (`input`, `quantitativeReference`) and schema
//! 2 (`isInput`, `isQuantitativeReference`). Other members are left unread; that is what the report is for.

use serde::Deserialize;
use serde_json::Number;

/// A reference to another document.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reference {
    #[serde(rename = "@id", default)]
    pub id: String,
    #[serde(default)]
    pub name: String,
    /// Of a flow, in schema 2.
    #[serde(default)]
    pub flow_type: Option<FlowType>,
}

/// What kind of flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum FlowType {
    #[serde(rename = "ELEMENTARY_FLOW")]
    Elementary,
    #[serde(rename = "PRODUCT_FLOW")]
    Product,
    #[serde(rename = "WASTE_FLOW")]
    Waste,
}

/// A document of `flows/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Flow {
    #[serde(rename = "@id")]
    pub id: String,
    pub flow_type: FlowType,
    #[serde(default)]
    pub cas: Option<String>,
}

/// A document of `processes/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Process {
    #[serde(rename = "@id")]
    pub id: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub location: Option<Reference>,
    #[serde(default)]
    pub default_allocation_method: Option<String>,
    #[serde(default)]
    pub allocation_factors: Vec<AllocationFactor>,
    #[serde(default)]
    pub exchanges: Vec<Exchange>,
}

/// A line of a process.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Exchange {
    #[serde(alias = "input", default)]
    pub is_input: bool,
    #[serde(alias = "quantitativeReference", default)]
    pub is_quantitative_reference: bool,
    #[serde(alias = "avoidedProduct", default)]
    pub is_avoided_product: bool,
    pub amount: Number,
    #[serde(default)]
    pub amount_formula: Option<String>,
    pub flow: Reference,
    #[serde(default)]
    pub unit: Option<Reference>,
    #[serde(default)]
    pub default_provider: Option<Reference>,
}

/// A share of a process that a product takes.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AllocationFactor {
    pub allocation_type: String,
    #[serde(default)]
    pub product: Option<Reference>,
    pub value: Number,
    /// Only for causal allocation, which is of single exchanges.
    #[serde(default)]
    pub exchange: Option<serde_json::Value>,
}
