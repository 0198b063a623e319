//! Activities: one flow a row. Rows that agree in all but the flow make one statement; rows without a flow name its further products.

use std::collections::BTreeMap;

use super::cells::Cells;
use super::table::{Row, Table};
use super::{Columns, Problems, checked};
use crate::exchange::Draft;
use crate::model::{
    Activity, ActorId, Amount, Evidence, FactorId, Flow, FlowKind, FlowSource, FootprintId, Gas, Instrument,
    Measure, Output, Period, ProductId, Quantity, Salt, Site, Text, Unit,
};

/// The columns of activities.
pub(in crate::exchange) const COLUMNS: Columns = Columns {
    what: "activities",
    required: &[
        "stage",
        "process",
        "start",
        "end",
        "product",
        "output",
        "output_unit",
        "flow",
        "kind",
        "amount",
        "unit",
        "source",
    ],
    optional: &[
        "site",
        "country",
        "subdivision",
        "applies_to_start",
        "applies_to_end",
        "scenario",
        "batch",
        "allocation",
        "key",
        "times",
        "times_unit",
        "upstream",
        "data",
        "evidence",
        "fossil_carbon",
        "biogenic_carbon",
        "delivered",
        "estimate",
        "reason",
        "uncertainty",
        "instrument",
        "instrument_kwh",
        "instrument_start",
        "instrument_end",
        "quality_technology",
        "quality_geography",
        "quality_time",
    ],
    family: |_| false,
};

/// What all rows of a statement agree in, its products aside.
const SHARED: [&str; 16] = [
    "stage",
    "process",
    "site",
    "country",
    "subdivision",
    "start",
    "end",
    "applies_to_start",
    "applies_to_end",
    "scenario",
    "batch",
    "allocation",
    "evidence",
    "quality_technology",
    "quality_geography",
    "quality_time",
];

/// What names one product of a statement.
const OUTPUT: [&str; 4] = ["product", "output", "output_unit", "key"];

/// What only a flow has.
const FLOW: [&str; 16] = [
    "flow",
    "kind",
    "amount",
    "unit",
    "times",
    "times_unit",
    "source",
    "upstream",
    "data",
    "fossil_carbon",
    "biogenic_carbon",
    "delivered",
    "estimate",
    "reason",
    "uncertainty",
    "instrument",
];

/// The rows of one statement.
struct Work<'t> {
    flows: Vec<Row<'t>>,
    outputs: Vec<Row<'t>>,
}

pub(super) fn read(table: &Table, by: &ActorId, problems: &mut Problems) -> Vec<Draft> {
    let mut groups: Vec<Vec<Row<'_>>> = Vec::new();
    let mut index: BTreeMap<[&str; 16], usize> = BTreeMap::new();
    for row in table.rows() {
        let next = groups.len();
        let at = *index.entry(SHARED.map(|column| row.cell(column))).or_insert(next);
        if at == next {
            groups.push(Vec::new());
        }
        if let Some(group) = groups.get_mut(at) {
            group.push(row);
        }
    }
    let mut drafts: Vec<(Draft, Row<'_>)> = Vec::new();
    for group in groups {
        // The shared cells are read once a group, so that a wrong one is reported once.
        let Some(first) = group.first().copied() else { continue };
        let head = head(&mut Cells { row: first, problems }, by);
        for work in divide(group, problems) {
            let Some(row) = work.flows.first().or(work.outputs.first()).copied() else { continue };
            if let Some(draft) = statement(head.as_ref(), &work, problems) {
                drafts.push((draft, row));
            }
        }
    }
    refuse_same_work(&drafts, problems);
    drafts.into_iter().map(|(draft, _)| draft).collect()
}

/// Rows that agree in the shared columns: one statement where rows without a flow name further products, else one for each product.
fn divide<'t>(group: Vec<Row<'t>>, problems: &mut Problems) -> Vec<Work<'t>> {
    let (flows, outputs): (Vec<_>, Vec<_>) =
        group.into_iter().partition(|row| FLOW.iter().any(|column| !row.cell(column).is_empty()));
    let mut by_output: Vec<([&str; 4], Vec<Row<'t>>)> = Vec::new();
    for row in flows {
        let output = OUTPUT.map(|column| row.cell(column));
        match by_output.iter_mut().find(|(known, _)| *known == output) {
            Some((_, rows)) => rows.push(row),
            None => by_output.push((output, vec![row])),
        }
    }
    if outputs.is_empty() {
        return by_output.into_iter().map(|(_, flows)| Work { flows, outputs: Vec::new() }).collect();
    }
    let named = by_output.iter().filter(|(output, _)| output.iter().any(|cell| !cell.is_empty())).count();
    if named > 1 {
        for row in &outputs {
            let sentence = "this row without a flow names a further product of a statement, but the rows of the same work with flows name several products: let them all name one, or none";
            problems.push(row.line, "product", sentence);
        }
        return Vec::new();
    }
    vec![Work { flows: by_output.into_iter().flat_map(|(_, rows)| rows).collect(), outputs }]
}

