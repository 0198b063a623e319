//! What parts and materials of a file may be: the factors, products and footprints of a ledger, and the shipped library, by id, by number and by
//! likeness of names. It is filled by whoever has the ledger; it decides nothing that is not written there.

use std::collections::{BTreeMap, HashMap};

use super::library::Library;
use super::likeness;
use super::nearest::Names;
use pcf_core::model::{ProductId, Unit};

/// How many candidates a sentence names.
const CANDIDATES: usize = 3;

/// Something that a flow may name as its source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// `factor:`, `product:` or `footprint:` and the id.
    pub source: String,
    /// Its name.
    pub name: String,
    /// What its footprint is per, where that is one unit.
    pub unit: Option<Unit>,
    /// True where the ledger holds it; false for a row of the shipped library.
    pub held: bool,
}

impl Entry {
    /// Its id, without what it is.
    pub fn id(&self) -> &str {
        self.source.split_once(':').map_or("", |(_, id)| id)
    }
}

/// What flows may name.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    entries: Vec<Entry>,
    names: Names,
    by_source: HashMap<String, usize>,
    by_number: BTreeMap<String, Vec<usize>>,
    /// True where nothing beyond it exists.
    complete: bool,
}

impl Catalog {
    /// An empty catalogue of a ledger: what is not added to it does not exist.
    pub fn complete() -> Self {
        Self { complete: true, ..Self::default() }
    }

    /// Adds a source, with the numbers under which parts lists know it, such as ids of a product.
    pub fn add(&mut self, entry: Entry, numbers: impl IntoIterator<Item = String>) {
        // What an import brings comes before the library's row of the same id.
        let known = self.by_source.get(&entry.source).and_then(|at| self.entries.get_mut(*at));
        if let Some(known) = known {
            known.held |= entry.held;
            return;
        }
        let at = self.entries.len();
        for number in numbers {
            let known = self.by_number.entry(number).or_default();
            if !known.contains(&at) {
                known.push(at);
            }
        }
        self.names.add(&format!("{} {}", entry.source, entry.name));
        self.by_source.entry(entry.source.clone()).or_insert(at);
        self.entries.push(entry);
    }

    /// Adds the rows of the library that the ledger does not hold, as candidates.
    pub fn add_library(&mut self, library: &Library) {
        for row in library.rows() {
            let source = format!("factor:{}", row.id);
            if !self.by_source.contains_key(&source) {
                self.add(
                    Entry { source, name: row.name.clone(), unit: row.unit.parse().ok(), held: false },
                    [],
                );
            }
        }
    }

    pub(super) const fn is_complete(&self) -> bool {
        self.complete
    }

    pub(super) fn find(&self, source: &str) -> Option<&Entry> {
        self.by_source.get(source).and_then(|at| self.entries.get(*at))
    }

    /// What the ledger holds under a part's number.
    pub(super) fn numbered(&self, number: &str) -> Vec<&Entry> {
        let found = self.by_number.get(number).map_or(&[][..], Vec::as_slice);
        found.iter().filter_map(|at| self.entries.get(*at)).collect()
    }

    /// What a misspelt name or id was probably meant to be.
    pub fn meant(&self, text: &str) -> Option<&Entry> {
        if text.parse::<ProductId>().is_ok() {
            // Ids of one maker begin alike: only their ends tell.
            let end = |id: &'_ str| id.rsplit(':').next().unwrap_or_default().to_owned();
            let wanted = end(text);
            let apart = self.entries.iter().map(|entry| (likeness::edits(&wanted, &end(entry.id())), entry));
            let (distance, near) = apart.min_by_key(|(distance, _)| *distance)?;
            return (distance <= wanted.chars().count() / 5).then_some(near);
        }
        match likeness::nearest(text, self.entries.iter().map(|entry| entry.name.as_str())) {
            Some(near) => self.entries.iter().find(|entry| entry.name == near),
            None => self.candidates(text).first().copied(),
        }
    }

    /// The entries most like a text, best first.
    pub(super) fn candidates(&self, text: &str) -> Vec<&Entry> {
        let near = self.names.nearest(text, CANDIDATES).into_iter();
        near.filter_map(|at| self.entries.get(at)).collect()
    }

    /// The end of a sentence about something unmatched.
    pub(super) fn suggestion(&self, text: &str) -> String {
        let named: Vec<String> = self
            .candidates(text)
            .into_iter()
            .map(|entry| {
                let place = if entry.held { "" } else { ", of the library" };
                format!("{} ({}{place})", entry.source, entry.name)
            })
            .collect();
        if named.is_empty() {
            "nothing in the ledger or the library has a name like it; search with pcf factor search".into()
        } else {
            format!("the nearest are {}", named.join("; "))
        }
    }
}

/// The numbers by which a parts list may know a product: its id, and what stands behind the last part of the URN.
pub fn numbers_of(id: &ProductId) -> Vec<String> {
    let text = id.to_string();
    let tail = text.rsplit(':').next().unwrap_or_default().to_owned();
    let short = tail.trim_start_matches('0').to_owned();
    let mut numbers = vec![text, tail];
    // A spreadsheet drops the zeros in front of a GTIN.
    if numbers.first().is_some_and(|id| id.starts_with("urn:gtin:")) {
        numbers.push(short);
    }
    numbers
}
