//! What the operator's states say: whether all that was there was used, by whose keys, and whose word that is.

use std::collections::{BTreeMap, BTreeSet};

use super::standing::assured;
use super::{Judged, Unmet, statements};
use crate::admission::state::{EntryKind, Value, key_of, key_of_actor, set_of};
use crate::calc::{self, Request};
use crate::codec::tags_of;
use crate::model::{Header, Opinion, Product, Statement, StatementId};
use crate::proof::evidence::Evidence;
use crate::proof::report::{Completeness, Vouched};
use crate::proof::states::{HeldState, Said, ShownEntry};
use crate::proof::trust::Known;

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
        seen.push(format!("size {size}: {} entries, root {}", state.shown.entries.len(), state.state.root));
    }
    Ok(seen.join("; "))
}

/// Nothing that the figures should have used was left out, says the state of the size that they rest on.
pub(super) fn complete(evidence: &Evidence<'_>) -> Judged {
    let found = completeness(evidence)?;
    let Completeness { size, used, all, .. } = found;
    let mut whose = whose(evidence, found.vouched.as_ref());
    if evidence.proof.hides_sources() {
        whose.push_str(
            "; factors, suppliers' footprints and products that only withheld bodies name are not among them",
        );
    }
    if used == all {
        return Ok(format!("{used} of {all} statements, as of size {size}; {whose}"));
    }
    let reasons = reasons(evidence, &found.missing);
    let unexplained: BTreeSet<StatementId> =
        found.missing.iter().filter(|id| !reasons.contains_key(*id)).copied().collect();
    let explained = told(&reasons);
    if unexplained.is_empty() && all - used == found.missing.len() as u64 {
        return Ok(format!(
            "{used} of {all} statements, as of size {size}; the others are {explained}; {whose}"
        ));
    }
    let mut left = Vec::from_iter((!unexplained.is_empty()).then(|| listed(unexplained.iter())));
    let unnamed = all - used - found.missing.len() as u64; // OK because the missing ones are among all.
    left.extend((unnamed > 0).then(|| format!("up to {unnamed} that are not listed")));
    let left = left.join(" and ");
    Err(Unmet::NotChecked(format!(
        "{used} of {all} statements as of size {size}: activities of the products in the figures that are not in them: {left}. Another period, \
         batch or scenario may be why, which this file does not show; {whose}"
    )))
}

/// Why activities did not enter, as far as their headers are in the file and say so.
fn reasons(evidence: &Evidence<'_>, missing: &BTreeSet<StatementId>) -> BTreeMap<StatementId, &'static str> {
    let request = Request::of(&evidence.proof.publication);
    let product = evidence.product();
    let headers = statements::candidates(evidence.proof).filter_map(|(_, held)| {
        let header = held.said.activity_header().filter(|_| missing.contains(&held.id))?;
        let own = product.is_some_and(|product| is_about(&held.said, product));
        Some((held.id, calc::not_counted(header, &request, own)?))
    });
    headers.collect()
}

/// How many for which reason.
fn told(reasons: &BTreeMap<StatementId, &'static str>) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    reasons.values().for_each(|reason| *counts.entry(reason).or_default() += 1);
    counts.iter().map(|(reason, count)| format!("{count} of {reason}")).collect::<Vec<_>>().join(", ")
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
            // What an operator says can be any number.
            unnamed = not_among(entry, &made)?.saturating_add(unnamed);
        }
    }
    if proof.hides_sources() {
        let open = unspoken(evidence);
        if open > 0 {
            return Err(Unmet::NotChecked(format!(
                "{open} of {} used activities are about products whose statements are not shown, so whether others of those were left out cannot be known; what is shown held at log size {rests_on}",
                proof.listed.activities.len()
            )));
        }
    }
    if hidden > 0 {
        return Err(Unmet::NotChecked(format!(
            "{hidden} of {all} used statements are not disclosed, so which products they are about cannot be known; all {all} held at log size {rests_on}"
        )));
    }
    let used = all as u64; // OK because a usize has at most 64 bits.
    let all = unnamed.saturating_add(used + missing.len() as u64); // OK likewise.
    let (vouched, hides_sources) = (vouched(evidence, state), proof.hides_sources());
    Ok(Completeness { size: rests_on, used, all, missing, vouched, hides_sources })
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

/// The answer where what is shown of a state is not in it: another check says so.
pub(super) fn sound(flaw: Option<&String>) -> Result<(), Unmet> {
    match flaw {
        None => Ok(()),
        Some(_) => Err(Unmet::NotChecked("what is shown of the state is not in it".to_owned())),
    }
}