/// A statement with neither outputs nor flows.
fn head(cells: &mut Cells<'_, '_>, by: &ActorId) -> Option<Activity> {
    let stage = cells.required("stage");
    let process = cells.required("process");
    let period = period(cells, "start", "end");
    let applies_to = cells.period("applies_to_start", "applies_to_end");
    let site = site(cells);
    let evidence = evidence(cells);
    let (scenario, batch) = (cells.optional("scenario"), cells.optional("batch"));
    let (allocation, quality) = (cells.optional("allocation"), cells.quality());
    Some(Activity {
        allocation,
        applies_to,
        batch,
        by: by.clone(),
        evidence,
        flows: Vec::new(),
        outputs: Vec::new(),
        period: period?,
        process: process?,
        quality,
        replaces: None,
        salt: Salt::from_bytes([0; 16]),
        scenario,
        site,
        stage: stage?,
        r#type: Default::default(),
        v: Default::default(),
    })
}

fn period(cells: &mut Cells<'_, '_>, start: &str, end: &str) -> Option<Period> {
    if cells.text(start).is_none() && cells.text(end).is_none() {
        cells.refuse(start, "a value is missing");
    }
    cells.period(start, end)
}

fn site(cells: &mut Cells<'_, '_>) -> Option<Site> {
    let (country, subdivision) = (cells.optional("country"), cells.optional("subdivision"));
    let name = cells.optional("site");
    if name.is_none() && cells.text("site").is_none() {
        if let Some(column) = ["country", "subdivision"].into_iter().find(|c| cells.text(c).is_some()) {
            cells.refuse(column, "a place needs the name of its site in the column site");
        }
    }
    Some(Site { country, name: name?, subdivision })
}

/// `name=sha256` of each file, separated by `|`.
fn evidence(cells: &mut Cells<'_, '_>) -> Vec<Evidence> {
    let mut files = Vec::new();
    for part in cells.text("evidence").unwrap_or_default().split('|').map(str::trim).filter(|p| !p.is_empty())
    {
        let named = part.rsplit_once('=').map(|(name, digest)| (name.trim().parse(), digest.trim().parse()));
        match named {
            Some((Ok(name), Ok(sha256))) => files.push(Evidence { name, sha256 }),
            _ => {
                let got: String = part.chars().take(80).collect();
                cells.refuse(
                    "evidence",
                    format!("expected NAME=SHA256 of each file, several separated by |, got `{got}`"),
                );
            }
        }
    }
    files
}

