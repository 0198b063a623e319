//! The derived leaf hashes, a few at a time and in order. They are trusted for nothing.

use crate::merkle::Hash;
use crate::store::leaves::Leaves;

/// Leaf hashes that are read at once.
const WINDOW: u64 = 4096;

/// Leaf hashes as far as they can be read.
pub(super) struct Derived<'a> {
    leaves: Option<&'a Leaves>,
    from: u64,
    window: Vec<Hash>,
    flaw: Option<String>,
}

impl<'a> Derived<'a> {
    pub(super) const fn of(leaves: Option<&'a Leaves>) -> Self {
        Self { leaves, from: 0, window: Vec::new(), flaw: None }
    }

    /// How many there should be.
    pub(super) fn count(&self) -> u64 {
        self.leaves.map_or(0, Leaves::len)
    }

    /// Why some could not be read.
    pub(super) fn flaw(&self) -> Option<&str> {
        self.flaw.as_deref()
    }

    /// The one of the seal at an index; asked for in ascending order.
    pub(super) fn get(&mut self, index: u64) -> Option<Hash> {
        let leaves = self.leaves.filter(|leaves| index < leaves.len() && self.flaw.is_none())?;
        let place = |from: u64| usize::try_from(index.checked_sub(from)?).ok();
        if let Some(hash) = place(self.from).and_then(|place| self.window.get(place)) {
            return Some(*hash);
        }
        self.from = index;
        match leaves.read(index..leaves.len().min(index.saturating_add(WINDOW))) {
            Ok(window) => self.window = window,
            Err(error) => {
                self.window.clear();
                self.flaw = Some(error.to_string());
            }
        }
        self.window.first().copied()
    }
}
