//! Roots, from all leaf hashes at once or one by one. It owns the shape of the tree (split at the largest power of
//! two below the size) as a list of complete subtrees; it never keeps leaves.

use super::{Hash, MerkleError, empty_root, node_hash};

/// Computes the root over leaf hashes in order (RFC 9162, 2.1.1); without any it is [`empty_root`].
pub fn root(leaf_hashes: &[Hash]) -> Hash {
    Frontier::from_leaves(leaf_hashes).root()
}

/// A tree that only grows, kept as the roots of its complete subtrees, largest first: at most 64 hashes.
///
/// ```
/// use pcf_core::merkle::{Frontier, leaf_hash, root};
///
/// let mut frontier = Frontier::new();
/// frontier.push(leaf_hash(b"a"));
/// frontier.push(leaf_hash(b"b"));
/// assert_eq!(frontier.root(), root(&[leaf_hash(b"a"), leaf_hash(b"b")]));
/// assert_ne!(frontier.root(), root(&[leaf_hash(b"b"), leaf_hash(b"a")]));
/// ```
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// Starts with the empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Starts with the tree over `leaf_hashes`.
    pub fn from_leaves(leaf_hashes: &[Hash]) -> Self {
        let mut frontier = Self::new();
        for leaf in leaf_hashes {
            frontier.push(*leaf);
        }
        frontier
    }

    /// Resumes the tree that had `size` leaves and these roots of complete subtrees, largest first:
    /// what [`Frontier::parts`] gave. The hashes themselves cannot be checked; compare
    /// [`Frontier::root`].
    ///
    /// ```
    /// use pcf_core::merkle::{Frontier, leaf_hash};
    ///
    /// let frontier = Frontier::from_leaves(&[leaf_hash(b"a"), leaf_hash(b"b"), leaf_hash(b"c")]);
    /// let (size, peaks) = frontier.parts();
    /// assert_eq!(Frontier::from_parts(size, peaks.to_vec())?, frontier);
    /// assert!(Frontier::from_parts(4, peaks.to_vec()).is_err());
    /// # Ok::<(), pcf_core::merkle::MerkleError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`MerkleError::PeakCount`] unless there is one hash for each one bit of the size.
    pub fn from_parts(size: u64, peaks: Vec<Hash>) -> Result<Self, MerkleError> {
        let expected = size.count_ones() as usize; // OK because a u64 has at most 64 one bits
        if peaks.len() == expected {
            return Ok(Self { size, peaks });
        }
        Err(MerkleError::PeakCount { size, expected, got: peaks.len() })
    }

    /// The number of leaves, and the roots of the complete subtrees, largest first: one for each
    /// one bit of the size.
    pub fn parts(&self) -> (u64, &[Hash]) {
        (self.size, &self.peaks)
    }

    /// Appends one leaf hash.
    pub fn push(&mut self, leaf_hash: Hash) {
        let mut hash = leaf_hash;
        // Each trailing one bit of the size is a complete subtree as large as the one just completed.
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.peaks.pop() {
                hash = node_hash(&left, &hash);
            }
        }
        self.peaks.push(hash);
        self.size += 1; // OK because 2^64 leaves cannot be pushed one by one in anyone's lifetime
    }

    /// The root of the tree so far.
    pub fn root(&self) -> Hash {
        fold_peaks(&self.peaks)
    }

    /// The number of leaves so far.
    pub fn size(&self) -> u64 {
        self.size
    }
}

/// Joins the roots of neighbouring complete subtrees, largest first, into the root over all of them.
pub(super) fn fold_peaks(peaks: &[Hash]) -> Hash {
    let mut rest = peaks.iter().rev();
    let Some(last) = rest.next() else {
        return empty_root();
    };
    rest.fold(*last, |right, left| node_hash(left, &right))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::leaf_hash;

    #[test]
    fn the_empty_root_is_the_hash_of_nothing() {
        let hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(hex::encode(root(&[])), hex);
        assert_eq!(Frontier::new().root(), empty_root());
    }

    #[test]
    fn a_single_leaf_is_its_own_root() {
        assert_eq!(root(&[leaf_hash(b"x")]), leaf_hash(b"x"));
    }

    #[test]
    fn five_leaves_split_at_four() {
        let l: Vec<Hash> = (0u8..5).map(|i| leaf_hash(&[i])).collect();
        let four = node_hash(&node_hash(&l[0], &l[1]), &node_hash(&l[2], &l[3]));
        assert_eq!(root(&l), node_hash(&four, &l[4]));
    }

    #[test]
    fn a_frontier_keeps_one_hash_for_each_one_bit_of_its_size() {
        let mut frontier = Frontier::new();
        for i in 0u16..300 {
            assert_eq!(frontier.peaks.len(), frontier.size().count_ones() as usize);
            frontier.push(leaf_hash(&i.to_be_bytes()));
        }
    }
}
