//! The statements behind the publication: who signed them, which were used, which are disclosed.

use std::collections::{BTreeMap, HashSet};

use super::{Judged, Unmet, is_beside_the_figures};
use crate::admission::{Announced, Death, Said, root_over};
use crate::model::{ActorId, Digest, Stage, Statement, StatementId, StatementKind};
use crate::proof::evidence::{Evidence, Problems, is_proven};
use crate::proof::footprint_proof::{HeldStatement, Proof};

/// Every statement is in its place and was admitted there by the rules of the ledger; none was signed with a key that is revoked from before;
/// no actor's history has a gap.
pub(super) fn signers_enrolled(evidence: &Evidence<'_>) -> Judged {
    let proof = evidence.proof;
    let mut problems = Problems::default();
    for (number, held) in proof.seals.iter().enumerate() {
        if let Some(why) = evidence.refused.get(number).cloned().flatten() {
            problems.add(|| format!("index {}: {why}", held.index));
        } else if !is_proven(&evidence.not_in_log, number) {
            problems.add(|| format!("index {}: its place in the log is not proven", held.index));
        }
    }
    let ids: HashSet<&StatementId> = proof.statements.iter().map(|held| &held.id).collect();
    for (number, held) in proof.statements.iter().enumerate() {
        if !is_proven(&evidence.not_in_seal, number) {
            problems.add(|| format!("statement {}: its place under its seal is not proven", held.id));
        }
        if let Some(death @ Death::KeyRevoked(_)) = evidence.folded.ended.get(&held.id) {
            problems.add(|| format!("statement {}: {death}", held.id));
        }
        if let Some(Statement::Actor(actor)) = held.said.statement()
            && let Some(earlier) = actor.replaces.filter(|earlier| !ids.contains(earlier))
        {
            problems.add(|| {
                format!("the statement about `{}` before {}, {earlier}, is left out", actor.actor, held.id)
            });
        }
    }
    if let Some(sentence) = problems.to_sentence() {
        return Err(sentence.into());
    }
    let signers: HashSet<&[u8; 32]> = proof.seals.iter().map(|held| held.seal.signer()).collect();
    Ok(format!(
        "{} statements by {} keys, judged in log order by the actor, authority and product statements in this file",
        proof.statements.len(),
        signers.len()
    ))
}

/// The lists of used statements are those that the publication names.
pub(super) fn used_set(evidence: &Evidence<'_>) -> Judged {
    let proof = evidence.proof;
    let (expected, listed) = (proof.header.used, &proof.listed);
    let got = listed.activities.len();
    if u64::try_from(got) != Ok(expected.activities.count.as_u64()) {
        return Err(format!("expected {} used activities, got {got}", expected.activities.count).into());
    }
    let root = expected.activities.root;
    same_root("activities", root, &listed.activities)?;
    let sources = listed.sources.as_deref().unwrap_or_default();
    for held in &proof.statements {
        let is_activity = held.said.kind() == StatementKind::Activity;
        let wrong = if is_activity { sources } else { listed.activities.as_slice() };
        if wrong.binary_search(&held.id).is_ok() {
            let (kind, side) = (held.said.kind(), if is_activity { "others" } else { "activities" });
            return Err(format!("statement {}, of type `{kind}`, is listed among the {side}", held.id).into());
        }
    }
    if let Some(twice) = sources.iter().find(|id| listed.activities.binary_search(id).is_ok()) {
        return Err(format!("statement {twice} is listed among the activities and the others").into());
    }
    let Some(sources) = &listed.sources else {
        return Ok(format!(
            "{got} activities, root {root}; the other used statements, root {}, are not listed, since bodies are withheld",
            expected.sources.root
        ));
    };
    same_root("other statements", expected.sources.root, sources)?;
    Ok(format!("{got} activities, root {root}, and {} others, root {}", sources.len(), expected.sources.root))
}

fn same_root(what: &str, expected: Digest, ids: &[StatementId]) -> Result<(), Unmet> {
    let root = root_over(ids);
    if root == expected {
        return Ok(());
    }
    Err(format!("{what}: expected the root {expected}, got {root} over the {} ids", ids.len()).into())
}

