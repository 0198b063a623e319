//! Every statement of a log in its order: where it stands and what it speaks of.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::Entry;
use super::shelf::{Pile, Record, Records, Shelf};
use crate::model::{ActorId, StatementId, StatementKind};

/// Statements with their places and subjects, in log order.
#[derive(Debug, Clone, Default)]
pub struct Entries(Pile<Entry>);

impl Entries {
    /// None yet, on a shelf where there is one.
    pub(super) fn on(shelf: Option<&Arc<dyn Shelf>>) -> Self {
        Self(Pile::on(shelf))
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// True before the first.
    pub const fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The one with this number, from 0.
    pub fn get(&self, number: usize) -> Option<Cow<'_, Entry>> {
        self.0.get(number)
    }

    /// The last.
    pub fn last(&self) -> Option<&Entry> {
        self.0.last()
    }

    /// All of them.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = Cow<'_, Entry>> {
        self.0.iter()
    }

    /// Those from a number on.
    pub fn from(&self, number: usize) -> impl Iterator<Item = Cow<'_, Entry>> {
        self.0.range(number..usize::MAX)
    }

    /// The number of the first for which `before` does not hold; it must hold for all before that one and for none after.
    pub fn partition_point(&self, before: impl Fn(&Entry) -> bool) -> usize {
        self.0.partition_point(before)
    }

    /// Puts one behind the last.
    pub(super) fn push(&mut self, entry: Entry) {
        self.0.push(entry);
    }
}

/// Entries in log order.
#[derive(Debug)]
pub struct EachEntry<'e>(Records<'e, Entry>);

impl<'e> Iterator for EachEntry<'e> {
    type Item = Cow<'e, Entry>;

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next()
    }
}

impl<'e> IntoIterator for &'e Entries {
    type Item = Cow<'e, Entry>;
    type IntoIter = EachEntry<'e>;

    fn into_iter(self) -> EachEntry<'e> {
        EachEntry(self.0.iter())
    }
}

/// Who says something, by numbers.
#[derive(Debug, Clone, Default)]
pub struct Names {
    actors: Vec<ActorId>,
    numbers: BTreeMap<ActorId, u32>,
}

impl Names {
    fn number(&mut self, actor: &ActorId) -> u32 {
        if let Some(number) = self.numbers.get(actor) {
            return *number;
        }
        let number = u32::try_from(self.actors.len()).unwrap_or(u32::MAX); // OK: memory ends long before
        self.actors.push(actor.clone());
        self.numbers.insert(actor.clone(), number);
        number
    }
}

/// Id, subject, what it replaces or zeros, index, ordinal, actor, type, and whether it replaces something.
impl Record for Entry {
    const BYTES: usize = 32 + 32 + 32 + 8 + 4 + 4 + 1 + 1;
    type Names = Names;

    fn write(&self, names: &mut Names, into: &mut Vec<u8>) {
        let replaces = self.replaces.as_deref().map_or([0; 32], |id| *id.as_bytes());
        into.extend_from_slice(self.id.as_bytes());
        into.extend_from_slice(&self.subject);
        into.extend_from_slice(&replaces);
        into.extend_from_slice(&self.index.to_le_bytes());
        into.extend_from_slice(&self.ordinal.to_le_bytes());
        into.extend_from_slice(&names.number(&self.by).to_le_bytes());
        into.extend([self.kind as u8, u8::from(self.replaces.is_some())]);
    }

    fn read(bytes: &[u8], names: &Names) -> Option<Self> {
        let (id, rest) = bytes.split_first_chunk::<32>()?;
        let (subject, rest) = rest.split_first_chunk::<32>()?;
        let (replaces, rest) = rest.split_first_chunk::<32>()?;
        let (index, rest) = rest.split_first_chunk::<8>()?;
        let (ordinal, rest) = rest.split_first_chunk::<4>()?;
        let (by, rest) = rest.split_first_chunk::<4>()?;
        let [kind, replaces_some] = rest else { return None };
        let by = usize::try_from(u32::from_le_bytes(*by)).ok()?;
        Some(Self {
            id: StatementId::from_bytes(*id),
            kind: *StatementKind::ALL.get(usize::from(*kind))?,
            by: names.actors.get(by)?.clone(),
            index: u64::from_le_bytes(*index),
            ordinal: u32::from_le_bytes(*ordinal),
            replaces: (*replaces_some == 1).then(|| Box::new(StatementId::from_bytes(*replaces))),
            subject: *subject,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_the_same_when_it_is_read_again() {
        let mut names = Names::default();
        let mut bytes = Vec::new();
        let mut all = Vec::new();
        for (n, kind) in (0_u8..).zip(StatementKind::ALL) {
            for replaces in [None, Some(Box::new(StatementId::from_bytes([n + 40; 32])))] {
                all.push(Entry {
                    id: StatementId::from_bytes([n; 32]),
                    kind: *kind,
                    by: if n % 2 == 0 { ActorId::operator() } else { ActorId::recovery() },
                    index: u64::MAX - u64::from(n),
                    ordinal: u32::from(n),
                    replaces,
                    subject: [n + 80; 32],
                });
            }
        }
        all.iter().for_each(|entry| entry.write(&mut names, &mut bytes));
        let again: Option<Vec<Entry>> =
            bytes.chunks_exact(Entry::BYTES).map(|bytes| Entry::read(bytes, &names)).collect();
        assert_eq!((again, bytes.len()), (Some(all.clone()), all.len() * Entry::BYTES));
        assert_eq!(Entry::read(&bytes[1..], &names), None);
    }
}
