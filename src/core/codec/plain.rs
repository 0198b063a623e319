//! JSON strings that need no escape: where one ends, found eight bytes at a time, and whether one is the key that is expected.

/// Length of the text before the first byte that ends a string or cannot stand in one as it is: a quote, a backslash, a control character. None where
/// there is no such byte.
pub(super) fn plain_len(bytes: &[u8]) -> Option<usize> {
    let (words, rest) = bytes.as_chunks::<8>();
    for (number, word) in words.iter().enumerate() {
        let found = special(u64::from_le_bytes(*word));
        if found != 0 {
            return Some(8 * number + (found.trailing_zeros() / 8) as usize); // OK because usize has at least 32 bits here
        }
    }
    let ends = |byte: &u8| *byte == b'"' || *byte == b'\\' || *byte < b' ';
    rest.iter().position(ends).map(|at| 8 * words.len() + at)
}

/// True where `bytes` begin with this name of a field as a key: in quotes and with a colon behind it.
pub(super) fn starts_with_key(bytes: &[u8], name: &str) -> bool {
    // Most names are told from others by their first byte.
    bytes.get(1) == name.as_bytes().first()
        && bytes
            .split_at_checked(name.len() + 3)
            .is_some_and(|(key, _)| matches!(key, [b'"', found @ .., b'"', b':'] if found == name.as_bytes()))
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Marks the high bit of bytes that are special. The lowest mark is right; one above it may come from a borrow.
const fn special(word: u64) -> u64 {
    let (quote, backslash) = (word ^ (ONES * b'"' as u64), word ^ (ONES * b'\\' as u64));
    let below_space = word.wrapping_sub(ONES * b' ' as u64) & !word;
    let quotes = quote.wrapping_sub(ONES) & !quote;
    let backslashes = backslash.wrapping_sub(ONES) & !backslash;
    (below_space | quotes | backslashes) & HIGHS
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_finds_what_a_look_at_each_byte_finds() {
        let slowly = |bytes: &[u8]| bytes.iter().position(|b| *b < b' ' || *b == b'"' || *b == b'\\');
        for other in [b'a', b' ', b'!', b'#', b'[', b']', 0x7f, 0x80, 0xa2, 0xdc, 0xff] {
            for len in 0..40 {
                let mut bytes = vec![other; len];
                assert_eq!(plain_len(&bytes), None, "{len} times {other}");
                for at in 0..len {
                    for special in [b'"', b'\\', 0, 0x1f, b'\n'] {
                        (bytes[at], bytes[len - 1]) = (special, special);
                        assert_eq!(
                            plain_len(&bytes),
                            slowly(&bytes),
                            "{special} at {at} of {len} times {other}"
                        );
                        (bytes[at], bytes[len - 1]) = (other, other);
                    }
                }
            }
        }
        for first in 0..=255_u8 {
            for second in 0..=255_u8 {
                let bytes = [b'x', first, second, b'x', b'x', b'x', b'x', b'x'];
                assert_eq!(plain_len(&bytes), slowly(&bytes), "{first} {second}");
            }
        }
    }
}
