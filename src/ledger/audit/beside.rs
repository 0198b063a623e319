//! What lies beside the segments: manifest and signed checkpoints. What is derived from the
//! segments is not read.

use std::fs;
use std::path::Path;

use super::log::Log;
use super::{Place, Report};
use crate::limits::NOTE_BYTES_MAX;
use crate::log::SignedCheckpoint;
use crate::model::PublicKey;
use crate::sign::{KeyKind, VerifierKey, VerifyingKey};
use crate::store::StoreError;
use crate::store::manifest::Manifest;

/// What lies beside a store, as far as it is to be audited with it.
#[derive(Debug, Default)]
pub struct Beside {
    /// What `ledger.toml` says.
    pub manifest: Option<Manifest>,
    /// Signed checkpoints, each with a name for it.
    pub checkpoints: Vec<(String, Vec<u8>)>,
}

impl Beside {
    /// Reads what lies in a ledger's directory; `checkpoints` come from elsewhere and are kept.
    ///
    /// # Errors
    /// [`StoreError::Io`] for a signed checkpoint that is there and cannot be read.
    pub fn read(
        dir: &Path,
        manifest: Option<Manifest>,
        mut checkpoints: Vec<(String, Vec<u8>)>,
    ) -> Result<Self, StoreError> {
        let signed = dir.join("signed").join("checkpoint");
        match fs::read(&signed) {
            Ok(bytes) => checkpoints.insert(0, (signed.display().to_string(), bytes)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(StoreError::Io { action: "read", file: signed, source }),
        }
        Ok(Self { manifest, checkpoints })
    }
}

pub(super) fn check(beside: &Beside, log: &Log, report: &mut Report) {
    if let Some(manifest) = &beside.manifest {
        report.looked_at("manifest", 1);
        check_manifest(manifest, log, report);
    }
    for (name, bytes) in &beside.checkpoints {
        report.looked_at("signed-checkpoint", 1);
        check_checkpoint(name, bytes, log, report);
    }
}

fn check_manifest(manifest: &Manifest, log: &Log, report: &mut Report) {
    let place = || Place::file("ledger.toml");
    let genesis = log.book.ledger_id();
    if let Some(genesis) = genesis.filter(|id| *id.as_bytes() != manifest.ledger_id) {
        let got = hex::encode(manifest.ledger_id);
        report.error("manifest", place(), format!("expected the ledger id {genesis}, got {got}"));
    }
    let Some(origin) = log.book.origin() else { return };
    if origin.as_str() != manifest.origin {
        report.error("manifest", place(), format!("expected the origin {origin}, got {}", manifest.origin));
    }
    let Some(keyring) = log.scratch.answer(log.book.keyring()) else { return };
    let first = keyring.log_keys().next();
    match first.and_then(|key| verifier(origin.as_str(), key)).map(|key| key.to_string()) {
        Some(expected) if expected == manifest.log_key => {}
        Some(expected) => {
            let message = format!("expected the log key {expected}, got {}", manifest.log_key);
            report.error("manifest", place(), message);
        }
        None => report.error("manifest", place(), "the genesis names no key that could be a log key"),
    }
}

fn verifier(origin: &str, key: &PublicKey) -> Option<VerifierKey> {
    VerifierKey::new(origin, KeyKind::Ed25519, VerifyingKey::from_bytes(key.as_bytes()).ok()?).ok()
}

/// A checkpoint binds the log whichever of its log keys signed it.
fn check_checkpoint(name: &str, bytes: &[u8], log: &Log, report: &mut Report) {
    let origin = log.book.origin().map(ToString::to_string).unwrap_or_default();
    if bytes.len() > NOTE_BYTES_MAX {
        let message = format!("expected at most {NOTE_BYTES_MAX} bytes, got {}", bytes.len());
        return report.error("signed-checkpoint", Place::file(name), message);
    }
    let mut problem = "the ledger names no log key".to_owned();
    let Some(keyring) = log.scratch.answer(log.book.keyring()) else { return };
    for key in keyring.log_keys() {
        let Some(key) = verifier(&origin, key) else { continue };
        match SignedCheckpoint::parse(bytes, &key) {
            Ok(signed) => {
                let (size, root) = (signed.checkpoint().size(), signed.checkpoint().root());
                if let Some(known) = log.roots_known.filter(|known| size > *known) {
                    let message = format!(
                        "not checked: signed at size {size}, and the roots after {known} are not known"
                    );
                    return report.notice("signed-checkpoint", Place::file(name), message);
                }
                let Some(own) = log.scratch.answer(log.book.root_at(size)) else { return };
                if own.as_ref() == Some(root) {
                    return;
                }
                let have = own.map_or_else(
                    || format!("this log has {} submissions", log.book.size()),
                    |root| format!("this log has the root {} there", hex::encode(root)),
                );
                let message = format!("signed at size {size} with the root {}; {have}", hex::encode(root));
                return report.error("signed-checkpoint", Place::file(name), message);
            }
            Err(error) => problem = error.to_string(),
        }
    }
    report.error("signed-checkpoint", Place::file(name), problem);
}
