//! Production without energy: what a process made at a site, or of a batch, with no energy, emission
//! or exclusion stated for it, and electricity that other periods state. Says nothing of
//! procurement, where others' energy stands in the factors.

use std::collections::{BTreeMap, BTreeSet};

use super::days::is_electricity;
use super::view::{Line, Part, ProcessView, View, differ, place};
use super::{Finding, LeftOut, Severity};
use crate::calc::ChosenOutput;
use crate::model::{FlowKind, FlowSource, Stage};

/// How many batches a sentence names.
const BATCHES_NAMED_MAX: usize = 3;

const REMEDY: &str = "record its readings; where its energy stands in another process, a reading of 0 says so; a flow of kind excluded with an estimate says what is left out";

pub(super) fn look(view: &View<'_>, findings: &mut Vec<Finding>) {
    if view.incomplete {
        return; // A reading whose share cannot be known may be that energy; the calculation says so.
    }
    for process in view.processes.iter().filter(|p| p.stage == Stage::Production && !p.is_recipe()) {
        if elsewhere(view, process) {
            continue;
        }
        let without = without_energy(process);
        if without.is_empty() {
            findings.extend(without_electricity(view, process));
        }
        let mut by_site: BTreeMap<Option<&str>, Vec<&ChosenOutput<'_>>> = BTreeMap::new();
        for made in without {
            let site = made.held.statement.site.as_ref().map(|site| site.name.as_str());
            by_site.entry(site).or_default().push(made);
        }
        findings.extend(by_site.iter().map(|(site, made)| found(view, process, *site, made)));
    }
}

/// What was made and no statement with energy reaches.
fn without_energy<'v, 'a>(process: &'v ProcessView<'a>) -> Vec<&'v ChosenOutput<'a>> {
    something_made(process).filter(|made| !entered(process).any(|part| gives_energy(part, made))).collect()
}

fn something_made<'v, 'a>(process: &'v ProcessView<'a>) -> impl Iterator<Item = &'v ChosenOutput<'a>> {
    process.made.iter().filter(|made| made.measured && made.units.is_none_or(|units| units > 0))
}

/// Statements of which something falls to the product.
fn entered<'v, 'a>(process: &'v ProcessView<'a>) -> impl Iterator<Item = &'v Part<'a>> {
    process.parts.iter().filter(|part| part.share.quanta() != 0)
}

/// True where another process that has its units states energy: the two share a meter.
fn elsewhere(view: &View<'_>, process: &ProcessView<'_>) -> bool {
    let listed = view.product.processes.iter();
    let same_units: BTreeSet<&str> = listed
        .filter(|other| other.stage == process.stage && other.units_of.as_ref() == Some(process.name))
        .map(|other| other.name.as_str())
        .collect();
    let of_its_units =
        |other: &&ProcessView<'_>| other.stage == process.stage && same_units.contains(other.name.as_str());
    view.processes.iter().filter(of_its_units).flat_map(entered).any(states_energy)
}

/// True for a statement with energy that reaches an output: a production of its site and batch, or a
/// reading that names neither another site nor another batch.
fn gives_energy(part: &Part<'_>, made: &ChosenOutput<'_>) -> bool {
    let (own, output) = (place(&part.held.statement), place(&made.held.statement));
    let reaches = match part.held.statement.is_reading() {
        true => !own.iter().zip(&output).any(|(one, other)| differ(one, other)),
        false => own == output,
    };
    reaches && states_energy(part)
}

fn states_energy(part: &Part<'_>) -> bool {
    part.held.statement.flows.iter().any(|flow| match &flow.source {
        FlowSource::Excluded { estimate, .. } => !estimate.is_zero(),
        _ => matches!(flow.kind, FlowKind::Energy | FlowKind::Emission),
    })
}

/// Electricity in other periods, and none in this one, in which something was made.
fn without_electricity(view: &View<'_>, process: &ProcessView<'_>) -> Option<Finding> {
    let period = view.request.period;
    let ever =
        view.ever.iter().find(|e| !e.is_recipe() && (e.stage, e.name) == (process.stage, process.name))?;
    // Energy of a factor that nobody knows may be electricity; the calculation says so.
    let may_be = |line: &Line<'_, '_>| {
        let unknown = matches!(&line.flow.source, FlowSource::Factor { factor, .. } if view.factors.get(factor).is_none());
        line.flow.kind == FlowKind::Energy && (unknown || is_electricity(view, line.flow))
    };
    let made: Vec<_> = something_made(process).map(|made| made.held.id).collect();
    if made.is_empty() || process.lines().any(|line| may_be(&line) || line.flow.kind == FlowKind::Excluded) {
        return None;
    }
    let last = ever.lines().filter(may_be).map(|line| line.part.held.statement.period).max()?;
    let sentence = format!(
        "{} process `{}`: electricity is stated for {last} and none for {period}, in which something was made",
        process.stage, process.name
    );
    let found = view.found("energy-missing", Severity::Attention, made, sentence, REMEDY);
    Some(found.leaving_out(LeftOut::Unknown))
}

fn found(
    view: &View<'_>,
    process: &ProcessView<'_>,
    site: Option<&str>,
    made: &[&ChosenOutput<'_>],
) -> Finding {
    let at = site.map(|site| format!(" at `{site}`")).unwrap_or_default();
    let named = made.iter().filter_map(|made| made.held.statement.batch.as_ref());
    let batches: BTreeSet<String> = named.map(|batch| format!("`{batch}`")).collect();
    let more = batches.len().saturating_sub(BATCHES_NAMED_MAX);
    let mut listed: Vec<String> = batches.into_iter().take(BATCHES_NAMED_MAX).collect();
    if more > 0 {
        listed.push(format!("{more} more"));
    }
    let of = if listed.is_empty() { String::new() } else { format!(" (batch {})", listed.join(", ")) };
    let sentence = format!(
        "{} process `{}`{at} made something{of} and states no energy for it: neither electricity nor fuel, and nothing that is emitted or excluded",
        process.stage, process.name
    );
    let statements = made.iter().map(|made| made.held.id);
    let found = view.found("energy-missing", Severity::Attention, statements, sentence, REMEDY);
    found.leaving_out(LeftOut::Unknown)
}
