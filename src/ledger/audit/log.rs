//! What one pass over the log leaves behind for the checks after it. What grows with the length of the log is put aside.

use std::collections::BTreeSet;

use super::Place;
use super::redactions::Met;
use super::scratch::{Aside, Scratch};
use crate::admission::{Book, Readings, Scope};
use crate::codec::digest::Sha256Bytes;
use crate::ledger::placed::Placed;
use crate::model::StatementId;
use crate::store::Position;

/// What the pass leaves behind for the checks after it.
pub(super) struct Log {
    pub(super) scratch: Scratch,
    /// What holds at the end.
    pub(super) book: Book,
    /// The series of the readings whose bodies are there.
    pub(super) readings: Readings,
    /// Where the statements lie that are in memory.
    pub(super) placed: Placed,
    /// Those that are not.
    pub(super) aside: Aside,
    /// The number of every publication, dead ones too, with the log size that it rests on.
    pub(super) publications: Vec<(usize, u64)>,
    /// Redacted statements in log order.
    pub(super) redacted: Vec<Met>,
    /// The first submission that could not be read.
    pub(super) unread: Option<u64>,
    /// The size up to which the roots are known; all of them where there is none.
    pub(super) roots_known: Option<u64>,
    /// SHA-256 of the figures digests of publications.
    pub(super) published: BTreeSet<Sha256Bytes>,
    /// Every assurance with its index, and the figures that it names in the same way.
    pub(super) assurances: Vec<(StatementId, u64, Sha256Bytes)>,
    /// The first wrong root with its place, and how many commits had one.
    pub(super) wrong_root: Option<(Place, String)>,
    pub(super) wrong_roots: u64,
}

impl Log {
    pub(super) fn on(scratch: &Scratch) -> Self {
        Self {
            scratch: scratch.clone(),
            book: Book::new(Scope::Whole),
            readings: Readings::default(),
            placed: Placed::from(0, 0),
            aside: Aside::new(scratch),
            publications: Vec::new(),
            redacted: Vec::new(),
            unread: None,
            roots_known: None,
            published: BTreeSet::new(),
            assurances: Vec::new(),
            wrong_root: None,
            wrong_roots: 0,
        }
    }

    /// Where the statement with a number lies in the store.
    pub(super) fn position(&self, number: usize) -> Option<Position> {
        self.aside.position(&self.placed, number)
    }
}
