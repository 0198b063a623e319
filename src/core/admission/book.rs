//! What holds: the fold of every statement in log order.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::deaths::Deaths;
use super::hashed::ByHash;
use super::numbers::Numbers;
use super::products::Products;
use super::seals::Seals;
use super::shelf::Shelf;
use super::state::Ground;
use super::{Entries, Entry, Keyring, Refusal};
use crate::codec::digest::{Sha256Bytes, sha256};
use crate::merkle::{Frontier, Hash};
use crate::model::{
    Actor, ActorId, Digest, Factor, FactorId, FootprintId, Product, ProductId, PublicKey, StatementId,
    StatementKind, Text,
};

/// Whether the book was folded from the whole log or from the part that a proof discloses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Every seal from the genesis on: everything can be checked.
    Whole,
    /// Some statements at their places: what refers to undisclosed ones cannot be checked.
    Part,
}

/// A redaction, as its target is looked up for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Announced {
    /// The redaction statement.
    pub by: StatementId,
    /// SHA-256 of what stays in the place of the statement.
    pub kept: Digest,
}

/// Why a statement no longer counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Death {
    /// A later statement replaces it.
    Replaced(StatementId),
    /// A withdrawal by its own actor.
    Withdrawn(StatementId),
    /// A withdrawal by the operator.
    WithdrawnByOperator(StatementId),
    /// Its key was revoked from an index at or before its own, by this actor statement.
    KeyRevoked(StatementId),
}

/// What holds, as of a log size.
#[derive(Debug, Clone)]
pub struct Book {
    pub(super) scope: Scope,
    pub(super) ledger_id: Option<StatementId>,
    pub(super) origin: Option<Text>,
    pub(super) frontier: Frontier,
    pub(super) seals: Seals,
    pub(super) keyring: Keyring,
    pub(super) entries: Entries,
    /// Entries by their ids.
    pub(super) by_id: Numbers,
    pub(super) dead: Deaths,
    /// The newest entry about a subject, by its type and subject, dead or not.
    pub(super) newest: Numbers,
    /// Who said an id first, and so owns it.
    pub(super) owners: BTreeMap<(StatementKind, String), ActorId>,
    pub(super) actors: BTreeMap<ActorId, (StatementId, Actor)>,
    pub(super) actor_history: BTreeMap<ActorId, Vec<StatementId>>,
    pub(super) products: Products,
    pub(super) factors: BTreeMap<FactorId, (StatementId, Factor)>,
    pub(super) publications: BTreeMap<FootprintId, (StatementId, ProductId)>,
    /// The product of every footprint that was ever published here.
    pub(super) footprints: BTreeMap<FootprintId, ProductId>,
    /// The redacted statements, with what announces each.
    pub(super) redactions: BTreeMap<StatementId, Announced>,
    /// What the statements above are filed under, to take them out again.
    pub(super) filed: ByHash<StatementId, Filed>,
    /// What the state of a log size is made of.
    pub(super) ground: Ground,
    /// Where what grows with the log is put aside; nowhere where there is none.
    pub(super) shelf: Option<Arc<dyn Shelf>>,
}

/// The map, and the key in it, that a statement is filed under.
#[derive(Debug, Clone)]
pub(super) enum Filed {
    Factor(FactorId),
    Product(ProductId),
    Publication(FootprintId),
}

impl Book {
    /// An empty book.
    pub fn new(scope: Scope) -> Self {
        Self::made(scope, None)
    }

    /// An empty book of a whole log that puts aside on a shelf what grows with the length of that: statements, what ended them, and seals. What the
    /// statements are about stays in memory: products, factors, actors and publications.
    pub fn on(shelf: &Arc<dyn Shelf>) -> Self {
        Self::made(Scope::Whole, Some(shelf))
    }

