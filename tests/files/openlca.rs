//! Small openLCA packages written by hand are imported, and nothing of them is left out silently.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use pcf_files::openlca::{self, Converted, FindingKind, Package};
use pcf_ledger::calc;
use pcf_ledger::model::{FlowKind, ProductId, Statement};
use pcf_testing::asked;
use serde_json::{Value, json};

use super::uslci::inventory;

const STEEL: &str = "11111111-0000-4000-8000-000000000001";
const POWER: &str = "11111111-0000-4000-8000-000000000002";
const OTHER: &str = "11111111-0000-4000-8000-000000000003";

fn flow(id: &str, kind: &str, name: &str) -> (String, Value) {
    (format!("flows/{id}.json"), json!({"@type": "Flow", "@id": id, "name": name, "flowType": kind}))
}

fn exchange(input: bool, amount: Value, flow: &str, unit: &str) -> Value {
    json!({"isInput": input, "amount": amount, "flow": {"@id": flow, "name": flow}, "unit": {"name": unit}})
}

fn reference(amount: Value, flow: &str, unit: &str) -> Value {
    let mut line = exchange(false, amount, flow, unit);
    line["isQuantitativeReference"] = json!(true);
    line
}

fn process(id: &str, name: &str, exchanges: Vec<Value>) -> (String, Value) {
    (
        format!("processes/{id}.json"),
        json!({"@type": "Process", "@id": id, "name": name, "exchanges": exchanges}),
    )
}

/// Steel from 500 kWh a ton, power with 0.9 kg CO2 a kWh, and lines that no footprint can take.
fn documents() -> Vec<(String, Value)> {
    let mut by_formula = exchange(true, json!(500), "power", "kWh");
    by_formula["amountFormula"] = json!("2*250");
    by_formula["defaultProvider"] = json!({"@id": POWER});
    let mut avoided = exchange(true, json!(100.0), "power", "MJ");
    avoided["isAvoidedProduct"] = json!(true);
    vec![
        flow("steel", "PRODUCT_FLOW", "steel"),
        flow("power", "PRODUCT_FLOW", "power"),
        flow("slag", "PRODUCT_FLOW", "slag"),
        flow("ore", "PRODUCT_FLOW", "ore"),
        flow("CO2", "ELEMENTARY_FLOW", "Carbon dioxide, fossil"),
        flow("soot", "ELEMENTARY_FLOW", "Particulates"),
        flow("tree", "ELEMENTARY_FLOW", "Carbon dioxide, in air"),
        flow("Methane", "ELEMENTARY_FLOW", "Methane"),
        flow("luc", "ELEMENTARY_FLOW", "Carbon dioxide, land transformation"),
        process(
            STEEL,
            "Steel",
            vec![
                reference(json!(1), "steel", "t"),
                exchange(false, json!(200), "slag", "kg"),
                by_formula,
                avoided,
                exchange(true, json!(1600), "ore", "kg"),
                exchange(false, json!(0.5), "Methane", "kg"),
                exchange(false, json!(2), "Carbon dioxide, land transformation", "kg"),
                exchange(true, json!(3), "tree", "kg"),
            ],
        ),
        process(
            POWER,
            "Power",
            vec![
                reference(json!(1), "power", "kWh"),
                exchange(false, json!(0.9), "Carbon dioxide, fossil", "kg"),
                exchange(false, json!(1e-7), "soot", "kg"),
            ],
        ),
        ("unit_groups/mass.json".to_owned(), json!({"@type": "UnitGroup"})),
    ]
}

/// Elementary flows are told by their names here, so the references carry them.
fn named(mut documents: Vec<(String, Value)>) -> Vec<(String, Value)> {
    let flows: Vec<(String, String)> = documents
        .iter()
        .filter(|(place, _)| place.starts_with("flows/"))
        .map(|(_, d)| (d["@id"].as_str().unwrap().to_owned(), d["name"].as_str().unwrap().to_owned()))
        .collect();
    for (_, document) in documents.iter_mut().filter(|(place, _)| place.starts_with("processes/")) {
        for line in document["exchanges"].as_array_mut().unwrap() {
            let said = line["flow"]["@id"].as_str().unwrap().to_owned();
            if let Some((id, name)) = flows.iter().find(|(id, name)| *id == said || *name == said) {
                line["flow"] = json!({"@id": id, "name": name});
            }
        }
    }
    documents
}

fn write_folder(dir: &Path, documents: &[(String, Value)]) {
    for (place, document) in documents {
        let path = dir.join(place);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, document.to_string()).unwrap();
    }
}

