//! Whether names belong to keys: what the reader has pinned against who signed. It knows no name of its own.

use std::collections::BTreeSet;

use super::{Judged, Unmet};
use crate::model::Statement;
use crate::proof::evidence::{Evidence, Problems};
use crate::proof::trust::Known;

/// Every key that signed for an actor is one whose owner the reader has checked, and none contradicts what the reader has checked.
pub(super) fn names(evidence: &Evidence<'_>) -> Judged {
    let (mut problems, mut said) = (Problems::default(), BTreeSet::new());
    let (mut open, mut pinned) = (BTreeSet::new(), BTreeSet::new());
    let mut judged = BTreeSet::new();
    for held in &evidence.proof.statements {
        let by = held.said.by();
        if !judged.insert((by, evidence.key_of(held))) {
            continue;
        }
        match evidence.known(held) {
            Known::Pinned => drop(pinned.insert(by.as_str())),
            Known::Claimed if by.is_reserved() => {}
            Known::Claimed => drop(open.insert(claimed(evidence, held.said.by().as_str()))),
            Known::Refused(why) => drop(said.insert(why)),
        }
    }
    said.extend(evidence.trust.pins.misplaced(evidence.folded.ledger_id, &evidence.folded.keyring));
    said.into_iter().for_each(|why| problems.add(|| why));
    if let Some(sentence) = problems.to_sentence() {
        return Err(sentence.into());
    }
    let checked: Vec<&str> = pinned.into_iter().collect();
    if open.is_empty() {
        return Ok(format!(
            "every actor that signed did so with a key that the reader has pinned: {}",
            checked.join(", ")
        ));
    }
    let more = if open.len() > 5 { format!(" and {} more", open.len() - 5) } else { String::new() };
    let some: Vec<String> = open.into_iter().take(5).collect();
    let some = some.join(", ");
    let beside = if checked.is_empty() { String::new() } else { format!("; pinned: {}", checked.join(", ")) };
    Err(Unmet::NotChecked(format!("names are the operator's claims; no pinned key for {some}{more}{beside}")))
}

/// An actor as its operator claims it: the id, and the name where the proof holds its statement.
fn claimed(evidence: &Evidence<'_>, by: &str) -> String {
    let named = evidence.proof.statements.iter().rev().find_map(|held| match held.said.statement() {
        Some(Statement::Actor(actor)) if actor.actor.as_str() == by => Some(actor.name.as_str()),
        _ => None,
    });
    match named {
        Some(name) => format!("`{by}` ({})", name.escape_debug()),
        None => format!("`{by}`"),
    }
}
