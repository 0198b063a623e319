//! How the book takes in what was admitted: one statement after the other, in log order. Nothing is judged here and nothing refused.

use std::collections::BTreeMap;

use super::book::{Announced, Book, Death, Filed, HeldProduct};
use super::{Entry, Fact};
use crate::codec::digest::Sha256Bytes;
use crate::merkle::Hash;
use crate::model::{Actor, ActorId, Product, PublicKey, Statement, StatementId, StatementKind};

impl Book {
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
        let mut entry = fact.entry;
        let id = entry.id;
        if let Some(earlier) = &entry.replaces {
            self.kill(**earlier, Death::Replaced(id));
        }
        // Most statements are by whom the one before is by: one name in memory is enough.
        if let Some(before) = self.entries.last().filter(|before| before.by == entry.by) {
            entry.by = before.by.clone();
        }
        let (number, entries) = (self.entries.len(), &self.entries);
        self.by_id.put(&id, number, |n| entries.get(n).is_some_and(|other| other.id == id));
        let about = (entry.kind, entry.subject);
        self.live.put(&about, number, |n| entries.get(n).is_some_and(|other| other.is_about(&about)));
        self.ground.made(number, &fact.makes);
        // A redacted factor can no longer be used, and its id stays its owner's.
        if let Some(factor) = fact.kept.and_then(|kept| kept.facts.factor) {
            self.own(StatementKind::Factor, factor.to_string(), &entry.by);
        }
        // Most statements have no body: for them nothing more is to be done.
        let Some(body) = fact.body else {
            self.entries.push(entry);
            return;
        };
        let by = entry.by.clone();
        self.entries.push(entry);
        match Some(*body) {
            Some(Statement::Ledger(genesis)) => {
                self.ledger_id = Some(id);
                self.keyring.begin(&genesis, id);
                self.origin = Some(genesis.origin);
            }
            Some(Statement::Authority(authority)) => self.keyring.set_authority(&authority, index, id),
            Some(Statement::Actor(actor)) => self.fold_actor(index, id, actor),
            Some(Statement::Product(product)) => {
                self.ground.declared(number, &product);
                self.fold_product(id, &by, product);
            }
            Some(Statement::Factor(factor)) => {
                self.own(StatementKind::Factor, factor.factor.to_string(), &by);
                self.filed.insert(id, Filed::Factor(factor.factor.clone()));
                self.factors.insert(factor.factor.clone(), (id, factor));
            }
            Some(Statement::Publication(publication)) => {
                self.own(StatementKind::Publication, publication.footprint.to_string(), &by);
                self.filed.insert(id, Filed::Publication(publication.footprint.clone()));
                self.ground.published(number, &publication);
                let (footprint, product) = (publication.footprint, publication.product);
                self.footprints.entry(footprint.clone()).or_insert_with(|| product.clone());
                self.publications.insert(footprint, (id, product));
            }
            Some(Statement::Redaction(redaction)) => {
                let announced = Announced { by: id, kept: redaction.kept };
                self.redactions.entry(redaction.statement).or_insert(announced);
            }
            Some(Statement::State(state)) => self.ground.stated(id, &state),
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
        for statement in self.fallen(&actor) {
            self.kill(statement, Death::KeyRevoked(id));
        }
        self.actor_history.entry(actor.actor.clone()).or_default().push(id);
        self.actors.insert(actor.actor.clone(), (id, actor));
    }

    /// The statements by keys that are revoked from before, found in one pass however many keys there are.
    fn fallen(&self, actor: &Actor) -> Vec<StatementId> {
        let mut revoked: BTreeMap<&PublicKey, u64> = BTreeMap::new();
        for revocation in &actor.revoked {
            let from = revoked.entry(&revocation.key).or_insert(u64::MAX);
            *from = revocation.from.as_u64().min(*from);
        }
        let Some(first) = revoked.values().min().copied() else { return Vec::new() };
        let falls = |entry: &&Entry| {
            let from = self.key_at(entry.index).and_then(|key| revoked.get(key));
            from.is_some_and(|from| entry.index >= *from)
        };
        // Entries stand in log order.
        let begin = self.entries.partition_point(|entry| entry.index < first);
        self.entries.iter().skip(begin).filter(falls).map(|entry| entry.id).collect()
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

    /// Forgets what a statement said: its text was taken out. Its place, and what became of it, stay.
    pub fn forget_text(&mut self, id: &StatementId) {
        if let Some(Filed::Factor(factor)) = self.filed.get(id).cloned() {
            self.filed.remove(id);
            self.factors.remove(&factor);
        }
    }

    /// A dead statement stays in the log and no longer counts. The first cause stays.
    fn kill(&mut self, id: StatementId, death: Death) {
        self.dead.entry(id).or_insert(death);
        let Some((number, entry)) = self.entry(&id) else { return };
        let about = (entry.kind, entry.subject);
        self.live.remove(&about, number);
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
}
