//! What the log says of a statement before it is judged.

use crate::admission::products::HeldProduct;
use crate::admission::{Book, Entry, Fact};
use crate::model::StatementId;

/// A statement with what the log says of it.
pub(in crate::admission) struct Case<'a> {
    pub(super) fact: &'a Fact,
    /// The index of the same statement, where the log has it.
    pub(super) same: Option<u64>,
    /// The live statement of its type with its subject.
    pub(super) live: Option<StatementId>,
    /// The first product that it puts out.
    pub(super) makes: Option<&'a HeldProduct>,
}

impl<'a> Case<'a> {
    /// The log is asked about all statements of a submission in one short loop: their places are fetched from memory at the same time.
    pub(in crate::admission) fn all(book: &'a Book, facts: &'a [Fact]) -> Vec<Self> {
        let ask = |fact: &'a Fact| {
            let Entry { id, kind, subject, .. } = &fact.entry;
            let same = book.entry(id).map(|(_, entry)| entry.index);
            let makes = fact.makes.as_slice().first().and_then(|key| book.products.with(key));
            Self { fact, same, live: book.live_with(*kind, *subject), makes }
        };
        facts.iter().map(ask).collect()
    }
}
