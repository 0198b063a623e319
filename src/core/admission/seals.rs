//! The seals behind the last one that the index beneath holds: who sealed what, and the root of the
//! log with each.

use super::hashed::ByHash;
use crate::codec::digest::Sha256Bytes;
use crate::merkle::Hash;
use crate::model::PublicKey;

/// A seal at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealing {
    /// Its index in the log.
    pub index: u64,
    /// Who sealed.
    pub key: PublicKey,
    /// SHA-256 of bytes 0..120 of the seal.
    pub message: Sha256Bytes,
}

/// Seals by their indices, which need not be all of a log.
#[derive(Debug, Clone, Default)]
pub(super) struct Seals {
    /// How many seals the index beneath holds.
    first: u64,
    all: Vec<Sealing>,
    by_message: ByHash<Sha256Bytes, u64>,
    /// The roots of the log with one seal more, two more and so on; none where only parts of the
    /// log are known.
    roots: Vec<Hash>,
}

impl Seals {
    /// None yet, over so many seals.
    pub fn from(first: u64) -> Self {
        Self { first, ..Self::default() }
    }

    /// Takes in a seal; its index is above that of the one before.
    pub fn add(&mut self, sealing: Sealing) {
        // Of two with one message, which only a log has that nothing was admitted to, the first is meant.
        self.by_message.entry(sealing.message).or_insert(sealing.index);
        self.all.push(sealing);
    }

    pub fn add_root(&mut self, root: Hash) {
        self.roots.push(root);
    }

    pub fn at(&self, index: u64) -> Option<&Sealing> {
        // Nearly always all are there.
        let dense = usize::try_from(index.checked_sub(self.first)?).ok().and_then(|n| self.all.get(n));
        dense.filter(|sealing| sealing.index == index).or_else(|| {
            let number = self.all.partition_point(|sealing| sealing.index < index);
            self.all.get(number).filter(|sealing| sealing.index == index)
        })
    }

    pub fn index_of(&self, message: &Sha256Bytes) -> Option<u64> {
        self.by_message.get(message).copied()
    }

    /// The root with `size` seals, if the last of them is here.
    pub fn root_at(&self, size: u64) -> Option<Hash> {
        let number = size.checked_sub(self.first)?.checked_sub(1)?;
        self.roots.get(usize::try_from(number).ok()?).copied()
    }

    /// Forgets the seals before an index: an index beneath has them now.
    pub fn forget_before(&mut self, index: u64) {
        let gone = self.all.partition_point(|sealing| sealing.index < index);
        self.all.drain(..gone);
        self.roots.drain(..gone.min(self.roots.len()));
        self.by_message.retain(|_, sealed| *sealed >= index);
        self.first = index;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seals_are_found_by_index_and_message_also_where_some_are_missing() {
        for step in [1, 3] {
            let mut seals = Seals::default();
            let sealing = |n: u8| Sealing {
                index: u64::from(n) * step,
                key: PublicKey::from_bytes([n; 32]),
                message: [n + 100; 32],
            };
            (0..50).for_each(|n| seals.add(sealing(n)));
            for n in 0..50 {
                assert_eq!(seals.at(u64::from(n) * step).map(|s| s.message), Some([n + 100; 32]));
                assert_eq!(seals.index_of(&[n + 100; 32]), Some(u64::from(n) * step));
            }
            assert!(seals.at(50 * step).is_none() && seals.index_of(&[0; 32]).is_none());
            assert!(step == 1 || seals.at(1).is_none());
            // The same once more.
            seals.add(Sealing { index: 900, ..sealing(7) });
            assert_eq!(seals.index_of(&[107; 32]), Some(7 * step));
        }
    }
}
