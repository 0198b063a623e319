//! The numbers of things in a list, found by a SHA-256 value that each holds. The values stay in the list: a number takes nine bytes here, where
//! a map with keys of its own would repeat them.

use std::hash::{BuildHasher, Hash};

use hashbrown::HashTable;

use super::hashed::Spread;

/// Numbers by keys.
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

    /// The number that was filed last under this key; `is` says whether the thing of a number has it.
    pub(super) fn find(&self, key: &impl Hash, is: impl Fn(usize) -> bool) -> Option<usize> {
        let half = self.half(key);
        let found =
            self.table.find(place(&(half, 0)), |(other, number)| *other == half && is(*number as usize));
        found.map(|(_, number)| *number as usize)
    }

    /// Files a number under a key, in place of the one that was there.
    pub(super) fn put(&mut self, key: &impl Hash, number: usize, is: impl Fn(usize) -> bool) {
        let half = self.half(key);
        let number = u32::try_from(number).unwrap_or(u32::MAX); // OK: more than this are refused, or memory ends long before
        let same = |(other, held): &(u32, u32)| *other == half && is(*held as usize);
        self.table.entry(place(&(half, 0)), same, place).insert((half, number));
    }

    /// Forgets the numbers below `first`.
    pub(super) fn forget_before(&mut self, first: usize) {
        self.table.retain(|(_, number)| *number as usize >= first);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::digest::{Sha256Bytes, sha256};

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
        // Another thing of the same key takes its place; of another key, in the same place, it
        // stands beside.
        let mut twice = keys.clone();
        twice.extend([keys[7], sha256(&[b"other"])]);
        numbers.put(&keys[7], 100_000, |n| twice[n] == keys[7]);
        numbers.put(&keys[7], 100_001, |n| twice[n] == twice[100_001]);
        assert_eq!(numbers.find(&keys[7], |n| twice[n] == keys[7]), Some(100_000));
        assert_eq!(numbers.find(&keys[7], |n| twice[n] == twice[100_001]), Some(100_001));
        numbers.forget_before(100_001);
        assert_eq!(numbers.find(&keys[7], |n| twice[n] == keys[7]), None);
        assert_eq!(numbers.find(&keys[7], |n| twice[n] == twice[100_001]), Some(100_001));
    }
}
