//! PACT documents of version 2 are converted by named rules, and every field that could not be
//! converted is reported.

use pcf_ledger::model::{Category, Co2e};
use pcf_ledger::pact::import::bought;
use pcf_ledger::pact::{self, LintCode, Warning};
use serde_json::{Value, json};

/// A document of version 2.3 whose parts add up, in our own words.
fn document() -> Value {
    json!({
        "id": "5D1B8A44-6C0D-4E7B-9A70-0B3C1C9B2A11", "specVersion": "2.3.0", "version": 4,
        "created": "2025-03-01T09:00:00Z", "updated": "2025-04-01T09:00:00Z", "status": "Active", "statusComment": "recalculated",
        "companyName": "Resin Works", "companyIds": ["urn:example:resin-works"],
        "productDescription": "Moulding resin in bulk", "productIds": ["urn:gtin:05695872369587"],
        "productCategoryCpc": "3474", "productNameCompany": "Resin 7", "comment": "",
        "pcf": {
            "declaredUnit": "kilogram", "unitaryProductAmount": "1", "productMassPerDeclaredUnit": "1",
            "pCfExcludingBiogenic": "2.5", "pCfIncludingBiogenic": "2.2",
            "fossilGhgEmissions": "2.0", "fossilCarbonContent": "0.7", "biogenicCarbonContent": "0.08",
            "dLucGhgEmissions": "0.3", "landManagementGhgEmissions": "0.1", "otherBiogenicGhgEmissions": "0.1",
            "iLucGhgEmissions": "0.05", "biogenicCarbonWithdrawal": "-0.3", "aircraftGhgEmissions": "0.01",
            "characterizationFactors": "AR6", "ipccCharacterizationFactorsSources": ["AR5", "AR6"],
            "crossSectoralStandardsUsed": ["GHG Protocol Product standard", "ISO Standard 14044"],
            "boundaryProcessesDescription": "cradle to gate",
            "referencePeriodStart": "2024-01-01T00:00:00Z", "referencePeriodEnd": "2025-01-01T00:00:00Z",
            "geographyCountry": "DE", "exemptedEmissionsPercent": 1.25, "exemptedEmissionsDescription": "",
            "packagingEmissionsIncluded": false, "primaryDataShare": 12.9,
            "uncertaintyAssessmentDescription": "low",
            "dqi": {"coveragePercent": 78, "technologicalDQR": 1.6, "temporalDQR": 2.6, "geographicalDQR": 1.8,
                    "completenessDQR": 1.7, "reliabilityDQR": 2.1},
            "assurance": {"assurance": true, "coverage": "product level", "level": "limited", "boundary": "Cradle-to-Gate",
                          "providerName": "Second Look", "completedAt": "2025-02-01T00:00:00Z", "standardName": "ISO 14064-3"}
        }
    })
}

fn bytes(document: &Value) -> Vec<u8> {
    serde_json::to_vec(document).unwrap()
}

fn with(pointer: &str, value: Value) -> Vec<u8> {
    let mut document = document();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap()[key] = value;
    bytes(&document)
}

fn at<'a>(warnings: &'a [Warning], place: &str) -> Option<&'a Warning> {
    warnings.iter().find(|warning| warning.place == place)
}

fn kg(text: &str) -> Co2e {
    text.parse().unwrap()
}

#[test]
fn every_figure_finds_its_place_in_version_3() {
    let (footprint, warnings) = pact::read(&bytes(&document())).unwrap();
    assert_eq!(footprint.id.as_str(), "5d1b8a44-6c0d-4e7b-9a70-0b3c1c9b2a11");
    assert_eq!(footprint.product_classifications, ["urn:pact:productclassification:un-cpc:3474"]);
    let pcf = &footprint.pcf;
    assert_eq!(pcf.declared_unit_amount.to_string(), "1");
    assert_eq!(pcf.pcf_excluding_biogenic_uptake.to_string(), "2.5");
    assert_eq!(pcf.pcf_including_biogenic_uptake.to_string(), "2.2");
    assert_eq!(pcf.land_use_change_ghg_emissions.unwrap().to_string(), "0.3");
    assert_eq!(pcf.biogenic_co2_uptake.unwrap().to_string(), "-0.3");
    assert_eq!(pcf.exempted_emissions_percent.to_string(), "1.25");
    assert_eq!(pcf.primary_data_share.unwrap().to_string(), "12.9");
    assert_eq!(pcf.ipcc_characterization_factors, ["AR5", "AR6"]);
    assert_eq!(pcf.cross_sectoral_standards, ["GHGP-Product", "ISO14040-44"]);
    let verification = pcf.verification.as_ref().unwrap();
    assert_eq!(verification.comments.as_deref(), Some("limited assurance. Cradle-to-Gate"));
    assert!(!warnings.iter().any(|w| w.code == LintCode::TotalsDiffer), "{warnings:?}");

    let (figures, _) = bought(&bytes(&document())).unwrap();
    assert_eq!(figures.categories.excluding_uptake().unwrap(), kg("2.5"));
    assert_eq!(figures.categories[Category::Fossil], kg("2"));
    assert_eq!(figures.unexplained, kg("0"));
    assert_eq!(figures.quality, None);
}

