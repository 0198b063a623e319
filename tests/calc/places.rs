//! What a figure must not depend on: ids, the order of outputs, the spelling of names, and what was
//! made at other sites.

use pcf_ledger::calc::{CalcError, Request, footprint};
use pcf_testing::inventory::{Ledger, flow, id, with, year};
use serde_json::{Value, json};

fn period(start: &str, end: &str) -> Value {
    json!({"start": start, "end": end})
}

fn output(product: &str, amount: &str) -> Value {
    json!({"product": id(product), "amount": amount, "unit": "piece"})
}

/// Products `p` and `q` made by one process, and a factor of 1 kg per kg.
fn works(changes: Value) -> Ledger {
    let mut ledger = Ledger::new();
    ledger.product("p", changes).product("q", json!({})).factor("f", "kg", "1");
    ledger
}

fn made(ledger: &mut Ledger, product: &str, amount: &str, changes: Value) {
    ledger.activity(with(json!({"outputs": [output(product, amount)]}), changes));
}

fn read(ledger: &mut Ledger, kg: &str, changes: Value) {
    let base = json!({"for": ["*"], "flows": [flow(kg, "kg", "f")]});
    ledger.activity(with(base, changes));
}

#[test]
fn a_scenario_is_the_same_however_it_is_spelt_also_where_certificates_are_claimed() {
    let claim = |scenario: Option<&str>, product: &str, kwh: &str| {
        let certificate = json!({"id": "GEC-1", "kWh": "100", "period": period("2025-01-01", "2026-01-01")});
        let wind = json!({"name": "wind", "kind": "energy", "amount": kwh, "unit": "kWh", "factor": "wind",
            "instruments": [certificate]});
        let mut said = json!({"outputs": [output(product, "1")], "flows": [wind]});
        if let Some(scenario) = scenario {
            said["scenario"] = json!(scenario);
        }
        said
    };
    for spelt in ["Plan B", "plan b", "PLAN\u{2013}B"] {
        let mut ledger = works(json!({}));
        ledger.factor("wind", "kWh", "1");
        ledger.activity(claim(Some("Plan B"), "p", "80"));
        ledger.activity(claim(None, "q", "80"));
        let asked = Request { scenario: Some(spelt.parse().unwrap()), ..year() };
        let errors = ledger.errors_of("p", &asked);
        assert!(matches!(errors[..], [CalcError::InstrumentOver { .. }]), "{spelt}: {errors:?}");
    }
}

/// Studies of one product that only apply, each of a site or of none, with the year that it is of,
/// in every order of their ids: what the calculation says, by name.
fn studied(studies: &[(Option<&str>, u16)]) -> Vec<String> {
    let mut orders: Vec<Vec<usize>> = vec![vec![]];
    for at in 0..studies.len() {
        orders = orders
            .into_iter()
            .flat_map(|order| {
                (0..=order.len()).map(move |place| {
                    let mut order = order.clone();
                    order.insert(place, at);
                    order
                })
            })
            .collect();
    }
    let said = |order: &Vec<usize>| {
        let mut ledger = works(json!({}));
        for at in order {
            let (site, of) = studies[*at];
            let mut study = json!({"period": period(&format!("{of}-01-01"), &format!("{}-01-01", of + 1)),
                "appliesTo": period("2020-01-01", "2030-01-01"), "outputs": [output("p", "1")],
                "flows": [flow(&(of - 2020).to_string(), "kg", "f")]});
            if let Some(site) = site {
                study["site"] = json!({"name": site});
            }
            ledger.activity(study);
        }
        match footprint(&ledger.inventory, &id("p"), &year()) {
            Ok(footprint) => footprint.figures.gate.excluding_uptake.to_string(),
            Err(errors) => {
                // Studies of one year also state their output twice.
                let twice = |error: &&CalcError| matches!(error, CalcError::AppliesTwice { .. });
                format!("{} together", errors.errors().iter().filter(twice).count())
            }
        }
    };
    let mut all: Vec<String> = orders.iter().map(said).collect();
    all.sort();
    all.dedup();
    all
}

