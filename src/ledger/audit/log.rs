//! What one pass over the log leaves behind for the checks after it. What grows with the length of the log is put aside.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::Place;
use super::postings::Postings;
use super::redactions::Met;
use super::scratch::Scratch;
use crate::admission::Book;
use crate::admission::shelf::{Pile, Shelf};
use crate::codec::digest::Sha256Bytes;
use crate::model::StatementId;
use crate::store::Position;

/// What the pass leaves behind for the checks after it.
pub(super) struct Log {
    /// What holds at the end.
    pub(super) book: Book,
    /// Where each statement of the book's entries lies.
    pub(super) positions: Pile<Position>,
    /// What statements can be found by.
    pub(super) postings: Postings,
    /// The number of every publication, dead ones too, with the log size that it rests on.
    pub(super) publications: Vec<(u32, u64)>,
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
    /// The first wrong leaf hash among the derived ones.
    pub(super) wrong_leaf: Option<u64>,
}

impl Log {
    pub(super) fn on(scratch: &Scratch) -> Self {
        let shelf: Arc<dyn Shelf> = Arc::new(scratch.clone());
        Self {
            book: Book::on(&shelf),
            positions: Pile::on(Some(&shelf)),
            postings: Postings::on(&shelf),
            publications: Vec::new(),
            redacted: Vec::new(),
            unread: None,
            roots_known: None,
            published: BTreeSet::new(),
            assurances: Vec::new(),
            wrong_root: None,
            wrong_roots: 0,
            wrong_leaf: None,
        }
    }
}
