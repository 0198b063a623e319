//! What can go wrong with a ledger.

use std::path::PathBuf;

use crate::admission::{IndexError, InventoryError, Refusal};
use crate::codec::CodecError;
use crate::log::LogError;
use crate::merkle::MerkleError;
use crate::model::StatementId;
use crate::runs::RunsError;
use crate::sign::SignError;
use crate::store::index::IndexError as SledError;
use crate::store::{AppendError, StoreError};
use crate::stored::StoredValueError;

/// Why a ledger could not do what it was asked for.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The rules refuse the submission; nothing of it was appended.
    #[error("refused: {0}")]
    Refused(Refusal),
    /// The store could not be read or opened.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The store could not take the submission.
    #[error(transparent)]
    Append(#[from] AppendError),
    /// The derived runs could not be written.
    #[error(transparent)]
    Runs(#[from] RunsError),
    /// The index of the newest submissions could not be written.
    #[error(transparent)]
    Sled(#[from] SledError),
    /// A value of it.
    #[error(transparent)]
    Stored(#[from] StoredValueError),
    /// Something in the log could not be looked up.
    #[error(transparent)]
    Lookup(#[from] IndexError),
    /// Bytes that are not what they should be.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// A key or a seal.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// A checkpoint.
    #[error(transparent)]
    Log(#[from] LogError),
    /// A proof.
    #[error(transparent)]
    Merkle(#[from] MerkleError),
    /// The bytes are whole, but they are not a ledger's.
    #[error("the submission at index {index}: {problem}")]
    Damaged {
        /// Its index in the log.
        index: u64,
        /// What was expected and what was found.
        problem: String,
    },
    /// No such statement.
    #[error("no statement {id} is in this ledger")]
    NoStatement {
        /// The id asked for.
        id: StatementId,
    },
    /// A statement whose text is no longer there.
    #[error("statement {id} is redacted{}: its text is no longer there, its place in the log is", by.map(|by| format!(" by {by}")).unwrap_or_default())]
    Redacted {
        /// The statement.
        id: StatementId,
        /// The redaction that announces it; none where nothing in the log does.
        by: Option<StatementId>,
    },
    /// No such submission.
    #[error("the log has {size} submissions, there is none at index {index}")]
    NoSubmission {
        /// The index asked for.
        index: u64,
        /// The size of the log.
        size: u64,
    },
    /// A submission file that is not one.
    #[error("line {line} of the submission file: {problem}")]
    SubmissionFile {
        /// The line, from 1.
        line: usize,
        /// What was expected and what was found.
        problem: String,
    },
    /// What holds could not be made into an inventory.
    #[error("{0}")]
    Inventory(Box<InventoryError<LedgerError>>),
    /// The key is not the ledger's log key.
    #[error("expected the log key {expected}, got {got}")]
    NotLogKey {
        /// The key in force.
        expected: String,
        /// The key given.
        got: String,
    },
    /// Signing would make a second history.
    #[error(
        "refused to sign: this ledger has {size} submissions, and {source_name} holds a checkpoint signed at size {signed} that \
         does not agree with it"
    )]
    Fork {
        /// The ledger's size.
        size: u64,
        /// The size that was signed before.
        signed: u64,
        /// Where the other checkpoint is kept.
        source_name: String,
    },
    /// A kept checkpoint is damaged, or of another log.
    #[error("{}: {cause}", path.display())]
    SignedFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        cause: LogError,
    },
    /// Cosignatures for a checkpoint that is not the newest one kept.
    #[error(
        "expected cosignatures of the newest signed checkpoint, of size {expected}, got some of size {got}"
    )]
    NotNewest {
        /// The size of the newest; 0 where none is kept.
        expected: u64,
        /// The size of the one given.
        got: u64,
    },
    /// A file of `signed/` could not be read or written.
    #[error("{}: {}", path.display(), crate::store::reason(cause))]
    Io {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: std::io::Error,
    },
}

impl LedgerError {
    /// What another one hears who waited for the same write: where it is not the store's own answer, nobody knows what was written.
    pub(super) fn again(&self) -> Self {
        match self {
            Self::Append(error) => Self::Append(error.again()),
            other => {
                let (file, source) = (PathBuf::from("the ledger"), std::io::Error::other(other.to_string()));
                Self::Append(AppendError::Unknown(StoreError::Io { action: "append to", file, source }))
            }
        }
    }
}

impl From<InventoryError<LedgerError>> for LedgerError {
    fn from(error: InventoryError<LedgerError>) -> Self {
        Self::Inventory(Box::new(error))
    }
}

impl From<Refusal> for LedgerError {
    /// A submission that could not be judged was not refused.
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Index(error) => Self::Lookup(error),
            refused => Self::Refused(refused),
        }
    }
}