#[test]
fn what_replaces_a_study_hangs_on_no_id() {
    // The study of no site is older than that of `x`, which takes its place; nothing stands against `y`.
    assert_eq!(studied(&[(Some("x"), 2023), (Some("y"), 2022), (None, 2022)]), ["2.5"]);
    // What takes no part takes the place of nothing.
    assert_eq!(studied(&[(Some("x"), 2023), (None, 2022), (Some("y"), 2021)]), ["2"]);
    assert_eq!(studied(&[(None, 2022), (Some("y"), 2022)]), ["1 together"]);
    assert_eq!(studied(&[(Some("x"), 2022), (Some("y"), 2022), (None, 2022)]), ["2 together"]);
    assert_eq!(studied(&[(Some("x"), 2022), (Some("X"), 2022), (None, 2021)]), ["1 together"]);
    assert_eq!(studied(&[(Some("x"), 2022), (Some("y"), 2022)]), ["2"]);
    assert_eq!(studied(&[(None, 2023), (Some("y"), 2022), (Some("y"), 2021), (None, 2020)]), ["3"]);
}

#[test]
fn a_production_partly_inside_stops_no_reading_of_another_site() {
    let shared = |site: &str| {
        let mut ledger = works(json!({}));
        made(&mut ledger, "p", "3", json!({"site": {"name": "north"}}));
        made(&mut ledger, "q", "1", json!({"site": {"name": "north"}}));
        let partly = period("2025-12-01", "2026-02-01");
        made(&mut ledger, "q", "7", json!({"site": {"name": site}, "period": partly}));
        read(&mut ledger, "12", json!({"site": {"name": "North"}, "allocation": "pieces"}));
        ledger
    };
    assert_eq!(shared("south").gate("p"), "3");
    assert!(matches!(shared("north").errors("p")[..], [CalcError::PartialPeriod { .. }]));
    // The statement that lies partly inside still stops what it is of.
    assert!(matches!(shared("south").errors("q")[..], [CalcError::PartialPeriod { .. }]));
}

#[test]
fn output_stated_twice_stops_no_reading_of_another_site() {
    let shared = |site: &str| {
        let mut ledger = works(json!({}));
        made(&mut ledger, "p", "3", json!({"site": {"name": "north"}}));
        for _ in 0..2 {
            made(&mut ledger, "q", "1", json!({"site": {"name": site}}));
        }
        read(&mut ledger, "12", json!({"site": {"name": "north"}, "allocation": "pieces"}));
        ledger
    };
    assert_eq!(shared("south").gate("p"), "4");
    assert!(matches!(shared("north").errors("p")[..], [CalcError::OverlappingPeriods { .. }]));
}

#[test]
fn a_reading_of_nothing_is_nothing_for_everybody() {
    let shared = |kg: &str| {
        let mut ledger = works(json!({}));
        for product in ["p", "q"] {
            let made = with(output(product, "1"), json!({"keys": {"hours": "0"}}));
            ledger.activity(json!({"outputs": [made], "flows": [flow("2", "kg", "f")]}));
        }
        read(&mut ledger, kg, json!({"allocation": "hours"}));
        ledger
    };
    assert_eq!((shared("0").gate("p"), shared("0").gate("q")), ("2".into(), "2".into()));
    assert!(matches!(shared("1").errors("p")[..], [CalcError::NothingToShareBy { .. }]));
    // An estimate of what is left out is something.
    let mut left_out = shared("0");
    let excluded = json!({"name": "x", "kind": "excluded", "estimate": "1", "reason": "lost"});
    read(&mut left_out, "0", json!({"allocation": "hours", "flows": [excluded]}));
    assert!(matches!(left_out.errors("p")[..], [CalcError::NothingToShareBy { .. }]));
}

#[test]
fn a_reading_is_shared_by_price_only_where_a_product_rule_asks_for_it() {
    let shared = |changes: Value| {
        let mut ledger = works(changes);
        for (product, value) in [("p", "3"), ("q", "1")] {
            let made = with(output(product, "1"), json!({"value": value}));
            ledger.activity(json!({"outputs": [made]}));
        }
        read(&mut ledger, "12", json!({"allocation": "price"}));
        ledger
    };
    let refused = shared(json!({})).refusal("q");
    assert!(refused.contains("shared by price") && refused.contains("name the product rule"), "{refused}");
    assert!(refused.contains("machine hours"), "what to fill in instead: {refused}");
    let ruled = shared(json!({"rules": [{"name": "PCR 1", "operator": "EPD"}]}));
    assert_eq!((ruled.gate("p"), ruled.gate("q")), ("9".into(), "3".into()));
    assert!(ruled.footprint("q").used.contains(&ruled.inventory.products[&id("p")].id));
}
