//! The log as its operator keeps it: checkpoints, cosignatures, the policy of witnesses, receipts,
//! static files and states. What can be asked of it without a key is in [`crate::questions`].

mod policy;
mod receipt;
mod state;

use std::path::{Path, PathBuf};

use pcf_ledger::ledger::{Ledger, Post};
use pcf_ledger::log::SignedCheckpoint;
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::file::FileStore;
use pcf_ledger::store::{Reader, Store};
use serde::Serialize;

use crate::DeskError;
use crate::publish::{LogSigner, Witnessed, beside};
use crate::questions::LogQuestionError;

pub use policy::{KeptPolicy, KeptWitness, keep_policy, policy};
pub use receipt::{Receipt, ReceiptAsked, receipt};
pub use state::{StateReport, state};

/// The log's verifier key.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LogKey {
    /// `origin+id+base64`, as a verifier asks for it.
    pub verifier_key: String,
}

/// Returns the log's verifier key.
///
/// # Errors
/// [`DeskError::Ledger`].
pub fn key<S: Reader>(ledger: &Ledger<S>) -> Result<LogKey, DeskError> {
    Ok(LogKey { verifier_key: ledger.verifier_key()?.to_string() })
}

/// A checkpoint that was signed.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Checkpointed {
    /// How many submissions it covers.
    pub size: u64,
    /// Its root in hex.
    pub root: String,
    /// The signed note.
    pub checkpoint: String,
    /// Where it is kept.
    pub files: Vec<PathBuf>,
    /// The answer of the witnesses, where a policy is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub witnesses: Option<Witnessed>,
}

/// Signs the log of the ledger in `dir` as it is, after comparing it with every checkpoint signed
/// before; a copy is kept beside the key file.
///
/// # Errors
/// Those of [`LogSigner::compare`] and [`LogSigner::sign`].
pub fn checkpoint(
    (ledger, dir): (&Ledger<FileStore>, &Path),
    (key, key_file): (&SigningKey, &Path),
    post: Option<&dyn Post>,
) -> Result<Checkpointed, DeskError> {
    let copy = beside(key_file);
    let (signed, witnesses) = LogSigner::compare(ledger, key, &copy, post)?.sign(ledger)?;
    Ok(Checkpointed {
        size: signed.checkpoint().size(),
        root: hex::encode(signed.checkpoint().root()),
        checkpoint: signed.note().to_string(),
        files: vec![dir.join("signed").join("checkpoint"), copy],
        witnesses,
    })
}

/// Cosignatures on the newest signed checkpoint.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Cosigned {
    /// How many submissions the checkpoint covers.
    pub size: u64,
    /// The witnesses that cosigned.
    pub witnesses: Witnessed,
    /// The signed note with the cosignatures.
    pub checkpoint: String,
}

/// Asks the witnesses of the kept policy to cosign the newest signed checkpoint, and keeps their
/// cosignatures.
///
/// # Errors
/// [`LogQuestionError::NoPolicy`]; [`LogQuestionError::NothingSigned`]; [`DeskError::Unwitnessed`].
pub fn cosign<S: Store>(ledger: &Ledger<S>, post: &dyn Post) -> Result<Cosigned, DeskError> {
    let policy = ledger.policy()?.ok_or(LogQuestionError::NoPolicy)?;
    let signed = newest(ledger)?;
    let size = signed.checkpoint().size();
    let cosigned = ledger.cosign(&signed, &[], &policy, size, post);
    let (signed, names) = cosigned.map_err(DeskError::Unwitnessed)?;
    Ok(Cosigned {
        size,
        witnesses: Witnessed::by(policy.rule(), names),
        checkpoint: signed.note().to_string(),
    })
}

/// The log as static files.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct ExportReport {
    /// Where the files lie.
    pub dir: PathBuf,
    /// How many submissions they hold.
    pub size: u64,
    /// How many newer submissions no checkpoint covers yet.
    pub unsigned: u64,
    /// How many tiles the log has.
    pub tiles: usize,
    /// How many of them were written now.
    pub written: usize,
}

/// Writes the log as static files, as far as the newest signed checkpoint covers it.
///
/// # Errors
/// [`LogQuestionError::NothingSigned`]; those of [`Ledger::export`].
pub fn export<S: Reader>(ledger: &Ledger<S>, dir: &Path) -> Result<ExportReport, DeskError> {
    let exported = ledger.export(dir, &newest(ledger)?)?;
    Ok(ExportReport {
        dir: dir.to_path_buf(),
        size: exported.size,
        unsigned: ledger.size().saturating_sub(exported.size),
        tiles: exported.tiles,
        written: exported.written,
    })
}

fn newest<S: Reader>(ledger: &Ledger<S>) -> Result<SignedCheckpoint, DeskError> {
    Ok(ledger.signed_checkpoint()?.ok_or(LogQuestionError::NothingSigned)?)
}
