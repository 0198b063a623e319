//! The leaf hashes of a log, read from the derived runs and from memory, with the roots of complete
//! subtrees of 256 seals. It makes no proof.

use super::base::Base;
use super::placed::Placed;
use crate::admission::IndexError;
use crate::merkle::{Frontier, Hash, LeafHashes, MerkleError};

/// Seals in one subtree whose root the runs keep.
pub(super) const TILE: u64 = 256;
/// The level of such a subtree.
const TILE_LEVEL: u32 = 8;

/// The leaf hashes of the seals of a ledger, for proofs.
#[derive(Debug, Clone, Copy)]
pub struct Leaves<'a> {
    pub(super) base: Option<&'a Base>,
    pub(super) placed: &'a Placed,
}

impl Leaves<'_> {
    fn base_of(&self, index: u64) -> Option<&Base> {
        self.base.filter(|_| index < self.placed.first_seal())
    }
}

impl LeafHashes for Leaves<'_> {
    fn leaf(&self, index: u64) -> Result<Hash, MerkleError> {
        let missing = || MerkleError::Unreadable { index, cause: "no such seal".to_owned() };
        match self.base_of(index) {
            Some(base) => base.leaf(index),
            None => self.placed.leaf(index).ok_or_else(missing),
        }
    }

    fn node(&self, level: u32, index: u64) -> Result<Hash, MerkleError> {
        let range = seals_of(level, index)?;
        if let Some(base) = self.base_of(range.end.saturating_sub(1)) {
            return base.node(level, index);
        }
        let mut tree = Frontier::new();
        for leaf in range {
            tree.push(self.leaf(leaf)?);
        }
        Ok(tree.root())
    }
}

impl LeafHashes for Base {
    fn leaf(&self, index: u64) -> Result<Hash, MerkleError> {
        let found = self.leaves(index..index.saturating_add(1)).map_err(unreadable(index))?;
        found
            .first()
            .copied()
            .ok_or_else(|| MerkleError::Unreadable { index, cause: "no such seal".to_owned() })
    }

    fn node(&self, level: u32, index: u64) -> Result<Hash, MerkleError> {
        let (range, mut tree) = (seals_of(level, index)?, Frontier::new());
        if level < TILE_LEVEL {
            self.leaves(range).map_err(unreadable(index))?.into_iter().for_each(|leaf| tree.push(leaf));
        } else {
            for tile in range.start / TILE..range.end / TILE {
                tree.push(self.tile(tile).map_err(unreadable(index))?);
            }
        }
        Ok(tree.root())
    }
}

/// The seals under a node of the tree.
fn seals_of(level: u32, index: u64) -> Result<std::ops::Range<u64>, MerkleError> {
    let range = 1_u64.checked_shl(level).and_then(|width| {
        let start = index.checked_mul(width)?;
        Some(start..start.checked_add(width)?)
    });
    range.ok_or_else(|| MerkleError::Unreadable { index, cause: format!("no level {level} there") })
}

fn unreadable(index: u64) -> impl FnOnce(IndexError) -> MerkleError {
    move |error| MerkleError::Unreadable { index, cause: error.to_string() }
}
