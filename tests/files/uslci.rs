//! A real openLCA database of 766 processes gives the figures of an independent solve.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use pcf_files::openlca::{self, Converted, FindingKind};
use pcf_ledger::calc::{self, Change, Held, Inventory};
use pcf_ledger::codec::{encode_draft, statement_id};
use pcf_ledger::model::{FlowSource, ProductId, Statement};
use pcf_testing::asked;
use serde_json::{Value, json};

const VECTORS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/uslci");

pub fn vector(name: &str) -> Value {
    serde_json::from_slice(&fs::read(format!("{VECTORS}/{name}")).unwrap()).unwrap()
}

/// The names and CAS numbers that openLCA's reference flows have.
pub fn gas(name: &str) -> (&'static str, &'static str) {
    match name {
        "CO2_fossil" => ("Carbon dioxide, fossil", "000124-38-9"),
        "CO2_biogenic" => ("Carbon dioxide, biogenic", "000124-38-9"),
        "CO2_luc" => ("Carbon dioxide, land transformation", "000124-38-9"),
        "CH4_fossil" => ("Methane, fossil", "000074-82-8"),
        "CH4_biogenic" => ("Methane, biogenic", "000074-82-8"),
        "CH4_unspecified" => ("Methane", "000074-82-8"),
        "N2O" => ("Dinitrogen monoxide", "010024-97-2"),
        "SF6" => ("Sulfur hexafluoride", "002551-62-4"),
        "CF4" => ("Methane, tetrafluoro-, CFC-14", "000075-73-0"),
        "C2F6" => ("Ethane, hexafluoro-, HFC-116", "000076-16-4"),
        "HFC134a" => ("Ethane, 1,1,1,2-tetrafluoro-, HFC-134a", "000811-97-2"),
        other => panic!("{other}"),
    }
}

/// Writes the compact data as a package: even processes in the words of schema 1, odd ones in those
/// of schema 2.
pub fn write_package(dir: &Path, processes: &[Value]) {
    fs::create_dir_all(dir.join("flows")).unwrap();
    fs::create_dir_all(dir.join("processes")).unwrap();
    let mut flows: BTreeMap<String, Value> = BTreeMap::new();
    let mut providers: BTreeMap<&str, &str> = BTreeMap::new();
    let mut sorted: Vec<&Value> = processes.iter().collect();
    sorted.sort_by_key(|p| p["id"].as_str());
    for process in &sorted {
        let reference =
            process["outputs"].as_array().unwrap().iter().find(|o| o["reference"] == true).unwrap();
        providers.entry(reference["flow"].as_str().unwrap()).or_insert(process["id"].as_str().unwrap());
    }
    for (n, process) in sorted.iter().enumerate() {
        let [input, reference] =
            [["input", "quantitativeReference"], ["isInput", "isQuantitativeReference"]][n % 2];
        let mut exchanges = Vec::new();
        for (side, list) in [(false, &process["outputs"]), (true, &process["inputs"])] {
            for line in list.as_array().unwrap() {
                let (id, name) = (line["flow"].as_str().unwrap(), &line["name"]);
                let kind = if line["waste"] == true { "WASTE_FLOW" } else { "PRODUCT_FLOW" };
                flows.insert(
                    id.to_owned(),
                    json!({"@type": "Flow", "@id": id, "name": name, "flowType": kind}),
                );
                let mut exchange = json!({"@type": "Exchange", input: side, "amount": line["amount"],
                    "flow": {"@type": "Flow", "@id": id, "name": name}, "unit": {"@type": "Unit", "name": line["unit"]}});
                exchange[reference] = json!(line["reference"] == true);
                if let Some(provider) = providers.get(id).filter(|_| side) {
                    exchange["defaultProvider"] = json!({"@type": "Process", "@id": provider});
                }
                exchanges.push(exchange);
            }
        }
        for line in process["ghg"].as_array().unwrap() {
            let (name, cas) = gas(line["gas"].as_str().unwrap());
            let id = format!("elementary-{}", line["gas"].as_str().unwrap());
            flows.insert(
                id.clone(),
                json!({"@type": "Flow", "@id": id, "name": name, "flowType": "ELEMENTARY_FLOW", "cas": cas}),
            );
            exchanges.push(json!({"@type": "Exchange", input: false, "amount": line["amount"],
                "flow": {"@id": id, "name": name}, "unit": {"name": line["unit"]}}));
        }
        let document = json!({"@type": "Process", "@id": process["id"], "name": process["name"],
            "location": {"name": process["loc"]}, "exchanges": exchanges});
        let file = format!("processes/{}.json", process["id"].as_str().unwrap());
        fs::write(dir.join(file), document.to_string()).unwrap();
    }
    for (id, flow) in flows {
        fs::write(dir.join(format!("flows/{id}.json")), flow.to_string()).unwrap();
    }
}

