//! Activities: one flow a row. Rows that agree in all but the flow make one statement; rows without a flow name its further products.

use std::collections::BTreeMap;

use super::cells::Cells;
use super::table::{Row, Table};
use super::{Columns, Problems, checked, flow};
use crate::exchange::Draft;
use crate::model::{Activity, ActorId, Evidence, Flow, Output, Period, Salt, Site};

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
    let period = required_period(cells, "start", "end");
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

pub(super) fn required_period(cells: &mut Cells<'_, '_>, start: &str, end: &str) -> Option<Period> {
    if cells.text(start).is_none() && cells.text(end).is_none() {
        cells.refuse(start, "a value is missing");
    }
    cells.period(start, end)
}

fn site(cells: &mut Cells<'_, '_>) -> Option<Site> {
    let (country, subdivision) = (cells.optional("country"), cells.optional("subdivision"));
    let name = cells.optional("site");
    let placed = ["country", "subdivision"].into_iter().find(|column| cells.text(column).is_some());
    if let Some(column) = placed.filter(|_| cells.text("site").is_none()) {
        cells.refuse(column, "a place needs the name of its site in the column site");
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
        work.flows.iter().map(|row| flow::flow(&mut Cells { row: *row, problems })).collect();
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
