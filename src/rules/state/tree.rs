//! What held at a log size, folded into a state: entries, root, and paths.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::entry::{EntryKind, StateEntry, Value, key_of, set_of};
use crate::codec::digest::Sha256Bytes;
use crate::merkle::{Hash, MerkleError, inclusion_proof, root};
use crate::model::{StatementId, StatementKind};
use crate::rules::hashed::ByHash;
use crate::rules::{Book, Entry};

/// The state at one log size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateTree {
    entries: Vec<StateEntry>,
    leaves: Vec<Hash>,
}

impl StateTree {
    fn new(mut entries: Vec<StateEntry>) -> Self {
        entries.sort_unstable_by_key(StateEntry::place);
        let leaves = entries.iter().map(StateEntry::leaf).collect();
        Self { entries, leaves }
    }

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

    /// The path from an entry to the root.
    ///
    /// # Errors
    /// [`MerkleError::IndexOutOfRange`] for a place that has no entry.
    pub fn path(&self, at: usize) -> Result<Vec<Hash>, MerkleError> {
        // OK because a usize has at most 64 bits.
        inclusion_proof(&self.leaves, at as u64, self.leaves.len() as u64)
    }
}

impl Book {
    /// What held at a size of the log, whatever came since. Needs the whole log: a book of a proof's part has no state of its own.
    ///
    /// Of a size beyond the present one it is the present state.
    pub fn state_at(&self, size: u64) -> StateTree {
        let count = self.entries.partition_point(|entry| entry.index < size);
        let entries = self.entries.get(..count).unwrap_or_default();
        let dead = self.dead_at(size);
        let (mut authorities, mut actors) = (Vec::new(), BTreeMap::new());
        for entry in entries {
            match entry.kind {
                StatementKind::Ledger | StatementKind::Authority => authorities.push(&entry.id),
                // Its subject is the actor's id.
                StatementKind::Actor => drop(actors.insert(entry.subject, entry.id)),
                _ => {}
            }
        }
        let mut all = Vec::new();
        let mut add = |kind, key, value| all.push(StateEntry { kind, key, value });
        if let Some(ledger) = self.ledger_id.filter(|_| !authorities.is_empty()) {
            add(EntryKind::Authority, key_of(&ledger), set_of(authorities));
        }
        for (id, cause) in &dead {
            add(EntryKind::Dead, key_of(id), Value::Statement(*cause));
        }
        for (earlier, later) in self.followed_at(entries, &dead) {
            add(EntryKind::Followed, key_of(&earlier), Value::Statement(later));
        }
        for (product, made) in self.made_at(entries, &dead) {
            add(EntryKind::Product, key_of(&product), set_of(&made));
        }
        for (key, id) in actors {
            add(EntryKind::Actor, key, Value::Statement(id));
        }
        StateTree::new(all)
    }

    /// The statements that no longer held at a size, with what ended them.
    fn dead_at(&self, size: u64) -> ByHash<StatementId, StatementId> {
        let before = |id: &StatementId| self.entry(id).is_some_and(|(_, entry)| entry.index < size);
        let ended = self.dead.iter().map(|(id, death)| (*id, death.cause()));
        ended.filter(|(id, cause)| before(id) && before(cause)).collect()
    }

    /// Publications with the newest final one that follows them and holds.
    fn followed_at(
        &self,
        entries: &[Entry],
        dead: &ByHash<StatementId, StatementId>,
    ) -> Vec<(StatementId, StatementId)> {
        // Later ones take the place of earlier ones.
        let mut newest: BTreeMap<Sha256Bytes, StatementId> = BTreeMap::new();
        for (number, earlier) in &self.follows {
            if let Some(later) = entries.get(*number).filter(|later| !dead.contains_key(&later.id)) {
                newest.insert(*earlier, later.id);
            }
        }
        let published = entries.iter().filter(|entry| entry.kind == StatementKind::Publication);
        published.filter_map(|entry| Some((entry.id, *newest.get(&entry.subject)?))).collect()
    }

    /// Product statements that hold, with the activity statements that hold and put the product out.
    fn made_at(
        &self,
        entries: &[Entry],
        dead: &ByHash<StatementId, StatementId>,
    ) -> Vec<(StatementId, BTreeSet<StatementId>)> {
        let holding = |number: usize| entries.get(number).filter(|entry| !dead.contains_key(&entry.id));
        let mut by_tag: HashMap<u64, Vec<StatementId>> = HashMap::new();
        for (number, tag) in self.made.iter().take_while(|(number, _)| *number < entries.len()) {
            if let Some(entry) = holding(*number) {
                by_tag.entry(*tag).or_default().push(entry.id);
            }
        }
        let declared = self.declared.iter().filter_map(|(number, tags)| Some((holding(*number)?, tags)));
        let made = |tags: &Vec<u64>| tags.iter().filter_map(|tag| by_tag.get(tag)).flatten().copied().collect();
        declared.map(|(entry, tags)| (entry.id, made(tags))).collect()
    }
}
