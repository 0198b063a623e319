//! Keys and what they sign: Ed25519 keys, verifier keys, seals and signed notes. The only user of
//! `ed25519_dalek`, `curve25519_dalek` and `pkcs8`. It never decides who may sign what, never reads a file, the clock or randomness, and
//! never shows a secret.

pub mod key;
mod known;
mod multiples;
pub mod note;
pub mod pem;
pub mod seal;
pub mod verifier;

use thiserror::Error;

use crate::merkle::Hash;

pub use key::{SigningKey, VerifyingKey};
pub use note::{Note, NoteSignature, Verified};
pub use seal::Seal;
pub use verifier::{KeyKind, VerifierKey, key_id};

/// Why a key, a key file, a seal or a note was refused.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum SignError {
    /// The 32 bytes are not a public key that can be trusted to sign.
    #[error("expected an Ed25519 public key, got {}, which {cause}", hex::encode(key))]
    InvalidPublicKey {
        /// The bytes.
        key: [u8; 32],
        /// What is wrong with them.
        cause: &'static str,
    },
    /// The signature does not fit the message and the key.
    #[error("expected a signature by the key {}, got one that does not verify", hex::encode(key))]
    BadSignature {
        /// The public key.
        key: [u8; 32],
    },
    /// Something is longer than its format allows.
    #[error("expected {what} of at most {limit} bytes, got {got}")]
    TooLong {
        /// What it is.
        what: &'static str,
        /// The limit in bytes.
        limit: usize,
        /// Its length in bytes.
        got: usize,
    },
    /// The text is no private key in PEM.
    #[error("expected a private key in PKCS#8 PEM, got {got}")]
    NotPem {
        /// What was found.
        got: String,
    },
    /// The private key is of another algorithm, or malformed.
    #[error("expected an Ed25519 private key, got {got}")]
    NotEd25519 {
        /// What was found.
        got: String,
    },
    /// The key file is encrypted and no passphrase was given.
    #[error("expected a passphrase, got none, and the key file is encrypted")]
    PassphraseMissing,
    /// The passphrase does not open the key file.
    #[error("expected the key file's passphrase, got another (or the file is damaged)")]
    WrongPassphrase,
    /// The key file is encrypted in a way that is not supported, or that would cost too much to try.
    #[error("expected PBES2 with scrypt or PBKDF2 and AES-CBC at a bearable cost, got {got}")]
    UnsupportedEncryption {
        /// What was found.
        got: String,
    },
    /// The name cannot be a key's.
    #[error("expected a key name without spaces, control characters and '+', got \"{}\"", name.escape_debug())]
    InvalidName {
        /// The name.
        name: String,
    },
    /// The text is not a verifier key.
    #[error("expected a verifier key (name+id+base64), got {cause}")]
    InvalidVerifierKey {
        /// What is wrong with it.
        cause: String,
    },
    /// The bytes are not a seal.
    #[error("expected a seal with {expected}, got {got}")]
    InvalidSeal {
        /// What the format asks for.
        expected: &'static str,
        /// What was found.
        got: String,
    },
    /// The statements are not those that were sealed.
    #[error("expected statements with the root {}, got {}", hex::encode(expected), hex::encode(got))]
    SealedRootMismatch {
        /// The root in the seal.
        expected: Hash,
        /// The root over the statements.
        got: Hash,
    },
    /// There are more or fewer statements than were sealed.
    #[error("expected {expected} statements under the seal, got {got}")]
    SealedCountMismatch {
        /// The count in the seal.
        expected: u64,
        /// How many there are.
        got: u64,
    },
    /// The bytes are not a signed note.
    #[error("expected a signed note, got one whose {cause} (line {line})")]
    InvalidNote {
        /// What is wrong with it.
        cause: String,
        /// Where, counted from 1.
        line: usize,
    },
    /// A signature that claims to be by a known key does not verify.
    #[error("expected a signature by {name}, got one that does not verify")]
    BadNoteSignature {
        /// The name of the known key.
        name: String,
    },
    /// No known key signed the note.
    #[error("expected a signature by one of {known} known keys, got none")]
    NoKnownSignature {
        /// How many keys were known.
        known: usize,
    },
    /// The verifier key is of another kind than what it should verify.
    #[error("expected a key of type {expected:02x}, got {got:02x}")]
    WrongKeyKind {
        /// The C2SP signature type asked for.
        expected: u8,
        /// The type of the key.
        got: u8,
    },
}
