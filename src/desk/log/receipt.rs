//! A COSE receipt of a statement's or a footprint's seal (RFC 9942).

use std::path::{Path, PathBuf};

use pcf_ledger::ledger::{CheckpointSource, Ledger};
use pcf_ledger::log;
use pcf_ledger::model::{FootprintId, StatementId};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::Reader;
use serde::Serialize;

use crate::publish::beside;
use crate::questions::{named_statement, path_of};
use crate::{DeskError, write};

/// A receipt to be written.
#[derive(Debug, Clone, Copy)]
pub struct ReceiptAsked<'a> {
    /// A statement's id or the beginning of it, or the UUID of a published footprint.
    pub of: &'a str,
    /// What the receipt says it is about; where none is given, the statement's id or the
    /// footprint's URN.
    pub subject: Option<&'a str>,
    /// The log key in force.
    pub key: &'a SigningKey,
    /// The file of that key.
    pub key_file: &'a Path,
    /// Where the receipt goes.
    pub out: &'a Path,
}

/// A receipt that was written.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Receipt {
    /// The statement.
    pub statement: StatementId,
    /// What the receipt says it is about.
    pub subject: String,
    /// The index of its seal in the log.
    pub index: u64,
    /// The size of the log under whose root the seal is proven.
    pub size: u64,
    /// The seal in hex, which is the leaf of the log.
    pub leaf: String,
    /// The file.
    pub file: PathBuf,
}

/// Writes a receipt of a statement's seal under the newest signed checkpoint. The key signs the
/// root that it has signed before, and no other.
///
/// # Errors
/// Those of [`named_statement`] and [`path_of`]; [`DeskError::Log`]; [`DeskError::File`].
pub fn receipt<S: Reader>(ledger: &Ledger<S>, asked: &ReceiptAsked<'_>) -> Result<Receipt, DeskError> {
    let statement = named_statement(ledger, asked.of)?;
    let sealed = ledger.sealed(&statement)?;
    let copy = beside(asked.key_file);
    let signed = ledger.newest_signed(&[CheckpointSource { path: &copy }])?;
    let (signed, leaf, path) = path_of(ledger, &sealed.seal, sealed.index, signed)?;
    let subject = match (asked.subject, asked.of.parse::<FootprintId>()) {
        (Some(subject), _) => subject.to_owned(),
        (None, Ok(footprint)) => format!("urn:uuid:{footprint}"),
        (None, Err(_)) => statement.to_string(),
    };
    let bytes = log::receipt(&signed, &leaf, sealed.index, &path, &subject, asked.key)?;
    write::durably(asked.out, &bytes)?;
    Ok(Receipt {
        statement,
        subject,
        index: sealed.index,
        size: signed.checkpoint().size(),
        leaf: hex::encode(sealed.seal.to_bytes()),
        file: asked.out.to_path_buf(),
    })
}
