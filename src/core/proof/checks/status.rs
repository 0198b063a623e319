//! What became of the publication, as the newest state says: whether it is in force, what follows it, and what was said since.

use std::collections::BTreeSet;

use super::states::{ended, keys, listed, sound, used_products, vouched, whose};
use super::{Judged, Unmet};
use crate::admission::state::{EntryKind, Value, key_of};
use crate::model::{PublicationStatus, StatementId};
use crate::proof::evidence::Evidence;
use crate::proof::report::Standing;
use crate::proof::states::{HeldState, Said, ShownEntry};

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
    let Standing { size, superseded_by, used_ended, said_since, vouched, .. } = &standing;
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
    if *said_since > 0 {
        said.push_str(&format!("; {said_since} activities of its products were said since"));
    }
    if proof.hides_sources() {
        said.push_str("; factors and others that only withheld bodies name are not spoken of");
    }
    Ok(format!("{said}; {}", whose(evidence, vouched.as_ref())))
}

/// Activities that hold in a later state, and did not in the one that the figures rest on; none where the file does not show both.
fn said_since(evidence: &Evidence<'_>, later: &HeldState) -> Result<u64, Unmet> {
    let rests_on = evidence.proof.publication.log.size.as_u64();
    let own = evidence.states().find(|(state, flaw)| state.size() == rests_on && flaw.is_none());
    let Some((own, _)) = own else { return Ok(0) };
    let listed = |state: &HeldState, id: &StatementId| match state.of(EntryKind::Product, key_of(id)) {
        Said::Present(entry) => Ok(entry.ids.clone().unwrap_or_default()),
        // Its product statement was replaced or withdrawn, which is said apart.
        Said::Absent => Ok(Vec::new()),
        Said::NotShown => {
            let size = state.size();
            Err(format!("the state of size {size} is not shown to count the activities of {id}"))
        }
    };
    let mut since = BTreeSet::new();
    for (id, _) in used_products(evidence) {
        let before = listed(own, id)?;
        since.extend(listed(later, id)?.into_iter().filter(|id| before.binary_search(id).is_err()));
    }
    Ok(since.len() as u64) // OK because a usize has at most 64 bits.
}

/// What the newest state says of the publication.
pub(super) fn standing(evidence: &Evidence<'_>) -> Result<Standing, Unmet> {
    let proof = evidence.proof;
    let publication = proof.statements.get(proof.publication_at);
    let seal = publication.and_then(|held| proof.seals.get(held.seal));
    let (Some(publication), Some(seal)) = (publication, seal) else {
        return Err("there is no publication".to_owned().into());
    };
    if let Some(death) = evidence.folded.ended.get(&publication.id) {
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
    let said_since = said_since(evidence, state)?;
    let is_final = proof.publication.status == PublicationStatus::Final;
    let is_current = is_final && superseded_by.is_none() && used_ended.is_empty();
    let vouched = vouched(evidence, state);
    let hides_sources = proof.hides_sources();
    Ok(Standing { size, is_current, superseded_by, used_ended, said_since, vouched, hides_sources })
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
