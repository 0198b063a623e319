//! Maps whose keys are SHA-256 values: they are spread already, so that two multiplications place them where the standard hasher takes
//! many rounds. The seeds are those of the standard hasher, new for every map: who chooses the bytes of a statement still cannot choose
//! where it comes to lie. Not for keys that are no hashes.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hasher, RandomState};

/// A map whose keys hold a SHA-256 value.
pub(super) type ByHash<K, V> = HashMap<K, V, Spread>;

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

    fn mix_both(&mut self, words: [u8; 16]) {
        let [a, b, c, d, e, f, g, h, rest @ ..] = words;
        self.mix(u64::from_le_bytes([a, b, c, d, e, f, g, h]), u64::from_le_bytes(rest));
    }
}

impl Hasher for Spreading {
    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let (whole, rest) = bytes.as_chunks::<16>();
        whole.iter().for_each(|words| self.mix_both(*words));
        if !rest.is_empty() {
            let mut words = [0; 16];
            words.iter_mut().zip(rest).for_each(|(word, byte)| *word = *byte);
            self.mix_both(words);
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
    use crate::codec::digest::sha256;
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
