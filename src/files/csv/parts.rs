//! A bill of materials: one part a row, which becomes a procurement activity of the product it is
//! built into. Cells of the product's own columns that are empty repeat the row above. Assemblies
//! are replaced by their parts; a part that nothing matches is refused with its nearest candidates.

mod levels;

use std::collections::BTreeMap;

use super::activity::required_period;
use super::cells::Cells;
use super::flow::{agreeing, parse_source};
use super::table::{Row, Table};
use super::{Columns, Problems, Reading, checked};
use crate::Draft;
use pcf_core::model::{
    Activity, Amount, DataKind, Decimal, Dimension, Flow, FlowKind, FlowSource, Output, Quantity, Salt, Site,
    Stage, Unit,
};

/// The columns of bills of materials. `quantity` is per one unit of the product; with `output` the
/// amounts are for so many of it.
pub(crate) const COLUMNS: Columns = Columns {
    what: "bills of materials",
    required: &["product", "process", "start", "end", "part", "quantity", "unit"],
    optional: &[&[
        "part_name",
        "part_mass_kg",
        "source",
        "upstream",
        "level",
        "parent",
        "stage",
        "site",
        "country",
        "subdivision",
        "batch",
        "output",
        "output_unit",
        "kind",
        "data",
    ]],
    family: |_| false,
};

/// What a row repeats from the one above where it is empty.
const REPEATED: [&str; 11] = [
    "product",
    "process",
    "start",
    "end",
    "stage",
    "site",
    "country",
    "subdivision",
    "batch",
    "output",
    "output_unit",
];

/// The deepest assembly.
const LEVELS_MAX: usize = 64;

pub(super) fn read(table: &Table, reading: &Reading<'_>, problems: &mut Problems) -> Vec<Draft> {
    let mut lists: Vec<([&str; REPEATED.len()], Row<'_>, Vec<Row<'_>>)> = Vec::new();
    let mut above = [""; REPEATED.len()];
    let mut index: BTreeMap<[&str; REPEATED.len()], usize> = BTreeMap::new();
    for row in table.rows() {
        let own = REPEATED.map(|column| row.cell(column));
        // A row that names its product begins anew; what it leaves empty was left empty.
        if own.first().is_some_and(|product| product.is_empty()) {
            for (above, own) in above.iter_mut().zip(own) {
                if !own.is_empty() {
                    *above = own;
                }
            }
        } else {
            above = own;
        }
        let at = *index.entry(above).or_insert(lists.len());
        match lists.get_mut(at) {
            Some((.., rows)) => rows.push(row),
            None => lists.push((above, row, vec![row])),
        }
    }
    let mut drafts = Vec::new();
    for (_, first, rows) in lists {
        let head = head(&mut Cells { row: first, problems }, reading);
        let flows = flows(&rows, head.as_ref().map(|(_, output)| output.amount), reading, problems);
        let Some(((activity, output), flows)) = head.zip(flows) else { continue };
        let lines = rows.iter().map(|row| row.line).collect();
        drafts.extend(checked(
            Activity { flows, outputs: vec![output], ..activity },
            lines,
            "part",
            problems,
        ));
    }
    drafts
}

fn head(cells: &mut Cells<'_, '_>, reading: &Reading<'_>) -> Option<(Activity, Output)> {
    let product = cells.required("product");
    let stage =
        if cells.text("stage").is_some() { cells.required("stage") } else { Some(Stage::Procurement) };
    let process = cells.required("process");
    let period = required_period(cells, "start", "end");
    let (country, subdivision) = (cells.optional("country"), cells.optional("subdivision"));
    let site = cells.optional("site").map(|name| Site { country, name, subdivision });
    let batch = cells.optional("batch");
    let (amount, unit) = match [cells.text("output"), cells.text("output_unit")] {
        [Some(_), Some(_)] => cells.measured("output", "output_unit"),
        [Some(_), None] => (cells.number("output"), Some(Unit::Piece)),
        [None, Some(_)] => (Some(Decimal::ONE), cells.required_plain_unit("output_unit")),
        [None, None] => (Some(Decimal::ONE), Some(Unit::Piece)),
    };
    if cells.text("output").is_none() {
        cells.note("output", "no output is stated: the parts are those of 1 of the product");
    }
    if amount.is_some_and(|a| !a.is_positive()) {
        cells.refuse("output", "expected an amount above zero: how many of the product the parts are for");
    }
    let activity = Activity {
        allocation: None,
        applies_to: None,
        batch,
        by: reading.by.clone(),
        evidence: Vec::new(),
        flows: Vec::new(),
        r#for: Vec::new(),
        meter: None,
        outputs: Vec::new(),
        period: period?,
        process: process?,
        quality: None,
        recipe: true,
        replaces: None,
        salt: Salt::from_bytes([0; 16]),
        scenario: None,
        series: None,
        site,
        split_from: None,
        stage: stage?,
        tags: Vec::new(),
        r#type: Default::default(),
        v: Default::default(),
    };
    Some((
        activity,
        Output {
            amount: amount?,
            keys: BTreeMap::new(),
            product: product?,
            split_from: None,
            unit: unit?,
            value: None,
        },
    ))
}

