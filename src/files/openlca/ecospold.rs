//! ecoSpold 2: an activity dataset as a process with its exchanges. A treatment that states its
//! waste as a negative product becomes the process that takes the waste in, which is the same
//! balance with the other sign.

use super::ilcd::number;
use super::package::Package;
use super::schema::{Category, Exchange, Flow, FlowType, Process, Reference};
use super::tree::Element;

/// The group of the reference product among outputs.
const REFERENCE: &str = "0";

/// Adds the datasets of a document.
///
/// # Errors
/// A sentence that says what is wrong with a dataset.
pub(super) fn add(document: &Element, package: &mut Package) -> Result<(), String> {
    let root = document.at(&["ecoSpold"]).ok_or("it is no ecoSpold 2 document")?;
    let datasets = root.all("activityDataset").chain(root.all("childActivityDataset"));
    let mut count = 0;
    for dataset in datasets {
        add_dataset(dataset, package)?;
        count += 1;
    }
    if count == 0 {
        return Err(
            "expected an activityDataset or a childActivityDataset of ecoSpold 2, got none".to_owned()
        );
    }
    Ok(())
}

fn add_dataset(dataset: &Element, package: &mut Package) -> Result<(), String> {
    let activity = dataset.at(&["activityDescription", "activity"]).ok_or("it has no activity")?;
    let id = activity.attribute("id").ok_or("its activity has no id")?;
    let data = dataset.at(&["flowData"]).ok_or("it has no flowData")?;
    let mut exchanges = Vec::new();
    for exchange in data.all("intermediateExchange") {
        exchanges.push(intermediate(exchange, package)?);
    }
    for exchange in data.all("elementaryExchange") {
        exchanges.push(elementary(exchange, package)?);
    }
    let reference = exchanges.iter().find(|exchange| exchange.is_quantitative_reference);
    let product = reference.map_or("", |exchange| exchange.flow.id.as_str());
    let place = dataset.text_at(&["activityDescription", "geography", "shortname"]);
    let process = Process {
        id: linked(id, product),
        name: activity.text_at(&["activityName"]).to_owned(),
        location: Some(Reference { name: place.to_owned(), ..Reference::default() }),
        default_allocation_method: None,
        allocation_factors: Vec::new(),
        exchanges,
    };
    let (id, name) = (process.id.clone(), process.name.clone());
    match package.processes.insert(id, process) {
        None => Ok(()),
        Some(_) => Err(format!("another dataset is of the activity `{name}` with the same product")),
    }
}

/// One activity may have a dataset for each of its products.
fn linked(activity: &str, product: &str) -> String {
    format!("{activity}_{product}")
}

fn intermediate(exchange: &Element, package: &mut Package) -> Result<Exchange, String> {
    let id = exchange.attribute("intermediateExchangeId").ok_or("an intermediateExchange has no id")?;
    let name = exchange.text_at(&["name"]);
    let group = exchange.text_at(&["outputGroup"]);
    let flow = Flow {
        id: id.to_owned(),
        flow_type: FlowType::Product,
        cas: None,
        category: None,
        flow_properties: Vec::new(),
    };
    package.flows.entry(id.to_owned()).or_insert(flow);
    let provider = exchange
        .attribute("activityLinkId")
        .map(|activity| Reference { id: linked(activity, id), ..Reference::default() });
    let mut found = plain(exchange, id, name)?;
    found.is_input = group.is_empty();
    found.is_quantitative_reference = group == REFERENCE;
    found.default_provider = provider.filter(|_| found.is_input);
    Ok(found)
}

fn elementary(exchange: &Element, package: &mut Package) -> Result<Exchange, String> {
    let id = exchange.attribute("elementaryExchangeId").ok_or("an elementaryExchange has no id")?;
    let compartment = exchange.text_at(&["compartment", "compartment"]);
    let part = exchange.text_at(&["compartment", "subcompartment"]);
    let flow = Flow {
        id: id.to_owned(),
        flow_type: FlowType::Elementary,
        cas: exchange.attribute("casNumber").map(str::to_owned),
        category: Some(Category::Path(format!("{compartment}/{part}"))),
        flow_properties: Vec::new(),
    };
    package.flows.entry(id.to_owned()).or_insert(flow);
    let mut found = plain(exchange, id, exchange.text_at(&["name"]))?;
    found.is_input = exchange.at(&["inputGroup"]).is_some();
    Ok(found)
}

fn plain(exchange: &Element, id: &str, name: &str) -> Result<Exchange, String> {
    let amount = exchange.attribute("amount").unwrap_or_default();
    Ok(Exchange {
        is_input: false,
        is_quantitative_reference: false,
        is_avoided_product: false,
        amount: number(amount).map_err(|what| format!("{name}: {what}"))?,
        amount_formula: exchange.attribute("mathematicalRelation").map(str::to_owned),
        flow: Reference { id: id.to_owned(), name: name.to_owned(), flow_type: None },
        unit: Some(Reference { name: exchange.text_at(&["unitName"]).to_owned(), ..Reference::default() }),
        flow_property: None,
        default_provider: None,
    })
}

/// Turns the sign of wastes that treatments state as negative products, in every process: what is
/// left is a product that takes waste in.
pub(super) fn turn_wastes(package: &mut Package) {
    let is_negative = |exchange: &Exchange| exchange.amount.to_string().starts_with('-');
    let references = package.processes.values().flat_map(|process| &process.exchanges);
    let wastes: std::collections::BTreeSet<String> = references
        .filter(|exchange| exchange.is_quantitative_reference && is_negative(exchange))
        .map(|exchange| exchange.flow.id.clone())
        .collect();
    for flow in package.flows.values_mut().filter(|flow| wastes.contains(&flow.id)) {
        flow.flow_type = FlowType::Waste;
    }
    let exchanges = package.processes.values_mut().flat_map(|process| &mut process.exchanges);
    for exchange in exchanges.filter(|exchange| wastes.contains(&exchange.flow.id)) {
        let text = exchange.amount.to_string();
        let turned = text.strip_prefix('-').map_or_else(|| format!("-{text}"), str::to_owned);
        // The digits were a number before.
        if let Ok(amount) = number(&turned) {
            exchange.amount = amount;
        }
        // A treatment takes its waste in, all others give it out.
        exchange.is_input = exchange.is_quantitative_reference;
    }
}
