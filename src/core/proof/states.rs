//! What of a state a proof shows: entries with their paths. It is chosen here from the whole state, written, read, and asked; whether a path
//! leads to the root that the operator signed is for the checks.

use std::collections::BTreeSet;

use super::BundleError;
use super::document::{DocumentEntry, DocumentState};
use super::footprint_proof::{HeldStatement, at_most, digests, hashes, structure, whole};
use crate::admission::state::{EntryKind, StateEntry, StateTree, Value, key_of, key_of_actor, set_of};
use crate::limits::{PATH_HASHES_MAX, PROOF_ENTRIES_MAX, PROOF_STATES_MAX};
use crate::merkle::{Hash, MerkleError, verify_inclusion};
use crate::model::{ActorId, State, Statement, StatementId};

/// An entry of a state with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownEntry {
    /// Its place among all entries, from 0.
    pub at: u64,
    /// The entry.
    pub entry: StateEntry,
    /// The statements of a set, sorted; none where they are too many to be listed, and of an entry that is no set.
    pub ids: Option<Vec<StatementId>>,
    /// The path from it to the state's root.
    pub path: Vec<Hash>,
}

/// A state, and what of it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownState {
    /// The state statement.
    pub statement: StatementId,
    /// How many entries the state has.
    pub count: u64,
    /// Those that are shown, in the state's order.
    pub entries: Vec<ShownEntry>,
}

/// What a proof asks a state about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subjects {
    /// The ledger: its authority.
    pub ledger: StatementId,
    /// The publication of which it matters what follows it; none in the state that its figures rest on, which does not know it.
    pub publication: Option<StatementId>,
    /// Statements of which it matters whether they hold.
    pub statements: BTreeSet<StatementId>,
    /// Product statements: the activities of their products.
    pub products: BTreeSet<StatementId>,
    /// Actors: their statements in force.
    pub actors: BTreeSet<ActorId>,
}

impl ShownState {
    /// What a state says of these subjects. Sets of more than [`PROOF_ENTRIES_MAX`] statements are
    /// not listed.
    ///
    /// # Errors
    /// [`MerkleError`], which a whole state does not cause.
    pub fn of(tree: &StateTree, statement: StatementId, subjects: &Subjects) -> Result<Self, MerkleError> {
        let mut places = BTreeSet::new();
        let mut ask = |kind, key| places.extend(tree.around(kind, &key));
        ask(EntryKind::Authority, key_of(&subjects.ledger));
        subjects.publication.iter().for_each(|id| ask(EntryKind::Followed, key_of(id)));
        subjects.statements.iter().for_each(|id| ask(EntryKind::Dead, key_of(id)));
        subjects.products.iter().for_each(|id| ask(EntryKind::Product, key_of(id)));
        subjects.actors.iter().for_each(|actor| ask(EntryKind::Actor, key_of_actor(actor)));
        let mut entries = Vec::with_capacity(places.len());
        for at in places {
            let Some(entry) = tree.entries().get(at) else { continue };
            // A neighbour is shown for what it is not: whose activities it counts is nobody's business here.
            let asked = |id: &StatementId| key_of(id) == entry.key;
            let ours = match entry.kind {
                EntryKind::Product => subjects.products.iter().any(asked),
                _ => true,
            };
            let listed = tree.set(entry).filter(|ids| ours && ids.len() <= PROOF_ENTRIES_MAX);
            entries.push(ShownEntry {
                at: at as u64, // OK because a usize has at most 64 bits.
                entry: entry.clone(),
                ids: listed.map(|ids| ids.iter().copied().collect()),
                path: tree.path(at)?,
            });
        }
        Ok(Self { statement, count: tree.entries().len() as u64, entries }) // OK likewise.
    }
}

/// What a state says of a subject, as far as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said<'a> {
    /// It has an entry.
    Present(&'a ShownEntry),
    /// It has none.
    Absent,
    /// The proof shows neither.
    NotShown,
}

/// A state of a proof: its statement, and what is shown of it.
#[derive(Debug, Clone)]
pub(super) struct HeldState {
    /// The number of its statement in the proof's table.
    pub at: usize,
    pub state: State,
    pub shown: ShownState,
}

