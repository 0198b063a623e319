//! What the log says of a statement before it is judged.

use std::sync::Arc;

use crate::admission::index::IndexError;
use crate::admission::products::HeldProduct;
use crate::admission::{Book, Entry, Fact};
use crate::model::{ProductTag, StatementId};

/// A statement with what the log says of it.
pub(in crate::admission) struct Case<'a> {
    pub(super) fact: &'a Fact,
    /// The index of the same statement, where the log has it.
    pub(super) same: Option<u64>,
    /// The live statement of its type with its subject.
    pub(super) live: Option<StatementId>,
    /// The first product that it puts out.
    pub(super) makes: Option<Arc<HeldProduct>>,
}

impl<'a> Case<'a> {
    /// The log is asked about all statements of a submission in one short loop: their places are fetched from memory at the same time.
    pub(in crate::admission) fn all(book: &Book, facts: &'a [Fact]) -> Result<Vec<Self>, IndexError> {
        let mut all = Vec::with_capacity(facts.len());
        for fact in facts {
            let Entry { id, kind, subject, .. } = &fact.entry;
            let same = book.entry(id)?.map(|(_, entry)| entry.index);
            let makes = match fact.makes.as_slice().first() {
                Some(tag) => book.product_tagged(&ProductTag::from_bytes(*tag))?,
                None => None,
            };
            all.push(Self { fact, same, live: book.live_with(*kind, *subject)?, makes });
        }
        Ok(all)
    }
}
