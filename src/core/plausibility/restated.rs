//! Guard 1b as far as a person must decide: one delivery in two rows, a total beside its parts.
//! Compares whole amounts of one process; what is read twice under one name stops the calculation.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::amounts::{self, shown};
use super::doubles::Source;
use super::view::{Line, View, differ, place};
use super::{Finding, Severity};
use crate::model::wide::Wide;
use crate::model::{Date, FlowKind, Period, StatementId, Unit, folded};

/// How many names of parts a sentence lists.
const NAMES_MAX: usize = 3;

/// How many deliveries of one name are compared with the sum of the others.
const TOTALS_MAX: usize = 32;

/// One flow with what tells it from others.
struct Entry<'v, 'a> {
    line: Line<'v, 'a>,
    name: String,
    amount: Wide,
    unit: Unit,
    period: Period,
    /// Site and batch, folded.
    place: [Option<String>; 2],
    meter: Option<String>,
}

impl Entry<'_, '_> {
    /// Both could be the same use: days in common, and no site or batch that tells them apart.
    fn meets(&self, other: &Self) -> bool {
        self.line.statement() != other.line.statement()
            && self.unit == other.unit
            && self.period.overlaps(other.period)
            && !self.place.iter().zip(&other.place).any(|(one, other)| differ(one, other))
    }

    fn text(&self) -> String {
        format!("{} {} of `{}` for {}", shown(self.amount), self.unit, self.line.flow.name, self.period)
    }
}

pub(super) fn look(view: &View<'_>, findings: &mut Vec<Finding>) {
    for process in &view.processes {
        let mut of_source: BTreeMap<Source<'_>, Vec<Line<'_, '_>>> = BTreeMap::new();
        let mut of_name: BTreeMap<String, Vec<Line<'_, '_>>> = BTreeMap::new();
        for line in process.lines() {
            let Some(from) = Source::of(&line.flow.source) else { continue };
            // A gas is what burns anywhere: equal amounts of it say nothing.
            if !matches!(from, Source::Gas(_)) {
                of_source.entry(from).or_default().push(line);
            }
            if !matches!(line.flow.kind, FlowKind::Energy | FlowKind::Emission) {
                of_name.entry(folded(line.flow.name.as_str())).or_default().push(line);
            }
        }
        // One flow is neither stated again nor the total of others.
        for lines in of_name.into_values().filter(|lines| lines.len() > 1) {
            let mut entries = entries(lines);
            deliveries(view, &mut entries, findings);
            total_of_deliveries(view, &entries, findings);
        }
        for (source, lines) in of_source.into_iter().filter(|(_, lines)| lines.len() > 1) {
            totals(view, source, &mut entries(lines), findings);
        }
    }
}

fn entries<'v, 'a>(lines: Vec<Line<'v, 'a>>) -> Vec<Entry<'v, 'a>> {
    lines.into_iter().filter_map(entry).collect()
}

fn entry<'v, 'a>(line: Line<'v, 'a>) -> Option<Entry<'v, 'a>> {
    let said = &line.part.held.statement;
    let (amount, unit) = amounts::amount(line.flow).filter(|(amount, _)| *amount != 0)?;
    Some(Entry {
        name: folded(line.flow.name.as_str()),
        amount,
        unit,
        period: said.period,
        place: place(said),
        meter: said.meter.as_ref().map(|meter| folded(meter.as_str())),
        line,
    })
}

/// Equal amounts of one name on overlapping days. Several deliveries of different amounts are usual.
fn deliveries(view: &View<'_>, entries: &mut [Entry<'_, '_>], findings: &mut Vec<Finding>) {
    entries.sort_by_key(|e| {
        (e.amount, e.period.start(), e.period.end(), e.line.flow.name.as_str(), e.line.statement())
    });
    for pair in entries.windows(2) {
        let [first, second] = pair else { continue };
        let one = first.amount == second.amount && first.meets(second);
        if !one || differ(&first.meter, &second.meter) {
            continue;
        }
        let sentence = format!(
            "{} process `{}`: {} is stated again for {}: one delivery may stand in two rows",
            first.line.process.stage,
            first.line.process.name,
            first.text(),
            second.period,
        );
        let remedy = "where it is one delivery, withdraw one of the two; where there were two of equal amount, both are right";
        let statements = [first.line.statement(), second.line.statement()];
        findings.push(view.found("stated-again", Severity::Attention, statements, sentence, remedy));
    }
}

/// An amount that is the sum of all others of its name in its days: a year's total beside its
/// months. The longest periods are looked at.
fn total_of_deliveries(view: &View<'_>, entries: &[Entry<'_, '_>], findings: &mut Vec<Finding>) {
    let mut longest: Vec<&Entry<'_, '_>> = entries.iter().collect();
    longest.sort_by_key(|e| (std::cmp::Reverse(e.period.days()), e.period, e.line.statement()));
    for total in longest.into_iter().take(TOTALS_MAX) {
        let inside = entries.iter().filter(|part| {
            part.meets(total) && total.period.covers(part.period) && part.period != total.period
        });
        let parts: Vec<&Entry<'_, '_>> = inside.collect();
        if parts.len() > 1
            && !parts.iter().any(|part| differ(&part.meter, &total.meter))
            && adds_up(total, &parts)
        {
            let statements = parts.iter().chain([&total]).map(|entry| entry.line.statement()).collect();
            let Some(source) = Source::of(&total.line.flow.source) else { continue };
            findings.push(total_beside_parts(view, source, total, (&parts, statements)));
        }
    }
}