pub fn inventory(converted: &Converted) -> Inventory {
    let mut inventory = Inventory::default();
    for draft in &converted.drafts {
        let id = statement_id(&encode_draft(&draft.statement).unwrap());
        inventory.apply([match draft.statement.clone() {
            Statement::Activity(statement) => Change::Activity(Held { id, statement }),
            Statement::Product(statement) => Change::Product(Held { id, statement }),
            Statement::Factor(statement) => Change::Factor(Held { id, statement }),
            _ => panic!("a package has no other statements"),
        }]);
    }
    inventory
}

/// Of a declared unit, how many reference units of the package: only units that the ledger does not
/// have differ.
fn reference_units(unit: &str) -> f64 {
    if unit == "ha" { 10_000.0 } else { 1.0 }
}

/// The products of the largest loop: those that reach each other through what they take.
fn largest_loop(inventory: &Inventory) -> BTreeSet<ProductId> {
    let mut inputs: BTreeMap<&ProductId, Vec<&ProductId>> = BTreeMap::new();
    for activity in inventory.activities.iter().map(|held| &held.statement) {
        let taken = activity.flows.iter().filter_map(|flow| match &flow.source {
            FlowSource::Product(input) => Some(input),
            _ => None,
        });
        inputs.entry(&activity.outputs[0].product).or_default().extend(taken);
    }
    let reached = |from: &ProductId| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(product) = open.pop() {
            let next =
                inputs.get(&product).into_iter().flatten().filter(|input| seen.insert((**input).clone()));
            open.extend(next.map(|input| (*input).clone()).collect::<Vec<_>>());
        }
        seen
    };
    let reach: BTreeMap<&ProductId, BTreeSet<ProductId>> =
        inputs.keys().map(|id| (*id, reached(id))).collect();
    let back = |id: &ProductId, from: &ProductId| reach.get(id).is_some_and(|seen| seen.contains(from));
    let loops = reach.iter().map(|(from, seen)| seen.iter().filter(|id| back(id, from)).cloned().collect());
    loops.max_by_key(BTreeSet::len).unwrap()
}

#[test]
fn every_process_of_uslci_calculates_and_agrees_with_an_independent_solve() {
    let (data, expected) = (vector("uslci2017.json"), vector("expected.json"));
    let dir = tempfile::tempdir().unwrap();
    write_package(dir.path(), data["processes"].as_array().unwrap());
    let package = pcf_desk::files::read_package(dir.path()).unwrap();
    let converted = openlca::convert(&package, &"nrel".parse().unwrap(), "2017".parse().unwrap()).unwrap();
    let report = &converted.report;
    assert_eq!((report.processes, report.products), (766, 766));
    assert_eq!(report.linked as u64, expected["links"].as_u64().unwrap(), "{:?}", report.counts());
    let counts = report.counts();
    for (kind, count) in
        [(FindingKind::NoProvider, 2755 + 74), (FindingKind::Methane, 263), (FindingKind::BiogenicCo2, 57)]
    {
        assert_eq!(counts.get(&kind), Some(&count), "{counts:?}");
    }
    assert!(!counts.contains_key(&FindingKind::NotConverted), "{counts:?}");
    let inventory = inventory(&converted);
    let all = calc::footprints(&inventory, &asked("2017")).unwrap();
    assert_eq!(all.len(), 766);
    for (id, result) in &all {
        assert!(result.is_ok(), "{id}: {}", result.as_ref().unwrap_err());
    }
    let members = expected["loop"].as_array().unwrap().iter();
    let members = members.map(|id| format!("urn:uuid:{}", id.as_str().unwrap()).parse().unwrap()).collect();
    assert_eq!(largest_loop(&inventory), members, "the largest loop has those 32 products");
    let sample = expected["sample"].as_object().unwrap();
    assert!(sample.len() > 90);
    for (id, line) in sample {
        let product: ProductId = format!("urn:uuid:{id}").parse().unwrap();
        let exact = &all[&product].as_ref().unwrap().gate.excluding_uptake;
        let got: f64 = exact.to_string().parse().unwrap();
        let want = line["kgCo2e"].as_f64().unwrap() / reference_units(line["unit"].as_str().unwrap());
        assert!((got - want).abs() <= 1e-9 * want.abs() + 1e-13, "{id}: expected {want}, got {got}");
    }
}

