//! Why a question about the log has no answer.

use pcf_ledger::admission::IndexError;
use pcf_ledger::ledger::LedgerError;
use pcf_ledger::model::StatementId;

use crate::DeskError;

/// Why a question about the log has no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LogQuestionError {
    /// No checkpoint is there yet.
    #[error("no checkpoint of this log is signed yet")]
    NothingSigned,
    /// The ledger keeps no policy of witnesses.
    #[error("no policy is kept")]
    NoPolicy,
    /// The log never had this size.
    #[error("the log has {size} submissions, and none of its sizes is {got}")]
    NoSuchSize {
        /// The log's size.
        size: u64,
        /// What was asked about.
        got: u64,
    },
    /// The newest signed checkpoint does not cover a submission.
    #[error(
        "durable and not yet provable: the submission stands at index {index}, and the newest signed checkpoint covers \
         {covered}"
    )]
    NotProvable {
        /// The submission's index.
        index: u64,
        /// How many submissions the checkpoint covers.
        covered: u64,
    },
    /// No statement has this id.
    #[error("no statement {id} is in this ledger")]
    UnknownStatement {
        /// The id.
        id: StatementId,
    },
    /// A text is no statement's id and too short or not hex for the beginning of one.
    #[error("expected a statement id or at least its first 6 hex digits, got `{got}`")]
    StatementStart {
        /// The text.
        got: String,
    },
    /// No statement's id begins so.
    #[error("no statement's id begins with {start}")]
    NoStatementStarts {
        /// The beginning.
        start: String,
    },
    /// Several statements' ids begin so.
    #[error("several ids begin with {start}")]
    AmbiguousStatement {
        /// The beginning.
        start: String,
        /// The first of them in the log.
        first: StatementId,
    },
    /// The log was never as long as what is asked about.
    #[error("expected a log size of at most {size}, got {got}")]
    LogSize {
        /// The log's size.
        size: u64,
        /// What was asked about.
        got: u64,
    },
}

impl From<IndexError> for DeskError {
    fn from(error: IndexError) -> Self {
        LedgerError::from(error).into()
    }
}
