//! Public keys that passed their check. Few keys seal a ledger, and to read one takes a third of the time in which its signature is checked.

use std::collections::HashMap;
use std::sync::{LazyLock, PoisonError, RwLock};

use super::{SignError, VerifyingKey};

/// Keys that are remembered, in some 250 kB; at one more all are forgotten.
const KNOWN_MAX: usize = 1024;

static KNOWN: LazyLock<RwLock<HashMap<[u8; 32], VerifyingKey>>> = LazyLock::new(RwLock::default);

/// As [`VerifyingKey::from_bytes`], of whose refusals nothing is remembered.
pub(super) fn key(bytes: &[u8; 32]) -> Result<VerifyingKey, SignError> {
    if let Some(key) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).get(bytes) {
        return Ok(*key);
    }
    let key = VerifyingKey::from_bytes(bytes)?;
    let mut known = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    if known.len() >= KNOWN_MAX {
        known.clear();
    }
    known.insert(*bytes, key);
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::SigningKey;

    #[test]
    fn a_known_key_is_the_key_and_what_is_refused_stays_refused() {
        let public = |n: usize| {
            let mut secret = [7; 32];
            secret[..8].copy_from_slice(&n.to_be_bytes());
            SigningKey::generate(secret).verifying_key().to_bytes()
        };
        for n in (0..KNOWN_MAX + 10).chain(0..20) {
            let bytes = public(n);
            assert_eq!(key(&bytes).unwrap(), VerifyingKey::from_bytes(&bytes).unwrap());
        }
        assert!(KNOWN.read().unwrap().len() <= KNOWN_MAX);
        for weak in [[0; 32], [0xff; 32]] {
            assert!(key(&weak).is_err() && key(&weak).is_err());
        }
    }
}
