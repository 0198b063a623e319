//! The statements behind the last one that the index beneath holds: all of them in memory, found by
//! number and by key. With no index beneath these are all statements there are.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::hashed::Spread;
use super::numbers::Numbers;
use super::{Entry, Fact, Makes, Sought};
use crate::codec::digest::Sha256Bytes;
use crate::model::{Statement, StatementId, StatementKind};

/// Statements from a number on.
#[derive(Debug, Clone, Default)]
pub(super) struct Tail {
    /// The number of the first.
    first: usize,
    entries: Vec<Entry>,
    /// What each of them puts out, and the tags that only its text tells.
    texts: Vec<(Makes, Vec<u64>)>,
    by_id: Numbers,
    /// The newest about a subject, by its type and subject, whether it holds or not.
    newest: Numbers,
    filed: HashMap<u64, Filed, Spread>,
    /// The statements whose text admission needs again.
    bodies: BTreeMap<usize, Arc<Statement>>,
}

/// Statements under one tag, ascending. Nearly always it is one.
#[derive(Debug, Clone)]
enum Filed {
    One(u32),
    Several(Vec<u32>),
}

impl Filed {
    fn as_slice(&self) -> &[u32] {
        match self {
            Self::One(number) => std::slice::from_ref(number),
            Self::Several(numbers) => numbers,
        }
    }

    fn push(&mut self, number: u32) {
        match self {
            Self::One(first) => *self = Self::Several(vec![*first, number]),
            Self::Several(numbers) => numbers.push(number),
        }
    }
}

impl Tail {
    /// None yet; the first will have this number.
    pub fn from(first: usize) -> Self {
        Self { first, ..Self::default() }
    }

    /// Makes room.
    pub fn reserve(&mut self, statements: usize) {
        self.by_id.reserve(statements);
        self.newest.reserve(statements);
    }

    /// The number of its first statement.
    pub const fn first(&self) -> usize {
        self.first
    }

    /// The number behind its last statement.
    pub const fn end(&self) -> usize {
        self.first + self.entries.len() // OK because statements are counted in 32 bits
    }

    /// Its statements.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// The statement with a number, if it is here.
    pub fn get(&self, number: usize) -> Option<&Entry> {
        self.entries.get(number.checked_sub(self.first)?)
    }

    /// The tags of the statement with a number that only its text tells; none where it is not here.
    pub fn text_tags(&self, number: usize) -> &[u64] {
        let place = number.checked_sub(self.first);
        place.and_then(|place| self.texts.get(place)).map_or(&[], |(_, tags)| tags)
    }

    /// What the statement with a number puts out; nothing where it is not here.
    pub fn makes(&self, number: usize) -> &Makes {
        let place = number.checked_sub(self.first);
        place.and_then(|place| self.texts.get(place)).map_or(&Makes::Nothing, |(makes, _)| makes)
    }

    /// The number of the statement with an id, if it is here.
    pub fn number_of(&self, id: &StatementId) -> Option<usize> {
        self.by_id.find(id, |n| self.get(n).is_some_and(|entry| entry.id == *id))
    }

    /// The number of the newest statement of a type about a subject, if it is here.
    pub fn newest(&self, about: &(StatementKind, Sha256Bytes)) -> Option<usize> {
        self.newest.find(about, |n| self.get(n).is_some_and(|entry| entry.is_about(about)))
    }

    /// The numbers under a tag, ascending.
    pub fn filed(&self, tag: u64) -> impl DoubleEndedIterator<Item = usize> {
        self.filed.get(&tag).map(Filed::as_slice).unwrap_or_default().iter().map(|number| *number as usize)
    }

    /// Each tag with its numbers from `from` up to `end`, in no order.
    pub fn all_filed(&self, from: usize, end: usize) -> impl Iterator<Item = (u64, u32)> {
        let inside = move |number: &&u32| (from..end).contains(&(**number as usize));
        self.filed.iter().flat_map(move |(tag, filed)| {
            filed.as_slice().iter().filter(inside).map(move |number| (*tag, *number))
        })
    }

    /// What the statement with a number says, where admission needs it again and its text is there.
    pub fn body(&self, number: usize) -> Option<&Arc<Statement>> {
        self.bodies.get(&number)
    }

    /// What the statements say from a number on whose text admission needs again.
    pub fn bodies(&self, first: usize) -> impl Iterator<Item = (usize, Arc<Statement>)> + '_ {
        self.bodies.range(first..).map(|(number, body)| (*number, Arc::clone(body)))
    }

    /// Forgets what a statement says: its text was taken out.
    pub fn forget_body(&mut self, number: usize) {
        self.bodies.remove(&number);
    }

    /// Makes the statements be found that are about to be pushed. Two short loops: the places of
    /// many are fetched from memory at the same time.
    pub fn number(&mut self, facts: &[Fact]) {
        let first = self.end();
        let Self { first: start, entries, .. } = self;
        let here = |number: usize| match number.checked_sub(first) {
            None => entries.get(number.checked_sub(*start)?),
            Some(new) => facts.get(new).map(|fact| &fact.entry),
        };
        for (number, Fact { entry, .. }) in (first..).zip(facts) {
            self.by_id.put(&entry.id, number, |n| here(n).is_some_and(|other| other.id == entry.id));
        }
        for (number, Fact { entry, .. }) in (first..).zip(facts) {
            let about = (entry.kind, entry.subject);
            self.newest.put(&about, number, |n| here(n).is_some_and(|other| other.is_about(&about)));
        }
    }

    /// Puts a statement behind the last, under everything that it is found by.
    pub fn push(&mut self, fact: Fact) -> usize {
        let number = self.end();
        let Fact { entry, body, makes, tags, reading: _ } = fact;
        for product in makes.as_slice() {
            self.file(Sought::tag_of_made(product), number);
        }
        tags.iter().for_each(|tag| self.file(*tag, number));
        if entry.kind != StatementKind::Activity {
            self.file(Sought::Kind(entry.kind).tag(), number);
        }
        if let Some(body) = body {
            self.bodies.insert(number, body);
        }
        self.entries.push(entry);
        self.texts.push((makes, tags));
        number
    }

    fn file(&mut self, tag: u64, number: usize) {
        let number = u32::try_from(number).unwrap_or(u32::MAX); // OK: more than this are refused, or memory ends long before
        self.filed.entry(tag).and_modify(|filed| filed.push(number)).or_insert(Filed::One(number));
    }

    /// Forgets the statements before a number: an index beneath has them now.
    pub fn forget_before(&mut self, number: usize) {
        let gone = number.saturating_sub(self.first).min(self.entries.len());
        self.entries.drain(..gone);
        self.texts.drain(..gone);
        self.first += gone;
        let first = self.first;
        self.by_id.forget_before(first);
        self.newest.forget_before(first);
        self.bodies = self.bodies.split_off(&first);
        self.filed.retain(|_, filed| match filed {
            Filed::One(number) => *number as usize >= first,
            Filed::Several(numbers) => {
                numbers.retain(|number| *number as usize >= first);
                !numbers.is_empty()
            }
        });
    }
}
