//! PACT documents are read and written without loss: the figures of the published examples, the
//! OpenAPI schema, and each refusal with its place.

use pcf_files::supplier;
use pcf_ledger::codec::{decode_draft, encode_draft};
use pcf_ledger::model::{Category, Co2e, StatedGwp, Statement};
use pcf_ledger::pact::import::bought;
use pcf_ledger::pact::{self, PactError, PactStatus};
use serde_json::Value;

const EXAMPLES: [&str; 4] = [
    include_str!("../vectors/pact/figures-1.json"),
    include_str!("../vectors/pact/figures-2.json"),
    include_str!("../vectors/pact/figures-3.json"),
    include_str!("../vectors/pact/figures-4.json"),
];

fn schema() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(include_str!("../vectors/pact/schema.json")).unwrap();
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
}

/// An example with one value replaced; the pointer is RFC 6901.
fn changed(example: usize, pointer: &str, value: Value) -> Vec<u8> {
    let mut document: Value = serde_json::from_str(EXAMPLES[example]).unwrap();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap()[key] = value;
    serde_json::to_vec(&document).unwrap()
}

fn without(example: usize, pointer: &str) -> Vec<u8> {
    let mut document: Value = serde_json::from_str(EXAMPLES[example]).unwrap();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    document.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key).unwrap();
    serde_json::to_vec(&document).unwrap()
}

fn refusal(bytes: &[u8]) -> String {
    pact::read(bytes).unwrap_err().to_string()
}

fn kg(text: &str) -> Co2e {
    text.parse().unwrap()
}

#[test]
fn documents_with_the_published_figures_are_read_and_what_is_odd_in_them_is_said() {
    let expected: [&[&str]; 4] = [
        &[
            "at pcf.otherOperatorName: ",
            "at pcf.pcfExcludingBiogenicUptake: the categories add up to 0.356",
            "at pcf.pcfIncludingBiogenicUptake: ",
        ],
        &["at pcf.otherOperatorName: ", "at pcf.pcfExcludingBiogenicUptake: the categories add up to 4.804"],
        &["at validityPeriodEnd: it is more than 3 years"],
        &["at pcf.pcfExcludingBiogenicUptake: the categories add up to 0.371"],
    ];
    for (example, expected) in EXAMPLES.iter().zip(expected) {
        let (footprint, warnings) = pact::read(example.as_bytes()).unwrap();
        let said: Vec<String> = warnings.iter().map(ToString::to_string).collect();
        for start in expected {
            assert!(said.iter().any(|s| s.starts_with(start)), "{start}: {said:#?}");
        }
        assert_eq!(footprint.status, PactStatus::Active);
    }
}

#[test]
fn a_document_that_adds_up_comes_out_valid_and_says_the_same() {
    let (footprint, _) = pact::read(EXAMPLES[2].as_bytes()).unwrap();
    let bytes = pact::write(&footprint).unwrap();
    let document: Value = serde_json::from_slice(&bytes).unwrap();
    let schema = schema();
    let faults: Vec<String> = schema.iter_errors(&document).map(|e| e.to_string()).collect();
    assert_eq!(faults, Vec::<String>::new());
    assert_eq!(document["pcf"]["pcfExcludingBiogenicUptake"], "77", "one spelling");
    assert_eq!(pact::read(&bytes).unwrap().0, footprint);
    assert_eq!(
        pact::write(&pact::read(&bytes).unwrap().0).unwrap(),
        bytes,
        "writing is a function of the meaning"
    );
    // The schema is no decoration: it refuses what the specification forbids.
    let mut broken = document.clone();
    broken["pcf"]["fossilGhgEmissions"] = "-1".into();
    assert!(!schema.is_valid(&broken));
    broken = document.clone();
    broken["pcf"]["geographyCountry"] = "DE".into();
    assert!(!schema.is_valid(&broken), "two geographies");
}

#[test]
fn totals_that_do_not_add_up_are_read_with_a_warning_and_never_written() {
    let (footprint, _) = pact::read(EXAMPLES[0].as_bytes()).unwrap();
    let error = pact::write(&footprint).unwrap_err().to_string();
    assert!(
        error.starts_with("at pcf.pcfExcludingBiogenicUptake: the categories add up to 0.356 kg CO2e"),
        "{error}"
    );
}

#[test]
fn null_is_refused_with_its_path_wherever_it_stands() {
    for (pointer, place) in [
        ("/comment", "comment"),
        ("/pcf/dqi", "pcf.dqi"),
        ("/pcf/dqi/temporalDQR", "pcf.dqi.temporalDQR"),
        ("/pcf/biogenicCO2Uptake", "pcf.biogenicCO2Uptake"),
        ("/notOfPact", "notOfPact"),
    ] {
        let error = refusal(&changed(0, pointer, Value::Null));
        assert!(error.starts_with(&format!("at {place}: ")) && error.contains("got null"), "{error}");
    }
    let mut document: Value = serde_json::from_str(EXAMPLES[2]).unwrap();
    document["extensions"] = serde_json::json!([
        {"specVersion": "2.0.0", "dataSchema": "https://schemas.example/x.json", "data": {"weight": null}}
    ]);
    assert!(
        pact::read(&serde_json::to_vec(&document).unwrap()).is_ok(),
        "extensions have schemas of their own"
    );
}

