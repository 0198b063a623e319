//! What held at a log size, folded into a state: entries, root, and paths.

use std::collections::{BTreeMap, BTreeSet};

use super::entry::{EntryKind, StateEntry, Value, key_of, set_of_sorted};
use crate::admission::hashed::ByHash;
use crate::admission::{Book, Death, Entry, IndexError, Sought};
use crate::codec::digest::{Sha256Bytes, sha256};
use crate::codec::tags_of;
use crate::merkle::{Frontier, Hash, MerkleError, inclusion_proof, root};
use crate::model::{FootprintId, Process, ProductTag, Statement, StatementId, StatementKind};

/// Activities that are put in order at one time: 40 bytes each.
const GROUP_MAX: usize = 1 << 20;

/// The state at one log size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateTree {
    entries: Vec<StateEntry>,
    leaves: Vec<Hash>,
    sets: BTreeMap<(EntryKind, Sha256Bytes), BTreeSet<StatementId>>,
}

impl StateTree {
    /// The root that a state statement names.
    pub fn root(&self) -> Hash {
        root(&self.leaves)
    }

    /// Every entry, in order.
    pub fn entries(&self) -> &[StateEntry] {
        &self.entries
    }

    /// Where the entries are that show what the state says of a subject: its own, or where it has none the two between which it would stand,
    /// of which an end of the list has one only.
    pub fn around(&self, kind: EntryKind, key: &Sha256Bytes) -> Vec<usize> {
        match self.entries.binary_search_by(|entry| entry.place().cmp(&(kind, *key))) {
            Ok(at) => vec![at],
            Err(at) => (at.saturating_sub(1)..=at).filter(|n| *n < self.entries.len()).collect(),
        }
    }

    /// The statements of an entry whose value is a set; none of another one.
    pub fn set(&self, entry: &StateEntry) -> Option<&BTreeSet<StatementId>> {
        self.sets.get(&entry.place())
    }

    /// The statements of the set that speaks of something; none where there is no such set.
    pub fn set_of(&self, kind: EntryKind, key: Sha256Bytes) -> Option<&BTreeSet<StatementId>> {
        self.sets.get(&(kind, key))
    }

    /// The path from an entry to the root.
    ///
    /// # Errors
    /// [`MerkleError::IndexOutOfRange`] for a place that has no entry.
    pub fn path(&self, at: usize) -> Result<Vec<Hash>, MerkleError> {
        // OK because a usize has at most 64 bits.
        inclusion_proof(&self.leaves, at as u64, self.leaves.len() as u64)
    }
}

/// Hears of a state's entries in their order.
trait Hearer {
    /// A statement of the set that the next entry is; ascending, each once.
    fn of_set(&mut self, id: &StatementId);

    /// An entry.
    fn entry(&mut self, entry: StateEntry);
}

/// Keeps everything.
#[derive(Default)]
struct Keeping {
    entries: Vec<StateEntry>,
    set: BTreeSet<StatementId>,
    sets: BTreeMap<(EntryKind, Sha256Bytes), BTreeSet<StatementId>>,
}

impl Hearer for Keeping {
    fn of_set(&mut self, id: &StatementId) {
        self.set.insert(*id);
    }

    fn entry(&mut self, entry: StateEntry) {
        if matches!(entry.value, Value::Set { .. }) {
            self.sets.insert(entry.place(), std::mem::take(&mut self.set));
        }
        self.entries.push(entry);
    }
}

/// Keeps only what the root needs.
struct Rooting(Frontier);

impl Hearer for Rooting {
    fn of_set(&mut self, _: &StatementId) {}

    fn entry(&mut self, entry: StateEntry) {
        self.0.push(entry.leaf());
    }
}

