//! The newest signed checkpoint, and the guard against ever signing a second history.

use std::fs;
use std::path::{Path, PathBuf};

use super::{Ledger, LedgerError};
use crate::durable::{self, Survives};
use crate::limits::NOTE_BYTES_MAX;
use crate::log::SignedCheckpoint;
use crate::log::witness::with_cosignatures;
use crate::model::PublicKey;
use crate::sign::{KeyKind, SigningKey, VerifierKey, VerifyingKey};
use crate::store::Reader;

/// Where the ledger's own copy of the newest signed checkpoint lies, below its directory.
const SIGNED: &str = "signed/checkpoint";

/// Where copies of the newest signed checkpoint are kept beside the ledger's own, usually next to the log key.
#[derive(Debug, Clone, Copy)]
pub struct CheckpointSource<'a> {
    /// The file; it need not be there yet.
    pub path: &'a Path,
}

impl<S: Reader> Ledger<S> {
    /// The log's verifier key: its origin and the log key in force.
    ///
    /// # Errors
    /// [`LedgerError::Sign`] for a genesis whose key or origin cannot be one.
    pub fn verifier_key(&self) -> Result<VerifierKey, LedgerError> {
        let key = self.book.keyring()?.log_key().ok_or_else(no_log_key)?;
        self.verifier_of(key)
    }

    fn verifier_of(&self, key: &PublicKey) -> Result<VerifierKey, LedgerError> {
        let origin = self.book.origin().ok_or_else(no_log_key)?;
        Ok(VerifierKey::new(origin.as_str(), KeyKind::Ed25519, VerifyingKey::from_bytes(key.as_bytes())?)?)
    }

    /// The newest signed checkpoint that the ledger keeps; none where nothing was signed yet.
    ///
    /// # Errors
    /// [`LedgerError::Io`]; [`LedgerError::SignedFile`] for one that does not verify.
    pub fn signed_checkpoint(&self) -> Result<Option<SignedCheckpoint>, LedgerError> {
        match self.signed_path() {
            Some(path) => self.read_signed(&path),
            None => Ok(None),
        }
    }

    /// True where the key is the log key in force.
    ///
    /// # Errors
    /// [`LedgerError::Lookup`].
    pub fn is_log_key(&self, key: &SigningKey) -> Result<bool, LedgerError> {
        let in_force = self.book.keyring()?.log_key();
        Ok(in_force.is_some_and(|k| *k.as_bytes() == key.verifying_key().to_bytes()))
    }

    /// The verifier key of the log key in force, which `key` must be.
    pub(super) fn check_log_key(&self, key: &SigningKey) -> Result<VerifierKey, LedgerError> {
        let verifier = self.verifier_key()?;
        if self.is_log_key(key)? {
            return Ok(verifier);
        }
        let got = VerifierKey::new(verifier.name(), KeyKind::Ed25519, key.verifying_key())?.to_string();
        Err(LedgerError::NotLogKey { expected: verifier.to_string(), got })
    }

