//! What public documents reveal, in words, before they are written.

use std::collections::BTreeSet;
use std::path::Path;

use pcf_ledger::model::FootprintId;
use pcf_ledger::proof::Proof;
use pcf_ledger::publish::{Bodies, Choice, Disclosure};

use crate::files::load;

/// What the proof of a footprint in a file shows; none where the file has no proof of it.
pub fn shown_in(file: &Path, footprint: &FootprintId) -> Option<Disclosure> {
    let proof = Proof::parse(&load(file).ok()?).ok()?;
    if proof.publication().footprint != *footprint {
        return None;
    }
    let bodies = match (proof.is_whole(), proof.activities_shown().copied().collect::<BTreeSet<_>>()) {
        (true, _) => Bodies::All,
        (false, shown) if shown.is_empty() => Bodies::None,
        (false, statements) => Bodies::Only(Choice { statements, ..Choice::default() }),
    };
    Some(Disclosure { bodies, figures: proof.is_exact() })
}

/// What the public documents of a publication show of what lies behind its figures, as sentences.
pub fn reveals(disclosure: &Disclosure) -> String {
    let figures = if disclosure.figures { "the figures exactly" } else { "the figures rounded" };
    let headers = "product, period, process, site name, meter and signer of every activity behind them";
    let bodies = match &disclosure.bodies {
        Bodies::All => {
            return format!(
                "The public files show everything: {figures}, and every amount, flow, factor and supplier's document behind them."
            );
        }
        Bodies::None => {
            return format!(
                "The public files show {figures}, and {headers}; no amount, no flow, no factor and no supplier's document."
            );
        }
        Bodies::Only(choice) => format!("of {}", listed(choice)),
        Bodies::Except(choice) => format!("of all but {}", listed(choice)),
    };
    format!(
        "The public files show {figures}, and {headers}; amounts, flows, factors and suppliers' documents {bodies}, and nothing of the others."
    )
}

fn listed(choice: &Choice) -> String {
    let stages = choice.stages.iter().map(|stage| format!("the stage {stage}"));
    let processes = choice.processes.iter().map(|process| format!("the process {process}"));
    let statements = choice.statements.iter().map(|id| format!("the statement {id}"));
    stages.chain(processes).chain(statements).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use pcf_ledger::publish::ChoicePart;

    use super::*;

    #[test]
    fn every_choice_is_told() {
        let parts =
            |text: &[&str]| text.iter().map(|part| part.parse().unwrap()).collect::<Vec<ChoicePart>>();
        for (disclosure, says) in [
            (Disclosure::all(), "show everything: the figures exactly"),
            (Disclosure::default(), "the figures rounded, and product, period"),
            (Disclosure::only(&parts(&["none"])), "no amount, no flow"),
            (Disclosure::only(&parts(&["figures"])), "the figures exactly, and product"),
            (
                Disclosure::only(&parts(&["stage=use", "process=casting"])),
                "documents of the stage use, the process casting",
            ),
            (Disclosure::except(&parts(&["stage=use"])), "documents of all but the stage use"),
            (Disclosure::except(&parts(&["all"])), "no amount, no flow"),
        ] {
            let told = reveals(&disclosure);
            assert!(told.contains(says), "{told}");
        }
    }
}
