//! Gate and grave, biogenic carbon, data quality and the trace of one product agree with each other
//! and with hand-made answers.

use pcf_ledger::calc::{CalcError, ContributionSource, Footprint, footprints};
use pcf_ledger::model::{Category, Co2e, Stage};
use pcf_ledger::plausibility::{Asked, Severity, check};
use pcf_testing::inventory::{Ledger, flow, id, input, with, year};
use serde_json::{Value, json};

/// A carton of 0.045 kg biogenic carbon that takes up 0.165 kg and is burnt at the end of its life.
fn carton(carbon: Value) -> Ledger {
    let process = |stage: &str, name: &str| json!({"stage": stage, "name": name, "signers": ["acme"]});
    let mut ledger = Ledger::new();
    ledger.product(
        "p",
        json!({"boundary": "cradle-to-grave", "carbon": carbon,
        "processes": [process("production", "make"), process("recycling", "burn")]}),
    );
    ledger.factor_with(
        "board",
        "kg",
        json!({"values": {"biogenicCO2Uptake": "-1.65", "fossilGhgEmissions": "1"}}),
    );
    ledger.made("p", "1", json!([flow("0.1", "kg", "board")]));
    let burnt = json!([{"name": "flue gas", "kind": "emission", "amount": "0.165", "unit": "kg", "gas": "CO2_biogenic"}]);
    ledger.activity(json!({"stage": "recycling", "process": "burn", "flows": burnt,
        "outputs": [{"product": id("p"), "amount": "1", "unit": "piece"}]}));
    ledger
}

#[test]
fn a_carton_that_grows_and_burns_comes_to_zero_over_its_life() {
    let figures = carton(json!({"biogenic": "0.045", "fossil": "0"})).footprint("p").figures;
    let grave = figures.grave.unwrap();
    assert_eq!(figures.gate.including_uptake.to_string(), "-0.065");
    assert_eq!(grave.categories[Category::BiogenicReleased].to_string(), "0.165");
    assert_eq!(
        (grave.excluding_uptake, grave.including_uptake),
        ("0.1".parse().unwrap(), "0.1".parse().unwrap())
    );
    assert_eq!(figures.stages.len(), Stage::ALL.len(), "every stage of the boundary");
}

#[test]
fn biogenic_carbon_at_the_gate_must_balance_and_be_stated() {
    let wrong = carton(json!({"biogenic": "0.048", "fossil": "0"})).refusal("p");
    assert!(wrong.contains("uptake -0.165 kg") && wrong.contains("0.048 kg of biogenic carbon"), "{wrong}");
    for silent in [Value::Null, json!({"fossil": "0"})] {
        assert!(matches!(carton(silent).errors("p")[..], [CalcError::CarbonUnstated { .. }]));
    }
    let mut packed = carton(json!({"biogenic": "0.04", "fossil": "0"}));
    packed.product(
        "p",
        with(
            serde_json::to_value(&packed.inventory.products[&id("p")].statement).unwrap(),
            json!({"packaging": {"included": true, "biogenicCarbon": "0.005"}}),
        ),
    );
    assert_eq!(packed.gate("p"), "0.1");
    let near = |carbon: &str| carton(json!({"biogenic": carbon, "fossil": "0"}));
    // Within 12e-9 kg nothing is said, up to 1 % of what the carbon asks for it is a note, up to 5
    // % somebody must look, and beyond there is no figure.
    for (carbon, severity) in [
        ("0.045000000272", None),
        ("0.045000000273", Some(Severity::Note)),
        ("0.045454545454", Some(Severity::Note)),
        ("0.045454545455", Some(Severity::Attention)),
        ("0.047368421052", Some(Severity::Attention)),
    ] {
        let ledger = near(carbon);
        assert_eq!(ledger.gate("p"), "0.1");
        let asked = Asked { request: Some(year()), ..Asked::default() };
        let found = check(&ledger.inventory, &asked).findings;
        let of_carbon = found.iter().find(|finding| finding.rule == "biogenic-balance");
        assert_eq!(of_carbon.map(|finding| finding.severity), severity, "{carbon}: {found:?}");
    }
    assert!(matches!(near("0.047368421053").errors("p")[..], [CalcError::CarbonBalance { .. }]));
}

