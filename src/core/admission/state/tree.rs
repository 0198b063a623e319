//! What held at a log size, folded into a state: entries, root, and paths.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::entry::{EntryKind, StateEntry, Value, key_of, set_of_sorted};
use super::ground::Entered;
use crate::admission::Book;
use crate::admission::hashed::ByHash;
use crate::admission::shelf::Sorted;
use crate::codec::digest::Sha256Bytes;
use crate::merkle::{Frontier, Hash, MerkleError, inclusion_proof, root};
use crate::model::{Digest, FootprintId, StatementId};

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
    /// The state statements by the log size that they speak of, each with its root.
    pub const fn states(&self) -> &BTreeMap<u64, (StatementId, Digest)> {
        self.ground.states()
    }

    /// Activities from this number among [`Self::entries`] on, ascending, each with SHA-256 of a product that it puts out, in its order.
    pub fn made_from(&self, number: usize) -> impl Iterator<Item = (usize, &Sha256Bytes)> {
        self.ground.made_from(number)
    }

    /// What held at a size of the log, whatever came since. Needs the whole log: a book of a proof's part has no state of its own.
    ///
    /// Of a size beyond the present one it is the present state.
    pub fn state_at(&self, size: u64) -> StateTree {
        let mut kept = Keeping::default();
        self.tell_state(size, &mut kept);
        let leaves = kept.entries.iter().map(StateEntry::leaf).collect();
        StateTree { entries: kept.entries, leaves, sets: kept.sets }
    }

    /// The root of [`Self::state_at`].
    pub fn state_root_at(&self, size: u64) -> Hash {
        let mut kept = Rooting(Frontier::new());
        self.tell_state(size, &mut kept);
        kept.0.root()
    }

    fn tell_state(&self, size: u64, hearer: &mut dyn Hearer) {
        let count = self.entries.partition_point(|entry| entry.index < size);
        let (ground, before) = (&self.ground, |entered: &&Entered| entered.number < count);
        let mut authorities: Vec<StatementId> =
            ground.authorities.iter().take_while(before).map(|entered| entered.id).collect();
        if let Some(ledger) = self.ledger_id.filter(|_| !authorities.is_empty()) {
            authorities.sort_unstable();
            tell_set(EntryKind::Authority, key_of(&ledger), authorities.iter().copied(), hearer);
        }
        let tell = |kind, key, value, hearer: &mut dyn Hearer| hearer.entry(StateEntry { kind, key, value });
        for [key, cause] in self.dead_at(size).iter().map(|record| halves(&record)) {
            tell(EntryKind::Dead, key, Value::Statement(StatementId::from_bytes(cause)), hearer);
        }
        for (key, (later, footprint)) in self.followed_at(count, size) {
            tell(EntryKind::Followed, key, Value::Publication(later, footprint.clone()), hearer);
        }
        self.tell_products(count, size, hearer);
        // Later ones take the place of earlier ones; the subject is the actor's id.
        let actors = ground.actors.iter().take_while(before).map(|entered| (entered.subject, entered.id));
        for (key, id) in actors.collect::<BTreeMap<_, _>>() {
            tell(EntryKind::Actor, key, Value::Statement(id), hearer);
        }
    }

    /// The statements that no longer held at a size, by their keys, each with what ended it. The first cause counts, so what came later
    /// changes nothing.
    fn dead_at(&self, size: u64) -> Sorted<64> {
        let mut sorted = Sorted::on(self.shelf.as_ref());
        for dead in self.dead.iter().take_while(|dead| dead.since < size) {
            sorted.push(whole(&key_of(&dead.id), dead.death.cause().as_bytes()));
        }
        sorted.sort();
        sorted
    }

    /// Publications among the first `count` entries by their keys, with the newest final one that follows them and holds.
    fn followed_at(&self, count: usize, size: u64) -> BTreeMap<Sha256Bytes, (StatementId, &FootprintId)> {
        // Later ones take the place of earlier ones.
        let mut newest: ByHash<Sha256Bytes, (StatementId, &FootprintId)> = ByHash::default();
        for published in &self.ground.finals {
            if let Some(later) = self.holding(published.number, count, size) {
                let it = (later, &published.footprint);
                newest.extend(published.follows.iter().map(|earlier| (*earlier, it)));
            }
        }
        let published = self.ground.publications.iter().take_while(|entered| entered.number < count);
        published.filter_map(|entered| Some((key_of(&entered.id), *newest.get(&entered.subject)?))).collect()
    }

    /// Product statements that hold, by their keys, with the activity statements that hold and put the product out under any of its ids.
    fn tell_products(&self, count: usize, size: u64, hearer: &mut dyn Hearer) {
        // Of each number of a product, the statements that have it among their ids; of each of these, what is made.
        let (mut declared, mut by_product) = (BTreeSet::new(), HashMap::<u32, Vec<Sha256Bytes>>::new());
        for (number, ids) in &self.ground.declared {
            if let Some(id) = self.holding(*number, count, size) {
                declared.insert(key_of(&id));
                ids.iter().for_each(|product| by_product.entry(*product).or_default().push(key_of(&id)));
            }
        }
        let mut sorted = Sorted::<64>::on(self.shelf.as_ref());
        let mut made = self.ground.made_before(count).peekable();
        let first = made.peek().map_or(0, |(number, _)| *number);
        for (number, entry) in (first..count).zip(self.entries.from(first)) {
            let mut held = None;
            while let Some((_, product)) = made.next_if(|(activity, _)| *activity == number) {
                let Some(keys) = by_product.get(&product) else { continue };
                if *held.get_or_insert_with(|| self.held_at(&entry, size)) {
                    keys.iter().for_each(|key| sorted.push(whole(key, entry.id.as_bytes())));
                }
            }
        }
        sorted.sort();
        let mut made = sorted.iter().map(|record| halves(&record)).peekable();
        for key in declared {
            let ids = std::iter::from_fn(|| made.next_if(|[product, _]| *product == key));
            tell_set(EntryKind::Product, key, ids.map(|[_, id]| StatementId::from_bytes(id)), hearer);
        }
    }

    /// The id of the entry with this number, where it is among the first `count` and held at `size`.
    fn holding(&self, number: usize, count: usize, size: u64) -> Option<StatementId> {
        let entry = self.entries.get(number).filter(|entry| number < count && self.held_at(entry, size))?;
        Some(entry.id)
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

fn whole(first: &Sha256Bytes, second: &[u8; 32]) -> [u8; 64] {
    let mut both = [0; 64];
    let (left, right) = both.split_at_mut(32);
    left.copy_from_slice(first);
    right.copy_from_slice(second);
    both
}

fn halves(both: &[u8; 64]) -> [[u8; 32]; 2] {
    let (mut first, mut second) = ([0; 32], [0; 32]);
    first.copy_from_slice(&both[..32]);
    second.copy_from_slice(&both[32..]);
    [first, second]
}
