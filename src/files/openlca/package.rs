//! The documents of a package, from a zip file or a folder: read with caps on their number and size, strict JSON, nothing outside `processes/`
//! and `flows/`.

use std::collections::BTreeMap;
use std::fs;
use std::io::Read;
use std::path::Path;

use serde::de::DeserializeOwned;

use super::schema::{Flow, Process};
use crate::{ExchangeError, FileProblems, PROBLEMS_MAX, Problem};

/// The most documents of a package.
pub const ENTRIES_MAX: usize = 500_000;
/// The most bytes of one document, unpacked: openLCA's largest system processes stay below.
pub const ENTRY_BYTES_MAX: u64 = 32 << 20;
/// The most bytes of all documents that are read, unpacked.
pub const PACKAGE_BYTES_MAX: u64 = 1 << 30;

/// A package as it was read.
#[derive(Debug, Clone, Default)]
pub struct Package {
    /// Processes by id.
    pub(super) processes: BTreeMap<String, Process>,
    /// Flows by id.
    pub(super) flows: BTreeMap<String, Flow>,
    /// How many documents of each folder were not read.
    pub(super) others: BTreeMap<String, usize>,
}

impl Package {
    /// How many processes it holds.
    pub fn processes(&self) -> usize {
        self.processes.len()
    }
}

/// Reads a package: a zip file (with the feature `xlsx`) or a folder that holds `processes` and `flows`.
///
/// # Errors
/// [`ExchangeError::Unreadable`] for what is no package or beyond the caps; [`ExchangeError::Problems`] naming every document that is not what
/// openLCA writes.
pub fn read(path: &Path) -> Result<Package, ExchangeError> {
    let file = path.display().to_string();
    let mut reading =
        Reading { file: &file, package: Package::default(), bytes: 0, problems: Vec::new(), more: 0 };
    if path.is_dir() {
        reading.folder(path)?;
    } else {
        reading.archive(path)?;
    }
    if !reading.problems.is_empty() {
        let Reading { problems, more, .. } = reading;
        return Err(ExchangeError::Problems(FileProblems { file: file.clone(), problems, more }));
    }
    if reading.package.processes.is_empty() {
        return Err(
            reading.refuse("expected an openLCA package (JSON-LD) with documents in `processes/`, got none")
        );
    }
    Ok(reading.package)
}

struct Reading<'f> {
    file: &'f str,
    package: Package,
    bytes: u64,
    problems: Vec<Problem>,
    more: usize,
}

impl Reading<'_> {
    fn refuse(&self, sentence: impl Into<String>) -> ExchangeError {
        ExchangeError::Unreadable { file: self.file.to_owned(), sentence: sentence.into() }
    }

    fn folder(&mut self, path: &Path) -> Result<(), ExchangeError> {
        for kind in ["flows", "processes"] {
            let inside = path.join(kind);
            if !inside.is_dir() {
                continue;
            }
            let failed = |e: std::io::Error| format!("`{kind}` cannot be read: {e}");
            let entries = fs::read_dir(&inside).map_err(|e| self.refuse(failed(e)))?;
            let mut names = Vec::new();
            for entry in entries {
                names.push(entry.map_err(|e| self.refuse(failed(e)))?.path());
                if names.len() > ENTRIES_MAX {
                    return Err(self.refuse(format!("expected at most {ENTRIES_MAX} documents")));
                }
            }
            names.sort();
            for name in names {
                let place = format!("{kind}/{}", name.file_name().unwrap_or_default().to_string_lossy());
                let opened = fs::File::open(&name).map_err(|e| self.refuse(format!("{place}: {e}")))?;
                self.document(&place, opened)?;
            }
        }
        Ok(())
    }

    #[cfg(feature = "xlsx")]
    fn archive(&mut self, path: &Path) -> Result<(), ExchangeError> {
        let failed = |e: std::io::Error| format!("cannot be read: {e}");
        let opened = fs::File::open(path).map_err(|e| self.refuse(failed(e)))?;
        let no_zip = |e: zip::result::ZipError| format!("expected a zip file or a folder: {e}");
        let mut archive = zip::ZipArchive::new(opened).map_err(|e| self.refuse(no_zip(e)))?;
        if archive.len() > ENTRIES_MAX {
            return Err(
                self.refuse(format!("expected at most {ENTRIES_MAX} documents, got {}", archive.len()))
            );
        }
        for index in 0..archive.len() {
            let entry = archive.by_index(index).map_err(|e| self.refuse(no_zip(e)))?;
            if entry.is_dir() {
                continue;
            }
            let place = entry.name().map_err(|e| self.refuse(no_zip(e)))?.into_owned();
            self.document(&place, entry)?;
        }
        Ok(())
    }

    #[cfg(not(feature = "xlsx"))]
    fn archive(&mut self, _: &Path) -> Result<(), ExchangeError> {
        Err(self.refuse("this build reads packages as folders only: unpack it first"))
    }

    fn document(&mut self, place: &str, from: impl Read) -> Result<(), ExchangeError> {
        let (folder, _) = place.split_once('/').unwrap_or(("", place));
        let wanted = matches!(folder, "flows" | "processes") && place.ends_with(".json");
        if !wanted {
            *self.package.others.entry(folder.to_owned()).or_insert(0) += 1;
            return Ok(());
        }
        let mut bytes = Vec::new();
        let taken = from.take(ENTRY_BYTES_MAX + 1).read_to_end(&mut bytes);
        let length = taken.map_err(|e| self.refuse(format!("{place}: {e}")))?;
        let length = u64::try_from(length).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(length);
        if length > ENTRY_BYTES_MAX || self.bytes > PACKAGE_BYTES_MAX {
            let sentence = format!(
                "{place}: expected documents of at most {} MiB each and {} MiB together, unpacked",
                ENTRY_BYTES_MAX >> 20,
                PACKAGE_BYTES_MAX >> 20
            );
            return Err(self.refuse(sentence));
        }
        if folder == "flows" {
            if let Some(flow) = self.parse::<Flow>(place, &bytes) {
                let id = flow.id.clone();
                let twice = self.package.flows.insert(id, flow).is_some();
                self.once(place, twice);
            }
        } else if let Some(process) = self.parse::<Process>(place, &bytes) {
            let id = process.id.clone();
            let twice = self.package.processes.insert(id, process).is_some();
            self.once(place, twice);
        }
        Ok(())
    }

    fn once(&mut self, place: &str, twice: bool) {
        if twice {
            self.problem(place, "another document has the same @id".to_owned());
        }
    }

    fn parse<T: DeserializeOwned>(&mut self, place: &str, bytes: &[u8]) -> Option<T> {
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        match serde_path_to_error::deserialize(&mut reader) {
            Ok(found) => Some(found),
            Err(error) => {
                let sentence = format!("at {}: {}", error.path(), error.inner());
                self.problem(place, sentence);
                None
            }
        }
    }

    fn problem(&mut self, place: &str, sentence: String) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(Problem { row: 0, column: place.to_owned(), sentence });
        } else {
            self.more += 1;
        }
    }
}
