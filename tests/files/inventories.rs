//! Inventories in ecoSpold 2, ILCD and TIDAS come to the figures of the same inventory in
//! openLCA's own format.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use pcf_files::openlca::{self, Converted, FindingKind, PackageReader};
use pcf_ledger::calc;
use pcf_ledger::model::Statement;
use pcf_testing::asked;
use serde_json::{Value, json};

use crate::uslci::{gas, inventory, vector};

fn converted(documents: &[(String, String)]) -> Converted {
    let mut reader = PackageReader::new("p");
    for (place, text) in documents {
        reader.document(place, text.as_bytes()).unwrap();
    }
    let package = reader.finish().unwrap();
    openlca::convert(&package, &"nrel".parse().unwrap(), "2017".parse().unwrap()).unwrap()
}

/// The figure of each process by its name; of several with one name, all of them.
fn figures(converted: &Converted) -> BTreeMap<String, Vec<String>> {
    let names: BTreeMap<String, String> = converted
        .drafts
        .iter()
        .filter_map(|draft| match &draft.statement {
            Statement::Product(product) => Some((product.ids[0].to_string(), product.name.to_string())),
            _ => None,
        })
        .collect();
    let mut figures: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (id, result) in calc::footprints(&inventory(converted), &asked("2017")).unwrap() {
        let figure = result.unwrap().gate.excluding_uptake.to_string();
        figures.entry(names[&id.to_string()].clone()).or_default().push(figure);
    }
    figures.values_mut().for_each(|all| all.sort());
    figures
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// A process of the compact data as an ecoSpold 2 document.
fn spold(process: &Value, providers: &BTreeMap<&str, &str>) -> String {
    let text = |value: &Value| escaped(value.as_str().unwrap());
    let mut data = String::new();
    for (group, list) in [("output", &process["outputs"]), ("input", &process["inputs"])] {
        for line in list.as_array().unwrap() {
            let flow = line["flow"].as_str().unwrap();
            let waste = line["waste"] == true;
            let given = group == "output" && !waste;
            let link = providers.get(flow).filter(|_| !given);
            let link = link.map(|id| format!(" activityLinkId=\"{id}\"")).unwrap_or_default();
            let group = match given {
                true if line["reference"] == true => "<outputGroup>0</outputGroup>",
                true => "<outputGroup>2</outputGroup>",
                false => "<inputGroup>5</inputGroup>",
            };
            // Waste that leaves is what a treatment takes in, with the other sign.
            let amount = line["amount"].to_string();
            let turned = amount.strip_prefix('-').map_or_else(|| format!("-{amount}"), str::to_owned);
            let amount = if waste { turned } else { amount };
            write!(
                data,
                r#"<intermediateExchange intermediateExchangeId="{flow}" amount="{amount}"{link}><name xml:lang="en">{}</name><unitName xml:lang="en">{}</unitName>{group}</intermediateExchange>"#,
                text(&line["name"]),
                text(&line["unit"]),
            )
            .unwrap();
        }
    }
    for line in process["ghg"].as_array().unwrap() {
        let (name, cas) = gas(line["gas"].as_str().unwrap());
        write!(
            data,
            r#"<elementaryExchange elementaryExchangeId="e-{}" amount="{}" casNumber="{cas}"><name xml:lang="en">{name}</name><unitName xml:lang="en">{}</unitName><compartment><compartment xml:lang="en">air</compartment><subcompartment xml:lang="en">unspecified</subcompartment></compartment><outputGroup>4</outputGroup></elementaryExchange>"#,
            text(&line["gas"]),
            line["amount"],
            text(&line["unit"]),
        )
        .unwrap();
    }
    format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><ecoSpold xmlns="http://www.EcoInvent.org/EcoSpold02"><activityDataset><activityDescription><activity id="{}"><activityName xml:lang="en">{}</activityName></activity><geography><shortname xml:lang="en">US</shortname></geography></activityDescription><flowData>{data}</flowData></activityDataset></ecoSpold>"#,
        text(&process["id"]),
        text(&process["name"]),
    )
}

#[test]
fn the_processes_of_uslci_come_to_the_same_figures_as_ecospold_and_as_openlca() {
    let data = vector("uslci2017.json");
    let mut sorted: Vec<&Value> = data["processes"].as_array().unwrap().iter().collect();
    sorted.sort_by_key(|p| p["id"].as_str());
    let mut providers: BTreeMap<&str, &str> = BTreeMap::new();
    for process in &sorted {
        let outputs = process["outputs"].as_array().unwrap();
        let reference = outputs.iter().find(|output| output["reference"] == true).unwrap();
        providers.entry(reference["flow"].as_str().unwrap()).or_insert(process["id"].as_str().unwrap());
    }
    let document =
        |process: &&Value| (format!("{}.spold", process["id"].as_str().unwrap()), spold(process, &providers));
    let ecospold = converted(&sorted.iter().map(document).collect::<Vec<_>>());
    let dir = tempfile::tempdir().unwrap();
    crate::uslci::write_package(dir.path(), data["processes"].as_array().unwrap());
    let package = pcf_desk::files::read_package(dir.path()).unwrap();
    let by = "nrel".parse().unwrap();
    let own = openlca::convert(&package, &by, "2017".parse().unwrap()).unwrap();
    assert_eq!(ecospold.report.products, 766);
    assert_eq!(ecospold.report.linked, own.report.linked);
    assert_eq!(figures(&ecospold), figures(&own));
}

