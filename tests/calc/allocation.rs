//! The flows of one activity are shared among its products in the fixed order: a product rule,
//! subdivision, system expansion, price, then a physical quantity.

use pcf_ledger::calc::CalcError;
use pcf_testing::inventory::{Ledger, flow, id, with};
use serde_json::{Value, json};

/// A kg of `main` and four of `beside` from one work that emits 10 kg, worth so much.
fn work(allocation: &str, values: Option<(&str, &str)>, changes: Value) -> Ledger {
    let mut ledger = Ledger::new();
    ledger.factor("f", "kg", "1");
    let kg = json!({"declaredUnit": {"amount": "1", "unit": "kg"}});
    ledger.product("main", with(kg.clone(), changes)).product("beside", kg);
    let mut outputs = vec![
        json!({"product": id("main"), "amount": "1", "unit": "kg", "keys": {"key": "1"}}),
        json!({"product": id("beside"), "amount": "4", "unit": "kg", "keys": {"key": "1"}}),
    ];
    if let Some((main, beside)) = values {
        (outputs[0]["value"], outputs[1]["value"]) = (json!(main), json!(beside));
    }
    ledger.activity(json!({"allocation": allocation, "outputs": outputs, "flows": [flow("10", "kg", "f")]}));
    ledger
}

#[test]
fn values_a_unit_more_than_five_times_apart_ask_for_price() {
    // 5 a kg against 1 a kg are five times, not more.
    let even = work("mass", Some(("5", "4")), json!({}));
    assert_eq!((even.gate("main"), even.gate("beside")), ("2".into(), "2".into()));
    assert!(even.footprint("main").notes.is_empty());
    let apart = work("mass", Some(("5.000000000001", "4")), json!({}));
    let errors = apart.errors("main");
    let [CalcError::AllocationOrder { dearer, cheaper, .. }] = &errors[..] else { panic!("{errors:?}") };
    assert_eq!((dearer, cheaper), (&id("main"), &id("beside")));
    let worthless = work("key", Some(("1", "0")), json!({}));
    assert!(matches!(worthless.errors("main")[..], [CalcError::AllocationOrder { .. }]));
}

#[test]
fn what_was_not_made_is_worth_nothing_a_unit_wherever_it_is_named() {
    let outputs = [("none", "0", "0"), ("main", "1", "60"), ("beside", "1", "10")];
    for first in 0..outputs.len() {
        let mut ledger = Ledger::new();
        ledger.factor("f", "kg", "1");
        let mut stated = Vec::new();
        for at in 0..outputs.len() {
            let (name, amount, value) = outputs[(first + at) % outputs.len()];
            ledger.product(name, json!({"declaredUnit": {"amount": "1", "unit": "kg"}}));
            stated.push(json!({"product": id(name), "amount": amount, "unit": "kg", "value": value}));
        }
        ledger.activity(json!({"allocation": "mass", "outputs": stated, "flows": [flow("10", "kg", "f")]}));
        let errors = ledger.errors("main");
        let [CalcError::AllocationOrder { dearer, cheaper, .. }] = &errors[..] else { panic!("{errors:?}") };
        assert_eq!((dearer, cheaper), (&id("main"), &id("beside")), "{first}");
    }
}

#[test]
fn where_values_cannot_be_compared_the_figure_stands_and_says_so() {
    let unstated = work("mass", None, json!({})).footprint("main");
    assert_eq!(unstated.figures.gate.excluding_uptake.to_string(), "2");
    let said = "production process `make` is allocated by mass; whether PACT asks for price instead is not judged, because";
    assert_eq!(unstated.notes, [format!("{said} the value of {} is not stated", id("main"))]);
    let rules = json!({"rules": [{"name": "PCR 1", "operator": "EPD"}]});
    assert!(work("mass", None, rules).footprint("main").notes.is_empty(), "the rule decides");
    let mut apart = work("key", Some(("1000", "1")), json!({}));
    let piece = json!({"declaredUnit": {"amount": "1", "unit": "piece"}});
    apart.product("beside", piece);
    apart.inventory.activities[0].statement.outputs[1].unit = "piece".parse().unwrap();
    let said = said.replace("by mass", "by key");
    assert_eq!(apart.footprint("main").notes, [format!("{said} its outputs have no unit in common")]);
}

#[test]
fn price_within_a_factor_of_five_is_said_and_beyond_it_is_right() {
    let near = work("price", Some(("1", "1")), json!({}));
    assert_eq!((near.gate("main"), near.gate("beside")), ("5".into(), "1.25".into()));
    let note = "production process `make` is allocated by price though its products' values per unit lie within a factor of five, \
        where PACT asks for something physical";
    assert_eq!(near.footprint("main").notes, [note]);
    let far = work("price", Some(("21", "4")), json!({}));
    assert_eq!(far.gate("main"), "8.4");
    assert!(far.footprint("main").notes.is_empty());
}

#[test]
fn a_named_product_rule_decides_whatever_the_values_and_is_among_what_is_used() {
    let rules = json!({"rules": [{"name": "PCR 1", "operator": "EPD"}]});
    let ledger = work("mass", Some(("1000", "4")), rules);
    assert_eq!(ledger.gate("main"), "2");
    // The rule stands in the statement of `main`, and the figure of `beside` rests on it.
    let used = ledger.footprint("beside").used;
    assert!(used.contains(&ledger.inventory.products[&id("main")].id));
}

#[test]
fn values_are_compared_by_mass_where_every_mass_is_known() {
    let run = |mass: &str| {
        let mut ledger = Ledger::new();
        ledger.factor("f", "kg", "1");
        for (name, kg) in [("big", mass), ("small", "1")] {
            ledger.product(name, json!({"massPerDeclaredUnit": kg}));
        }
        let output = |name: &str, value: &str| json!({"product": id(name), "amount": "1", "unit": "piece", "value": value});
        ledger.activity(json!({"allocation": "pieces", "outputs": [output("big", "6"), output("small", "1")], "flows": [flow("1", "kg", "f")]}));
        ledger
    };
    assert_eq!(run("2").gate("big"), "0.5", "3 a kg against 1 a kg");
    assert!(matches!(run("1").errors("big")[..], [CalcError::AllocationOrder { .. }]));
}

#[test]
fn a_co_product_that_replaces_something_named_is_a_credit_that_is_said() {
    let mut ledger = Ledger::new();
    ledger.factor("f", "kg", "1").factor("heat", "MJ", "0.07").product("p", json!({}));
    let steam = json!({"name": "steam to the town", "kind": "energy", "amount": "-30", "unit": "MJ", "factor": "heat",
        "substitutes": "heat from gas"});
    ledger.made("p", "1", json!([flow("10", "kg", "f"), steam.clone()]));
    let footprint = ledger.footprint("p");
    assert_eq!(footprint.figures.gate.excluding_uptake.to_string(), "7.9");
    let note = "flow `steam to the town` counts what the making of `heat from gas` would have emitted, which this work makes needless (system expansion)";
    assert_eq!(footprint.notes, [note]);
    for wrong in
        [json!({"amount": "30"}), json!({"factor": null, "gas": "CO2", "kind": "emission", "unit": "kg"})]
    {
        let flow = with(steam.clone(), wrong);
        let error = serde_json::from_value::<pcf_ledger::model::Flow>(flow).unwrap_err().to_string();
        assert!(
            error.contains("substitutes a product, so it is an amount below zero of its footprint"),
            "{error}"
        );
    }
}
