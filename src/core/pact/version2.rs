//! PACT v2.x in: a document of the earlier versions (2.0 to 2.3) as the v3 types, field by field. What version 3 has no place for is named,
//! never dropped in silence; nothing is guessed. The bytes that are kept and pinned stay those of the supplier.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::Value;

use super::document::{lower_case, lower_case_list};
use super::{
    CarbonFootprint, DataModelExtension, FactorSource, LintCode, PactDecimal, PactError, PactInstant,
    PactStatus, PactUnit, ProductFootprint, SectorRule, UnknownKeys, Verification, Warning,
};
use crate::model::{Co2e, Country, FootprintId, Subdivision, ValueError};

/// The prefix under which version 3 keeps what version 2 called `productCategoryCpc`.
const CPC_URN: &str = "urn:pact:productclassification:un-cpc:";

/// A product footprint of version 2. Lists that must not be empty are checked after the conversion, by the rules of version 3.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Footprint2 {
    #[serde(deserialize_with = "lower_case")]
    id: FootprintId,
    spec_version: String,
    #[serde(default, deserialize_with = "lower_case_list")]
    preceding_pf_ids: Vec<FootprintId>,
    created: PactInstant,
    status: PactStatus,
    validity_period_start: Option<PactInstant>,
    validity_period_end: Option<PactInstant>,
    company_name: String,
    company_ids: Vec<String>,
    product_description: String,
    product_ids: Vec<String>,
    #[serde(default)]
    product_classifications: Vec<String>,
    product_category_cpc: Option<String>,
    product_name_company: String,
    comment: Option<String>,
    version: Option<Value>,
    updated: Option<Value>,
    status_comment: Option<Value>,
    pcf: Figures2,
    #[serde(default)]
    extensions: Vec<DataModelExtension>,
    #[serde(flatten)]
    unknown: UnknownKeys,
}

/// The figures: kg CO2e per **one** declared unit, whatever `unitaryProductAmount` says.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Figures2 {
    declared_unit: PactUnit,
    unitary_product_amount: PactDecimal,
    product_mass_per_declared_unit: Option<PactDecimal>,
    reference_period_start: PactInstant,
    reference_period_end: PactInstant,
    geography_region_or_subregion: Option<String>,
    geography_country: Option<Country>,
    geography_country_subdivision: Option<Subdivision>,
    boundary_processes_description: Option<String>,
    #[serde(rename = "pCfExcludingBiogenic")]
    excluding: PactDecimal,
    #[serde(rename = "pCfIncludingBiogenic")]
    including: Option<PactDecimal>,
    fossil_ghg_emissions: PactDecimal,
    fossil_carbon_content: PactDecimal,
    biogenic_carbon_content: Option<PactDecimal>,
    d_luc_ghg_emissions: Option<PactDecimal>,
    land_management_ghg_emissions: Option<PactDecimal>,
    other_biogenic_ghg_emissions: Option<PactDecimal>,
    i_luc_ghg_emissions: Option<PactDecimal>,
    biogenic_carbon_withdrawal: Option<PactDecimal>,
    aircraft_ghg_emissions: Option<PactDecimal>,
    packaging_emissions_included: Option<bool>,
    packaging_ghg_emissions: Option<PactDecimal>,
    characterization_factors: Option<String>,
    #[serde(default)]
    ipcc_characterization_factors_sources: Vec<String>,
    #[serde(default)]
    cross_sectoral_standards_used: Vec<String>,
    #[serde(default)]
    cross_sectoral_standards: Vec<String>,
    #[serde(default)]
    product_or_sector_specific_rules: Vec<SectorRule>,
    biogenic_accounting_methodology: Option<Value>,
    exempted_emissions_percent: Value,
    exempted_emissions_description: Option<String>,
    allocation_rules_description: Option<String>,
    uncertainty_assessment_description: Option<Value>,
    #[serde(default)]
    secondary_emission_factor_sources: Vec<FactorSource>,
    primary_data_share: Option<Value>,
    dqi: Option<Value>,
    assurance: Option<Assurance2>,
    #[serde(flatten)]
    unknown: UnknownKeys,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Assurance2 {
    assurance: bool,
    coverage: Option<String>,
    level: Option<String>,
    boundary: Option<String>,
    provider_name: Option<String>,
    completed_at: Option<PactInstant>,
    standard_name: Option<String>,
    comments: Option<String>,
}

