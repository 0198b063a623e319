//! The PACT v3 `ProductFootprint` as types, in the order of the OpenAPI document (3.0.3), which is the order in which it is written.

use std::collections::BTreeSet;
use std::fmt;

use serde::de::{IgnoredAny, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::{PactDecimal, PactInstant, PactUnit};
use crate::model::{Country, FootprintId, Subdivision};

/// Keys that this version of the specification does not name. They are reported and not kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct UnknownKeys(pub BTreeSet<String>);

impl<'de> Deserialize<'de> for UnknownKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Names;
        impl<'de> Visitor<'de> for Names {
            type Value = UnknownKeys;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("further keys")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<UnknownKeys, A::Error> {
                let mut names = BTreeSet::new();
                while let Some((name, _)) = map.next_entry::<String, IgnoredAny>()? {
                    names.insert(name);
                }
                Ok(UnknownKeys(names))
            }
        }
        deserializer.deserialize_map(Names)
    }
}

/// Whether a footprint is the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum PactStatus {
    /// The newest; to be used.
    Active,
    /// A later one exists.
    Deprecated,
}

/// A product footprint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductFootprint {
    /// Its UUID, lower case.
    #[serde(deserialize_with = "lower_case")]
    pub id: FootprintId,
    /// The version of the specification, `3.x.y`.
    pub spec_version: String,
    /// The footprints it follows.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "lower_case_list")]
    pub preceding_pf_ids: Vec<FootprintId>,
    /// When it was made.
    pub created: PactInstant,
    /// Whether it is the newest.
    pub status: PactStatus,
    /// From when it may be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validity_period_start: Option<PactInstant>,
    /// Until when it may be used.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validity_period_end: Option<PactInstant>,
    /// The maker's name.
    pub company_name: String,
    /// The maker's URNs.
    pub company_ids: Vec<String>,
    /// What the product is.
    pub product_description: String,
    /// The product's URNs.
    pub product_ids: Vec<String>,
    /// Its classes as URNs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub product_classifications: Vec<String>,
    /// Its name with its maker.
    pub product_name_company: String,
    /// What a reader should know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// The figures.
    pub pcf: CarbonFootprint,
    /// Further data by schemas of their own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extensions: Vec<DataModelExtension>,
    /// Keys that the specification does not name.
    #[serde(flatten, skip_serializing)]
    pub unknown: UnknownKeys,
}

