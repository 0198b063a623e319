//! The library reproduces the published answers of other programs and textbooks;
//! `tests/vectors/calc/README.md` cites each of them.

use pcf_ledger::calc::Request;
use pcf_ledger::calc::allocation::shares;
use pcf_ledger::model::wide::Wide;
use pcf_ledger::model::{GwpSet, ProductId};
use pcf_testing::inventory::{Ledger, flow, id, input, year};
use serde_json::{Value, json};

pub fn case(name: &str) -> Value {
    let path = format!("{}/tests/vectors/calc/{name}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// A JSON number as the decimal it is written as, whole numbers without `.0`.
fn decimal(number: &Value) -> String {
    number.to_string().trim_end_matches(".0").to_owned()
}

/// A case of kind `matrix` with one emission counted as kg CO2e: a product per process, its declared unit the output's unit.
pub fn matrix(case: &Value, emission: &str) -> Ledger {
    let mut ledger = Ledger::new();
    let unit = |process: &Value| process["output"]["unit"].as_str().unwrap_or("piece").to_owned();
    let processes = case["processes"].as_array().unwrap();
    ledger.factor("emitted", "kg", "1");
    for process in processes {
        let name = process["id"].as_str().unwrap();
        ledger.product(name, json!({"declaredUnit": {"amount": "1", "unit": unit(process)}}));
        let mut flows = vec![flow("0", "kg", "emitted")];
        for used in process["inputs"].as_array().unwrap() {
            let of = used["process"].as_str().unwrap();
            let from = processes.iter().find(|p| p["id"] == used["process"]).unwrap();
            flows.push(input(&decimal(&used["amount"]), &unit(from), of));
        }
        for emitted in process["emissions"].as_array().unwrap().iter().filter(|e| e["flow"] == emission) {
            flows.push(flow(&decimal(&emitted["amount"]), "kg", "emitted"));
        }
        let amount = decimal(&process["output"]["amount"]);
        ledger.activity(json!({"outputs": [{"product": id(name), "amount": amount, "unit": unit(process)}], "flows": flows}));
    }
    ledger
}

#[test]
fn heijungs_and_suh_electricity_comes_out_exactly() {
    let case = case("01_heijungs_suh_electricity");
    for (emission, per_kwh) in [("CO2", "0.12"), ("SO2", "0.014"), ("crude_oil", "-0.1")] {
        let demand = case["demand"]["amount"].as_f64().unwrap();
        let expected = case["expected"]["inventory"][emission].as_f64().unwrap();
        assert!((per_kwh.parse::<f64>().unwrap() * demand - expected).abs() < 1e-9, "{emission}");
        assert_eq!(matrix(&case, emission).gate("electricity"), per_kwh, "{emission}");
    }
}

#[test]
fn brightway_basic_comes_out_exactly() {
    let case = case("08_brightway_basic");
    assert_eq!(matrix(&case, "b1").gate("101"), decimal(&case["expected"]["total"]["b1"]));
}

#[test]
fn the_mutual_loop_of_openlca_comes_out_exactly() {
    let case = case("03_openlca_mutual_loop");
    for (emission, expected) in [("f1_resource_in", "12"), ("f2", "12")] {
        let ledger = matrix(&case, emission);
        let gate: f64 = ledger.gate("p1").parse().unwrap();
        assert!(
            (2.0 * gate - expected.parse::<f64>().unwrap()).abs() < 1e-12,
            "{emission}: {gate} for one of two"
        );
    }
    assert_eq!((matrix(&case, "f2").gate("p1"), matrix(&case, "f2").gate("p2")), ("6".into(), "4".into()));
}

#[test]
fn the_loop_of_brightway_with_outputs_other_than_one_comes_out_exactly() {
    let case = case("10_brightway_nonunit_recursion");
    let mut ledger = matrix(&case, "a");
    ledger.factor("emitted", "kg", &decimal(&case["characterisation"]["a"]));
    let (demand, score) = (&case["demand"]["amount"], case["expected"]["score"].as_str().unwrap());
    assert_eq!(ledger.gate("2"), "1");
    assert_eq!(decimal(demand), score, "one kg for each of the demanded");
    assert_eq!(ledger.gate("1"), "1");
}

#[test]
fn openlca_allocations_come_out_exactly() {
    let (main, second): (ProductId, ProductId) = (id("a"), id("b"));
    for name in ["product_product", "product_waste_in", "waste_product_out", "waste_waste"] {
        let case = case(&format!("04_openlca_allocation_{name}"));
        let of = shares(&[(&main, Wide::new(1)), (&second, Wide::new(3))]).unwrap();
        let expected = case["factors"].as_array().unwrap();
        assert_eq!(
            of.iter().map(ToString::to_string).collect::<Vec<_>>(),
            expected.iter().map(decimal).collect::<Vec<_>>()
        );
        let mut ledger = Ledger::new();
        ledger.product("a", json!({})).product("b", json!({})).factor("emitted", "kg", "1");
        ledger.activity(json!({"allocation": "key", "flows": [flow(&decimal(&case["process"]["emissions"]["CO2"]), "kg", "emitted")],
            "outputs": [{"product": main, "amount": "1", "unit": "piece", "keys": {"key": "1"}},
                {"product": second, "amount": "1", "unit": "piece", "keys": {"key": "3"}}]}));
        assert_eq!(ledger.gate("a"), decimal(&case["expected"]["reference_CO2"]), "{name}");
    }
}

#[test]
fn modules_of_a_life_add_up_per_unit() {
    let case = case("13_lcax_module_totals");
    let process = |stage: &str, name: &str| json!({"stage": stage, "name": name, "signers": ["acme"]});
    let modules = [("A1A3", "production"), ("A4", "transport"), ("B1", "use")];
    let listed: Vec<Value> = modules.iter().map(|(module, stage)| process(stage, module)).collect();
    let mut ledger = Ledger::new();
    ledger.product("p", json!({"boundary": "cradle-to-grave", "processes": listed})).factor("f", "kg", "1");
    for (module, stage) in modules {
        ledger.activity(json!({"stage": stage, "process": module, "flows": [flow(&decimal(&case["input"][module]), "kg", "f")],
            "outputs": [{"product": id("p"), "amount": "2", "unit": "piece"}]}));
    }
    let figures = ledger.footprint("p").figures;
    for process in &figures.processes {
        let expected = &case["expected"]["normalised_by_2_excluding_D"][process.process.as_str()];
        assert_eq!(process.figures.excluding_uptake.to_string(), decimal(expected));
    }
    let doubled = figures.grave.unwrap();
    assert_eq!(
        doubled.plus(&doubled).unwrap().excluding_uptake.to_string(),
        decimal(&case["expected"]["total_excluding_D"])
    );
}

#[test]
fn a_bill_of_materials_with_energy_comes_out_exactly() {
    let case = case("18_dpp_calc_golden");
    let mut ledger = Ledger::new();
    ledger.product("p", json!({})).factor("grid", "kWh", &decimal(&case["grid"]));
    let mut flows = vec![flow(&decimal(&case["energy_kwh"]), "kWh", "grid")];
    for (i, material) in case["materials"].as_array().unwrap().iter().enumerate() {
        ledger.factor(&format!("m{i}"), "kg", &decimal(&material[1]));
        flows.push(flow(&decimal(&material[0]), "kg", &format!("m{i}")));
    }
    ledger.made("p", "1", json!(flows));
    assert_eq!(ledger.gate("p"), decimal(&case["expected"]["total"]));
    let energy =
        ledger.footprint("p").contributions.into_iter().find(|c| c.name.as_str() == "grid used").unwrap();
    assert_eq!(energy.excluding_uptake.to_string(), decimal(&case["expected"]["energy"]));
}

#[test]
fn one_emission_under_two_reports_comes_out_exactly() {
    let case = case("19_gwp_sets");
    let emitted = case["example"]["input"].as_object().unwrap();
    let flows: Vec<Value> = emitted
        .iter()
        .map(|(gas, kg)| json!({"name": gas, "kind": "emission", "amount": decimal(kg), "unit": "kg", "gas": gas}))
        .collect();
    let mut ledger = Ledger::new();
    ledger.product("p", json!({})).made("p", "1", json!(flows));
    for (set, name) in [(GwpSet::Ar6, "AR6"), (GwpSet::Ar5, "AR5")] {
        let gate = ledger.asked("p", &Request { gwp: set, ..year() }).figures.gate;
        assert_eq!(gate.excluding_uptake.to_string(), decimal(&case["example"]["expected"][name]), "{name}");
    }
}

#[test]
fn every_case_is_cited_and_read_by_a_test() {
    let root = env!("CARGO_MANIFEST_DIR");
    let mut tests = String::new();
    for entry in std::fs::read_dir(format!("{root}/tests/calc")).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            tests.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    let cited = std::fs::read_to_string(format!("{root}/tests/vectors/calc/README.md")).unwrap();
    let mut count = 0;
    for entry in std::fs::read_dir(format!("{root}/tests/vectors/calc")).unwrap() {
        let file = entry.unwrap().file_name().into_string().unwrap();
        let Some(name) = file.strip_suffix(".json") else { continue };
        count += 1;
        // The four cases of allocation have one row and one test.
        let (row, read) = match name.starts_with("04_") {
            true => ("04_openlca_allocation_*".to_owned(), "04_openlca_allocation_{name}".to_owned()),
            false => (name.to_owned(), name.to_owned()),
        };
        assert!(cited.contains(&format!("| `{row}.json` |")), "{file} has no citation");
        assert!(
            tests.contains(&format!("case(\"{read}\")"))
                || tests.contains(&format!("case(&format!(\"{read}\"))")),
            "{file} is read by no test"
        );
    }
    assert_eq!(count, 15);
}
