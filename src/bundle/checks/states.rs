//! What the operator's states say of the publication and of what it used: whether all was there, whether it still holds, and whose word that is.

use std::collections::{BTreeMap, BTreeSet};

use super::standing::assured;
use super::{Judged, Unmet, statements};
use crate::bundle::evidence::Evidence;
use crate::bundle::report::{Completeness, Standing, Vouched};
use crate::bundle::states::{HeldState, Said, ShownEntry};
use crate::bundle::trust::Known;
use crate::model::{Opinion, Product, PublicationStatus, Statement, StatementId};
use crate::rules::state::{EntryKind, Value, key_of, key_of_actor, set_of};

/// How many ids a sentence spells out.
const SPELLED_OUT_MAX: usize = 5;

/// Everything that is shown of a state is in it.
pub(super) fn shown(evidence: &Evidence<'_>) -> Judged {
    if evidence.proof.states.is_empty() {
        return Err(Unmet::NotChecked("there is no state in this file".to_owned()));
    }
    let mut seen = Vec::new();
    for (state, flaw) in evidence.states() {
        let size = state.size();
        if let Some(flaw) = flaw {
            return Err(format!("the state of size {size}: {flaw}").into());
        }
        let (some, all) = (state.shown.entries.len(), state.shown.count);
        seen.push(format!("size {size}: {some} of {all} entries, root {}", state.state.root));
    }
    Ok(seen.join("; "))
}

/// Nothing that the figures should have used was left out, says the state of the size that they rest on.
pub(super) fn complete(evidence: &Evidence<'_>) -> Judged {
    let found = completeness(evidence)?;
    let Completeness { size, used, all, .. } = found;
    let whose = whose(evidence, found.vouched.as_ref());
    if used == all {
        return Ok(format!("{used} of {all} statements, as of size {size}; {whose}"));
    }
    let named = listed(found.missing.iter());
    let unnamed = all - used - found.missing.len() as u64; // OK because the missing ones are among all.
    let unnamed = if unnamed > 0 { format!(" and {unnamed} that are not listed") } else { String::new() };
    Err(Unmet::NotChecked(format!(
        "{used} of {all} statements as of size {size}: activities of the products in the figures that are not in them: {named}{unnamed}. Another period, \
         batch or scenario may be why, which this file does not show; {whose}"
    )))
}

/// What the state of the size that the figures rest on says of their completeness.
pub(super) fn completeness(evidence: &Evidence<'_>) -> Result<Completeness, Unmet> {
    let (proof, rests_on) = (evidence.proof, evidence.proof.publication.log.size.as_u64());
    let found = evidence.states().find(|(state, _)| state.size() == rests_on);
    let Some((state, flaw)) = found else {
        return Err(Unmet::NotChecked(format!(
            "this file carries no state of size {rests_on}, on which the figures rest: whether a statement was left out of them cannot be known"
        )));
    };
    sound(flaw)?;
    keys(evidence, state)?;
    for id in &proof.used {
        if let Some(cause) = ended(state, id)? {
            return Err(
                format!("statement {id} did not hold at log size {rests_on}: {cause} ended it").into()
            );
        }
    }
    let (all, hidden) = (proof.used.len(), undisclosed(evidence));
    if hidden > 0 {
        return Err(Unmet::NotChecked(format!(
            "{hidden} of {all} used statements are not disclosed, so which products they are about cannot be known; all {all} held at log size {rests_on}"
        )));
    }
    let (mut missing, mut unnamed) = (BTreeSet::new(), 0);
    for (id, product) in used_products(evidence) {
        let made = made_by_used(evidence, product);
        let Said::Present(entry) = state.of(EntryKind::Product, key_of(id)) else {
            return Err(
                format!("the state of size {rests_on} is not shown to count the activities of {id}").into()
            );
        };
        if let Some(ids) = &entry.ids {
            if let Some(other) = made.iter().find(|id| ids.binary_search(id).is_err()) {
                return Err(format!(
                    "the activity {other} is used, and is not among those that held at log size {rests_on}"
                )
                .into());
            }
            missing.extend(ids.iter().filter(|id| proof.used.binary_search(id).is_err()).copied());
        } else {
            unnamed += not_among(entry, &made)?;
        }
    }
    let used = all as u64; // OK because a usize has at most 64 bits.
    let all = used + missing.len() as u64 + unnamed;
    Ok(Completeness { size: rests_on, used, all, missing, vouched: vouched(evidence, state) })
}

/// How many activities of a set that is not listed are not among the used ones.
fn not_among(entry: &ShownEntry, made: &BTreeSet<StatementId>) -> Result<u64, Unmet> {
    let Value::Set { count, .. } = entry.entry.value else { return Ok(0) };
    let known = made.len() as u64; // OK because a usize has at most 64 bits.
    match count.checked_sub(known) {
        Some(0) if entry.entry.value != set_of(made) => {
            Err("as many activities are used as held, and others".to_owned().into())
        }
        Some(more) => Ok(more),
        None => Err(format!("{known} activities are used, and {count} held").into()),
    }
}

