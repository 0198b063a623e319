//! One statement: found by its id or the beginning of it, and its place in the log.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use pcf_ledger::admission::Book;
use pcf_ledger::codec::{leaf_hash, parts_of};
use pcf_ledger::ledger::{Ledger, Sealed};
use pcf_ledger::log::{SignedCheckpoint, TlogProof};
use pcf_ledger::merkle::{Hash, inclusion_proof};
use pcf_ledger::model::StatementId;
use pcf_ledger::sign::Seal;
use pcf_ledger::store::Reader;
use serde::Serialize;

use super::{LogQuestionError, named_statement};
use crate::DeskError;

/// One statement, and whether it holds.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct StatementReport {
    /// Its id.
    pub id: StatementId,
    /// The index of its seal in the log.
    pub index: u64,
    /// Its place in its submission, from 0.
    pub ordinal: u32,
    /// The actor who said it.
    pub by: String,
    /// Its type.
    pub r#type: String,
    /// True where it holds.
    pub holds: bool,
    /// Why it no longer holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// Its header.
    pub header: serde_json::Value,
    /// Its body; none where it has none, and where it was taken out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<serde_json::Value>,
    /// What announces that the body was taken out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_removed_by: Option<StatementId>,
    /// Its text, byte for byte: the header and, where it is there, a line feed and the body.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

/// Tells the statement that an id or the beginning of one names.
///
/// # Errors
/// Those of [`statement_id`]; [`DeskError::Ledger`] where it cannot be read.
pub fn statement<S: Reader>(ledger: &Ledger<S>, text: &str) -> Result<StatementReport, DeskError> {
    let book = ledger.book();
    let id = named_statement(ledger, text)?;
    let bytes = ledger.text(&id)?;
    let (header, body) = parts_of(&bytes);
    let (_, entry) = book.entry(&id)?.ok_or(LogQuestionError::UnknownStatement { id })?;
    Ok(StatementReport {
        id,
        index: entry.index,
        ordinal: entry.ordinal,
        by: entry.by.to_string(),
        r#type: entry.kind.to_string(),
        holds: book.holds(&id)?,
        why: book.death(&id)?.map(|death| death.to_string()),
        header: serde_json::from_slice(header)?,
        body: body.map(serde_json::from_slice).transpose()?,
        body_removed_by: book.redaction_of(&id)?.map(|announced| announced.by),
        bytes,
    })
}

/// Finds the statement that a full id or the beginning of one names.
///
/// # Errors
/// [`LogQuestionError::UnknownStatement`]; [`LogQuestionError::StatementStart`] for fewer than 6 hex digits; [`LogQuestionError::NoStatementStarts`];
/// [`LogQuestionError::AmbiguousStatement`].
pub fn statement_id(book: &Book, text: &str) -> Result<StatementId, DeskError> {
    if let Ok(id) = text.parse::<StatementId>() {
        return book.entry(&id)?.map(|_| id).ok_or(LogQuestionError::UnknownStatement { id }.into());
    }
    let start = text.to_owned();
    if text.len() < 6 || !text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
        return Err(LogQuestionError::StatementStart { got: start }.into());
    }
    let mut found: Vec<StatementId> = Vec::new();
    for entry in book.all_entries() {
        let id = entry?.id;
        if id.to_string().starts_with(text) {
            found.push(id);
        }
    }
    match found.as_slice() {
        [id] => Ok(*id),
        [] => Err(LogQuestionError::NoStatementStarts { start }.into()),
        [first, ..] => Err(LogQuestionError::AmbiguousStatement { start, first: *first }.into()),
    }
}

/// A place in the log.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PlaceReport {
    /// The statement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<StatementId>,
    /// Its place in its seal, from 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ordinal: Option<u64>,
    /// How many statements the seal has.
    pub count: u64,
    /// The seal, in base64.
    pub seal: String,
    /// The path from the statement to the root in the seal, in base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_in_seal: Option<Vec<String>>,
    /// The seal's index in the log.
    pub index: u64,
    /// The path from the seal to the newest signed checkpoint (C2SP tlog-proof).
    pub tlog_proof: String,
}

/// What a place in the log is asked of.
#[derive(Debug, Clone, Copy)]
pub enum PlaceOf<'a> {
    /// A statement by its id or the beginning of it, or by the UUID of the footprint that it
    /// publishes.
    Statement(&'a str),
    /// A submission by its index.
    Submission(u64),
}

/// Proves a statement's or a submission's place under the newest signed checkpoint.
///
/// # Errors
/// Those of [`named_statement`]; [`LogQuestionError::NotProvable`]; [`DeskError::Ledger`];
/// [`DeskError::Log`].
pub fn place<S: Reader>(ledger: &Ledger<S>, of: PlaceOf<'_>) -> Result<PlaceReport, DeskError> {
    let (held, seal, index): (Option<(StatementId, Sealed)>, Seal, u64) = match of {
        PlaceOf::Submission(index) => (None, ledger.seal(index)?, index),
        PlaceOf::Statement(text) => {
            let id = named_statement(ledger, text)?;
            let sealed = ledger.sealed(&id)?;
            let (seal, index) = (sealed.seal, sealed.index);
            (Some((id, sealed)), seal, index)
        }
    };
    let (signed, leaf, path) = path_of(ledger, &seal, index, ledger.signed_checkpoint()?)?;
    let proof = TlogProof::new(index, path, &signed)?;
    // Verified by its maker before it leaves.
    proof.verify(&leaf, &ledger.verifier_key()?)?;
    Ok(PlaceReport {
        statement: held.as_ref().map(|(id, _)| *id),
        ordinal: held.as_ref().map(|(_, sealed)| sealed.ordinal),
        count: seal.count(),
        seal: STANDARD.encode(seal.to_bytes()),
        path_in_seal: held.map(|(_, sealed)| sealed.path.iter().map(|hash| STANDARD.encode(hash)).collect()),
        index,
        tlog_proof: proof.to_string(),
    })
}

/// Gives the checkpoint, the leaf of a seal, and its path to the root that was signed.
///
/// # Errors
/// [`LogQuestionError::NotProvable`] where no signed checkpoint covers the seal yet; [`DeskError::Merkle`].
pub fn path_of<S: Reader>(
    ledger: &Ledger<S>,
    seal: &Seal,
    index: u64,
    signed: Option<SignedCheckpoint>,
) -> Result<(SignedCheckpoint, Hash, Vec<Hash>), DeskError> {
    let not_yet = |covered: u64| LogQuestionError::NotProvable { index, covered };
    let signed = signed.ok_or_else(|| not_yet(0))?;
    let size = signed.checkpoint().size();
    if index >= size || size > ledger.size() {
        return Err(not_yet(size).into());
    }
    let path = inclusion_proof(&ledger.leaves(), index, size)?;
    Ok((signed, leaf_hash(&seal.to_bytes()), path))
}
