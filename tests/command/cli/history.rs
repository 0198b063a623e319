//! The command shows all that was ever said of a product: what held, what holds and what was
//! superseded.

use pcf_testing::calendar::moved;
use pcf_testing::desk::Desk;
use serde_json::Value;

use crate::PCF;

const BOTTLE: &str = "urn:gtin:06901234000016";

fn publish(desk: &Desk) -> Value {
    desk.json(&moved(&format!(
        "publish {BOTTLE} --period 2024 --valid-until 2027-12-31 --sign-with acme.pem --log-key led-keys/log.pem \
         --out out"
    )))
}

/// An activity, corrected after a final publication, and a second final that follows the first.
fn told_twice() -> (Desk, Value, Value) {
    let desk = Desk::with_bottle(PCF);
    desk.pcf("record activities.csv --sign-with acme.pem").ok();
    let first = publish(&desk);
    desk.edit("activities.csv", ",900,", ",901,");
    desk.pcf("record activities.csv --correct --sign-with acme.pem").ok();
    let second = publish(&desk);
    (desk, first, second)
}

#[test]
fn the_history_of_a_product_names_what_ended_each_statement_and_what_follows_each_footprint() {
    let (desk, first, second) = told_twice();
    let history = desk.json(&format!("trace {BOTTLE} --history"));
    let said = history["statements"].as_array().unwrap();
    let kinds: Vec<&str> = said.iter().map(|s| s["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["product", "activity", "publication", "activity", "publication"]);
    assert!(said.is_sorted_by_key(|s| s["index"].as_u64()), "{history}");
    let held: Vec<bool> = said.iter().map(|s| s["holds"].as_bool().unwrap()).collect();
    assert_eq!(held, [true, false, true, true, true]);
    assert_eq!(said[1]["ended"], format!("replaced by {}", said[3]["statement"].as_str().unwrap()));
    assert_eq!(said[2]["statement"], first["statement"]);
    assert_eq!(said[2]["followedBy"], second["footprint"]);
    assert_eq!(said[4].get("followedBy"), None);
    let gate = |of: &Value| format!("{} kg CO2e to the gate", of["gateKgCo2e"].as_str().unwrap());
    assert!(said[2]["what"].as_str().unwrap().contains(&gate(&first)), "{history}");
    assert!(said[4]["what"].as_str().unwrap().contains(&gate(&second)), "{history}");
    assert_ne!(gate(&first), gate(&second));

    let text = desk.pcf("trace Bottle --history").ok();
    let superseded = format!("holds; superseded by {}", second["footprint"].as_str().unwrap());
    assert!(text.contains(&superseded), "{text}");
}

#[test]
fn the_proof_of_a_superseded_footprint_still_verifies_and_a_newer_one_says_what_it_follows() {
    let (desk, first, second) = told_twice();
    let key = first["verifierKey"].as_str().unwrap();
    for published in [&first, &second] {
        let proof = published["files"]
            .as_array()
            .unwrap()
            .iter()
            .find(|f| f.as_str().unwrap().ends_with(".pcfproof"));
        let verified =
            desk.run(&["verify", proof.unwrap().as_str().unwrap(), "--key", key, "--format", "json"]).ok();
        let verified: Value = serde_json::from_str(&verified).unwrap();
        assert_eq!(verified["proofs"][0]["verdict"], "verified", "{verified}");
    }
}

#[test]
fn a_figure_and_the_history_are_not_asked_for_at_once() {
    let (desk, ..) = told_twice();
    desk.pcf(&moved(&format!("trace {BOTTLE} --history --period 2024"))).refused(2, &["cannot be used with"]);
    desk.pcf(&format!("trace {BOTTLE}")).refused(2, &["--period PERIOD"]);
}

#[test]
fn a_publication_that_the_data_have_moved_away_from_is_named_with_both_figures() {
    let desk = Desk::with_bottle(PCF);
    desk.pcf("record activities.csv --sign-with acme.pem").ok();
    publish(&desk);
    let behind = || {
        let out = desk.pcf("check --format json").out;
        let json: Value = serde_json::from_str(&out).unwrap();
        let found = json["findings"].as_array().unwrap().clone();
        found.into_iter().find(|finding| finding["rule"] == "publication-behind")
    };
    assert_eq!(behind(), None, "nothing has changed yet");
    desk.edit("activities.csv", ",900,kWh", ",950,kWh");
    desk.pcf("record activities.csv --correct --sign-with acme.pem").ok();
    let found = behind().unwrap();
    let said = found["sentence"].as_str().unwrap();
    assert!(said.ends_with(" says 7.2 kg CO2e, and the statements that hold now give 7.6 kg CO2e"), "{said}");
    assert_eq!(found["severity"], "attention");
    assert!(found["remedy"].as_str().unwrap().starts_with("publish again"), "{found}");
    assert!(found["command"].as_str().unwrap().starts_with("pcf publish "), "{found}");
}
