//! What comes in and goes out as files; one file a format. A reader here turns a file into unsigned, unsalted statements or into
//! sentences that say what is wrong where; it never guesses, never appends and never signs.

pub mod csv;
mod error;
mod file;
pub mod jsonl;
pub mod library;
pub mod openlca;
pub mod pact;
pub mod supplier;
pub mod template;

use crate::model::{ActorId, Statement};

pub use error::{ExchangeError, FileProblems, MissingField, PROBLEMS_MAX, Problem};
pub use file::{FILE_BYTES_MAX, load};

/// A statement as a file holds it: with a zero salt, which the caller replaces by [`Statement::with_salt`] before it is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// What the file says.
    pub statement: Statement,
    /// The lines of the file it came from, from 1.
    pub rows: Vec<u64>,
}

/// Reads the statements of a file, CSV or JSON lines, told apart by the first character.
///
/// # Errors
/// [`ExchangeError::Unreadable`] for a file that is too long, empty or of another kind; [`ExchangeError::Problems`] with all problems of
/// the file at once.
pub fn read_statements(bytes: &[u8], file: &str, by: &ActorId) -> Result<Vec<Draft>, ExchangeError> {
    let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let first = text.iter().find(|b| !b.is_ascii_whitespace());
    if first == Some(&b'{') {
        jsonl::read_statements(bytes, file, by)
    } else {
        csv::read_statements(bytes, file, by)
    }
}
