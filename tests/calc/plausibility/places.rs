//! Sites, batches and own parts: energy of each place, bills of all places, and what a supplier
//! takes off.

use pcf_ledger::calc::Request;
use pcf_ledger::model::Category;
use pcf_ledger::plausibility::{Asked, check};
use pcf_testing::inventory::{Ledger, id, input, year};
use serde_json::{Value, json};

use super::cases::{and, change, days, energy, haulage, made, process, read, steel};
use super::shop;

fn weighty(ledger: &Ledger, asked: &Asked) -> Vec<&'static str> {
    let findings = check(&ledger.inventory, asked).findings;
    findings.iter().filter(|finding| finding.weighs()).map(|finding| finding.rule).collect()
}

fn of_year() -> Asked {
    Asked { request: Some(year()), ..Asked::default() }
}

fn site(name: &str) -> Value {
    json!({"site": {"name": name}})
}

#[test]
fn each_site_and_each_batch_that_made_something_has_energy() {
    let second = [site("Q"), json!({"site": {"name": "P"}, "batch": "B2"})];
    for place in second {
        for (flows, expected) in
            [(Value::Null, &["energy-missing"][..]), (json!([energy("35", "grid")]), &[])]
        {
            let mut ledger = shop();
            let first = json!({"site": {"name": "P"}, "batch": "B1"});
            made(&mut ledger, "100", first);
            made(&mut ledger, "70", and(place.clone(), json!({"flows": flows})));
            assert_eq!(weighty(&ledger, &of_year()), expected, "{place} {flows}");
        }
        let mut ledger = shop();
        made(&mut ledger, "100", and(site("P"), json!({"flows": null})));
        made(&mut ledger, "70", and(site("Q"), json!({"flows": null})));
        read(&mut ledger, json!([energy("50", "grid")]), json!({}));
        assert_eq!(weighty(&ledger, &of_year()), [""; 0], "one bill of both sites");
    }
}

#[test]
fn a_bill_of_both_sites_does_not_reach_beyond_the_one_that_began_later() {
    let mut ledger = shop();
    made(&mut ledger, "100", and(site("P"), json!({"flows": null})));
    made(&mut ledger, "50", and(and(site("Q"), days("2025-07-01", "2026-01-01")), json!({"flows": null})));
    read(&mut ledger, json!([energy("50", "grid")]), json!({}));
    assert_eq!(weighty(&ledger, &of_year()), [""; 0]);
}

#[test]
fn a_site_that_a_reading_names_is_where_it_was_read() {
    for part in ["site", "batch"] {
        let here = if part == "site" { site("P") } else { json!({"batch": "X"}) };
        let mut ledger = shop();
        ledger.product("q", json!({"massPerDeclaredUnit": "1"}));
        let output = |name: &str| json!({"flows": null, "outputs": [{"product": id(name), "amount": "100", "unit": "piece"}]});
        made(&mut ledger, "100", and(here.clone(), output("p")));
        made(&mut ledger, "100", output("q"));
        let all = json!({"for": ["*"], "allocation": "pieces", "flows": [energy("1000", "grid")]});
        ledger.activity(and(all, here));
        assert_eq!(ledger.gate("p"), "5", "{part}");
        assert_eq!(weighty(&ledger, &of_year()), ["energy-missing"], "{part}: `q` has none");
    }
}

#[test]
fn parts_for_several_batches_are_not_compared_with_one_batch() {
    let mut ledger = shop();
    change(
        &mut ledger,
        json!({"processes": [process("production", "make"), process("production", "parts")]}),
    );
    made(&mut ledger, "100", json!({"batch": "X"}));
    made(&mut ledger, "300", json!({"batch": "Y", "flows": [energy("51", "grid")]}));
    made(&mut ledger, "400", json!({"process": "parts", "flows": [energy("90", "grid")]}));
    let batch = Request { batch: Some("X".parse().unwrap()), ..year() };
    let asked = Asked { request: Some(batch), ..Asked::default() };
    assert!(!weighty(&ledger, &asked).contains(&"uneven-units"));
}

#[test]
fn own_parts_come_with_the_shuttle_between_the_plants() {
    let with_shuttle = |shuttle: bool| {
        let mut ledger = shop();
        ledger.product("lid", json!({"massPerDeclaredUnit": "1"}));
        ledger.made("lid", "100", json!([energy("10", "grid"), steel(json!({}))]));
        let mut flows = vec![energy("50", "grid"), input("100", "piece", "lid")];
        flows.extend(shuttle.then(|| haulage("100")));
        made(&mut ledger, "100", json!({"flows": flows}));
        weighty(&ledger, &of_year())
    };
    assert_eq!(with_shuttle(true), [""; 0]);
    assert_eq!(with_shuttle(false), ["transport-missing"]);
}

#[test]
fn a_supplier_that_takes_something_off_is_looked_at() {
    for (category, kg, expected) in [
        (Category::Fossil, "-0.1", &["offset"][..]),
        (Category::TechnologicalRemovals, "-0.1", &["offset"]),
        (Category::Fossil, "0.1", &[]),
    ] {
        let mut ledger = shop();
        let uuid = "00000000-0000-4000-8000-000000000001";
        let bought = ledger.bought(uuid, ("1", "kg"), "1");
        bought.categories[category] = kg.parse().unwrap();
        let caps = json!({"name": "caps", "kind": "material", "amount": "100", "unit": "kg", "footprint": uuid, "delivered": true});
        made(&mut ledger, "100", json!({"flows": [energy("50", "grid"), caps]}));
        assert_eq!(weighty(&ledger, &of_year()), expected, "{category}");
    }
}
