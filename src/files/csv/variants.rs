//! A family of variants: one product a row, and beside its own columns one column for each flow,
//! whose header says once what the flow is (`name | kind | unit | source`, and where they differ
//! from the row's `| stage | process`) and whose cells say how much of it each variant takes. A
//! header that ends in `= 53000` is one total for the whole family: its cells are the variants'
//! shares, such as machine hours.

use std::collections::BTreeMap;

use super::activity::required_period;
use super::cells::Cells;
use super::flow::{agreeing, parse_source};
use super::product::described;
use super::table::{Row, Table};
use super::{Columns, Problems, checked, numbers};
use crate::{Draft, units, words};
use pcf_core::model::{
    Activity, ActorId, Allocation, Amount, DataKind, Decimal, Flow, FlowKind, FlowSource, Output, Period,
    Process, Quantity, Salt, Site, Stage, Text,
};

/// The key by which a family shares its flows.
const SHARE: &str = "share";

/// The columns of variants; beside them one for each flow. `output` is what was made of the variant
/// in the period, in its declared unit.
pub(crate) const COLUMNS: Columns = Columns {
    what: "variants",
    required: &[
        "id",
        "name",
        "boundary",
        "declared_amount",
        "declared_unit",
        "stage",
        "process",
        "signers",
        "start",
        "end",
        "output",
    ],
    optional: &[&[
        "description",
        "mass_kg",
        "fossil_carbon_kg",
        "biogenic_carbon_kg",
        "recycled_carbon_kg",
        "packaging_included",
        "packaging_biogenic_carbon_kg",
        "ccs_included",
        "exemptions",
        "design_at_gate",
        "classifications",
        "rule",
        "rule_operator",
        "recycling_method",
        "unit_tolerance_percent",
        "site",
        "country",
        "subdivision",
        "batch",
        "data",
    ]],
    family: |name| name.contains('|') || name.contains('\u{ff5c}'),
};

/// A column that is a flow.
struct FlowColumn<'t> {
    column: &'t str,
    name: Text,
    kind: FlowKind,
    unit: units::Stated,
    source: FlowSource,
    stage: Option<Stage>,
    process: Option<Text>,
    /// The family's total, where the cells are shares.
    total: Option<Decimal>,
}

/// A statement in the making: what it is about besides its products and flows.
type Place = (Stage, Text, Option<String>, Period, Option<String>);

pub(super) fn read(table: &Table, by: &ActorId, problems: &mut Problems) -> Vec<Draft> {
    let line = table.rows().next().map_or(1, |row| row.line.saturating_sub(1));
    let named = table.columns().filter(|name| (COLUMNS.family)(name));
    let columns: Option<Vec<FlowColumn<'_>>> = named.map(|name| flow_column(name, line, problems)).collect();
    let Some(columns) = columns else { return Vec::new() };
    if columns.is_empty() {
        problems.push(line, "", "no column is a flow: its header is name | kind | unit | source");
    }
    let mut drafts = Vec::new();
    let mut family: BTreeMap<Place, (Activity, Vec<u64>)> = BTreeMap::new();
    let mut ids: BTreeMap<&str, u64> = BTreeMap::new();
    for row in table.rows() {
        for id in row.cell("id").split_whitespace() {
            if let Some(first) = ids.insert(id, row.line) {
                problems.push(row.line, "id", format!("{id} stands in row {first} too"));
            }
        }
        variant(row, &columns, by, problems, &mut drafts, &mut family);
    }
    for (activity, lines) in family.into_values() {
        drafts.extend(checked(activity, lines, "output", problems));
    }
    drafts
}

fn flow_column<'t>(column: &'t str, line: u64, problems: &mut Problems) -> Option<FlowColumn<'t>> {
    let plain = column.replace('\u{ff5c}', "|");
    let (head, total) =
        plain.rsplit_once('=').map_or((plain.as_str(), None), |(head, total)| (head, Some(total)));
    let parts: Vec<&str> = head.split('|').map(str::trim).collect();
    let mut refuse = |sentence: String| problems.push(line, column, sentence);
    let (&[name, kind, unit, source], rest) = parts.split_first_chunk::<4>().or_else(|| {
        refuse(
            "expected name | kind | unit | source, and where they differ from the row's | stage | process"
                .into(),
        );
        None
    })?;
    let word =
        |column, text| words::value(column, text).or_else(|| words::meant(column, text)).unwrap_or(text);
    let read = || -> Result<FlowColumn<'t>, String> {
        let said = |e: pcf_core::model::ValueError| e.to_string();
        let kind = word("kind", kind).parse().map_err(said)?;
        let stage = rest.first().filter(|text| !text.is_empty());
        let process = rest.get(1).filter(|text| !text.is_empty());
        if rest.len() > 2 {
            return Err("expected at most name | kind | unit | source | stage | process".into());
        }
        Ok(FlowColumn {
            column,
            name: name.parse().map_err(said)?,
            kind,
            unit: units::read(unit)?,
            source: parse_source(source, Some(kind))?,
            stage: stage.map(|text| word("stage", text).parse().map_err(said)).transpose()?,
            process: process.map(|text| text.parse().map_err(said)).transpose()?,
            total: None,
        })
    };
    let flow = read().map_err(&mut refuse).ok()?;
    let total = total.map(|text| problems.marks.number(line, column, text.trim())).transpose();
    match total {
        Ok(total) => Some(FlowColumn { total, ..flow }),
        Err(sentence) => {
            problems.push(line, column, sentence);
            None
        }
    }
}

