//! The numbers of things in a list, found by a SHA-256 value that each holds. The values stay in the list: a number takes nine bytes here, where
//! a map with keys of its own would repeat them. With a shelf, all but the last of them are put aside in sorted runs, and a filter says of nearly
//! every key that was never seen that nothing is to be looked for.

use std::hash::{BuildHasher, Hash};
use std::sync::Arc;

use hashbrown::HashTable;

use super::hashed::Spread;
use super::shelf::{Filter, Runs, Shelf};

/// Numbers by keys.
#[derive(Debug, Clone, Default)]
pub(super) struct Numbers {
    spread: Spread,
    /// Half of what the key hashes to, and the number. The half is enough to find a place, and to pass by nearly all others unseen.
    table: HashTable<(u32, u32)>,
    aside: Option<Aside>,
}

/// Those that are no longer in the table.
#[derive(Debug, Clone)]
struct Aside {
    /// The half and, so that the newest comes first, the complement of the number.
    runs: Runs<8>,
    len: usize,
    filter: Filter,
    held_max: usize,
}

impl Numbers {
    /// None yet, on a shelf where there is one.
    pub(super) fn on(shelf: Option<&Arc<dyn Shelf>>) -> Self {
        let aside = shelf.map(|shelf| {
            let (runs, held_max) = (Runs::new(Arc::clone(shelf)), shelf.held());
            Aside { runs, len: 0, filter: Filter::default(), held_max }
        });
        Self { aside, ..Self::default() }
    }

    /// Makes room.
    pub(super) fn reserve(&mut self, more: usize) {
        self.table.reserve(more, place);
    }

    /// The number that was filed last under this key; `is` says whether the thing of a number has it.
    pub(super) fn find(&self, key: &impl Hash, is: impl Fn(usize) -> bool) -> Option<usize> {
        let half = self.half(key);
        let found =
            self.table.find(place(&(half, 0)), |(other, number)| *other == half && is(*number as usize));
        match (found, &self.aside) {
            (Some((_, number)), _) => Some(*number as usize),
            (None, Some(aside)) => aside.find(half, is),
            (None, None) => None,
        }
    }

    /// Files a number under a key, before the one that was there.
    pub(super) fn put(&mut self, key: &impl Hash, number: usize, is: impl Fn(usize) -> bool) {
        let half = self.half(key);
        let number = u32::try_from(number).unwrap_or(u32::MAX); // OK: more than this are refused, or memory ends long before
        let same = |(other, held): &(u32, u32)| *other == half && is(*held as usize);
        self.table.entry(place(&(half, 0)), same, place).insert((half, number));
        if let Some(aside) = self.aside.as_mut().filter(|aside| self.table.len() >= aside.held_max) {
            aside.take(&mut self.table);
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "half of the hash is wanted")]
    fn half(&self, key: &impl Hash) -> u32 {
        self.spread.hash_one(key) as u32
    }
}

impl Aside {
    fn find(&self, half: u32, is: impl Fn(usize) -> bool) -> Option<usize> {
        if !self.filter.may_have(half) {
            return None;
        }
        self.runs.find(&half.to_be_bytes(), |record| {
            let [.., a, b, c, d] = *record;
            let number = !u32::from_be_bytes([a, b, c, d]) as usize;
            is(number).then_some(number)
        })
    }

    fn take(&mut self, table: &mut HashTable<(u32, u32)>) {
        let mut all: Vec<u64> =
            table.drain().map(|(half, number)| u64::from(half) << 32 | u64::from(!number)).collect();
        all.sort_unstable();
        self.len += all.len();
        self.runs.push(all.iter().map(|record| record.to_be_bytes()));
        if self.len <= self.filter.room() {
            all.iter().for_each(|record| self.filter.add(half_of(&record.to_be_bytes())));
        } else {
            let mut filter = Filter::with_room(2 * self.len);
            self.runs.all().for_each(|record| filter.add(half_of(&record)));
            self.filter = filter;
        }
    }
}

const fn half_of([a, b, c, d, ..]: &[u8; 8]) -> u32 {
    u32::from_be_bytes([*a, *b, *c, *d])
}

/// Spreads half a hash over a whole one: the table takes a place from the low bits and a mark from the high ones. By the golden ratio.
fn place((half, _): &(u32, u32)) -> u64 {
    u64::from(*half).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

#[cfg(test)]
mod tests {
    use super::super::shelf::tests::Board;
    use super::*;
    use crate::codec::digest::{Sha256Bytes, sha256};

    #[test]
    fn numbers_are_found_by_what_they_stand_for_also_where_half_the_hash_is_the_same() {
        let keys: Vec<Sha256Bytes> = (0..100_000_u32).map(|n| sha256(&[&n.to_be_bytes()])).collect();
        for shelf in [None, Some(3000), Some(70_001), Some(170_000)].map(|held| held.map(Board::holding)) {
            let mut numbers = Numbers::on(shelf.as_ref());
            for (number, key) in keys.iter().enumerate() {
                assert_eq!(numbers.find(key, |n| keys[n] == *key), None);
                numbers.put(key, number, |n| keys[n] == *key);
                assert!(shelf.as_ref().is_none_or(|shelf| numbers.table.len() < shelf.held()));
            }
            for (number, key) in keys.iter().enumerate() {
                assert_eq!(numbers.find(key, |n| keys[n] == *key), Some(number));
            }
            // Another thing of the same key comes before it; of another key, in the same place, it stands beside.
            let mut twice = keys.clone();
            let more: Vec<Sha256Bytes> =
                (200_000..280_000_u32).map(|n| sha256(&[&n.to_be_bytes()])).collect();
            twice.extend([keys[7], sha256(&[b"other"])]);
            twice.extend(&more);
            numbers.put(&keys[7], 100_000, |n| twice[n] == keys[7]);
            numbers.put(&keys[7], 100_001, |n| twice[n] == twice[100_001]);
            let found = |numbers: &Numbers| {
                (
                    numbers.find(&keys[7], |n| twice[n] == keys[7]),
                    numbers.find(&keys[7], |n| twice[n] == twice[100_001]),
                )
            };
            assert_eq!(found(&numbers), (Some(100_000), Some(100_001)));
            // Also where all of them have been put aside since.
            for (number, key) in (100_002..).zip(&more) {
                numbers.put(key, number, |n| twice[n] == *key);
            }
            assert_eq!(found(&numbers), (Some(100_000), Some(100_001)));
            assert_eq!(numbers.aside.is_some_and(|aside| aside.len > 0), shelf.is_some());
        }
    }
}
