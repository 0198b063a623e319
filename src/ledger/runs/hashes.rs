//! The log's tree out of the runs, for proofs: leaves from the seals, larger subtrees from the
//! tiles. It never writes.

use crate::limits::{TILE_WIDTH, wide};
use crate::merkle::{Frontier, Hash, LeafHashes, MerkleError};

use super::{Runs, RunsError};

/// Level of a tile's root: a tile has 2 to the power of this many leaves.
const TILE_LEVEL: u32 = TILE_WIDTH.ilog2();

impl LeafHashes for Runs {
    fn leaf(&self, index: u64) -> Result<Hash, MerkleError> {
        self.seal(index).map(|seal| seal.leaf).map_err(unreadable(index))
    }

    fn node(&self, level: u32, index: u64) -> Result<Hash, MerkleError> {
        // Subtrees below a tile are of leaves; those above it are of roots of tiles.
        let (below, end) = match level.checked_sub(TILE_LEVEL) {
            None => (level, self.seals()),
            Some(above) => (above, self.seals() / wide(TILE_WIDTH)),
        };
        let outside = || MerkleError::Unreadable { index, cause: format!("no level {level} there") };
        let width = 1_u64.checked_shl(below).ok_or_else(outside)?;
        let start = index.checked_mul(width).ok_or_else(outside)?;
        let range = start..start.checked_add(width).filter(|after| *after <= end).ok_or_else(outside)?;
        let mut frontier = Frontier::new();
        if level < TILE_LEVEL {
            self.leaves(range).map_err(unreadable(start))?.into_iter().for_each(|leaf| frontier.push(leaf));
        } else {
            for tile in range {
                frontier.push(self.tile(tile).map_err(unreadable(tile.saturating_mul(wide(TILE_WIDTH))))?);
            }
        }
        Ok(frontier.root())
    }
}

fn unreadable(index: u64) -> impl FnOnce(RunsError) -> MerkleError {
    move |error| MerkleError::Unreadable { index, cause: error.to_string() }
}
