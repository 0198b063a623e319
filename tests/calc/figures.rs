//! Sums, roundings, unit conversions and allocation give the figures that were worked out by hand.

use pcf_ledger::calc::allocation::shares;
use pcf_ledger::calc::{CalcError, FlowProblem, footprint};
use pcf_ledger::model::{Category, ProductId, wide::Wide};
use pcf_testing::inventory::{Ledger, flow, id, input, year};
use serde_json::json;

fn one_factor(kg: &str, flows: serde_json::Value, pieces: &str) -> Ledger {
    let mut ledger = Ledger::new();
    ledger.product("p", json!({})).factor("f", "kg", kg).made("p", pieces, flows);
    ledger
}

#[test]
fn a_process_is_amount_times_source_over_good_output() {
    let ledger = one_factor("2.5", json!([flow("10", "kg", "f"), flow("6", "kg", "f")]), "8");
    assert_eq!(ledger.gate("p"), "5");
}

#[test]
fn an_unknown_product_is_refused_by_name() {
    let ledger = Ledger::new();
    assert_eq!(ledger.errors("p"), [CalcError::UnknownProduct { product: id("p") }]);
}

#[test]
fn a_result_is_rounded_once_half_to_even() {
    // 1e-12 kg times 0.001 kg per kg is 1e-15 kg; over 2 and over 2/3 pieces it is a tie.
    let quantum =
        |times: &str, pieces: &str| one_factor("0.001", json!([flow(times, "kg", "f")]), pieces).gate("p");
    assert_eq!(quantum("0.000000000001", "2"), "0");
    assert_eq!(quantum("0.000000000003", "2"), "0.000000000000002");
    assert_eq!(quantum("-0.000000000003", "2"), "-0.000000000000002");
    assert_eq!(quantum("0.000000000005", "2"), "0.000000000000002");
    assert_eq!(quantum("0.000000000005", "1.999999999999"), "0.000000000000003");
    let summed = json!([flow("0.000000000001", "kg", "f"), flow("0.000000000002", "kg", "f")]);
    assert_eq!(one_factor("0.001", summed, "2").gate("p"), "0.000000000000002", "not flow by flow");
}

#[test]
fn stages_and_gate_are_sums_of_the_rounded() {
    let mut ledger = Ledger::new();
    let process = |name: &str| json!({"stage": "production", "name": name, "signers": ["acme"]});
    ledger.product("p", json!({"processes": [process("a"), process("b"), process("c")]}));
    ledger.factor("f", "kg", "1");
    for name in ["a", "b", "c"] {
        ledger.activity(json!({"process": name, "flows": [flow("1", "kg", "f")],
            "outputs": [{"product": id("p"), "amount": "3", "unit": "piece"}]}));
    }
    assert_eq!(ledger.gate("p"), "0.999999999999999");
    let figures = ledger.footprint("p").figures;
    assert_eq!(figures.stages.len(), 2, "procurement and production: {:?}", figures.stages);
    assert_eq!(figures.stages[1].figures, figures.gate);
    assert_eq!(figures.processes.len(), 3);
}

#[test]
fn units_convert_exactly_inside_a_dimension() {
    for (amount, unit) in [("1000", "kg"), ("1", "t"), ("1000000", "g")] {
        assert_eq!(
            one_factor("0.123456789012", json!([flow(amount, unit, "f")]), "1").gate("p"),
            "123.456789012"
        );
    }
    assert_eq!(one_factor("1", json!([flow("2", "lb", "f")]), "1").gate("p"), "0.90718474");
    let mut ledger = Ledger::new();
    ledger.product("p", json!({})).factor("grid", "kWh", "0.5").made(
        "p",
        "1",
        json!([flow("3.6", "MJ", "grid")]),
    );
    assert_eq!(ledger.gate("p"), "0.5");
}

#[test]
fn units_of_two_dimensions_never_convert() {
    let mut ledger = Ledger::new();
    ledger.product("p", json!({})).factor("gas", "kWh_ncv", "0.2").made(
        "p",
        "1",
        json!([flow("3", "kWh_gcv", "gas")]),
    );
    let message = ledger.refusal("p");
    assert!(message.contains("3 kWh_gcv") && message.contains("1 kWh_ncv"), "both sides: {message}");
    assert!(message.contains("`gas used`") && message.contains("net and gross"), "{message}");
}