impl HeldState {
    pub fn size(&self) -> u64 {
        self.state.size.as_u64()
    }

    /// What it says of a subject. Means nothing where [`Self::flaw`] has something to say.
    pub fn of(&self, kind: EntryKind, key: Hash) -> Said<'_> {
        let (entries, place) = (&self.shown.entries, (kind, key));
        let next = entries.partition_point(|shown| shown.entry.place() < place);
        let (before, after) = (next.checked_sub(1).and_then(|n| entries.get(n)), entries.get(next));
        match (before, after) {
            (_, Some(found)) if found.entry.place() == place => Said::Present(found),
            (Some(before), Some(after)) if before.at.checked_add(1) == Some(after.at) => Said::Absent,
            (None, Some(after)) if after.at == 0 => Said::Absent,
            (Some(before), None) if before.at.checked_add(1) == Some(self.shown.count) => Said::Absent,
            _ => Said::NotShown,
        }
    }

    /// The first entry that is not in the state that the operator signed; none where all are.
    pub fn flaw(&self) -> Option<String> {
        self.shown.entries.iter().find_map(|shown| {
            let (leaf, root) = (shown.entry.leaf(), self.state.root.as_bytes());
            let checked = verify_inclusion(&leaf, shown.at, self.shown.count, &shown.path, root);
            let why = checked.err()?;
            Some(format!("the entry `{}` at place {}: {why}", shown.entry.kind, shown.at))
        })
    }
}

/// Reads what a proof shows of states, each with its statement in the table.
pub(super) fn read(
    documents: Vec<DocumentState>,
    statements: &[HeldStatement],
) -> Result<Vec<HeldState>, BundleError> {
    at_most("states".into(), PROOF_STATES_MAX, documents.len())?;
    let mut states: Vec<HeldState> = Vec::with_capacity(documents.len());
    for (place, document) in documents.into_iter().enumerate() {
        let name = |part: &str| format!("states[{place}].{part}");
        at_most(name("entries"), PROOF_ENTRIES_MAX, document.entries.len())?;
        let found = statements.iter().enumerate().find(|(_, held)| held.id == document.statement);
        let Some((at, Some(Statement::State(state)))) = found.map(|(at, held)| (at, held.said.statement()))
        else {
            let got = format!("none with the id {}", document.statement);
            return Err(structure(&name("statement"), "the id of a state in `statements`", got));
        };
        if states.last().is_some_and(|earlier| earlier.size() >= state.size.as_u64()) {
            let got = state.size.to_string();
            return Err(structure(&name("statement"), "a state of a size above the one before", got));
        }
        let mut entries: Vec<ShownEntry> = Vec::with_capacity(document.entries.len());
        for (number, entry) in document.entries.into_iter().enumerate() {
            let entry = read_entry(entry, &name(&format!("entries[{number}]")))?;
            let ascends =
                |earlier: &ShownEntry| earlier.at < entry.at && earlier.entry.place() < entry.entry.place();
            if entries.last().is_some_and(|earlier| !ascends(earlier)) {
                let expected = "entries in the order of their places and of their keys, none doubled";
                return Err(structure(&name("entries"), expected, format!("{} after another", entry.at)));
            }
            entries.push(entry);
        }
        let shown = ShownState { statement: document.statement, count: document.count.as_u64(), entries };
        states.push(HeldState { at, state: state.clone(), shown });
    }
    Ok(states)
}

