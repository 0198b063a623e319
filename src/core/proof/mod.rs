#![doc = include_str!("../../../schemas/proof.md")]

mod carried;
mod checks;
mod document;
mod evidence;
mod footprint_proof;
mod named;
mod parsing;
mod report;
mod states;
pub mod trust;

use thiserror::Error;

use crate::codec::CodecError;
use crate::log::LogError;
use crate::sign::SignError;

pub use crate::checks::{Check, Outcome, Verdict};
pub use carried::{CarriedProof, EVIDENCE_SCHEMA, check_document};
pub use checks::verify;
pub use document::{
    Document, DocumentEntry, DocumentSeal, DocumentState, DocumentStatement, DocumentType, DocumentUsed,
};
pub use footprint_proof::{Parts, Placed, Proof};
pub use named::Named;
pub use report::{Assured, Completeness, Report, Standing, Vouched};
pub use states::{ShownEntry, ShownState, Subjects};
pub use trust::{Known, Pin, Pins, Trust};

pub use crate::limits::{PROOF_BYTES_MAX, TRUST_FILE_BYTES_MAX};

/// Why bytes are no footprint proof, or why none can be made of its parts. Whether a proof holds is another question: see
/// [`Proof::verify`].
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BundleError {
    /// Not the canonical JSON of a proof.
    #[error("the proof: {0}")]
    Document(#[from] CodecError),
    /// A statement in it is not one.
    #[error("the proof: statements[{place}]: {cause}")]
    Statement {
        /// Its place in the table, from 0.
        place: usize,
        /// What is wrong and where.
        cause: CodecError,
    },
    /// A seal in it is not one.
    #[error("the proof: seals[{place}].seal: {cause}")]
    Seal {
        /// Its place in the table, from 0.
        place: usize,
        /// What is wrong.
        cause: SignError,
    },
    /// The checkpoint in it is not one.
    #[error("the proof: checkpoint: {0}")]
    Checkpoint(#[from] LogError),
    /// A trust file that cannot be read as one.
    #[error("the trust file: {problem}")]
    TrustFile {
        /// What was expected and what was found.
        problem: String,
    },
    /// The parts do not fit together.
    #[error("the proof: {place}: expected {expected}, got {got}")]
    Structure {
        /// The path inside the document.
        place: String,
        /// What the format asks for.
        expected: String,
        /// What was found.
        got: String,
    },
}