#[test]
fn the_two_quantities_of_a_haul_are_multiplied_exactly() {
    let haul = json!([{"name": "truck", "kind": "transport", "factor": "road",
        "of": [{"name": "mass", "amount": "4.1", "unit": "t"}, {"name": "distance", "amount": "800", "unit": "km"}]}]);
    let mut ledger = Ledger::new();
    ledger.product("p", json!({})).factor("road", "tkm", "0.1").made("p", "1", haul);
    assert_eq!(ledger.gate("p"), "328");
}

#[test]
fn mass_and_declared_unit_convert_through_the_stated_mass() {
    let mut ledger = Ledger::new();
    ledger
        .product("part", json!({"massPerDeclaredUnit": "0.5"}))
        .product("p", json!({}))
        .factor("f", "kg", "1");
    ledger.activity(json!({"outputs": [{"product": id("part"), "amount": "10", "unit": "kg"}],
        "flows": [flow("40", "kg", "f")]}));
    ledger.made("p", "1", json!([input("3", "kg", "part")]));
    assert_eq!((ledger.gate("part").as_str(), ledger.gate("p").as_str()), ("2", "12"));
    let mut massless = ledger.clone();
    massless.product("part", json!({}));
    let errors = massless.errors("p");
    assert!(
        matches!(
            errors.as_slice(),
            [CalcError::OutputUnit { .. }, CalcError::Flow { .. }]
                | [CalcError::Flow { .. }, CalcError::OutputUnit { .. }]
        ),
        "{errors:?}"
    );
}

#[test]
fn a_product_enters_others_as_its_rounded_figure() {
    let mut ledger = Ledger::new();
    ledger.product("part", json!({})).product("p", json!({})).factor("f", "kg", "1");
    ledger.made("part", "3", json!([flow("1", "kg", "f")]));
    ledger.made("p", "1", json!([input("3", "piece", "part")]));
    assert_eq!(ledger.gate("p"), "0.999999999999999");
}

#[test]
fn plants_of_one_process_are_averaged_and_processes_are_added() {
    let mut ledger = Ledger::new();
    ledger.product(
        "p",
        json!({"processes": [{"stage": "production", "name": "cast", "signers": ["a"]},
        {"stage": "production", "name": "paint", "signers": ["a"]}]}),
    );
    ledger.factor("f", "kg", "1");
    let mut run = |process: &str, site: &str, pieces: &str, kg: &str| {
        ledger.activity(json!({"process": process, "site": {"name": site}, "flows": [flow(kg, "kg", "f")],
            "outputs": [{"product": id("p"), "amount": pieces, "unit": "piece"}]}))
    };
    run("cast", "north", "100", "100");
    run("cast", "south", "300", "700");
    run("paint", "north", "400", "1200");
    assert_eq!(ledger.gate("p"), "5");
}

#[test]
fn categories_are_kept_apart_and_of_which_lines_stay_outside_totals() {
    let mut ledger = Ledger::new();
    ledger.product("p", json!({"carbon": {"biogenic": "0.3", "fossil": "0"}}));
    ledger.factor_with(
        "wood",
        "kg",
        json!({"values": {"biogenicCO2Uptake": "-1.1", "fossilGhgEmissions": "0.5",
        "landUseChangeGhgEmissions": "0.25", "aircraftGhgEmissions": "0.1"}}),
    );
    let packed = json!({"name": "crate", "kind": "packaging", "amount": "1", "unit": "kg", "factor": "wood"});
    let flown = json!({"name": "flight", "kind": "aircraft", "amount": "2", "unit": "kg", "factor": "fly"});
    ledger.factor("fly", "kg", "3").made("p", "1", json!([packed, flown]));
    let gate = ledger.footprint("p").figures.gate;
    assert_eq!(gate.excluding_uptake.to_string(), "6.75");
    assert_eq!(gate.including_uptake.to_string(), "5.65");
    for (category, kg) in [
        (Category::Fossil, "6.5"),
        (Category::LandUseChange, "0.25"),
        (Category::BiogenicUptake, "-1.1"),
        (Category::Packaging, "0.75"),
        (Category::Aircraft, "6.1"),
    ] {
        assert_eq!(gate.categories[category].to_string(), kg, "{category}");
    }
}

fn shared(method: &str, outputs: serde_json::Value) -> Ledger {
    let mut ledger = Ledger::new();
    ledger
        .product("a", json!({"massPerDeclaredUnit": "2"}))
        .product("b", json!({"massPerDeclaredUnit": "1"}));
    ledger.factor("f", "kg", "1");
    ledger.activity(json!({"allocation": method, "outputs": outputs, "flows": [flow("100", "kg", "f")]}));
    ledger
}