#[test]
fn the_largest_loop_of_uslci_has_32_products_and_converges_with_its_spectral_radius() {
    let (data, expected) = (vector("uslci2017.json"), vector("expected.json"));
    let members: Vec<&str> =
        expected["loop"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    assert_eq!(members.len(), 32);
    let processes = data["processes"].as_array().unwrap();
    let of = |id: &str| processes.iter().find(|p| p["id"] == id).unwrap();
    let reference =
        |p: &Value| p["outputs"].as_array().unwrap().iter().find(|o| o["reference"] == true).unwrap().clone();
    let base = |unit: &str| match unit {
        "t" => 1000.0,
        "kWh" => 3.6,
        "l" => 0.001,
        "kg*km" => 0.001,
        "sh tn" => 907.18474,
        "cu ft" => 0.028316846592,
        "btu" => 0.00105505585262,
        "ha" => 10_000.0,
        "MWh" => 3600.0,
        "gal" => 0.003785411784,
        _ => 1.0,
    };
    let size = |line: &Value| line["amount"].as_f64().unwrap() * base(line["unit"].as_str().unwrap());
    let n = members.len();
    let mut matrix = vec![vec![0.0_f64; n]; n];
    for (row, id) in members.iter().enumerate() {
        let process = of(id);
        for input in process["inputs"].as_array().unwrap() {
            let provider = members.iter().position(|m| reference(of(m))["flow"] == input["flow"]);
            if let Some(column) = provider {
                matrix[row][column] += size(input) / size(&reference(process));
            }
        }
    }
    let mut vector = vec![1.0_f64; n];
    let mut radius = 0.0;
    for _ in 0..2000 {
        let next: Vec<f64> =
            matrix.iter().map(|row| row.iter().zip(&vector).map(|(a, v)| a * v).sum::<f64>()).collect();
        radius = next.iter().fold(0.0_f64, |most, v| most.max(v.abs()));
        vector = next.iter().map(|v| v / radius).collect();
    }
    assert!((radius - 0.4156).abs() < 0.0005, "{radius}");
}

/// Two processes of the loop made to need more of each other than they give.
#[test]
fn a_database_that_consumes_itself_is_diagnosed_with_the_loop_and_its_amounts() {
    let (mut data, expected) = (vector("uslci2017.json"), vector("expected.json"));
    let processes = data["processes"].as_array_mut().unwrap();
    let first = expected["loop"][0].as_str().unwrap();
    let members: Vec<String> =
        expected["loop"].as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect();
    // The inputs of one member from the loop, a thousandfold.
    let flows: Vec<Value> = processes
        .iter()
        .filter(|p| members.iter().any(|m| p["id"] == m.as_str()))
        .map(|p| {
            p["outputs"].as_array().unwrap().iter().find(|o| o["reference"] == true).unwrap()["flow"].clone()
        })
        .collect();
    for process in processes.iter_mut().filter(|p| members.iter().any(|m| p["id"] == m.as_str())) {
        for input in process["inputs"].as_array_mut().unwrap() {
            if flows.contains(&input["flow"]) {
                input["amount"] = json!(input["amount"].as_f64().unwrap() * 1000.0);
            }
        }
    }
    let dir = tempfile::tempdir().unwrap();
    write_package(dir.path(), processes);
    let package = pcf_desk::files::read_package(dir.path()).unwrap();
    let converted = openlca::convert(&package, &"nrel".parse().unwrap(), "2017".parse().unwrap()).unwrap();
    let inventory = inventory(&converted);
    let all = calc::footprints(&inventory, &asked("2017")).unwrap();
    let product: ProductId = format!("urn:uuid:{first}").parse().unwrap();
    let said = all[&product].as_ref().unwrap_err().to_string();
    let named = members.iter().filter(|id| said.contains(id.as_str())).count();
    assert!(named >= 2 && said.contains("consumes more than it makes"), "{said}");
    // What lies outside the loop and needs none of it still has its figure.
    assert!(all.values().any(Result::is_ok));
}
