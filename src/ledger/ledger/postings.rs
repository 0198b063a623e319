//! Which statements are about a product: for every product, the numbers of the activity statements that put it out, in runs of 65,536
//! statements. Complete runs lie in the index; those since are kept in memory, and so is everything where there is no index.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::OnceLock;

use crate::admission::Book;
use crate::codec::digest::{Sha256Bytes, sha256};
use crate::model::ProductId;
use crate::store::index::{Change, Index, IndexError};
use crate::stored::{self, StoredValueError};

/// Statements of one run, unless an option says otherwise: a place in a run is a u16.
pub(super) const RUN_STATEMENTS: u32 = 1 << 16;
/// Places in one value, so that it stays well below what sled keeps in files of its own.
const PLACES_MAX: usize = 1 << 15;
/// The key under which the index says how many runs are complete in it.
const COMPLETE_KEY: &[u8] = b"complete";

/// A product's tag and the number of a statement that puts it out.
pub(super) type Posting = (u64, u32);

/// Eight bytes that stand for a product. Two products may share a tag: who asks reads the statements and looks.
pub(super) fn tag(product: &ProductId) -> u64 {
    tag_of(&sha256(&[product.as_str().as_bytes()]))
}

/// The tag of a product by SHA-256 of its id.
pub(super) fn tag_of(product: &Sha256Bytes) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *product;
    u64::from_be_bytes([a, b, c, d, e, f, g, h])
}

/// The postings that are kept in memory.
#[derive(Default)]
pub(super) struct Recent {
    postings: Vec<Posting>,
    /// The same, sorted, once somebody asked.
    sorted: OnceLock<Vec<Posting>>,
}

impl Recent {
    pub(super) fn of(postings: Vec<Posting>) -> Self {
        Self { postings, sorted: OnceLock::new() }
    }

    /// Takes in the statements with these numbers, the last so far.
    pub(super) fn take(&mut self, book: &Book, numbers: Range<usize>) {
        let made = book.made_from(numbers.start).take_while(|(number, _)| *number < numbers.end);
        let number = |number| u32::try_from(number).unwrap_or(u32::MAX); // OK: memory ends long before
        self.postings.extend(made.map(|(statement, product)| (tag_of(product), number(statement))));
        self.sorted.take();
    }

    /// In the order of the statements.
    pub(super) fn all(&self) -> &[Posting] {
        &self.postings
    }

    /// Forgets those of statements before `first`.
    pub(super) fn forget_before(&mut self, first: u32) {
        let from = self.postings.partition_point(|(_, number)| *number < first);
        if from > 0 {
            self.postings.drain(..from);
            self.sorted.take();
        }
    }

    /// The statements with a tag, ascending.
    pub(super) fn with(&self, tag: u64) -> impl Iterator<Item = u32> {
        let sorted = self.sorted.get_or_init(|| {
            let mut sorted = self.postings.clone();
            sorted.sort_unstable();
            sorted
        });
        let from = sorted.partition_point(|(other, _)| *other < tag);
        let found = sorted.get(from..).unwrap_or_default().iter();
        found.take_while(move |(other, _)| *other == tag).map(|(_, number)| *number)
    }
}

/// The run that is being filled, by tag.
pub(super) struct Filling {
    run_statements: u32,
    run: u32,
    places: BTreeMap<u64, Vec<u16>>,
}

impl Filling {
    /// Begins with the run after `complete` ones.
    pub(super) fn new(run_statements: u32, complete: u32) -> Self {
        Self {
            run_statements: run_statements.clamp(1, RUN_STATEMENTS),
            run: complete,
            places: BTreeMap::new(),
        }
    }

    /// Runs that are complete.
    pub(super) fn complete(&self) -> u32 {
        self.run
    }

    pub(super) fn run_statements(&self) -> u32 {
        self.run_statements
    }

    /// Takes in the postings of the statements up to number `statements` (exclusive); the changes of the index that complete runs
    /// make, none where no run is complete. Postings come in the order of their statements; those of earlier runs are passed over.
    pub(super) fn take(
        &mut self,
        postings: &[Posting],
        statements: u32,
    ) -> Result<Vec<Change>, StoredValueError> {
        let (mut changes, begun) = (Vec::new(), self.run);
        for (tag, number) in postings {
            let run = number / self.run_statements;
            if run < self.run {
                continue;
            }
            while self.run < run {
                self.finish(&mut changes)?;
            }
            let place = u16::try_from(number % self.run_statements).unwrap_or(u16::MAX); // OK: below 65,536
            let places = self.places.entry(*tag).or_default();
            if places.last() != Some(&place) {
                places.push(place);
            }
        }
        while self.run < statements / self.run_statements {
            self.finish(&mut changes)?;
        }
        if self.run > begun {
            changes.push((COMPLETE_KEY.to_vec(), Some(self.run.to_be_bytes().to_vec())));
        }
        Ok(changes)
    }

    /// Closes the run: one value for a product and run, or several where it has very many statements.
    fn finish(&mut self, changes: &mut Vec<Change>) -> Result<(), StoredValueError> {
        for (tag, places) in std::mem::take(&mut self.places) {
            for (part, places) in (0_u16..).zip(places.chunks(PLACES_MAX)) {
                let key = [&prefix(tag)[..], &self.run.to_be_bytes(), &part.to_be_bytes()].concat();
                changes.push((key, Some(stored::write(&places.to_vec())?)));
            }
        }
        self.run += 1; // OK because statements are counted in 32 bits
        Ok(())
    }
}

/// How many runs are complete in an index.
pub(super) fn complete_in(index: &Index) -> Result<u32, IndexError> {
    let value = index.value(COMPLETE_KEY)?;
    Ok(value.and_then(|bytes| Some(u32::from_be_bytes(bytes.try_into().ok()?))).unwrap_or(0))
}

/// The numbers of the statements with a tag in the complete runs of an index, ascending.
pub(super) fn numbers_in(
    index: &Index,
    run_statements: u32,
    tag: u64,
) -> Result<Option<Vec<u32>>, IndexError> {
    let prefix = prefix(tag);
    let mut numbers = Vec::new();
    for (key, value) in index.scan(&prefix)? {
        let run = key.get(prefix.len()..).and_then(|rest| rest.first_chunk::<4>());
        let (Some(run), Ok(places)) = (run, stored::read::<Vec<u16>>(&value)) else { return Ok(None) };
        let first = u32::from_be_bytes(*run).saturating_mul(run_statements);
        numbers.extend(places.into_iter().map(|place| first.saturating_add(u32::from(place))));
    }
    Ok(Some(numbers))
}

fn prefix(tag: u64) -> Vec<u8> {
    [&b"p"[..], &tag.to_be_bytes()].concat()
}
