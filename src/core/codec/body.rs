//! Bodies: the confidential part of statements, as they are written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::{
    ActivityBodyType, Allocation, AnnualBodyType, Category, Co2e, Country, DataKind, Decimal, Digest,
    Document, Evidence, Exclusion, FactorBodyType, FactorCategory, Flow, Gas, Output, Period, ProductId,
    Quality, Quantity, Salt, Scope, StatedGwp, Subdivision, SupplierFootprintBodyType, Text, Uncertainty,
    Unit, Version, Year,
};

/// What is confidential of an activity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ActivityBody {
    /// How the flows are shared.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocation: Option<Allocation>,
    /// ISO 3166-1 alpha-2, of the site that the header names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// Files that support it, by digest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// What went in and out, beside the good product.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub flows: Vec<Flow>,
    /// Of a reading that names products: their ids, in the order of the header.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub r#for: Vec<ProductId>,
    /// Of a production: what it made, in the order of the header.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<Output>,
    /// Data quality ratings of the activity data.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// 16 random bytes.
    pub salt: Salt,
    /// Of a part: the days of the whole that it was split from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split_from: Option<Period>,
    /// ISO 3166-2, of the site that the header names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subdivision: Option<Subdivision>,
    /// Always `activityBody`.
    pub r#type: ActivityBodyType,
    /// The version of the format.
    pub v: Version,
}

/// What is confidential of a year.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnnualBody {
    /// Direct emissions, kg CO2e.
    pub direct_emissions: Co2e,
    /// Energy used.
    pub energy: Quantity,
    /// Physical output.
    pub output: Quantity,
    /// 16 random bytes.
    pub salt: Salt,
    /// Always `annualBody`.
    pub r#type: AnnualBodyType,
    /// The version of the format.
    pub v: Version,
    /// Value added at constant prices of the base year.
    pub value_added: Decimal,
}

/// What is confidential of a factor that is not open.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct FactorBody {
    /// What it is for.
    pub category: FactorCategory,
    /// Measured for this very thing, or from a source about its kind.
    pub data: DataKind,
    /// What it leaves out, sorted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exclusions: Vec<Exclusion>,
    /// kg of each gas per unit; this or `values`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gases: Option<BTreeMap<Gas, Decimal>>,
    /// Where it holds, as its source names the place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geography: Option<Text>,
    /// The GWP set that `values` rest on; absent with `gases`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gwp: Option<StatedGwp>,
    /// Under which licence its source gives it.
    pub licence: Text,
    /// Its name with its source.
    pub name: Text,
    /// What a user of it should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// Data quality ratings.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quality: Option<Quality>,
    /// 16 random bytes.
    pub salt: Salt,
    /// How much of the life of its subject it holds.
    pub scope: Scope,
    /// Who published it, and where.
    pub source: Text,
    /// The edition of the source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source_version: Option<Text>,
    /// Always `factorBody`.
    pub r#type: FactorBodyType,
    /// How uncertain its values are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncertainty: Option<Uncertainty>,
    /// What the values are per.
    pub unit: Unit,
    /// The version of the format.
    pub v: Version,
    /// kg CO2e per unit and category; this or `gases`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<BTreeMap<Category, Decimal>>,
    /// The year it describes.
    pub year: Year,
}

/// What is confidential of a supplier's footprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SupplierFootprintBody {
    /// SHA-256 of the document's bytes.
    pub digest: Digest,
    /// The bytes of the PACT document as received.
    pub document: Document,
    /// What came with it, by digest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence>,
    /// 16 random bytes.
    pub salt: Salt,
    /// Always `supplierFootprintBody`.
    pub r#type: SupplierFootprintBodyType,
    /// The version of the format.
    pub v: Version,
}

/// A body of any type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant, reason = "bodies are handled one at a time, never stored in bulk")]
pub enum Body {
    /// Of an activity.
    Activity(ActivityBody),
    /// Of a year.
    Annual(AnnualBody),
    /// Of a factor that is not open.
    Factor(FactorBody),
    /// Of a supplier's footprint.
    SupplierFootprint(SupplierFootprintBody),
}
