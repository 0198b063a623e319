//! Production without energy: a process that made something and states no energy, emission or
//! exclusion. Says nothing of procurement, where others' energy stands in the factors.

use super::view::{ProcessView, View};
use super::{Finding, LeftOut, Severity};
use crate::model::{FlowKind, Stage};

pub(super) fn look(view: &View<'_>, findings: &mut Vec<Finding>) {
    let made = view.processes.iter().filter(|process| {
        process.stage == Stage::Production && !process.is_recipe() && process.made.iter().any(|m| m.measured)
    });
    // A reading whose share cannot be known may be that energy; the calculation says so.
    for process in made.filter(|_| !view.incomplete) {
        let with_its_units =
            view.product.processes.iter().filter(|other| {
                other.stage == process.stage && other.units_of.as_ref() == Some(process.name)
            });
        let mut names = with_its_units.map(|other| &other.name).chain([process.name]);
        let uses_energy = |name| {
            let of_name = |other: &&ProcessView<'_>| other.stage == process.stage && other.name == name;
            view.processes.iter().find(of_name).is_some_and(states_energy)
        };
        if names.any(uses_energy) {
            continue;
        }
        let sentence = format!(
            "{} process `{}` made something and states no energy: neither electricity nor fuel, and nothing that is emitted or excluded",
            process.stage, process.name
        );
        let remedy = "record its readings; where its energy stands in another process, a reading of 0 says so; a flow of kind excluded with an estimate says what is left out";
        let statements = process.statements().map(|held| held.id);
        let found = view.found("energy-missing", Severity::Attention, statements, sentence, remedy);
        findings.push(found.leaving_out(LeftOut::Unknown));
    }
}

fn states_energy(process: &ProcessView<'_>) -> bool {
    let flows = process.parts.iter().flat_map(|part| &part.held.statement.flows);
    flows
        .into_iter()
        .any(|flow| matches!(flow.kind, FlowKind::Energy | FlowKind::Emission | FlowKind::Excluded))
}