#[test]
fn a_wrong_field_is_refused_with_its_path_and_both_sides() {
    let cases: [(&str, Value, &str); 21] = [
        ("/pcf/fossilGhgEmissions", Value::from(0.35), "at pcf.fossilGhgEmissions: "),
        ("/pcf/fossilGhgEmissions", "-1".into(), "at pcf.fossilGhgEmissions: expected zero or more, got -1"),
        ("/pcf/fossilGhgEmissions", "1e3".into(), "at pcf.fossilGhgEmissions: "),
        ("/pcf/fossilGhgEmissions", "0,35".into(), "at pcf.fossilGhgEmissions: "),
        ("/pcf/fossilGhgEmissions", "0.0000000000000001".into(), "at pcf.fossilGhgEmissions: "),
        ("/pcf/biogenicCO2Uptake", "1.6".into(), "at pcf.biogenicCO2Uptake: expected zero or less, got 1.6"),
        ("/pcf/declaredUnitAmount", "0".into(), "at pcf.declaredUnitAmount: "),
        ("/pcf/declaredUnitOfMeasurement", "kg".into(), "at pcf.declaredUnitOfMeasurement: "),
        ("/pcf/primaryDataShare", "100.1".into(), "at pcf.primaryDataShare: "),
        ("/pcf/geographyCountry", "US".into(), "at pcf: "),
        ("/pcf/ipccCharacterizationFactors", serde_json::json!([]), "at pcf.ipccCharacterizationFactors: "),
        (
            "/pcf/ipccCharacterizationFactors",
            serde_json::json!(["6"]),
            "at pcf.ipccCharacterizationFactors[0]: ",
        ),
        (
            "/pcf/ipccCharacterizationFactors",
            serde_json::json!(["AR6", "AR6"]),
            "at pcf.ipccCharacterizationFactors: ",
        ),
        ("/pcf/referencePeriodEnd", "2024-01-01T00:00:00Z".into(), "at pcf.referencePeriodEnd: "),
        ("/pcf/referencePeriodEnd", "2024-12-31".into(), "at pcf.referencePeriodEnd: "),
        ("/pcf/dqi", serde_json::json!({"technologicalDQR": "1"}), "at pcf.dqi: missing field"),
        ("/companyIds", serde_json::json!(["acme"]), "at companyIds[0]: "),
        ("/productIds", serde_json::json!([]), "at productIds: "),
        ("/status", "active".into(), "at status: "),
        ("/id", "12345678".into(), "at id: "),
        ("/specVersion", "3.0".into(), "at specVersion: "),
    ];
    for (pointer, value, start) in cases {
        let error = refusal(&changed(0, pointer, value));
        assert!(error.starts_with(start), "{pointer}: {error}");
    }
    let lacking = refusal(&without(0, "/pcf/fossilCarbonContent"));
    assert_eq!(lacking, "at pcf: missing field `fossilCarbonContent`");
}

#[test]
fn another_version_or_an_answer_of_a_server_is_refused_by_name() {
    assert!(
        refusal(&changed(0, "/specVersion", "4.0.0".into()))
            .contains("expected PACT version 3.x or 2.x (specVersion), got 4.0.0")
    );
    for list in [
        include_str!("../vectors/pact/answer-list.json"),
        include_str!("../vectors/pact/answer-one.json"),
        include_str!("../vectors/pact/answer-all-properties.json"),
    ] {
        assert!(refusal(list.as_bytes()).contains("holds footprints in `data`"));
    }
    assert!(refusal(b"[]").contains("got another kind of JSON"));
    assert!(refusal(b"").contains("not JSON"));
    assert!(refusal(&vec![b' '; 700_001]).contains("at most 700000 bytes, got 700001"));
    assert!(matches!(pact::read(b"\xFF\xFE{"), Err(PactError::Field { .. })));
}

#[test]
fn the_footprint_inside_the_answer_with_all_properties_is_read_with_its_oddities_named() {
    let answer: Value =
        serde_json::from_str(include_str!("../vectors/pact/answer-all-properties.json")).unwrap();
    let (footprint, warnings) = pact::read(&serde_json::to_vec(&answer["data"][0]).unwrap()).unwrap();
    let said: Vec<String> = warnings.iter().map(ToString::to_string).collect();
    for place in [
        "updated",
        "pcf.biogenicAccountingMethodology",
        "pcf.pcfExcludingBiogenicUptake",
        "pcf.pcfIncludingBiogenicUptake",
    ] {
        assert!(said.iter().any(|s| s.starts_with(&format!("at {place}: "))), "{place}: {said:#?}");
    }
    assert_eq!(
        footprint.preceding_pf_ids[0].as_str(),
        "51131fb5-42a2-4267-a402-0ecfefad1619",
        "one spelling"
    );
}