#[test]
fn where_an_inputs_carbon_changes_what_is_made_of_it_no_longer_balances() {
    // What is a note in one carton is beyond the tolerance in a box that states less.
    let gate = |kg: &str| {
        let mut ledger = Ledger::new();
        let holds = |carbon: &str| json!({"carbon": {"biogenic": carbon, "fossil": "0"}});
        ledger.product("carton", holds("0.045")).product("box", holds("42"));
        ledger.factor_with("board", "kg", json!({"values": {"biogenicCO2Uptake": "-1.65"}}));
        ledger.made("carton", "1", json!([flow(kg, "kg", "board")]));
        ledger.made("box", "1", json!([input("1000", "piece", "carton")]));
        ledger
    };
    let (exact, near) = (gate("0.0955"), gate("0.1003"));
    assert_eq!(exact.gate("box"), "0");
    assert!(matches!(near.errors("box")[..], [CalcError::CarbonBalance { .. }]));
    let all = footprints(&near.inventory, &year()).unwrap();
    assert!(all[&id("carton")].is_ok());
    let errors = all[&id("box")].as_ref().unwrap_err().to_string();
    assert!(errors.contains("must balance 42 kg"), "{errors}");
}

#[test]
fn design_counts_at_the_gate_only_where_the_product_rule_says_so() {
    for (at_gate, kg, stages) in [(false, "1", 3), (true, "3", 3)] {
        let process = |stage: &str, name: &str| json!({"stage": stage, "name": name, "signers": ["acme"]});
        let mut ledger = Ledger::new();
        ledger.product("p", json!({"designAtGate": at_gate, "processes": [process("design", "draw"), process("production", "make")]}));
        ledger.factor("f", "kg", "1").made("p", "1", json!([flow("1", "kg", "f")]));
        ledger.activity(json!({"stage": "design", "process": "draw", "flows": [flow("2", "kg", "f")],
            "outputs": [{"product": id("p"), "amount": "1", "unit": "piece"}]}));
        let figures = ledger.footprint("p").figures;
        assert_eq!(figures.gate.excluding_uptake.to_string(), kg);
        assert_eq!(
            (figures.stages.len(), figures.stages[0].stage),
            (stages, Stage::Design),
            "shown beside it"
        );
        assert_eq!(figures.grave, None);
    }
}

/// Half of `p` is the primary footprint of `part`, a quarter a primary flow of a primary factor, a quarter a secondary one.
fn mixed() -> Ledger {
    let quality = |g: &str| json!({"geography": g, "technology": "2", "time": "1"});
    let mut ledger = Ledger::new();
    ledger.product("p", json!({})).product("part", json!({}));
    ledger.factor_with(
        "own",
        "kg",
        json!({"values": {"fossilGhgEmissions": "1"}, "data": "primary", "quality": quality("1")}),
    );
    ledger.factor_with("book", "kg", json!({"values": {"fossilGhgEmissions": "1"}, "quality": quality("4")}));
    let primary = |amount: &str, factor: &str| with(flow(amount, "kg", factor), json!({"data": "primary"}));
    ledger.made("part", "1", json!([primary("3", "own"), primary("1", "book")]));
    ledger.made("p", "1", json!([input("1", "piece", "part"), primary("2", "own"), flow("2", "kg", "own")]));
    ledger
}

#[test]
fn the_primary_share_is_weighted_and_products_pass_on_theirs() {
    let ledger = mixed();
    assert_eq!(ledger.footprint("part").figures.primary_data_share.to_string(), "75");
    // (4 x 75 + 2 x 100 + 2 x 0) / 8
    assert_eq!(ledger.footprint("p").figures.primary_data_share.to_string(), "62.5");
}

#[test]
fn ratings_are_means_weighted_by_contribution() {
    let ledger = mixed();
    let part = ledger.footprint("part").figures.data_quality.unwrap();
    assert_eq!((part.geography.to_string(), part.technology.to_string()), ("1.75".into(), "2".into()));
    let whole = ledger.footprint("p").figures.data_quality.unwrap();
    assert_eq!(whole.geography.to_string(), "1.375");
    let mut unrated = Ledger::new();
    unrated.product("p", json!({})).factor("f", "kg", "1").made("p", "1", json!([flow("1", "kg", "f")]));
    assert_eq!(unrated.footprint("p").figures.data_quality, None);
}

#[test]
fn a_footprint_of_nothing_has_no_primary_share_and_says_so() {
    let mut ledger = Ledger::new();
    ledger.product("p", json!({})).factor("f", "kg", "0").made("p", "1", json!([flow("1", "kg", "f")]));
    let footprint = ledger.footprint("p");
    assert_eq!(footprint.figures.primary_data_share.to_string(), "0");
    assert!(footprint.notes.iter().any(|n| n.contains("shown as 0")), "{:?}", footprint.notes);
}

fn total(footprint: &Footprint) -> Co2e {
    Co2e::total(footprint.contributions.iter().map(|c| c.excluding_uptake)).unwrap()
}

