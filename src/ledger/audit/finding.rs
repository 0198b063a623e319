//! What a check found, and where.

use std::fmt;
use std::path::PathBuf;

pub use crate::checks::Severity;
use crate::model::StatementId;

/// Where it was found, as far as that is known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The file, or the name of a checkpoint that was handed in.
    pub file: Option<PathBuf>,
    /// Where in the file, in bytes from its start.
    pub offset: Option<u64>,
    /// The index of the seal in the log.
    pub index: Option<u64>,
    /// The statement's place in its submission, from 1.
    pub ordinal: Option<u64>,
    /// The statement's id.
    pub statement: Option<StatementId>,
}

impl Place {
    pub(super) fn index(index: u64) -> Self {
        Self { index: Some(index), ..Self::default() }
    }

    pub(super) fn file(file: impl Into<PathBuf>) -> Self {
        Self { file: Some(file.into()), ..Self::default() }
    }
}

impl fmt::Display for Place {
    /// Writes `index 7, statement 2 (id), segments/000000 byte 4711`, leaving out what is not known.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        parts.extend(self.index.map(|index| format!("index {index}")));
        match (self.ordinal, self.statement) {
            (Some(ordinal), Some(id)) => parts.push(format!("statement {ordinal} ({id})")),
            (Some(ordinal), None) => parts.push(format!("statement {ordinal}")),
            (None, Some(id)) => parts.push(format!("statement {id}")),
            (None, None) => {}
        }
        match (&self.file, self.offset) {
            (Some(file), Some(offset)) => parts.push(format!("{} byte {offset}", file.display())),
            (Some(file), None) => parts.push(file.display().to_string()),
            _ => {}
        }
        if parts.is_empty() {
            parts.push("the ledger".into());
        }
        f.pad(&parts.join(", "))
    }
}

/// What one of [`super::CHECKS`] found: it stops where something does not hold, and is a note where
/// nothing is wrong with what was signed and somebody should know all the same.
pub type Finding = crate::checks::Finding<Place>;
