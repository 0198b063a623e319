#![doc = include_str!("../../schemas/log.md")]

pub mod checkpoint;
pub mod proof;
pub mod tile;

use thiserror::Error;

use crate::merkle::MerkleError;
use crate::sign::SignError;

pub use checkpoint::{Checkpoint, SignedCheckpoint};
pub use proof::TlogProof;

/// Why a checkpoint or a proof of the log was refused.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LogError {
    /// The text is not a checkpoint.
    #[error("expected a checkpoint whose line {line} is {expected}, got \"{}\"", got.escape_debug())]
    InvalidCheckpoint {
        /// What the format asks for.
        expected: &'static str,
        /// The line that was found; empty where there is none.
        got: String,
        /// Which line, counted from 1.
        line: usize,
    },
    /// The checkpoint is of another log than its key.
    #[error("expected a checkpoint of the log \"{expected}\", got one of \"{}\"", got.escape_debug())]
    OtherOrigin {
        /// The name of the log's key.
        expected: String,
        /// The origin in the checkpoint.
        got: String,
    },
    /// The log's own key has not signed.
    #[error("expected a signature by the log's key {key}, got none")]
    NotSignedByLog {
        /// The log's verifier key.
        key: String,
    },
    /// The text is not a proof.
    #[error("expected a tlog-proof whose line {line} is {expected}, got \"{}\"", got.escape_debug())]
    InvalidProof {
        /// What the format asks for.
        expected: &'static str,
        /// The line that was found; empty where there is none.
        got: String,
        /// Which line, counted from 1.
        line: usize,
    },
    /// The proof does not lead to the checkpoint's root.
    #[error("the place in the log is not proven: {0}")]
    Merkle(#[from] MerkleError),
    /// A signature, a key or the note around the checkpoint is wrong.
    #[error("the checkpoint is not signed as it should be: {0}")]
    Sign(#[from] SignError),
}
