//! Identifiers. Each kind is a type of its own and valid by construction.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use super::error::{ValueError, text_value};
use crate::limits::{DOCUMENT_BYTES_MAX, TEXT_BYTES_MAX};

/// A validated identifier that is kept as its text.
macro_rules! text_id {
    ($(#[$meta:meta])* $ty:ident($kept:ty), $what:literal, $pattern:literal, $expected:literal, $valid:expr) => {
        $(#[$meta])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $ty($kept);

        impl $ty {
            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }
        impl FromStr for $ty {
            type Err = ValueError;
            fn from_str(text: &str) -> Result<Self, ValueError> {
                let valid: fn(&str) -> bool = $valid;
                if valid(text) { Ok(Self(text.into())) } else { Err(ValueError::spelling($what, $expected, text)) }
            }
        }
        impl fmt::Display for $ty {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }
        impl AsRef<str> for $ty {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
        text_value!($ty, $what, $pattern, $expected, |value, serializer| serializer.serialize_str(&value.0));
    };
}

/// Bytes of a fixed length in one text encoding, of at most 64 characters.
macro_rules! bytes_id {
    ($(#[$meta:meta])* $ty:ident, $len:literal, $what:literal, $pattern:literal, $expected:literal, $encode:expr, $decode:expr) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $ty([u8; $len]);

        impl $ty {
            /// From its bytes.
            pub const fn from_bytes(bytes: [u8; $len]) -> Self {
                Self(bytes)
            }
            /// Its bytes.
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }
            fn spelt<'a>(&self, space: &'a mut [u8; 64]) -> &'a str {
                let encode: fn(&[u8; $len], &mut [u8; 64]) -> usize = $encode;
                let written = encode(&self.0, space);
                // Every encoding is ASCII, and none is longer than the space.
                space.get(..written).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
            }
        }
        impl fmt::Display for $ty {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.spelt(&mut [0; 64]))
            }
        }
        impl fmt::Debug for $ty {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($ty))
            }
        }
        impl FromStr for $ty {
            type Err = ValueError;
            fn from_str(text: &str) -> Result<Self, ValueError> {
                let decode: fn(&str) -> Option<[u8; $len]> = $decode;
                decode(text).map(Self).ok_or_else(|| ValueError::spelling($what, $expected, text))
            }
        }
        text_value!($ty, $what, $pattern, $expected, |value, serializer| serializer
            .serialize_str(value.spelt(&mut [0; 64])));
    };
}

fn to_lower_hex(bytes: &[u8; 32], space: &mut [u8; 64]) -> usize {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    for (byte, pair) in bytes.iter().zip(space.chunks_exact_mut(2)) {
        // OK because four bits are below 16.
        pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]]);
    }
    space.len()
}

fn lower_hex(text: &str) -> Option<[u8; 32]> {
    /// The value of a lower-case hex digit; 16 for any other byte.
    fn digit(byte: u8) -> u8 {
        match byte {
            b'0'..=b'9' => byte - b'0',
            b'a'..=b'f' => byte - b'a' + 10,
            _ => 16,
        }
    }
    let text: &[u8; 64] = text.as_bytes().try_into().ok()?;
    let mut bytes = [0; 32];
    let mut seen = 0;
    for (pair, byte) in text.chunks_exact(2).zip(&mut bytes) {
        let (high, low) = (digit(pair[0]), digit(pair[1])); // OK because chunks_exact gives two
        seen |= high | low;
        *byte = high << 4 | low & 15;
    }
    (seen < 16).then_some(bytes)
}

text_id! {
    // Few say many things: a copy takes no memory of its own.
    /// Who says something: chosen by the operator, or one of the reserved `operator` and `recovery`.
    ActorId(Arc<str>), "actor id", "^[a-z0-9][a-z0-9.-]{0,62}$", "1 to 63 characters of a-z, 0-9, `.`, `-`, beginning with a letter or digit",
    |t| (1..=63).contains(&t.len())
        && t.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'-')
        && t.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
}

impl ActorId {
    /// Who runs the ledger and enrols.
    pub const OPERATOR: &'static str = "operator";
    /// Who replaces a lost operator key.
    pub const RECOVERY: &'static str = "recovery";

    /// The reserved actor `operator`.
    pub fn operator() -> Self {
        Self(Self::OPERATOR.into())
    }

    /// The reserved actor `recovery`.
    pub fn recovery() -> Self {
        Self(Self::RECOVERY.into())
    }

    /// True for `operator` and `recovery`, which no enrolled actor may be called.
    pub fn is_reserved(&self) -> bool {
        matches!(self.as_str(), Self::OPERATOR | Self::RECOVERY)
    }
}

text_id! {
    /// The id of an emission factor, chosen by its first signer.
    FactorId(Box<str>), "factor id", "^[A-Za-z0-9][A-Za-z0-9._-]{0,126}$", "1 to 127 characters of letters, digits, `.`, `_`, `-`, beginning with a letter or digit",
    |t| (1..=127).contains(&t.len())
        && t.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
        && t.as_bytes().first().is_some_and(u8::is_ascii_alphanumeric)
}