pub(super) fn ended(state: &HeldState, id: &StatementId) -> Result<Option<StatementId>, Unmet> {
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
pub(super) fn keys(evidence: &Evidence<'_>, state: &HeldState) -> Result<(), Unmet> {
    let (proof, size) = (evidence.proof, state.size());
    let below = proof
        .statements
        .iter()
        .filter(|held| proof.seals.get(held.seal).is_some_and(|seal| seal.index < size));
    let (mut authorities, mut newest, mut signers) = (Vec::new(), BTreeMap::new(), BTreeSet::new());
    for held in below {
        match held.said.statement() {
            Some(Statement::Ledger(_) | Statement::Authority(_)) => authorities.push(held.id),
            Some(Statement::Actor(actor)) => drop(newest.insert(&actor.actor, held.id)),
            _ => {}
        }
        signers.extend(Some(held.said.by()).filter(|by| !by.is_reserved()));
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

/// Used statements of which not even the header is in the file.
fn undisclosed(evidence: &Evidence<'_>) -> usize {
    let proof = evidence.proof;
    let shown = statements::candidates(proof).map(|(_, held)| &held.id);
    let shown = shown.filter(|id| proof.used.binary_search(id).is_ok()).collect::<BTreeSet<_>>();
    proof.used.len() - shown.len() // OK because all of these are used.
}

/// Used activities that are about no product whose statement is shown. All of them, where that of
/// the published product is not.
fn unspoken(evidence: &Evidence<'_>) -> usize {
    let proof = evidence.proof;
    let products: Vec<&Product> = used_products(evidence).map(|(_, product)| product).collect();
    if !products.iter().any(|product| product.ids.contains(&proof.publication.product)) {
        return proof.listed.activities.len();
    }
    let spoken: BTreeSet<StatementId> = statements::candidates(proof)
        .filter(|(_, held)| products.iter().any(|product| is_about(&held.said, product)))
        .map(|(_, held)| held.id)
        .collect();
    proof.listed.activities.iter().filter(|id| !spoken.contains(id)).count()
}

/// The product statements among the used ones.
pub(super) fn used_products<'a>(
    evidence: &'a Evidence<'_>,
) -> impl Iterator<Item = (&'a StatementId, &'a Product)> {
    let proof = evidence.proof;
    statements::candidates(proof).filter_map(|(_, held)| match held.said.statement() {
        Some(Statement::Product(product)) if proof.used.binary_search(&held.id).is_ok() => {
            Some((&held.id, product))
        }
        _ => None,
    })
}

/// Whether an activity is in the set of a product: it puts the product out or is for it.
fn is_about(said: &crate::admission::Said, product: &Product) -> bool {
    let (stage, process, all) = match said {
        crate::admission::Said::Whole(Statement::Activity(said)) => {
            (said.stage, &said.process, said.is_for_all())
        }
        crate::admission::Said::Header(Header::Activity(said)) => {
            (said.stage, &said.process, said.is_for_all())
        }
        _ => return false,
    };
    let lists = || {
        let process = product.process(stage, process);
        process.is_some_and(|process| process.signers.contains(said.by()))
    };
    let named = said.tags();
    tags_of(product).any(|(_, tag)| named.contains(&tag)) || (all && lists())
}

/// The disclosed activities among the used ones that put a product out or are for it.
fn made_by_used(evidence: &Evidence<'_>, product: &Product) -> BTreeSet<StatementId> {
    let proof = evidence.proof;
    let made = statements::candidates(proof).filter(|(_, held)| is_about(&held.said, product));
    made.map(|(_, held)| held.id).filter(|id| proof.used.binary_search(id).is_ok()).collect()
}

/// The auditor whose opinion names the root of a state; one with a pinned key before one without.
pub(super) fn vouched(evidence: &Evidence<'_>, state: &HeldState) -> Option<Vouched> {
    let names_it = |assurance: &crate::model::Assurance| {
        assurance.state_root == Some(state.state.root)
            && assurance.opinion != Opinion::Adverse
            && assurance.by != evidence.proof.publication.by
    };
    let held =
        assured(evidence).filter(|(held, assurance)| names_it(assurance) && evidence.folded.holds(&held.id));
    let named = held.map(|(held, assurance)| Vouched {
        by: assurance.by.clone(),
        is_pinned: evidence.known(held) == Known::Pinned,
    });
    named.max_by_key(|vouched| vouched.is_pinned)
}

pub(super) fn whose(evidence: &Evidence<'_>, vouched: Option<&Vouched>) -> String {
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

pub(super) fn listed<'a>(ids: impl ExactSizeIterator<Item = &'a StatementId>) -> String {
    let more = ids.len().saturating_sub(SPELLED_OUT_MAX);
    let some: Vec<String> = ids.take(SPELLED_OUT_MAX).map(ToString::to_string).collect();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", some.join(", "))
}
