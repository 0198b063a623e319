//! SHA-256, the only hash of the project's formats, and SHA-512, which Ed25519 rests on; the only user of `sha2`.

use sha2::{Digest as _, Sha256, Sha512};

/// A SHA-256 value: 32 bytes, as FIPS 180-4 defines it.
pub type Sha256Bytes = [u8; 32];

/// Hashes the concatenation of `parts`.
///
/// ```
/// use pcf_ledger::codec::digest::sha256;
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

/// SHA-512 of the concatenation of `parts`, for Ed25519 alone (RFC 8032).
pub(crate) fn sha512(parts: &[&[u8]]) -> [u8; 64] {
    let mut hasher = Sha512::new();
    for part in parts {
        hasher.update(part);
    }
    hasher.finalize().into()
}