/// What lies in the days of one entry, and at its place: by name, and together.
#[derive(Default)]
struct Within {
    sums: BTreeMap<String, Wide>,
    /// Names by what they come to; an amount that several names have is a usual one.
    names: HashMap<Wide, Vec<String>>,
    all: Wide,
}

/// An amount that is what another name of the same source adds up to in its days, or what all
/// others do.
fn totals(view: &View<'_>, source: Source<'_>, entries: &mut [Entry<'_, '_>], findings: &mut Vec<Finding>) {
    entries.sort_by_key(|e| (e.period.start(), e.period.end(), e.line.statement()));
    let starts: Vec<Date> = entries.iter().map(|e| e.period.start()).collect();
    let mut reported: BTreeSet<BTreeSet<StatementId>> = BTreeSet::new();
    let mut known: HashMap<(Period, &[Option<String>; 2], Unit), Within> = HashMap::new();
    for total in entries.iter() {
        let from = starts.partition_point(|start| *start < total.period.start());
        let until = starts.partition_point(|start| *start < total.period.end());
        let inside = entries.get(from..until).unwrap_or_default();
        let key = (total.period, &total.place, total.unit);
        let within = known.entry(key).or_insert_with(|| Within::of(total, inside));
        let Some(names) = within.parts_of(total) else { continue };
        let others = inside.iter().filter(|part| part.name != total.name && total.period.covers(part.period));
        let parts: Vec<&Entry<'_, '_>> = others
            .filter(|part| part.meets(total) && names.as_ref().is_none_or(|n| *n == part.name))
            .collect();
        if !adds_up(total, &parts) {
            continue; // Flows of the same statement are meant to stand beside each other.
        }
        let statements: BTreeSet<StatementId> =
            parts.iter().chain([&total]).map(|entry| entry.line.statement()).collect();
        if reported.insert(statements.clone()) {
            findings.push(total_beside_parts(view, source, total, (&parts, statements)));
        }
    }
}

impl Within {
    fn of(total: &Entry<'_, '_>, inside: &[Entry<'_, '_>]) -> Self {
        let mut within = Self::default();
        let compatible = |part: &&Entry<'_, '_>| {
            part.unit == total.unit
                && total.period.covers(part.period)
                && !part.place.iter().zip(&total.place).any(|(one, other)| differ(one, other))
        };
        for part in inside.iter().filter(compatible) {
            let sum = within.sums.entry(part.name.clone()).or_default();
            // A sum beyond 256 bits is the total of nothing.
            *sum = sum.checked_add(part.amount).unwrap_or(*sum);
            within.all = within.all.checked_add(part.amount).unwrap_or(within.all);
        }
        for (name, sum) in &within.sums {
            within.names.entry(*sum).or_default().push(name.clone());
        }
        within
    }

    /// The name that comes to the amount of this one; `Some(None)` where all others do.
    fn parts_of(&self, total: &Entry<'_, '_>) -> Option<Option<String>> {
        let same = self.names.get(&total.amount).map(Vec::as_slice).unwrap_or_default();
        let mut others = same.iter().filter(|name| **name != total.name);
        match (others.next(), others.next()) {
            (Some(name), None) => return Some(Some(name.clone())),
            (Some(_), Some(_)) => return None,
            (None, _) => {}
        }
        let own = self.sums.get(&total.name).copied().unwrap_or_default();
        (self.all.checked_sub(own) == Some(total.amount)).then_some(None)
    }
}

fn adds_up(total: &Entry<'_, '_>, parts: &[&Entry<'_, '_>]) -> bool {
    let sum = parts.iter().try_fold(Wide::ZERO, |sum, part| sum.checked_add(part.amount));
    !parts.is_empty() && sum == Some(total.amount)
}

fn total_beside_parts(
    view: &View<'_>,
    source: Source<'_>,
    total: &Entry<'_, '_>,
    (parts, statements): (&[&Entry<'_, '_>], BTreeSet<StatementId>),
) -> Finding {
    let names: BTreeSet<&str> = parts.iter().map(|part| part.line.flow.name.as_str()).collect();
    let mut listed: Vec<String> = names.iter().take(NAMES_MAX).map(|name| format!("`{name}`")).collect();
    if names.len() > NAMES_MAX {
        listed.push(format!("{} more", names.len() - NAMES_MAX));
    }
    let of = match parts.len() {
        1 => "is the amount".to_owned(),
        several => format!("is the sum of {several} amounts"),
    };
    let sentence = format!(
        "{} process `{}`: {} {of} of {} from the same {source}: it may be counted twice",
        total.line.process.stage,
        total.line.process.name,
        total.text(),
        listed.join(", "),
    );
    let remedy =
        "where one is the total of the others, withdraw it; where they are different uses, both are right";
    view.found("total-beside-parts", Severity::Attention, statements, sentence, remedy)
}
