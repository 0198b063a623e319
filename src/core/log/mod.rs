#![doc = include_str!("../../../schemas/log.md")]

pub mod checkpoint;
pub mod policy;
pub mod proof;
pub mod receipt;
pub mod tile;
pub mod witness;

use thiserror::Error;

use crate::merkle::MerkleError;
use crate::sign::SignError;

pub use checkpoint::{Checkpoint, SignedCheckpoint};
pub use policy::{Policy, PolicyLog, PolicyWitness};
pub use proof::TlogProof;
pub use receipt::receipt;
pub use witness::Answer;

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
    /// The text is not a policy.
    #[error("expected a policy whose line {line} is {expected}, got \"{}\"", got.escape_debug())]
    InvalidPolicy {
        /// What the format asks for.
        expected: String,
        /// The line that was found; empty where there is none.
        got: String,
        /// Which line, counted from 1.
        line: usize,
    },
    /// Not enough witnesses have cosigned.
    #[error("expected cosignatures of {expected}, got those of {got}")]
    Quorum {
        /// The policy's rule.
        expected: String,
        /// The witnesses that have cosigned, by their names in the policy.
        got: String,
    },
    /// A witness did not cosign, or said something that the protocol does not know.
    #[error("expected {expected}, got status {status} and \"{}\"", got.escape_debug())]
    WitnessAnswer {
        /// What the protocol asks for.
        expected: String,
        /// The beginning of its answer.
        got: String,
        /// The status of its answer.
        status: u16,
    },
    /// A witness has seen more of this log than is remembered here.
    #[error(
        "refused to sign: the witness {witness} knows this log at size {known}, and the newest checkpoint signed here is of size {size}: \
         this ledger was put back to an earlier state, or another one signs with its key"
    )]
    WitnessAhead {
        /// Its name in the policy.
        witness: String,
        /// The size that it knows.
        known: u64,
        /// The size that it was told.
        size: u64,
    },
    /// A witness has seen another history of this log.
    #[error(
        "refused to sign: the witness {witness} knows another log of size {known} than the one that is here at size {size}"
    )]
    WitnessDisagrees {
        /// Its name in the policy.
        witness: String,
        /// The size that it knows.
        known: u64,
        /// The size that it was told.
        size: u64,
    },
    /// The policy is about other logs.
    #[error("expected a policy that names the log {expected} or no log, got one of {got}")]
    PolicyOfOthers {
        /// The log's verifier key.
        expected: String,
        /// The logs that it names.
        got: String,
    },
    /// The policy can never be met by asking.
    #[error("expected a policy whose witnesses with a URL can be {expected}, got URLs of {got}")]
    PolicyUnreachable {
        /// The policy's rule.
        expected: String,
        /// The witnesses with a URL.
        got: String,
    },
    /// A receipt cannot say this.
    #[error("expected a receipt with {expected}, got \"{}\"", got.escape_debug())]
    InvalidReceipt {
        /// What it can say.
        expected: &'static str,
        /// What was given.
        got: String,
    },
    /// The proof does not lead to the checkpoint's root.
    #[error("the place in the log is not proven: {0}")]
    Merkle(#[from] MerkleError),
    /// A signature, a key or the note around the checkpoint is wrong.
    #[error("the checkpoint is not signed as it should be: {0}")]
    Sign(#[from] SignError),
}
