//! What comes in and goes out as files; one file a format. A reader here turns a file into
//! unsigned, unsalted statements or into sentences that say what is wrong where; it never guesses,
//! never appends and never signs.

pub mod accepted;
pub mod catalog;
pub mod csv;
mod error;
mod file;
mod fold;
pub mod jsonl;
pub mod library;
pub mod likeness;
pub mod mapping;
mod nearest;
pub mod openlca;
mod places;
mod source;
pub mod supplier;
pub mod tables;
pub mod template;
mod units;
pub mod words;
mod xml;

use pcf_core::codec::digest::Sha256Bytes;
use pcf_core::codec::draft_subject_digest;
use pcf_core::model::{ActorId, Statement};

pub use error::{ExchangeError, FileProblems, PROBLEMS_MAX, Problem};
pub use file::{FILE_BYTES_MAX, read_whole};

/// A statement as a file holds it: with a zero salt, which the caller replaces by
/// [`Statement::with_salt`] before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What the file says.
    pub statement: Statement,
    /// SHA-256 of its subject as a draft.
    pub subject: Sha256Bytes,
    /// The lines of the file it came from, from 1.
    pub rows: Vec<u64>,
}

impl Draft {
    /// Of a statement, with the lines that it came from.
    pub fn new(statement: impl Into<Statement>, rows: Vec<u64>) -> Self {
        let statement = statement.into();
        Self { subject: draft_subject_digest(&statement), statement, rows }
    }
}

/// Reads the statements of a file, CSV, a workbook or JSON lines, told apart by the first bytes.
///
/// # Errors
/// [`ExchangeError::Unreadable`] for a file that is too long, empty or of another kind;
/// [`ExchangeError::Problems`] with all problems of a table at once.
pub fn read_statements(bytes: &[u8], file: &str, by: &ActorId) -> Result<Vec<Draft>, ExchangeError> {
    let tables = match tables::open_bytes(bytes.to_vec(), file, &tables::Options::default())? {
        tables::File::Json(bytes) => return jsonl::read_statements(&bytes, file, by),
        tables::File::Tables(tables) => tables,
    };
    let mut drafts = Vec::new();
    for table in tables {
        if table.is_sheet() && table.is_empty()? {
            continue;
        }
        table.read(by, &catalog::Catalog::default(), &mut |draft| {
            drafts.push(draft);
            true
        })?;
    }
    Ok(drafts)
}
