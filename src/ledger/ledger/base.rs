//! The part of a log that the derived runs hold, as admission looks it up: headers from the runs,
//! texts and seals from the segments. It never writes. Where a run turns out damaged, the log is
//! read once more and answered from memory: a damaged run is never believed, and costs time only.

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};

use super::filter::Filter;
use super::numbered::Numbered;
use super::placed::Placed;
use super::segments::Segments;
use super::{LedgerError, leaves};
use crate::admission::{Book, Death, Ended, Entries, Entry, Index, IndexError, Said, Sealing, Sought};
use crate::codec::decode_statement;
use crate::merkle::{Frontier, Hash, subtree_root};
use crate::model::{ActorId, ProductTag, Statement, StatementId, StatementKind};
use crate::runs::{EndedRow, Runs, RunsError, StatementRow};
use crate::store::{Body, Position, Reader};

/// What the runs do not hold: what statements say, and who sealed.
pub(crate) trait Texts: Send + Sync {
    /// What the statement with a number says, which lies at a position; none where its text was
    /// taken out.
    ///
    /// # Errors
    /// [`IndexError`]; so for all of them.
    fn body(&self, number: usize, at: Position) -> Result<Option<Arc<Statement>>, IndexError>;

    /// Whether the activity at a position puts out a product.
    ///
    /// # Errors
    /// [`IndexError`].
    fn makes(&self, at: Position, product: &ProductTag) -> Result<bool, IndexError>;

    /// Who sealed what at an index; the submission ends at a position.
    ///
    /// # Errors
    /// [`IndexError`].
    fn sealing(&self, index: u64, end: Position) -> Result<Sealing, IndexError>;

    /// So many seals and their statements once more, for who found the runs damaged.
    ///
    /// # Errors
    /// [`IndexError`], also where they cannot be read twice.
    fn read_again(&self, seals: u64) -> Result<(Book, Placed), IndexError>;
}

/// What the runs hold, beside the segments that they were derived from.
pub(crate) struct Base {
    runs: Runs,
    texts: Box<dyn Texts>,
    actors: Vec<ActorId>,
    /// Which statements and subjects it may hold; made once many were asked for.
    filter: RwLock<Option<Filter>>,
    asked: AtomicU32,
    /// The same from the segments, made once a run turned out damaged.
    again: OnceLock<(Book, Placed)>,
}

/// Why the base gave no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum BaseError {
    #[error(transparent)]
    Runs(RunsError),
    #[error("expected the index of {what} to have {expected}, got {got}")]
    Content { what: &'static str, expected: &'static str, got: String },
}

/// Questions about new statements after which a filter is made.
const FILTER_AFTER: u32 = 8192;

/// A question that is answered from the runs, and where one of them is damaged from memory.
pub(super) type Answer<T> = Result<T, IndexError>;

impl fmt::Debug for Base {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Base").field("runs", &self.runs).finish_non_exhaustive()
    }
}

impl Base {
    /// The base over these runs; none where they name an actor that none can be.
    pub(crate) fn over(runs: Runs, texts: Box<dyn Texts>) -> Option<Self> {
        let actors = runs.names().iter().map(|name| name.parse().ok()).collect::<Option<Vec<ActorId>>>()?;
        let (filter, asked) = (RwLock::new(None), AtomicU32::new(0));
        Some(Self { runs, texts, actors, filter, asked, again: OnceLock::new() })
    }

    /// The base of the ledger in a directory, as a reader finds it.
    pub(super) fn read(dir: &Path, ledger_id: &[u8; 32]) -> Result<Option<Self>, LedgerError> {
        match Runs::open_reader(&dir.join(super::RUNS), ledger_id)? {
            Some(runs) => Ok(Segments::open(dir)?.base(runs)?),
            None => Ok(None),
        }
    }

    pub(crate) const fn runs(&self) -> &Runs {
        &self.runs
    }

    /// The names that the runs know, in their order.
    pub(crate) fn actors(&self) -> &[ActorId] {
        &self.actors
    }

    /// Where a statement lies in the store.
    pub(crate) fn position(&self, number: usize) -> Answer<Position> {
        let at = narrow(number)?;
        self.ask(
            |runs| Ok(runs.statement(at)?.position),
            |(_, placed)| placed.position(number).ok_or_else(|| beyond("a statement")),
        )
    }

    /// Where the submission at an index ends in the store.
    pub(super) fn end_of(&self, index: u64) -> Answer<Position> {
        self.ask(
            |runs| Ok(runs.seal(index)?.end),
            |(_, placed)| placed.end_of(index).ok_or_else(|| beyond("a seal")),
        )
    }

    /// The leaf hashes of these seals.
    pub(super) fn leaves(&self, indices: Range<u64>) -> Answer<Vec<Hash>> {
        self.ask(
            |runs| runs.leaves(indices.clone()),
            |(_, placed)| {
                placed.leaves(indices.clone()).map(<[Hash]>::to_vec).ok_or_else(|| beyond("a seal"))
            },
        )
    }

