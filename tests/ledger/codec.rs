//! A statement has one spelling: accepted bytes come back unchanged, and all others are refused
//! with their place.

use pcf_ledger::codec::{decode_draft, encode_draft, statement_id};
use pcf_ledger::limits::STATEMENT_BYTES_MAX;
use pcf_ledger::model::Statement;

const SALT: &str = "AAAAAAAAAAAAAAAAAAAAAA";
const KEY_A: &str = "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=";
const KEY_B: &str = "AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=";
const KEY_C: &str = "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=";
const ID: &str = "0101010101010101010101010101010101010101010101010101010101010101";

/// One statement of each type, with every optional key where that is short.
fn examples() -> Vec<String> {
    let zeros = [
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
    ]
    .map(|name| format!(r#""{name}":"0""#))
    .join(",");
    let set = format!(r#"{{"categories":{{{zeros}}},"excludingUptake":"0","includingUptake":"0"}}"#);
    vec![
        format!(
            r#"{{"by":"operator","logKey":"{KEY_A}","operatorKey":"{KEY_B}","origin":"pcf.example/ledger1","recoveryKey":"{KEY_C}","salt":"{SALT}","type":"ledger","v":"1"}}"#
        ),
        format!(r#"{{"by":"recovery","operatorKey":"{KEY_A}","salt":"{SALT}","type":"authority","v":"1"}}"#),
        format!(
            r#"{{"actor":"acme","by":"operator","companyIds":["urn:pact:acme.example:company-id:1"],"keys":["{KEY_A}"],"name":"Acme 铝业","replaces":"{ID}","revoked":[{{"from":"3","key":"{KEY_B}"}}],"rights":{{"products":["urn:gtin:06901234000016"],"stages":["production"],"types":["activity","product"]}},"salt":"{SALT}","type":"actor","v":"1"}}"#
        ),
        format!(
            r#"{{"boundary":"cradle-to-grave","by":"acme","carbon":{{"biogenic":"0","fossil":"0.02","recycled":"0"}},"ccsIncluded":false,"classifications":["urn:un-cpc:42930"],"declaredUnit":{{"amount":"1","unit":"piece"}},"description":"A bottle.","designAtGate":true,"exemptions":"none","ids":["urn:gtin:06901234000016"],"massPerDeclaredUnit":"0.12","name":"Bottle","packaging":{{"biogenicCarbon":"0","included":true}},"processes":[{{"name":"casting","signers":["acme"],"stage":"production"}}],"recycling":{{"materials":[{{"A":"0.2","B":"0","Ed":"d","Erec":"r","ErecEoL":"e","Ev":"v","EvStar":"s","LHV":"1","QsinQp":"1","QsoutQp":"1","R1":"0.3","R2":"0.85","R3":"0","Xelec":"0","Xheat":"0","kg":"0.1","material":"steel","region":"DE"}}],"method":"cff"}},"rules":[{{"name":"PCR 1","operator":"EPD"}}],"salt":"{SALT}","type":"product","unitTolerancePercent":"2","v":"1"}}"#
        ),
        format!(
            r#"{{"by":"acme","category":"material","data":"secondary","exclusions":["biogenic-co2","combustion"],"factor":"al-primary","geography":"CN","gwp":"AR5","licence":"CC0","name":"Aluminium","note":"n","quality":{{"geography":"1","technology":"2.5","time":"5"}},"salt":"{SALT}","scope":"life-cycle","source":"S","sourceVersion":"1","type":"factor","uncertainty":{{"basic":"1.05","completeness":"3","geographical":"2","reliability":"2","sampleSize":"5","technological":"3","temporal":"1"}},"unit":"kg","v":"1","values":{{"biogenicCO2Uptake":"-0.1","fossilGhgEmissions":"9.1"}},"year":"2024"}}"#
        ),
        format!(
            r#"{{"by":"acme","category":"process","data":"primary","factor":"gas","gases":{{"CH4_fossil":"0.1","CO2":"1"}},"licence":"CC0","name":"G","salt":"{SALT}","scope":"direct","source":"S","type":"factor","unit":"kg","v":"1","year":"2024"}}"#
        ),
        format!(
            r#"{{"allocation":"mass","appliesTo":{{"end":"2027-01-01","start":"2025-01-01"}},"batch":"B1","by":"acme","evidence":[{{"name":"meter.pdf","sha256":"{ID}"}}],"flows":[{{"amount":"1","biogenicCarbon":"0","data":"primary","delivered":true,"factor":"f","fossilCarbon":"0","instruments":[{{"id":"REC-1","kWh":"5","period":{{"end":"2026-01-01","start":"2025-01-01"}}}}],"kind":"energy","name":"electricity","uncertainty":"1.1","unit":"kWh","upstream":"u"}},{{"estimate":"0.5","kind":"excluded","name":"glue","reason":"small"}},{{"amount":"0.4","gas":"HFC134a","kind":"emission","name":"lost","unit":"kg"}},{{"amount":"2","footprint":"3f0a7c3e-0000-4000-8000-000000000000","kind":"material","name":"cap","unit":"piece"}},{{"amount":"-1","factor":"f","kind":"energy","name":"steam","substitutes":"heat from gas","unit":"MJ"}},{{"kind":"transport","name":"truck","of":[{{"amount":"4.1","name":"mass","unit":"t"}},{{"amount":"800","name":"distance","unit":"km"}}],"product":"urn:pact:a.example:product-id:x"}}],"outputs":[{{"amount":"1","keys":{{"hours":"2"}},"product":"urn:gtin:06901234000016","unit":"piece","value":"3"}}],"period":{{"end":"2026-01-01","start":"2025-01-01"}},"process":"casting","quality":{{"geography":"1","technology":"1","time":"1"}},"salt":"{SALT}","scenario":"s","site":{{"country":"CN","name":"Plant 7","subdivision":"CN-ZJ"}},"stage":"production","type":"activity","v":"1"}}"#
        ),
        format!(
            r#"{{"by":"acme","digest":"44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a","document":"e30","footprint":"3f0a7c3e-0000-4000-8000-000000000000","salt":"{SALT}","type":"supplierFootprint","v":"1"}}"#
        ),
        format!(
            r#"{{"by":"acme","directEmissions":"12.5","energy":{{"amount":"3","unit":"tce"}},"output":{{"amount":"5","unit":"t"}},"salt":"{SALT}","subject":"Plant 7","type":"annual","v":"1","valueAdded":"100","year":"2024"}}"#
        ),
        format!(
            r#"{{"batch":"B1","boundary":"cradle-to-gate","by":"acme","comment":"c","created":"2026-01-01T00:00:00Z","figures":{{"dataQuality":{{"geography":"1","technology":"1","time":"1"}},"exemptedEmissionsPercent":"0","gate":{set},"grave":{set},"gwp":["AR5","unstated"],"primaryDataShare":"50","processes":[{{"figures":{set},"process":"casting","stage":"production"}}],"stages":[{{"figures":{set},"stage":"production"}}]}},"footprint":"3f0a7c3e-0000-4000-8000-000000000000","log":{{"root":"{ID}","size":"3"}},"method":{{"gwp":"AR6","version":"1"}},"period":{{"end":"2026-01-01","start":"2025-01-01"}},"preceding":["3f0a7c3e-0000-4000-8000-000000000001"],"product":"urn:gtin:06901234000016","salt":"{SALT}","scenario":"s","status":"final","type":"publication","used":{{"activities":{{"count":"2","root":"{ID}"}},"sources":{{"root":"{ID}"}}}},"v":"1","validity":{{"end":"2029-01-01","start":"2026-01-01"}}}}"#
        ),
        format!(
            r#"{{"by":"audit","figures":"{ID}","findings":["none"],"level":"limited","log":{{"root":"{ID}","size":"3"}},"opinion":"unmodified","salt":"{SALT}","scope":"all","standard":"ISO 14064-3","stateRoot":"{ID}","type":"assurance","v":"1"}}"#
        ),
        format!(
            r#"{{"by":"acme","reason":"typo","salt":"{SALT}","statement":"{ID}","type":"withdrawal","v":"1"}}"#
        ),
        format!(r#"{{"by":"operator","root":"{ID}","salt":"{SALT}","size":"3","type":"state","v":"1"}}"#),
        format!(
            r#"{{"by":"operator","reason":"names a person","salt":"{SALT}","statement":"{ID}","type":"redaction","v":"1"}}"#
        ),
        format!(
            r#"{{"by":"acme","flows":[{{"amount":"17","data":"estimated","factor":"f","kind":"energy","name":"power","splitFrom":"31","unit":"kWh"}}],"outputs":[{{"amount":"34","product":"urn:gtin:06901234000016","splitFrom":"62","unit":"piece"}}],"period":{{"end":"2025-01-01","start":"2024-12-15"}},"process":"casting","salt":"{SALT}","splitFrom":{{"end":"2025-01-15","start":"2024-12-15"}},"stage":"production","type":"activity","v":"1"}}"#
        ),
    ]
}

fn refusal(text: &str) -> String {
    decode_draft(text.as_bytes()).map(|s| s.kind()).expect_err(text).to_string()
}

#[test]
fn every_type_comes_back_byte_for_byte() {
    for example in examples() {
        let statement = decode_draft(example.as_bytes()).unwrap_or_else(|e| panic!("{example}: {e}"));
        assert_eq!(String::from_utf8(encode_draft(&statement).unwrap()).unwrap(), example);
    }
}

#[test]
fn keys_are_in_the_order_of_rfc_8785() {
    // serde_json's map sorts by bytes, which is RFC 8785's order by UTF-16 code units for ASCII keys.
    for example in examples() {
        let sorted: serde_json::Value = serde_json::from_str(&example).unwrap();
        assert_eq!(sorted.to_string(), example);
    }
}

#[test]
fn every_key_of_every_type_counts() {
    for example in examples() {
        let id = statement_id(example.as_bytes());
        let value: serde_json::Value = serde_json::from_str(&example).unwrap();
        for key in value.as_object().unwrap().keys() {
            let mut without = value.clone();
            without.as_object_mut().unwrap().remove(key);
            if let Ok(shorter) = decode_draft(without.to_string().as_bytes()) {
                assert_ne!(statement_id(&encode_draft(&shorter).unwrap()), id, "{key}");
            }
            let mut null = value.clone();
            null[key] = serde_json::Value::Null;
            assert!(decode_draft(null.to_string().as_bytes()).is_err(), "null for {key} in {example}");
            let mut typo = value.clone();
            typo[format!("{key}x")] = value[key].clone();
            assert!(refusal(&typo.to_string()).contains(&format!("{key}x")), "{key}");
        }
    }
}

#[test]
fn a_second_spelling_is_refused_with_its_place() {
    let good = format!(
        r#"{{"by":"acme","reason":"typo","salt":"{SALT}","statement":"{ID}","type":"withdrawal","v":"1"}}"#
    );
    assert!(decode_draft(good.as_bytes()).is_ok());
    let spaced = good.replace("\"by\":", "\"by\": ");
    assert!(refusal(&spaced).contains("byte 6"), "{}", refusal(&spaced));
    let escaped = good.replace("typo", "t\\u0079po");
    assert!(refusal(&escaped).contains("canonical"));
    let doubled = good.replace("\"reason\"", "\"reason\":\"other\",\"reason\"");
    assert!(refusal(&doubled).contains("reason"));
    let reordered =
        good.replace("\"by\":\"acme\",", "").replace("\"v\":\"1\"", "\"v\":\"1\",\"by\":\"acme\"");
    assert!(refusal(&reordered).contains("canonical"));
    for tail in [" ", "\n", "{}", "\0"] {
        assert!(decode_draft(format!("{good}{tail}").as_bytes()).is_err(), "{tail:?}");
    }
    assert!(refusal("").contains("EOF") && decode_draft(b"\xff\xfe").is_err());
}

#[test]
fn numbers_are_strings_in_one_spelling() {
    let annual = &examples()[8];
    for wrong in ["5.0", "+5", "05", "5e3", "-0", "5,0", "0.0000000000001", "1000000000000000000"] {
        let text = annual.replace(r#""amount":"5""#, &format!(r#""amount":"{wrong}""#));
        assert!(refusal(&text).contains("output.amount"), "{wrong}: {}", refusal(&text));
    }
    assert!(refusal(&annual.replace(r#""amount":"5""#, r#""amount":5"#)).contains("output.amount"));
}

#[test]
fn a_newer_version_is_told_apart_from_a_typo() {
    let newer = examples()[11].replace("\"v\":\"1\"", "\"v\":\"2\"");
    assert!(refusal(&newer).contains("reads version 1"));
    assert!(refusal(&examples()[11].replace("withdrawal", "withdrawl")).contains("withdrawl"));
}

#[test]
fn a_flow_has_exactly_one_source_and_a_missing_amount_is_never_zero() {
    let activity = &examples()[6];
    let two = activity.replace(r#""gas":"HFC134a","#, r#""factor":"f","gas":"HFC134a","#);
    // A key out of order would also be refused, so the order here is right: amount, factor, gas.
    assert!(refusal(&two).contains("exactly one"), "{}", refusal(&two));
    let none = activity.replace(
        r#""amount":"0.4","gas":"HFC134a","kind":"emission","name":"lost","unit":"kg""#,
        r#""gas":"HFC134a","kind":"emission","name":"lost""#,
    );
    assert!(refusal(&none).contains("never zero"), "{}", refusal(&none));
    let unit_only = activity.replace(r#""amount":"0.4","gas""#, r#""gas""#);
    assert!(refusal(&unit_only).contains("lost"));
    let reason = activity.replace(r#","reason":"small""#, "");
    assert!(refusal(&reason).contains("reason"));
}

#[test]
fn parts_that_do_not_fit_are_refused() {
    let three_keys = examples()[0].replace(KEY_C, KEY_B);
    assert!(refusal(&three_keys).contains("three different keys"));
    let document = examples()[7].replace("\"e30\"", "\"e31\"");
    assert!(decode_draft(document.as_bytes()).is_err());
    let sign = examples()[4].replace("\"-0.1\"", "\"0.1\"");
    assert!(refusal(&sign).contains("other sign"));
    let period = examples()[6].replace(
        r#""end":"2026-01-01","start":"2025-01-01"},"process""#,
        r#""end":"2025-01-01","start":"2025-01-01"},"process""#,
    );
    assert!(refusal(&period).contains("period"), "{}", refusal(&period));
    let reserved = examples()[2].replace("\"actor\":\"acme\"", "\"actor\":\"recovery\"");
    assert!(refusal(&reserved).contains("reserved"));
}

#[test]
fn a_statement_that_is_too_long_is_refused_before_it_is_read() {
    let long = "x".repeat(STATEMENT_BYTES_MAX + 1);
    assert!(refusal(&long).contains("at most"));
}

#[test]
fn no_flipped_bit_goes_unnoticed() {
    for example in examples() {
        let id = statement_id(example.as_bytes());
        let bytes = example.as_bytes();
        for at in 0..bytes.len() {
            let mut flipped = bytes.to_vec();
            flipped[at] ^= 1;
            if let Ok(statement) = decode_draft(&flipped) {
                assert_ne!(statement_id(&flipped), id);
                assert_eq!(encode_draft(&statement).unwrap(), flipped, "one spelling each");
            }
        }
    }
}

#[test]
fn a_salt_changes_the_id_and_nothing_else() {
    let Ok(Statement::Withdrawal(w)) = decode_draft(examples()[11].as_bytes()) else {
        panic!("a withdrawal")
    };
    let salted = Statement::from(w.clone()).with_salt("AQEBAQEBAQEBAQEBAQEBAQ".parse().unwrap());
    assert_ne!(encode_draft(&salted).unwrap(), examples()[11].as_bytes());
    assert_eq!(salted.with_salt(w.salt), Statement::from(w));
}