impl Book {
    /// What held at a size of the log, whatever came since. Needs the whole log: a book of a proof's part has no state of its own.
    ///
    /// Of a size beyond the present one it is the present state.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn state_at(&self, size: u64) -> Result<StateTree, IndexError> {
        let mut kept = Keeping::default();
        self.tell_state(size, &mut kept)?;
        let leaves = kept.entries.iter().map(StateEntry::leaf).collect();
        Ok(StateTree { entries: kept.entries, leaves, sets: kept.sets })
    }

    /// The root of [`Self::state_at`].
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn state_root_at(&self, size: u64) -> Result<Hash, IndexError> {
        let mut kept = Rooting(Frontier::new());
        self.tell_state(size, &mut kept)?;
        Ok(kept.0.root())
    }

    fn tell_state(&self, size: u64, hearer: &mut dyn Hearer) -> Result<(), IndexError> {
        let past = Past { book: self, count: self.first_of(size)?, ended: self.ended_before(size)? };
        past.tell_authorities(hearer)?;
        let mut ended: Vec<_> = past.ended.iter().map(|(id, death)| (key_of(id), death.cause())).collect();
        ended.sort_unstable();
        for (key, cause) in ended {
            hearer.entry(StateEntry { kind: EntryKind::Dead, key, value: Value::Statement(cause) });
        }
        for (key, (later, footprint)) in past.followed()? {
            let value = Value::Publication(later, footprint);
            hearer.entry(StateEntry { kind: EntryKind::Followed, key, value });
        }
        past.tell_products(hearer)?;
        // Later ones take the place of earlier ones; the subject is the actor's id.
        let actors = past.of_kind(StatementKind::Actor)?;
        let actors: BTreeMap<_, _> = actors.iter().map(|(_, entry)| (entry.subject, entry.id)).collect();
        for (key, id) in actors {
            hearer.entry(StateEntry { kind: EntryKind::Actor, key, value: Value::Statement(id) });
        }
        Ok(())
    }

    /// The statements that no longer held at a size, each with what ended it. The first cause
    /// counts, so what came later changes nothing.
    fn ended_before(&self, size: u64) -> Result<ByHash<StatementId, Death>, IndexError> {
        let ended = self.all_ended()?.into_iter().filter(|(_, ended)| ended.since < size);
        Ok(ended.map(|(id, ended)| (id, ended.death)).collect())
    }
}

/// A book as it was at a log size.
struct Past<'a> {
    book: &'a Book,
    /// How many statements the log had.
    count: usize,
    ended: ByHash<StatementId, Death>,
}

/// A product statement that held.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Declared {
    key: Sha256Bytes,
    /// The tags of its product's ids.
    tags: Vec<ProductTag>,
    processes: Vec<Process>,
}