/// Reads a row: its product, the activities of its own, and its part in those of the family.
fn variant(
    row: Row<'_>,
    columns: &[FlowColumn<'_>],
    by: &ActorId,
    problems: &mut Problems,
    drafts: &mut Vec<Draft>,
    family: &mut BTreeMap<Place, (Activity, Vec<u64>)>,
) {
    let cells = &mut Cells { row, problems };
    let (stage, process) = (cells.required::<Stage>("stage"), cells.required::<Text>("process"));
    let (signers, period) = (cells.list::<ActorId>("signers"), required_period(cells, "start", "end"));
    let (country, subdivision) = (cells.optional("country"), cells.optional("subdivision"));
    let site = cells.optional("site").map(|name| Site { country, name, subdivision });
    let (batch, data) = (cells.optional::<Text>("batch"), cells.optional::<DataKind>("data"));
    let (amount, unit) = cells.required_measured("output", "declared_unit");
    if amount.is_some_and(|a| !a.is_positive()) {
        cells.refuse("output", "expected an amount above zero: what was made of the variant in the period");
    }
    let product = described(cells, by);
    let (Some(stage), Some(process), Some(period), Some(amount), Some(unit)) =
        (stage, process, period, amount, unit)
    else {
        return;
    };
    let Some(mut product) = product else { return };
    let Some(id) = product.ids.first().cloned() else { return };
    let mut own: BTreeMap<(Stage, Text), Activity> = BTreeMap::new();
    for column in columns {
        let Some(number) = cells.number(column.column) else { continue };
        let stage = column.stage.unwrap_or(stage);
        let process = column.process.clone().unwrap_or_else(|| process.clone());
        let known = product.processes.iter().any(|p| p.stage == stage && p.name == process);
        if !known {
            product.processes.push(Process {
                name: process.clone(),
                signers: signers.clone(),
                stage,
                units_of: None,
            });
        }
        let bare = || activity(by, stage, process.clone(), period, site.clone(), batch.clone());
        let flow = |amount| Flow {
            amount: Some(Amount::Given(Quantity { amount, unit: column.unit.unit })),
            biogenic_carbon: None,
            data,
            delivered: false,
            fossil_carbon: None,
            instruments: Vec::new(),
            kind: column.kind,
            name: column.name.clone(),
            source: column.source.clone(),
            split_from: None,
            substitutes: None,
            uncertainty: None,
        };
        let output = |keys| Output { amount, keys, product: id.clone(), split_from: None, unit, value: None };
        let stated = column.total.unwrap_or(number);
        let Some(amount_of_flow) = numbers::times(stated, column.unit.times) else {
            let times = column.unit.times;
            cells.refuse(
                column.column,
                format!("{stated} times {times} has more digits than a statement keeps exactly"),
            );
            continue;
        };
        let agreed = match agreeing(flow(amount_of_flow)) {
            Ok(flow) => flow,
            Err(sentence) => {
                cells.refuse(column.column, sentence);
                continue;
            }
        };
        if column.total.is_none() {
            let activity = own.entry((stage, process.clone())).or_insert_with(bare);
            if activity.outputs.is_empty() {
                activity.outputs.push(output(BTreeMap::new()));
            }
            activity.flows.push(agreed);
            continue;
        }
        let place = (
            stage,
            process.clone(),
            site.as_ref().map(|s| s.name.to_string()),
            period,
            batch.as_ref().map(Text::to_string),
        );
        let (activity, lines) = family.entry(place).or_insert_with(|| (bare(), Vec::new()));
        activity.allocation = SHARE.parse().ok().map(Allocation::Key);
        match activity.outputs.iter().find(|output| output.product == id) {
            Some(output) if output.keys.values().eq([&number]) => {}
            Some(output) => {
                let other = output.keys.values().next().map(ToString::to_string).unwrap_or_default();
                cells.refuse(column.column, format!("the flows that the family shares in one process have the same shares: another column says {other}, this one {number}; give one of them a process of its own"));
            }
            None => {
                activity
                    .outputs
                    .push(output(SHARE.parse().ok().map(|name| (name, number)).into_iter().collect()));
                lines.push(row.line);
            }
        }
        if !activity.flows.contains(&agreed) {
            activity.flows.push(agreed);
        }
    }
    if own.keys().any(|(stage, process)| family.keys().any(|(s, p, ..)| s == stage && p == process)) {
        cells.refuse("process", "a process has flows of each variant and flows that the family shares: give the shared ones a process of their own in their headers");
    }
    drafts.extend(checked(product, vec![row.line], "id", problems));
    for activity in own.into_values() {
        drafts.extend(checked(activity, vec![row.line], "output", problems));
    }
}

fn activity(
    by: &ActorId,
    stage: Stage,
    process: Text,
    period: Period,
    site: Option<Site>,
    batch: Option<Text>,
) -> Activity {
    Activity {
        allocation: None,
        applies_to: None,
        batch,
        by: by.clone(),
        evidence: Vec::new(),
        flows: Vec::new(),
        r#for: Vec::new(),
        meter: None,
        outputs: Vec::new(),
        period,
        process,
        quality: None,
        recipe: false,
        replaces: None,
        salt: Salt::from_bytes([0; 16]),
        scenario: None,
        series: None,
        site,
        split_from: None,
        stage,
        tags: Vec::new(),
        r#type: Default::default(),
        v: Default::default(),
    }
}
