//! What lies beside the segments: manifest, derived leaf hashes, signed checkpoints.

use std::fs;
use std::path::Path;

use super::log::Log;
use super::{Place, Report};
use crate::limits::NOTE_BYTES_MAX;
use crate::log::SignedCheckpoint;
use crate::model::PublicKey;
use crate::sign::{KeyKind, VerifierKey, VerifyingKey};
use crate::store::StoreError;
use crate::store::leaves::Leaves;
use crate::store::manifest::Manifest;
use crate::store::runs::Runs;

/// What lies beside a store, as far as it is to be audited with it.
#[derive(Debug, Default)]
pub struct Beside {
    /// What `ledger.toml` says.
    pub manifest: Option<Manifest>,
    /// The derived leaf hashes, or why they cannot be read.
    pub leaves: Option<Result<Leaves, String>>,
    /// The derived entries; none where there are none or they cannot be read, which opening mends.
    pub entries: Option<Runs>,
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
        ledger_id: &[u8; 32],
        mut checkpoints: Vec<(String, Vec<u8>)>,
    ) -> Result<Self, StoreError> {
        let signed = dir.join("signed").join("checkpoint");
        match fs::read(&signed) {
            Ok(bytes) => checkpoints.insert(0, (signed.display().to_string(), bytes)),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => return Err(StoreError::Io { action: "read", file: signed, source }),
        }
        let derived = dir.join("log");
        let leaves = derived
            .join("leaves")
            .exists()
            .then(|| Leaves::open_reader(&derived, ledger_id).map_err(|error| error.to_string()));
        let entries = Runs::open_reader(&derived, ledger_id).ok();
        Ok(Self { manifest, leaves, entries, checkpoints })
    }
}

pub(super) fn check(beside: &Beside, log: &Log, report: &mut Report) {
    if let Some(manifest) = &beside.manifest {
        report.looked_at("manifest", 1);
        check_manifest(manifest, log, report);
    }
    if let Some(Err(problem)) = &beside.leaves {
        report.notice("leaf-hashes", Place::file("log/leaves"), problem.clone());
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
    let first = log.book.keyring().log_keys().next();
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
    for key in log.book.keyring().log_keys() {
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
                if log.book.root_at(size).as_ref() == Some(root) {
                    return;
                }
                let have = log.book.root_at(size).map_or_else(
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
