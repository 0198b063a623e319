//! A final publication waits until what was found is mended, or somebody stands by it with a
//! reason.

use std::fs;

use pcf_testing::calendar::moved;
use pcf_testing::desk::Desk;
use serde_json::Value;

use crate::PCF;

const BOTTLE: &str = "urn:gtin:06901234000016";

/// The bottle, with a factor that is far older than its data.
fn with_an_old_factor() -> Desk {
    let desk = Desk::with_bottle(PCF);
    desk.write(
        "factors.csv",
        b"id,name,category,unit,kgco2e,gwp_set,scope,year,source,licence,data\n\
          old,Grid,electricity.lifecycle,kWh,0.8,AR6,life-cycle,2010,x,x,secondary\n",
    );
    desk.pcf("factor add factors.csv --sign-with acme.pem").ok();
    desk.edit("activities.csv", "factor:grid", "factor:old");
    desk.pcf("record activities.csv --sign-with acme.pem").ok();
    desk
}

/// What `check` reports by this rule.
fn found(desk: &Desk, rule: &str) -> Vec<Value> {
    let checked = desk.pcf(&format!("check {BOTTLE} --format json"));
    let report: Value = serde_json::from_str(&checked.out).unwrap();
    report["findings"].as_array().unwrap().iter().filter(|finding| finding["rule"] == rule).cloned().collect()
}

#[test]
fn a_finding_stops_a_final_publication_until_somebody_stands_by_it() {
    let desk = with_an_old_factor();
    let publish = moved(&format!(
        "publish {BOTTLE} --period 2024 --valid-until 2027-12-31 --sign-with acme.pem --log-key led-keys/log.pem --out out"
    ));
    let id = found(&desk, "factor-year")[0]["id"].as_str().unwrap().to_owned();

    let before = desk.size();
    let stopped = desk.pcf(&publish);
    assert_eq!(stopped.code, 1, "{}{}", stopped.out, stopped.err);
    let said = format!("{}{}", stopped.out, stopped.err);
    assert!(said.contains(&format!("{id} factor-year")) && said.contains("--accept ID='reason'"), "{said}");
    let another = desk.pcf(&format!("{publish} --accept 0123456789ab=measured"));
    assert!(another.code != 0 && another.err.contains(&id), "{}{}", another.out, another.err);
    assert_eq!(desk.size(), before, "nothing was appended");

    let published = desk.json(&format!("{publish} --accept {id}=nobody-publishes-a-newer-one"));
    let footprint = published["footprint"].as_str().unwrap();
    for file in [format!("out/{footprint}.json"), format!("out/{footprint}.html")] {
        let text = fs::read_to_string(desk.path(&file)).unwrap();
        assert!(text.contains("nobody-publishes-a-newer-one"), "{file} does not say who stands by what");
    }
    let key = desk.pcf("log key").ok();
    desk.pcf(&format!("verify out/{footprint}.pcfproof --key {}", key.trim())).ok();
}

#[test]
fn a_newer_edition_in_the_shipped_library_is_named() {
    let desk = Desk::with_bottle(PCF);
    desk.pcf("factor use cn.mee.elec_footprint.2023.national --by acme --sign-with acme.pem").ok();
    desk.edit("activities.csv", "factor:grid", "factor:cn.mee.elec_footprint.2023.national");
    desk.pcf("record activities.csv --sign-with acme.pem").ok();
    let found = found(&desk, "older-edition");
    assert_eq!(found.len(), 1, "{found:?}");
    let remedy = found[0]["command"].as_str().unwrap();
    assert!(remedy.contains("factor use cn.mee.elec_footprint.2024.national"), "{remedy}");
}
