//! Why something could not be published or shown. Owns the room's one error list, and never prints.

use crate::admission::IndexError;
use crate::calc::CalcErrors;
use crate::codec::CodecError;
use crate::ledger::LedgerError;
use crate::merkle::MerkleError;
use crate::model::{FootprintId, ProductId, ValueError};
use crate::pact::export::ExportError;
use crate::proof::BundleError;

/// Why a page or site could not be written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// A value that is derived, such as the end of the validity, is out of range.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// A gate's policy file that cannot be read as one.
    #[error("the gate's policy: {problem}")]
    Policy {
        /// What was expected and what was found.
        problem: String,
    },
    /// A finding that is accepted and was not found.
    #[error(
        "--accept {finding}: expected the id of a finding that needs attention, and found {found}; the statements may have changed since"
    )]
    Accepted {
        /// The id that was given.
        finding: String,
        /// The ids of what was found.
        found: String,
    },
    /// A finding that is accepted without the estimate that it needs, or with one that it cannot
    /// have.
    #[error("--accept {finding}: the finding {problem}")]
    Estimate {
        /// The finding.
        finding: String,
        /// What is wrong, and what to type.
        problem: String,
    },
    /// The figures to be published were published before and withdrawn.
    #[error("these are the figures of {footprint}, which was withdrawn; --again publishes them once more")]
    Withdrawn {
        /// The withdrawn publication.
        footprint: FootprintId,
    },
    /// No such product, or none with an id.
    #[error("{product} is not declared in this ledger")]
    UnknownProduct {
        /// The product asked for.
        product: ProductId,
    },
    /// No such publication.
    #[error("no publication {footprint} is in this ledger")]
    UnknownPublication {
        /// The footprint asked for.
        footprint: String,
    },
    /// A list of used statements that is not the publication's.
    #[error("the used statements of {footprint}: expected {expected}, got {got}")]
    Used {
        /// The footprint.
        footprint: String,
        /// What the publication names.
        expected: String,
        /// What the list comes to.
        got: String,
    },
    /// An earlier proof that does not list every used statement.
    #[error(
        "the earlier proof of {footprint} withholds bodies, so it does not list every used statement; the one for partners does"
    )]
    UsedHidden {
        /// The footprint.
        footprint: String,
    },
    /// What is to be shown or withheld is of no activity behind the figure.
    #[error("{part}: no activity behind this figure is of it; there are {known}")]
    NoPart {
        /// The part, as it was written.
        part: String,
        /// Stages and processes that there are.
        known: String,
    },
    /// A state of a size that the log does not have.
    #[error("a state: expected a log size from 1 to {present}, got {size}")]
    StateSize {
        /// The size asked for.
        size: u64,
        /// The size of the log.
        present: u64,
    },
    /// Something stops the calculation.
    #[error(transparent)]
    Calc(#[from] CalcErrors),
    /// The ledger could not be read.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// A statement's bytes.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// A path in a tree.
    #[error(transparent)]
    Merkle(#[from] MerkleError),
    /// A PACT document that goes out.
    #[error(transparent)]
    Pact(#[from] ExportError),
    /// A footprint proof.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// What was signed covers less than what is to be proven.
    #[error(
        "the signed checkpoint covers {covered} submissions, the publication lies at index {index}; sign a newer one"
    )]
    NotCovered {
        /// The checkpoint's size.
        covered: u64,
        /// The publication's index.
        index: u64,
    },
}

impl From<IndexError> for PublishError {
    fn from(error: IndexError) -> Self {
        LedgerError::from(error).into()
    }
}