impl Past<'_> {
    /// The statements of a type that were there.
    fn of_kind(&self, kind: StatementKind) -> Result<Vec<(usize, Entry)>, IndexError> {
        let mut all = self.book.of_kind(kind)?;
        all.retain(|(number, _)| *number < self.count);
        Ok(all)
    }

    fn tell_authorities(&self, hearer: &mut dyn Hearer) -> Result<(), IndexError> {
        let mut all = self.of_kind(StatementKind::Ledger)?;
        all.extend(self.of_kind(StatementKind::Authority)?);
        let mut ids: Vec<StatementId> = all.iter().map(|(_, entry)| entry.id).collect();
        if let Some(ledger) = self.book.ledger_id().filter(|_| !ids.is_empty()) {
            ids.sort_unstable();
            tell_set(EntryKind::Authority, key_of(&ledger), ids.into_iter(), hearer);
        }
        Ok(())
    }

    /// Publications by their keys, with the newest final one that follows them and held.
    fn followed(&self) -> Result<BTreeMap<Sha256Bytes, (StatementId, FootprintId)>, IndexError> {
        let mut followed = BTreeMap::new();
        for (_, entry) in self.of_kind(StatementKind::Publication)? {
            let later = self.book.found(&Sought::Follows(&entry.subject))?;
            for number in later.into_iter().filter(|number| *number < self.count).rev() {
                let body = self.book.body(number)?;
                let Some(Statement::Publication(later)) = body.as_deref() else { continue };
                let follows = |id: &FootprintId| sha256(&[id.as_str().as_bytes()]) == entry.subject;
                let Some(by) = self.book.entry_at(number)? else { continue };
                if later.preceding.iter().any(follows) && !self.ended.contains_key(&by.id) {
                    followed.insert(key_of(&entry.id), (by.id, later.footprint.clone()));
                    break;
                }
            }
        }
        Ok(followed)
    }

    /// Product statements that held, by their keys, with the activity statements that held and put
    /// the product out, or are for it, under any of its ids.
    fn tell_products(&self, hearer: &mut dyn Hearer) -> Result<(), IndexError> {
        let mut declared: Vec<Declared> = Vec::new();
        for (number, entry) in self.of_kind(StatementKind::Product)? {
            let body = self.book.body(number)?;
            let Some(Statement::Product(product)) = body.as_deref() else { continue };
            if !self.ended.contains_key(&entry.id) {
                let (key, processes) = (key_of(&entry.id), product.processes.clone());
                let tags = tags_of(product).map(|(_, tag)| tag).collect();
                declared.push(Declared { key, tags, processes });
            }
        }
        declared.sort_unstable_by_key(|of| of.key);
        for group in self.groups(&declared)? {
            self.tell_group(group, hearer)?;
        }
        Ok(())
    }

    /// Neighbouring product statements, as many together as have [`GROUP_MAX`] activities.
    fn groups<'d>(&self, declared: &'d [Declared]) -> Result<Vec<&'d [Declared]>, IndexError> {
        let mut counts = vec![0_usize; declared.len()];
        self.each_made(declared, &mut |place, _| {
            if let Some(count) = counts.get_mut(place) {
                *count += 1;
            }
        })?;
        let (mut groups, mut rest, mut counts) = (Vec::new(), declared, counts.as_slice());
        while !rest.is_empty() {
            let mut sum = 0;
            let fits = |count: &&usize| {
                sum += **count;
                sum <= GROUP_MAX
            };
            let taken = counts.iter().take_while(fits).count().max(1);
            let (group, left) = rest.split_at(taken);
            groups.push(group);
            (rest, counts) = (left, counts.get(taken..).unwrap_or_default());
        }
        Ok(groups)
    }

    fn tell_group(&self, group: &[Declared], hearer: &mut dyn Hearer) -> Result<(), IndexError> {
        let mut made: Vec<(usize, usize)> = Vec::new();
        self.each_made(group, &mut |place, number| made.push((number, place)))?;
        made.sort_unstable();
        made.dedup();
        let first = made.first().map_or(0, |(number, _)| *number);
        let end = made.last().map_or(0, |(number, _)| *number + 1);
        let (mut ids, mut made) = (Vec::with_capacity(made.len()), made.into_iter().peekable());
        for (number, entry) in (first..).zip(self.book.entries(first..end)) {
            let entry = entry?;
            while let Some((_, place)) = made.next_if(|(activity, _)| *activity == number) {
                if !self.ended.contains_key(&entry.id) {
                    ids.push((place, entry.id));
                }
            }
        }
        ids.sort_unstable();
        let mut ids = ids.into_iter().peekable();
        for (place, declared) in group.iter().enumerate() {
            let own = std::iter::from_fn(|| ids.next_if(|(of, _)| *of == place));
            tell_set(EntryKind::Product, declared.key, own.map(|(_, id)| id), hearer);
        }
        Ok(())
    }

    /// Tells of every activity that was there and puts out a product: the place of the product, and
    /// the number of the activity.
    fn each_made(&self, declared: &[Declared], each: &mut dyn FnMut(usize, usize)) -> Result<(), IndexError> {
        let ids =
            declared.iter().enumerate().flat_map(|(place, of)| of.tags.iter().map(move |tag| (place, tag)));
        let mut tags: Vec<(u64, usize, &ProductTag)> =
            ids.map(|(place, tag)| (Sought::Makes(tag).tag(), place, tag)).collect();
        tags.sort_unstable();
        let mut found = Vec::new();
        self.book.found_all(&tags.iter().map(|(tag, ..)| *tag).collect::<Vec<_>>(), &mut |tag, number| {
            found.push((tag, number));
        })?;
        for (tag, number) in found.into_iter().filter(|(_, number)| *number < self.count) {
            let from = tags.partition_point(|(other, ..)| *other < tag);
            let same = tags.get(from..).unwrap_or_default().iter().take_while(|(other, ..)| *other == tag);
            // Two ids whose hashes begin alike: the activity itself tells which it is.
            let several = same.clone().map(|(.., id)| id).collect::<BTreeSet<_>>().len() > 1;
            for (_, place, id) in same {
                if !several || self.book.makes(number, id)? {
                    each(*place, number);
                }
            }
        }
        self.each_for_all(declared, each)
    }

    /// As [`Self::each_made`], of the readings of all that a process made.
    fn each_for_all(
        &self,
        declared: &[Declared],
        each: &mut dyn FnMut(usize, usize),
    ) -> Result<(), IndexError> {
        let mut tags: Vec<(u64, usize, &Process)> = Vec::new();
        for (place, of) in declared.iter().enumerate() {
            let tag = |process: &Process| Sought::ReadsAll(process.stage, &process.name).tag();
            tags.extend(of.processes.iter().map(|process| (tag(process), place, process)));
        }
        tags.sort_unstable_by_key(|(tag, place, _)| (*tag, *place));
        let mut found = Vec::new();
        let mut asked: Vec<u64> = tags.iter().map(|(tag, ..)| *tag).collect();
        asked.dedup();
        self.book.found_all(&asked, &mut |tag, number| found.push((tag, number)))?;
        for (tag, number) in found.into_iter().filter(|(_, number)| *number < self.count) {
            let Some(reading) = self.book.entry_at(number)? else { continue };
            let from = tags.partition_point(|(other, ..)| *other < tag);
            let same = tags.get(from..).unwrap_or_default().iter().take_while(|(other, ..)| *other == tag);
            let signed = same.filter(|(.., process)| process.signers.contains(&reading.by));
            signed.for_each(|(_, place, _)| each(*place, number));
        }
        Ok(())
    }
}

/// Tells of an entry that is a set of statements, which come sorted.
fn tell_set(
    kind: EntryKind,
    key: Sha256Bytes,
    sorted: impl Iterator<Item = StatementId>,
    hearer: &mut dyn Hearer,
) {
    let value = set_of_sorted(sorted, |id| hearer.of_set(id));
    hearer.entry(StateEntry { kind, key, value });
}
