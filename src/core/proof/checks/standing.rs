//! What stands beside the figures: opinions, and other views of the log.

use std::collections::BTreeSet;

use super::anchor::signed_checkpoint;
use super::{Judged, Unmet, status};
use crate::log::Policy;
use crate::model::{ActorId, Assurance, Opinion, Statement};
use crate::proof::evidence::{Evidence, Problems};
use crate::proof::footprint_proof::HeldStatement;
use crate::proof::trust::Known;

/// The assurances of the proof.
pub(super) fn assured<'a>(
    evidence: &Evidence<'a>,
) -> impl Iterator<Item = (&'a HeldStatement, &'a Assurance)> {
    evidence.proof.statements.iter().filter_map(|held| match held.said.statement() {
        Some(Statement::Assurance(assurance)) => Some((held, assurance)),
        _ => None,
    })
}

pub(super) fn assurance(evidence: &Evidence<'_>) -> Judged {
    let publication = &evidence.proof.publication;
    let digest = evidence.proof.header.figures_digest;
    let (mut problems, mut seen, mut own) = (Problems::default(), Vec::new(), 0_usize);
    for (held, assurance) in assured(evidence) {
        let index = evidence.proof.seals.get(held.seal).map_or(0, |seal| seal.index);
        let ended = status::ended_by(evidence, &held.id, index)?;
        let (id, by, level) = (held.id, &assurance.by, assurance.level);
        let examined = assurance.log;
        if assurance.figures != digest {
            let got = assurance.figures;
            problems
                .add(|| format!("the assurance {id} of `{by}`: expected the figures {digest}, got {got}"));
        } else if !evidence.folded.holds(&id) {
            let why = evidence.folded.ended.get(&id).map(|death| death.to_string());
            let why = why.unwrap_or_else(|| "it is not in its place".to_owned());
            problems.add(|| format!("the assurance {id} of `{by}` does not hold: {why}"));
        } else if let Some(cause) = ended {
            problems.add(|| {
                format!("the assurance {id} of `{by}` does not hold: {cause} ended it, says the newest state")
            });
        } else if examined.size == publication.log.size && examined.root != publication.log.root {
            problems.add(|| format!("the assurance {id} of `{by}` examined another log of the same size"));
        } else if let Some(index) = used_after(evidence, examined.size.as_u64()) {
            problems.add(|| {
                let size = examined.size;
                format!("the assurance {id} of `{by}` examined the log of size {size}, and a used statement stands at index {index}")
            });
        } else if assurance.opinion == Opinion::Adverse {
            problems.add(|| format!("the opinion of `{by}` is adverse ({id})"));
        } else if *by == publication.by {
            own += 1;
        } else if seen.len() < 5 {
            let (opinion, standard) = (assurance.opinion, &assurance.standard);
            let findings = assurance.findings.len();
            let whose = match evidence.known(held) {
                Known::Pinned => "the key is pinned",
                Known::Claimed => "whose key it is, is the operator's claim",
                Known::Refused(_) => "the key is not the one pinned",
            };
            let size = examined.size;
            seen.push(format!(
                "`{by}`: {level}, {opinion}, {standard}, {findings} findings, log of size {size} examined; {whose}"
            ));
        }
    }
    match (problems.to_sentence(), seen.is_empty(), own) {
        (Some(sentence), ..) => Err(sentence.into()),
        (None, true, 0) => Err(Unmet::NotChecked("there is no assurance in this file".to_owned())),
        (None, true, _) => {
            Err(Unmet::NotChecked("only the publisher itself gives an opinion on its figures".to_owned()))
        }
        (None, false, _) => Ok(seen.join("; ")),
    }
}

/// Auditors with an opinion on these figures that holds, also by the newest state, and is not
/// adverse; never the publisher itself.
pub(super) fn vouching<'a>(evidence: &Evidence<'a>) -> BTreeSet<&'a ActorId> {
    let (digest, own) = (evidence.proof.header.figures_digest, &evidence.proof.publication.by);
    let counts = |held: &HeldStatement, assurance: &Assurance| {
        let index = evidence.proof.seals.get(held.seal).map_or(0, |seal| seal.index);
        assurance.figures == digest
            && assurance.opinion != Opinion::Adverse
            && assurance.by != *own
            && evidence.folded.holds(&held.id)
            && matches!(status::ended_by(evidence, &held.id, index), Ok(None))
    };
    let counting = assured(evidence).filter(|(held, assurance)| counts(held, assurance));
    counting.map(|(_, assurance)| &assurance.by).collect()
}

/// Where a disclosed used statement stands that a log of this size did not have.
fn used_after(evidence: &Evidence<'_>, size: u64) -> Option<u64> {
    let proof = evidence.proof;
    let used = proof.statements.iter().filter(|held| proof.used.binary_search(&held.id).is_ok());
    used.filter_map(|held| proof.seals.get(held.seal)).map(|seal| seal.index).find(|index| *index >= size)
}

/// Every witness that the reader names has cosigned the checkpoint, and enough of those of the reader's policy.
pub(super) fn split_view(evidence: &Evidence<'_>) -> Judged {
    let (witnesses, policy) = (&evidence.trust.witnesses, evidence.trust.policy.as_ref());
    if witnesses.is_empty() && policy.is_none_or(Policy::asks_for_none) {
        return Err(Unmet::NotChecked(
            "no witness was named, so a log that shows others something else is not excluded".to_owned(),
        ));
    }
    let signed = signed_checkpoint(evidence)?;
    let cosigned = signed.cosignatures(witnesses).map_err(|e| e.to_string())?;
    let missing: Vec<&str> = witnesses
        .iter()
        .filter(|witness| cosigned.iter().all(|found| found.key != *witness))
        .map(|witness| witness.name())
        .collect();
    if !missing.is_empty() {
        return Err(
            format!("expected cosignatures of all witnesses, got none of {}", missing.join(", ")).into()
        );
    }
    let mut seen: Vec<String> = Vec::new();
    if !witnesses.is_empty() {
        let names: Vec<&str> = witnesses.iter().map(|witness| witness.name()).collect();
        seen.push(format!("the checkpoint is cosigned by {}", names.join(", ")));
    }
    if let Some(policy) = policy {
        let key = evidence.trust.log_key.as_ref().filter(|key| !policy.knows_log(key));
        if let Some(key) = key {
            return Err(format!("the policy names other logs than {key}").into());
        }
        let names = policy.check(&signed).map_err(|e| e.to_string())?;
        seen.push(format!(
            "of the policy's witnesses {} cosigned, and it asks for {}",
            names.join(", "),
            policy.rule()
        ));
    }
    Ok(seen.join("; "))
}