/// Collects what a reader should know of a conversion.
#[derive(Default)]
struct Notes(Vec<Warning>);

impl Notes {
    fn converted(&mut self, place: &str, problem: String) {
        self.0.push(Warning::new(LintCode::Converted, place, problem));
    }

    fn lost<T>(&mut self, place: &str, value: Option<&T>, why: &str) {
        if value.is_some() {
            self.0.push(Warning::new(LintCode::NotConverted, place, why));
        }
    }
}

impl Footprint2 {
    /// The footprint as version 3 has it, with what could not be taken over and what was taken over by a rule.
    ///
    /// # Errors
    /// [`PactError::Field`] for a number that is none, and for sums beyond the exact range.
    pub(super) fn convert(self) -> Result<(ProductFootprint, Vec<Warning>), PactError> {
        let mut notes = Notes::default();
        let unnamed = "version 3 has no place for it";
        notes.lost("version", self.version.as_ref(), "version 3 knows a footprint by its id alone");
        notes.lost("updated", self.updated.as_ref(), unnamed);
        notes.lost("statusComment", self.status_comment.as_ref(), unnamed);
        let mut classifications = self.product_classifications;
        if let Some(cpc) = self.product_category_cpc.filter(|cpc| !cpc.is_empty()) {
            let urn = format!("{CPC_URN}{cpc}");
            if !classifications.contains(&urn) {
                classifications.push(urn);
            }
        }
        let mut unknown = self.unknown.0;
        unknown.extend(self.pcf.unknown.0.iter().map(|key| format!("pcf.{key}")));
        for key in unknown {
            notes.0.push(Warning::new(
                LintCode::UnknownKey,
                key,
                "this key is not in PACT v2 and was not read",
            ));
        }
        let footprint = ProductFootprint {
            id: self.id,
            spec_version: self.spec_version,
            preceding_pf_ids: self.preceding_pf_ids,
            created: self.created,
            status: self.status,
            validity_period_start: self.validity_period_start,
            validity_period_end: self.validity_period_end,
            company_name: self.company_name,
            company_ids: self.company_ids,
            product_description: self.product_description,
            product_ids: self.product_ids,
            product_classifications: classifications,
            product_name_company: self.product_name_company,
            comment: self.comment.filter(|text| !text.is_empty()),
            pcf: self.pcf.convert(&mut notes)?,
            extensions: self.extensions,
            unknown: UnknownKeys::default(),
        };
        Ok((footprint, notes.0))
    }
}

