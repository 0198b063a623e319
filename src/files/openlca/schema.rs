//! The parts of openLCA's JSON-LD documents that a conversion needs, in both spellings: schema 1
//! (`input`, `quantitativeReference`) and schema 2 (`isInput`, `isQuantitativeReference`). Other
//! members are left unread; that is what the report is for.

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
    /// Its path of categories (schema 2), or a reference to the last of them (schema 1).
    #[serde(default)]
    pub category: Option<Category>,
    #[serde(default)]
    pub flow_properties: Vec<PropertyFactor>,
}

/// Where a document is filed.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub enum Category {
    /// The names from the first category to the last, with strokes between them.
    Path(String),
    /// The last one.
    Last(CategoryReference),
}

/// A category, as a reference or as a document of `categories/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CategoryReference {
    #[serde(rename = "@id", default)]
    pub id: String,
    #[serde(default)]
    pub name: String,
    /// The names above it, where the reference gives them.
    #[serde(default)]
    pub category_path: Vec<String>,
    /// The one above it.
    #[serde(default)]
    pub category: Option<Reference>,
}

/// How much of a flow property one of the reference property of a flow is.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PropertyFactor {
    pub flow_property: Reference,
    pub conversion_factor: Number,
    #[serde(rename = "isRefFlowProperty", alias = "referenceFlowProperty", default)]
    pub is_reference: bool,
}

/// A document of `flow_properties/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct FlowProperty {
    #[serde(rename = "@id", default)]
    pub id: String,
    #[serde(default)]
    pub name: String,
    #[serde(default)]
    pub unit_group: Option<Reference>,
}

/// A document of `unit_groups/`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UnitGroup {
    #[serde(rename = "@id", default)]
    pub id: String,
    #[serde(default)]
    pub units: Vec<GroupUnit>,
}

impl UnitGroup {
    /// The unit that the factors of the others are in.
    pub fn reference(&self) -> Option<&GroupUnit> {
        self.units.iter().find(|unit| unit.is_reference)
    }
}

/// A unit of a group.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct GroupUnit {
    #[serde(rename = "@id")]
    pub id: String,
    #[serde(default)]
    pub name: String,
    /// How many of the reference unit it is.
    pub conversion_factor: Number,
    #[serde(rename = "isRefUnit", alias = "referenceUnit", default)]
    pub is_reference: bool,
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
    pub flow_property: Option<Reference>,
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
