//! Why the derived runs gave no answer or could not be written.

use std::io;
use std::path::{Path, PathBuf};

use crate::store::reason;
use crate::stored::StoredValueError;

/// Why the derived runs gave no answer or could not be written. The ledger itself is never touched.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RunsError {
    /// A file is not what was written. Reset the runs and derive them again.
    #[error("the derived file {file} is damaged and has to be made again: {detail}")]
    Damaged {
        /// The run's file.
        file: PathBuf,
        /// What was expected and what was found.
        detail: String,
    },
    /// A system call failed.
    #[error("cannot {action} {file}: {}", reason(.source))]
    Io {
        /// What was tried: a verb.
        action: &'static str,
        /// The file or directory.
        file: PathBuf,
        /// The system's answer.
        source: io::Error,
    },
    /// The runs do not reach that far.
    #[error("expected the {what} below {end}, got {got}")]
    OutOfRange {
        /// What is counted.
        what: &'static str,
        /// How many there are.
        end: u64,
        /// What was asked for.
        got: u64,
    },
    /// The tags of a question about many are not in order.
    #[error("expected tags in ascending order, got others")]
    UnsortedTags,
    /// A batch that does not continue the runs; nothing was written.
    #[error("not added to the derived runs: expected {expected}, got {got}")]
    Batch {
        /// What would continue them.
        expected: String,
        /// What the batch has.
        got: String,
    },
    /// The manifest cannot be written.
    #[error("manifest of the derived runs: {0}")]
    Manifest(#[from] StoredValueError),
    /// An earlier write failed: this writer does nothing any more.
    #[error("an earlier write of the derived runs failed: open them again")]
    Poisoned,
}

impl RunsError {
    /// A failed system call on `file`; `action` is a verb.
    pub(super) fn io(action: &'static str, file: &Path) -> impl FnOnce(io::Error) -> RunsError {
        let file = file.to_path_buf();
        move |source| RunsError::Io { action, file, source }
    }

    pub(super) fn damaged(file: &Path, detail: impl Into<String>) -> RunsError {
        RunsError::Damaged { file: file.to_path_buf(), detail: detail.into() }
    }

    pub(super) fn batch(expected: impl Into<String>, got: impl Into<String>) -> RunsError {
        RunsError::Batch { expected: expected.into(), got: got.into() }
    }
}