/// The flows of a list, from the parts that are not made of others.
fn flows(
    rows: &[Row<'_>],
    output: Option<Decimal>,
    reading: &Reading<'_>,
    problems: &mut Problems,
) -> Option<Vec<Flow>> {
    let parents = levels::parents(rows, problems)?;
    let mut children: BTreeMap<usize, u64> = BTreeMap::new();
    for (row, parent) in rows.iter().zip(&parents) {
        if let Some(parent) = parent {
            children.entry(*parent).or_insert(row.line);
        }
    }
    let quantities: Vec<Option<Decimal>> = rows
        .iter()
        .map(|row| {
            let cells = &mut Cells { row: *row, problems };
            let quantity = cells.required_number("quantity");
            if quantity.is_some_and(|q| !q.is_positive()) {
                cells.refuse("quantity", "expected an amount above zero");
                return None;
            }
            quantity
        })
        .collect();
    let mut flows = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        let cells = &mut Cells { row: *row, problems };
        if let Some(child) = children.get(&n) {
            refuse_assembly_with_source(cells, *child, reading);
            continue;
        }
        // The quantity of a part is per one of its assembly.
        let mut amount =
            output.zip(quantities.get(n).copied().flatten()).and_then(|(a, b)| times(a, b, cells));
        let mut above = parents.get(n).copied().flatten();
        for _ in 0..LEVELS_MAX {
            let Some(parent) = above else { break };
            let quantity = quantities.get(parent).copied().flatten();
            amount = amount.zip(quantity).and_then(|(a, b)| times(a, b, cells));
            above = parents.get(parent).copied().flatten();
        }
        if above.is_some() {
            cells.refuse("parent", format!("expected at most {LEVELS_MAX} levels of assemblies, got more"));
        }
        flows.push(flow(cells, amount, reading).map(|flow| (parents.get(n).copied().flatten(), flow)));
    }
    joined(flows.into_iter().collect::<Option<_>>()?)
}

/// One flow for a part that stands in several assemblies: what a product takes of it is the sum.
/// Twice in one assembly it stays twice, since that may be a slip.
fn joined(flows: Vec<(Option<usize>, Flow)>) -> Option<Vec<Flow>> {
    let mut all: Vec<(Vec<Option<usize>>, Flow)> = Vec::new();
    for (parent, flow) in flows {
        let same = |(parents, known): &&mut (Vec<Option<usize>>, Flow)| {
            let alike = Flow { amount: known.amount.clone(), ..flow.clone() };
            !parents.contains(&parent) && alike == *known && unit_of(known) == unit_of(&flow)
        };
        match all.iter_mut().find(same) {
            None => all.push((vec![parent], flow)),
            Some((parents, known)) => {
                parents.push(parent);
                known.amount = Some(sum(known.amount.as_ref()?, flow.amount.as_ref()?)?);
            }
        }
    }
    Some(all.into_iter().map(|(_, flow)| flow).collect())
}

fn unit_of(flow: &Flow) -> Option<Unit> {
    match flow.amount {
        Some(Amount::Given(quantity)) => Some(quantity.unit),
        _ => None,
    }
}

fn sum(one: &Amount, other: &Amount) -> Option<Amount> {
    let (Amount::Given(one), Amount::Given(other)) = (one, other) else { return None };
    let quanta = one.amount.quanta().checked_add(other.amount.quanta())?;
    Some(Amount::Given(Quantity { amount: Decimal::from_quanta(quanta).ok()?, unit: one.unit }))
}

fn refuse_assembly_with_source(cells: &mut Cells<'_, '_>, child: u64, reading: &Reading<'_>) {
    let known = reading.catalog.numbered(cells.row.cell("part"));
    let source = cells.text("source").map(str::to_owned);
    if let Some(source) = source.or_else(|| known.first().map(|entry| entry.source.clone())) {
        cells.refuse(
            "source",
            format!("this assembly is {source} and is also made of parts (from row {child} on), so it would count twice: leave out the rows of its parts, or give the assembly another number and no source"),
        );
    }
}

fn times(a: Decimal, b: Decimal, cells: &mut Cells<'_, '_>) -> Option<Decimal> {
    let product = super::numbers::times(a, b);
    if product.is_none() {
        cells.refuse("quantity", format!("{a} times {b} has more digits than a statement keeps exactly"));
    }
    product
}

