//! What the OpenAPI document of PACT demands beyond types, and what is odd without being wrong.

use std::collections::BTreeSet;

use super::claims::EXEMPTED_PERCENT_MAX;
use super::{CarbonFootprint, LintCode, PactDecimal, PactError, ProductFootprint, Warning};
use crate::model::{Co2e, ValueError};

/// The regions of the specification.
const REGIONS: [&str; 22] = [
    "Africa",
    "Americas",
    "Asia",
    "Europe",
    "Oceania",
    "Australia and New Zealand",
    "Central Asia",
    "Eastern Asia",
    "Eastern Europe",
    "Latin America and the Caribbean",
    "Melanesia",
    "Micronesia",
    "Northern Africa",
    "Northern America",
    "Northern Europe",
    "Polynesia",
    "South-eastern Asia",
    "Southern Asia",
    "Southern Europe",
    "Sub-Saharan Africa",
    "Western Asia",
    "Western Europe",
];

fn refuse(place: &str, problem: impl Into<String>) -> PactError {
    PactError::Field { place: place.into(), problem: problem.into() }
}

/// Refuses what the OpenAPI document forbids.
pub(super) fn check(footprint: &ProductFootprint) -> Result<(), PactError> {
    for (place, list) in [("companyIds", &footprint.company_ids), ("productIds", &footprint.product_ids)] {
        check_list(place, list, true, is_urn, "a URN")?;
    }
    check_list("productClassifications", &footprint.product_classifications, false, is_urn, "a URN")?;
    let version = footprint.spec_version.split_once('-').map_or(footprint.spec_version.as_str(), |(v, _)| v);
    let parts = version.split('.').filter(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit())).count();
    if parts != 3 || version.split('.').count() != 3 {
        return Err(refuse(
            "specVersion",
            format!("expected three numbers such as 3.0.3, got `{}`", footprint.spec_version),
        ));
    }
    let names =
        [("companyName", &footprint.company_name), ("productNameCompany", &footprint.product_name_company)];
    if let Some((place, _)) = names.iter().find(|(_, name)| name.is_empty()) {
        return Err(refuse(place, "expected a name, got an empty text"));
    }
    check_figures(&footprint.pcf)
}

fn check_list(
    place: &str,
    list: &[String],
    mandatory: bool,
    fits: fn(&str) -> bool,
    expected: &str,
) -> Result<(), PactError> {
    if mandatory && list.is_empty() {
        return Err(refuse(place, "expected at least one, got none"));
    }
    if let Some((i, bad)) = list.iter().enumerate().find(|(_, item)| !fits(item)) {
        let got: String = bad.chars().take(80).collect();
        return Err(refuse(&format!("{place}[{i}]"), format!("expected {expected}, got `{got}`")));
    }
    if list.iter().collect::<BTreeSet<_>>().len() != list.len() {
        return Err(refuse(place, "expected different entries, got one twice"));
    }
    Ok(())
}

fn is_urn(text: &str) -> bool {
    text.get(..4).is_some_and(|start| start.eq_ignore_ascii_case("urn:")) && text.len() > 4
}

