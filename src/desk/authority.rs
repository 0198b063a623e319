//! The three keys that a ledger itself rests on, and new ones in their place.

use std::path::Path;

use pcf_ledger::admission::{Book, Signer};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{ActorId, Authority, PublicKey, Salt};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::Reader;
use pcf_ledger::store::file::FileStore;
use serde::Serialize;

use crate::publish::beside;
use crate::session::Session;
use crate::{DeskError, keys, write};

/// Every operator, recovery and log key there was.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// The keys, by role.
    pub keys: Vec<Line>,
    /// What verifies the log's checkpoints.
    pub verifier_key: String,
}

/// A key with the log indices between which it counts.
#[derive(Debug, Serialize)]
pub struct Line {
    /// `operator`, `recovery` or `log`.
    pub role: &'static str,
    /// The key.
    pub key: PublicKey,
    /// The first index at which it counts.
    pub enrolled: u64,
    /// The first index at which it counts no more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revoked: Option<u64>,
}

/// New keys that were put in the place of earlier ones.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Replaced {
    /// The index in the log.
    pub index: u64,
    /// The statement.
    pub statement: String,
    /// The new operator key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator_key: Option<PublicKey>,
    /// The new log key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_key: Option<PublicKey>,
    /// The new recovery key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_key: Option<PublicKey>,
    /// What verifies the log's checkpoints from now on.
    pub verifier_key: String,
}

/// New keys to be put in the place of earlier ones.
#[derive(Debug)]
pub struct Replacement<'a> {
    /// The new operator key.
    pub operator_key: Option<PublicKey>,
    /// The new log key.
    pub log_key: Option<PublicKey>,
    /// The new recovery key.
    pub recovery_key: Option<PublicKey>,
    /// The file of the new log key, where it lies here.
    pub log_file: Option<&'a Path>,
}

/// Returns every key that the ledger rests on or rested on.
///
/// # Errors
/// [`DeskError::Ledger`].
pub fn show<S: Reader>(ledger: &Ledger<S>) -> Result<Shown, DeskError> {
    Ok(Shown { keys: lines(ledger.book())?, verifier_key: ledger.verifier_key()?.to_string() })
}

fn lines(book: &Book) -> Result<Vec<Line>, DeskError> {
    let line = |role| {
        move |(key, signer): (PublicKey, &Signer)| Line {
            role,
            key,
            enrolled: signer.enrolled,
            revoked: signer.revoked,
        }
    };
    let ring = book.keyring()?;
    let mut lines: Vec<Line> = ring.keys_of(&ActorId::operator()).into_iter().map(line("operator")).collect();
    lines.extend(ring.keys_of(&ActorId::recovery()).into_iter().map(line("recovery")));
    let logs = ring.log_key_history();
    let ends = logs.iter().skip(1).map(|(_, index)| Some(*index)).chain([None]);
    let log = |((key, enrolled), end): (&(PublicKey, u64), Option<u64>)| Line {
        role: "log",
        key: *key,
        enrolled: *enrolled,
        revoked: end.map(|index| index + 1), // OK: far below 2^64.
    };
    lines.extend(logs.iter().zip(ends).map(log));
    Ok(lines)
}

/// Puts new keys in the place of earlier ones, and the copy of the newest signed checkpoint beside
/// a new log key.
///
/// # Errors
/// [`DeskError::NotAuthority`] for a key of another actor; [`DeskError::RecoveryAlone`] for a new recovery key that the operator signs;
/// [`DeskError::Ledger`]; [`DeskError::File`].
pub fn replace(
    session: &dyn Session,
    ledger: &mut Ledger<FileStore>,
    key: &SigningKey,
    wanted: Replacement<'_>,
) -> Result<Replaced, DeskError> {
    let Replacement { operator_key, log_key, recovery_key, log_file } = wanted;
    let by = keys::signer(ledger.book(), key, None)?;
    if !by.is_reserved() {
        return Err(DeskError::NotAuthority { actor: by });
    }
    if recovery_key.is_some() && by.as_str() != ActorId::RECOVERY {
        return Err(DeskError::RecoveryAlone);
    }
    let authority = Authority {
        by,
        log_key,
        operator_key,
        recovery_key,
        salt: Salt::from_bytes([0; 16]),
        r#type: Default::default(),
        v: Default::default(),
    };
    let receipt = session.append(ledger, key, vec![authority.into()])?;
    if let Some(file) = log_file {
        keep_checkpoint(ledger, file)?;
    }
    Ok(Replaced {
        index: receipt.index,
        statement: receipt.ids.first().map(ToString::to_string).unwrap_or_default(),
        operator_key,
        log_key,
        recovery_key,
        verifier_key: ledger.verifier_key()?.to_string(),
    })
}

/// The guard against a second history lies beside the log key: it goes with the new one.
fn keep_checkpoint(ledger: &Ledger<FileStore>, key_file: &Path) -> Result<(), DeskError> {
    let path = beside(key_file);
    match ledger.signed_checkpoint()? {
        Some(signed) if !path.exists() => write::durably(&path, signed.note().to_string().as_bytes()),
        _ => Ok(()),
    }
}
