//! Questions to a [`Book`] whose answers go through all statements of a type: keys, states, actors,
//! products, factors, publications.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::book::{Book, States};
use super::index::IndexError;
use super::products::HeldProduct;
use super::{Entry, Keyring, Sought};
use crate::codec::digest::sha256;
use crate::model::{
    Actor, ActorId, Factor, FactorId, FootprintId, ProductId, Publication, Statement, StatementId,
    StatementKind,
};

/// A statement with its number in log order, and what it says.
type Read = (usize, Entry, Arc<Statement>);

impl Book {
    /// Every key and when it counts.
    ///
    /// # Errors
    /// [`IndexError`]; so for every question here.
    pub fn keyring(&self) -> Result<&Keyring, IndexError> {
        if let Some(keyring) = self.keyring.get() {
            return Ok(keyring);
        }
        let mut keyring = Keyring::default();
        let mut all = self.read(StatementKind::Ledger)?;
        all.extend(self.read(StatementKind::Authority)?);
        all.extend(self.read(StatementKind::Actor)?);
        all.sort_by_key(|(number, ..)| *number);
        for (_, entry, statement) in all {
            keyring.take(&statement, entry.index, entry.id);
        }
        Ok(self.keyring.get_or_init(|| keyring))
    }

    /// The state statements by the log size that they speak of, each with its root.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn states(&self) -> Result<&States, IndexError> {
        if let Some(states) = self.states.get() {
            return Ok(states);
        }
        let mut states = States::new();
        for (_, entry, statement) in self.read(StatementKind::State)? {
            let Statement::State(state) = &*statement else { continue };
            states.insert(state.size.as_u64(), (entry.id, state.root));
        }
        Ok(self.states.get_or_init(|| states))
    }

    /// Every actor with its statement in force.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn actors(&self) -> Result<BTreeMap<ActorId, (StatementId, Actor)>, IndexError> {
        let mut actors = BTreeMap::new();
        for (_, entry, statement) in self.read(StatementKind::Actor)? {
            let Statement::Actor(actor) = &*statement else { continue };
            actors.insert(actor.actor.clone(), (entry.id, actor.clone()));
        }
        Ok(actors)
    }

    /// Every statement about an actor, oldest first.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn actor_history(&self, actor: &ActorId) -> Result<Vec<StatementId>, IndexError> {
        let subject = sha256(&[actor.as_str().as_bytes()]);
        let mut all = self.of_kind(StatementKind::Actor)?;
        all.retain(|(_, entry)| entry.subject == subject);
        Ok(all.into_iter().map(|(_, entry)| entry.id).collect())
    }

    /// Every product that holds, by the id it is filed under.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn products(&self) -> Result<BTreeMap<ProductId, HeldProduct>, IndexError> {
        let mut products = BTreeMap::new();
        for (number, entry, statement) in self.read(StatementKind::Product)? {
            let Statement::Product(product) = &*statement else { continue };
            let Some(filed) = product.ids.first().cloned() else { continue };
            if self.ended_at(number, &entry.id)?.is_none() {
                products.insert(filed, HeldProduct { id: entry.id, statement: product.clone() });
            }
        }
        Ok(products)
    }

    /// The ids under which products of this name are filed that hold, in the order of the ids.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn products_named(&self, name: &str) -> Result<Vec<ProductId>, IndexError> {
        let mut found = BTreeSet::new();
        for number in self.found(&Sought::Named(name))? {
            let body = self.body(number)?;
            let Some(Statement::Product(product)) = body.as_deref() else { continue };
            if product.name.as_str() == name && self.holds_at(number)? {
                found.extend(product.ids.first().cloned());
            }
        }
        Ok(found.into_iter().collect())
    }

    /// Every factor that holds and whose text is there.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn factors(&self) -> Result<BTreeMap<FactorId, (StatementId, Factor)>, IndexError> {
        let mut factors = BTreeMap::new();
        for (number, entry, statement) in self.read(StatementKind::Factor)? {
            let Statement::Factor(factor) = &*statement else { continue };
            if self.ended_at(number, &entry.id)?.is_none() {
                factors.insert(factor.factor.clone(), (entry.id, factor.clone()));
            }
        }
        Ok(factors)
    }

    /// A factor by its id, where it holds and its text is there.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn factor(&self, id: &FactorId) -> Result<Option<(StatementId, Factor)>, IndexError> {
        for number in self.found(&Sought::Factor(id))?.into_iter().rev() {
            let body = self.body(number)?;
            let Some(Statement::Factor(factor)) = body.as_deref() else { continue };
            let Some(entry) = self.entry_at(number)?.filter(|_| factor.factor == *id) else { continue };
            if self.ended_at(number, &entry.id)?.is_none() {
                return Ok(Some((entry.id, factor.clone())));
            }
        }
        Ok(None)
    }

    /// Every publication that holds, oldest first.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn publications(&self) -> Result<Vec<(StatementId, Publication)>, IndexError> {
        let mut publications = Vec::new();
        for (number, entry, statement) in self.read(StatementKind::Publication)? {
            let Statement::Publication(publication) = &*statement else { continue };
            if self.ended_at(number, &entry.id)?.is_none() {
                publications.push((entry.id, publication.clone()));
            }
        }
        Ok(publications)
    }

    /// Who said a domain id first, and so owns it.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn owner(&self, owned: &Owned<'_>) -> Result<Option<ActorId>, IndexError> {
        let found = match owned {
            Owned::Product(id) => self.found(&Sought::Declares(id))?,
            Owned::Factor(id) => self.found(&Sought::Factor(id))?,
            Owned::Footprint(id) => return self.owner_of_footprint(id),
        };
        for number in found {
            let Some(entry) = self.entry_at(number)? else { continue };
            let said = match (owned, self.body(number)?.as_deref()) {
                (Owned::Product(id), Some(Statement::Product(product))) => product.ids.contains(id),
                (Owned::Factor(id), Some(Statement::Factor(factor))) => factor.factor == **id,
                // A redacted factor can no longer be used, and its id stays its owner's.
                (Owned::Factor(id), None) => {
                    entry.kind == StatementKind::Factor && entry.subject == sha256(&[id.as_str().as_bytes()])
                }
                _ => false,
            };
            if said {
                return Ok(Some(entry.into_owned().by));
            }
        }
        Ok(None)
    }

    fn owner_of_footprint(&self, id: &FootprintId) -> Result<Option<ActorId>, IndexError> {
        // All statements about one footprint are by its owner.
        let newest = self.newest(StatementKind::Publication, sha256(&[id.as_str().as_bytes()]))?;
        Ok(newest.map(|(_, entry)| entry.into_owned().by))
    }

    /// Every statement of a type whose text is there.
    pub(super) fn read(&self, kind: StatementKind) -> Result<Vec<Read>, IndexError> {
        let mut all = Vec::new();
        for (number, entry) in self.of_kind(kind)? {
            all.extend(self.body(number)?.map(|body| (number, entry, body)));
        }
        Ok(all)
    }
}

/// A domain id that belongs to whoever said it first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Owned<'a> {
    /// A product's, under any of its ids.
    Product(&'a ProductId),
    /// A factor's.
    Factor(&'a FactorId),
    /// A published footprint's.
    Footprint(&'a FootprintId),
}
