//! Checkpoints: the signed size and root of the log, as C2SP tlog-checkpoint (v1.0.0) writes them. It owns their text;
//! whether a new one may be signed, given those before it, is for those who keep them.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::LogError;
use crate::limits::NOTE_BYTES_MAX;
use crate::merkle::{Hash, MerkleError, empty_root, verify_consistency};
use crate::sign::{KeyKind, Note, NoteSignature, SignError, SigningKey, Verified, VerifierKey};

/// What a log says of itself at one moment. Its one spelling is its [`Display`](fmt::Display).
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Checkpoint {
    origin: String,
    size: u64,
    root: Hash,
    extensions: Vec<String>,
}

impl Checkpoint {
    /// Makes the checkpoint of a log.
    ///
    /// # Errors
    ///
    /// [`LogError::InvalidCheckpoint`] for an origin that is empty or not one line, or a log without leaves that has another
    /// root than the empty one.
    pub fn new(origin: &str, size: u64, root: Hash) -> Result<Self, LogError> {
        let checkpoint = Self { origin: origin.to_owned(), size, root, extensions: Vec::new() };
        // Reading it back checks what writing must: there is one set of rules.
        Self::parse(&checkpoint.to_string())
    }

    /// Reads the text of a checkpoint without the signatures: three lines, then extension lines that are kept as they are.
    ///
    /// # Errors
    ///
    /// [`LogError::InvalidCheckpoint`] names the first line that is not as it should be.
    pub fn parse(text: &str) -> Result<Self, LogError> {
        let invalid = |line, expected, got: &str| LogError::InvalidCheckpoint {
            expected,
            got: got.chars().take(200).collect(),
            line,
        };
        if text.len() > NOTE_BYTES_MAX {
            return Err(
                SignError::TooLong { what: "a checkpoint", limit: NOTE_BYTES_MAX, got: text.len() }.into()
            );
        }
        let Some(body) = text.strip_suffix('\n') else {
            return Err(invalid(text.lines().count().max(1), "ended by a line feed", ""));
        };
        let mut lines = body.split('\n');
        let mut next = || lines.next().unwrap_or_default();
        let (origin, size, root) = (next(), next(), next());
        if origin.is_empty() || origin.contains(char::is_control) {
            return Err(invalid(1, "an origin", origin));
        }
        let size = parse_decimal(size).ok_or_else(|| invalid(2, "a size without leading zeros", size))?;
        let root = parse_hash(root).ok_or_else(|| invalid(3, "a root of 32 bytes in base64", root))?;
        if size == 0 && root != empty_root() {
            return Err(invalid(3, "the empty root under size 0", &BASE64_STANDARD.encode(root)));
        }
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        for (extension, line) in extensions.iter().zip(4..) {
            if extension.is_empty() || extension.contains(char::is_control) {
                return Err(invalid(line, "an extension that is not empty", extension));
            }
        }
        Ok(Self { origin: origin.to_owned(), size, root, extensions })
    }

    /// Signs the checkpoint with the log key under the name of the origin. Whether this checkpoint may be signed is for
    /// the caller to know: never two that are not consistent.
    ///
    /// # Errors
    ///
    /// [`LogError::InvalidCheckpoint`] where it has extension lines, which the format advises against, and
    /// [`LogError::Sign`] where the origin cannot be a key's name.
    pub fn sign(&self, key: &SigningKey) -> Result<Note, LogError> {
        if let Some(extension) = self.extensions.first() {
            let expected = "absent, since this log signs no extensions";
            return Err(LogError::InvalidCheckpoint { expected, got: extension.clone(), line: 4 });
        }
        Ok(Note::sign(&self.to_string(), &self.origin, key)?)
    }

    /// Checks that the log of this checkpoint extends the log of an `older` one.
    ///
    /// # Errors
    ///
    /// [`LogError::OtherOrigin`], and [`LogError::Merkle`] where the proof does not show it. An older log without leaves
    /// needs no proof, and a proof that is given all the same is refused.
    pub fn verify_extends(&self, older: &Self, proof: &[Hash]) -> Result<(), LogError> {
        if self.origin != older.origin {
            return Err(LogError::OtherOrigin { expected: older.origin.clone(), got: self.origin.clone() });
        }
        if older.size == 0 {
            return match proof.len() {
                0 => Ok(()), // its root was checked when it was read
                got => Err(MerkleError::ProofLength { expected: 0, got }.into()),
            };
        }
        Ok(verify_consistency(older.size, &older.root, self.size, &self.root, proof)?)
    }

