//! What holds: the fold of every statement in log order, over an index of its first part where
//! there is one.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use super::ended::{Death, Ended, EndedHere};
use super::index::{Index, IndexError};
use super::products::Remembered;
use super::seals::{Sealing, Seals};
use super::tail::Tail;
use super::{Entry, Keyring, Sought};
use crate::codec::digest::Sha256Bytes;
use crate::merkle::{Frontier, Hash};
use crate::model::{Digest, PublicKey, Statement, StatementId, StatementKind, Text};

/// Whether the book was folded from the whole log or from the part that a proof discloses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every seal from the genesis on: everything can be checked.
    Whole,
    /// Some statements at their places: what refers to undisclosed ones cannot be checked.
    Part,
}

/// A redaction, looked up by its target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Announced {
    /// The redaction statement.
    pub by: StatementId,
}

/// The state statements by the log size that they speak of, each with its root.
pub type States = BTreeMap<u64, (StatementId, Digest)>;

/// What holds, as of a log size.
#[derive(Debug, Clone)]
pub struct Book {
    pub(super) scope: Scope,
    /// The first part of the log.
    pub(super) base: Option<Arc<dyn Index>>,
    pub(super) ledger_id: Option<StatementId>,
    pub(super) origin: Option<Text>,
    pub(super) frontier: Frontier,
    pub(super) seals: Seals,
    /// Every statement behind the base.
    pub(super) tail: Tail,
    /// What ended behind the base.
    pub(super) ended: EndedHere,
    /// Made when somebody asks, and kept up from then on.
    pub(super) keyring: OnceLock<Keyring>,
    pub(super) states: OnceLock<States>,
    pub(super) products: Remembered,
}

impl Book {
    /// An empty book.
    pub fn new(scope: Scope) -> Self {
        Self {
            scope,
            base: None,
            ledger_id: None,
            origin: None,
            frontier: Frontier::new(),
            seals: Seals::from(0),
            tail: Tail::from(0),
            ended: EndedHere::default(),
            keyring: OnceLock::new(),
            states: OnceLock::new(),
            products: Remembered::default(),
        }
    }

    /// The book of a whole log of which everything up to some seal lies in an index.
    ///
    /// # Errors
    /// [`IndexError`] where the index cannot be read.
    pub fn over(base: Arc<dyn Index>) -> Result<Self, IndexError> {
        let mut book = Self::new(Scope::Whole);
        if base.statements() > 0
            && let Some(Statement::Ledger(genesis)) = base.body(0)?.as_deref()
        {
            book.ledger_id = Some(base.entry(0)?.id);
            book.origin = Some(genesis.origin.clone());
        }
        book.frontier = base.frontier().clone();
        book.seals = Seals::from(book.frontier.size());
        book.tail = Tail::from(base.statements());
        book.base = Some(base);
        Ok(book)
    }

    /// Goes on over an index that holds more of the same log: what lies in it is kept in memory no
    /// longer.
    pub fn rest_on(&mut self, base: Arc<dyn Index>) {
        let size = base.frontier().size();
        self.tail.forget_before(base.statements());
        self.seals.forget_before(size);
        self.ended.forget_before(size);
        self.base = Some(base);
    }

    /// Makes room for statements that are about to be folded.
    pub fn reserve(&mut self, statements: usize) {
        self.tail.reserve(statements);
    }

    /// The ledger's id; none before the genesis.
    pub const fn ledger_id(&self) -> Option<StatementId> {
        self.ledger_id
    }

    /// The log's name; none before the genesis.
    pub const fn origin(&self) -> Option<&Text> {
        self.origin.as_ref()
    }

    /// Seals folded.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The root of the log over the seals folded.
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// The tree over the seals folded.
    pub const fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// The root of the log at an earlier size; none beyond the present one, and none at 0.
    ///
    /// # Errors
    /// [`IndexError`]; so for every question here.
    pub fn root_at(&self, size: u64) -> Result<Option<Hash>, IndexError> {
        match self.base_of_seal(size.saturating_sub(1)) {
            Some(base) if size > 0 => base.root_at(size).map(Some),
            _ => Ok(self.seals.root_at(size)),
        }
    }

