//! What holds: the fold of every statement in log order.

use std::collections::{BTreeMap, HashMap};

use super::{Keyring, Refusal};
use crate::codec::digest::{Sha256Bytes, sha256};
use crate::merkle::{Frontier, Hash};
use crate::model::{
    Actor, ActorId, Factor, FactorId, FootprintId, Product, ProductId, PublicKey, Statement, StatementId,
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

/// A statement's place and what it speaks of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: StatementId,
    /// Its type.
    pub kind: StatementKind,
    /// Who says it.
    pub by: ActorId,
    /// The index of its seal in the log.
    pub index: u64,
    /// Its place in its submission, from 0.
    pub ordinal: u32,
    /// What it replaces.
    pub replaces: Option<StatementId>,
    /// SHA-256 of its subject.
    pub subject: Sha256Bytes,
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

/// A statement that was admitted, as the book takes it in.
#[derive(Debug, Clone)]
pub struct Fact {
    /// Its place and subject.
    pub entry: Entry,
    /// The statement itself where the book keeps or needs it: everything but activities, annuals and assurances.
    pub body: Option<Box<Statement>>,
}

impl Fact {
    /// The fact of a statement at its place in the log.
    pub fn new(id: StatementId, statement: Statement, index: u64, ordinal: u32) -> Self {
        let entry = Entry {
            id,
            kind: statement.kind(),
            by: statement.by().clone(),
            index,
            ordinal,
            replaces: statement.replaces().copied(),
            subject: sha256(&[statement.subject().as_bytes()]),
        };
        let kept = Self::keeps_body(entry.kind);
        Self { entry, body: kept.then(|| Box::new(statement)) }
    }

    /// True for the types whose statement the book needs beyond its place and subject.
    pub const fn keeps_body(kind: StatementKind) -> bool {
        !matches!(
            kind,
            StatementKind::Activity | StatementKind::Annual | StatementKind::Assurance | StatementKind::State
        )
    }
}

/// A product that holds, with who owns its ids.
#[derive(Debug, Clone)]
pub(super) struct HeldProduct {
    pub id: StatementId,
    pub statement: Product,
}

/// What holds, as of a log size.
#[derive(Debug, Clone)]
pub struct Book {
    pub(super) scope: Scope,
    pub(super) ledger_id: Option<StatementId>,
    origin: Option<Text>,
    frontier: Frontier,
    roots: Vec<Hash>,
    sealings: BTreeMap<u64, (PublicKey, Sha256Bytes)>,
    seals: HashMap<Sha256Bytes, u64>,
    pub(super) keyring: Keyring,
    entries: Vec<Entry>,
    by_id: HashMap<StatementId, usize>,
    dead: BTreeMap<StatementId, Death>,
    /// Live statement about a subject, for the types that have at most one.
    live: HashMap<(StatementKind, Sha256Bytes), StatementId>,
    /// Who said an id first, and so owns it.
    owners: BTreeMap<(StatementKind, String), ActorId>,
    actors: BTreeMap<ActorId, (StatementId, Actor)>,
    actor_history: BTreeMap<ActorId, Vec<StatementId>>,
    products: BTreeMap<ProductId, HeldProduct>,
    aliases: BTreeMap<ProductId, ProductId>,
    factors: BTreeMap<FactorId, (StatementId, Factor)>,
    publications: BTreeMap<FootprintId, (StatementId, ProductId)>,
    /// What the statements above are filed under, to take them out again.
    filed: HashMap<StatementId, Filed>,
}

/// The map, and the key in it, that a statement is filed under.
#[derive(Debug, Clone)]
enum Filed {
    Factor(FactorId),
    Product(ProductId),
    Publication(FootprintId),
}

impl Book {
    /// An empty book.
    pub fn new(scope: Scope) -> Self {
        Self {
            scope,
            ledger_id: None,
            origin: None,
            frontier: Frontier::new(),
            roots: Vec::new(),
            sealings: BTreeMap::new(),
            seals: HashMap::new(),
            keyring: Keyring::default(),
            entries: Vec::new(),
            by_id: HashMap::new(),
            dead: BTreeMap::new(),
            live: HashMap::new(),
            owners: BTreeMap::new(),
            actors: BTreeMap::new(),
            actor_history: BTreeMap::new(),
            products: BTreeMap::new(),
            aliases: BTreeMap::new(),
            factors: BTreeMap::new(),
            publications: BTreeMap::new(),
            filed: HashMap::new(),
        }
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
    pub fn root_at(&self, size: u64) -> Option<&Hash> {
        usize::try_from(size.checked_sub(1)?).ok().and_then(|i| self.roots.get(i))
    }

    /// The root the log will have with one more seal.
    pub fn root_with(&self, seal_leaf: Hash) -> Hash {
        let mut next = self.frontier.clone();
        next.push(seal_leaf);
        next.root()
    }

    /// The index of the seal whose bytes 0..120 hash to `message`.
    pub fn index_of_seal(&self, message: &Sha256Bytes) -> Option<u64> {
        self.seals.get(message).copied()
    }

    /// The key that sealed the submission at `index`.
    pub fn key_at(&self, index: u64) -> Option<&PublicKey> {
        self.sealings.get(&index).map(|(key, _)| key)
    }

    /// SHA-256 of bytes 0..120 of the seal at `index`.
    pub fn message_at(&self, index: u64) -> Option<&Sha256Bytes> {
        self.sealings.get(&index).map(|(_, message)| message)
    }

    /// Every key and when it counts.
    pub const fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    /// Every statement in log order, dead ones too.
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// A statement's place and subject, and its number in [`Self::entries`].
    pub fn entry(&self, id: &StatementId) -> Option<(usize, &Entry)> {
        self.by_id.get(id).and_then(|n| Some((*n, self.entries.get(*n)?)))
    }

    /// Why a statement no longer counts; none while it does.
    pub fn death(&self, id: &StatementId) -> Option<Death> {
        self.dead.get(id).copied()
    }

    /// The live statement with this subject.
    pub fn live(&self, kind: StatementKind, subject: &str) -> Option<StatementId> {
        self.live.get(&(kind, sha256(&[subject.as_bytes()]))).copied()
    }

    /// True where the statement is in the log and still counts.
    pub fn holds(&self, id: &StatementId) -> bool {
        self.by_id.contains_key(id) && !self.dead.contains_key(id)
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

    /// Every product by the id it is filed under.
    pub fn products(&self) -> impl Iterator<Item = (&ProductId, &StatementId, &Product)> {
        self.products.iter().map(|(id, held)| (id, &held.id, &held.statement))
    }

    /// A product by any of its ids.
    pub fn product(&self, id: &ProductId) -> Option<(&StatementId, &Product)> {
        let filed = self.aliases.get(id)?;
        self.products.get(filed).map(|held| (&held.id, &held.statement))
    }

    /// Every id of every product, to the id it is filed under.
    pub const fn aliases(&self) -> &BTreeMap<ProductId, ProductId> {
        &self.aliases
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

    /// Who said a domain id first.
    pub fn owner(&self, kind: StatementKind, id: &str) -> Option<&ActorId> {
        self.owners.get(&(kind, id.to_owned()))
    }

    /// Takes in a seal and its facts. They must have been admitted: nothing is checked here.
    pub fn fold(&mut self, seal_leaf: Hash, seal_message: Sha256Bytes, signer: PublicKey, facts: Vec<Fact>) {
        let index = self.frontier.size();
        self.frontier.push(seal_leaf);
        self.roots.push(self.frontier.root());
        self.fold_at(index, seal_message, signer, facts);
    }

    /// Takes in admitted facts at a place in a log of which only parts are known.
    pub(super) fn fold_at(
        &mut self,
        index: u64,
        seal_message: Sha256Bytes,
        signer: PublicKey,
        facts: Vec<Fact>,
    ) {
        self.sealings.insert(index, (signer, seal_message));
        self.seals.entry(seal_message).or_insert(index);
        for fact in facts {
            self.fold_fact(index, fact);
        }
    }

    fn fold_fact(&mut self, index: u64, fact: Fact) {
        let entry = fact.entry;
        let id = entry.id;
        if let Some(earlier) = entry.replaces {
            self.kill(earlier, Death::Replaced(id));
        }
        self.by_id.insert(id, self.entries.len());
        self.live.insert((entry.kind, entry.subject), id);
        let by = entry.by.clone();
        self.entries.push(entry);
        match fact.body.map(|body| *body) {
            Some(Statement::Ledger(genesis)) => {
                self.ledger_id = Some(id);
                self.keyring.begin(&genesis, id);
                self.origin = Some(genesis.origin);
            }
            Some(Statement::Authority(authority)) => self.keyring.set_authority(&authority, index, id),
            Some(Statement::Actor(actor)) => self.fold_actor(index, id, actor),
            Some(Statement::Product(product)) => self.fold_product(id, &by, product),
            Some(Statement::Factor(factor)) => {
                self.own(StatementKind::Factor, factor.factor.to_string(), &by);
                self.filed.insert(id, Filed::Factor(factor.factor.clone()));
                self.factors.insert(factor.factor.clone(), (id, factor));
            }
            Some(Statement::SupplierFootprint(bought)) => {
                self.own(StatementKind::SupplierFootprint, bought.footprint.to_string(), &by);
            }
            Some(Statement::Publication(publication)) => {
                self.own(StatementKind::Publication, publication.footprint.to_string(), &by);
                self.filed.insert(id, Filed::Publication(publication.footprint.clone()));
                self.publications.insert(publication.footprint.clone(), (id, publication.product));
            }
            Some(Statement::Withdrawal(withdrawal)) => {
                let operators = by.as_str() == ActorId::OPERATOR;
                let death = if operators { Death::WithdrawnByOperator(id) } else { Death::Withdrawn(id) };
                self.kill(withdrawal.statement, death);
            }
            _ => {}
        }
    }

    fn fold_actor(&mut self, index: u64, id: StatementId, actor: Actor) {
        self.keyring.set_actor(&actor, index, id);
        for revocation in &actor.revoked {
            let from = revocation.from.as_u64();
            let sealed =
                |entry: &&Entry| entry.index >= from && self.key_at(entry.index) == Some(&revocation.key);
            let fallen: Vec<_> = self.entries.iter().filter(sealed).map(|entry| entry.id).collect();
            for statement in fallen {
                self.kill(statement, Death::KeyRevoked(id));
            }
        }
        self.actor_history.entry(actor.actor.clone()).or_default().push(id);
        self.actors.insert(actor.actor.clone(), (id, actor));
    }

    fn fold_product(&mut self, id: StatementId, by: &ActorId, product: Product) {
        let Some(filed) = product.ids.first().cloned() else { return };
        for alias in &product.ids {
            self.own(StatementKind::Product, alias.to_string(), by);
            self.aliases.insert(alias.clone(), filed.clone());
        }
        self.filed.insert(id, Filed::Product(filed.clone()));
        self.products.insert(filed, HeldProduct { id, statement: product });
    }

    fn own(&mut self, kind: StatementKind, id: String, by: &ActorId) {
        self.owners.entry((kind, id)).or_insert_with(|| by.clone());
    }

    /// A dead statement stays in the log and no longer counts. The first cause stays.
    fn kill(&mut self, id: StatementId, death: Death) {
        self.dead.entry(id).or_insert(death);
        let Some((_, entry)) = self.entry(&id) else { return };
        let (kind, subject) = (entry.kind, entry.subject);
        if self.live.get(&(kind, subject)) == Some(&id) {
            self.live.remove(&(kind, subject));
        }
        match self.filed.remove(&id) {
            Some(Filed::Product(filed)) => {
                if let Some(held) = self.products.remove(&filed) {
                    for alias in &held.statement.ids {
                        self.aliases.remove(alias);
                    }
                }
            }
            Some(Filed::Factor(factor)) => {
                self.factors.remove(&factor);
            }
            Some(Filed::Publication(footprint)) => {
                self.publications.remove(&footprint);
            }
            None => {}
        }
    }

    /// The live statement with the same subject as `entry`.
    pub(super) fn live_like(&self, entry: &Entry) -> Option<StatementId> {
        self.live.get(&(entry.kind, entry.subject)).copied()
    }

    /// The actor whose key counts at the next index.
    ///
    /// # Errors
    /// [`Refusal::UnknownKey`] or [`Refusal::RevokedKey`].
    pub fn signer_now(&self, key: &PublicKey) -> Result<&ActorId, Refusal> {
        self.keyring.signer_at(key, self.size()).map(|signer| &signer.actor)
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
