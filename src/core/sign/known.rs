//! Public keys that passed their check. Few keys seal a ledger, and to read one takes a third of the time in which its signature is checked; of
//! those that seal much, the multiples are kept too.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock, OnceLock, PoisonError, RwLock};

use super::multiples::{self, Multiples};
use super::{SignError, VerifyingKey};

/// Keys that are remembered, in some 300 kB; at one more all are forgotten.
const KNOWN_MAX: usize = 1024;
/// Signatures after which a key is one that signs often: its multiples take the time of some twenty.
const OFTEN: usize = 64;
/// Keys whose multiples are kept, in some 10 MB.
const MULTIPLES_MAX: usize = 16;

static KNOWN: LazyLock<RwLock<Keys>> = LazyLock::new(RwLock::default);

#[derive(Default)]
struct Keys {
    by_bytes: HashMap<[u8; 32], Arc<Known>>,
    /// How many of them have their multiples.
    multiples: Arc<AtomicUsize>,
}

/// A key that passed its check.
pub(super) struct Known {
    key: VerifyingKey,
    used: AtomicUsize,
    /// With a minus; none inside where others have taken all places.
    multiples: OnceLock<Option<Multiples>>,
    places: Arc<AtomicUsize>,
}

/// The key with these bytes.
///
/// # Errors
/// As [`VerifyingKey::from_bytes`], of whose refusals nothing is remembered.
pub(super) fn key(bytes: &[u8; 32]) -> Result<Arc<Known>, SignError> {
    if let Some(known) = KNOWN.read().unwrap_or_else(PoisonError::into_inner).by_bytes.get(bytes) {
        return Ok(Arc::clone(known));
    }
    let key = VerifyingKey::from_bytes(bytes)?;
    let mut keys = KNOWN.write().unwrap_or_else(PoisonError::into_inner);
    if keys.by_bytes.len() >= KNOWN_MAX {
        *keys = Keys::default();
    }
    let places = Arc::clone(&keys.multiples);
    let known = Known { key, used: AtomicUsize::new(0), multiples: OnceLock::new(), places };
    Ok(Arc::clone(keys.by_bytes.entry(*bytes).or_insert_with(|| Arc::new(known))))
}

impl Known {
    /// As [`VerifyingKey::verify`].
    ///
    /// # Errors
    /// [`SignError::BadSignature`].
    pub(super) fn verify(&self, message: &[u8], signature: &[u8; 64]) -> Result<(), SignError> {
        if self.used.fetch_add(1, Ordering::Relaxed) >= OFTEN
            && let Some(multiples) = self.multiples.get_or_init(|| self.lay_out())
            && multiples::accepts(&self.key.to_bytes(), multiples, message, signature)
        {
            return Ok(());
        }
        self.key.verify(message, signature)
    }

    fn lay_out(&self) -> Option<Multiples> {
        let free = self.places.fetch_add(1, Ordering::Relaxed) < MULTIPLES_MAX;
        free.then(|| Multiples::of_key(&self.key.to_bytes())).flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::SigningKey;

    fn signer(n: usize) -> SigningKey {
        let mut secret = [7; 32];
        secret[..8].copy_from_slice(&n.to_be_bytes());
        SigningKey::generate(secret)
    }

    #[test]
    fn a_known_key_is_the_key_and_what_is_refused_stays_refused() {
        for n in (0..KNOWN_MAX + 10).chain(0..20) {
            let public = signer(n).verifying_key();
            assert_eq!(key(&public.to_bytes()).unwrap().key, public);
        }
        assert!(KNOWN.read().unwrap().by_bytes.len() <= KNOWN_MAX);
        for weak in [[0; 32], [0xff; 32]] {
            assert!(key(&weak).is_err() && key(&weak).is_err());
        }
    }

    #[test]
    fn a_key_verifies_the_same_whether_it_signs_seldom_or_often_and_whoever_else_does() {
        let places = Arc::new(AtomicUsize::new(0));
        let mut kept = 0;
        for n in 0..MULTIPLES_MAX + 3 {
            let signer = signer(n);
            let key = signer.verifying_key();
            let (used, places) = (AtomicUsize::new(0), Arc::clone(&places));
            let known = Known { key, used, multiples: OnceLock::new(), places };
            for turn in 0..OFTEN + 2 {
                let message = turn.to_be_bytes();
                let mut signature = signer.sign(&message);
                known.verify(&message, &signature).unwrap();
                signature[33] ^= 1;
                assert!(known.verify(&message, &signature).is_err());
            }
            kept += usize::from(known.multiples.get().unwrap().is_some());
        }
        assert_eq!(kept, MULTIPLES_MAX);
    }
}
