//! Ed25519 keys (RFC 8032). It owns signing and strict verification; it never knows what is signed.

use std::fmt;

use ed25519_dalek::Signer as _;
use zeroize::Zeroize as _;

use super::SignError;

/// An Ed25519 public key in its one canonical spelling, not of small order.
#[derive(Clone, Copy, Eq, PartialEq)]
pub struct VerifyingKey(ed25519_dalek::VerifyingKey);

impl VerifyingKey {
    /// Reads a public key.
    ///
    /// ```
    /// use pcf_core::sign::{SigningKey, VerifyingKey};
    ///
    /// let key = SigningKey::generate([7; 32]).verifying_key();
    /// assert_eq!(VerifyingKey::from_bytes(&key.to_bytes())?, key);
    /// assert!(VerifyingKey::from_bytes(&[0; 32]).is_err());
    /// # Ok::<(), pcf_core::sign::SignError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`SignError::InvalidPublicKey`] where the bytes are no point of the curve, a second spelling of one, or a point
    /// of small order, for which anyone can make signatures.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, SignError> {
        let refused = |cause| SignError::InvalidPublicKey { key: *bytes, cause };
        let key = ed25519_dalek::VerifyingKey::from_bytes(bytes)
            .map_err(|_| refused("is no point of the curve"))?;
        if key.is_weak() {
            return Err(refused("is of small order"));
        }
        if key.to_edwards().compress().to_bytes() != *bytes {
            return Err(refused("is not the canonical spelling of its point"));
        }
        Ok(Self(key))
    }

    /// The 32 bytes of the key (RFC 8032, 5.1.2).
    pub fn to_bytes(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Checks a signature strictly: canonical scalar, no component of small order, the equation without cofactor.
    ///
    /// # Errors
    ///
    /// [`SignError::BadSignature`].
    pub fn verify(&self, message: &[u8], signature: &[u8; 64]) -> Result<(), SignError> {
        let signature = ed25519_dalek::Signature::from_bytes(signature);
        self.0
            .verify_strict(message, &signature)
            .map_err(|_| SignError::BadSignature { key: self.to_bytes() })
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", hex::encode(self.to_bytes()))
    }
}

/// An Ed25519 private key. Its bytes are overwritten when it is dropped and are never shown.
#[derive(Clone)]
pub struct SigningKey(pub(super) ed25519_dalek::SigningKey);

impl SigningKey {
    /// Makes a key from 32 bytes of the caller's randomness, which must come from a cryptographic source.
    pub fn generate(mut random: [u8; 32]) -> Self {
        let key = ed25519_dalek::SigningKey::from_bytes(&random);
        random.zeroize();
        Self(key)
    }

    /// The public key that belongs to it.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key())
    }

    /// Signs a message (RFC 8032, 5.1.6): the same message always gives the same signature.
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    /// Shows the public key only.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey(public {})", hex::encode(self.verifying_key().to_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        hex::decode(text).unwrap().try_into().unwrap()
    }

    #[test]
    fn the_second_test_of_rfc_8032_gives_its_signature() {
        let key =
            SigningKey::generate(bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
        let public = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
        assert_eq!(key.verifying_key().to_bytes(), bytes(public));
        let signature = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                         085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
        assert_eq!(key.sign(&[0x72]), bytes(signature));
    }

    #[test]
    fn a_signature_with_any_bit_flipped_is_refused() {
        let key = SigningKey::generate([1; 32]);
        let signature = key.sign(b"message");
        key.verifying_key().verify(b"message", &signature).unwrap();
        assert!(key.verifying_key().verify(b"messagf", &signature).is_err());
        for bit in 0..512 {
            let mut flipped = signature;
            flipped[bit / 8] ^= 1 << (bit % 8);
            assert!(key.verifying_key().verify(b"message", &flipped).is_err(), "bit {bit}");
        }
    }

    #[test]
    fn weak_and_non_canonical_public_keys_are_refused() {
        let causes = [
            // The neutral element, and the point of order 4 with y = 0.
            ("0100000000000000000000000000000000000000000000000000000000000000", "is of small order"),
            ("0000000000000000000000000000000000000000000000000000000000000000", "is of small order"),
            // A point of order 8.
            ("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a", "is of small order"),
            // y = 2 is on no point; y = p + 3 is a second spelling of y = 3.
            ("0200000000000000000000000000000000000000000000000000000000000000", "is no point of the curve"),
            (
                "f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
                "is not the canonical spelling of its point",
            ),
        ];
        for (key, expected) in causes {
            match VerifyingKey::from_bytes(&bytes(key)) {
                Err(SignError::InvalidPublicKey { cause, .. }) => assert_eq!(cause, expected, "{key}"),
                other => panic!("{key}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_signing_key_shows_only_its_public_half() {
        let key = SigningKey::generate([0xab; 32]);
        let shown = format!("{key:?}");
        assert!(shown.contains(&hex::encode(key.verifying_key().to_bytes())));
        assert!(!shown.contains("abababab"));
        assert!(!shown.contains("171, 171"));
    }
}