/// The figures: kg CO2e and kg of carbon per declared unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs, reason = "the names and meanings are those of the PACT field table")]
pub struct CarbonFootprint {
    pub declared_unit_of_measurement: PactUnit,
    pub declared_unit_amount: PactDecimal,
    pub product_mass_per_declared_unit: PactDecimal,
    pub reference_period_start: PactInstant,
    pub reference_period_end: PactInstant,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geography_region_or_subregion: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geography_country: Option<Country>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub geography_country_subdivision: Option<Subdivision>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub boundary_processes_description: Option<String>,
    pub pcf_excluding_biogenic_uptake: PactDecimal,
    pub pcf_including_biogenic_uptake: PactDecimal,
    pub fossil_carbon_content: PactDecimal,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub biogenic_carbon_content: Option<PactDecimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recycled_carbon_content: Option<PactDecimal>,
    pub fossil_ghg_emissions: PactDecimal,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub land_use_change_ghg_emissions: Option<PactDecimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub land_carbon_leakage: Option<PactDecimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub land_management_fossil_ghg_emissions: Option<PactDecimal>,
    #[serde(rename = "landManagementBiogenicCO2Emissions", skip_serializing_if = "Option::is_none")]
    pub land_management_biogenic_co2_emissions: Option<PactDecimal>,
    #[serde(rename = "landManagementBiogenicCO2Removals", skip_serializing_if = "Option::is_none")]
    pub land_management_biogenic_co2_removals: Option<PactDecimal>,
    #[serde(rename = "biogenicCO2Uptake", skip_serializing_if = "Option::is_none")]
    pub biogenic_co2_uptake: Option<PactDecimal>,
    #[serde(rename = "biogenicNonCO2Emissions", skip_serializing_if = "Option::is_none")]
    pub biogenic_non_co2_emissions: Option<PactDecimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub land_area_occupation: Option<PactDecimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aircraft_ghg_emissions: Option<PactDecimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packaging_emissions_included: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packaging_ghg_emissions: Option<PactDecimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packaging_biogenic_carbon_content: Option<PactDecimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outbound_logistics_ghg_emissions: Option<PactDecimal>,
    #[serde(rename = "ccsTechnologicalCO2CaptureIncluded", skip_serializing_if = "Option::is_none")]
    pub ccs_technological_co2_capture_included: Option<bool>,
    #[serde(rename = "ccsTechnologicalCO2Capture", skip_serializing_if = "Option::is_none")]
    pub ccs_technological_co2_capture: Option<PactDecimal>,
    #[serde(rename = "technologicalCO2CaptureOrigin", skip_serializing_if = "Option::is_none")]
    pub technological_co2_capture_origin: Option<String>,
    #[serde(rename = "technologicalCO2Removals", skip_serializing_if = "Option::is_none")]
    pub technological_co2_removals: Option<PactDecimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ccu_carbon_content: Option<PactDecimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ccu_calculation_approach: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ccu_credit_certification: Option<String>,
    pub ipcc_characterization_factors: Vec<String>,
    pub cross_sectoral_standards: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub product_or_sector_specific_rules: Vec<SectorRule>,
    pub exempted_emissions_percent: PactDecimal,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exempted_emissions_description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allocation_rules_description: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub secondary_emission_factor_sources: Vec<FactorSource>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub primary_data_share: Option<PactDecimal>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dqi: Option<DataQuality>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification: Option<Verification>,
    #[serde(flatten, skip_serializing)]
    pub unknown: UnknownKeys,
}

/// A product or sector rule that was followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SectorRule {
    /// `PEF`, `EPD International` or `Other`.
    pub operator: String,
    /// The rules' names.
    pub rule_names: Vec<String>,
    /// Who issued them, where the operator is `Other`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other_operator_name: Option<String>,
}

/// A source of secondary emission factors.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FactorSource {
    /// Its name.
    pub name: String,
    /// Its edition.
    pub version: String,
}

/// Data quality ratings, 1 (best) to 5.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DataQuality {
    /// Technological representativeness.
    #[serde(rename = "technologicalDQR")]
    pub technological: PactDecimal,
    /// Geographical representativeness.
    #[serde(rename = "geographicalDQR")]
    pub geographical: PactDecimal,
    /// Temporal representativeness.
    #[serde(rename = "temporalDQR")]
    pub temporal: PactDecimal,
}

/// What an independent third party verified.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Verification {
    /// `PCF calculation model`, `PCF program` or `product level`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<String>,
    /// Who verified.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider_name: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completed_at: Option<PactInstant>,
    /// By which standard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standard_name: Option<String>,
    /// What else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comments: Option<String>,
}

/// Further data by a schema of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DataModelExtension {
    /// The version of the extension mechanism.
    pub spec_version: String,
    /// Where the schema lies.
    pub data_schema: String,
    /// Where it is explained.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documentation: Option<String>,
    /// The data, an object.
    pub data: serde_json::Map<String, serde_json::Value>,
}

pub(super) fn lower_case<'de, D: Deserializer<'de>>(deserializer: D) -> Result<FootprintId, D::Error> {
    String::deserialize(deserializer)?.to_ascii_lowercase().parse().map_err(serde::de::Error::custom)
}

pub(super) fn lower_case_list<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<FootprintId>, D::Error> {
    let ids = Vec::<String>::deserialize(deserializer)?;
    ids.iter().map(|id| id.to_ascii_lowercase().parse().map_err(serde::de::Error::custom)).collect()
}
