//! State statements ready to be signed: which sizes of the log call for one, and what held there. Nothing is signed or appended here.

use std::collections::BTreeSet;

use super::PublishError;
use crate::ledger::Ledger;
use crate::model::{ActorId, Digest, Salt, State, Statement, StatementKind, Whole};
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
    let root = Digest::from_bytes(ledger.book().state_root_at(size));
    Ok(State { by: ActorId::operator(), root, salt, size: Whole::new(size)?, r#type, v })
}

/// The sizes of which a state is due: those that the publications in force rest on, drafts too, and the present one where anything but states was said
/// since the newest state; none of them has a state yet.
///
/// # Errors
/// [`PublishError::Ledger`] where a publication cannot be read.
pub fn states_due<S: Reader>(ledger: &Ledger<S>) -> Result<BTreeSet<u64>, PublishError> {
    let book = ledger.book();
    let mut due = BTreeSet::new();
    for (_, id, _) in book.publications() {
        if let Statement::Publication(publication) = ledger.statement(id)? {
            due.insert(publication.log.size.as_u64());
        }
    }
    let newest = book.states().last_key_value().map_or(0, |(size, _)| *size);
    let since = book.entries().partition_point(|entry| entry.index < newest);
    let is_news = book.entries().from(since).any(|entry| entry.kind != StatementKind::State);
    due.extend(is_news.then_some(ledger.size()));
    due.retain(|size| !book.states().contains_key(size));
    Ok(due)
}
