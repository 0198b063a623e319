//! What an import is given: files by their path or their bytes, and the statements in them with
//! their places.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use pcf_files::{Draft, ExchangeError, tables};
use pcf_ledger::model::{ActorId, Statement};

use super::problems::Problems;
use crate::DeskError;

/// A file that is handed in.
#[derive(Debug, Clone)]
pub enum Input {
    /// A file on disk, which is read as it is needed.
    File(PathBuf),
    /// Bytes at hand, as a browser sends them.
    Bytes {
        /// The name that places in it are given under.
        name: PathBuf,
        /// What stands in it.
        bytes: Vec<u8>,
    },
}

impl Input {
    /// Returns its name for people.
    pub fn name(&self) -> String {
        self.path().display().to_string()
    }

    /// Returns its path, or its name where it is no file on disk.
    pub fn path(&self) -> &Path {
        match self {
            Self::File(path) => path,
            Self::Bytes { name, .. } => name,
        }
    }

    pub(super) fn load(&self) -> Result<Vec<u8>, ExchangeError> {
        match self {
            Self::File(path) => crate::files::load(path),
            Self::Bytes { bytes, .. } => Ok(bytes.clone()),
        }
    }

    pub(super) fn open(&self, options: &tables::Options) -> Result<tables::File, ExchangeError> {
        match self {
            Self::File(path) => crate::files::open_tables(path, options),
            Self::Bytes { bytes, .. } => tables::open_bytes(bytes.clone(), &self.name(), options),
        }
    }
}

/// A statement and where it came from.
#[derive(Debug)]
pub struct Sourced {
    /// The statement, not salted yet.
    pub statement: Statement,
    /// Its place in a file.
    pub place: Place,
}

/// A place in a file: `file:row`, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file's name.
    pub file: Arc<str>,
    row: Option<u64>,
}

impl Place {
    /// Returns the place of a row of a file, or of all of it.
    pub const fn new(file: Arc<str>, row: Option<u64>) -> Self {
        Self { file, row }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        self.row.map_or(Ok(()), |row| write!(f, ":{row}"))
    }
}

/// Reads the statements of files that stand for themselves, with no ledger at hand.
///
/// # Errors
/// [`DeskError::Files`] with all problems of all files.
pub fn read(files: &[Input], by: &ActorId) -> Result<Vec<Sourced>, DeskError> {
    let (mut all, mut problems) = (Vec::new(), Problems::default());
    for file in files {
        let name = file.name();
        match file.load().and_then(|bytes| pcf_files::read_statements(&bytes, &name, by)) {
            Ok(drafts) => all.extend(sourced(drafts, &name)),
            Err(error) => problems.push(&error),
        }
    }
    problems.or_refuse(files).map(|()| all)
}

pub(super) fn sourced(drafts: Vec<Draft>, file: &str) -> impl Iterator<Item = Sourced> {
    let file: Arc<str> = Arc::from(file);
    drafts.into_iter().map(move |Draft { statement, rows, .. }| {
        let place = Place::new(Arc::clone(&file), rows.first().copied());
        Sourced { statement, place }
    })
}