    fn made(scope: Scope, shelf: Option<&Arc<dyn Shelf>>) -> Self {
        Self {
            scope,
            ledger_id: None,
            origin: None,
            frontier: Frontier::new(),
            seals: Seals::on(shelf),
            keyring: Keyring::default(),
            entries: Entries::on(shelf),
            by_id: Numbers::on(shelf),
            dead: Deaths::on(shelf),
            newest: Numbers::on(shelf),
            owners: BTreeMap::new(),
            actors: BTreeMap::new(),
            actor_history: BTreeMap::new(),
            products: Products::default(),
            factors: BTreeMap::new(),
            publications: BTreeMap::new(),
            footprints: BTreeMap::new(),
            redactions: BTreeMap::new(),
            filed: ByHash::default(),
            ground: Ground::on(shelf),
            shelf: shelf.cloned(),
        }
    }

    /// Makes room for statements that are about to be folded.
    pub fn reserve(&mut self, statements: usize) {
        self.by_id.reserve(statements);
        self.newest.reserve(statements);
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

    /// The root of the log at an earlier size; none beyond the present one, and none at 0.
    pub fn root_at(&self, size: u64) -> Option<Hash> {
        self.seals.root_at(size)
    }

    /// The root the log will have with one more seal.
    pub fn root_with(&self, seal_leaf: Hash) -> Hash {
        let mut next = self.frontier.clone();
        next.push(seal_leaf);
        next.root()
    }

    /// The index of the seal whose bytes 0..120 hash to `message`.
    pub fn index_of_seal(&self, message: &Sha256Bytes) -> Option<u64> {
        self.seals.index_of(message)
    }

    /// The key that sealed the submission at `index`.
    pub fn key_at(&self, index: u64) -> Option<PublicKey> {
        self.seals.at(index).map(|sealing| sealing.key)
    }

    /// SHA-256 of bytes 0..120 of the seal at `index`.
    pub fn message_at(&self, index: u64) -> Option<Sha256Bytes> {
        self.seals.at(index).map(|sealing| sealing.message)
    }

    /// Every key and when it counts.
    pub const fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Every statement in log order, dead ones too.
    pub const fn entries(&self) -> &Entries {
        &self.entries
    }

    /// A statement's place and subject, and its number in [`Self::entries`].
    pub fn entry(&self, id: &StatementId) -> Option<(usize, Cow<'_, Entry>)> {
        let number = self.by_id.find(id, |n| self.entries.get(n).is_some_and(|entry| entry.id == *id))?;
        Some((number, self.entries.get(number)?))
    }

    /// Every statement that no longer counts, with why, in the order in which they fell.
    pub fn deaths(&self) -> impl Iterator<Item = (StatementId, Death)> {
        self.dead.iter().map(|dead| (dead.id, dead.death))
    }

    /// Why a statement no longer counts; none while it does.
    pub fn death(&self, id: &StatementId) -> Option<Death> {
        self.dead.of(id).map(|dead| dead.death)
    }

    /// True where a statement was in the log and counted when that had `size` seals.
    pub fn held_at(&self, entry: &Entry, size: u64) -> bool {
        entry.index < size && self.dead.of(&entry.id).is_none_or(|dead| dead.since >= size)
    }

    /// The live statement with this subject. Of activities and assurances several may live; this gives the newest, and nothing once
    /// that one is dead.
    pub fn live(&self, kind: StatementKind, subject: &str) -> Option<StatementId> {
        self.live_with(kind, sha256(&[subject.as_bytes()]))
    }

    /// As [`Self::live`], by SHA-256 of the subject.
    pub fn live_with(&self, kind: StatementKind, subject: Sha256Bytes) -> Option<StatementId> {
        let about = (kind, subject);
        let is = |n| self.entries.get(n).is_some_and(|entry| entry.is_about(&about));
        let newest = self.entries.get(self.newest.find(&about, is)?)?.id;
        self.dead.of(&newest).is_none().then_some(newest)
    }

    /// True where the statement is in the log and still counts.
    pub fn holds(&self, id: &StatementId) -> bool {
        self.entry(id).is_some() && self.dead.of(id).is_none()
    }

    /// Every actor with its statement in force.
    pub fn actors(&self) -> impl Iterator<Item = (&ActorId, &StatementId, &Actor)> {
        self.actors.iter().map(|(actor, (id, statement))| (actor, id, statement))
    }

    /// An actor's statement in force.
    pub fn actor(&self, actor: &ActorId) -> Option<(&StatementId, &Actor)> {
        self.actors.get(actor).map(|(id, statement)| (id, statement))
    }

    /// Every statement about an actor, oldest first.
    pub fn actor_history(&self, actor: &ActorId) -> &[StatementId] {
        self.actor_history.get(actor).map(Vec::as_slice).unwrap_or_default()
    }

    /// Every product by the id it is filed under, in the order of these.
    pub fn products(&self) -> impl Iterator<Item = (&ProductId, &StatementId, &Product)> {
        self.products.all().into_iter().map(|(id, held)| (id, &held.id, &held.statement))
    }

    /// A product by any of its ids.
    pub fn product(&self, id: &ProductId) -> Option<(&StatementId, &Product)> {
        self.products.get(id).map(|held| (&held.id, &held.statement))
    }

    /// The id that the product with this id is filed under.
    pub fn filed_under(&self, id: &ProductId) -> Option<&ProductId> {
        self.products.get(id)?.statement.ids.first()
    }

    /// Every id of every product, to the id it is filed under.
    pub fn aliases(&self) -> BTreeMap<&ProductId, &ProductId> {
        let all = self.products.all().into_iter();
        all.flat_map(|(filed, held)| held.statement.ids.iter().map(move |id| (id, filed))).collect()
    }

    /// Every factor.
    pub fn factors(&self) -> impl Iterator<Item = (&FactorId, &StatementId, &Factor)> {
        self.factors.iter().map(|(id, (statement_id, statement))| (id, statement_id, statement))
    }

    /// A factor by its id.
    pub fn factor(&self, id: &FactorId) -> Option<(&StatementId, &Factor)> {
        self.factors.get(id).map(|(statement_id, statement)| (statement_id, statement))
    }

    /// Every publication that holds, with the product it is about.
    pub fn publications(&self) -> impl Iterator<Item = (&FootprintId, &StatementId, &ProductId)> {
        self.publications.iter().map(|(footprint, (id, product))| (footprint, id, product))
    }

    /// The product of a footprint that was published here at some time, whether or not it still holds.
    pub fn product_of_footprint(&self, footprint: &FootprintId) -> Option<&ProductId> {
        self.footprints.get(footprint)
    }

    /// True where the statement is of a type that is filed by its id, and its text is known.
    pub(super) fn keeps_text(&self, id: &StatementId) -> bool {
        self.filed.contains_key(id)
    }

    /// What announces that the text of a statement is taken out.
    pub fn redaction_of(&self, id: &StatementId) -> Option<&Announced> {
        self.redactions.get(id)
    }

    /// Every statement whose text is taken out, with what announces it.
    pub const fn redactions(&self) -> &BTreeMap<StatementId, Announced> {
        &self.redactions
    }

    /// Who said a domain id first.
    pub fn owner(&self, kind: StatementKind, id: &str) -> Option<&ActorId> {
        self.owners.get(&(kind, id.to_owned()))
    }

    /// The actor whose key counts at the next index.
    ///
    /// # Errors
    /// [`Refusal::UnknownKey`] or [`Refusal::RevokedKey`].
    pub fn signer_now(&self, key: &PublicKey) -> Result<&ActorId, Refusal> {
        self.keyring.signer_at(key, self.size()).map(|signer| &signer.actor)
    }
}

impl Death {
    /// The statement that took it down.
    pub const fn cause(&self) -> StatementId {
        let (Self::Replaced(by) | Self::Withdrawn(by) | Self::WithdrawnByOperator(by) | Self::KeyRevoked(by)) =
            self;
        *by
    }
}

impl std::fmt::Display for Death {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Replaced(by) => write!(f, "replaced by {by}"),
            Self::Withdrawn(by) => write!(f, "withdrawn by {by}"),
            Self::WithdrawnByOperator(by) => write!(f, "withdrawn by the operator with {by}"),
            Self::KeyRevoked(by) => {
                write!(f, "its key was revoked by {by} from an index at or before its own")
            }
        }
    }
}
