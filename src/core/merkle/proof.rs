//! Making proofs: which ranges of leaves a proof names, and their roots. It never verifies.

use std::ops::Range;

use super::subtree::subtree_consistency_proof;
use super::tree::fold_peaks;
use super::{Frontier, Hash, MerkleError};

/// Where proofs read hashes from.
pub trait LeafHashes {
    /// The hash of leaf `index`, counted from 0.
    ///
    /// # Errors
    ///
    /// [`MerkleError::Unreadable`] where the source does not have it.
    fn leaf(&self, index: u64) -> Result<Hash, MerkleError>;

    /// The root of the complete subtree over the leaves `index << level` to `(index + 1) << level`. A source that
    /// keeps such roots answers from them; otherwise they are computed from the leaves.
    ///
    /// # Errors
    ///
    /// [`MerkleError::Unreadable`] where the source does not have one of the leaves.
    fn node(&self, level: u32, index: u64) -> Result<Hash, MerkleError> {
        let unreadable = || MerkleError::Unreadable { index, cause: format!("no level {level} there") };
        let width = 1u64.checked_shl(level).ok_or_else(unreadable)?;
        let start = index.checked_mul(width).ok_or_else(unreadable)?;
        let end = start.checked_add(width).ok_or_else(unreadable)?;
        let mut frontier = Frontier::new();
        for leaf in start..end {
            frontier.push(self.leaf(leaf)?);
        }
        Ok(frontier.root())
    }
}

impl LeafHashes for [Hash] {
    fn leaf(&self, index: u64) -> Result<Hash, MerkleError> {
        let found = usize::try_from(index).ok().and_then(|at| self.get(at));
        found.copied().ok_or_else(|| MerkleError::Unreadable {
            index,
            cause: format!("there are {} leaves", self.len()),
        })
    }
}

impl LeafHashes for Vec<Hash> {
    fn leaf(&self, index: u64) -> Result<Hash, MerkleError> {
        self.as_slice().leaf(index)
    }
}

/// Proves that leaf `index` is in the tree of the first `size` leaves (RFC 9162, 2.1.3.1): hashes from the leaf up.
///
/// # Errors
///
/// [`MerkleError::IndexOutOfRange`], and whatever the source of hashes answers.
pub fn inclusion_proof<H: LeafHashes + ?Sized>(
    hashes: &H,
    index: u64,
    size: u64,
) -> Result<Vec<Hash>, MerkleError> {
    if index >= size {
        return Err(MerkleError::IndexOutOfRange { index, size });
    }
    inclusion_ranges(index, 0..size).into_iter().map(|range| range_root(hashes, range)).collect()
}

/// Proves that the tree of the first `new_size` leaves extends the tree of the first `old_size` (RFC 9162, 2.1.4.1).
///
/// # Errors
///
/// [`MerkleError::EmptyOldTree`], [`MerkleError::SizesOutOfOrder`], and whatever the source of hashes answers.
pub fn consistency_proof<H: LeafHashes + ?Sized>(
    hashes: &H,
    old_size: u64,
    new_size: u64,
) -> Result<Vec<Hash>, MerkleError> {
    if old_size == 0 {
        return Err(MerkleError::EmptyOldTree);
    }
    if old_size > new_size {
        return Err(MerkleError::SizesOutOfOrder { old: old_size, new: new_size });
    }
    subtree_consistency_proof(hashes, 0, old_size, new_size)
}

/// The ranges whose roots prove leaf `index` of the non-empty subtree `within`, from the leaf up.
pub(super) fn inclusion_ranges(index: u64, within: Range<u64>) -> Vec<Range<u64>> {
    let Range { mut start, mut end } = within;
    let mut ranges = Vec::new();
    while end - start > 1 {
        let middle = start + split(end - start);
        if index < middle {
            ranges.push(middle..end);
            end = middle;
        } else {
            ranges.push(start..middle);
            start = middle;
        }
    }
    ranges.reverse();
    ranges
}

/// The root over a range of leaves whose start is a multiple of its width rounded up to a power of two.
pub(super) fn range_root<H: LeafHashes + ?Sized>(hashes: &H, range: Range<u64>) -> Result<Hash, MerkleError> {
    let mut peaks = Vec::new();
    let mut start = range.start;
    while start < range.end {
        let level = (range.end - start).ilog2();
        peaks.push(hashes.node(level, start >> level)?);
        start += 1 << level;
    }
    Ok(fold_peaks(&peaks))
}

/// The largest power of two below `width`, which must be at least 2 (RFC 9162, 2.1.1).
pub(super) fn split(width: u64) -> u64 {
    1 << (width - 1).ilog2()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::leaf_hash;

    /// Leaves that cannot be read one by one.
    struct NodesOnly;

    impl LeafHashes for NodesOnly {
        fn leaf(&self, index: u64) -> Result<Hash, MerkleError> {
            Err(MerkleError::Unreadable { index, cause: "only nodes".into() })
        }
        fn node(&self, level: u32, _: u64) -> Result<Hash, MerkleError> {
            Ok([u8::try_from(level).unwrap(); 32])
        }
    }

    #[test]
    fn the_split_is_the_largest_power_of_two_below_the_width() {
        let cases = [(2, 1), (3, 2), (4, 2), (5, 4), (8, 4), (9, 8), (u64::MAX, 1 << 63)];
        for (width, expected) in cases {
            assert_eq!(split(width), expected);
        }
    }

    #[test]
    fn a_source_that_keeps_nodes_is_never_asked_for_leaves() {
        assert_eq!(inclusion_proof(&NodesOnly, 0, u64::MAX).unwrap().len(), 64);
        assert_eq!(consistency_proof(&NodesOnly, 1, 1 << 63).unwrap().len(), 63);
    }

    #[test]
    fn a_missing_leaf_is_an_error_that_names_it() {
        let leaves = vec![leaf_hash(b"a"); 3];
        let error = inclusion_proof(&leaves, 0, 4).unwrap_err();
        let expected = "expected the hash of leaf 3, got none: there are 3 leaves";
        assert_eq!(error.to_string(), expected);
    }

    #[test]
    fn a_level_beyond_the_tree_is_an_error_and_no_overflow() {
        let leaves = vec![leaf_hash(b"a")];
        assert!(leaves.node(64, 0).is_err());
        assert!(leaves.node(63, 2).is_err());
        assert!(leaves.node(1, u64::MAX).is_err());
    }
}