/// Whether the publication is in force, says the newest state after it.
pub(super) fn status(evidence: &Evidence<'_>) -> Judged {
    let proof = evidence.proof;
    let draft = match proof.publication.status {
        PublicationStatus::Draft => "a draft, which its publisher does not stand by yet; ",
        PublicationStatus::Final => "",
    };
    let standing = match standing(evidence) {
        Err(Unmet::NotChecked(why)) => return Err(Unmet::NotChecked(format!("{draft}{why}"))),
        other => other?,
    };
    let Standing { size, superseded_by, used_ended, vouched, .. } = &standing;
    let log = proof.checkpoint.size();
    let mut said = match superseded_by {
        Some((later, footprint)) => {
            format!("{draft}superseded by the footprint {footprint} (statement {later}), as of size {size}")
        }
        None if standing.is_current => format!("current as of size {size}"),
        None => format!("{draft}neither replaced nor withdrawn as of size {size}"),
    };
    said.push_str(&format!(" of a log of {log}"));
    if !used_ended.is_empty() {
        let count = used_ended.len();
        said.push_str(&format!(
            "; {count} of the statements it used no longer hold: {}",
            listed(used_ended.iter())
        ));
    }
    Ok(format!("{said}; {}", whose(evidence, vouched.as_ref())))
}

/// What the newest state says of the publication.
pub(super) fn standing(evidence: &Evidence<'_>) -> Result<Standing, Unmet> {
    let proof = evidence.proof;
    let publication = proof.statements.get(proof.publication_at);
    let seal = publication.and_then(|held| proof.seals.get(held.seal));
    let (Some(publication), Some(seal)) = (publication, seal) else {
        return Err("there is no publication".to_owned().into());
    };
    if let Some(death) = evidence.book.death(&publication.id) {
        return Err(format!("the publication no longer holds: {death}").into());
    }
    let Some((state, flaw)) = evidence.states().last() else {
        return Err(Unmet::NotChecked(
            "this file carries no state: whether the publication was replaced or withdrawn later, a key was revoked later, a used \
             statement was replaced or withdrawn before, or one was left out of the figures cannot be known"
                .to_owned(),
        ));
    };
    let size = state.size();
    if size <= seal.index {
        return Err(Unmet::NotChecked(format!(
            "the newest state in this file, of size {size}, does not reach the publication at index {}: whether it was replaced or withdrawn later, \
             or a key was revoked later, cannot be known",
            seal.index
        )));
    }
    sound(flaw)?;
    keys(evidence, state)?;
    if let Some(cause) = ended(state, &publication.id)? {
        return Err(format!(
            "the publication no longer holds: {cause} ended it, says the state of size {size}"
        )
        .into());
    }
    let superseded_by = match state.of(EntryKind::Followed, key_of(&publication.id)) {
        Said::Present(ShownEntry { entry, .. }) => match &entry.value {
            Value::Publication(later, footprint) => Some((*later, footprint.clone())),
            _ => None,
        },
        Said::Absent => None,
        Said::NotShown => {
            return Err(format!("the state of size {size} is not shown to say what follows").into());
        }
    };
    let mut used_ended = Vec::new();
    for id in &proof.used {
        used_ended.extend(ended(state, id)?.map(|_| *id));
    }
    let is_final = proof.publication.status == PublicationStatus::Final;
    let is_current = is_final && superseded_by.is_none() && used_ended.is_empty();
    Ok(Standing { size, is_current, superseded_by, used_ended, vouched: vouched(evidence, state) })
}

/// What ended a statement that stands in the log at an index, says the newest state; none where it holds, or the state is from before it, or there is none.
///
/// # Errors
/// The state is not shown to say.
pub(super) fn ended_by(
    evidence: &Evidence<'_>,
    id: &StatementId,
    index: u64,
) -> Result<Option<StatementId>, Unmet> {
    match evidence.states().last() {
        Some((state, None)) if state.size() > index => ended(state, id),
        _ => Ok(None),
    }
}

/// The answer where what is shown of a state is not in it: another check says so.
fn sound(flaw: Option<&String>) -> Result<(), Unmet> {
    match flaw {
        None => Ok(()),
        Some(_) => Err(Unmet::NotChecked("what is shown of the state is not in it".to_owned())),
    }
}

fn ended(state: &HeldState, id: &StatementId) -> Result<Option<StatementId>, Unmet> {
    let size = state.size();
    match state.of(EntryKind::Dead, key_of(id)) {
        Said::Absent => Ok(None),
        Said::Present(ShownEntry { entry, .. }) => match entry.value {
            Value::Statement(cause) => Ok(Some(cause)),
            _ => Ok(None), // not reached: of another kind
        },
        Said::NotShown => {
            Err(format!("the state of size {size} is not shown to say whether {id} held").into())
        }
    }
}

