//! The log: its submissions, and that an older one is the beginning of a newer one.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::merkle::{consistency_proof, verify_consistency};
use pcf_ledger::store::Reader;
use serde::Serialize;

use super::LogQuestionError;
use crate::DeskError;

/// The log, or a part of it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LogReport {
    /// The ledger's id.
    pub ledger_id: String,
    /// The log's name.
    pub origin: String,
    /// Its verifier key.
    pub verifier_key: String,
    /// How many submissions it has.
    pub size: u64,
    /// The root over them, in hex.
    pub root: String,
    /// How many of them the newest signed checkpoint covers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_size: Option<u64>,
    /// The submissions asked for.
    pub submissions: Vec<Submission>,
}

/// One submission.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Submission {
    /// Its index in the log.
    pub index: u64,
    /// The actor who signed it.
    pub signer: String,
    /// When, as its seal claims.
    pub signed_at: String,
    /// How many statements it has.
    pub statements: u64,
    /// How many of each type.
    pub types: BTreeMap<String, u64>,
}

/// Tells the log with `limit` submissions from an index on, or its newest ones.
///
/// # Errors
/// [`DeskError::Ledger`].
pub fn log<S: Reader>(ledger: &Ledger<S>, from: Option<u64>, limit: u64) -> Result<LogReport, DeskError> {
    let from = from.unwrap_or_else(|| ledger.size().saturating_sub(limit));
    let mut submissions = Vec::new();
    for index in from..ledger.size().min(from.saturating_add(limit)) {
        submissions.push(submission(ledger, index)?);
    }
    let signed_size = ledger.signed_checkpoint()?.map(|signed| signed.checkpoint().size());
    Ok(LogReport {
        ledger_id: ledger.id().to_string(),
        origin: ledger.book().origin().map(ToString::to_string).unwrap_or_default(),
        verifier_key: ledger.verifier_key()?.to_string(),
        size: ledger.size(),
        root: hex::encode(ledger.root()),
        signed_size,
        submissions,
    })
}

pub(super) fn submission<S: Reader>(ledger: &Ledger<S>, index: u64) -> Result<Submission, DeskError> {
    let seal = ledger.seal(index)?;
    let book = ledger.book();
    // One submission's statements stand together.
    let first = book.first_of(index)?;
    let count = usize::try_from(seal.count()).unwrap_or(usize::MAX);
    let (mut types, mut signer) = (BTreeMap::new(), String::new());
    for entry in book.entries(first..first.saturating_add(count)) {
        let entry = entry?;
        *types.entry(entry.kind.to_string()).or_insert(0) += 1;
        if signer.is_empty() {
            signer = entry.by.to_string();
        }
    }
    let seconds = seal.signed_at_s();
    let signed_at = super::claimed_time(seconds).map_or_else(|| format!("{seconds} s"), |at| at.to_string());
    Ok(Submission { index, signer, signed_at, statements: seal.count(), types })
}

/// A proof that one log is the beginning of another, with the roots at both ends, in base64.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Consistency {
    /// The size of the older log.
    pub from: u64,
    /// Its root.
    pub from_root: String,
    /// The size of the newer log.
    pub to: u64,
    /// Its root.
    pub to_root: String,
    /// The proof (RFC 9162, 2.1.4).
    pub proof: Vec<String>,
}

/// Proves that the log of one size is the beginning of that of a later one, which is the newest
/// that is signed where none is given.
///
/// # Errors
/// [`LogQuestionError::NothingSigned`]; [`LogQuestionError::NoSuchSize`]; [`DeskError::Merkle`] for sizes in the wrong order.
pub fn consistency<S: Reader>(
    ledger: &Ledger<S>,
    from: u64,
    to: Option<u64>,
) -> Result<Consistency, DeskError> {
    let to = match to {
        Some(to) => to,
        None => ledger.signed_checkpoint()?.ok_or(LogQuestionError::NothingSigned)?.checkpoint().size(),
    };
    let beyond = |got: u64| LogQuestionError::NoSuchSize { size: ledger.size(), got };
    let root = |size: u64| Ok::<_, DeskError>(ledger.book().root_at(size)?.ok_or_else(|| beyond(size))?);
    let (from_root, to_root) = (root(from)?, root(to)?);
    let proof = consistency_proof(&ledger.leaves(), from, to)?;
    // Verified by its maker before it leaves.
    verify_consistency(from, &from_root, to, &to_root, &proof)?;
    Ok(Consistency {
        from,
        from_root: STANDARD.encode(from_root),
        to,
        to_root: STANDARD.encode(to_root),
        proof: proof.iter().map(|hash| STANDARD.encode(hash)).collect(),
    })
}
