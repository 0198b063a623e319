//! The seals of a log: who sealed what, and the root of the log with each.

use std::borrow::Cow;
use std::sync::Arc;

use super::numbers::Numbers;
use super::shelf::{Pile, Record, Shelf};
use crate::codec::digest::Sha256Bytes;
use crate::merkle::Hash;
use crate::model::PublicKey;

/// A seal at its place.
#[derive(Debug, Clone)]
pub(super) struct Sealing {
    pub index: u64,
    pub key: PublicKey,
    /// SHA-256 of bytes 0..120 of the seal.
    pub message: Sha256Bytes,
}

/// Seals by their indices, which need not be all of a log.
#[derive(Debug, Clone, Default)]
pub(super) struct Seals {
    all: Pile<Sealing>,
    by_message: Numbers,
    /// The roots of the log with one seal, two seals and so on; none where only parts of the log are known.
    roots: Pile<Hash>,
}

impl Seals {
    pub fn on(shelf: Option<&Arc<dyn Shelf>>) -> Self {
        Self { all: Pile::on(shelf), by_message: Numbers::on(shelf), roots: Pile::on(shelf) }
    }

    /// Takes in a seal; its index is above that of the one before.
    pub fn add(&mut self, sealing: Sealing) {
        let (number, message) = (self.all.len(), sealing.message);
        self.all.push(sealing);
        // Of two with one message, which only a log has that nothing was admitted to, the first is meant.
        if self.number_of(&message).is_none() {
            let all = &self.all;
            self.by_message
                .put(&message, number, |n| all.get(n).is_some_and(|other| other.message == message));
        }
    }

    pub fn add_root(&mut self, root: Hash) {
        self.roots.push(root);
    }

    pub fn at(&self, index: u64) -> Option<Cow<'_, Sealing>> {
        // Nearly always all are there.
        let dense = usize::try_from(index).ok().and_then(|number| self.all.get(number));
        dense.filter(|sealing| sealing.index == index).or_else(|| {
            let number = self.all.partition_point(|sealing| sealing.index < index);
            self.all.get(number).filter(|sealing| sealing.index == index)
        })
    }

    pub fn index_of(&self, message: &Sha256Bytes) -> Option<u64> {
        self.all.get(self.number_of(message)?).map(|sealing| sealing.index)
    }

    pub fn root_at(&self, size: u64) -> Option<Hash> {
        let number = usize::try_from(size.checked_sub(1)?).ok()?;
        self.roots.get(number).map(Cow::into_owned)
    }

    fn number_of(&self, message: &Sha256Bytes) -> Option<usize> {
        let is = |n| self.all.get(n).is_some_and(|sealing| sealing.message == *message);
        self.by_message.find(message, is)
    }
}

/// Index, key, message.
impl Record for Sealing {
    const BYTES: usize = 8 + 32 + 32;
    type Names = ();

    fn write(&self, (): &mut (), into: &mut Vec<u8>) {
        into.extend_from_slice(&self.index.to_le_bytes());
        into.extend_from_slice(self.key.as_bytes());
        into.extend_from_slice(&self.message);
    }

    fn read(bytes: &[u8], (): &()) -> Option<Self> {
        let (index, rest) = bytes.split_first_chunk::<8>()?;
        let (key, rest) = rest.split_first_chunk::<32>()?;
        let (index, key) = (u64::from_le_bytes(*index), PublicKey::from_bytes(*key));
        Some(Self { index, key, message: rest.try_into().ok()? })
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

    #[test]
    fn a_seal_is_the_same_when_it_is_read_again() {
        let (mut bytes, key) = (Vec::new(), PublicKey::from_bytes([5; 32]));
        Sealing { index: 1 << 50, key, message: [6; 32] }.write(&mut (), &mut bytes);
        let again = Sealing::read(&bytes, &()).unwrap();
        assert_eq!((again.index, again.key, again.message), (1 << 50, key, [6; 32]));
        assert_eq!(bytes.len(), Sealing::BYTES);
    }
}