    /// Which log it is: a URL without its scheme, by custom.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The RFC 6962 root over the leaves.
    pub fn root(&self) -> &Hash {
        &self.root
    }

    /// Lines after the third, which are signed too and mean nothing here.
    pub fn extensions(&self) -> &[String] {
        &self.extensions
    }
}

impl fmt::Display for Checkpoint {
    /// Writes the text that is signed, with its last line feed.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}\n{}\n{}\n", self.origin, self.size, BASE64_STANDARD.encode(self.root))?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// A checkpoint that its log's key has signed, with the note that shows it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    note: Note,
}

impl SignedCheckpoint {
    /// Reads a signed checkpoint and checks that `log` signed it and that it is this log's own.
    ///
    /// # Errors
    ///
    /// [`LogError::Sign`], [`LogError::NotSignedByLog`], [`LogError::OtherOrigin`] and [`LogError::InvalidCheckpoint`].
    pub fn parse(bytes: &[u8], log: &VerifierKey) -> Result<Self, LogError> {
        Self::from_note(Note::parse(bytes)?, log)
    }

    /// Takes a note for a signed checkpoint, with the same checks as [`SignedCheckpoint::parse`].
    ///
    /// # Errors
    ///
    /// The same.
    pub fn from_note(note: Note, log: &VerifierKey) -> Result<Self, LogError> {
        if log.kind() != KeyKind::Ed25519 {
            let expected = KeyKind::Ed25519.type_byte();
            return Err(SignError::WrongKeyKind { expected, got: log.kind().type_byte() }.into());
        }
        match note.verify(std::slice::from_ref(log)) {
            Ok(_) => {}
            Err(SignError::NoKnownSignature { .. }) => {
                return Err(LogError::NotSignedByLog { key: log.to_string() });
            }
            Err(error) => return Err(error.into()),
        }
        let checkpoint = Checkpoint::parse(note.text())?;
        if checkpoint.origin != log.name() {
            return Err(LogError::OtherOrigin { expected: log.name().to_owned(), got: checkpoint.origin });
        }
        Ok(Self { checkpoint, note })
    }

    /// Checks the cosignatures of known witnesses and returns them with their times; none at all is no error here,
    /// since how many are enough is a policy.
    ///
    /// # Errors
    ///
    /// [`LogError::Sign`] where a known witness's name and id stands on a cosignature that does not hold, or where one of
    /// the keys is no witness's.
    pub fn cosignatures<'k>(&self, witnesses: &'k [VerifierKey]) -> Result<Vec<Verified<'k>>, LogError> {
        let expected = KeyKind::Cosignature.type_byte();
        if let Some(other) = witnesses.iter().find(|key| key.kind() != KeyKind::Cosignature) {
            return Err(SignError::WrongKeyKind { expected, got: other.kind().type_byte() }.into());
        }
        match self.note.verify(witnesses) {
            Ok(verified) => Ok(verified),
            Err(SignError::NoKnownSignature { .. }) => Ok(Vec::new()),
            Err(error) => Err(error.into()),
        }
    }

    /// The same checkpoint with other signature lines, the log's own among them.
    pub(super) fn with_signatures(&self, lines: Vec<NoteSignature>) -> Result<Self, LogError> {
        let note = self.note.with_signatures(lines)?;
        Ok(Self { checkpoint: self.checkpoint.clone(), note })
    }

    /// What the log signed.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The note with all its signatures, known or not.
    pub fn note(&self) -> &Note {
        &self.note
    }
}

/// Reads a decimal number in its one spelling.
pub(super) fn parse_decimal(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

/// Reads a hash in its one spelling: base64 with padding.
pub(super) fn parse_hash(text: &str) -> Option<Hash> {
    BASE64_STANDARD.decode(text).ok()?.try_into().ok()
}