impl Figures2 {
    fn convert(self, notes: &mut Notes) -> Result<CarbonFootprint, PactError> {
        let one = PactDecimal::from(crate::model::Decimal::from_i32(1));
        if self.unitary_product_amount != one {
            let unit = self.declared_unit;
            notes.converted(
                "pcf.unitaryProductAmount",
                format!(
                    "version 2 states its figures per 1 {unit}, and so they were taken; if the supplier meant them per {} {unit}, ask for a document of version 3",
                    self.unitary_product_amount
                ),
            );
        }
        let totals = self.totals(notes).map_err(|e| field("pcf.pCfExcludingBiogenic", &e))?;
        self.name_what_is_lost(notes);
        let standards = standards(self.cross_sectoral_standards, &self.cross_sectoral_standards_used, notes);
        let mut reports = self.ipcc_characterization_factors_sources;
        if reports.is_empty() {
            reports.extend(self.characterization_factors);
        } else {
            let other = self.characterization_factors.filter(|report| !reports.contains(report));
            let why = "ipccCharacterizationFactorsSources names others, and they were taken";
            notes.lost("pcf.characterizationFactors", other.as_ref(), why);
        }
        let exempted = number("pcf.exemptedEmissionsPercent", &self.exempted_emissions_percent)?;
        let share = self.primary_data_share.as_ref();
        let share = share.map(|value| number("pcf.primaryDataShare", value)).transpose()?;
        Ok(CarbonFootprint {
            declared_unit_of_measurement: self.declared_unit,
            declared_unit_amount: one,
            // Optional in version 2: zero is how version 3 says that there is no mass to convert by.
            product_mass_per_declared_unit: self.product_mass_per_declared_unit.unwrap_or_default(),
            reference_period_start: self.reference_period_start,
            reference_period_end: self.reference_period_end,
            geography_region_or_subregion: self.geography_region_or_subregion,
            geography_country: self.geography_country,
            geography_country_subdivision: self.geography_country_subdivision,
            boundary_processes_description: self.boundary_processes_description,
            pcf_excluding_biogenic_uptake: totals.excluding.into(),
            pcf_including_biogenic_uptake: totals.including.into(),
            fossil_carbon_content: self.fossil_carbon_content,
            biogenic_carbon_content: self.biogenic_carbon_content,
            recycled_carbon_content: None,
            fossil_ghg_emissions: self.fossil_ghg_emissions,
            land_use_change_ghg_emissions: self.d_luc_ghg_emissions,
            land_carbon_leakage: None,
            land_management_fossil_ghg_emissions: None,
            land_management_biogenic_co2_emissions: self
                .land_management_ghg_emissions
                .filter(|v| !v.is_negative()),
            land_management_biogenic_co2_removals: self
                .land_management_ghg_emissions
                .filter(|v| v.is_negative()),
            biogenic_co2_uptake: self.biogenic_carbon_withdrawal,
            biogenic_non_co2_emissions: self.other_biogenic_ghg_emissions,
            land_area_occupation: None,
            aircraft_ghg_emissions: self.aircraft_ghg_emissions,
            packaging_emissions_included: self.packaging_emissions_included,
            packaging_ghg_emissions: self.packaging_ghg_emissions,
            packaging_biogenic_carbon_content: None,
            outbound_logistics_ghg_emissions: None,
            ccs_technological_co2_capture_included: None,
            ccs_technological_co2_capture: None,
            technological_co2_capture_origin: None,
            technological_co2_removals: None,
            ccu_carbon_content: None,
            ccu_calculation_approach: None,
            ccu_credit_certification: None,
            ipcc_characterization_factors: reports,
            cross_sectoral_standards: standards,
            product_or_sector_specific_rules: self.product_or_sector_specific_rules,
            exempted_emissions_percent: exempted,
            exempted_emissions_description: self.exempted_emissions_description.filter(|t| !t.is_empty()),
            allocation_rules_description: self.allocation_rules_description,
            secondary_emission_factor_sources: self.secondary_emission_factor_sources,
            primary_data_share: share,
            dqi: None,
            verification: self.assurance.and_then(|assurance| assurance.convert(notes)),
            unknown: UnknownKeys::default(),
        })
    }

    /// The headlines of version 3. Version 2 leaves open whether land and non-CO2 biogenic emissions are in its headline, and suppliers differ;
    /// version 3 counts them in. So the higher of the stated headline and the sum of the named parts counts, and never less than either.
    fn totals(&self, notes: &mut Notes) -> Result<Totals, ValueError> {
        let parts = [
            Some(self.fossil_ghg_emissions),
            self.d_luc_ghg_emissions,
            self.land_management_ghg_emissions,
            self.other_biogenic_ghg_emissions,
        ];
        let sum = Co2e::total(parts.into_iter().flatten().map(PactDecimal::co2e))?;
        let stated = self.excluding.co2e();
        let excluding = stated.max(sum);
        if stated < sum {
            notes.converted(
                "pcf.pCfExcludingBiogenic",
                format!(
                    "the named parts add up to {sum} kg CO2e, the total says {stated}; version 3 counts them all, and so the higher one was taken"
                ),
            );
        }
        let uptake = self.biogenic_carbon_withdrawal.unwrap_or_default().co2e();
        let including = excluding.plus(uptake)?;
        if let Some(stated) = self.including.filter(|stated| stated.co2e() != including) {
            notes.converted(
                "pcf.pCfIncludingBiogenic",
                format!("it says {stated}; {including} was taken, the total without uptake and biogenicCarbonWithdrawal together"),
            );
        }
        Ok(Totals { excluding, including })
    }

