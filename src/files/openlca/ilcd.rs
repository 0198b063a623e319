//! ILCD and TIDAS, which spells ILCD as JSON: processes, flows, flow properties and unit groups. An
//! amount of an exchange is in the reference unit of its flow's reference property.

use super::package::Package;
use super::schema::{
    Category, Exchange, Flow, FlowProperty, FlowType, GroupUnit, Process, PropertyFactor, Reference,
    UnitGroup,
};
use super::tree::Element;

/// The datasets of ILCD that a footprint needs, by their first element.
pub(super) const DATA_SETS: [&str; 4] =
    ["processDataSet", "flowDataSet", "flowPropertyDataSet", "unitGroupDataSet"];

/// Adds the dataset of a document.
///
/// # Errors
/// A sentence that says what is wrong with it.
pub(super) fn add(document: &Element, package: &mut Package) -> Result<(), String> {
    let kind = document.kind();
    let data_set = document.at(&[kind]).ok_or("it is empty")?;
    let twice = match kind {
        "processDataSet" => {
            let process = process(data_set)?;
            package.processes.insert(process.id.clone(), process).is_some()
        }
        "flowDataSet" => {
            let flow = flow(data_set)?;
            package.flows.insert(flow.id.clone(), flow).is_some()
        }
        "flowPropertyDataSet" => package.units.add_property(flow_property(data_set)?),
        "unitGroupDataSet" => package.units.add_group(unit_group(data_set)?),
        other => return Err(format!("expected a data set of ILCD, got `{other}`")),
    };
    if twice { Err("another document has the same UUID".to_owned()) } else { Ok(()) }
}

/// A number as JSON has one.
///
/// # Errors
/// A sentence for what is none.
pub(super) fn number(text: &str) -> Result<serde_json::Number, String> {
    let plain = text.trim().trim_start_matches('+');
    let plain = if plain.starts_with('.') { format!("0{plain}") } else { plain.to_owned() };
    serde_json::from_str(&plain).map_err(|_| format!("expected a number, got `{}`", text.trim()))
}

fn uuid(data_set: &Element, about: &str) -> Result<String, String> {
    let id = data_set.text_at(&[about, "dataSetInformation", "UUID"]);
    if id.is_empty() { Err("it has no UUID".to_owned()) } else { Ok(id.to_owned()) }
}

fn process(data_set: &Element) -> Result<Process, String> {
    const ABOUT: &str = "processInformation";
    let about = data_set.at(&[ABOUT]).ok_or("it has no processInformation")?;
    let references: Vec<&str> = about
        .at(&["quantitativeReference"])
        .into_iter()
        .flat_map(|reference| reference.all("referenceToReferenceFlow"))
        .map(|reference| reference.text_at(&[]))
        .collect();
    let place = about.at(&["geography", "locationOfOperationSupplyOrProduction"]);
    let place = place.and_then(|place| place.attribute("location")).unwrap_or_default();
    let lines = data_set.at(&["exchanges"]).into_iter().flat_map(|exchanges| exchanges.all("exchange"));
    Ok(Process {
        id: uuid(data_set, ABOUT)?,
        name: about.text_at(&["dataSetInformation", "name", "baseName"]).to_owned(),
        location: Some(Reference { name: place.to_owned(), ..Reference::default() }),
        default_allocation_method: None,
        allocation_factors: Vec::new(),
        exchanges: lines.map(|line| exchange(line, &references)).collect::<Result<_, _>>()?,
    })
}

fn exchange(line: &Element, references: &[&str]) -> Result<Exchange, String> {
    let flow = line.at(&["referenceToFlowDataSet"]).ok_or("an exchange names no flow")?;
    let name = flow.text_at(&["shortDescription"]).to_owned();
    let amounts = [line.text_at(&["resultingAmount"]), line.text_at(&["meanAmount"])];
    let amount = amounts.into_iter().find(|text| !text.is_empty()).unwrap_or_default();
    let own = line.attribute("dataSetInternalID").unwrap_or_default();
    Ok(Exchange {
        is_input: line.text_at(&["exchangeDirection"]).eq_ignore_ascii_case("input"),
        is_quantitative_reference: references.contains(&own),
        is_avoided_product: false,
        amount: number(amount).map_err(|what| format!("{name}: {what}"))?,
        amount_formula: Some(line.text_at(&["referenceToVariable"]))
            .filter(|v| !v.is_empty())
            .map(str::to_owned),
        flow: Reference {
            id: flow.attribute("refObjectId").unwrap_or_default().to_owned(),
            name,
            flow_type: None,
        },
        unit: None,
        flow_property: None,
        default_provider: None,
    })
}