    /// The root over the complete subtree of 256 seals with a number.
    pub(super) fn tile(&self, number: u64) -> Answer<Hash> {
        self.ask(
            |runs| runs.tile(number),
            |(_, placed)| {
                let from = number.saturating_mul(leaves::TILE);
                let leaves = placed.leaves(from..from.saturating_add(leaves::TILE));
                leaves.map(|leaves| Frontier::from_leaves(leaves).root()).ok_or_else(|| beyond("a tile"))
            },
        )
    }

    fn ask<T>(
        &self,
        question: impl Fn(&Runs) -> Result<T, RunsError>,
        from_memory: impl Fn(&(Book, Placed)) -> Answer<T>,
    ) -> Answer<T> {
        if let Some(again) = self.again.get() {
            return from_memory(again);
        }
        match question(&self.runs) {
            Ok(answer) => Ok(answer),
            Err(RunsError::Damaged { .. }) => from_memory(self.again()?),
            Err(error) => Err(IndexError::new(BaseError::Runs(error))),
        }
    }

    /// Goes on with the filter of the base before, to which the statements since are added.
    pub(crate) fn inherit(&self, before: &Self, book: &Book) {
        let taken = before.filter.write().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut filter) = taken else { return };
        let (first, end) = (before.statements(), self.statements());
        book.tags(first, end).for_each(|(tag, _)| filter.add(tag));
        if !filter.is_full() {
            *self.filter.write().unwrap_or_else(PoisonError::into_inner) = Some(filter);
        }
        self.asked.store(before.asked.load(Ordering::Relaxed), Ordering::Relaxed);
    }

    /// True where nothing is filed under a tag, as far as that can be told without reading.
    fn is_absent(&self, sought: &Sought<'_>) -> Answer<bool> {
        if !matches!(sought, Sought::Statement(_) | Sought::Subject(..)) {
            return Ok(false);
        }
        if self.asked.fetch_add(1, Ordering::Relaxed) < FILTER_AFTER {
            return Ok(false);
        }
        if let Some(filter) = &*self.filter.read().unwrap_or_else(PoisonError::into_inner) {
            return Ok(!filter.may_have(sought.tag()));
        }
        let filter = self.filter()?;
        let absent = !filter.may_have(sought.tag());
        *self.filter.write().unwrap_or_else(PoisonError::into_inner) = Some(filter);
        Ok(absent)
    }

    /// A filter over everything, with room for as much again.
    fn filter(&self) -> Answer<Filter> {
        let mut filter = Filter::with_room(4 * self.statements());
        for entry in self.entries(0..self.statements()) {
            let entry = entry?;
            filter.add(Sought::Statement(&entry.id).tag());
            filter.add(Sought::Subject(entry.kind, &entry.subject).tag());
        }
        Ok(filter)
    }

    /// The same part of the log, read from the segments.
    pub(super) fn again(&self) -> Answer<&(Book, Placed)> {
        if let Some(again) = self.again.get() {
            return Ok(again);
        }
        let again = self.texts.read_again(self.runs.seals())?;
        Ok(self.again.get_or_init(|| again))
    }

    pub(super) fn entry_of(&self, row: &StatementRow) -> Answer<Entry> {
        let content =
            |what, expected, got: String| IndexError::new(BaseError::Content { what, expected, got });
        let kind = StatementKind::ALL.get(usize::from(row.kind)).copied();
        let kind = kind.ok_or_else(|| content("statements", "a type", row.kind.to_string()))?;
        let by = self.actors.get(row.by as usize).cloned();
        let by = by.ok_or_else(|| content("statements", "an actor", row.by.to_string()))?;
        let replaces = match row.replaces {
            Some(number) => Some(Box::new(self.id_of(number)?)),
            None => None,
        };
        let (id, index, ordinal) = (StatementId::from_bytes(row.id), row.index, row.ordinal);
        Ok(Entry { id, kind, by, index, ordinal, replaces, subject: row.subject })
    }

    fn id_of(&self, number: u32) -> Answer<StatementId> {
        self.ask(
            |runs| Ok(StatementId::from_bytes(runs.statement(number)?.id)),
            |(book, _)| Ok(entry_in(book, number as usize)?.id),
        )
    }

    fn ended_of(&self, row: &EndedRow) -> Answer<Ended> {
        let death = Death::from_way(row.way, self.id_of(row.cause)?);
        let death = death.ok_or_else(|| {
            let (what, expected, got) = ("ended statements", "a way to end", row.way.to_string());
            IndexError::new(BaseError::Content { what, expected, got })
        })?;
        Ok(Ended { death, since: row.since })
    }
}

impl Index for Base {
    fn statements(&self) -> usize {
        self.runs.statements() as usize
    }

    fn frontier(&self) -> &Frontier {
        self.runs.frontier()
    }