#[test]
fn what_version_3_has_no_place_for_is_named_and_nothing_else() {
    let (_, warnings) = pact::read(&bytes(&document())).unwrap();
    let lost: Vec<&str> =
        warnings.iter().filter(|w| w.code == LintCode::NotConverted).map(|w| w.place.as_str()).collect();
    let expected = [
        "version",
        "updated",
        "statusComment",
        "pcf.iLucGhgEmissions",
        "pcf.dqi",
        "pcf.uncertaintyAssessmentDescription",
    ];
    assert_eq!(lost, expected);
    assert_eq!(warnings.len(), expected.len(), "{warnings:?}");
    assert_eq!(
        at(&warnings, "version").unwrap().to_string(),
        "at version: version 3 knows a footprint by its id alone [not-converted]"
    );
}

#[test]
fn what_two_fields_of_version_2_say_differently_is_named() {
    let mut document = document();
    document["pcf"]["assurance"]["coverage"] = "product line".into();
    document["pcf"]["characterizationFactors"] = "AR4".into();
    document["pcf"]["crossSectoralStandards"] = json!(["ISO14067"]);
    let (footprint, warnings) = pact::read(&bytes(&document)).unwrap();
    for place in ["pcf.assurance.coverage", "pcf.characterizationFactors", "pcf.crossSectoralStandardsUsed"] {
        assert_eq!(at(&warnings, place).map(|w| w.code), Some(LintCode::NotConverted), "{place}");
    }
    let verification = footprint.pcf.verification.unwrap();
    assert_eq!(verification.coverage, None);
    assert_eq!(verification.comments.as_deref(), Some("limited assurance. Cradle-to-Gate. product line"));
    assert_eq!(footprint.pcf.cross_sectoral_standards, ["ISO14067"]);
}

#[test]
fn figures_are_per_one_unit_and_another_amount_is_pointed_out() {
    let document = with("/pcf/unitaryProductAmount", json!("12.5"));
    let (footprint, warnings) = pact::read(&document).unwrap();
    assert_eq!(footprint.pcf.declared_unit_amount.to_string(), "1");
    let warning = at(&warnings, "pcf.unitaryProductAmount").unwrap();
    assert!(warning.problem.contains("per 12.5 kilogram"), "{warning}");
}

#[test]
fn a_headline_that_leaves_parts_out_is_raised_to_their_sum_and_one_that_holds_more_is_kept() {
    let (figures, warnings) = bought(&with("/pcf/pCfExcludingBiogenic", json!("2.0"))).unwrap();
    assert_eq!(figures.categories.excluding_uptake().unwrap(), kg("2.5"));
    assert_eq!(at(&warnings, "pcf.pCfExcludingBiogenic").unwrap().code, LintCode::Converted);

    let (figures, warnings) = bought(&with("/pcf/pCfExcludingBiogenic", json!("2.75"))).unwrap();
    assert_eq!(figures.categories.excluding_uptake().unwrap(), kg("2.75"));
    assert_eq!(figures.unexplained, kg("0.25"));
    assert!(warnings.iter().any(|w| w.code == LintCode::TotalsDiffer), "{warnings:?}");
}

#[test]
fn land_management_below_zero_is_a_removal() {
    let (footprint, _) = pact::read(&with("/pcf/landManagementGhgEmissions", json!("-0.1"))).unwrap();
    assert_eq!(footprint.pcf.land_management_biogenic_co2_emissions, None);
    assert_eq!(footprint.pcf.land_management_biogenic_co2_removals.unwrap().to_string(), "-0.1");
}

#[test]
fn a_mass_that_nobody_stated_is_no_mass_and_not_zero_kilograms() {
    let mut document = document();
    document["pcf"].as_object_mut().unwrap().remove("productMassPerDeclaredUnit");
    let (figures, warnings) = bought(&bytes(&document)).unwrap();
    assert_eq!(figures.mass_per_declared_unit, None);
    assert!(at(&warnings, "pcf.productMassPerDeclaredUnit").is_some());
}

#[test]
fn what_is_impossible_in_version_2_is_refused_with_its_place() {
    for (pointer, value, expected) in [
        ("/pcf/exemptedEmissionsPercent", json!(1e-7), "at pcf.exemptedEmissionsPercent: "),
        (
            "/pcf/exemptedEmissionsPercent",
            json!(120),
            "at pcf.exemptedEmissionsPercent: expected a percentage",
        ),
        ("/pcf/exemptedEmissionsPercent", json!([1]), "at pcf.exemptedEmissionsPercent: "),
        ("/pcf/declaredUnit", json!("gallon"), "at pcf.declaredUnit: "),
        ("/pcf/fossilGhgEmissions", json!("-1"), "at pcf.fossilGhgEmissions: expected zero or more"),
        ("/pcf/fossilGhgEmissions", json!(1.5), "at pcf.fossilGhgEmissions: "),
        ("/pcf/biogenicCarbonWithdrawal", json!("0.3"), "at pcf.biogenicCO2Uptake: expected zero or less"),
        ("/productIds", json!([]), "at productIds: expected at least one"),
        ("/companyName", json!(null), "at companyName: expected a value or no key at all"),
        ("/specVersion", json!("1.0.1"), "expected PACT version 3.x or 2.x"),
    ] {
        let error = pact::read(&with(pointer, value)).unwrap_err().to_string();
        assert!(error.starts_with(expected), "{pointer}: {error}");
    }
}