fn flow(data_set: &Element) -> Result<Flow, String> {
    const ABOUT: &str = "flowInformation";
    let kind = data_set.text_at(&["modellingAndValidation", "LCIMethod", "typeOfDataSet"]);
    let flow_type = match kind {
        "Elementary flow" => FlowType::Elementary,
        "Waste flow" => FlowType::Waste,
        "Product flow" | "Other flow" => FlowType::Product,
        other => return Err(format!("expected a type of flow such as Elementary flow, got `{other}`")),
    };
    let about = data_set.at(&[ABOUT, "dataSetInformation"]).ok_or("it has no dataSetInformation")?;
    let categories = about.at(&["classificationInformation", "elementaryFlowCategorization"]);
    let path: Vec<&str> =
        categories.into_iter().flat_map(|path| path.all("category")).map(|part| part.text_at(&[])).collect();
    let reference = data_set.text_at(&[ABOUT, "quantitativeReference", "referenceToReferenceFlowProperty"]);
    let properties = data_set.at(&["flowProperties"]);
    let factor = |property: &Element| {
        let of = property.at(&["referenceToFlowPropertyDataSet"]).ok_or("a flow property names none")?;
        Ok::<_, String>(PropertyFactor {
            flow_property: Reference {
                id: of.attribute("refObjectId").unwrap_or_default().to_owned(),
                name: of.text_at(&["shortDescription"]).to_owned(),
                flow_type: None,
            },
            conversion_factor: number(property.text_at(&["meanValue"]))?,
            is_reference: property.attribute("dataSetInternalID") == Some(reference),
        })
    };
    let properties = properties.into_iter().flat_map(|properties| properties.all("flowProperty"));
    Ok(Flow {
        id: uuid(data_set, ABOUT)?,
        flow_type,
        cas: Some(about.text_at(&["CASNumber"])).filter(|cas| !cas.is_empty()).map(str::to_owned),
        category: Some(Category::Path(path.join("/"))),
        flow_properties: properties.map(factor).collect::<Result<_, _>>()?,
    })
}

fn flow_property(data_set: &Element) -> Result<FlowProperty, String> {
    const ABOUT: &str = "flowPropertiesInformation";
    let group = data_set.at(&[ABOUT, "quantitativeReference", "referenceToReferenceUnitGroup"]);
    Ok(FlowProperty {
        id: uuid(data_set, ABOUT)?,
        name: data_set.text_at(&[ABOUT, "dataSetInformation", "name"]).to_owned(),
        unit_group: group
            .and_then(|group| group.attribute("refObjectId"))
            .map(|id| Reference { id: id.to_owned(), ..Reference::default() }),
    })
}

fn unit_group(data_set: &Element) -> Result<UnitGroup, String> {
    const ABOUT: &str = "unitGroupInformation";
    let id = uuid(data_set, ABOUT)?;
    let reference = data_set.text_at(&[ABOUT, "quantitativeReference", "referenceToReferenceUnit"]);
    let units = data_set.at(&["units"]).into_iter().flat_map(|units| units.all("unit"));
    let unit = |unit: &Element| {
        let own = unit.attribute("dataSetInternalID").unwrap_or_default();
        Ok::<_, String>(GroupUnit {
            id: format!("{id}#{own}"),
            name: unit.text_at(&["name"]).to_owned(),
            conversion_factor: number(unit.text_at(&["meanValue"]))?,
            is_reference: own == reference,
        })
    };
    Ok(UnitGroup { units: units.map(unit).collect::<Result<_, _>>()?, id })
}