fn read_entry(document: DocumentEntry, place: &str) -> Result<ShownEntry, BundleError> {
    let at = |part: &str| format!("{place}.{part}");
    at_most(at("path"), PATH_HASHES_MAX, document.path.len())?;
    let DocumentEntry { count, footprint, ids, kind, root, statement, .. } = document;
    if let Some(ids) = &ids {
        at_most(at("ids"), PROOF_ENTRIES_MAX, ids.len())?;
        if !ids.is_sorted_by(|a, b| a < b) {
            return Err(structure(&at("ids"), "ids sorted, each once", "another order".into()));
        }
    }
    let is_set = matches!(kind, EntryKind::Authority | EntryKind::Product);
    let value = match (count, footprint, &ids, root, statement) {
        (None, None, None, None, Some(id)) if matches!(kind, EntryKind::Dead | EntryKind::Actor) => {
            Value::Statement(id)
        }
        (None, Some(footprint), None, None, Some(id)) if kind == EntryKind::Followed => {
            Value::Publication(id, footprint)
        }
        (None, None, Some(ids), None, None) if is_set => set_of(ids),
        (Some(count), None, None, Some(root), None) if is_set => {
            Value::Set { count: count.as_u64(), root: *root.as_bytes() }
        }
        _ => {
            let expected = match kind {
                EntryKind::Dead | EntryKind::Actor => "`statement`",
                EntryKind::Followed => "`footprint` and `statement`",
                EntryKind::Authority | EntryKind::Product => "`ids`, or `count` and `root`",
            };
            return Err(structure(place, &format!("{expected} of an entry `{kind}`"), "others".into()));
        }
    };
    let entry = StateEntry { kind, key: *document.key.as_bytes(), value };
    Ok(ShownEntry { at: document.at.as_u64(), entry, ids, path: hashes(document.path) })
}

/// Writes what is shown of a state.
pub(super) fn write(shown: &ShownState) -> Result<DocumentState, BundleError> {
    let mut entries = Vec::with_capacity(shown.entries.len());
    for ShownEntry { at, entry, ids, path } in &shown.entries {
        let mut document = DocumentEntry {
            at: whole("at", *at)?,
            count: None,
            footprint: None,
            ids: ids.clone(),
            key: crate::model::Digest::from_bytes(entry.key),
            kind: entry.kind,
            path: digests(path),
            root: None,
            statement: None,
        };
        match &entry.value {
            Value::Statement(id) => document.statement = Some(*id),
            Value::Publication(id, footprint) => {
                (document.statement, document.footprint) = (Some(*id), Some(footprint.clone()));
            }
            Value::Set { .. } if ids.is_some() => {}
            Value::Set { count, root } => {
                document.count = Some(whole("count", *count)?);
                document.root = Some(crate::model::Digest::from_bytes(*root));
            }
        }
        entries.push(document);
    }
    Ok(DocumentState { count: whole("count", shown.count)?, entries, statement: shown.statement })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Digest, Salt, Whole};

    /// A state of which the entries at these places are shown, with these first bytes of their keys.
    fn shown(count: u64, places: &[(u64, u8)]) -> HeldState {
        let value = || Value::Statement(StatementId::from_bytes([0; 32]));
        let entry = |key| StateEntry { kind: EntryKind::Dead, key: [key; 32], value: value() };
        let entries = places.iter().map(|(at, key)| ShownEntry {
            at: *at,
            entry: entry(*key),
            ids: None,
            path: Vec::new(),
        });
        let statement = StatementId::from_bytes([1; 32]);
        let state = State {
            by: ActorId::operator(),
            root: Digest::from_bytes([0; 32]),
            salt: Salt::from_bytes([0; 16]),
            size: Whole::new(1).expect("a size"),
            r#type: Default::default(),
            v: Default::default(),
        };
        HeldState { at: 0, state, shown: ShownState { statement, count, entries: entries.collect() } }
    }

    #[test]
    fn only_neighbours_and_ends_show_absence() {
        let of = |state: &HeldState, key: u8| match state.of(EntryKind::Dead, [key; 32]) {
            Said::Present(_) => "present",
            Said::Absent => "absent",
            Said::NotShown => "not shown",
        };
        let middle = shown(9, &[(3, 10), (4, 20), (6, 30)]);
        let said = [5, 10, 15, 20, 25, 30, 35].map(|key| of(&middle, key));
        assert_eq!(said, ["not shown", "present", "absent", "present", "not shown", "present", "not shown"]);
        assert_eq!(of(&shown(9, &[(0, 10)]), 5), "absent", "before the first");
        assert_eq!(of(&shown(9, &[(8, 10)]), 15), "absent", "after the last");
        assert_eq!(of(&shown(9, &[]), 5), "not shown");
        assert_eq!(
            of(&shown(u64::MAX, &[(u64::MAX, 10)]), 15),
            "not shown",
            "no place is the last but one of all"
        );
        assert!(
            matches!(middle.of(EntryKind::Actor, [10; 32]), Said::NotShown),
            "another kind is another place"
        );
    }
}