const SETS: &str = r#"xmlns:common="http://lca.jrc.it/ILCD/Common""#;

/// A dataset of ILCD, in XML and in JSON.
fn ilcd(kind: &str, place: &str, inside: Value) -> [(String, String); 2] {
    let document = json!({ kind: inside });
    let (mut xml, folder) = (String::new(), place.split('/').next().unwrap());
    element(kind, &document[kind], &mut xml);
    let xml = xml.replacen(&format!("<{kind}"), &format!("<{kind} {SETS}"), 1);
    let name = place.rsplit('/').next().unwrap();
    [(format!("ILCD/{folder}/{name}.xml"), xml), (format!("{folder}/{name}.json"), document.to_string())]
}

fn element(name: &str, value: &Value, out: &mut String) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| element(name, item, out)),
        Value::Object(parts) => {
            write!(out, "<{name}").unwrap();
            for (key, value) in parts.iter().filter(|(key, _)| key.starts_with('@')) {
                write!(out, " {}=\"{}\"", &key[1..], escaped(value.as_str().unwrap())).unwrap();
            }
            out.push('>');
            for (key, value) in parts.iter().filter(|(key, _)| !key.starts_with('@')) {
                if key == "#text" {
                    out.push_str(&escaped(value.as_str().unwrap()));
                } else {
                    element(key, value, out);
                }
            }
            write!(out, "</{name}>").unwrap();
        }
        text => write!(out, "<{name}>{}</{name}>", escaped(text.as_str().unwrap())).unwrap(),
    }
}

fn flow(
    id: &str,
    name: &str,
    kind: &str,
    cas: &str,
    categories: &[&str],
    property: &str,
) -> [(String, String); 2] {
    let path: Vec<Value> = categories.iter().map(|name| json!({"@level": "0", "#text": name})).collect();
    ilcd(
        "flowDataSet",
        &format!("flows/{id}"),
        json!({
            "flowInformation": {
                "dataSetInformation": {
                    "common:UUID": id,
                    "name": {"baseName": [{"@xml:lang": "en", "#text": name}]},
                    "classificationInformation": {"common:elementaryFlowCategorization": {"common:category": path}},
                    "CASNumber": cas,
                },
                "quantitativeReference": {"referenceToReferenceFlowProperty": "0"},
            },
            "modellingAndValidation": {"LCIMethod": {"typeOfDataSet": kind}},
            "flowProperties": {"flowProperty": [{
                "@dataSetInternalID": "0",
                "referenceToFlowPropertyDataSet": {"@refObjectId": property, "common:shortDescription": {"@xml:lang": "en", "#text": "Some property"}},
                "meanValue": "1.0",
            }]},
        }),
    )
}

fn process(id: &str, name: &str, lines: &[(&str, &str, &str)]) -> [(String, String); 2] {
    let exchanges: Vec<Value> = lines
        .iter()
        .enumerate()
        .map(|(at, (flow, direction, amount))| {
            json!({
                "@dataSetInternalID": at.to_string(),
                "referenceToFlowDataSet": {"@refObjectId": flow, "common:shortDescription": {"@xml:lang": "en", "#text": *flow}},
                "exchangeDirection": direction,
                "meanAmount": amount,
                "resultingAmount": amount,
            })
        })
        .collect();
    ilcd(
        "processDataSet",
        &format!("processes/{id}"),
        json!({
            "processInformation": {
                "dataSetInformation": {"common:UUID": id, "name": {"baseName": [
                    {"@xml:lang": "de", "#text": "auf Deutsch"}, {"@xml:lang": "en", "#text": name}]}},
                "quantitativeReference": {"@type": "Reference flow(s)", "referenceToReferenceFlow": "0"},
                "geography": {"locationOfOperationSupplyOrProduction": {"@location": "CN"}},
            },
            "exchanges": {"exchange": exchanges},
        }),
    )
}