fn statement(head: Option<&Activity>, work: &Work<'_>, problems: &mut Problems) -> Option<Draft> {
    let mut outputs: Vec<([&str; 4], Option<Output>)> = Vec::new();
    let several = !work.outputs.is_empty();
    for row in work.flows.iter().chain(&work.outputs) {
        let named = OUTPUT.map(|column| row.cell(column));
        let blank = named.iter().all(|cell| cell.is_empty());
        if (blank && several) || outputs.iter().any(|(known, _)| *known == named) {
            continue;
        }
        outputs.push((named, output(&mut Cells { row: *row, problems })));
    }
    let flows: Vec<Option<Flow>> =
        work.flows.iter().map(|row| flow(&mut Cells { row: *row, problems })).collect();
    let mut rows: Vec<u64> = work.flows.iter().chain(&work.outputs).map(|row| row.line).collect();
    rows.sort_unstable();
    let activity = Activity {
        flows: flows.into_iter().collect::<Option<_>>()?,
        outputs: outputs.into_iter().map(|(_, output)| output).collect::<Option<_>>()?,
        ..head?.clone()
    };
    let column = if activity.outputs.len() > 1 { "allocation" } else { "flow" };
    checked(activity, rows, column, problems)
}

fn output(cells: &mut Cells<'_, '_>) -> Option<Output> {
    let product = cells.required("product");
    let (amount, unit) = (cells.required_number("output"), cells.required("output_unit"));
    let key = cells.number("key");
    if amount.is_some_and(|a| !a.is_positive()) {
        cells.refuse("output", "expected an amount above zero: good product finally delivered");
    }
    Some(Output { amount: amount?, key, product: product?, unit: unit? })
}

fn flow(cells: &mut Cells<'_, '_>) -> Option<Flow> {
    let name = cells.required::<Text>("flow");
    let kind = cells.required::<FlowKind>("kind");
    let excluded = kind == Some(FlowKind::Excluded);
    let amount = amount(cells, excluded);
    let source = if excluded { excluded_source(cells) } else { source(cells, kind) };
    let carbon = (cells.number("biogenic_carbon"), cells.number("fossil_carbon"));
    let data = cells.optional("data");
    let delivered = cells.yes_no("delivered").unwrap_or(false);
    let (instrument, uncertainty) = (instrument(cells), cells.number("uncertainty"));
    let flow = Flow {
        amount: amount?,
        biogenic_carbon: carbon.0,
        data,
        delivered,
        fossil_carbon: carbon.1,
        instrument,
        kind: kind?,
        name: name?,
        source: source?,
        uncertainty,
    };
    // What the parts of a flow must agree in is said in one place: where it is parsed.
    let parsed = serde_json::to_value(&flow).and_then(serde_json::from_value::<Flow>);
    parsed.map_err(|e| cells.refuse("flow", e.to_string())).ok()
}

/// The outer option is empty where a cell is wrong.
fn amount(cells: &mut Cells<'_, '_>, excluded: bool) -> Option<Option<Amount>> {
    let columns = ["amount", "unit", "times", "times_unit"];
    if excluded && columns.iter().all(|column| cells.text(column).is_none()) {
        return Some(None);
    }
    let (amount, unit) = (cells.required_number("amount"), cells.required::<Unit>("unit"));
    if cells.text("times").is_none() && cells.text("times_unit").is_none() {
        return Some(Some(Amount::Given(Quantity { amount: amount?, unit: unit? })));
    }
    let (times, times_unit) = (cells.required_number("times"), cells.required::<Unit>("times_unit"));
    let measure = |name: &str, amount, unit| Some(Measure { amount, name: name.parse().ok()?, unit });
    Some(Some(Amount::Of([measure("amount", amount?, unit?)?, measure("times", times?, times_unit?)?])))
}

fn excluded_source(cells: &mut Cells<'_, '_>) -> Option<FlowSource> {
    for column in ["source", "upstream"] {
        if cells.text(column).is_some() {
            cells.refuse(column, "an excluded flow has an estimate and a reason, and no source");
        }
    }
    let (estimate, reason) = (cells.required_mass("estimate"), cells.required::<Text>("reason"));
    Some(FlowSource::Excluded { estimate: estimate?, reason: reason? })
}