text_id! {
    /// A product's id: `urn:gtin:` with 14 digits and a right check digit, `urn:uuid:`, or `urn:pact:<domain>:product-id:…`.
    ///
    /// ```
    /// use pcf_core::model::ProductId;
    /// assert!("urn:gtin:06901234000016".parse::<ProductId>().is_ok());
    /// assert!("urn:gtin:06901234000017".parse::<ProductId>().is_err(), "the check digit is wrong");
    /// ```
    ProductId(Box<str>), "product id", "^urn:(gtin:[0-9]{14}|uuid:[0-9a-f-]{36}|pact:[a-z0-9.-]+:product-id:[A-Za-z0-9._~()+,=@;$!*'%/:-]+)$",
    "urn:gtin: with 14 digits whose check digit is right, urn:uuid: in lower case, or urn:pact:<domain>:product-id:<id>",
    |t| match t.strip_prefix("urn:") {
        Some(rest) => {
            rest.strip_prefix("gtin:").is_some_and(gtin14)
                || rest.strip_prefix("uuid:").is_some_and(lower_uuid)
                || rest.strip_prefix("pact:").is_some_and(pact_product)
        }
        None => false,
    }
}

/// GS1 General Specifications 7.9: weights 3 and 1 in turn from the left of 14 digits; the sum is a multiple of ten.
fn gtin14(digits: &str) -> bool {
    let weighted = |(i, b): (usize, u8)| u32::from(b - b'0') * if i % 2 == 0 { 3 } else { 1 };
    digits.len() == 14
        && digits.bytes().all(|b| b.is_ascii_digit())
        && digits.bytes().enumerate().map(weighted).sum::<u32>() % 10 == 0
}

fn lower_uuid(text: &str) -> bool {
    text.len() == 36 && uuid::Uuid::try_parse(text).is_ok() && text.bytes().all(|b| !b.is_ascii_uppercase())
}

fn pact_product(text: &str) -> bool {
    // A domain has no colon.
    let colon = text.bytes().position(|b| b == b':').and_then(|at| text.split_at_checked(at));
    let Some((domain, rest)) = colon else { return false };
    let Some(id) = rest.strip_prefix(":product-id:") else { return false };
    let domain_ok = (1..=253).contains(&domain.len())
        && domain.as_bytes().split(|b| *b == b'.').all(|label| {
            !label.is_empty()
                && label.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
        });
    // The characters that RFC 8141 allows in a namespace-specific string.
    let id_ok = (1..=200).contains(&id.len())
        && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._~()+,=@;$!*'%/:".contains(&b));
    domain_ok && id_ok
}

text_id! {
    /// Any URN, such as a company id or a classification: `urn:` and printable ASCII, at most 255 characters.
    Urn(Box<str>), "URN", "^urn:[a-z0-9][a-z0-9-]{0,30}:[!-~]+$", "a URN such as urn:pact:company.example:buyer:acme",
    |t| t.len() <= 255
        && t.strip_prefix("urn:").and_then(|r| r.split_once(':')).is_some_and(|(space, rest)| {
            (1..=31).contains(&space.len())
                && space.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
                && !space.starts_with('-')
                && !rest.is_empty()
                && rest.bytes().all(|b| b.is_ascii_graphic())
        })
}

text_id! {
    /// The UUID of a footprint, lower case.
    FootprintId(Box<str>), "footprint id", "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$", "a UUID in lower case",
    lower_uuid
}

impl FootprintId {
    /// A random (version 4) UUID from 16 random bytes that the caller supplies.
    pub fn from_random(bytes: [u8; 16]) -> Self {
        Self(uuid::Builder::from_random_bytes(bytes).into_uuid().hyphenated().to_string().into())
    }
}

text_id! {
    /// A name or sentence: 1 to 2,000 bytes, no control characters, no white space at either end.
    Text(Box<str>), "text", r"^\S(.*\S)?$", "1 to 2,000 bytes without control characters and without white space at either end",
    |t| (1..=TEXT_BYTES_MAX).contains(&t.len())
        && if t.bytes().all(|b| (b' '..=b'~').contains(&b)) {
            !t.starts_with(' ') && !t.ends_with(' ')
        } else {
            t.trim() == t && !t.chars().any(char::is_control)
        }
}

text_id! {
    /// A country, ISO 3166-1 alpha-2.
    Country(Box<str>), "country", "^[A-Z]{2}$", "two capital letters (ISO 3166-1), such as CN",
    |t| t.len() == 2 && t.bytes().all(|b| b.is_ascii_uppercase())
}

text_id! {
    /// A part of a country, ISO 3166-2.
    Subdivision(Box<str>), "subdivision", "^[A-Z]{2}-[A-Z0-9]{1,3}$", "country, hyphen and 1 to 3 letters or digits (ISO 3166-2), such as CN-ZJ",
    |t| t.split_once('-').is_some_and(|(c, s)| c.len() == 2 && c.bytes().all(|b| b.is_ascii_uppercase())
        && (1..=3).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()))
}

