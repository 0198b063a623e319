//! A publication becomes a PACT document that is valid against the published schema, exact, and
//! holds nothing that nobody stated.

use pcf_ledger::model::{Actor, Assurance, Product, Publication, Site};
use pcf_ledger::pact::export::{Context, ExportError, write};
use pcf_ledger::pact::{self, FactorSource};
use serde_json::{Value, json};

const SALT: &str = "AAAAAAAAAAAAAAAAAAAAAA";

fn set(values: &[(&str, &str)]) -> Value {
    let names = [
        "aircraftGhgEmissions",
        "biogenicCO2Released",
        "biogenicCO2Uptake",
        "biogenicNonCO2Emissions",
        "ccsTechnologicalCO2Capture",
        "fossilGhgEmissions",
        "landManagementBiogenicCO2Emissions",
        "landManagementBiogenicCO2Removals",
        "landManagementFossilGhgEmissions",
        "landUseChangeGhgEmissions",
        "packagingGhgEmissions",
        "technologicalCO2Removals",
    ];
    let value = |name: &str| values.iter().find(|(n, _)| *n == name).map_or("0", |(_, v)| *v).to_owned();
    // The categories stand in the order of their names, which a JSON object of the test library may not keep: hence text.
    let categories: Vec<String> = names.iter().map(|n| format!("\"{n}\":\"{}\"", value(n))).collect();
    let text = format!(
        "{{\"categories\":{{{}}},\"excludingUptake\":\"{}\",\"includingUptake\":\"{}\"}}",
        categories.join(","),
        value("excl"),
        value("incl")
    );
    Value::String(text)
}

/// A publication; `gate` and `transport` are texts of figure sets.
fn publication(change: impl Fn(&mut String)) -> Publication {
    let gate = set(&[
        ("fossilGhgEmissions", "1.25"),
        ("biogenicNonCO2Emissions", "0.05"),
        ("biogenicCO2Uptake", "-0.3"),
        ("biogenicCO2Released", "0.08"),
        ("packagingGhgEmissions", "0.1"),
        ("excl", "1.3"),
        ("incl", "1.08"),
    ]);
    let transport = set(&[("fossilGhgEmissions", "0.02"), ("excl", "0.02"), ("incl", "0.02")]);
    let (gate, transport) = (gate.as_str().unwrap(), transport.as_str().unwrap());
    let digest = "0".repeat(64);
    let mut text = format!(
        r#"{{"boundary":"cradle-to-gate","by":"acme","claims":[{{"basis":"stated","standard":"ISO14067"}}],"created":"2026-02-03T04:05:06Z","figures":{{"dataQuality":{{"geography":"2","technology":"1.5","time":"1"}},
        "exemptedEmissionsPercent":"0","gate":{gate},"gwp":["AR5","AR6","unstated"],"primaryDataShare":"41.5","processes":[],
        "stages":[{{"figures":{gate},"stage":"production"}},{{"figures":{transport},"stage":"transport"}}]}},
        "footprint":"3f0a7c3e-0000-4000-8000-000000000000","log":{{"root":"{digest}","size":"9"}},"method":{{"gwp":"AR6","version":"1"}},
        "period":{{"end":"2026-01-01","start":"2025-01-01"}},"preceding":["3f0a7c3e-0000-4000-8000-000000000001"],"product":"urn:gtin:06901234000016","salt":"{SALT}","status":"final","type":"publication",
        "used":{{"activities":{{"count":"2","root":"{digest}"}},"sources":{{"root":"{digest}"}}}},"v":"1","validity":{{"end":"2028-01-01","start":"2026-02-01"}}}}"#
    );
    change(&mut text);
    serde_json::from_str(&text).unwrap()
}

fn product(change: impl Fn(&mut Value)) -> Product {
    let mut value = json!({
        "boundary": "cradle-to-gate", "by": "acme", "carbon": {"fossil": "0", "biogenic": "0.06"}, "ccsIncluded": false,
        "declaredUnit": {"amount": "1", "unit": "piece"}, "description": "Drinking bottle, 0.5 L", "exemptions": "none",
        "ids": ["urn:gtin:06901234000016"], "massPerDeclaredUnit": "0.11", "name": "Bottle",
        "packaging": {"included": true}, "processes": [{"name": "casting", "signers": ["acme"], "stage": "production"}],
        "rules": [{"name": "PCR 7", "operator": "CEC"}], "salt": SALT, "type": "product", "v": "1"
    });
    change(&mut value);
    serde_json::from_value(value).unwrap()
}

