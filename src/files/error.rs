//! What can be wrong with a file.

use std::fmt;

use pcf_core::model::ValueError;
use pcf_core::pact::PactError;

/// The most problems of one file that are listed; further ones are counted.
pub const PROBLEMS_MAX: usize = 1000;

/// One problem of a file, where it is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The line in the file, from 1; the header is part of the count.
    pub row: u64,
    /// The header of the column, or the path inside a JSON line.
    pub column: String,
    /// What was expected and what was found.
    pub sentence: String,
}

/// All problems of one file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileProblems {
    /// The file, as the caller named it.
    pub file: String,
    /// The problems, by row; at most [`PROBLEMS_MAX`].
    pub problems: Vec<Problem>,
    /// How many more there are.
    pub more: usize,
}

impl fmt::Display for FileProblems {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().enumerate() {
            let line_end = if i == 0 { "" } else { "\n" };
            // A problem of a whole row has no column, one of the whole file no row either.
            let row = if problem.row == 0 { String::new() } else { format!(":{}", problem.row) };
            let separator = if problem.column.is_empty() { "" } else { ":" };
            let (column, sentence) = (&problem.column, &problem.sentence);
            write!(f, "{line_end}{}{row}{separator}{column}: {sentence}", self.file)?;
        }
        if self.more > 0 {
            write!(f, "\n{}: and {} more", self.file, self.more)?;
        }
        Ok(())
    }
}

/// Why a file was not read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExchangeError {
    /// The file as a whole cannot be read.
    #[error("{file}: {sentence}")]
    Unreadable {
        /// The file, as the caller named it.
        file: String,
        /// What was expected and what was found.
        sentence: String,
    },
    /// The system did not give the file.
    #[error("{file}: cannot be read: {cause}")]
    File {
        /// The file, as the caller named it.
        file: String,
        /// What the system said.
        cause: String,
    },
    /// Cells of the file are wrong; nothing of it was taken.
    #[error("{0}")]
    Problems(FileProblems),
    /// A row of the factor library cannot become a factor statement.
    #[error("factor {id}: {reason}")]
    Factor {
        /// The row's id.
        id: String,
        /// Why.
        reason: String,
    },
    /// A PACT document is wrong.
    #[error(transparent)]
    Pact(#[from] PactError),
    /// Values do not fit together.
    #[error(transparent)]
    Value(#[from] ValueError),
}