bytes_id! {
    /// A statement's id: its leaf hash `SHA-256(0x00 || bytes)`, in lower-case hex. The genesis' is the ledger's id.
    StatementId, 32, "statement id", "^[0-9a-f]{64}$", "64 lower-case hex digits",
    to_lower_hex, lower_hex
}

bytes_id! {
    /// A SHA-256 digest or a Merkle root, in lower-case hex.
    Digest, 32, "digest", "^[0-9a-f]{64}$", "64 lower-case hex digits",
    to_lower_hex, lower_hex
}

bytes_id! {
    /// What stands for a product in the header of an activity: `SHA-256(0x03 || tagSalt || product id)`, in
    /// lower-case hex. Who has the product's statement recognises it; to others it tells nothing.
    ProductTag, 32, "product tag", "^[0-9a-f]{64}$", "64 lower-case hex digits",
    to_lower_hex, lower_hex
}

bytes_id! {
    /// An Ed25519 public key as it stands in statements: base64 of its 32 bytes. That it is a point of the curve is checked
    /// where it is used.
    PublicKey, 32, "public key", "^[A-Za-z0-9+/]{43}=$", "44 characters of base64 (32 bytes)",
    |b, space| STANDARD.encode_slice(b, space).unwrap_or(0), |t| STANDARD.decode(t).ok()?.try_into().ok()
}

bytes_id! {
    /// 16 random bytes in every statement, so that its hash gives nothing away; base64url.
    Salt, 16, "salt", "^[A-Za-z0-9_-]{22}$", "22 characters of base64url (16 bytes)",
    |b, space| URL_SAFE_NO_PAD.encode_slice(b, space).unwrap_or(0), |t| URL_SAFE_NO_PAD.decode(t).ok()?.try_into().ok()
}

impl Salt {
    /// True where all 16 bytes are the same, which no random source gives.
    pub fn is_weak(&self) -> bool {
        let [first, rest @ ..] = self.as_bytes();
        rest.iter().all(|byte| byte == first)
    }
}

/// A document carried inside a statement, as base64url without padding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document(Vec<u8>);

impl Document {
    /// The most bytes a document may have: [`DOCUMENT_BYTES_MAX`].
    pub const BYTES_MAX: usize = DOCUMENT_BYTES_MAX;

    /// Wraps the bytes as they were received.
    ///
    /// # Errors
    /// [`ValueError::Range`] above [`Self::BYTES_MAX`].
    pub fn new(bytes: Vec<u8>) -> Result<Self, ValueError> {
        if bytes.len() > Self::BYTES_MAX {
            let got = format!("{} bytes", bytes.len());
            return Err(ValueError::Range { what: "document", expected: "at most 700,000 bytes", got });
        }
        Ok(Self(bytes))
    }

    /// The bytes as they were received.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&URL_SAFE_NO_PAD.encode(&self.0))
    }
}

impl FromStr for Document {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let refuse = || ValueError::spelling("document", "base64url without padding", text);
        Self::new(URL_SAFE_NO_PAD.decode(text).map_err(|_| refuse())?)
    }
}

text_value!(Document, "Document", "^[A-Za-z0-9_-]+$", "a document's bytes in base64url without padding");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gtin_needs_its_check_digit() {
        let right = "urn:gtin:06901234000016";
        assert!(right.parse::<ProductId>().is_ok());
        for last in "012345789".chars() {
            let wrong = format!("{}{last}", &right[..right.len() - 1]);
            assert!(wrong.parse::<ProductId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn identifiers_refuse_what_is_not_theirs() {
        for bad in ["", "-a", "A", "a b", "é", &"a".repeat(64)] {
            assert!(bad.parse::<ActorId>().is_err(), "{bad}");
        }
        for bad in [
            "urn:uuid:3F0A7C3E-0000-4000-8000-000000000000",
            "urn:pact::product-id:x",
            "urn:pact:a.b:product-id:",
            "gtin:1",
        ] {
            assert!(bad.parse::<ProductId>().is_err(), "{bad}");
        }
        assert!("AB".repeat(32).parse::<StatementId>().is_err(), "upper case is a second spelling");
        for bad in ["", " a", "a\n", "a\u{0}b", "tab\tin"] {
            assert!(bad.parse::<Text>().is_err(), "{bad:?}");
        }
        assert!("\u{661f}".repeat(600).parse::<Text>().is_ok());
        assert!("\u{661f}".repeat(700).parse::<Text>().is_err());
    }

    #[test]
    fn base64_has_one_spelling() {
        let key = PublicKey::from_bytes([7; 32]);
        assert_eq!(key.to_string().parse::<PublicKey>().unwrap(), key);
        let text = key.to_string();
        let loose = format!("{}d=", &text[..42]);
        assert!(loose.parse::<PublicKey>().is_err(), "spare bits must be zero: {loose}");
    }
}