    /// Signs the log as it is, after checking that it extends every checkpoint signed before: the ledger's own and
    /// those beside the key. Both are then replaced, durably; what witnesses have said to this very checkpoint stays in them.
    ///
    /// # Errors
    /// [`LedgerError::NotLogKey`]; [`LedgerError::Fork`] with both sizes; [`LedgerError::SignedFile`]; [`LedgerError::Io`].
    pub fn sign_checkpoint(
        &self,
        key: &SigningKey,
        beside: &[CheckpointSource<'_>],
    ) -> Result<SignedCheckpoint, LedgerError> {
        let verifier = self.check_log_key(key)?;
        let earlier = self.read_all_signed(beside)?;
        let mut signed = SignedCheckpoint::from_note(self.checkpoint()?.sign(key)?, &verifier)?;
        for earlier in &earlier {
            if earlier.note().text() == signed.note().text() {
                signed = with_cosignatures(earlier, signed.note().signatures())?;
            }
        }
        self.write_signed(&signed, beside)?;
        Ok(signed)
    }

    /// The newest signed checkpoint among the ledger's own and those beside the key, after checking that the log extends all of them: what must
    /// hold before the log key signs anything.
    ///
    /// # Errors
    /// [`LedgerError::Fork`] with both sizes; [`LedgerError::SignedFile`]; [`LedgerError::Io`].
    pub fn newest_signed(
        &self,
        beside: &[CheckpointSource<'_>],
    ) -> Result<Option<SignedCheckpoint>, LedgerError> {
        let all = self.read_all_signed(beside)?;
        Ok(all.into_iter().max_by_key(|signed| signed.checkpoint().size()))
    }

    /// Keeps the newest signed checkpoint with the cosignatures that witnesses have added to it.
    ///
    /// # Errors
    /// [`LedgerError::NotNewest`] where a newer one, or none, is kept; those of [`Ledger::newest_signed`].
    pub fn keep_cosigned(
        &self,
        cosigned: &SignedCheckpoint,
        beside: &[CheckpointSource<'_>],
    ) -> Result<(), LedgerError> {
        let newest = self.newest_signed(beside)?;
        if newest.as_ref().map(|newest| newest.note().text()) != Some(cosigned.note().text()) {
            let (expected, got) =
                (newest.map_or(0, |newest| newest.checkpoint().size()), cosigned.checkpoint().size());
            return Err(LedgerError::NotNewest { expected, got });
        }
        self.write_signed(cosigned, beside)
    }

    fn read_all_signed(&self, beside: &[CheckpointSource<'_>]) -> Result<Vec<SignedCheckpoint>, LedgerError> {
        let own = self.signed_path();
        let mut all = Vec::new();
        for path in own.iter().map(PathBuf::as_path).chain(beside.iter().map(|source| source.path)) {
            if let Some(earlier) = self.read_signed(path)? {
                self.check_extends(&earlier, path)?;
                all.push(earlier);
            }
        }
        Ok(all)
    }

    fn write_signed(
        &self,
        signed: &SignedCheckpoint,
        beside: &[CheckpointSource<'_>],
    ) -> Result<(), LedgerError> {
        let (own, note) = (self.signed_path(), signed.note().to_string());
        let mut paths = own.iter().map(PathBuf::as_path).chain(beside.iter().map(|source| source.path));
        paths.try_for_each(|path| write_whole(path, note.as_bytes(), Survives::Power))
    }

    pub(super) fn check_extends(&self, earlier: &SignedCheckpoint, path: &Path) -> Result<(), LedgerError> {
        let (signed, root) = (earlier.checkpoint().size(), earlier.checkpoint().root());
        if self.book.root_at(signed)?.as_ref() == Some(root) {
            return Ok(());
        }
        Err(LedgerError::Fork { size: self.size(), signed, source_name: path.display().to_string() })
    }

    fn signed_path(&self) -> Option<PathBuf> {
        self.dir.as_ref().map(|dir| dir.join(SIGNED))
    }

    pub(super) fn read_signed(&self, path: &Path) -> Result<Option<SignedCheckpoint>, LedgerError> {
        let Some(bytes) = read_kept(path, NOTE_BYTES_MAX)? else { return Ok(None) };
        let newest = match SignedCheckpoint::parse(&bytes, &self.verifier_key()?) {
            Ok(signed) => return Ok(Some(signed)),
            Err(error) => error,
        };
        // One that was signed before the log key changed binds the log all the same.
        for key in self.book.keyring()?.log_keys().rev().skip(1) {
            if let Ok(signed) = SignedCheckpoint::parse(&bytes, &self.verifier_of(key)?) {
                return Ok(Some(signed));
            }
        }
        Err(LedgerError::SignedFile { path: path.to_path_buf(), cause: newest })
    }
}

fn no_log_key() -> LedgerError {
    LedgerError::Damaged { index: 0, problem: "the genesis names no log key".into() }
}

/// The bytes of a file that is kept about the log, of at most `limit` bytes; none where there is no such file.
pub(super) fn read_kept(path: &Path, limit: usize) -> Result<Option<Vec<u8>>, LedgerError> {
    let io = |cause| LedgerError::Io { path: path.to_path_buf(), cause };
    let size = match fs::metadata(path) {
        Ok(meta) => meta.len(),
        // A link that leads nowhere is a place that cannot be read now, not one where nothing is kept.
        Err(e) if e.kind() == std::io::ErrorKind::NotFound && !path.is_symlink() => return Ok(None),
        Err(e) => return Err(io(e)),
    };
    // OK because a usize has at most 64 bits.
    if size > limit as u64 {
        return Err(io(std::io::Error::other(format!("expected at most {limit} bytes, got {size}"))));
    }
    fs::read(path).map(Some).map_err(io)
}

/// Writes a file, and the directories it lies in where they are missing.
pub(super) fn write_whole(path: &Path, bytes: &[u8], survives: Survives) -> Result<(), LedgerError> {
    let io = |cause| LedgerError::Io { path: path.to_path_buf(), cause };
    fs::create_dir_all(durable::directory(path)).map_err(io)?;
    durable::write(path, bytes, survives).map_err(io)
}
