//! By what a statement can be found again: 12 bytes for each product that it makes or declares, and
//! for each id or certificate that
//! others name. They are hashes: two texts with the same one only make the audit look at a
//! statement too many.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use crate::admission::Sought;
use crate::admission::shelf::{Shelf, Sorted};

/// A hash of what a statement can be found by.
pub(super) type Key = u64;

/// The key of what statements are looked for by.
pub(super) fn key(sought: &Sought<'_>) -> Key {
    let mut hasher = DefaultHasher::new();
    sought.hash(&mut hasher);
    hasher.finish()
}

/// Keys with the numbers of the statements in log order.
pub(super) struct Postings(Sorted<12>);

impl Postings {
    pub(super) fn on(shelf: &Arc<dyn Shelf>) -> Self {
        Self(Sorted::on(Some(shelf)))
    }

    pub(super) fn push(&mut self, key: Key, number: u32) {
        let mut record = [0; 12];
        let (first, last) = record.split_at_mut(8);
        first.copy_from_slice(&key.to_be_bytes());
        last.copy_from_slice(&number.to_be_bytes());
        self.0.push(record);
    }

    /// Makes what was pushed ready to be found.
    pub(super) fn sort(&mut self) {
        self.0.sort();
    }

    /// The numbers of the statements with this key, ascending.
    pub(super) fn find(&self, sought: &Sought<'_>) -> impl Iterator<Item = u32> {
        let found = self.0.with_prefix(&key(sought).to_be_bytes()).into_iter();
        found.map(|[.., a, b, c, d]| u32::from_be_bytes([a, b, c, d]))
    }
}