    fn name_what_is_lost(&self, notes: &mut Notes) {
        let zero = PactDecimal::default();
        let indirect = self.i_luc_ghg_emissions.filter(|value| *value != zero);
        notes.lost(
            "pcf.iLucGhgEmissions",
            indirect.as_ref(),
            "indirect land use change is no part of a footprint of version 3",
        );
        let ratings = "the ratings of version 2 are on another scale (1 to 3) and were not used";
        notes.lost("pcf.dqi", self.dqi.as_ref(), ratings);
        let unnamed = "version 3 has no place for it";
        notes.lost(
            "pcf.biogenicAccountingMethodology",
            self.biogenic_accounting_methodology.as_ref(),
            unnamed,
        );
        notes.lost(
            "pcf.uncertaintyAssessmentDescription",
            self.uncertainty_assessment_description.as_ref(),
            unnamed,
        );
        if self.product_mass_per_declared_unit.is_none() {
            let problem = "it is not stated; flows can name amounts in the declared unit's dimension only";
            notes.converted("pcf.productMassPerDeclaredUnit", problem.into());
        }
    }
}

/// The headlines of version 3.
struct Totals {
    excluding: Co2e,
    including: Co2e,
}

impl Assurance2 {
    fn convert(self, notes: &mut Notes) -> Option<Verification> {
        let coverage = self.coverage.filter(|_| self.assurance);
        let (kept, other): (Option<String>, Option<String>) = match coverage {
            Some(coverage) if coverage == "product level" => (Some(coverage), None),
            other => (None, other),
        };
        let why = "version 3 has another list of coverages; it is kept in the comments of the verification";
        notes.lost("pcf.assurance.coverage", other.as_ref(), why);
        let level = self.level.map(|level| format!("{level} assurance"));
        let parts = [level, self.boundary, other, self.comments.filter(|text| !text.is_empty())];
        let said: Vec<String> = parts.into_iter().flatten().collect();
        self.assurance.then(|| Verification {
            coverage: kept,
            provider_name: self.provider_name.filter(|name| !name.is_empty()),
            completed_at: self.completed_at,
            standard_name: self.standard_name,
            comments: (!said.is_empty()).then(|| said.join(". ")),
        })
    }
}

/// The newer list where it is filled, else the older one in its spelling.
fn standards(newer: Vec<String>, older: &[String], notes: &mut Notes) -> Vec<String> {
    let spelt = |name: &String| match name.as_str() {
        "GHG Protocol Product standard" => "GHGP-Product".to_owned(),
        "ISO Standard 14067" => "ISO14067".to_owned(),
        "ISO Standard 14044" => "ISO14040-44".to_owned(),
        _ => name.clone(),
    };
    let older: Vec<String> = older.iter().map(spelt).collect();
    if newer.is_empty() {
        return older;
    }
    let other = older.iter().find(|standard| !newer.contains(standard));
    let why = "crossSectoralStandards names others, and they were taken";
    notes.lost("pcf.crossSectoralStandardsUsed", other, why);
    newer
}

/// A number that version 2 writes as a JSON number. Its shortest spelling is the one that was written, up to 15 digits.
fn number(place: &str, value: &Value) -> Result<PactDecimal, PactError> {
    let text = match value {
        Value::Number(number) => Cow::Owned(number.to_string()),
        Value::String(text) => Cow::Borrowed(text.as_str()),
        _ => Cow::Borrowed("something else"),
    };
    text.parse().map_err(|e: ValueError| field(place, &e))
}

fn field(place: &str, error: &ValueError) -> PactError {
    PactError::Field { place: place.into(), problem: error.to_string() }
}
