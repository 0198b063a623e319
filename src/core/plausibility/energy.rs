//! Production without energy: a process that made something at a site, or a batch of it, and states
//! no energy, emission or exclusion for it. Says nothing of procurement, where others' energy stands
//! in the factors.

use std::collections::{BTreeMap, BTreeSet};

use super::view::{ProcessView, View, differ, place};
use super::{Finding, LeftOut, Severity};
use crate::calc::ChosenOutput;
use crate::model::{FlowKind, FlowSource, Stage, StatementId};

/// How many batches a sentence names.
const BATCHES_NAMED_MAX: usize = 3;

pub(super) fn look(view: &View<'_>, findings: &mut Vec<Finding>) {
    let made =
        view.processes.iter().filter(|process| process.stage == Stage::Production && !process.is_recipe());
    // A reading whose share cannot be known may be that energy; the calculation says so.
    for process in made.filter(|_| !view.incomplete) {
        let without: Vec<&ChosenOutput<'_>> = process
            .made
            .iter()
            .filter(|made| made.measured && made.units.is_none_or(|units| units > 0))
            .collect();
        if without.is_empty() || elsewhere(view, process) {
            continue;
        }
        let without: Vec<&ChosenOutput<'_>> =
            without.into_iter().filter(|made| !uses_energy(process, made)).collect();
        let mut by_site: BTreeMap<Option<String>, Vec<&ChosenOutput<'_>>> = BTreeMap::new();
        for made in without {
            let site = made.held.statement.site.as_ref().map(|site| site.name.to_string());
            by_site.entry(site).or_default().push(made);
        }
        findings.extend(by_site.iter().map(|(site, made)| found(view, process, site.as_deref(), made)));
    }
}

/// True where another process that has its units states energy: the two share a meter.
fn elsewhere(view: &View<'_>, process: &ProcessView<'_>) -> bool {
    let of_its_units = |name: &crate::model::Text| {
        let listed = view.product.processes.iter();
        listed
            .filter(|other| other.stage == process.stage && other.units_of.as_ref() == Some(process.name))
            .any(|other| other.name == *name)
    };
    view.processes.iter().filter(|other| other.stage == process.stage && of_its_units(other.name)).any(
        |other| {
            other
                .parts
                .iter()
                .any(|part| part.share.quanta() != 0 && states_energy(&part.held.statement.flows))
        },
    )
}

/// True where a statement with energy reaches this output: its own, or a reading that names neither
/// another site nor another batch.
fn uses_energy(process: &ProcessView<'_>, made: &ChosenOutput<'_>) -> bool {
    process.parts.iter().filter(|part| part.share.quanta() != 0).any(|part| {
        let said = &part.held.statement;
        let reaches = match said.is_reading() {
            true => {
                !place(said).iter().zip(&place(&made.held.statement)).any(|(one, other)| differ(one, other))
            }
            false => part.held.id == made.held.id || is_beside(said, &made.held.statement),
        };
        reaches && states_energy(&said.flows)
    })
}

/// A production of the same site and batch: one row may state output, another output and energy.
fn is_beside(one: &crate::model::Activity, other: &crate::model::Activity) -> bool {
    place(one) == place(other)
}

fn states_energy(flows: &[crate::model::Flow]) -> bool {
    flows.iter().any(|flow| match &flow.source {
        FlowSource::Excluded { estimate, .. } => !estimate.is_zero(),
        _ => matches!(flow.kind, FlowKind::Energy | FlowKind::Emission),
    })
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
    let remedy = "record its readings; where its energy stands in another process, a reading of 0 says so; a flow of kind excluded with an estimate says what is left out";
    let statements: Vec<StatementId> = made.iter().map(|made| made.held.id).collect();
    view.found("energy-missing", Severity::Attention, statements, sentence, remedy)
        .leaving_out(LeftOut::Unknown)
}
