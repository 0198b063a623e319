//! What held at a log size, folded into a state: entries, root, and paths.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::entry::{EntryKind, StateEntry, Value, key_of, set_of};
use crate::codec::digest::Sha256Bytes;
use crate::merkle::{Hash, MerkleError, inclusion_proof, root};
use crate::model::{Digest, FootprintId, StatementId, StatementKind};
use crate::rules::hashed::ByHash;
use crate::rules::{Book, Entry};

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

/// Entries as they are found.
#[derive(Default)]
struct Found {
    entries: Vec<StateEntry>,
    sets: BTreeMap<(EntryKind, Sha256Bytes), BTreeSet<StatementId>>,
}

impl Found {
    fn add(&mut self, kind: EntryKind, key: Sha256Bytes, value: Value) {
        self.entries.push(StateEntry { kind, key, value });
    }

    fn add_set(&mut self, kind: EntryKind, key: Sha256Bytes, ids: BTreeSet<StatementId>) {
        self.add(kind, key, set_of(&ids));
        self.sets.insert((kind, key), ids);
    }

    fn into_tree(mut self) -> StateTree {
        self.entries.sort_unstable_by_key(StateEntry::place);
        let leaves = self.entries.iter().map(StateEntry::leaf).collect();
        StateTree { entries: self.entries, leaves, sets: self.sets }
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
        let count = self.entries.partition_point(|entry| entry.index < size);
        let dead = self.dead_at(size);
        let (mut authorities, mut actors) = (BTreeSet::new(), BTreeMap::new());
        for entry in self.entries.iter().take(count) {
            match entry.kind {
                StatementKind::Ledger | StatementKind::Authority => drop(authorities.insert(entry.id)),
                // Its subject is the actor's id.
                StatementKind::Actor => drop(actors.insert(entry.subject, entry.id)),
                _ => {}
            }
        }
        let mut found = Found::default();
        if let Some(ledger) = self.ledger_id.filter(|_| !authorities.is_empty()) {
            found.add_set(EntryKind::Authority, key_of(&ledger), authorities);
        }
        for (id, cause) in &dead {
            found.add(EntryKind::Dead, key_of(id), Value::Statement(*cause));
        }
        for (earlier, (later, footprint)) in self.followed_at(count, &dead) {
            found.add(EntryKind::Followed, key_of(&earlier), Value::Publication(later, footprint.clone()));
        }
        for (product, made) in self.made_at(count, &dead) {
            found.add_set(EntryKind::Product, key_of(&product), made);
        }
        for (key, id) in actors {
            found.add(EntryKind::Actor, key, Value::Statement(id));
        }
        found.into_tree()
    }

    /// The statements that no longer held at a size, with what ended them. The first cause counts, so what came later changes nothing.
    fn dead_at(&self, size: u64) -> BTreeMap<StatementId, StatementId> {
        let before = |id: &StatementId| self.entry(id).is_some_and(|(_, entry)| entry.index < size);
        let ended = self.dead.iter().map(|(id, death)| (*id, death.cause()));
        ended.filter(|(id, cause)| before(id) && before(cause)).collect()
    }

    /// Publications among the first `count` entries, with the newest final one that follows them and holds.
    fn followed_at(
        &self,
        count: usize,
        dead: &BTreeMap<StatementId, StatementId>,
    ) -> Vec<(StatementId, (StatementId, &FootprintId))> {
        // Later ones take the place of earlier ones.
        let mut newest: ByHash<Sha256Bytes, (StatementId, &FootprintId)> = ByHash::default();
        for published in &self.ground.finals {
            if let Some(later) = self.holding(published.number, count, dead) {
                let it = (later.id, &published.footprint);
                newest.extend(published.follows.iter().map(|earlier| (*earlier, it)));
            }
        }
        let published =
            self.entries.iter().take(count).filter(|entry| entry.kind == StatementKind::Publication);
        published.filter_map(|entry| Some((entry.id, *newest.get(&entry.subject)?))).collect()
    }

    /// Among the first `count` entries the one with this number, where it is not dead.
    fn holding(
        &self,
        number: usize,
        count: usize,
        dead: &BTreeMap<StatementId, StatementId>,
    ) -> Option<&Entry> {
        self.entries.get(number).filter(|entry| number < count && !dead.contains_key(&entry.id))
    }

    /// Product statements that hold, with the activity statements that hold and put the product out under any of its ids.
    fn made_at(
        &self,
        count: usize,
        dead: &BTreeMap<StatementId, StatementId>,
    ) -> Vec<(StatementId, BTreeSet<StatementId>)> {
        let holding = |number: usize| self.holding(number, count, dead);
        let mut by_product: HashMap<u32, Vec<StatementId>> = HashMap::new();
        for (number, product) in self.ground.made_before(count) {
            if let Some(entry) = holding(number) {
                by_product.entry(product).or_default().push(entry.id);
            }
        }
        let declared = self.ground.declared.iter();
        let declared = declared.filter_map(|(number, ids)| Some((holding(*number)?, ids)));
        let made =
            |ids: &Vec<u32>| ids.iter().filter_map(|id| by_product.get(id)).flatten().copied().collect();
        declared.map(|(entry, ids)| (entry.id, made(ids))).collect()
    }
}
