//! Verifier keys: a public key with its name and kind, `name+id+base64`, as C2SP signed-note writes them. It owns that
//! one spelling; it never decides whom to trust.

use std::fmt;
use std::str::FromStr;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::{SignError, VerifyingKey};
use crate::codec::digest::sha256;

/// The longest name of a key, in bytes, so that a note's line stays a line.
pub const NAME_BYTES_MAX: usize = 255;

/// What a key of a signed note signs: the C2SP signature types that this project makes and checks.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum KeyKind {
    /// Type 01: Ed25519 over the note's text.
    Ed25519,
    /// Type 04: Ed25519 of a witness over a checkpoint and a time (tlog-cosignature, cosignature/v1).
    Cosignature,
}

impl KeyKind {
    /// The C2SP signature type.
    pub fn type_byte(self) -> u8 {
        match self {
            Self::Ed25519 => 0x01,
            Self::Cosignature => 0x04,
        }
    }
}

/// The id of a named key: the first 4 bytes of `SHA-256(name || 0x0A || type || public key)` (signed-note).
pub fn key_id(name: &str, kind: KeyKind, key: &VerifyingKey) -> [u8; 4] {
    let digest = sha256(&[name.as_bytes(), b"\n", &[kind.type_byte()], &key.to_bytes()]);
    [digest[0], digest[1], digest[2], digest[3]]
}

/// A public key with the name under which it signs notes.
///
/// ```
/// use pcf_core::sign::VerifierKey;
///
/// let text = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
/// let key: VerifierKey = text.parse()?;
/// assert_eq!(key.name(), "example.com/foo");
/// assert_eq!(key.to_string(), text);
/// assert!(text.replace("530d", "530e").parse::<VerifierKey>().is_err());
/// # Ok::<(), pcf_core::sign::SignError>(())
/// ```
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct VerifierKey {
    name: String,
    kind: KeyKind,
    key: VerifyingKey,
}

impl VerifierKey {
    /// Gives a public key its name.
    ///
    /// # Errors
    ///
    /// [`SignError::InvalidName`].
    pub fn new(name: &str, kind: KeyKind, key: VerifyingKey) -> Result<Self, SignError> {
        check_name(name)?;
        Ok(Self { name: name.to_owned(), kind, key })
    }

    /// The name, which for a log's key is its origin.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it signs.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// The public key alone.
    pub fn key(&self) -> &VerifyingKey {
        &self.key
    }

    /// The id that stands in its signatures.
    pub fn id(&self) -> [u8; 4] {
        key_id(&self.name, self.kind, &self.key)
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut data = vec![self.kind.type_byte()];
        data.extend_from_slice(&self.key.to_bytes());
        write!(f, "{}+{}+{}", self.name, hex::encode(self.id()), BASE64_STANDARD.encode(data))
    }
}

impl FromStr for VerifierKey {
    type Err = SignError;

    /// Reads the one spelling: lower-case hex, canonical base64, and the id that belongs to name and key.
    fn from_str(text: &str) -> Result<Self, SignError> {
        let invalid = |cause: &str| SignError::InvalidVerifierKey { cause: cause.to_owned() };
        if text.len() > NAME_BYTES_MAX + 64 {
            return Err(invalid("a longer text"));
        }
        let mut parts = text.splitn(3, '+'); // base64 may have further plus signs
        let (Some(name), Some(id), Some(data)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(invalid("fewer than three parts"));
        };
        let data = BASE64_STANDARD.decode(data).map_err(|_| invalid("a key that is not base64"))?;
        let (kind, key) = match data.split_first() {
            Some((0x01, key)) => (KeyKind::Ed25519, key),
            Some((0x04, key)) => (KeyKind::Cosignature, key),
            Some((kind, _)) => return Err(invalid(&format!("a key of type {kind:02x}"))),
            None => return Err(invalid("an empty key")),
        };
        let key = <&[u8; 32]>::try_from(key).map_err(|_| invalid("a key that is not 32 bytes long"))?;
        let verifier = Self::new(name, kind, VerifyingKey::from_bytes(key)?)?;
        let expected = hex::encode(verifier.id());
        if id != expected {
            return Err(invalid(&format!("the id {} where name and key have {expected}", id.escape_debug())));
        }
        Ok(verifier)
    }
}

/// Checks that a name can stand in a signature line.
pub(super) fn check_name(name: &str) -> Result<(), SignError> {
    let forbidden = |c: char| c == '+' || c.is_whitespace() || c.is_control();
    if name.is_empty() || name.len() > NAME_BYTES_MAX || name.contains(forbidden) {
        return Err(SignError::InvalidName { name: name.chars().take(NAME_BYTES_MAX).collect() });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const VKEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";

    #[test]
    fn only_the_one_spelling_of_a_verifier_key_is_read() {
        VKEY.parse::<VerifierKey>().unwrap();
        let wrong = [
            "",
            "example.com/foo+530d903a",
            "example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k\n",
            "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U",
            "example.com/foo+530d903a+BekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
            "a b+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
        ];
        for text in wrong {
            assert!(text.parse::<VerifierKey>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_key_has_another_id_under_another_name_or_kind() {
        let key: VerifierKey = VKEY.parse().unwrap();
        assert_eq!(hex::encode(key.id()), "530d903a");
        assert_ne!(key_id("example.com/fop", KeyKind::Ed25519, key.key()), key.id());
        assert_ne!(key_id("example.com/foo", KeyKind::Cosignature, key.key()), key.id());
    }
}
