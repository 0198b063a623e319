//! Checking proofs against roots, as RFC 9162 spells it out. It reads nothing but its arguments.

use super::proof::inclusion_ranges;
use super::subtree::consistency_ranges;
use super::{Hash, MerkleError, node_hash};

/// Checks that `leaf` is leaf `index` of the tree of `size` leaves with this root (RFC 9162, 2.1.3.2).
///
/// # Errors
///
/// [`MerkleError::IndexOutOfRange`], [`MerkleError::ProofLength`] and [`MerkleError::RootMismatch`].
pub fn verify_inclusion(
    leaf: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), MerkleError> {
    expect_root(root, root_from_inclusion(leaf, index, size, proof)?)
}

/// Computes the root that a proof of inclusion leads to; whether it is the right one is the caller's to check.
///
/// # Errors
///
/// [`MerkleError::IndexOutOfRange`] and [`MerkleError::ProofLength`].
pub fn root_from_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash]) -> Result<Hash, MerkleError> {
    if index >= size {
        return Err(MerkleError::IndexOutOfRange { index, size });
    }
    let length =
        || MerkleError::ProofLength { expected: inclusion_ranges(index, 0..size).len(), got: proof.len() };
    let (mut node, mut last, mut hash) = (index, size - 1, *leaf);
    for sibling in proof {
        if last == 0 {
            return Err(length());
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            // The last node of a level may rise through levels where it has no sibling. OK because it is not 0:
            // `node == last` and `last != 0`.
            let levels = node.trailing_zeros();
            node >>= levels;
            last >>= levels;
        } else {
            hash = node_hash(&hash, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 { Err(length()) } else { Ok(hash) }
}

/// Checks that the tree of `new_size` leaves extends the tree of `old_size` leaves (RFC 9162, 2.1.4.2).
///
/// Trees of the same size are consistent when their roots are equal and the proof is empty. An old tree without
/// leaves is refused: everything extends it, so nothing would be proven.
///
/// # Errors
///
/// [`MerkleError::EmptyOldTree`], [`MerkleError::SizesOutOfOrder`], [`MerkleError::ProofLength`] and
/// [`MerkleError::RootMismatch`].
pub fn verify_consistency(
    old_size: u64,
    old_root: &Hash,
    new_size: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), MerkleError> {
    if old_size == 0 {
        return Err(MerkleError::EmptyOldTree);
    }
    if old_size > new_size {
        return Err(MerkleError::SizesOutOfOrder { old: old_size, new: new_size });
    }
    let length = || MerkleError::ProofLength {
        expected: consistency_ranges(0, old_size, new_size).len(),
        got: proof.len(),
    };
    if old_size == new_size {
        return if proof.is_empty() { expect_root(new_root, *old_root) } else { Err(length()) };
    }
    let (seed, rest) = if old_size.is_power_of_two() {
        (old_root, proof)
    } else {
        proof.split_first().ok_or_else(length)?
    };
    let levels = (old_size - 1).trailing_ones();
    // OK because a shift by 64 would need an old size of 2^64.
    let (mut node, mut last) = ((old_size - 1) >> levels, (new_size - 1) >> levels);
    let (mut old, mut new) = (*seed, *seed);
    for sibling in rest {
        if last == 0 {
            return Err(length());
        }
        if node & 1 == 1 || node == last {
            old = node_hash(sibling, &old);
            new = node_hash(sibling, &new);
            let levels = node.trailing_zeros(); // OK because node is not 0, as above
            node >>= levels;
            last >>= levels;
        } else {
            new = node_hash(&new, sibling);
        }
        node >>= 1;
        last >>= 1;
    }
    if last != 0 {
        return Err(length());
    }
    expect_root(old_root, old)?;
    expect_root(new_root, new)
}

/// Compares the root that a proof gives with the one that was to be proven.
pub(super) fn expect_root(expected: &Hash, got: Hash) -> Result<(), MerkleError> {
    if *expected == got { Ok(()) } else { Err(MerkleError::RootMismatch { expected: *expected, got }) }
}
