//! Activities: one flow a row. Rows that agree in all but the flow make one statement; rows without
//! a flow name its further products.

use std::collections::BTreeSet;

use super::cells::Cells;
use super::table::{Header, Row};
use super::{Columns, Problems, checked, flow};
use crate::Draft;
use pcf_core::model::{Activity, ActorId, Evidence, Flow, Output, Period, Salt, Site};

/// The columns of activities.
pub(crate) const COLUMNS: Columns = Columns {
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
    optional: &[&[
        "site",
        "country",
        "subdivision",
        "applies_to_start",
        "applies_to_end",
        "scenario",
        "batch",
        "allocation",
        "key",
        "output_value",
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
        "substitutes",
        "uncertainty",
        "instrument",
        "instrument_kwh",
        "instrument_start",
        "instrument_end",
        "quality_technology",
        "quality_geography",
        "quality_time",
    ]],
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
const OUTPUT: [&str; 5] = ["product", "output", "output_unit", "key", "output_value"];

/// What only a flow has.
const FLOW: [&str; 17] = [
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
    "substitutes",
    "uncertainty",
    "instrument",
];

/// The columns that group rows, and where they stand in a file.
pub(super) struct Places {
    shared: [Option<usize>; SHARED.len()],
    output: [Option<usize>; OUTPUT.len()],
    flow: [Option<usize>; FLOW.len()],
}

impl Places {
    pub(super) fn of(header: &Header) -> Self {
        Self {
            shared: SHARED.map(|column| header.position(column)),
            output: OUTPUT.map(|column| header.position(column)),
            flow: FLOW.map(|column| header.position(column)),
        }
    }

    /// What all rows of a statement agree in, its products aside.
    pub(super) fn shared<'t>(&self, row: Row<'t>) -> [&'t str; SHARED.len()] {
        self.shared.map(|at| row.at(at))
    }

    /// What names one product of a statement.
    pub(super) fn output<'t>(&self, row: Row<'t>) -> [&'t str; OUTPUT.len()] {
        self.output.map(|at| row.at(at))
    }

    /// True for a row without a flow, which names a further product.
    pub(super) fn names_product_only(&self, row: Row<'_>) -> bool {
        self.flow.iter().all(|at| row.at(*at).is_empty())
    }
}

/// The rows of one statement.
struct Work<'t> {
    flows: Vec<Row<'t>>,
    outputs: Vec<Row<'t>>,
}

/// The statement of rows that belong together; `head` is what the rows before said beside flows and
/// products, which is not read again where these rows say the same.
pub(super) fn read(
    rows: &[Row<'_>],
    places: &Places,
    head: &mut Head,
    by: &ActorId,
    problems: &mut Problems,
) -> Option<Draft> {
    let first = rows.first().copied()?;
    let shared = places.shared(first);
    if !head.said.iter().eq(&shared) {
        head.read = self::head(&mut Cells { row: first, problems }, by);
        head.said.resize_with(shared.len(), String::new);
        head.said.iter_mut().zip(shared).for_each(|(said, cell)| cell.clone_into(said));
    }
    let (outputs, flows): (Vec<_>, Vec<_>) = rows.iter().partition(|row| places.names_product_only(**row));
    if !outputs.is_empty() {
        let named: BTreeSet<_> = flows.iter().map(|row| places.output(*row)).collect();
        if named.iter().filter(|output| output.iter().any(|cell| !cell.is_empty())).count() > 1 {
            for row in &outputs {
                let sentence = "this row without a flow names a further product of a statement, but the rows of the same work with flows name several products: let them all name one, or none";
                problems.push(row.line, "product", sentence);
            }
            return None;
        }
    }
    statement(head.read.as_ref(), &Work { flows, outputs }, places, problems)
}

/// What rows say beside flows and products.
#[derive(Default)]
pub(super) struct Head {
    /// Their cells; none before the first.
    said: Vec<String>,
    read: Option<Activity>,
}

/// The first column in which two rows about the same work differ, and what each says.
pub(super) fn difference<'t>(one: Row<'t>, other: Row<'t>) -> (&'static str, &'t str, &'t str) {
    let differs = SHARED.iter().chain(&OUTPUT).find(|column| one.cell(column) != other.cell(column));
    let column = differs.copied().unwrap_or("process");
    (column, one.cell(column), other.cell(column))
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

fn statement(
    head: Option<&Activity>,
    work: &Work<'_>,
    places: &Places,
    problems: &mut Problems,
) -> Option<Draft> {
    let (mut outputs, mut named) = (Vec::new(), BTreeSet::new());
    let several = !work.outputs.is_empty();
    for row in work.flows.iter().chain(&work.outputs) {
        let output = places.output(*row);
        let blank = output.iter().all(|cell| cell.is_empty());
        if !(blank && several) && named.insert(output) {
            outputs.push(self::output(&mut Cells { row: *row, problems }));
        }
    }
    let flows: Vec<Option<Flow>> =
        work.flows.iter().map(|row| flow::flow(&mut Cells { row: *row, problems })).collect();
    let mut rows: Vec<u64> = work.flows.iter().chain(&work.outputs).map(|row| row.line).collect();
    rows.sort_unstable();
    let activity = Activity {
        flows: flows.into_iter().collect::<Option<_>>()?,
        outputs: outputs.into_iter().collect::<Option<_>>()?,
        ..head?.clone()
    };
    let column = if activity.outputs.len() > 1 { "allocation" } else { "flow" };
    checked(activity, rows, column, problems)
}

fn output(cells: &mut Cells<'_, '_>) -> Option<Output> {
    let product = cells.required("product");
    let (amount, unit) = cells.required_measured("output", "output_unit");
    let (key, value) = (cells.number("key"), cells.number("output_value"));
    if amount.is_some_and(|a| !a.is_positive()) {
        cells.refuse("output", "expected an amount above zero: good product finally delivered");
    }
    Some(Output { amount: amount?, key, product: product?, unit: unit?, value })
}