    fn entry(&self, number: usize) -> Answer<Entry> {
        let at = narrow(number)?;
        match self.ask(|runs| runs.statement(at).map(Ok), |(book, _)| entry_in(book, number).map(Err))? {
            Ok(row) => self.entry_of(&row),
            Err(entry) => Ok(entry),
        }
    }

    fn entries(&self, numbers: Range<usize>) -> Entries<'_> {
        let rows = u32::try_from(numbers.start)
            .ok()
            .map(|first| Box::new(self.runs.statements_from(first)) as Box<dyn Iterator<Item = _> + Send>);
        Box::new(Numbered::new(self, rows, numbers))
    }

    fn found(&self, sought: &Sought<'_>) -> Answer<Vec<usize>> {
        if self.is_absent(sought)? {
            return Ok(Vec::new());
        }
        self.ask(
            |runs| Ok(runs.find(sought.tag())?.into_iter().map(|number| number as usize).collect()),
            |(book, _)| match sought {
                Sought::Seal(message) => {
                    let sealed = book.index_of_seal(message)?;
                    sealed.map(|index| book.first_of(index)).into_iter().collect()
                }
                _ => book.found(sought),
            },
        )
    }

    fn found_all(&self, tags: &[u64], each: &mut dyn FnMut(u64, usize)) -> Answer<()> {
        let found = self.ask(
            |runs| {
                let mut found = Vec::new();
                runs.find_all(tags, |tag, number| found.push((tag, number as usize)))?;
                Ok(found)
            },
            |(book, _)| {
                let mut found = Vec::new();
                book.found_all(tags, &mut |tag, number| found.push((tag, number)))?;
                Ok(found)
            },
        )?;
        found.into_iter().for_each(|(tag, number)| each(tag, number));
        Ok(())
    }

    fn ended(&self, number: usize) -> Answer<Option<Ended>> {
        let at = narrow(number)?;
        let from_memory = |(book, _): &(Book, Placed)| book.ended(&entry_in(book, number)?.id).map(Err);
        match self.ask(|runs| runs.ended(at).map(Ok), from_memory)? {
            Ok(row) => row.map(|row| self.ended_of(&row)).transpose(),
            Err(ended) => Ok(ended),
        }
    }

    fn all_ended(&self) -> Answer<Vec<(usize, Ended)>> {
        let from_memory = |(book, _): &(Book, Placed)| {
            let numbered = |(id, ended)| match book.entry(&id)? {
                Some((number, _)) => Ok((number, ended)),
                None => Err(beyond("a statement")),
            };
            book.all_ended()?.into_iter().map(numbered).collect::<Answer<Vec<_>>>().map(Err)
        };
        match self.ask(|runs| runs.ended_all().collect::<Result<Vec<_>, _>>().map(Ok), from_memory)? {
            Ok(mut rows) => {
                // The first cause counts; the order is that of the causes.
                rows.sort_by_key(|row| (row.number, row.cause));
                rows.dedup_by_key(|row| row.number);
                rows.sort_by_key(|row| (row.cause, row.number));
                rows.iter().map(|row| Ok((row.number as usize, self.ended_of(row)?))).collect()
            }
            Err(ended) => Ok(ended),
        }
    }

    fn body(&self, number: usize) -> Answer<Option<Arc<Statement>>> {
        self.texts.body(number, self.position(number)?)
    }

    fn makes(&self, number: usize, product: &ProductTag) -> Answer<bool> {
        self.texts.makes(self.position(number)?, product)
    }

    fn first_of(&self, index: u64) -> Answer<usize> {
        self.ask(|runs| Ok(runs.first_statement(index)? as usize), |(book, _)| book.first_of(index))
    }

    fn sealing(&self, index: u64) -> Answer<Sealing> {
        self.texts.sealing(index, self.end_of(index)?)
    }

    fn root_at(&self, size: u64) -> Answer<Hash> {
        subtree_root(self, 0, size).map_err(IndexError::new)
    }
}

/// What lies at a position of the segments, read.
pub(super) fn said_at(source: &(impl Reader + ?Sized), at: Position) -> Answer<Said> {
    Ok(match source.body(at).map_err(IndexError::new)? {
        Body::Statement(text) => Said::Whole(decode_statement(&text).map_err(IndexError::new)?),
        Body::Removed(header) => Said::without_body(&header).map_err(IndexError::new)?,
    })
}

pub(super) fn entry_in(book: &Book, number: usize) -> Answer<Entry> {
    book.entry_at(number)?.map(std::borrow::Cow::into_owned).ok_or_else(|| beyond("a statement"))
}

fn narrow(number: usize) -> Answer<u32> {
    u32::try_from(number).map_err(|_| beyond("a statement"))
}

pub(super) fn beyond(what: &'static str) -> IndexError {
    let (expected, got) = ("one with this number", "none".to_owned());
    IndexError::new(BaseError::Content { what, expected, got })
}
