//! The RFC 6962 / RFC 9162 Merkle tree: hashes, roots, inclusion and consistency proofs, for the whole tree and for
//! its subtrees. It computes over hashes only and reads them through one small trait; it never sees a store, a
//! statement or a key, and it never signs anything.
//!
//! ```
//! use pcf_core::merkle::{inclusion_proof, leaf_hash, root, verify_inclusion};
//!
//! let leaves: Vec<_> = [b"a", b"b", b"c"].iter().map(|data| leaf_hash(*data)).collect();
//! let proof = inclusion_proof(leaves.as_slice(), 2, 3)?;
//! verify_inclusion(&leaves[2], 2, 3, &proof, &root(&leaves))?;
//! assert!(verify_inclusion(&leaves[2], 1, 3, &proof, &root(&leaves)).is_err());
//! # Ok::<(), pcf_core::merkle::MerkleError>(())
//! ```

mod proof;
mod subtree;
mod tree;
mod verify;

use thiserror::Error;

use crate::codec::digest::{Sha256Bytes, sha256};

pub use proof::{LeafHashes, consistency_proof, inclusion_proof};
pub use subtree::{
    subtree_consistency_proof, subtree_inclusion_proof, subtree_root, verify_subtree_consistency,
    verify_subtree_inclusion,
};
pub use tree::{Frontier, root};
pub use verify::{root_from_inclusion, verify_consistency, verify_inclusion};

/// A SHA-256 value standing for a leaf or a node of a tree.
pub type Hash = Sha256Bytes;

/// Hashes a leaf's bytes: `SHA-256(0x00 || data)` (RFC 9162, 2.1.1).
pub fn leaf_hash(data: &[u8]) -> Hash {
    sha256(&[&[0x00], data])
}

/// Hashes two children into their parent: `SHA-256(0x01 || left || right)` (RFC 9162, 2.1.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    sha256(&[&[0x01], left, right])
}

/// The root of the tree without leaves: `SHA-256("")` (RFC 9162, 2.1.1).
pub fn empty_root() -> Hash {
    sha256(&[])
}

/// Why a proof could not be made or does not hold.
#[derive(Clone, Debug, Eq, Error, PartialEq)]
#[non_exhaustive]
pub enum MerkleError {
    /// The leaf asked for is not in the tree.
    #[error("expected a leaf index below the tree size {size}, got {index}")]
    IndexOutOfRange {
        /// The index asked for, from 0.
        index: u64,
        /// The number of leaves.
        size: u64,
    },
    /// The older tree is larger than the newer one.
    #[error("expected an old tree of at most {new} leaves, got {old}")]
    SizesOutOfOrder {
        /// The number of leaves of the tree that should be the older.
        old: u64,
        /// The number of leaves of the tree that should be the newer.
        new: u64,
    },
    /// Every tree extends the empty one: such a proof says nothing, so it is refused.
    #[error("expected an old tree of at least one leaf, got an empty one, which proves nothing")]
    EmptyOldTree,
    /// The range is no subtree: its start is not a multiple of its width rounded up to a power of two, or it ends
    /// outside of the tree.
    #[error("expected a subtree of the tree, got leaves {start} to {end} (exclusive)")]
    InvalidSubtree {
        /// The first leaf.
        start: u64,
        /// One more than the last leaf.
        end: u64,
    },
    /// The proof has too few or too many hashes for its position.
    #[error("expected a proof of {expected} hashes, got {got}")]
    ProofLength {
        /// What the sizes ask for.
        expected: usize,
        /// What the proof has.
        got: usize,
    },
    /// A frontier has one hash for each one bit of its size.
    #[error("expected {expected} complete subtrees of a tree of {size} leaves, got {got}")]
    PeakCount {
        /// The number of leaves.
        size: u64,
        /// What the size asks for.
        expected: usize,
        /// What there is.
        got: usize,
    },
    /// The proof leads to another root: the leaf, the root or the proof is not the right one.
    #[error("expected the root {}, got {} from the proof", hex::encode(expected), hex::encode(got))]
    RootMismatch {
        /// The root that was to be proven.
        expected: Hash,
        /// The root that the proof gives.
        got: Hash,
    },
    /// The source of hashes does not have one.
    #[error("expected the hash of leaf {index}, got none: {cause}")]
    Unreadable {
        /// The index of the leaf, from 0.
        index: u64,
        /// What the source says.
        cause: String,
    },
}