fn owner(company_ids: &[&str]) -> Actor {
    serde_json::from_value(json!({
        "actor": "acme", "by": "operator", "companyIds": company_ids, "keys": [], "name": "Acme Bottles",
        "rights": {"types": ["publication"]}, "salt": SALT, "type": "actor", "v": "1"
    }))
    .unwrap()
}

fn site(country: &str, subdivision: Option<&str>) -> Site {
    let mut site = json!({"name": "Plant", "country": country});
    if let Some(subdivision) = subdivision {
        site["subdivision"] = subdivision.into();
    }
    serde_json::from_value(site).unwrap()
}

fn document(publication: &Publication, product: &Product, context: &Context<'_>) -> Value {
    let bytes =
        write(publication, product, &owner(&["urn:pact:acme.example:company:acme"]), context).unwrap();
    let value: Value = serde_json::from_slice(&bytes).unwrap();
    let schema: Value = serde_json::from_str(include_str!("../vectors/pact/schema.json")).unwrap();
    let schema = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let faults: Vec<String> =
        schema.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
    assert_eq!(faults, Vec::<String>::new());
    let (_, warnings) = pact::read(&bytes).unwrap();
    assert_eq!(warnings, [], "what we write has nothing odd");
    assert!(!String::from_utf8(bytes).unwrap().contains("null"));
    value
}

#[test]
fn a_publication_becomes_a_valid_document_whose_totals_add_up() {
    let sites = [site("CN", Some("CN-ZJ")), site("CN", Some("CN-ZJ"))];
    let sources = [FactorSource { name: "DESNZ".into(), version: "2025".into() }];
    let context = Context { sites: &sites, sources: &sources, ..Default::default() };
    let value = document(&publication(|_| ()), &product(|_| ()), &context);
    let pcf = &value["pcf"];
    for (field, expected) in [
        ("pcfExcludingBiogenicUptake", "1.3"),
        ("pcfIncludingBiogenicUptake", "1.08"),
        ("biogenicCO2Uptake", "-0.22"),
        ("fossilGhgEmissions", "1.25"),
        ("biogenicNonCO2Emissions", "0.05"),
        ("packagingGhgEmissions", "0.1"),
        ("outboundLogisticsGhgEmissions", "0.02"),
        ("biogenicCarbonContent", "0.06"),
        ("declaredUnitOfMeasurement", "piece"),
        ("referencePeriodStart", "2025-01-01T00:00:00Z"),
        ("referencePeriodEnd", "2026-01-01T00:00:00Z"),
        ("geographyCountrySubdivision", "CN-ZJ"),
        ("primaryDataShare", "41.5"),
        ("exemptedEmissionsPercent", "0"),
    ] {
        assert_eq!(pcf[field], expected, "{field}");
    }
    assert_eq!(pcf["ipccCharacterizationFactors"], json!(["AR5", "AR6"]));
    assert_eq!(pcf["productOrSectorSpecificRules"][0]["otherOperatorName"], "CEC");
    assert_eq!(pcf["dqi"]["technologicalDQR"], "1.5");
    for absent in [
        "landUseChangeGhgEmissions",
        "aircraftGhgEmissions",
        "geographyCountry",
        "verification",
        "landAreaOccupation",
    ] {
        assert!(pcf.get(absent).is_none(), "{absent} was stated by nobody");
    }
    assert_eq!((&value["status"], &value["specVersion"]), (&json!("Active"), &json!("3.0.3")));
    assert_eq!(value["precedingPfIds"], json!(["3f0a7c3e-0000-4000-8000-000000000001"]));
    assert_eq!(value["validityPeriodEnd"], "2028-01-01T00:00:00Z");
    assert!(value["comment"].as_str().unwrap().contains("do not state their GWP set"));
}

