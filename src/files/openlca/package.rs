//! The documents of a package, from a zip file or a folder: read with caps on their number and
//! size, strict JSON, nothing outside the folders that a footprint needs: processes, flows, flow
//! properties, unit groups and categories.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use serde::de::DeserializeOwned;

use super::schema::{Category, CategoryReference, Flow, FlowProperty, Process, UnitGroup};
use super::tree::Element;
use super::units::Units;
use super::{ecospold, ilcd};
use crate::{ExchangeError, FileProblems, PROBLEMS_MAX, Problem};

/// The most documents of a package.
pub const ENTRIES_MAX: usize = 500_000;
/// The most bytes of one document, unpacked: openLCA's largest system processes stay below.
pub const ENTRY_BYTES_MAX: u64 = 32 << 20;
/// The most bytes of all documents that are read, unpacked.
pub const PACKAGE_BYTES_MAX: u64 = 1 << 30;

/// The folders whose documents are read.
const FOLDERS: [&str; 5] = ["flows", "processes", "flow_properties", "unit_groups", "categories"];

/// What a package says of itself, which no footprint needs.
#[cfg(feature = "xlsx")]
const MANIFESTS: [&str; 2] = ["openlca.json", "context.json"];

/// How many categories one may lie in.
const CATEGORIES_MAX: usize = 32;

/// A package as it was read.
#[derive(Debug, Clone, Default)]
pub struct Package {
    /// Processes by id.
    pub(super) processes: BTreeMap<String, Process>,
    /// Flows by id.
    pub(super) flows: BTreeMap<String, Flow>,
    /// Units and flow properties.
    pub(super) units: Units,
    /// Categories by id: the name, and the id of the one above.
    pub(super) categories: BTreeMap<String, CategoryReference>,
    /// How many documents of each folder were not read.
    pub(super) others: BTreeMap<String, usize>,
}

impl Package {
    /// How many processes it holds.
    pub fn processes(&self) -> usize {
        self.processes.len()
    }

    /// The path of categories that a flow is filed under; empty where it has none.
    pub(super) fn category(&self, flow: &str) -> String {
        match self.flows.get(flow).and_then(|flow| flow.category.as_ref()) {
            None => String::new(),
            Some(Category::Path(path)) => path.clone(),
            Some(Category::Last(last)) if !last.category_path.is_empty() => {
                format!("{}/{}", last.category_path.join("/"), last.name)
            }
            Some(Category::Last(last)) => {
                let mut names = Vec::new();
                let mut at = Some(last);
                for _ in 0..CATEGORIES_MAX {
                    let Some(reference) = at else { break };
                    let own = self.categories.get(&reference.id).unwrap_or(reference);
                    names.push(own.name.as_str());
                    at = own.category.as_ref().and_then(|above| self.categories.get(&above.id));
                }
                names.reverse();
                names.join("/")
            }
        }
    }
}

/// True for a zip file with a folder of processes and no workbook in it, told by its list of parts
/// alone.
#[cfg(feature = "xlsx")]
pub fn is_archive(from: impl Read + Seek) -> bool {
    let Ok(archive) = zip::ZipArchive::new(from) else { return false };
    let any = |wanted: &dyn Fn(&str) -> bool| archive.file_names().flatten().any(|name| wanted(&name));
    any(&|name| name.contains("processes/")) && !any(&|name| name.starts_with("xl/workbook"))
}

/// False: this build reads no zip file.
#[cfg(not(feature = "xlsx"))]
pub fn is_archive(_: impl Read + Seek) -> bool {
    false
}

/// True for a document of TIDAS by its path; which one it is, is told by its content.
fn is_tidas(place: &str) -> bool {
    let folders = ["processes/", "flows/", "flowproperties/", "unitgroups/"];
    place.ends_with(".json") && folders.iter().any(|folder| place.contains(folder))
}

/// True for JSON whose first key is this one.
fn names_first(bytes: &[u8], key: &str) -> bool {
    let start = bytes.trim_ascii_start().strip_prefix(b"{").unwrap_or_default().trim_ascii_start();
    start.strip_prefix(b"\"").is_some_and(|rest| rest.starts_with(key.as_bytes()))
}

/// A package while its documents are read, one after the other.
pub struct PackageReader {
    file: String,
    package: Package,
    bytes: u64,
    problems: Vec<Problem>,
    more: usize,
    /// True where a document is of ecoSpold, whose treatments state their waste as a negative
    /// product.
    is_ecospold: bool,
}

