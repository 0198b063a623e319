//! What a [`Book`] says, taken out of it once for whoever asks often: small for the part of a log
//! that a proof discloses.

use std::collections::{BTreeMap, BTreeSet};

use super::book::{Announced, Book};
use super::index::IndexError;
use super::{Death, Keyring};
use crate::model::{Actor, ActorId, StatementId, Text};

/// What a book says of its statements.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    /// The log's name; none before the genesis.
    pub origin: Option<Text>,
    /// The ledger's id; none before the genesis.
    pub ledger_id: Option<StatementId>,
    /// Every key and when it counts.
    pub keyring: Keyring,
    /// Every actor with its statement in force.
    pub actors: BTreeMap<ActorId, (StatementId, Actor)>,
    /// Every statement that is in its place.
    pub placed: BTreeSet<StatementId>,
    /// Every statement that no longer counts, and why.
    pub ended: BTreeMap<StatementId, Death>,
    /// Every statement whose text is taken out, with what announces it.
    pub redactions: BTreeMap<StatementId, Announced>,
}

impl Snapshot {
    /// True where the statement is in its place and still counts.
    pub fn holds(&self, id: &StatementId) -> bool {
        self.placed.contains(id) && !self.ended.contains_key(id)
    }

    /// The name of an actor, as its statement in force has it.
    pub fn name_of(&self, actor: &ActorId) -> Option<&Text> {
        self.actors.get(actor).map(|(_, said)| &said.name)
    }
}

impl Book {
    /// Everything that the book says, in memory.
    ///
    /// # Errors
    /// [`IndexError`]; never of a book without an index beneath.
    pub fn snapshot(&self) -> Result<Snapshot, IndexError> {
        Ok(Snapshot {
            origin: self.origin().cloned(),
            ledger_id: self.ledger_id(),
            keyring: self.keyring()?.clone(),
            actors: self.actors()?,
            placed: self.all_entries().map(|entry| entry.map(|e| e.id)).collect::<Result<_, _>>()?,
            ended: self.all_ended()?.into_iter().map(|(id, ended)| (id, ended.death)).collect(),
            redactions: self.redactions()?,
        })
    }
}
