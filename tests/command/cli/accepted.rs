//! A final publication waits until what was found is mended, or somebody stands by it with a
//! reason.

use std::fs;
use std::path::Path;

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
        "publish {BOTTLE} --show all --period 2024 --valid-until 2027-12-31 --sign-with acme.pem --log-key led-keys/log.pem --out out"
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

/// The works of one of the cases, whose maker has a company id, and the line that publishes it.
fn works(case: &str, edit: impl Fn(String) -> String) -> (Desk, String) {
    let desk = Desk::with_acme(PCF);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/figures").join(case);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|kind| kind == "csv"));
    paths.sort_by_key(|path| !path.ends_with("products.csv"));
    desk.pcf("actor add acme --stage use --type publication --company-id urn:pact:acme.example:company-id:1 --sign-with led-keys/operator.pem").ok();
    for path in paths {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        desk.write(&name, edit(moved(&fs::read_to_string(&path).unwrap())).as_bytes());
        desk.pcf(&format!("record {name} --sign-with acme.pem")).ok();
    }
    let line = moved(
        "publish urn:pact:acme.example:product-id:A --show all --period 2025 --valid-until 2028-06-30 \
         --sign-with acme.pem --log-key led-keys/log.pem --out out",
    );
    (desk, line)
}

/// What the gate says where it stops a publication.
fn stopped(desk: &Desk, publish: &str, name: &str) -> (bool, String) {
    let ran = desk.pcf(&format!("{publish} --format json"));
    assert!(ran.code == 1 && !ran.out.is_empty(), "{}{}", ran.out, ran.err);
    let report: Value = serde_json::from_str(&ran.out).unwrap();
    let ask = report["gate"].as_array().unwrap().iter().find(|ask| ask["name"] == name).unwrap().clone();
    (ask["met"] == true, ask["detail"].as_str().unwrap().to_owned())
}

#[test]
fn what_is_left_out_is_accepted_with_an_estimate_and_counts_as_exempted() {
    let (desk, publish) = works("08-eleven-months-of-electricity", |text| text);
    let (_, detail) = stopped(&desk, &publish, "findings");
    let id = detail.split(" flow-coverage").next().unwrap().split_whitespace().last().unwrap();

    // The hint can be typed as it is printed.
    let refused = desk.pcf(&format!("{publish} --accept {id}=estimated"));
    let hint = refused.err.split("--accept ").nth(2).unwrap();
    let kg = hint.split(':').nth(1).unwrap().split('=').next().unwrap();
    assert!(hint.starts_with(id) && kg.parse::<f64>().unwrap() > 0.0, "{}", refused.err);
    let none = desk.pcf(&format!("{publish} --accept {id}:-1=estimated"));
    assert!(none.code != 0 && none.err.contains("at least 0 kg"), "{}", none.err);

    desk.write(
        "accepted.csv",
        format!("finding;reason;estimate_kg\n{id};the meter was broken;0.1\n").as_bytes(),
    );
    let published = desk.json(&format!("{publish} --accept-file accepted.csv"));
    let footprint = published["footprint"].as_str().unwrap();
    let document: Value =
        serde_json::from_slice(&fs::read(desk.path(&format!("out/{footprint}.json"))).unwrap()).unwrap();
    // 100 * 0.1 / (1.916666666666667 + 0.1)
    assert_eq!(document["pcf"]["exemptedEmissionsPercent"], "4.958678");
    assert_eq!(document["pcf"]["crossSectoralStandards"], serde_json::json!(["PACT-3.0"]));
    let comment = document["comment"].as_str().unwrap();
    assert!(
        comment.contains("Of the 365 days of the period that was asked for, 334 are measured"),
        "{comment}"
    );
    let key = desk.pcf("log key").ok();
    for file in [format!("out/{footprint}.pcfproof"), format!("out/{footprint}.json")] {
        desk.pcf(&format!("verify {file} --key {}", key.trim())).ok();
    }
    desk.pcf("audit").ok();
    // More than PACT lets out ends the claim, and with it the PACT file, but not the publication.
    desk.write(
        "accepted.csv",
        format!("finding,reason,estimate_kg\n{id},the meter was broken,0.2\n").as_bytes(),
    );
    // The file of the footprint before is there, marked anew, and is none of this one.
    let said = desk.pcf(&format!("{publish} --accept-file accepted.csv")).ok();
    assert!(said.contains("no PACT file: what it needs is not stated"), "{said}");
    let published = desk.json(&format!("{publish} --accept-file accepted.csv"));
    let footprint = published["footprint"].as_str().unwrap();
    assert!(!desk.path(&format!("out/{footprint}.json")).exists());
    let advice = published["advice"].to_string();
    assert!(advice.contains("PACT-3.0 is not claimed: 9.448819 % of the emissions are exempted"), "{advice}");
}

#[test]
fn figures_that_were_withdrawn_are_published_again_only_when_that_is_said() {
    let (desk, publish) = works("20-heating-in-winter", |text| text);
    let published = desk.json(&publish);
    let statement = published["statement"].as_str().unwrap();
    let size = desk.size();
    let again = desk.json(&publish);
    assert_eq!((&again["stoodAlready"], &again["footprint"]), (&Value::Bool(true), &published["footprint"]));
    assert_eq!(desk.size(), size, "nothing was appended");
    desk.pcf(&format!("withdraw {statement} --reason wrong --sign-with acme.pem")).ok();
    desk.pcf(&publish).refused(1, &["which was withdrawn", "--again"]);
    let anew = desk.json(&format!("{publish} --again"));
    assert_ne!(anew["footprint"], published["footprint"]);
}

#[test]
fn a_scenario_in_place_of_what_was_measured_is_never_final() {
    let (desk, publish) = works("05-scenario-beside-base", |text| {
        let (head, rows) = text.split_once('\n').unwrap();
        // The product has the one process; the scenario replaces its gas.
        let rows =
            rows.replace("cradle-to-grave", "cradle-to-gate").replace("use,use,2", "production,casting,2");
        let rows: Vec<&str> =
            rows.lines().filter(|row| !row.contains("use,use,") && !row.contains(",grid,")).collect();
        format!("{head}\n{}\n", rows.join("\n"))
    });
    let (met, detail) = stopped(&desk, &format!("{publish} --scenario solar"), "scenario-to-the-gate");
    assert!(!met && detail.contains("production process `casting`"), "{detail}");
}