fn source(cells: &mut Cells<'_, '_>, kind: Option<FlowKind>) -> Option<FlowSource> {
    for column in ["estimate", "reason"] {
        if cells.text(column).is_some() {
            cells.refuse(column, "only a flow of kind excluded has this");
        }
    }
    let upstream = cells.text("upstream").map(|text| text.strip_prefix("factor:").unwrap_or(text));
    let upstream = upstream.map(|text| text.parse::<FactorId>());
    let Some(text) = cells.text("source") else {
        cells.refuse("source", "a value is missing: factor:, product:, footprint: or gas: and an id");
        return None;
    };
    let parsed = parse_source(text, kind);
    match (parsed, upstream) {
        (Ok(FlowSource::Factor { factor, .. }), Some(Ok(upstream))) => {
            Some(FlowSource::Factor { factor, upstream: Some(upstream) })
        }
        (Ok(_), Some(Ok(_))) => {
            cells.refuse("upstream", "only a flow whose source is a factor has an upstream factor");
            None
        }
        (Ok(source), None) => Some(source),
        (parsed, upstream) => {
            if let Some(Err(e)) = upstream {
                cells.refuse("upstream", e.to_string());
            }
            if let Err(sentence) = parsed {
                cells.refuse("source", sentence);
            }
            None
        }
    }
}

/// A source with its prefix, or without where there is one meaning: a URN is a product, a UUID a footprint, the name of a gas a gas where
/// the flow is an emission, and anything else a factor.
fn parse_source(text: &str, kind: Option<FlowKind>) -> Result<FlowSource, String> {
    let gas_name = text.parse::<Gas>().is_ok();
    let (prefix, id) = match text.split_once(':') {
        Some((prefix @ ("factor" | "product" | "footprint" | "gas"), id)) => (prefix, id.trim()),
        Some(("urn", _)) => ("product", text),
        Some((other, _)) => {
            return Err(format!("expected factor:, product:, footprint: or gas: and an id, got `{other}:`"));
        }
        None if text.to_ascii_lowercase().parse::<FootprintId>().is_ok() => ("footprint", text),
        None if gas_name && kind == Some(FlowKind::Emission) => ("gas", text),
        None if gas_name => {
            return Err(format!(
                "`{text}` is a gas, which only a flow of kind emission emits; write factor:{text} if a factor has this name"
            ));
        }
        None => ("factor", text),
    };
    let fault = |e: crate::model::ValueError| e.to_string();
    match prefix {
        "product" => id.parse::<ProductId>().map(FlowSource::Product).map_err(fault),
        "footprint" => {
            id.to_ascii_lowercase().parse::<FootprintId>().map(FlowSource::Footprint).map_err(fault)
        }
        "gas" => id.parse::<Gas>().map(FlowSource::Gas).map_err(fault),
        _ => id.parse().map(|factor| FlowSource::Factor { factor, upstream: None }).map_err(fault),
    }
}

fn instrument(cells: &mut Cells<'_, '_>) -> Option<Instrument> {
    let columns = ["instrument", "instrument_kwh", "instrument_start", "instrument_end"];
    if columns.iter().all(|column| cells.text(column).is_none()) {
        return None;
    }
    let (id, kwh) = (cells.required("instrument"), cells.required_number("instrument_kwh"));
    let period = period(cells, "instrument_start", "instrument_end");
    Some(Instrument { id: id?, kwh: kwh?, period: period? })
}

/// Two statements of one file about the same work would be counted twice or refused later; the column they differ in is the slip.
fn refuse_same_work(drafts: &[(Draft, Row<'_>)], problems: &mut Problems) {
    let mut seen: BTreeMap<String, Row<'_>> = BTreeMap::new();
    for (draft, row) in drafts {
        let Some(first) = seen.insert(draft.statement.subject(), *row) else { continue };
        let differs = SHARED.iter().chain(&OUTPUT).find(|column| first.cell(column) != row.cell(column));
        let column = differs.copied().unwrap_or("process");
        let sentence = format!(
            "row {} describes the same work (product, stage, process, site, period, batch, scenario) and differs in this column: `{}` there, `{}` here; make them agree",
            first.line,
            first.cell(column),
            row.cell(column)
        );
        problems.push(row.line, column, sentence);
    }
}
