//! How the book takes in what was admitted: one statement after the other, in log order. Nothing is judged here and nothing refused.

use std::collections::BTreeMap;

use super::book::{Announced, Book, Death, Filed};
use super::deaths::Dead;
use super::seals::Sealing;
use super::{Entry, Fact};
use crate::codec::digest::Sha256Bytes;
use crate::merkle::Hash;
use crate::model::{Actor, ActorId, Kept, Product, PublicKey, Statement, StatementId, StatementKind};

impl Book {
    /// Takes in a seal and its facts. They must have been admitted: nothing is checked here.
    pub fn fold(&mut self, seal_leaf: Hash, seal_message: Sha256Bytes, signer: PublicKey, facts: Vec<Fact>) {
        let index = self.frontier.size();
        self.frontier.push(seal_leaf);
        self.seals.add_root(self.frontier.root());
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
        self.seals.add(Sealing { index, key: signer, message: seal_message });
        let first = self.entries.len();
        self.number(first, &facts);
        self.ground.made(first, facts.iter().map(|fact| fact.makes.as_slice()));
        let mut effects = Vec::new();
        for (number, fact) in (first..).zip(facts) {
            let Fact { mut entry, body, kept, .. } = fact;
            // Most statements are by whom the one before is by: one name in memory is enough.
            if let Some(before) = self.entries.last().filter(|before| before.by == entry.by) {
                entry.by = before.by.clone();
            }
            self.ground.entered(number, &entry);
            // Most statements have no more to them than an entry.
            if body.is_some() || kept.is_some() || entry.replaces.is_some() {
                effects.push((number, body, kept));
            }
            self.entries.push(entry);
        }
        for (number, body, kept) in effects {
            self.take_effect(index, number, body, kept);
        }
    }

    /// Makes the entries of `facts`, which are about to stand from `first` on, be found. Two short loops: the places of many are fetched from memory
    /// at the same time.
    fn number(&mut self, first: usize, facts: &[Fact]) {
        let is = |number: usize, wanted: &dyn Fn(&Entry) -> bool| match number.checked_sub(first) {
            None => self.entries.get(number).is_some_and(|entry| wanted(&entry)),
            Some(new) => facts.get(new).is_some_and(|fact| wanted(&fact.entry)),
        };
        for (number, Fact { entry, .. }) in (first..).zip(facts) {
            self.by_id.put(&entry.id, number, |n| is(n, &|other| other.id == entry.id));
        }
        for (number, Fact { entry, .. }) in (first..).zip(facts) {
            let about = (entry.kind, entry.subject);
            self.newest.put(&about, number, |n| is(n, &|other| other.is_about(&about)));
        }
    }

    /// What a statement does to others and brings with it, once all of its submission are entered.
    fn take_effect(
        &mut self,
        index: u64,
        number: usize,
        body: Option<Box<Statement>>,
        kept: Option<Box<Kept>>,
    ) {
        let Some(entry) = self.entries.get(number) else { return };
        let (id, by, replaces) = (entry.id, entry.by.clone(), entry.replaces.as_deref().copied());
        if let Some(earlier) = replaces {
            self.kill(index, earlier, Death::Replaced(id));
        }
        // A redacted factor can no longer be used, and its id stays its owner's.
        if let Some(factor) = kept.and_then(|kept| kept.facts.factor) {
            self.own(StatementKind::Factor, factor.to_string(), &by);
        }
        match body.map(|body| *body) {
            Some(Statement::Ledger(genesis)) => {
                self.ledger_id = Some(id);
                self.keyring.begin(&genesis, id);
                self.origin = Some(genesis.origin);
            }
            Some(Statement::Authority(authority)) => self.keyring.set_authority(&authority, index, id),
            Some(Statement::Actor(actor)) => self.fold_actor(index, number, id, actor),
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
                self.kill(index, withdrawal.statement, death);
            }
            _ => {}
        }
    }

    fn fold_actor(&mut self, index: u64, number: usize, id: StatementId, actor: Actor) {
        self.keyring.set_actor(&actor, index, id);
        for statement in self.fallen(number, &actor) {
            self.kill(index, statement, Death::KeyRevoked(id));
        }
        self.actor_history.entry(actor.actor.clone()).or_default().push(id);
        self.actors.insert(actor.actor.clone(), (id, actor));
    }

    /// The statements up to `number` by keys that are revoked from before, found in one pass however many keys there are.
    fn fallen(&self, number: usize, actor: &Actor) -> Vec<StatementId> {
        let mut revoked: BTreeMap<&PublicKey, u64> = BTreeMap::new();
        for revocation in &actor.revoked {
            let from = revoked.entry(&revocation.key).or_insert(u64::MAX);
            *from = revocation.from.as_u64().min(*from);
        }
        let Some(first) = revoked.values().min().copied() else { return Vec::new() };
        // Those of one submission are by one key.
        let mut sealed = (u64::MAX, None);
        let mut falls = |entry: &Entry| {
            if sealed.0 != entry.index {
                sealed = (entry.index, self.key_at(entry.index).and_then(|key| revoked.get(&key)));
            }
            sealed.1.is_some_and(|from| entry.index >= *from)
        };
        // Entries stand in log order.
        let begin = self.entries.partition_point(|entry| entry.index < first);
        let until = (number + 1).saturating_sub(begin);
        self.entries.from(begin).take(until).filter(|entry| falls(entry)).map(|entry| entry.id).collect()
    }

    fn fold_product(&mut self, id: StatementId, by: &ActorId, product: Product) {
        let Some(filed) = product.ids.first().cloned() else { return };
        for alias in &product.ids {
            self.own(StatementKind::Product, alias.to_string(), by);
        }
        self.filed.insert(id, Filed::Product(filed));
        self.products.put(id, product);
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
    fn kill(&mut self, since: u64, id: StatementId, death: Death) {
        self.dead.add(Dead { id, death, since });
        match self.filed.remove(&id) {
            Some(Filed::Product(filed)) => self.products.remove(&filed),
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
