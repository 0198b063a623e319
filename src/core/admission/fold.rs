//! How the book takes in what was admitted: one statement after the other, in log order. Nothing is judged here and nothing refused.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::book::Book;
use super::ended::{Death, Ended};
use super::index::IndexError;
use super::seals::Sealing;
use super::{Entry, Fact};
use crate::codec::digest::Sha256Bytes;
use crate::merkle::Hash;
use crate::model::{Actor, ActorId, PublicKey, Statement, StatementId, StatementKind};

impl Book {
    /// Takes in a seal and its facts. They must have been admitted: nothing is checked here.
    ///
    /// # Errors
    /// [`IndexError`]; the book is then good for nothing.
    pub fn fold(
        &mut self,
        seal_leaf: Hash,
        seal_message: Sha256Bytes,
        signer: PublicKey,
        facts: Vec<Fact>,
    ) -> Result<(), IndexError> {
        let index = self.frontier.size();
        self.frontier.push(seal_leaf);
        self.seals.add_root(self.frontier.root());
        self.fold_at(index, seal_message, signer, facts)
    }

    /// Takes in admitted facts at a place in a log of which only parts are known.
    pub(super) fn fold_at(
        &mut self,
        index: u64,
        seal_message: Sha256Bytes,
        signer: PublicKey,
        facts: Vec<Fact>,
    ) -> Result<(), IndexError> {
        self.seals.add(Sealing { index, key: signer, message: seal_message });
        self.tail.number(&facts);
        let mut effects = Vec::new();
        for mut fact in facts {
            // Most statements are by whom the one before is by: one name in memory is enough.
            if let Some(before) = self.tail.entries().last().filter(|before| before.by == fact.entry.by) {
                fact.entry.by = before.by.clone();
            }
            let (replaces, body) = (fact.entry.replaces.as_deref().copied(), fact.body.clone());
            if !Fact::is_looked_up(fact.entry.kind) {
                fact.body = None;
            }
            let number = self.tail.push(fact);
            // Most statements have no more to them than an entry.
            if body.is_some() || replaces.is_some() {
                effects.push((number, replaces, body));
            }
        }
        for (number, replaces, body) in effects {
            self.take_effect(index, number, replaces, body)?;
        }
        Ok(())
    }

    /// What a statement does to others and brings with it, once all of its submission are entered.
    fn take_effect(
        &mut self,
        index: u64,
        number: usize,
        replaces: Option<StatementId>,
        body: Option<Arc<Statement>>,
    ) -> Result<(), IndexError> {
        let Some(entry) = self.tail.get(number) else { return Ok(()) };
        let (id, operators) = (entry.id, entry.by.as_str() == ActorId::OPERATOR);
        if let Some(earlier) = replaces {
            self.end(earlier, Death::Replaced(id), index)?;
        }
        let Some(body) = body else { return Ok(()) };
        if let Some(keyring) = self.keyring.get_mut() {
            keyring.take(&body, index, id);
        }
        match &*body {
            Statement::Ledger(genesis) => {
                self.ledger_id = Some(id);
                self.origin = Some(genesis.origin.clone());
            }
            Statement::Actor(actor) => {
                for statement in self.fallen(number, actor)? {
                    self.end(statement, Death::KeyRevoked(id), index)?;
                }
            }
            Statement::Product(_) => self.products.forget(),
            Statement::State(state) => {
                if let Some(states) = self.states.get_mut() {
                    states.insert(state.size.as_u64(), (id, state.root));
                }
            }
            Statement::Withdrawal(withdrawal) => {
                let death = if operators { Death::WithdrawnByOperator(id) } else { Death::Withdrawn(id) };
                self.end(withdrawal.statement, death, index)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// The statements up to `number` by keys that are revoked from before, found in one pass however many keys there are.
    fn fallen(&self, number: usize, actor: &Actor) -> Result<Vec<StatementId>, IndexError> {
        let mut revoked: BTreeMap<&PublicKey, u64> = BTreeMap::new();
        for revocation in &actor.revoked {
            let from = revoked.entry(&revocation.key).or_insert(u64::MAX);
            *from = revocation.from.as_u64().min(*from);
        }
        let Some(first) = revoked.values().min().copied() else { return Ok(Vec::new()) };
        let (mut fallen, mut sealed) = (Vec::new(), (u64::MAX, None));
        for entry in self.entries(self.first_of(first)?..number + 1) {
            let entry = entry?;
            // Those of one submission are by one key.
            if sealed.0 != entry.index {
                let key = self.key_at(entry.index)?;
                sealed = (entry.index, key.and_then(|key| revoked.get(&key).copied()));
            }
            if sealed.1.is_some_and(|from| entry.index >= from) {
                fallen.push(entry.id);
            }
        }
        Ok(fallen)
    }

    /// Forgets what a statement said: its text was taken out. Its place, and what became of it, stay.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn forget_text(&mut self, id: &StatementId) -> Result<(), IndexError> {
        if let Some((number, _)) = self.entry(id)? {
            self.tail.forget_body(number);
        }
        Ok(())
    }

    /// A statement that ended stays in the log and no longer counts. The first cause stays.
    fn end(&mut self, id: StatementId, death: Death, since: u64) -> Result<(), IndexError> {
        if self.ended(&id)?.is_some() {
            return Ok(());
        }
        if self.entry(&id)?.is_some_and(|(_, entry): (usize, std::borrow::Cow<'_, Entry>)| {
            entry.kind == StatementKind::Product
        }) {
            self.products.forget();
        }
        self.ended.add(id, Ended { death, since });
        Ok(())
    }
}