impl PackageReader {
    /// Nothing read yet; `file` is what problems call the package.
    pub fn new(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            package: Package::default(),
            bytes: 0,
            problems: Vec::new(),
            more: 0,
            is_ecospold: false,
        }
    }

    fn refuse(&self, sentence: impl Into<String>) -> ExchangeError {
        ExchangeError::Unreadable { file: self.file.clone(), sentence: sentence.into() }
    }

    /// Reads all documents of a zip file (with the feature `xlsx`).
    ///
    /// # Errors
    /// [`ExchangeError::Unreadable`] for what is no zip file, and beyond the caps.
    #[cfg(feature = "xlsx")]
    pub fn archive(&mut self, from: impl Read + Seek) -> Result<(), ExchangeError> {
        let no_zip = |e: zip::result::ZipError| format!("expected a zip file or a folder: {e}");
        let mut archive = zip::ZipArchive::new(from).map_err(|e| self.refuse(no_zip(e)))?;
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
            if !self.take(&place, entry)? && !MANIFESTS.contains(&place.as_str()) {
                let (folder, _) = place.split_once('/').unwrap_or(("", &place));
                *self.package.others.entry(folder.to_owned()).or_insert(0) += 1;
            }
        }
        Ok(())
    }

    /// Refuses a zip file: this build reads none.
    ///
    /// # Errors
    /// Always [`ExchangeError::Unreadable`].
    #[cfg(not(feature = "xlsx"))]
    pub fn archive(&mut self, _: impl Read + Seek) -> Result<(), ExchangeError> {
        Err(self.refuse("this build reads packages as folders only: unpack it first"))
    }

    /// Ends the package.
    ///
    /// # Errors
    /// [`ExchangeError::Problems`] naming every document that is not what openLCA writes;
    /// [`ExchangeError::Unreadable`] where no process is in it.
    pub fn finish(self) -> Result<Package, ExchangeError> {
        if self.problems.is_empty() && self.package.processes.is_empty() {
            return Err(
                self.refuse("expected an openLCA package (JSON-LD) with documents in `processes/`, ecoSpold 2, ILCD or TIDAS, got none")
            );
        }
        let Self { file, mut package, problems, more, is_ecospold, .. } = self;
        if problems.is_empty() {
            if is_ecospold {
                ecospold::turn_wastes(&mut package);
            }
            return Ok(package);
        }
        Err(ExchangeError::Problems(FileProblems { file, problems, more }))
    }

    /// Reads one document; `place` is its path inside the package. What lies outside the folders
    /// that a footprint needs is counted and left unread.
    ///
    /// # Errors
    /// [`ExchangeError::Unreadable`] where it cannot be read, and beyond the caps.
    pub fn document(&mut self, place: &str, from: impl Read) -> Result<(), ExchangeError> {
        self.take(place, from).map(drop)
    }

    /// Reads a document; false for one that a footprint does not take.
    fn take(&mut self, place: &str, from: impl Read) -> Result<bool, ExchangeError> {
        let (folder, _) = place.split_once('/').unwrap_or(("", place));
        let lower = place.to_lowercase();
        let is_tree = [".spold", ".xml"].iter().any(|end| lower.ends_with(end));
        let wanted = FOLDERS.contains(&folder) && lower.ends_with(".json");
        if !wanted && !is_tree && !is_tidas(&lower) {
            return Ok(false);
        }
        let bytes = self.load(place, from)?;
        if is_tree {
            return Ok(self.tree(place, Element::of_xml(bytes.as_slice(), ENTRY_BYTES_MAX)));
        }
        if ilcd::DATA_SETS.iter().any(|set| names_first(&bytes, set)) {
            let value = serde_json::from_slice(&bytes).map_err(|e| e.to_string());
            return Ok(self.tree(place, value.map(|value| Element::of_json(&value))));
        }
        Ok(self.json(place, folder, &bytes))
    }

    /// The bytes of a document, held to the caps.
    fn load(&mut self, place: &str, from: impl Read) -> Result<Vec<u8>, ExchangeError> {
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
        Ok(bytes)
    }

    /// Takes a document of openLCA; false for one that names no id where a footprint needs none.
    fn json(&mut self, place: &str, folder: &str, bytes: &[u8]) -> bool {
        let twice = match folder {
            "flows" => {
                let flow = self.parse::<Flow>(place, bytes);
                flow.is_some_and(|flow| self.package.flows.insert(flow.id.clone(), flow).is_some())
            }
            "flow_properties" => {
                let Some(property) = self.parse::<FlowProperty>(place, bytes) else { return true };
                if property.id.is_empty() {
                    return false;
                }
                self.package.units.add_property(property)
            }
            "unit_groups" => {
                let Some(group) = self.parse::<UnitGroup>(place, bytes) else { return true };
                if group.id.is_empty() {
                    return false;
                }
                self.package.units.add_group(group)
            }
            "categories" => {
                let Some(category) = self.parse::<CategoryReference>(place, bytes) else { return true };
                self.package.categories.insert(category.id.clone(), category).is_some()
            }
            "processes" => {
                let Some(process) = self.parse::<Process>(place, bytes) else { return true };
                self.package.processes.insert(process.id.clone(), process).is_some()
            }
            _ => return false,
        };
        self.once(place, twice);
        true
    }

    /// Takes a document of ecoSpold 2, ILCD or TIDAS; false for one of another kind.
    fn tree(&mut self, place: &str, document: Result<Element, String>) -> bool {
        let added = match &document {
            Err(problem) => Err(problem.clone()),
            Ok(document) if document.kind() == "ecoSpold" => {
                self.is_ecospold = true;
                ecospold::add(document, &mut self.package)
            }
            Ok(document) if ilcd::DATA_SETS.contains(&document.kind()) => {
                ilcd::add(document, &mut self.package)
            }
            Ok(_) => return false,
        };
        if let Err(sentence) = added {
            self.problem(place, sentence);
        }
        true
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