/// Power of 0.5 kg CO2 per 4 MJ, and board of 8 MJ, 1 kg CO2 and 3 kg CO2 taken out of the air per
/// kg. Power is counted in MJ.
fn small() -> Vec<[(String, String); 2]> {
    let air = ["Emissions", "Emissions to air", "Emissions to air, unspecified"];
    let resource = ["Resources", "Resources from air", "Renewable material resources from air"];
    let group = |id: &str, unit: &str| {
        ilcd(
            "unitGroupDataSet",
            &format!("unitgroups/{id}"),
            json!({
                "unitGroupInformation": {
                    "dataSetInformation": {"common:UUID": id},
                    "quantitativeReference": {"referenceToReferenceUnit": "0"},
                },
                "units": {"unit": [{"@dataSetInternalID": "0", "name": unit, "meanValue": "1.0"}]},
            }),
        )
    };
    let property = |id: &str, group: &str| {
        ilcd(
            "flowPropertyDataSet",
            &format!("flowproperties/{id}"),
            json!({"flowPropertiesInformation": {
                "dataSetInformation": {"common:UUID": id, "common:name": [{"@xml:lang": "en", "#text": id}]},
                "quantitativeReference": {"referenceToReferenceUnitGroup": {"@refObjectId": group}},
            }}),
        )
    };
    vec![
        group("g-mass", "kg"),
        group("g-energy", "MJ"),
        property("p-mass", "g-mass"),
        property("p-energy", "g-energy"),
        flow("f-power", "power", "Product flow", "", &[], "p-energy"),
        flow("f-board", "board", "Product flow", "", &[], "p-mass"),
        flow("f-co2", "carbon dioxide (fossil)", "Elementary flow", "000124-38-9", &air, "p-mass"),
        flow("f-air", "carbon dioxide", "Elementary flow", "000124-38-9", &resource, "p-mass"),
        process("1", "power plant", &[("f-power", "Output", "4"), ("f-co2", "Output", "0.5")]),
        process(
            "2",
            "board mill",
            &[
                ("f-board", "Output", "1"),
                ("f-power", "Input", "8"),
                ("f-co2", "Output", "1.0"),
                ("f-air", "Input", "3"),
            ],
        ),
    ]
}

#[test]
fn an_inventory_of_ilcd_comes_to_the_same_figures_in_xml_and_in_json() {
    let [xml, tidas] = [0, 1].map(|spelling| {
        let documents: Vec<(String, String)> = small().iter().map(|both| both[spelling].clone()).collect();
        converted(&documents)
    });
    for converted in [&xml, &tidas] {
        let figures = figures(converted);
        assert_eq!(figures["board mill"], ["2"], "{:?}", converted.report);
        assert_eq!((converted.report.processes, converted.report.linked), (2, 1));
        let counts = converted.report.counts();
        assert_eq!(counts.get(&FindingKind::BiogenicCo2), Some(&1), "{counts:?}");
    }
    assert_eq!(xml.drafts, tidas.drafts);
}

#[test]
fn a_treatment_that_states_its_waste_as_a_negative_product_takes_it_in() {
    let dataset = |id: &str, name: &str, data: &str| {
        let text = format!(
            r#"<ecoSpold><activityDataset><activityDescription><activity id="{id}"><activityName>{name}</activityName></activity></activityDescription><flowData>{data}</flowData></activityDataset></ecoSpold>"#
        );
        (format!("{id}.spold"), text)
    };
    let exchange = |flow: &str, amount: &str, group: &str, link: &str| {
        format!(
            r#"<intermediateExchange intermediateExchangeId="{flow}" amount="{amount}"{link}><name>{flow}</name><unitName>kg</unitName>{group}</intermediateExchange>"#
        )
    };
    let co2 = r#"<elementaryExchange elementaryExchangeId="e" amount="2" casNumber="124-38-9"><name>Carbon dioxide, fossil</name><unitName>kg</unitName><compartment><compartment>air</compartment></compartment><outputGroup>4</outputGroup></elementaryExchange>"#;
    let reference = "<outputGroup>0</outputGroup>";
    let treatment = dataset("t", "burning", &format!("{}{co2}", exchange("ash", "-1", reference, "")));
    let input = exchange("ash", "-0.5", "<inputGroup>5</inputGroup>", r#" activityLinkId="t""#);
    let maker = dataset("m", "making", &format!("{}{input}", exchange("thing", "1", reference, "")));
    let converted = converted(&[treatment, maker]);
    assert_eq!(figures(&converted)["making"], ["1"], "{:?}", converted.report);
}

#[test]
fn a_document_that_is_damaged_is_named_and_others_are_counted() {
    let mut reader = PackageReader::new("p");
    reader.document("a.spold", &b"<ecoSpold><activityDataset>"[..]).unwrap();
    reader.document("MasterData/Units.xml", &b"<validUnits/>"[..]).unwrap();
    let said = reader.finish().unwrap_err().to_string();
    assert!(said.contains("a.spold") && !said.contains("Units.xml"), "{said}");
}