    /// The root the log will have with one more seal.
    pub fn root_with(&self, seal_leaf: Hash) -> Hash {
        let mut next = self.frontier.clone();
        next.push(seal_leaf);
        next.root()
    }

    /// The index of the seal whose bytes 0..120 hash to `message`.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn index_of_seal(&self, message: &Sha256Bytes) -> Result<Option<u64>, IndexError> {
        let Some(base) = &self.base else { return Ok(self.seals.index_of(message)) };
        for number in base.found(&Sought::Seal(message))? {
            let index = base.entry(number)?.index;
            if base.sealing(index)?.message == *message {
                return Ok(Some(index));
            }
        }
        Ok(self.seals.index_of(message))
    }

    /// Who sealed what at an index; none beyond the log, and none where a proof does not disclose
    /// it.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn sealing(&self, index: u64) -> Result<Option<Sealing>, IndexError> {
        match self.base_of_seal(index) {
            Some(base) => base.sealing(index).map(Some),
            None => Ok(self.seals.at(index).cloned()),
        }
    }

    /// The key that sealed the submission at `index`.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn key_at(&self, index: u64) -> Result<Option<PublicKey>, IndexError> {
        Ok(self.sealing(index)?.map(|sealing| sealing.key))
    }

    /// How many statements there are, those that no longer hold too.
    pub const fn statements(&self) -> usize {
        self.tail.end()
    }

    /// The statement with a number, counted from 0 in log order.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn entry_at(&self, number: usize) -> Result<Option<Cow<'_, Entry>>, IndexError> {
        match self.base_of(number) {
            Some(base) => base.entry(number).map(|entry| Some(Cow::Owned(entry))),
            None => Ok(self.tail.get(number).map(Cow::Borrowed)),
        }
    }

    /// Statements with these numbers, in log order.
    pub fn entries(
        &self,
        numbers: Range<usize>,
    ) -> impl Iterator<Item = Result<Cow<'_, Entry>, IndexError>> + '_ {
        let first = self.tail.first();
        let early = numbers.start.min(first)..numbers.end.min(first);
        let base = self.base.iter().flat_map(move |base| base.entries(early.clone()));
        let late = numbers.start.max(first) - first..numbers.end.min(self.tail.end()).max(first) - first;
        let late = self.tail.entries().get(late).unwrap_or_default().iter();
        base.map(|entry| entry.map(Cow::Owned)).chain(late.map(|entry| Ok(Cow::Borrowed(entry))))
    }

    /// Every statement in log order.
    pub fn all_entries(&self) -> impl Iterator<Item = Result<Cow<'_, Entry>, IndexError>> + '_ {
        self.entries(0..self.statements())
    }

    /// The number of the first statement at or behind the seal with an index.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn first_of(&self, index: u64) -> Result<usize, IndexError> {
        match self.base_of_seal(index) {
            Some(base) => base.first_of(index),
            None => {
                let tail = self.tail.entries();
                Ok(self.tail.first() + tail.partition_point(|entry| entry.index < index))
            }
        }
    }

    /// A statement's place and subject, and its number in log order.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn entry(&self, id: &StatementId) -> Result<Option<(usize, Cow<'_, Entry>)>, IndexError> {
        if let Some(number) = self.tail.number_of(id) {
            return Ok(self.tail.get(number).map(|entry| (number, Cow::Borrowed(entry))));
        }
        let Some(base) = &self.base else { return Ok(None) };
        for number in base.found(&Sought::Statement(id))? {
            let entry = base.entry(number)?;
            if entry.id == *id {
                return Ok(Some((number, Cow::Owned(entry))));
            }
        }
        Ok(None)
    }

    /// The numbers of all statements that are found by this, ascending, whether they hold or not:
    /// all of them, and perhaps some of others.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn found(&self, sought: &Sought<'_>) -> Result<Vec<usize>, IndexError> {
        let mut found = match &self.base {
            Some(base) => base.found(sought)?,
            None => Vec::new(),
        };
        match sought {
            Sought::Statement(id) => found.extend(self.tail.number_of(id)),
            Sought::Subject(kind, subject) => found.extend(self.tail.newest(&(*kind, **subject))),
            _ => found.extend(self.tail.filed(sought.tag())),
        }
        Ok(found)
    }

    /// Statements of a type in log order, whether they hold or not. Activities are not listed by
    /// type.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn of_kind(&self, kind: StatementKind) -> Result<Vec<(usize, Entry)>, IndexError> {
        let mut all = Vec::new();
        for number in self.found(&Sought::Kind(kind))? {
            all.extend(self.entry_at(number)?.filter(|e| e.kind == kind).map(|e| (number, e.into_owned())));
        }
        Ok(all)
    }

    /// What a statement says that admission needs again; none where its text was taken out, and
    /// none of the types whose text it does not need.
    pub(super) fn body(&self, number: usize) -> Result<Option<Arc<Statement>>, IndexError> {
        match self.base_of(number) {
            Some(base) => base.body(number),
            None => Ok(self.tail.body(number).cloned()),
        }
    }

    /// What ended a statement; nothing while it counts.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn ended(&self, id: &StatementId) -> Result<Option<Ended>, IndexError> {
        if let Some(ended) = self.ended.of(id) {
            return Ok(Some(ended));
        }
        let Some(base) = &self.base else { return Ok(None) };
        match self.entry(id)? {
            Some((number, _)) if number < base.statements() => base.ended(number),
            _ => Ok(None),
        }
    }

    /// As [`Self::ended`], of a statement whose number is known.
    pub(super) fn ended_at(&self, number: usize, id: &StatementId) -> Result<Option<Ended>, IndexError> {
        match (self.ended.of(id), self.base_of(number)) {
            (Some(ended), _) => Ok(Some(ended)),
            (None, Some(base)) => base.ended(number),
            (None, None) => Ok(None),
        }
    }

    /// Why a statement no longer counts; none while it does.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn death(&self, id: &StatementId) -> Result<Option<Death>, IndexError> {
        Ok(self.ended(id)?.map(|ended| ended.death))
    }

    /// Every statement that no longer counts, with what ended it, in the order in which they ended.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn all_ended(&self) -> Result<Vec<(StatementId, Ended)>, IndexError> {
        let mut all = Vec::new();
        if let Some(base) = &self.base {
            for (number, ended) in base.all_ended()? {
                all.push((base.entry(number)?.id, ended));
            }
        }
        all.extend(self.ended.iter());
        Ok(all)
    }

    /// True where the statement with a number was in the log and counted when that had `size`
    /// seals.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn held_at(&self, number: usize, entry: &Entry, size: u64) -> Result<bool, IndexError> {
        Ok(entry.index < size && self.ended_at(number, &entry.id)?.is_none_or(|ended| ended.since >= size))
    }

    /// True where the statement with a number counts.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn holds_at(&self, number: usize) -> Result<bool, IndexError> {
        match self.entry_at(number)? {
            Some(entry) => Ok(self.ended_at(number, &entry.id)?.is_none()),
            None => Ok(false),
        }
    }

    /// True where the statement is in the log and still counts.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn holds(&self, id: &StatementId) -> Result<bool, IndexError> {
        match self.entry(id)? {
            Some((number, _)) => Ok(self.ended_at(number, id)?.is_none()),
            None => Ok(false),
        }
    }

    /// The base, where the statement with a number lies in it.
    pub(super) fn base_of(&self, number: usize) -> Option<&dyn Index> {
        self.base.as_deref().filter(|_| number < self.tail.first())
    }

    /// The base, where the seal with an index lies in it.
    fn base_of_seal(&self, index: u64) -> Option<&dyn Index> {
        self.base.as_deref().filter(|base| index < base.frontier().size())
    }
}
