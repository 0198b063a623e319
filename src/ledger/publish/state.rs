//! State statements ready to be signed: which sizes of the log call for one, and what held there. Nothing is signed or appended here.

use std::collections::BTreeSet;

use super::PublishError;
use crate::ledger::Ledger;
use crate::model::{ActorId, Digest, Salt, State, StatementKind, Whole};
use crate::store::Reader;

/// The state of a size of the log, from 1 to the present one.
///
/// # Errors
/// [`PublishError::StateSize`] for another size.
pub fn state_of<S: Reader>(ledger: &Ledger<S>, size: u64, salt: Salt) -> Result<State, PublishError> {
    if !(1..=ledger.size()).contains(&size) {
        return Err(PublishError::StateSize { size, present: ledger.size() });
    }
    let (r#type, v) = (Default::default(), Default::default());
    let root = Digest::from_bytes(ledger.book().state_root_at(size)?);
    Ok(State { by: ActorId::operator(), root, salt, size: Whole::new(size)?, r#type, v })
}

/// The sizes of which a state is due: those that the publications in force rest on, drafts too, and the present one where anything but states was said
/// since the newest state; none of them has a state yet.
///
/// # Errors
/// [`PublishError::Ledger`] where a publication cannot be read.
pub fn states_due<S: Reader>(ledger: &Ledger<S>) -> Result<BTreeSet<u64>, PublishError> {
    let book = ledger.book();
    let publications = book.publications()?;
    let mut due: BTreeSet<u64> =
        publications.iter().map(|(_, publication)| publication.log.size.as_u64()).collect();
    let states = book.states()?;
    let newest = states.last_key_value().map_or(0, |(size, _)| *size);
    for entry in book.entries(book.first_of(newest)?..book.statements()) {
        if entry?.kind != StatementKind::State {
            due.insert(ledger.size());
            break;
        }
    }
    due.retain(|size| !states.contains_key(size));
    Ok(due)
}
