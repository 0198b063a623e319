//! SHA-256, the only hash of the project's formats, and SHA-512, which Ed25519 rests on; the only user of `sha2`.

use sha2::{Digest as _, Sha256, Sha512};

/// A SHA-256 value: 32 bytes, as FIPS 180-4 defines it.
pub type Sha256Bytes = [u8; 32];

/// Hashes the concatenation of `parts`.
///
/// ```
/// use pcf_core::codec::digest::sha256;
/// assert_eq!(sha256(&[b"ab", b"c"]), sha256(&[b"abc"]));
/// assert_ne!(sha256(&[b"ab"]), sha256(&[b"abc"]));
/// ```
pub fn sha256(parts: &[&[u8]]) -> Sha256Bytes {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// SHA-256 of a text that is written piece by piece, without the text.
pub(crate) struct HashedText {
    hasher: Sha256,
    /// Pieces are short: they are hashed many at a time.
    held: [u8; 256],
    len: usize,
}

impl Default for HashedText {
    fn default() -> Self {
        Self { hasher: Sha256::new(), held: [0; 256], len: 0 }
    }
}

impl HashedText {
    /// The hash of all that was written.
    pub(crate) fn finish(mut self) -> Sha256Bytes {
        self.hash_held();
        self.hasher.finalize().into()
    }

    fn hash_held(&mut self) {
        self.hasher.update(self.held.get(..self.len).unwrap_or_default()); // OK: never more than there is room for.
        self.len = 0;
    }
}

impl std::fmt::Write for HashedText {
    fn write_str(&mut self, piece: &str) -> std::fmt::Result {
        let piece = piece.as_bytes();
        if self.len + piece.len() > self.held.len() {
            self.hash_held();
        }
        match self.held.get_mut(self.len..self.len + piece.len()) {
            Some(room) => {
                room.copy_from_slice(piece);
                self.len += piece.len();
            }
            None => self.hasher.update(piece),
        }
        Ok(())
    }
}

/// SHA-512 of the concatenation of `parts`, for Ed25519 alone (RFC 8032).
pub(crate) fn sha512(parts: &[&[u8]]) -> [u8; 64] {
    let mut hasher = Sha512::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    #[test]
    fn a_text_in_pieces_hashes_as_the_whole_one() {
        let text = "ab\u{20ac}".repeat(200);
        for lengths in [&[0, 1, 255][..], &[256], &[257, 3], &[700, 1], &[100, 156, 0, 1]] {
            let (mut hashed, mut whole) = (HashedText::default(), String::new());
            for length in lengths {
                let end = (0..=*length).rev().find(|end| text.is_char_boundary(*end)).unwrap();
                hashed.write_str(&text[..end]).unwrap();
                whole.push_str(&text[..end]);
            }
            assert_eq!(hashed.finish(), sha256(&[whole.as_bytes()]), "{lengths:?}");
        }
    }
}