fn write_zip(path: &Path, documents: &[(String, Value)]) {
    let mut zip = zip::ZipWriter::new(fs::File::create(path).unwrap());
    for (place, document) in documents {
        zip.start_file(place.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(document.to_string().as_bytes()).unwrap();
    }
    zip.finish().unwrap();
}

fn folder(documents: &[(String, Value)]) -> Package {
    let dir = tempfile::tempdir().unwrap();
    write_folder(dir.path(), documents);
    pcf_desk::files::read_package(dir.path()).unwrap()
}

fn converted(package: &Package) -> Converted {
    openlca::convert(package, &"lab".parse().unwrap(), "2017".parse().unwrap()).unwrap()
}

fn figure(converted: &Converted, process: &str) -> String {
    let product: ProductId = format!("urn:uuid:{process}").parse().unwrap();
    let footprint = calc::footprint(&inventory(converted), &product, &asked("2017")).unwrap();
    footprint.figures.gate.excluding_uptake.to_string()
}

#[test]
fn a_package_calculates_the_same_from_a_zip_and_from_a_folder() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("package.zip");
    write_zip(&file, &named(documents()));
    let zipped = converted(&pcf_desk::files::read_package(&file).unwrap());
    let unpacked = converted(&folder(&named(documents())));
    assert_eq!(zipped.drafts, unpacked.drafts);
    assert_eq!(figure(&zipped, POWER), "0.9");
    // 500 kWh less 100 MJ avoided at 0.9, 0.5 kg methane at 29.8, 2 kg from land use; per ton.
    assert_eq!(figure(&zipped, STEEL), "441.9");
}

#[test]
fn everything_that_is_cut_off_or_assumed_is_named() {
    let found = converted(&folder(&named(documents()))).report;
    let pieces: Vec<(FindingKind, &str, &str)> =
        found.findings.iter().map(|f| (f.kind, f.process.as_str(), f.what.as_str())).collect();
    for expected in [
        (FindingKind::NoProvider, "Steel", "ore"),
        (FindingKind::Coproduct, "Steel", "slag"),
        (FindingKind::NoGwp, "Power", "Particulates"),
        (FindingKind::BiogenicCo2, "Steel", "Carbon dioxide, in air"),
        (FindingKind::Methane, "Steel", "Methane"),
        (FindingKind::Formula, "Steel", "power"),
    ] {
        assert!(pieces.contains(&expected), "{expected:?} in {pieces:?}");
    }
    assert_eq!((found.processes, found.products, found.linked, found.emissions), (2, 2, 2, 3));
    assert_eq!(pieces.len(), 6, "{pieces:?}");
}

#[test]
fn an_emission_that_is_no_mass_is_cut_off_by_name_and_carried_so() {
    let mut documents = named(documents());
    let power = documents.iter_mut().find(|(place, _)| place.contains(POWER)).map(|(_, d)| d).unwrap();
    let volume = exchange(false, json!(0.5), "CO2", "m3");
    power["exchanges"].as_array_mut().unwrap().push(volume);
    let converted = converted(&folder(&documents));
    let unit = converted.report.findings.iter().filter(|f| f.kind == FindingKind::Unit);
    assert_eq!(unit.map(|f| f.process.as_str()).collect::<Vec<_>>(), ["Power"]);
    let carried = |statement: &Statement| match statement {
        Statement::Activity(activity) => {
            activity.flows.iter().filter(|flow| flow.kind == FlowKind::Excluded).count()
        }
        _ => 0,
    };
    // The volume of CO2, and the ore that nothing provides.
    assert_eq!(converted.drafts.iter().map(|draft| carried(&draft.statement)).sum::<usize>(), 2);
}

#[test]
fn documents_beside_processes_and_flows_are_counted_in_a_zip() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("package.zip");
    write_zip(&file, &named(documents()));
    let found = converted(&pcf_desk::files::read_package(&file).unwrap()).report;
    assert!(
        found
            .findings
            .iter()
            .any(|f| f.kind == FindingKind::OtherDocuments && f.what == "1 in `unit_groups/`")
    );
}

#[test]
fn a_coproduct_with_a_stated_share_is_a_product_of_its_own() {
    let mut documents = named(documents());
    let steel = documents.iter_mut().find(|(place, _)| place.contains(STEEL)).map(|(_, d)| d).unwrap();
    steel["defaultAllocationMethod"] = json!("PHYSICAL_ALLOCATION");
    let share = |flow: &str, kind: &str, value: f64| json!({"allocationType": kind, "product": {"@id": flow}, "value": value});
    steel["allocationFactors"] = json!([
        share("steel", "PHYSICAL_ALLOCATION", 0.75),
        share("slag", "PHYSICAL_ALLOCATION", 0.25),
        share("steel", "ECONOMIC_ALLOCATION", 1.0)
    ]);
    let converted = converted(&folder(&documents));
    assert_eq!(converted.report.products, 3);
    assert_eq!(figure(&converted, STEEL), "331.425");
    assert!(!converted.report.counts().contains_key(&FindingKind::Coproduct));
}

