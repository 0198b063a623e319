//! A Bloom filter over the tags of a run, so that a run without a tag is seldom read: three bits a
//! tag in the block that the tag's first bits choose, a byte for each posting. Since postings are
//! sorted by tag, its blocks are written one after the other. It never reads a file.

use crate::limits::wide;

use super::block::PAYLOAD_LEN;

const BITS: u64 = wide(PAYLOAD_LEN) * 8;
/// Bits of the tag that choose one bit of the block; those that choose the block are others.
const CHOICE_BITS: u32 = 15;
const CHOICES: u32 = 3;

/// Number of the filter block, of `blocks`, that a tag is noted in.
pub(super) fn block_of(tag: u64, blocks: u64) -> u64 {
    // OK because the product of two numbers below 2^64 fits, and its upper half is below `blocks`
    ((u128::from(tag) * u128::from(blocks)) >> 64) as u64
}

/// Notes a tag in its block.
pub(super) fn note(tag: u64, payload: &mut [u8]) {
    for (byte, bit) in bits(tag) {
        if let Some(byte) = payload.get_mut(byte) {
            *byte |= bit;
        }
    }
}

/// Whether the tag may be in the run whose filter block this is.
pub(super) fn may_hold(tag: u64, payload: &[u8]) -> bool {
    bits(tag).all(|(byte, bit)| payload.get(byte).is_some_and(|byte| byte & bit != 0))
}

fn bits(tag: u64) -> impl Iterator<Item = (usize, u8)> {
    (0..CHOICES).map(move |choice| {
        let part = (tag >> (choice * CHOICE_BITS)) & ((1 << CHOICE_BITS) - 1);
        let bit = (part * BITS) >> CHOICE_BITS;
        ((bit / 8) as usize, 1 << (bit % 8)) // OK because a bit's number has 15 bits
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::codec::digest::sha256;

    fn tag(number: u32) -> u64 {
        u64::from_be_bytes(*sha256(&[&number.to_be_bytes()]).first_chunk().unwrap())
    }

    #[test]
    fn a_tag_that_was_noted_is_held_and_few_others_are() {
        let count = u32::try_from(PAYLOAD_LEN).unwrap();
        let mut payload = vec![0; PAYLOAD_LEN];
        (0..count).for_each(|number| note(tag(number), &mut payload));
        assert!((0..count).all(|number| may_hold(tag(number), &payload)));
        let others = (count..count * 11).filter(|number| may_hold(tag(*number), &payload)).count();
        assert!(others < PAYLOAD_LEN * 10 * 4 / 100, "{others} of ten times {count}");
    }

    #[test]
    fn greater_tags_are_noted_in_the_same_block_or_a_later_one() {
        assert_eq!((block_of(0, 9), block_of(u64::MAX, 9), block_of(u64::MAX / 2, 9)), (0, 8, 4));
    }
}
