//! The proof file as it is written: names, order and spelling of its parts. It owns the bytes and nothing of what they mean.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::admission::state::EntryKind;
use crate::model::statement::Version;
use crate::model::{Digest, FootprintId, StatementId, Whole};

/// A footprint proof: one file with all that is needed to check a published footprint offline.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Document {
    /// The log's signed checkpoint with its cosignatures: a C2SP signed note, byte for byte.
    pub checkpoint: String,
    /// RFC 9162 consistency proof from the log position that the publication rests on to the checkpoint.
    pub consistency: Vec<Digest>,
    /// The id of the publication that is proven.
    pub publication: StatementId,
    /// The seals of the statements, by index in the log.
    pub seals: Vec<DocumentSeal>,
    /// The statements, by seal and ordinal; the first is the genesis.
    pub statements: Vec<DocumentStatement>,
    /// What is shown of states of the log, by size: of the one that the figures rest on and of the newest. Without it nothing is known of what was not said.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<DocumentState>,
    /// Always `footprintProof`.
    pub r#type: DocumentType,
    /// The ids of the statements that enter any figure.
    pub used: DocumentUsed,
    /// The version of the format.
    pub v: Version,
}

/// The statements that enter any figure, by id, sorted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentUsed {
    /// All activities.
    pub activities: Vec<StatementId>,
    /// All others; left out where bodies are withheld, since what those name stays hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sources: Option<Vec<StatementId>>,
}

/// A seal and its place in the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentSeal {
    /// Its index in the log, from 0.
    pub index: Whole,
    /// The hashes from its leaf up to the checkpoint's root.
    pub path: Vec<Digest>,
    /// Its 184 bytes in base64.
    pub seal: String,
}

/// A statement and its place under its seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentStatement {
    /// Its body; left out where it has none, where it was taken out, and where it is withheld.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Its header.
    pub header: String,
    /// Its place under the seal, from 0.
    pub ordinal: Whole,
    /// The hashes from its leaf up to the root in the seal.
    pub path: Vec<Digest>,
    /// The index of its seal in the log.
    pub seal: Whole,
}

/// A state, and what of it is shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentState {
    /// How many entries the state has.
    pub count: Whole,
    /// The entries that are shown, in the order of the state.
    pub entries: Vec<DocumentEntry>,
    /// The id of the state statement in `statements`.
    pub statement: StatementId,
}

/// An entry of a state, with its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentEntry {
    /// Its place among all entries, from 0.
    pub at: Whole,
    /// Of a set that is not listed: how many statements.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<Whole>,
    /// Of a publication that is followed: the footprint that follows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub footprint: Option<FootprintId>,
    /// Of a set: its statements, sorted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ids: Option<Vec<StatementId>>,
    /// SHA-256 of what it speaks of.
    pub key: Digest,
    /// What it speaks of.
    pub kind: EntryKind,
    /// The hashes from its leaf up to the root of the state.
    pub path: Vec<Digest>,
    /// Of a set that is not listed: the root over its statements.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub root: Option<Digest>,
    /// The statement that ended a dead one, that follows a publication, or that is in force about an actor.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<StatementId>,
}

/// What the document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DocumentType {
    /// A footprint proof.
    #[serde(rename = "footprintProof")]
    FootprintProof,
}
