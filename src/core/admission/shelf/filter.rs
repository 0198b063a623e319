//! Keys that were seen, nearly (B. H. Bloom, "Space/Time Trade-offs in Hash Coding with Allowable Errors", 1970): of a key that was seen it
//! always says so, of another one seldom.

/// Bits for each key that there is room for.
const KEY_BITS: usize = 16;
/// At most 32 MiB, whatever there is to be seen: with more keys it is wrong more often.
const WORDS_MAX: usize = 1 << 22;

/// What was seen. All bits of a key lie in one word, so that asking fetches one from memory.
#[derive(Debug, Clone, Default)]
pub(in crate::admission) struct Filter {
    words: Vec<u64>,
    room: usize,
}

impl Filter {
    /// An empty one that is seldom wrong as long as there are not more keys than this.
    pub fn with_room(keys: usize) -> Self {
        let words = (keys.saturating_mul(KEY_BITS) / 64).next_power_of_two().min(WORDS_MAX);
        let room = if words == WORDS_MAX { usize::MAX } else { words * 64 / KEY_BITS };
        Self { words: vec![0; words], room }
    }

    /// How many keys it is made for; without a bound where no larger one is made.
    pub const fn room(&self) -> usize {
        self.room
    }

    pub fn add(&mut self, key: u32) {
        let (at, bits) = self.place(key);
        if let Some(word) = self.words.get_mut(at) {
            *word |= bits;
        }
    }

    /// Whether the key may have been added; where it was, this is true.
    pub fn may_have(&self, key: u32) -> bool {
        let (at, bits) = self.place(key);
        self.words.get(at).is_some_and(|word| word & bits == bits)
    }

    /// The word of a key, and four bits in it.
    fn place(&self, key: u32) -> (usize, u64) {
        // The key is spread already; by the golden ratio, so that neither the word nor the bits follow from few bits of it.
        let mixed = (u64::from(key) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 32)).wrapping_mul(0xd6e8_feb8_6659_fd93);
        let bits = (0..4).fold(0, |bits, n| bits | 1 << ((mixed >> (6 * n)) & 63));
        // OK: the number of words is a power of two, at most 2^22.
        let at = usize::try_from(mixed >> 40).unwrap_or_default() & self.words.len().wrapping_sub(1);
        (at, bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(n: u32) -> u32 {
        u32::from_be_bytes(*crate::codec::digest::sha256(&[&n.to_be_bytes()]).first_chunk().unwrap())
    }

    #[test]
    fn what_was_added_is_found_and_little_else() {
        assert!(!Filter::default().may_have(7), "nothing was added");
        let mut filter = Filter::with_room(50_000);
        assert!(filter.room() >= 50_000);
        (0..50_000).for_each(|n| filter.add(key(n)));
        assert!((0..50_000).all(|n| filter.may_have(key(n))));
        let wrong = (50_000..150_000).filter(|n| filter.may_have(key(*n))).count();
        // Four bits of 64 with 16 bits a key: some 0.7 in a hundred with as many words as keys need, less with more.
        assert!(wrong < 1_000, "{wrong} in 100,000");
    }

    #[test]
    fn it_never_grows_beyond_its_bound() {
        let filter = Filter::with_room(usize::MAX);
        assert_eq!((filter.words.len(), filter.room()), (WORDS_MAX, usize::MAX));
    }
}
