//! What can go wrong in a store, each with its place. Damage names file and offset and says both sides; a failed
//! system call says what was tried and, where the cause is common, names it in words.

use std::io;
use std::path::{Path, PathBuf};

use crate::store::Head;

/// Why a store could not be read, opened or created.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Bytes that are missing, too many or not what was written.
    #[error("{file} is damaged at byte {offset}: expected {expected}, got {got}")]
    Damaged {
        /// The file.
        file: PathBuf,
        /// Where in the file, in bytes from its start.
        offset: u64,
        /// What should be there.
        expected: String,
        /// What is there.
        got: String,
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
    /// The directory holds no ledger.
    #[error("{dir} holds no ledger: expected the file ledger.toml in it, got none{hint}")]
    NoLedger {
        /// The directory.
        dir: PathBuf,
        /// What else was seen there; empty if nothing.
        hint: &'static str,
    },
    /// A ledger is to be created where something is already.
    #[error("cannot create a ledger in {dir}: expected no ledger there, got the file {found}")]
    AlreadyThere {
        /// The directory.
        dir: PathBuf,
        /// The file that is in the way.
        found: String,
    },
    /// Another writer holds the ledger.
    #[error("{file} is held by another writer ({holder}): one ledger has one writer at a time")]
    Locked {
        /// The lock file.
        file: PathBuf,
        /// Who holds it, as the holder wrote it: process id, host, what it does and since when.
        holder: String,
    },
    /// The file was written by a newer program.
    #[error("{file} has format version {found}, this program reads versions up to {readable}")]
    NewerVersion {
        /// The file.
        file: PathBuf,
        /// The version found.
        found: u64,
        /// The newest version that can be read.
        readable: u64,
    },
    /// The file belongs to another ledger.
    #[error("{file} belongs to another ledger: expected {expected}, got {got}")]
    OtherLedger {
        /// The file.
        file: PathBuf,
        /// The ledger id that was expected, in hex.
        expected: String,
        /// The ledger id that was found, in hex.
        got: String,
    },
    /// The statement's body was taken out; its header is still there.
    #[error("the statement at byte {offset} of {file} is redacted: its body is no longer there")]
    Removed {
        /// The segment.
        file: PathBuf,
        /// Where its frame begins.
        offset: u64,
    },
    /// A position that no commit, or no statement, of this store has.
    #[error(
        "no such place in the store: expected the position of {expected}, got segment {segment} byte {offset}"
    )]
    NoSuchPosition {
        /// What has such positions.
        expected: &'static str,
        /// The segment asked for.
        segment: u64,
        /// The offset asked for.
        offset: u64,
    },
    /// A submission, statement or value outside its limits.
    #[error("{what} out of range: expected {min} to {max}, got {got}")]
    Limit {
        /// What is counted, with its unit.
        what: &'static str,
        /// The least.
        min: u64,
        /// The most.
        max: u64,
        /// What was given.
        got: u64,
    },
}

impl StoreError {
    /// A failed system call on `file`; `action` is a verb.
    pub(crate) fn io(action: &'static str, file: &Path) -> impl FnOnce(io::Error) -> StoreError {
        let file = file.to_path_buf();
        move |source| StoreError::Io { action, file, source }
    }

    /// The same error once more.
    fn again(&self) -> StoreError {
        match self {
            StoreError::Io { action, file, source } => {
                let source = match source.raw_os_error() {
                    Some(code) => io::Error::from_raw_os_error(code),
                    None => io::Error::new(source.kind(), source.to_string()),
                };
                StoreError::Io { action, file: file.clone(), source }
            }
            StoreError::Limit { what, min, max, got } => {
                StoreError::Limit { what, min: *min, max: *max, got: *got }
            }
            other => StoreError::Io {
                action: "write",
                file: PathBuf::new(),
                source: io::Error::other(other.to_string()),
            },
        }
    }

    /// Damage in `file` at `offset`.
    pub(crate) fn damaged(file: &Path, offset: u64, flaw: Flaw) -> StoreError {
        StoreError::Damaged { file: file.to_path_buf(), offset, expected: flaw.expected, got: flaw.got }
    }
}

/// Why a group was not appended, or is not known to be.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppendError {
    /// The head is not the expected one; nothing was written.
    #[error(
        "the ledger has moved on: expected {} submissions, got {}; nothing was written", .expected.size, .actual.size
    )]
    Conflict {
        /// The head the caller knew.
        expected: Head,
        /// The head there is.
        actual: Head,
    },
    /// The group breaks a limit; nothing was written.
    #[error("not appended: {0}")]
    Refused(StoreError),
    /// A write failed half-way: the group, or its first submissions, may or may not be in the ledger. Open the store
    /// again and compare before trying again.
    #[error("it is not known whether the submission was written: {0}; open the ledger again and look")]
    Unknown(StoreError),
    /// An earlier write failed: this writer does nothing any more.
    #[error("an earlier write failed, so nothing more is written: open the ledger again")]
    Poisoned,
}

impl AppendError {
    /// Whether the store is as it was and takes the next submission.
    pub fn leaves_no_trace(&self) -> bool {
        matches!(self, AppendError::Conflict { .. } | AppendError::Refused(_))
    }

    /// The same error once more, for another one who waits for the same write.
    pub(crate) fn again(&self) -> AppendError {
        match self {
            AppendError::Conflict { expected, actual } => {
                AppendError::Conflict { expected: *expected, actual: *actual }
            }
            AppendError::Refused(cause) => AppendError::Refused(cause.again()),
            AppendError::Unknown(cause) => AppendError::Unknown(cause.again()),
            AppendError::Poisoned => AppendError::Poisoned,
        }
    }
}

/// Both sides of a check that failed, not yet placed.
#[derive(Debug)]
pub(crate) struct Flaw {
    expected: String,
    got: String,
}

impl Flaw {
    pub(crate) fn new(expected: impl Into<String>, got: impl Into<String>) -> Flaw {
        Flaw { expected: expected.into(), got: got.into() }
    }
}

/// The system's answer in words where it is one of the common ones, with what helps.
pub fn reason(source: &io::Error) -> String {
    let said = match source.kind() {
        io::ErrorKind::StorageFull => "the disk is full: make room on it",
        io::ErrorKind::QuotaExceeded => "the disk quota is used up: make room, or have it raised",
        io::ErrorKind::FileTooLarge => {
            "the file may not grow: a limit on the size of files is reached (ulimit -f)"
        }
        io::ErrorKind::ReadOnlyFilesystem => {
            "the file system is read-only: mount it for writing, or take another place"
        }
        io::ErrorKind::PermissionDenied => {
            "permission denied: file and directory must be yours to read and write"
        }
        io::ErrorKind::NotFound => "no such file or directory",
        _ => return source.to_string(),
    };
    said.to_string()
}
