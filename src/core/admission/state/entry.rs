//! One entry of a state and its bytes. This is the only place that fixes them.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::codec::digest::{Sha256Bytes, sha256};
use crate::merkle::{Frontier, Hash, leaf_hash};
use crate::model::{ActorId, FootprintId, StatementId};

/// What an entry speaks of. The first byte of its leaf, and so the first thing that entries are sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "StateEntryKind")]
#[repr(u8)]
pub enum EntryKind {
    /// The genesis and the authority statements: how many and which.
    Authority = 0,
    /// A statement that no longer holds, and the one that ended it.
    Dead = 1,
    /// A publication, and the newest final one that follows it and holds.
    Followed = 2,
    /// A product statement that holds, and the activity statements about its product that hold: how many and which.
    Product = 3,
    /// An actor, and its statement in force.
    Actor = 4,
}

impl EntryKind {
    /// Every kind, in the order of the entries.
    pub const ALL: [Self; 5] = [Self::Authority, Self::Dead, Self::Followed, Self::Product, Self::Actor];

    /// As a proof spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Authority => "authority",
            Self::Dead => "dead",
            Self::Followed => "followed",
            Self::Product => "product",
            Self::Actor => "actor",
        }
    }
}

impl fmt::Display for EntryKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What an entry says of its subject.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// One statement: of `dead` and `actor`.
    Statement(StatementId),
    /// A publication with its footprint: of `followed`.
    Publication(StatementId, FootprintId),
    /// A set of statements, of `authority` and `product`: how many, and the root over their sorted ids, as a publication's `used` has it.
    Set {
        /// How many.
        count: u64,
        /// RFC 6962 root over `SHA-256(0x00 || id)`.
        root: Hash,
    },
}

/// One entry of a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StateEntry {
    /// What it speaks of.
    pub kind: EntryKind,
    /// SHA-256 of its subject's id.
    pub key: Sha256Bytes,
    /// What it says.
    pub value: Value,
}

impl StateEntry {
    /// What entries are sorted by, each place once.
    pub const fn place(&self) -> (EntryKind, Sha256Bytes) {
        (self.kind, self.key)
    }

    /// The hash of its leaf: `SHA-256(0x00 || kind || key || value)`.
    pub fn leaf(&self) -> Hash {
        let kind = [self.kind as u8];
        match &self.value {
            Value::Statement(id) => sha256(&[&[0], &kind, &self.key, id.as_bytes()]),
            Value::Publication(id, footprint) => {
                sha256(&[&[0], &kind, &self.key, id.as_bytes(), footprint.as_str().as_bytes()])
            }
            Value::Set { count, root } => sha256(&[&[0], &kind, &self.key, &count.to_be_bytes(), root]),
        }
    }
}

/// The value of a set of statements.
pub fn set_of<'a>(ids: impl IntoIterator<Item = &'a StatementId>) -> Value {
    let mut sorted: Vec<StatementId> = ids.into_iter().copied().collect();
    sorted.sort_unstable();
    set_of_sorted(sorted, |_| {})
}

/// As [`set_of`], of statements that come sorted; `each` hears of every one once.
pub(super) fn set_of_sorted(
    sorted: impl IntoIterator<Item = StatementId>,
    mut each: impl FnMut(&StatementId),
) -> Value {
    let (mut tree, mut last) = (Frontier::new(), None);
    for id in sorted {
        // An activity that puts out two ids of one product is in its set once.
        if last.replace(id) != Some(id) {
            tree.push(leaf_hash(id.as_bytes()));
            each(&id);
        }
    }
    Value::Set { count: tree.size(), root: tree.root() }
}

/// The key of an entry whose subject is a statement, or the ledger, whose id is that of its genesis.
pub fn key_of(statement: &StatementId) -> Sha256Bytes {
    sha256(&[statement.as_bytes()])
}

/// The key of an actor.
pub fn key_of_actor(actor: &ActorId) -> Sha256Bytes {
    sha256(&[actor.as_str().as_bytes()])
}
