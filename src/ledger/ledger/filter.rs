//! Which tags a base may hold: a Bloom filter in memory, for a writer or an audit that asks about
//! many new statements. It reads nothing.

/// Tags of one block of 512 bits.
const TAGS_OF_BLOCK: usize = 32;
/// Blocks at most: 64 MiB. Beyond it the filter is wrong more often, which costs time only.
const BLOCKS_MAX: usize = 1 << 20;
/// Bits that one tag sets in its block.
const BITS: u32 = 6;

/// A set of tags that may have some too many.
#[derive(Debug, Clone)]
pub(super) struct Filter {
    blocks: Vec<[u64; 8]>,
    len: usize,
}

impl Filter {
    /// An empty filter with room for so many tags.
    pub fn with_room(tags: usize) -> Self {
        let blocks = tags.div_ceil(TAGS_OF_BLOCK).clamp(1, BLOCKS_MAX);
        Self { blocks: vec![[0; 8]; blocks], len: 0 }
    }

    /// True where one more tag should go into a larger filter.
    pub fn is_full(&self) -> bool {
        self.blocks.len() < BLOCKS_MAX && self.len >= self.blocks.len() * TAGS_OF_BLOCK
    }

    /// Adds a tag.
    pub fn add(&mut self, tag: u64) {
        let (at, bits) = self.place(tag);
        if let Some(block) = self.blocks.get_mut(at) {
            for bit in bits {
                block[bit / 64] |= 1 << (bit % 64); // OK because a bit is below 512
            }
        }
        self.len += 1;
    }

    /// False only where the tag was never added.
    pub fn may_have(&self, tag: u64) -> bool {
        let (at, mut bits) = self.place(tag);
        self.blocks.get(at).is_some_and(|block| bits.all(|bit| block[bit / 64] & (1 << (bit % 64)) != 0))
    }

    /// The block of a tag, and its bits in there.
    #[expect(clippy::cast_possible_truncation, reason = "some bits of the hash are wanted")]
    fn place(&self, tag: u64) -> (usize, impl Iterator<Item = usize> + use<>) {
        let spread = tag.wrapping_mul(0x9e37_79b9_7f4a_7c15); // by the golden ratio
        let at = (u128::from(spread) * self.blocks.len() as u128) >> 64;
        let bits = tag.rotate_left(32).wrapping_mul(0xff51_afd7_ed55_8ccd);
        (at as usize, (0..BITS).map(move |n| (bits >> (9 * n)) as usize & 511))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tag(n: u64) -> u64 {
        let [a, b, c, d, e, f, g, h, ..] = crate::codec::digest::sha256(&[&n.to_be_bytes()]);
        u64::from_be_bytes([a, b, c, d, e, f, g, h])
    }

    #[test]
    fn what_was_added_is_found_and_nearly_nothing_else() {
        let mut filter = Filter::with_room(10_000);
        (0..10_000).for_each(|n| filter.add(tag(n)));
        assert!((0..10_000).all(|n| filter.may_have(tag(n))));
        let wrong = (10_000..110_000).filter(|n| filter.may_have(tag(*n))).count();
        assert!(wrong < 2000, "{wrong} of 100,000");
        assert!(!filter.is_full() && !Filter::with_room(0).may_have(1));
    }
}
