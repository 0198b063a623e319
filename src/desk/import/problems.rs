//! What is wrong with files, gathered so that all of it comes at once.

use std::fmt;
use std::path::PathBuf;

use pcf_files::ExchangeError;

use super::Input;
use crate::DeskError;

/// Files that cannot be taken as they are.
#[derive(Debug)]
pub struct RefusedFiles {
    /// All files of the import.
    pub files: Vec<PathBuf>,
    /// What is wrong, one sentence or more a file.
    pub sentences: Vec<String>,
    /// True where the system did not give a file, so that the answer is not known.
    pub unread: bool,
    /// True where more than single cells is wrong, so that a filled example helps.
    pub untold: bool,
}

impl fmt::Display for RefusedFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentences.join("\n"))
    }
}

/// The problems found so far.
#[derive(Default)]
pub struct Problems {
    sentences: Vec<String>,
    unread: bool,
    untold: bool,
}

impl Problems {
    /// Adds what is wrong with one file.
    pub fn push(&mut self, error: &ExchangeError) {
        self.unread |= matches!(error, ExchangeError::File { .. });
        self.untold |= match error {
            ExchangeError::Problems(found) => found.problems.iter().any(|problem| problem.row <= 1),
            _ => true,
        };
        self.sentences.push(error.to_string());
    }

    /// Refuses the files where anything is wrong.
    pub fn or_refuse(self, files: &[Input]) -> Result<(), DeskError> {
        if self.sentences.is_empty() {
            return Ok(());
        }
        let Self { sentences, unread, untold } = self;
        let files = files.iter().map(|file| file.path().to_path_buf()).collect();
        Err(DeskError::Files(Box::new(RefusedFiles { files, sentences, unread, untold })))
    }
}
