//! What the log says of a statement before it is judged.

use crate::model::StatementId;
use crate::rules::{Book, Entry, Fact};

/// A statement with what the log says of it.
pub(in crate::rules) struct Case<'a> {
    pub(super) fact: &'a Fact,
    /// The index of the same statement, where the log has it.
    pub(super) same: Option<u64>,
    /// The live statement of its type with its subject.
    pub(super) live: Option<StatementId>,
}

impl<'a> Case<'a> {
    /// The log is asked about all statements of a submission in one short loop: their places are fetched from memory at the same time.
    pub(in crate::rules) fn all(book: &'a Book, facts: &'a [Fact]) -> Vec<Self> {
        let ask = |fact: &'a Fact| {
            let Entry { id, kind, subject, .. } = &fact.entry;
            let same = book.entry(id).map(|(_, entry)| entry.index);
            Self { fact, same, live: book.live_with(*kind, *subject) }
        };
        facts.iter().map(ask).collect()
    }
}
