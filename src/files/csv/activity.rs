//! Activities: one flow a row. A row with an output is a production: rows that agree in all but the
//! flow make one statement, and rows without a flow name its further products, or state what was
//! made alone. A row without an output is a reading of what was used, a statement for each flow.

use std::collections::BTreeSet;

use super::cells::Cells;
use super::table::{Header, Row};
use super::{Columns, Problems, checked, flow, output};
use crate::Draft;
use pcf_core::model::{Activity, ActorId, Evidence, Flow, Period, Salt, Served, Site, folded};

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
        "meter",
        "recipe",
        "site",
        "country",
        "subdivision",
        "applies_to_start",
        "applies_to_end",
        "scenario",
        "batch",
        "allocation",
        "key",
        "allocation_keys",
        "unit_price",
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
const SHARED: [&str; 18] = [
    "stage",
    "process",
    "meter",
    "recipe",
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
const OUTPUT: [&str; 7] =
    ["product", "output", "output_unit", "key", "allocation_keys", "unit_price", "output_value"];

/// Of these, what only something that was made has; a unit alone says nothing.
const MADE: [&str; 5] = ["output", "key", "allocation_keys", "unit_price", "output_value"];

/// What only a flow has. What was made may say beside it that it was measured.
const FLOW: [&str; 16] = [
    "flow",
    "kind",
    "amount",
    "unit",
    "times",
    "times_unit",
    "source",
    "upstream",
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
    made: [Option<usize>; MADE.len()],
    flow: [Option<usize>; FLOW.len()],
    name: Option<usize>,
}

/// What a row is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum RowKind {
    /// A flow of a production.
    Production,
    /// Something that was made, without a flow.
    Output,
    /// A flow that was used.
    Reading,
}

impl Places {
    pub(super) fn of(header: &Header) -> Self {
        Self {
            shared: SHARED.map(|column| header.position(column)),
            output: OUTPUT.map(|column| header.position(column)),
            made: MADE.map(|column| header.position(column)),
            flow: FLOW.map(|column| header.position(column)),
            name: header.position("flow"),
        }
    }

    /// What a row is.
    pub(super) fn kind(&self, row: Row<'_>) -> RowKind {
        let blank = |columns: &[Option<usize>]| columns.iter().all(|at| row.at(*at).is_empty());
        match (blank(&self.flow), blank(&self.made)) {
            (true, _) => RowKind::Output,
            (false, true) => RowKind::Reading,
            (false, false) => RowKind::Production,
        }
    }

    /// What tells one reading from another beside what all rows of a statement agree in: its
    /// products and its flow.
    pub(super) fn reading<'t>(&self, row: Row<'t>) -> (&'t str, String) {
        let [product, ..] = self.output(row);
        (product, folded(row.at(self.name)))
    }

    /// What all rows of a statement agree in, its products aside.
    pub(super) fn shared<'t>(&self, row: Row<'t>) -> [&'t str; SHARED.len()] {
        self.shared.map(|at| row.at(at))
    }

    /// What names one product of a statement.
    pub(super) fn output<'t>(&self, row: Row<'t>) -> [&'t str; OUTPUT.len()] {
        self.output.map(|at| row.at(at))
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
    let is_output = |row: &&Row<'_>| places.kind(**row) == RowKind::Output;
    let (outputs, flows): (Vec<Row<'_>>, Vec<Row<'_>>) = rows.iter().partition(|row| is_output(row));
    if places.kind(first) == RowKind::Reading {
        return reading(head.read.as_ref(), &flows, problems);
    }
    let named: BTreeSet<_> = flows.iter().map(|row| places.output(*row)).collect();
    if !outputs.is_empty() && named.len() > 1 {
        for row in &outputs {
            let sentence = "this row without a flow names a further product of a statement, but the rows of the same work with flows and outputs name several products: let them all name one, or leave the output out of those that are readings of what was used";
            problems.push(row.line, "product", sentence);
        }
        return None;
    }
    statement(head.read.as_ref(), &Work { flows, outputs }, places, problems)
}

/// What was used, for the products that its rows name.
fn reading(head: Option<&Activity>, rows: &[Row<'_>], problems: &mut Problems) -> Option<Draft> {
    let first = rows.first().copied()?;
    let served = served(&mut Cells { row: first, problems });
    let flows: Vec<Option<Flow>> =
        rows.iter().map(|row| flow::flow(&mut Cells { row: *row, problems })).collect();
    let activity =
        Activity { flows: flows.into_iter().collect::<Option<_>>()?, r#for: served?, ..head?.clone() };
    checked(activity, rows.iter().map(|row| row.line).collect(), "output", problems)
}

/// The products of a reading: several separated by `|`, all that the process made where there are
/// none.
fn served(cells: &mut Cells<'_, '_>) -> Option<Vec<Served>> {
    let Some(text) = cells.text("product") else { return Some(vec![Served::All]) };
    let mut all = Vec::new();
    for part in text.split('|').map(str::trim) {
        match part.parse() {
            Ok(served) => all.push(served),
            Err(error) => {
                cells.refuse("product", format!("expected a product id, several separated by |, or * for all that the process made: {error}"));
                return None;
            }
        }
    }
    Some(all)
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
    let (scenario, batch, meter) =
        (cells.optional("scenario"), cells.optional("batch"), cells.optional("meter"));
    let recipe = cells.yes_no("recipe").unwrap_or(false);
    let (allocation, quality) = (cells.optional("allocation"), cells.quality());
    Some(Activity {
        allocation,
        applies_to,
        batch,
        by: by.clone(),
        evidence,
        flows: Vec::new(),
        r#for: Vec::new(),
        meter,
        outputs: Vec::new(),
        period: period?,
        process: process?,
        quality,
        recipe,
        replaces: None,
        salt: Salt::from_bytes([0; 16]),
        scenario,
        series: None,
        site,
        split_from: None,
        stage: stage?,
        tags: Vec::new(),
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
    let allocation = head.and_then(|head| head.allocation.as_ref());
    for row in work.flows.iter().chain(&work.outputs) {
        if named.insert(places.output(*row)) {
            outputs.push(output::read(allocation, &mut Cells { row: *row, problems }));
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
    if let (Some(row), Some(_), [_]) = (work.flows.first(), &activity.allocation, activity.outputs.as_slice())
    {
        Cells { row: *row, problems }.refuse(
            "allocation",
            "this production has one output, so that its flows have nothing to be shared among; leave the column empty, or, where they serve several products, state each flow once, in a row without output",
        );
        return None;
    }
    let column = if activity.outputs.len() > 1 { "allocation" } else { "flow" };
    checked(activity, rows, column, problems)
}