/// The statements of the proof that can enter figures, without the publication itself.
pub(super) fn candidates(proof: &Proof) -> impl Iterator<Item = (usize, &HeldStatement)> {
    let all = proof.statements.iter().enumerate();
    all.filter(|(n, held)| *n != proof.publication_at && !is_beside_the_figures(held.said.kind()))
}

/// The used statements that are disclosed with all that they say.
pub(super) fn disclosed_ids(proof: &Proof) -> impl Iterator<Item = &StatementId> {
    let whole = candidates(proof).filter(|(_, held)| held.said.statement().is_some());
    whole.map(|(_, held)| &held.id).filter(|id| proof.used.binary_search(id).is_ok())
}

/// The used statements of which only the header is left because the operator took the body out, with what says so.
pub(super) fn redacted<'a>(
    evidence: &'a Evidence<'_>,
) -> impl Iterator<Item = (&'a StatementId, &'a Announced)> {
    let redactions = evidence.folded.redactions.iter();
    redactions.filter(|(id, _)| evidence.proof.used.binary_search(id).is_ok())
}

/// What rests on bodies that are not in the file: process, signer and number of bodies.
pub(super) fn withheld(evidence: &Evidence<'_>) -> Vec<(String, ActorId, usize)> {
    let proof = evidence.proof;
    let mut found: BTreeMap<(Stage, String, ActorId), usize> = BTreeMap::new();
    for (_, held) in candidates(proof).filter(|(_, held)| proof.used.binary_search(&held.id).is_ok()) {
        let Some(said) = held.said.activity_header() else { continue };
        if !evidence.folded.redactions.contains_key(&held.id) {
            let of = (said.stage, said.process.as_str().escape_debug().to_string(), said.by.clone());
            *found.entry(of).or_default() += 1;
        }
    }
    let line = |((stage, process, by), count)| (format!("{stage} / {process}"), by, count);
    found.into_iter().map(line).collect()
}

pub(super) fn disclosed(evidence: &Evidence<'_>) -> Judged {
    let proof = evidence.proof;
    let rests_on = proof.publication.log.size.as_u64();
    let mut problems = Problems::default();
    for (number, held) in candidates(proof) {
        let id = held.id;
        // The header of an activity that did not enter says why.
        let beside = matches!(&held.said, Said::Header(_)) && held.said.kind() == StatementKind::Activity;
        if proof.used.binary_search(&id).is_err() && !beside {
            problems.add(|| format!("statement {id} is not among the used ones"));
        }
        let index = proof.seals.get(held.seal).map_or(0, |seal| seal.index);
        if index >= rests_on {
            problems.add(|| format!("statement {id} stands at index {index}, expected below {rests_on}"));
        }
        if let Some(why) = evidence.not_in_seal.get(number).cloned().flatten() {
            problems.add(|| format!("statement {id}, its place under its seal: {why}"));
        }
        if let Some(why) = evidence.not_in_log.get(held.seal).cloned().flatten() {
            problems.add(|| format!("statement {id}, its seal's place in the log: {why}"));
        }
        if let Some(why) = evidence.dead_before.get(&id) {
            problems.add(|| format!("statement {id} did not hold at log size {rests_on}: {why}"));
        }
    }
    if let Some(sentence) = problems.to_sentence() {
        return Err(sentence.into());
    }
    let listed = |held: &&HeldStatement| proof.used.binary_search(&held.id).is_ok();
    let headers = candidates(proof).map(|(_, held)| held).filter(listed);
    let headers = headers.filter(|held| held.said.statement().is_none()).count();
    let (some, all) = (disclosed_ids(proof).count(), proof.used.len());
    let beside = match headers {
        0 => String::new(),
        headers => format!(" and the headers of {headers} more"),
    };
    let known = if proof.hides_sources() { " that are known" } else { "" };
    Ok(format!("{some} of the {all} used statements{known}{beside}, each in the log below size {rests_on}"))
}
