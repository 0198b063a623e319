//! Maps whose keys are SHA-256 values: they are spread already, so that two multiplications place them where the standard hasher takes
//! many rounds. The seeds are those of the standard hasher, new for every map: who chooses the bytes of a statement still cannot choose
//! where it comes to lie. Not for keys that are no hashes.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, Hasher, RandomState};

use hashbrown::HashTable;

/// A map whose keys hold a SHA-256 value.
pub(super) type ByHash<K, V> = HashMap<K, V, Spread>;

/// The numbers of things in a list, found by a SHA-256 value that each holds. The values stay in the list: a number takes nine bytes here,
/// where a map with keys of its own would repeat them.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers {
    spread: Spread,
    /// Half of what the key hashes to, and the number. The half is enough to find a place, and to pass by nearly all others unseen.
    table: HashTable<(u32, u32)>,
}

impl Numbers {
    /// Makes room.
    pub(super) fn reserve(&mut self, more: usize) {
        self.table.reserve(more, place);
    }

    /// The number with this key; `is` says whether the thing of a number has it.
    pub(super) fn find(&self, key: &impl Hash, is: impl Fn(usize) -> bool) -> Option<usize> {
        let half = self.half(key);
        let found =
            self.table.find(place(&(half, 0)), |(other, number)| *other == half && is(*number as usize));
        found.map(|(_, number)| *number as usize)
    }

    /// Files a number under a key, in place of the one that was there.
    pub(super) fn put(&mut self, key: &impl Hash, number: usize, is: impl Fn(usize) -> bool) {
        let half = self.half(key);
        let number = u32::try_from(number).unwrap_or(u32::MAX); // OK: memory ends long before
        let same = |(other, held): &(u32, u32)| *other == half && is(*held as usize);
        self.table.entry(place(&(half, 0)), same, place).insert((half, number));
    }

    /// Takes out a number that is filed under a key, where it is.
    pub(super) fn remove(&mut self, key: &impl Hash, number: usize) {
        let half = self.half(key);
        let same = |(other, held): &(u32, u32)| *other == half && *held as usize == number;
        if let Ok(held) = self.table.find_entry(place(&(half, 0)), same) {
            held.remove();
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "half of the hash is wanted")]
    fn half(&self, key: &impl Hash) -> u32 {
        self.spread.hash_one(key) as u32
    }
}

/// Spreads half a hash over a whole one: the table takes a place from the low bits and a mark from the high ones. By the golden ratio.
fn place((half, _): &(u32, u32)) -> u64 {
    u64::from(*half).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The seeds of one map.
#[derive(Debug, Clone)]
pub(super) struct Spread {
    seeds: [u64; 2],
}

impl Default for Spread {
    fn default() -> Self {
        let random = RandomState::new();
        Self { seeds: [random.hash_one(0_u8), random.hash_one(1_u8)] }
    }
}

impl BuildHasher for Spread {
    type Hasher = Spreading;
    fn build_hasher(&self) -> Spreading {
        let [state, seed] = self.seeds;
        Spreading { state, seed }
    }
}

/// A key that is being placed.
#[derive(Debug)]
pub(super) struct Spreading {
    state: u64,
    seed: u64,
}

impl Spreading {
    /// Both halves of the product of two words, each of which is hidden by a seed.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the halves of a product are wanted, each for itself"
    )]
    fn mix(&mut self, a: u64, b: u64) {
        let product = u128::from(self.state ^ a) * u128::from(self.seed ^ b); // OK because two times 64 bits fit in 128
        self.state = product as u64 ^ (product >> 64) as u64;
    }
}

impl Hasher for Spreading {
    fn write(&mut self, bytes: &[u8]) {
        for words in bytes.chunks(16) {
            let mut both = [0; 16];
            if let Some(begin) = both.get_mut(..words.len()) {
                begin.copy_from_slice(words);
            }
            let [a, b, c, d, e, f, g, h, rest @ ..] = both;
            self.mix(u64::from_le_bytes([a, b, c, d, e, f, g, h]), u64::from_le_bytes(rest));
        }
    }
    fn write_usize(&mut self, value: usize) {
        // The golden ratio in 64 bits. OK because a usize has at most 64 bits.
        self.state = (self.state ^ value as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    fn write_isize(&mut self, value: isize) {
        self.write_usize(value.cast_unsigned());
    }
    fn finish(&self) -> u64 {
        self.state
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::codec::digest::{Sha256Bytes, sha256};
    use crate::model::{StatementId, StatementKind};

    #[test]
    fn keys_are_spread_over_the_low_and_the_high_bits_alike() {
        let spread = Spread::default();
        let hashes: Vec<u64> = (0..4096_u32)
            .map(|n| spread.hash_one(StatementId::from_bytes(sha256(&[&n.to_be_bytes()]))))
            .collect();
        assert_eq!(hashes.iter().collect::<BTreeSet<_>>().len(), 4096);
        for shift in [0, 52] {
            let mut counts = [0; 4096];
            hashes.iter().for_each(|hash| counts[usize::try_from((hash >> shift) % 4096).unwrap()] += 1);
            let (empty, most) = (counts.iter().filter(|n| **n == 0).count(), counts.iter().max().unwrap());
            // Thrown by chance, 4096 balls leave 1507 of 4096 boxes empty, give or take 28.
            assert!((1300..1720).contains(&empty) && *most < 12, "{empty} empty, {most} in one");
        }
    }

    #[test]
    fn numbers_are_found_by_what_they_stand_for_also_where_half_the_hash_is_the_same() {
        let keys: Vec<Sha256Bytes> = (0..100_000_u32).map(|n| sha256(&[&n.to_be_bytes()])).collect();
        let mut numbers = Numbers::default();
        for (number, key) in keys.iter().enumerate() {
            assert_eq!(numbers.find(key, |n| keys[n] == *key), None);
            numbers.put(key, number, |n| keys[n] == *key);
        }
        for (number, key) in keys.iter().enumerate() {
            assert_eq!(numbers.find(key, |n| keys[n] == *key), Some(number));
        }
        // Another thing of the same key takes the place; of another key, in the same place, it stands beside.
        let mut twice = keys.clone();
        twice.extend([keys[7], sha256(&[b"other"])]);
        numbers.put(&keys[7], 100_000, |n| twice[n] == keys[7]);
        numbers.put(&keys[7], 100_001, |n| twice[n] == twice[100_001]);
        assert_eq!(numbers.find(&keys[7], |n| twice[n] == keys[7]), Some(100_000));
        assert_eq!(numbers.find(&keys[7], |n| twice[n] == twice[100_001]), Some(100_001));
        numbers.remove(&keys[7], 7);
        assert_eq!(numbers.find(&keys[7], |n| twice[n] == keys[7]), Some(100_000), "7 is not filed any more");
        numbers.remove(&keys[7], 100_000);
        assert_eq!(numbers.find(&keys[7], |n| twice[n] == keys[7]), None);
        assert_eq!(numbers.find(&keys[7], |n| twice[n] == twice[100_001]), Some(100_001));
    }

    #[test]
    fn every_part_of_a_key_counts_and_every_map_has_its_own_seeds() {
        let (spread, other) = (Spread::default(), Spread::default());
        let subject = sha256(&[b"subject"]);
        let mut seen = BTreeSet::new();
        for kind in StatementKind::ALL {
            assert!(seen.insert(spread.hash_one((kind, subject))));
        }
        for bit in 0..256 {
            let mut changed = subject;
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(seen.insert(spread.hash_one((StatementKind::ALL[0], changed))), "bit {bit}");
        }
        assert_ne!(spread.hash_one(subject), other.hash_one(subject));
    }
}