/// The authority and actor statements of the file are those that were in force: none was left out at its end.
fn keys(evidence: &Evidence<'_>, state: &HeldState) -> Result<(), Unmet> {
    let (proof, size) = (evidence.proof, state.size());
    let below = proof
        .statements
        .iter()
        .filter(|held| proof.seals.get(held.seal).is_some_and(|seal| seal.index < size));
    let (mut authorities, mut newest, mut signers) = (Vec::new(), BTreeMap::new(), BTreeSet::new());
    for held in below {
        match &held.statement {
            Statement::Ledger(_) | Statement::Authority(_) => authorities.push(held.id),
            Statement::Actor(actor) => drop(newest.insert(&actor.actor, held.id)),
            _ => {}
        }
        signers.extend(Some(held.statement.by()).filter(|by| !by.is_reserved()));
    }
    let expected = set_of(&authorities);
    let ledger = proof.ledger_id().map(|ledger| state.of(EntryKind::Authority, key_of(&ledger)));
    if !matches!(ledger, Some(Said::Present(shown)) if shown.entry.value == expected) {
        let count = authorities.len();
        return Err(format!("the state of size {size} is not shown to know the {count} authority statements in this file and no other").into());
    }
    for actor in signers {
        let got = newest.get(actor).copied();
        match state.of(EntryKind::Actor, key_of_actor(actor)) {
            Said::Present(shown) if got.map(Value::Statement).as_ref() == Some(&shown.entry.value) => {}
            Said::Present(ShownEntry { entry, .. }) => {
                let (Value::Statement(expected), Some(got)) = (&entry.value, got) else { continue };
                return Err(format!(
                    "the state of size {size} has {expected} as the statement in force about `{actor}`, and this file ends with {got}: a later one is left out"
                )
                .into());
            }
            _ => {
                return Err(
                    format!("the state of size {size} is not shown to know the actor `{actor}`").into()
                );
            }
        }
    }
    Ok(())
}

/// Used statements of which neither the text nor a redaction is in the file.
fn undisclosed(evidence: &Evidence<'_>) -> usize {
    let disclosed: BTreeSet<&StatementId> = statements::disclosed_ids(evidence.proof).collect();
    let known = statements::redacted(evidence).map(|(id, _)| id).chain(disclosed.iter().copied());
    evidence.proof.used.len() - known.collect::<BTreeSet<_>>().len() // OK because all of these are used.
}

/// The product statements among the used ones.
fn used_products<'a>(evidence: &'a Evidence<'_>) -> impl Iterator<Item = (&'a StatementId, &'a Product)> {
    let proof = evidence.proof;
    statements::candidates(proof).filter_map(|(_, held)| match &held.statement {
        Statement::Product(product) if proof.used.binary_search(&held.id).is_ok() => {
            Some((&held.id, product))
        }
        _ => None,
    })
}

/// The disclosed activities among the used ones that put a product out.
fn made_by_used(evidence: &Evidence<'_>, product: &Product) -> BTreeSet<StatementId> {
    let proof = evidence.proof;
    let made = statements::candidates(proof).filter(|(_, held)| match &held.statement {
        Statement::Activity(said) => said.outputs.iter().any(|output| product.ids.contains(&output.product)),
        _ => false,
    });
    made.map(|(_, held)| held.id).filter(|id| proof.used.binary_search(id).is_ok()).collect()
}

/// The auditor whose opinion names the root of a state; one with a pinned key before one without.
fn vouched(evidence: &Evidence<'_>, state: &HeldState) -> Option<Vouched> {
    let names_it = |assurance: &crate::model::Assurance| {
        assurance.state_root == Some(state.state.root)
            && assurance.opinion != Opinion::Adverse
            && assurance.by != evidence.proof.publication.by
    };
    let held =
        assured(evidence).filter(|(held, assurance)| names_it(assurance) && evidence.book.holds(&held.id));
    let named = held.map(|(held, assurance)| Vouched {
        by: assurance.by.clone(),
        is_pinned: evidence.known(held) == Known::Pinned,
    });
    named.max_by_key(|vouched| vouched.is_pinned)
}

fn whose(evidence: &Evidence<'_>, vouched: Option<&Vouched>) -> String {
    let origin = evidence.proof.checkpoint.origin();
    let operator = format!("the claim of the operator of {}", origin.escape_debug());
    match vouched {
        Some(Vouched { by, is_pinned: true }) => {
            format!("{operator}, and `{by}`, whose key is pinned, names this state in its opinion")
        }
        Some(Vouched { by, is_pinned: false }) => {
            format!("{operator}; `{by}` names this state in its opinion, and no pinned key says who that is")
        }
        None => operator,
    }
}

fn listed<'a>(ids: impl ExactSizeIterator<Item = &'a StatementId>) -> String {
    let more = ids.len().saturating_sub(SPELLED_OUT_MAX);
    let some: Vec<String> = ids.take(SPELLED_OUT_MAX).map(ToString::to_string).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", some.join(", "))
}
