//! Subtrees of a log, as draft-ietf-plants-merkle-tree-certs defines them: leaves `start` to `end` (exclusive) where
//! `start` is a multiple of the width rounded up to a power of two. It owns their proofs; with `start` 0 they are
//! those of the whole tree.

use std::ops::Range;

use super::proof::{inclusion_ranges, range_root, split};
use super::verify::{expect_root, root_from_inclusion};
use super::{Hash, LeafHashes, MerkleError, empty_root, node_hash};

/// Computes the root of the subtree over the leaves `start` to `end` (exclusive).
///
/// # Errors
///
/// [`MerkleError::InvalidSubtree`], and whatever the source of hashes answers.
pub fn subtree_root<H: LeafHashes + ?Sized>(hashes: &H, start: u64, end: u64) -> Result<Hash, MerkleError> {
    check_subtree(start, end)?;
    range_root(hashes, start..end)
}

/// Proves that leaf `index`, counted in the whole log, is in the subtree from `start` to `end` (exclusive).
///
/// # Errors
///
/// [`MerkleError::InvalidSubtree`], [`MerkleError::IndexOutOfRange`], and whatever the source of hashes answers.
pub fn subtree_inclusion_proof<H: LeafHashes + ?Sized>(
    hashes: &H,
    index: u64,
    start: u64,
    end: u64,
) -> Result<Vec<Hash>, MerkleError> {
    check_subtree(start, end)?;
    if !(start..end).contains(&index) {
        return Err(MerkleError::IndexOutOfRange { index, size: end });
    }
    inclusion_ranges(index, start..end).into_iter().map(|range| range_root(hashes, range)).collect()
}

/// Checks that `leaf` is leaf `index`, counted in the whole log, of the subtree with this root.
///
/// # Errors
///
/// [`MerkleError::InvalidSubtree`], [`MerkleError::IndexOutOfRange`], [`MerkleError::ProofLength`] and
/// [`MerkleError::RootMismatch`].
pub fn verify_subtree_inclusion(
    leaf: &Hash,
    index: u64,
    start: u64,
    end: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), MerkleError> {
    check_subtree(start, end)?;
    let within = index.checked_sub(start).ok_or(MerkleError::IndexOutOfRange { index, size: end })?;
    // OK because check_subtree made sure that start is at most end.
    expect_root(root, root_from_inclusion(leaf, within, end - start, proof)?)
}

/// Proves that the subtree from `start` to `end` (exclusive) is part of the tree of the first `size` leaves.
///
/// # Errors
///
/// [`MerkleError::InvalidSubtree`], and whatever the source of hashes answers.
pub fn subtree_consistency_proof<H: LeafHashes + ?Sized>(
    hashes: &H,
    start: u64,
    end: u64,
    size: u64,
) -> Result<Vec<Hash>, MerkleError> {
    check_subtree_of(start, end, size)?;
    if start == end {
        return Ok(Vec::new());
    }
    consistency_ranges(start, end, size).into_iter().map(|range| range_root(hashes, range)).collect()
}

/// Checks that the subtree with the root `subtree_root` is part of the tree of `size` leaves with the root `root`.
///
/// An empty subtree is part of every tree: it needs the empty root and an empty proof, and says nothing about `root`.
///
/// # Errors
///
/// [`MerkleError::InvalidSubtree`], [`MerkleError::ProofLength`] and [`MerkleError::RootMismatch`].
pub fn verify_subtree_consistency(
    start: u64,
    end: u64,
    subtree_root: &Hash,
    size: u64,
    root: &Hash,
    proof: &[Hash],
) -> Result<(), MerkleError> {
    check_subtree_of(start, end, size)?;
    if start == end {
        return if proof.is_empty() {
            expect_root(subtree_root, empty_root())
        } else {
            Err(MerkleError::ProofLength { expected: 0, got: proof.len() })
        };
    }
    let length = || MerkleError::ProofLength {
        expected: consistency_ranges(start, end, size).len(),
        got: proof.len(),
    };
    let (mut first, mut node, mut last) = (start, end - 1, size - 1);
    // Up to the node that is the subtree, or, where the subtree is not one node, to its last complete part.
    while first != node && (node == last || node & 1 == 1) {
        (first, node, last) = (first >> 1, node >> 1, last >> 1);
    }
    let (seed, rest) =
        if first == node { (subtree_root, proof) } else { proof.split_first().ok_or_else(length)? };
    let (mut part, mut whole) = (*seed, *seed);
    for sibling in rest {
        if last == 0 {
            return Err(length());
        }
        if node & 1 == 1 || node == last {
            if first < node {
                part = node_hash(sibling, &part);
            }
            whole = node_hash(sibling, &whole);
            let levels = node.trailing_zeros(); // OK because node is odd, or equal to last, which is not 0
            (first, node, last) = (first >> levels, node >> levels, last >> levels);
        } else {
            whole = node_hash(&whole, sibling);
        }
        (first, node, last) = (first >> 1, node >> 1, last >> 1);
    }
    if last != 0 {
        return Err(length());
    }
    expect_root(subtree_root, part)?;
    expect_root(root, whole)
}

/// The ranges whose roots prove the non-empty subtree `start` to `end` of a tree of `size` leaves, from the bottom up.
pub(super) fn consistency_ranges(start: u64, end: u64, size: u64) -> Vec<Range<u64>> {
    let mut within = 0..size;
    let mut start = start;
    let mut is_given = true; // whether the part still looked for is the subtree itself, which the verifier has
    let mut ranges = Vec::new();
    while within != (start..end) {
        let middle = within.start + split(within.end - within.start);
        if end <= middle {
            ranges.push(middle..within.end);
            within.end = middle;
        } else {
            ranges.push(within.start..middle);
            within.start = middle;
            if start < middle {
                start = middle;
                is_given = false;
            }
        }
    }
    if !is_given {
        ranges.push(within);
    }
    ranges.reverse();
    ranges
}

/// Checks that the range is a subtree of some tree; an empty range is one.
fn check_subtree(start: u64, end: u64) -> Result<(), MerkleError> {
    let invalid = MerkleError::InvalidSubtree { start, end };
    let Some(width) = end.checked_sub(start) else {
        return Err(invalid);
    };
    match width.checked_next_power_of_two() {
        Some(width) if start.is_multiple_of(width) => Ok(()),
        None if start == 0 => Ok(()), // more than 2^63 leaves: only the whole tree is that wide
        _ => Err(invalid),
    }
}

/// Checks that the range is a subtree of the tree of `size` leaves.
fn check_subtree_of(start: u64, end: u64, size: u64) -> Result<(), MerkleError> {
    check_subtree(start, end)?;
    if end > size { Err(MerkleError::InvalidSubtree { start, end }) } else { Ok(()) }
}