#[test]
fn flows_are_shared_by_each_method_and_nothing_is_lost() {
    let out = |a: serde_json::Value, b: serde_json::Value| {
        let whole = |name: &str, more: serde_json::Value| {
            pcf_testing::inventory::with(json!({"product": id(name), "amount": "10", "unit": "piece"}), more)
        };
        json!([whole("a", a), whole("b", b)])
    };
    let none = || json!({});
    for (method, outputs, a, b) in [
        ("mass", out(none(), none()), "6.666666666666667", "3.333333333333333"),
        ("mass", out(none(), json!({"amount": "20", "unit": "kg"})), "5", "2.5"),
        ("pieces", out(none(), json!({"amount": "30"})), "2.5", "2.5"),
        ("price", out(json!({"value": "900"}), json!({"value": "100"})), "9", "1"),
        ("key", out(json!({"keys": {"key": "1"}}), json!({"keys": {"key": "0"}})), "10", "0"),
        (
            "machine hours",
            out(json!({"keys": {"machine hours": "1"}}), json!({"keys": {"Machine  hours": "3"}})),
            "2.5",
            "7.5",
        ),
    ] {
        let ledger = shared(method, outputs);
        assert_eq!((ledger.gate("a").as_str(), ledger.gate("b").as_str()), (a, b), "{method}");
    }
}

#[test]
fn an_output_outside_the_key_is_an_error() {
    let outputs = json!([{"product": id("a"), "amount": "1", "unit": "piece", "value": "1", "keys": {"hours": "1"}},
        {"product": id("b"), "amount": "1", "unit": "piece"}]);
    assert!(shared("price", outputs.clone()).refusal("a").contains("needs the value"));
    assert!(shared("hours", outputs).refusal("a").contains("needs the key `hours`"));
    let outputs = json!([{"product": id("a"), "amount": "1", "unit": "kg"},
        {"product": id("b"), "amount": "1", "unit": "piece"}]);
    assert!(shared("pieces", outputs).refusal("a").contains("an amount in piece"));
    let outputs = json!([{"product": id("a"), "amount": "1", "unit": "piece"},
        {"product": id("stranger"), "amount": "1", "unit": "piece"}]);
    assert!(shared("mass", outputs).refusal("a").contains("the mass per declared unit"));
    let outputs = json!([{"product": id("a"), "amount": "1", "unit": "piece", "keys": {"key": "0"}},
        {"product": id("b"), "amount": "1", "unit": "piece", "keys": {"key": "0"}}]);
    assert!(shared("key", outputs).refusal("a").contains("at least one key above 0"));
}

#[test]
fn shares_sum_to_one_and_ties_go_to_the_smaller_product() {
    let ids: Vec<ProductId> = ["c", "a", "b"].map(id).into();
    let keys: Vec<(&ProductId, Wide)> = ids.iter().map(|id| (id, Wide::new(7))).collect();
    let of = shares(&keys).unwrap();
    assert_eq!(of.iter().map(|s| s.quanta()).sum::<i128>(), 10_i128.pow(30));
    assert_eq!(
        of.iter().map(ToString::to_string).collect::<Vec<_>>(),
        [
            "0.333333333333333333333333333333",
            "0.333333333333333333333333333334",
            "0.333333333333333333333333333333"
        ]
    );
    assert!(shares(&[(&ids[0], Wide::new(-1)), (&ids[1], Wide::new(2))]).is_err());
}

#[test]
fn a_number_beyond_the_exact_range_is_an_error_and_never_wraps() {
    let most = "999999999999999999";
    let ledger = one_factor(most, json!([flow(most, "t", "f")]), "0.000000000001");
    assert!(matches!(ledger.errors("p")[0], CalcError::Flow { problem: FlowProblem::Value(_), .. }));
}

#[test]
fn every_id_of_a_product_finds_it() {
    let mut ledger = Ledger::new();
    ledger.product("p", json!({"ids": [id("p"), id("p-other")]})).factor("f", "kg", "1");
    ledger.made("p-other", "1", json!([flow("1", "kg", "f")]));
    let by_alias = footprint(&ledger.inventory, &id("p-other"), &year()).unwrap();
    assert_eq!(by_alias, ledger.footprint("p"));
    assert_eq!(by_alias.product, id("p"));
    let twice = json!([{"product": id("p"), "amount": "1", "unit": "piece"}, {"product": id("p-other"), "amount": "1", "unit": "piece"}]);
    ledger.inventory.activities.clear();
    ledger.activity(json!({"allocation": "pieces", "outputs": twice, "flows": [flow("1", "kg", "f")]}));
    assert!(matches!(ledger.errors("p")[..], [CalcError::OutputTwice { .. }]));
}