#[test]
fn a_provider_that_is_not_there_or_not_named_is_cut_off_by_name() {
    let mut several = named(documents());
    several.push(process(OTHER, "Power too", vec![reference(json!(1), "power", "kWh")]));
    let steel = several.iter_mut().find(|(place, _)| place.contains(STEEL)).map(|(_, d)| d).unwrap();
    steel["exchanges"][2]["defaultProvider"] = json!({"@id": "nobody"});
    let report = converted(&folder(&several)).report;
    let counts = report.counts();
    assert_eq!(counts.get(&FindingKind::ProviderMissing), Some(&1), "{counts:?}");
    assert_eq!(counts.get(&FindingKind::SeveralProviders), Some(&1), "{counts:?}");
    assert_eq!(counts.get(&FindingKind::Nothing), Some(&1), "{counts:?}");
}

#[test]
fn a_process_without_one_reference_above_zero_is_not_converted_and_said_so() {
    for amount in [json!(0), json!(-1)] {
        let bad = process(OTHER, "Odd", vec![reference(amount, "ore", "kg")]);
        let report = converted(&folder(&named([documents(), vec![bad]].concat()))).report;
        let odd: Vec<_> = report.findings.iter().filter(|f| f.process == "Odd").collect();
        assert!(matches!(odd[..], [f] if f.kind == FindingKind::NotConverted), "{odd:?}");
    }
}

#[test]
fn amounts_with_many_digits_lose_none() {
    let mut documents = named(documents());
    let power = documents.iter_mut().find(|(place, _)| place.contains(POWER)).map(|(_, d)| d).unwrap();
    power["exchanges"][1]["amount"] = json!(7.49e-16);
    let converted = converted(&folder(&documents));
    assert!(converted.report.counts().contains_key(&FindingKind::Scaled));
    assert!(!converted.report.counts().contains_key(&FindingKind::Rounded));
    assert_eq!(
        figure(&converted, POWER),
        "0.000000000000001",
        "7.49e-16 kg rounds to one quantum, not to nothing"
    );
}

#[test]
fn what_is_no_package_is_refused_with_a_sentence() {
    let dir = tempfile::tempdir().unwrap();
    let said = |path: &Path| pcf_desk::files::read_package(path).unwrap_err().to_string();
    assert!(said(dir.path()).contains("expected an openLCA package"));
    let file = dir.path().join("a.zip");
    fs::write(&file, b"no zip at all").unwrap();
    assert!(said(&file).contains("expected a zip file or a folder"));
    assert!(said(&dir.path().join("absent")).contains("cannot be read"));
    let broken = dir.path().join("broken");
    write_folder(
        &broken,
        &[("processes/x.json".to_owned(), json!({"@id": "x", "exchanges": [{"amount": "1"}]}))],
    );
    assert!(said(&broken).contains("processes/x.json"), "{}", said(&broken));
}

#[test]
fn a_package_is_told_by_its_list_of_parts_and_not_by_what_they_hold() {
    let dir = tempfile::tempdir().unwrap();
    let is = |name: &str, parts: &[&str]| {
        let file = dir.path().join(name);
        let documents: Vec<_> = parts.iter().map(|part| ((*part).to_owned(), json!("processes/"))).collect();
        write_zip(&file, &documents);
        openlca::is_archive(fs::File::open(&file).unwrap())
    };
    assert!(is("package.zip", &["openlca.json", "processes/x.json"]));
    assert!(is("ilcd.zip", &["ILCD/processes/x.xml"]));
    assert!(!is("other.zip", &["a.json"]), "a part that only speaks of processes/");
    assert!(!is("book.xlsx", &["processes/x.json", "xl/workbook.xml"]));
    fs::write(dir.path().join("text"), "processes/").unwrap();
    assert!(!openlca::is_archive(fs::File::open(dir.path().join("text")).unwrap()));
}

#[test]
fn a_document_beyond_the_cap_is_refused_before_it_fills_the_memory() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("bomb.zip");
    let mut zip = zip::ZipWriter::new(fs::File::create(&file).unwrap());
    zip.start_file("processes/bomb.json", zip::write::SimpleFileOptions::default()).unwrap();
    let blank = vec![b' '; 1 << 20];
    for _ in 0..33 {
        zip.write_all(&blank).unwrap();
    }
    zip.finish().unwrap();
    let said = pcf_desk::files::read_package(&file).unwrap_err().to_string();
    assert!(said.contains("expected documents of at most 32 MiB each"), "{said}");
}
