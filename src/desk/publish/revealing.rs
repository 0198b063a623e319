//! What public documents reveal, in words, before they are written.

use pcf_ledger::publish::{Bodies, Choice, Disclosure};

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
                "The public files show {figures}, and {headers}; no amount, no flow, no factor and no supplier."
            );
        }
        Bodies::Only(choice) => format!("of {}", listed(choice)),
        Bodies::Except(choice) => format!("of all but {}", listed(choice)),
    };
    format!(
        "The public files show {figures}, and {headers}; amounts, flows and factors {bodies}, and nothing of the others."
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
                "factors of the stage use, the process casting",
            ),
            (Disclosure::except(&parts(&["stage=use"])), "factors of all but the stage use"),
            (Disclosure::except(&parts(&["all"])), "no amount, no flow"),
        ] {
            let told = reveals(&disclosure);
            assert!(told.contains(says), "{told}");
        }
    }
}
