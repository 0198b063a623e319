//! Why a verb could not be carried out.

use std::io;
use std::path::PathBuf;

use pcf_files::ExchangeError;
use pcf_ledger::admission::{InventoryError, Refusal};
use pcf_ledger::calc::CalcErrors;
use pcf_ledger::codec::CodecError;
use pcf_ledger::ledger::LedgerError;
use pcf_ledger::model::{StatementKind, ValueError};
use pcf_ledger::publish::PublishError;
use pcf_ledger::store::reason;
use pcf_pages::PageError;

use crate::import::{Place, RefusedFiles};

/// Why a verb could not be carried out. A variant that wraps the error of another crate says nothing of its own.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeskError {
    /// The figures could not be calculated.
    #[error(transparent)]
    Calc(#[from] CalcErrors),
    /// Bytes that are not what they should be.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// A file of another system could not be read.
    #[error(transparent)]
    Exchange(#[from] ExchangeError),
    /// The ledger could not be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The page could not be written.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The publication is not there, or could not be made.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// A value is out of range.
    #[error(transparent)]
    Value(#[from] ValueError),
    /// The clock of the caller is no use.
    #[error("the system's clock stands before 1970")]
    Clock,
    /// The caller has no randomness.
    #[error("the system gives no randomness: {cause}")]
    Randomness {
        /// What the system said.
        cause: String,
    },
    /// The caller could not pass on that a submission is durable.
    #[error("what became durable cannot be passed on: {0}")]
    Unheard(io::Error),
    /// A file could not be read or written.
    #[error("cannot {action} {}: {}", path.display(), reason(source))]
    File {
        /// What was tried: a verb.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Files that cannot be taken as they are.
    #[error("{0}")]
    Files(Box<RefusedFiles>),
    /// A statement of a type that another verb is for.
    #[error("{place}: expected a {expected}, got a statement of type `{got}`")]
    OtherType {
        /// Its file and row.
        place: Place,
        /// The type that the verb takes.
        expected: StatementKind,
        /// The type that it has.
        got: StatementKind,
    },
    /// A table of actors, which the operator enrols.
    #[error("{place}: actors are enrolled by the operator")]
    ActorsTable {
        /// The table.
        place: String,
    },
    /// The thread that reads files has panicked.
    #[error("reading stopped in a fault of this program")]
    ReaderStopped,
    /// A statement has no spelling.
    #[error("{place}: {source}")]
    Encode {
        /// Its file and row.
        place: Place,
        /// Why.
        source: CodecError,
    },
    /// The rules refuse a statement of an import; nothing was appended.
    #[error("{place}: {refusal}; nothing was appended")]
    Refused {
        /// Its file and row, where the refusal tells.
        place: String,
        /// Why.
        refusal: Refusal,
    },
    /// Rows say something else about what other rows, or other signers, have said.
    #[error("{sentences}")]
    Twice {
        /// One line a row.
        sentences: String,
    },
    /// Rows differ from live statements, and no correction was asked for.
    #[error("{sentences}")]
    Differs {
        /// One line a row.
        sentences: String,
    },
    /// What would hold after an import could not be gathered.
    #[error("after this import: {0}")]
    AfterImport(Box<InventoryError<LedgerError>>),
}