fn flow(cells: &mut Cells<'_, '_>, amount: Option<Decimal>, reading: &Reading<'_>) -> Option<Flow> {
    let part = cells.text("part");
    if part.is_none() {
        cells.refuse("part", "a value is missing: the number of the part");
    }
    let kind = if cells.text("kind").is_some() { cells.required("kind") } else { Some(FlowKind::Material) };
    let data = if cells.text("data").is_some() { cells.required("data") } else { Some(DataKind::Primary) };
    let unit = cells.required_unit("unit");
    let mass = cells.number("part_mass_kg");
    let name = [part, cells.text("part_name")].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let (source, per) = source(cells, kind, reading)?;
    let unit = unit?;
    let amount = times(amount?, unit.times, cells)?;
    let (amount, unit) = in_unit_of_source(cells, amount, unit.unit, per, mass)?;
    let name = name.parse().map_err(|e| cells.refuse("part_name", format!("{e}"))).ok();
    let flow = Flow {
        amount: Some(Amount::Given(Quantity { amount, unit })),
        biogenic_carbon: None,
        data,
        delivered: false,
        fossil_carbon: None,
        instruments: Vec::new(),
        kind: kind?,
        name: name?,
        source,
        split_from: None,
        substitutes: None,
        uncertainty: None,
    };
    agreeing(flow).map_err(|sentence| cells.refuse("source", sentence)).ok()
}

/// The source that is written, or else the one thing the ledger holds under the part's number; and
/// what it is per.
fn source(
    cells: &mut Cells<'_, '_>,
    kind: Option<FlowKind>,
    reading: &Reading<'_>,
) -> Option<(FlowSource, Option<Unit>)> {
    let (part, catalog) = (cells.row.cell("part"), reading.catalog);
    let wanted = format!("{part} {}", cells.row.cell("part_name"));
    let text = match cells.text("source") {
        Some(text) => text.to_owned(),
        None => match catalog.numbered(part).as_slice() {
            [one] => one.source.clone(),
            [] => {
                let near = catalog.suggestion(&wanted);
                cells.refuse("source", format!("nothing matches the part `{}`: {near}", wanted.trim()));
                return None;
            }
            several => {
                let named: Vec<&str> = several.iter().map(|entry| entry.source.as_str()).collect();
                cells.refuse(
                    "source",
                    format!("the part `{part}` may be {}: write which", named.join(" or ")),
                );
                return None;
            }
        },
    };
    let mut source = match parse_source(&text, kind) {
        Ok(source) => source,
        Err(sentence) => {
            cells.refuse("source", sentence);
            return None;
        }
    };
    if let Some(upstream) = cells.text("upstream") {
        let id = upstream.strip_prefix("factor:").unwrap_or(upstream).parse();
        match (&mut source, id) {
            (FlowSource::Factor { upstream, .. }, Ok(id)) => *upstream = Some(id),
            (_, Err(e)) => cells.refuse("upstream", format!("{e}")),
            _ => cells.refuse("upstream", "only a part whose source is a factor has an upstream factor"),
        }
    }
    let full = match &source {
        FlowSource::Factor { factor, .. } => format!("factor:{factor}"),
        FlowSource::Product(id) => format!("product:{id}"),
        FlowSource::Footprint(id) => format!("footprint:{id}"),
        FlowSource::Gas(_) | FlowSource::Excluded { .. } => return Some((source, None)),
    };
    match catalog
        .find(&full)
        .or_else(|| catalog.numbered(full.split_once(':').map_or("", |(_, id)| id)).first().copied())
    {
        Some(entry) if entry.held => Some((source, entry.unit)),
        Some(_) => {
            let id = full.trim_start_matches("factor:");
            cells.refuse(
                "source",
                format!("{full} is in the library and not yet in the ledger: pcf factor use {id}"),
            );
            None
        }
        None if !catalog.is_complete() => Some((source, None)),
        None => {
            let near = catalog.suggestion(&format!("{wanted} {text}"));
            cells.refuse("source", format!("{full} is not in the ledger: {near}"));
            None
        }
    }
}

/// The amount as the source needs it: pieces by the mass of one where the factor is per mass.
fn in_unit_of_source(
    cells: &mut Cells<'_, '_>,
    amount: Decimal,
    unit: Unit,
    per: Option<Unit>,
    mass_kg: Option<Decimal>,
) -> Option<(Decimal, Unit)> {
    let Some(per) = per.filter(|per| per.dimension() != unit.dimension()) else {
        return Some((amount, unit));
    };
    match (unit.dimension(), per.dimension(), mass_kg) {
        (Dimension::Count, Dimension::Mass, Some(mass_kg)) => {
            Some((times(amount, mass_kg, cells)?, Unit::Kilogram))
        }
        (Dimension::Count, Dimension::Mass, None) => {
            cells.refuse(
                "part_mass_kg",
                format!("a value is missing: the source is per {per} and the part is counted in {unit}"),
            );
            None
        }
        _ => {
            cells.refuse(
                "unit",
                format!("expected a unit of {} as the source is per {per}, got {unit}", per.dimension()),
            );
            None
        }
    }
}