#[test]
fn the_trace_names_every_flow_and_sums_to_the_footprint() {
    let ledger = mixed();
    let footprint = ledger.footprint("p");
    assert_eq!(total(&footprint), footprint.figures.gate.excluding_uptake);
    let first = &footprint.contributions[0];
    let ContributionSource::Product { product, .. } = &first.source else {
        panic!("the largest is the part")
    };
    assert_eq!((product, first.flow, first.converted.to_string().as_str()), (&id("part"), 0, "1"));
    assert_eq!((first.excluding_uptake.to_string().as_str(), first.share.to_string().as_str()), ("4", "1"));
    let places: Vec<usize> = footprint.contributions.iter().map(|c| c.flow).collect();
    assert_eq!(places, [0, 1, 2], "equal ones by their place");
}

#[test]
fn every_statement_behind_a_figure_is_used_and_no_other() {
    let mut ledger = mixed();
    let before = ledger.footprint("p").used;
    assert_eq!(before.len(), 6, "two products, two factors, two activities");
    ledger.factor("unused", "kg", "1").product("other", json!({}));
    ledger.made("other", "1", json!([flow("1", "kg", "unused")]));
    assert_eq!(ledger.footprint("p").used, before);
    assert_eq!(ledger.footprint("part").used.len(), 4);
}

#[test]
fn an_input_is_not_held_up_by_what_is_wrong_after_its_gate() {
    let mut ledger = carton(json!({"biogenic": "0.045", "fossil": "0"}));
    ledger.product("box", json!({"carbon": {"biogenic": "0.045", "fossil": "0"}}));
    ledger.made("box", "1", json!([input("1", "piece", "p")]));
    assert_eq!(ledger.gate("box"), "0.1");
    ledger.activity(json!({"stage": "recycling", "process": "burn", "flows": [flow("1", "kg", "nowhere")], "for": [id("p")]}));
    assert_eq!(ledger.gate("box"), "0.1");
    assert_eq!(ledger.errors("p").len(), 1, "its own life is");
}

#[test]
fn a_statement_for_many_products_is_used_once_by_each() {
    let mut ledger = Ledger::new();
    ledger.factor("f", "kg", "1").product("p", json!({}));
    let names: Vec<String> = (0..3_000).map(|i| format!("v{i:04}")).collect();
    let outputs: Vec<Value> =
        names.iter().map(|n| json!({"product": id(n), "amount": "1", "unit": "piece"})).collect();
    let inputs: Vec<Value> = names.iter().map(|n| input("1", "piece", n)).collect();
    for name in &names {
        ledger.product(name, json!({"massPerDeclaredUnit": "0.1"}));
    }
    ledger.activity(json!({"allocation": "mass", "outputs": outputs, "flows": [flow("3000", "kg", "f")]}));
    ledger.made("p", "1", json!(inputs));
    let footprint = ledger.footprint("p");
    assert_eq!(footprint.figures.gate.excluding_uptake.to_string(), "3000", "allocated equals emitted");
    assert_eq!(footprint.used.len(), 1 + 3_001 + 2);
}

#[test]
fn share_ratings_and_exemptions_speak_of_the_gate_also_where_the_boundary_is_the_grave() {
    let process = |stage: &str, name: &str| json!({"stage": stage, "name": name, "signers": ["acme"]});
    let mut ledger = Ledger::new();
    ledger.product(
        "p",
        json!({"boundary": "cradle-to-grave", "exemptions": "listed",
            "processes": [process("production", "make"), process("use", "wash")]}),
    );
    ledger.factor_with("meter", "kg", json!({"values": {"fossilGhgEmissions": "1"}, "data": "primary", "quality": {"geography": "1", "technology": "1", "time": "1"}}));
    ledger.factor_with("guess", "kg", json!({"values": {"fossilGhgEmissions": "1"}, "quality": {"geography": "5", "technology": "5", "time": "5"}}));
    let measured = with(flow("1", "kg", "meter"), json!({"data": "primary"}));
    let left_out = json!({"name": "glue", "kind": "excluded", "estimate": "1", "reason": "small"});
    ledger.made("p", "1", json!([measured, left_out]));
    ledger.activity(json!({"stage": "use", "process": "wash", "flows": [flow("9", "kg", "guess")],
        "outputs": [{"product": id("p"), "amount": "1", "unit": "piece"}]}));
    let figures = ledger.footprint("p").figures;
    assert_ne!(figures.grave.unwrap().excluding_uptake, figures.gate.excluding_uptake);
    assert_eq!(figures.primary_data_share.to_string(), "100");
    assert_eq!(figures.data_quality.unwrap().technology.to_string(), "1");
    assert_eq!(figures.exempted_emissions_percent.unwrap().to_string(), "50");
}
