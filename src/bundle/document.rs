//! The proof file as it is written: names, order and spelling of its parts. It owns the bytes and nothing of what they mean.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::statement::Version;
use crate::model::{Digest, StatementId, Whole};

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
    /// Always `footprintProof`.
    pub r#type: DocumentType,
    /// The ids of all statements that enter any figure, sorted, disclosed or not.
    pub used: Vec<StatementId>,
    /// The version of the format.
    pub v: Version,
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
    /// Its place under the seal, from 0.
    pub ordinal: Whole,
    /// The hashes from its leaf up to the root in the seal.
    pub path: Vec<Digest>,
    /// The index of its seal in the log.
    pub seal: Whole,
    /// The statement's bytes.
    pub text: String,
}

/// What the document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum DocumentType {
    /// A footprint proof.
    #[serde(rename = "footprintProof")]
    FootprintProof,
}