fn is_report(text: &str) -> bool {
    text.strip_prefix("AR").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

fn check_figures(pcf: &CarbonFootprint) -> Result<(), PactError> {
    if !pcf.declared_unit_amount.is_positive() {
        let problem = format!("expected an amount above zero, got {}", pcf.declared_unit_amount);
        return Err(refuse("pcf.declaredUnitAmount", problem));
    }
    for (place, value) in at_least_zero(pcf) {
        if let Some(value) = value.filter(|v| v.is_negative()) {
            return Err(refuse(&format!("pcf.{place}"), format!("expected zero or more, got {value}")));
        }
    }
    for (place, value) in at_most_zero(pcf) {
        if let Some(value) = value.filter(|v| v.is_positive()) {
            return Err(refuse(&format!("pcf.{place}"), format!("expected zero or less, got {value}")));
        }
    }
    for (place, value) in [
        ("exemptedEmissionsPercent", Some(pcf.exempted_emissions_percent)),
        ("primaryDataShare", pcf.primary_data_share),
    ] {
        let hundred = Co2e::from_kg(crate::model::Decimal::from_i32(100));
        if let Some(value) = value.filter(|v| v.is_negative() || v.co2e() > hundred) {
            return Err(refuse(
                &format!("pcf.{place}"),
                format!("expected a percentage from 0 to 100, got {value}"),
            ));
        }
    }
    let regions = [
        pcf.geography_region_or_subregion.is_some(),
        pcf.geography_country.is_some(),
        pcf.geography_country_subdivision.is_some(),
    ];
    if regions.into_iter().filter(|stated| *stated).count() > 1 {
        let problem = "expected at most one of geographyRegionOrSubregion, geographyCountry and geographyCountrySubdivision, got several";
        return Err(refuse("pcf", problem));
    }
    if let Some(region) =
        pcf.geography_region_or_subregion.as_ref().filter(|r| !REGIONS.contains(&r.as_str()))
    {
        let problem = format!("expected a region of the specification such as Eastern Asia, got `{region}`");
        return Err(refuse("pcf.geographyRegionOrSubregion", problem));
    }
    if pcf.reference_period_end <= pcf.reference_period_start {
        return Err(refuse("pcf.referencePeriodEnd", "expected an instant after referencePeriodStart"));
    }
    check_list(
        "pcf.ipccCharacterizationFactors",
        &pcf.ipcc_characterization_factors,
        true,
        is_report,
        "an IPCC assessment report such as AR6",
    )?;
    check_list("pcf.crossSectoralStandards", &pcf.cross_sectoral_standards, true, |_| true, "a standard")?;
    check_parts(pcf)
}

fn check_parts(pcf: &CarbonFootprint) -> Result<(), PactError> {
    for (i, rule) in pcf.product_or_sector_specific_rules.iter().enumerate() {
        let place = format!("pcf.productOrSectorSpecificRules[{i}]");
        if !["PEF", "EPD International", "Other"].contains(&rule.operator.as_str()) {
            let problem = format!("expected one of PEF, EPD International, Other, got `{}`", rule.operator);
            return Err(refuse(&format!("{place}.operator"), problem));
        }
        check_list(&format!("{place}.ruleNames"), &rule.rule_names, true, |n| !n.is_empty(), "a name")?;
    }
    for (i, source) in pcf.secondary_emission_factor_sources.iter().enumerate() {
        if source.name.is_empty() || source.version.is_empty() {
            let place = format!("pcf.secondaryEmissionFactorSources[{i}]");
            return Err(refuse(&place, "expected a name and a version, got an empty text"));
        }
    }
    let coverage = pcf.verification.as_ref().and_then(|v| v.coverage.as_deref());
    let coverages = ["PCF calculation model", "PCF program", "product level"];
    if let Some(bad) = coverage.filter(|c| !coverages.contains(c)) {
        let problem = format!("expected one of {}, got `{bad}`", coverages.join(", "));
        return Err(refuse("pcf.verification.coverage", problem));
    }
    if let Some(bad) = pcf.ccu_calculation_approach.as_deref().filter(|a| !["Cut-off", "Credit"].contains(a))
    {
        let problem = format!("expected Cut-off or Credit, got `{bad}`");
        return Err(refuse("pcf.ccuCalculationApproach", problem));
    }
    Ok(())
}

fn at_least_zero(pcf: &CarbonFootprint) -> [(&'static str, Option<PactDecimal>); 17] {
    [
        ("productMassPerDeclaredUnit", Some(pcf.product_mass_per_declared_unit)),
        ("fossilCarbonContent", Some(pcf.fossil_carbon_content)),
        ("biogenicCarbonContent", pcf.biogenic_carbon_content),
        ("recycledCarbonContent", pcf.recycled_carbon_content),
        ("fossilGhgEmissions", Some(pcf.fossil_ghg_emissions)),
        ("landUseChangeGhgEmissions", pcf.land_use_change_ghg_emissions),
        ("landCarbonLeakage", pcf.land_carbon_leakage),
        ("landManagementFossilGhgEmissions", pcf.land_management_fossil_ghg_emissions),
        ("landManagementBiogenicCO2Emissions", pcf.land_management_biogenic_co2_emissions),
        ("biogenicNonCO2Emissions", pcf.biogenic_non_co2_emissions),
        ("landAreaOccupation", pcf.land_area_occupation),
        ("aircraftGhgEmissions", pcf.aircraft_ghg_emissions),
        ("packagingGhgEmissions", pcf.packaging_ghg_emissions),
        ("packagingBiogenicCarbonContent", pcf.packaging_biogenic_carbon_content),
        ("outboundLogisticsGhgEmissions", pcf.outbound_logistics_ghg_emissions),
        ("ccuCarbonContent", pcf.ccu_carbon_content),
        ("exemptedEmissionsPercent", Some(pcf.exempted_emissions_percent)),
    ]
}

fn at_most_zero(pcf: &CarbonFootprint) -> [(&'static str, Option<PactDecimal>); 4] {
    [
        ("landManagementBiogenicCO2Removals", pcf.land_management_biogenic_co2_removals),
        ("biogenicCO2Uptake", pcf.biogenic_co2_uptake),
        ("ccsTechnologicalCO2Capture", pcf.ccs_technological_co2_capture),
        ("technologicalCO2Removals", pcf.technological_co2_removals),
    ]
}

impl CarbonFootprint {
    /// The sum of the categories that make the footprint excluding uptake, as far as they are
    /// stated.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] from 10^18 kg on.
    pub fn sum_excluding_uptake(&self) -> Result<Co2e, ValueError> {
        let stated = [
            Some(self.fossil_ghg_emissions),
            self.land_use_change_ghg_emissions,
            self.land_management_biogenic_co2_emissions,
            self.land_management_biogenic_co2_removals,
            self.technological_co2_removals,
            self.ccs_technological_co2_capture,
            self.biogenic_non_co2_emissions,
        ];
        Co2e::total(stated.into_iter().flatten().map(PactDecimal::co2e))
    }
}

/// Totals that are not the sum of their categories.
pub(super) fn totals(pcf: &CarbonFootprint) -> Vec<Warning> {
    let mut odd = Vec::new();
    let mut compare = |field: &str, stated: PactDecimal, sum: Result<Co2e, ValueError>| {
        if let Some(sum) = sum.ok().filter(|sum| *sum != stated.co2e()) {
            let problem = format!("the categories add up to {sum} kg CO2e, the total says {stated}");
            odd.push(Warning::new(LintCode::TotalsDiffer, format!("pcf.{field}"), problem));
        }
    };
    compare("pcfExcludingBiogenicUptake", pcf.pcf_excluding_biogenic_uptake, pcf.sum_excluding_uptake());
    let uptake = pcf.biogenic_co2_uptake.unwrap_or_default().co2e();
    let including = pcf.pcf_excluding_biogenic_uptake.co2e().plus(uptake);
    compare("pcfIncludingBiogenicUptake", pcf.pcf_including_biogenic_uptake, including);
    odd
}

/// What is odd without being wrong.
pub(super) fn warnings(footprint: &ProductFootprint) -> Vec<Warning> {
    let pcf = &footprint.pcf;
    let mut odd = Vec::new();
    let unknown = footprint.unknown.0.iter().cloned().chain(pcf.unknown.0.iter().map(|k| format!("pcf.{k}")));
    for place in unknown {
        odd.push(Warning::new(LintCode::UnknownKey, place, "this key is not in PACT v3 and was not read"));
    }
    odd.extend(totals(pcf));
    let mut note = |code, place: &str, problem: String| odd.push(Warning::new(code, place, problem));
    let mass = pcf.product_mass_per_declared_unit;
    let carbon = [Some(pcf.fossil_carbon_content), pcf.biogenic_carbon_content];
    let carbon = Co2e::total(carbon.into_iter().flatten().map(PactDecimal::co2e));
    if let Some(carbon) = carbon.ok().filter(|carbon| mass.is_positive() && *carbon > mass.co2e()) {
        let problem = format!(
            "{carbon} kg of carbon are stated in a product of {mass} kg; the content is in kg of carbon, not of CO2e"
        );
        note(LintCode::CarbonAboveMass, "pcf.fossilCarbonContent", problem);
    }
    let limit = Co2e::from_kg(crate::model::Decimal::from_i32(EXEMPTED_PERCENT_MAX));
    if pcf.exempted_emissions_percent.co2e() > limit {
        let problem = format!(
            "{} % of the emissions are left out, PACT allows {EXEMPTED_PERCENT_MAX} %",
            pcf.exempted_emissions_percent
        );
        note(LintCode::ExemptedAboveLimit, "pcf.exemptedEmissionsPercent", problem);
    }
    if pcf.packaging_emissions_included == Some(false) && pcf.packaging_ghg_emissions.is_some() {
        let problem = "it is stated although packagingEmissionsIncluded is false".into();
        note(LintCode::PackagingContradicts, "pcf.packagingGhgEmissions", problem);
    }
    if let Some(end) = footprint.validity_period_end {
        let last = pcf.reference_period_end.0.date().plus_years(3);
        if last.is_ok_and(|last| end.0 > crate::model::Instant::at_start_of(last)) {
            let problem = "it is more than 3 years after the end of the reference period".into();
            note(LintCode::ValidityTooLong, "validityPeriodEnd", problem);
        }
    }
    if footprint
        .validity_period_end
        .zip(footprint.validity_period_start)
        .is_some_and(|(end, start)| end <= start)
    {
        note(LintCode::ValidityReversed, "validityPeriodEnd", "it is not after validityPeriodStart".into());
    }
    odd
}
