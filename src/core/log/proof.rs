//! Proofs that travel as a file (`*.tlog-proof`): one leaf's path to a signed checkpoint, as C2SP tlog-proof v1 writes
//! them. It owns that text; it never knows what the leaf is.

use std::fmt;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::checkpoint::{parse_decimal, parse_hash};
use super::{LogError, SignedCheckpoint};
use crate::limits::{LOG_PROOF_BYTES_MAX, PATH_HASHES_MAX};
use crate::merkle::{Hash, verify_inclusion};
use crate::sign::{Note, SignError, VerifierKey};

/// The first line of a proof, which names the format and its version.
pub const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// The place of one leaf in the log of a signed checkpoint; nothing of it holds before [`TlogProof::verify`] says so.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct TlogProof {
    /// Data for the application, which no signature covers; absent, or not empty.
    extra: Option<Vec<u8>>,
    index: u64,
    path: Vec<Hash>,
    note: Note,
}

impl TlogProof {
    /// Puts a proof together.
    ///
    /// # Errors
    ///
    /// [`LogError::InvalidProof`] for a path of more than 63 hashes.
    pub fn new(index: u64, path: Vec<Hash>, checkpoint: &SignedCheckpoint) -> Result<Self, LogError> {
        if path.len() > PATH_HASHES_MAX {
            let got = format!("{} hashes", path.len());
            return Err(LogError::InvalidProof { expected: "one of at most 63 hashes", got, line: 3 });
        }
        Ok(Self { extra: None, index, path, note: checkpoint.note().clone() })
    }

    /// Reads a proof. Neither the path nor the signatures are checked here.
    ///
    /// # Errors
    ///
    /// [`LogError::InvalidProof`] names the first line that is not as it should be; [`LogError::Sign`] where the checkpoint
    /// is no signed note.
    pub fn parse(bytes: &[u8]) -> Result<Self, LogError> {
        if bytes.len() > LOG_PROOF_BYTES_MAX {
            let got = bytes.len();
            return Err(SignError::TooLong { what: "a tlog-proof", limit: LOG_PROOF_BYTES_MAX, got }.into());
        }
        let text = std::str::from_utf8(bytes)
            .map_err(|_| invalid(1, "UTF-8, as the whole proof is", "other bytes"))?;
        let mut lines = Lines { rest: text, at: 0 };
        let header = lines.next()?;
        if header != HEADER {
            return Err(lines.invalid("c2sp.org/tlog-proof@v1", header));
        }
        let mut line = lines.next()?;
        let mut extra = None;
        if let Some(data) = line.strip_prefix("extra ") {
            let data = BASE64_STANDARD.decode(data).ok().filter(|data| !data.is_empty());
            extra = Some(data.ok_or_else(|| lines.invalid("extra data in base64", line))?);
            line = lines.next()?;
        }
        let index = line.strip_prefix("index ").and_then(parse_decimal);
        let index = index.ok_or_else(|| lines.invalid("an index without leading zeros", line))?;
        let mut path = Vec::new();
        loop {
            let line = lines.next()?;
            if line.is_empty() {
                break;
            }
            if path.len() == PATH_HASHES_MAX {
                return Err(lines.invalid("blank after 63 hashes", line));
            }
            let hash = parse_hash(line).ok_or_else(|| lines.invalid("a hash of 32 bytes in base64", line))?;
            path.push(hash);
        }
        Ok(Self { extra, index, path, note: Note::parse(lines.rest.as_bytes())? })
    }

    /// Checks that `log` signed the checkpoint and that `leaf` is in its tree at the proof's index; returns the checkpoint,
    /// whose cosignatures a policy may ask for.
    ///
    /// # Errors
    ///
    /// Those of [`SignedCheckpoint::parse`], and [`LogError::Merkle`].
    pub fn verify(&self, leaf: &Hash, log: &VerifierKey) -> Result<SignedCheckpoint, LogError> {
        let signed = SignedCheckpoint::from_note(self.note.clone(), log)?;
        let checkpoint = signed.checkpoint();
        verify_inclusion(leaf, self.index, checkpoint.size(), &self.path, checkpoint.root())?;
        Ok(signed)
    }

    /// The index of the leaf in the log, from 0.
    pub fn index(&self) -> u64 {
        self.index
    }

    /// The hashes beside the way from the leaf to the root, from the leaf up.
    pub fn path(&self) -> &[Hash] {
        &self.path
    }

    /// Data for the application, which no signature covers.
    pub fn extra(&self) -> Option<&[u8]> {
        self.extra.as_deref()
    }

    /// The checkpoint as it was read, its signatures unchecked.
    pub fn note(&self) -> &Note {
        &self.note
    }
}

impl fmt::Display for TlogProof {
    /// Writes the proof's one spelling.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", BASE64_STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for hash in &self.path {
            writeln!(f, "{}", BASE64_STANDARD.encode(hash))?;
        }
        write!(f, "\n{}", self.note)
    }
}

/// The lines of a text, counted from 1, each of which ends in a line feed.
struct Lines<'a> {
    rest: &'a str,
    at: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Result<&'a str, LogError> {
        self.at += 1;
        let (line, rest) =
            self.rest.split_once('\n').ok_or_else(|| self.invalid("ended by a line feed", self.rest))?;
        self.rest = rest;
        Ok(line)
    }

    fn invalid(&self, expected: &'static str, got: &str) -> LogError {
        invalid(self.at, expected, got)
    }
}

fn invalid(line: usize, expected: &'static str, got: &str) -> LogError {
    LogError::InvalidProof { expected, got: got.chars().take(200).collect(), line }
}