#[test]
fn what_nobody_stated_is_refused_by_name_and_all_at_once() {
    let bare = product(|p| {
        let fields = p.as_object_mut().unwrap();
        for field in ["carbon", "ccsIncluded", "packaging", "massPerDeclaredUnit", "description"] {
            fields.remove(field);
        }
    });
    let publication = publication(|text| {
        *text = text
            .replace(r#""claims":[{"basis":"stated","standard":"ISO14067"}],"#, "")
            .replace(r#""exemptedEmissionsPercent":"0","#, "")
            .replace(r#"["AR5","AR6","unstated"]"#, r#"["unstated"]"#);
    });
    let Err(ExportError::Missing { fields }) = write(&publication, &bare, &owner(&[]), &Context::default())
    else {
        panic!("expected a refusal");
    };
    let mut names: Vec<&str> = fields.iter().map(|m| m.field).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "ccsTechnologicalCO2CaptureIncluded",
            "companyIds",
            "crossSectoralStandards",
            "exemptedEmissionsPercent",
            "fossilCarbonContent",
            "ipccCharacterizationFactors",
            "packagingEmissionsIncluded",
            "productDescription",
            "productMassPerDeclaredUnit",
        ]
    );
}

#[test]
fn geography_is_what_all_sites_share_and_else_nothing() {
    let of = |sites: &[Site]| {
        let context = Context { sites, ..Default::default() };
        let value = document(&publication(|_| ()), &product(|_| ()), &context);
        (
            value["pcf"].get("geographyCountry").cloned(),
            value["pcf"].get("geographyRegionOrSubregion").cloned(),
            value["pcf"].get("geographyCountrySubdivision").cloned(),
        )
    };
    let china = (Some(json!("CN")), None, None);
    assert_eq!(of(&[site("CN", Some("CN-ZJ")), site("CN", None)]), china);
    assert_eq!(of(&[site("CN", Some("CN-ZJ")), site("CN", Some("CN-JS"))]), china);
    assert_eq!(of(&[site("CN", None), site("JP", None)]), (None, Some(json!("Eastern Asia")), None));
    assert_eq!(of(&[site("CN", None), site("IN", None)]), (None, Some(json!("Asia")), None));
    assert_eq!(of(&[site("CN", None), site("DE", None)]), (None, None, None));
    assert_eq!(of(&[]), (None, None, None));
}

#[test]
fn outbound_logistics_are_left_out_where_somebody_else_answers_for_them() {
    let context = Context::default();
    let elsewhere = publication(|t| *t = t.replace(r#""period""#, r#""outboundExcluded":true,"period""#));
    let value = document(&elsewhere, &product(|_| ()), &context);
    assert!(value["pcf"].get("outboundLogisticsGhgEmissions").is_none());
    assert_eq!(
        value["pcf"]["pcfExcludingBiogenicUptake"], "1.3",
        "they are no part of the headline either way"
    );
}

#[test]
fn a_declared_unit_is_converted_exactly_or_refused() {
    let context = Context::default();
    let weighing = |amount: &str, unit: &str, kg: &str| {
        product(|p| {
            p["declaredUnit"] = json!({"amount": amount, "unit": unit});
            p["massPerDeclaredUnit"] = kg.into();
        })
    };
    let of = |amount: &str, unit: &str| weighing(amount, unit, "0.11");
    for (amount, unit, kg, expected) in [
        ("1", "t", "1000", ("1000", "kilogram")),
        ("2", "lb", "0.90718474", ("0.90718474", "kilogram")),
        ("1", "GJ", "0", ("1000", "megajoule")),
        ("1", "tce", "0", ("8141", "kilowatt hour")),
        ("12", "L", "14.5", ("12", "liter")),
    ] {
        let value = document(&publication(|_| ()), &weighing(amount, unit, kg), &context);
        assert_eq!(
            (&value["pcf"]["declaredUnitAmount"], &value["pcf"]["declaredUnitOfMeasurement"]),
            (&json!(expected.0), &json!(expected.1))
        );
        assert_eq!(
            value["pcf"]["pcfExcludingBiogenicUptake"], "1.3",
            "per declared unit, whatever it is called"
        );
    }
    let refused =
        write(&publication(|_| ()), &of("1", "kWh_ncv"), &owner(&["urn:a:b"]), &context).unwrap_err();
    assert!(
        refused.to_string().contains("declaredUnitOfMeasurement (1 kWh_ncv is no exact amount"),
        "{refused}"
    );
    // What is declared by its mass weighs that much.
    let refused = write(&publication(|_| ()), &of("1", "t"), &owner(&["urn:a:b"]), &context).unwrap_err();
    assert!(
        refused.to_string().contains("(a declared unit is 1000 kg, and the product states 0.11 kg)"),
        "{refused}"
    );
}

#[test]
fn packaging_is_stated_as_the_product_says_and_never_hidden() {
    let context = Context::default();
    let without = product(|p| p["packaging"] = json!({"included": false}));
    let refused = write(&publication(|_| ()), &without, &owner(&["urn:a:b"]), &context).unwrap_err();
    assert!(
        refused.to_string().contains(
            "packagingEmissionsIncluded (the product says that packaging is not part of the footprint, whose figures hold 0.1 kg CO2e of it)"
        ),
        "{refused}"
    );
    let none = || {
        publication(|t| *t = t.replace(r#""packagingGhgEmissions":"0.1""#, r#""packagingGhgEmissions":"0""#))
    };
    let value = document(&none(), &product(|_| ()), &context);
    assert_eq!(value["pcf"]["packagingGhgEmissions"], "0", "included, and there is none");
    let value = document(&none(), &without, &context);
    assert_eq!(value["pcf"]["packagingEmissionsIncluded"], false);
    assert!(value["pcf"].get("packagingGhgEmissions").is_none());
}

#[test]
fn the_comment_says_the_scenario_and_what_no_source_says_of_biomass() {
    let context = Context::default();
    let comment = |change: &dyn Fn(&mut String), product: &Product| {
        document(&publication(change), product, &context)["comment"].as_str().unwrap().to_owned()
    };
    let said =
        comment(&|t| *t = t.replace(r#""status""#, r#""scenario":"more wind","status""#), &product(|_| ()));
    assert!(said.contains("The figures are those of the scenario more wind."), "{said}");
    let unsaid = "No source of the footprint states emissions of land-use change, land management: they are left out here.";
    assert!(said.contains(unsaid), "{said}");
    let mineral = product(|p| p["carbon"] = json!({"fossil": "0", "biogenic": "0"}));
    assert!(!comment(&|_| (), &mineral).contains("land"));
}

#[test]
fn figures_that_pact_cannot_hold_are_refused_and_never_bent() {
    let context = Context::default();
    let refusal = |publication: Publication, product: Product| {
        write(&publication, &product, &owner(&["urn:a:b"]), &context).unwrap_err().to_string()
    };
    let same = || product(|_| ());
    let credit = publication(|t| {
        *t = t.replace(r#""fossilGhgEmissions":"1.25""#, r#""fossilGhgEmissions":"-1.25""#).replace(
            r#""excludingUptake":"1.3","includingUptake":"1.08""#,
            r#""excludingUptake":"-1.2","includingUptake":"-1.42""#,
        )
    });
    assert!(
        refusal(credit, same())
            .contains("fossilGhgEmissions (PACT holds at least zero here, the footprint has -1.25 kg CO2e)")
    );
    let wrong_sum =
        publication(|t| *t = t.replace(r#""excludingUptake":"1.3""#, r#""excludingUptake":"1.4""#));
    assert!(refusal(wrong_sum, same()).contains("do not add up"));
    let long = publication(|t| *t = t.replace("2028-01-01", "2029-01-02"));
    assert!(
        refusal(long, same())
            .contains("validityPeriodEnd (at most 3 years after the reference period, that is 2029-01-01")
    );
    let captured = publication(|t| {
        *t = t
            .replace(r#""ccsTechnologicalCO2Capture":"0""#, r#""ccsTechnologicalCO2Capture":"-0.1""#)
            .replace(
                r#""excludingUptake":"1.3","includingUptake":"1.08""#,
                r#""excludingUptake":"1.2","includingUptake":"0.98""#,
            )
    });
    assert!(refusal(captured, same()).contains("ccsTechnologicalCO2CaptureIncluded (the product says"));
    let other = product(|p| p["ids"] = json!(["urn:pact:a.b:product-id:x"]));
    assert!(refusal(publication(|_| ()), other).contains("productIds"));
}

#[test]
fn opinion_draft_and_succession_are_said() {
    let digest = "0".repeat(64);
    let opinion = |word: &str| -> Assurance {
        serde_json::from_value(json!({
            "by": "auditor", "figures": digest, "findings": ["None that matters."], "level": "limited", "log": {"root": digest, "size": "9"},
            "opinion": word, "salt": SALT, "scope": "gate figures", "standard": "ISO 14064-3", "type": "assurance", "v": "1"
        }))
        .unwrap()
    };
    let of = |assurance: &Assurance| {
        let context = Context {
            deprecated: true,
            assurance: Some(("Auditor Ltd", assurance, None)),
            ..Default::default()
        };
        document(&publication(|t| *t = t.replace(r#""final""#, r#""draft""#)), &product(|_| ()), &context)
    };
    let value = of(&opinion("unmodified"));
    assert_eq!(value["status"], "Deprecated");
    assert_eq!(value["pcf"]["verification"]["providerName"], "Auditor Ltd");
    assert!(
        value["pcf"]["verification"]["comments"]
            .as_str()
            .unwrap()
            .starts_with("limited assurance, unmodified opinion.")
    );
    assert!(value["comment"].as_str().unwrap().contains("DRAFT: "));
    let value = of(&opinion("adverse"));
    assert!(value["pcf"].get("verification").is_none(), "an adverse opinion verifies nothing");
    assert!(value["comment"].as_str().unwrap().contains("is adverse"));
}