#[test]
fn a_doubled_key_is_refused_because_one_value_would_hide_the_other() {
    let text = EXAMPLES[0].replacen(
        "\"fossilGhgEmissions\"",
        "\"fossilGhgEmissions\": \"9\", \"fossilGhgEmissions\"",
        1,
    );
    assert_eq!(refusal(text.as_bytes()), "at pcf.fossilGhgEmissions: the key stands twice");
}

#[test]
fn truncated_anywhere_a_document_is_refused_and_never_misread() {
    let bytes = EXAMPLES[3].trim_end().as_bytes();
    for cut in 0..bytes.len() {
        assert!(pact::read(&bytes[..cut]).is_err(), "cut at {cut}");
    }
}

#[test]
fn a_bought_footprint_counts_its_headline_and_shows_what_the_categories_leave_open() {
    let (bought, notes) = bought(EXAMPLES[0].as_bytes()).unwrap();
    assert_eq!(bought.unexplained, kg("0.028"));
    assert_eq!(bought.categories[Category::Fossil], kg("0.378"));
    assert_eq!(bought.categories.excluding_uptake().unwrap(), kg("0.384"));
    assert_eq!(
        bought.categories[Category::BiogenicUptake],
        kg("-1.61"),
        "as given, though including minus excluding differs"
    );
    assert_eq!(bought.categories[Category::LandManagementFossil], kg("0.03"));
    assert_eq!(bought.gwp, [StatedGwp::Ar6]);
    assert_eq!(bought.validity.unwrap().to_string(), "2024-12-31..2027-12-31");
    assert_eq!(bought.primary_data_share.unwrap().to_string(), "12.9");
    assert!(notes.iter().any(|n| n.place.contains("otherOperatorName")));
}

#[test]
fn figures_are_per_declared_amount_and_unit() {
    let (bought, _) = bought(EXAMPLES[1].as_bytes()).unwrap();
    assert_eq!(
        (bought.declared_unit.amount.to_string(), bought.declared_unit.unit.as_str()),
        ("12".into(), "L")
    );
    assert_eq!(bought.categories.excluding_uptake().unwrap(), kg("5.14"));
    assert_eq!(bought.categories[Category::Packaging], kg("0.58"));
}

#[test]
fn uptake_that_is_not_given_follows_from_the_two_totals_with_its_sign() {
    let mut document: Value = serde_json::from_str(EXAMPLES[0]).unwrap();
    document["pcf"].as_object_mut().unwrap().remove("biogenicCO2Uptake");
    let read = |d: &Value| bought(&serde_json::to_vec(d).unwrap()).unwrap().0;
    assert_eq!(read(&document).categories[Category::BiogenicUptake], kg("-1.614"));
    document["pcf"]["pcfIncludingBiogenicUptake"] = "0.4".into();
    let released = read(&document);
    assert_eq!(released.categories[Category::BiogenicReleased], kg("0.016"));
    assert_eq!(released.categories[Category::BiogenicUptake], Co2e::ZERO);
    assert_eq!(released.categories.including_uptake().unwrap(), kg("0.4"));
}

#[test]
fn validity_is_days_and_what_is_half_stated_is_completed_and_said() {
    let days = |bytes: Vec<u8>| {
        let (bought, notes) = bought(&bytes).unwrap();
        (
            bought.validity.map(|v| v.to_string()),
            notes.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        )
    };
    let last_second = changed(2, "/validityPeriodEnd", "2026-06-30T23:59:59Z".into());
    assert!(days(last_second).0.unwrap().ends_with("..2026-07-01"), "that day counts");
    let (validity, notes) = days(without(0, "/validityPeriodEnd"));
    assert_eq!(validity.as_deref(), Some("2024-12-31..2027-12-31"));
    assert!(notes.contains("3 years after the reference period"), "{notes}");
    assert!(bought(&changed(0, "/validityPeriodEnd", "2024-01-01T00:00:00Z".into())).is_err());
}

#[test]
fn reports_that_no_set_exists_for_count_as_unstated() {
    let (bought, _) =
        bought(&changed(0, "/pcf/ipccCharacterizationFactors", serde_json::json!(["AR7", "AR5", "AR2"])))
            .unwrap();
    assert_eq!(bought.gwp, [StatedGwp::Ar5, StatedGwp::Sar, StatedGwp::Unstated]);
}

#[test]
fn a_supplier_s_file_becomes_a_statement_that_carries_its_bytes_unchanged() {
    let by = "acme".parse().unwrap();
    let (draft, notes) = supplier::read(EXAMPLES[0].as_bytes(), &by, Vec::new()).unwrap();
    assert!(notes.iter().any(|n| n.contains("pcf.pcfExcludingBiogenicUptake")), "totals are a warning");
    let bytes = encode_draft(&draft.statement).unwrap();
    let Statement::SupplierFootprint(back) = decode_draft(&bytes).unwrap() else { panic!("another type") };
    assert_eq!(back.document.as_bytes(), EXAMPLES[0].as_bytes());
    assert_eq!(back.footprint.as_str(), "12345678-9abc-def0-1234-567812345678");
    assert!(supplier::read(&changed(0, "/pcf/dqi", Value::Null), &by, Vec::new()).is_err());
}
