//! Questions to a [`Book`] about one actor, product, footprint or redaction.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::book::{Announced, Book};
use super::fact::key_of_product;
use super::index::IndexError;
use super::products::HeldProduct;
use super::{Entry, Refusal, Sought};
use crate::codec::digest::{Sha256Bytes, sha256};
use crate::codec::tags_of;
use crate::model::{
    Actor, ActorId, FootprintId, Product, ProductId, ProductTag, PublicKey, Salt, Statement, StatementId,
    StatementKind,
};

impl Book {
    /// An actor's statement in force.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn actor(&self, actor: &ActorId) -> Result<Option<(StatementId, Actor)>, IndexError> {
        let newest = self.newest(StatementKind::Actor, sha256(&[actor.as_str().as_bytes()]))?;
        let Some((number, entry)) = newest else { return Ok(None) };
        Ok(match self.body(number)?.as_deref() {
            Some(Statement::Actor(said)) => Some((entry.id, said.clone())),
            _ => None,
        })
    }

    /// The product with this id, as it holds.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn product(&self, id: &ProductId) -> Result<Option<Arc<HeldProduct>>, IndexError> {
        let key = key_of_product(id);
        if let Some(known) = self.products.get(&key) {
            return Ok(known);
        }
        let found = self.product_found(&Sought::Declares(id), |said| said.ids.contains(id))?;
        self.products.put(key, found.clone());
        Ok(found)
    }

    /// The product of which one of the ids has this tag, as it holds.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn product_tagged(&self, tag: &ProductTag) -> Result<Option<Arc<HeldProduct>>, IndexError> {
        if let Some(known) = self.products.get(tag.as_bytes()) {
            return Ok(known);
        }
        let found =
            self.product_found(&Sought::Tagged(tag), |said| tags_of(said).any(|(_, of)| of == *tag))?;
        self.products.put(*tag.as_bytes(), found.clone());
        Ok(found)
    }

    /// The newest product statement that holds and is the one sought.
    fn product_found(
        &self,
        sought: &Sought<'_>,
        is: impl Fn(&Product) -> bool,
    ) -> Result<Option<Arc<HeldProduct>>, IndexError> {
        for number in self.found(sought)?.into_iter().rev() {
            let body = self.body(number)?;
            let Some(Statement::Product(statement)) = body.as_deref() else { continue };
            let Some(entry) = self.entry_at(number)?.filter(|_| is(statement)) else { continue };
            if self.ended_at(number, &entry.id)?.is_none() {
                return Ok(Some(Arc::new(HeldProduct { id: entry.id, statement: statement.clone() })));
            }
        }
        Ok(None)
    }

    /// The salt that the tags of a product are made with, by any of its ids: that of its newest statement,
    /// whether it holds or not.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn tag_salt(&self, id: &ProductId) -> Result<Option<Salt>, IndexError> {
        if let Some(held) = self.product(id)? {
            return Ok(held.statement.tag_salt);
        }
        for number in self.found(&Sought::Declares(id))?.into_iter().rev() {
            let body = self.body(number)?;
            if let Some(Statement::Product(statement)) = body.as_deref()
                && statement.ids.contains(id)
            {
                return Ok(statement.tag_salt);
            }
        }
        Ok(None)
    }

    /// The id that the product with this id is filed under.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn filed_under(&self, id: &ProductId) -> Result<Option<ProductId>, IndexError> {
        Ok(self.product(id)?.and_then(|held| held.statement.ids.first().cloned()))
    }

    /// The product of a footprint that was published here at some time, whether or not it still
    /// holds.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn product_of_footprint(&self, footprint: &FootprintId) -> Result<Option<ProductId>, IndexError> {
        let subject = sha256(&[footprint.as_str().as_bytes()]);
        let newest = self.newest(StatementKind::Publication, subject)?;
        let Some((number, _)) = newest else { return Ok(None) };
        Ok(match self.body(number)?.as_deref() {
            Some(Statement::Publication(publication)) => Some(publication.product.clone()),
            _ => None,
        })
    }

    /// What announces that the text of a statement is taken out.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn redaction_of(&self, id: &StatementId) -> Result<Option<Announced>, IndexError> {
        let newest = self.newest(StatementKind::Redaction, sha256(&[id.to_string().as_bytes()]))?;
        let Some((number, entry)) = newest else { return Ok(None) };
        Ok(match self.body(number)?.as_deref() {
            Some(Statement::Redaction(_)) => Some(Announced { by: entry.id }),
            _ => None,
        })
    }

    /// Every statement whose text is taken out, with what announces it first.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn redactions(&self) -> Result<BTreeMap<StatementId, Announced>, IndexError> {
        let mut all = BTreeMap::new();
        for (number, entry) in self.of_kind(StatementKind::Redaction)? {
            let body = self.body(number)?;
            let Some(Statement::Redaction(redaction)) = body.as_deref() else { continue };
            let announced = Announced { by: entry.id };
            all.entry(redaction.statement).or_insert(announced);
        }
        Ok(all)
    }

    /// The actor whose key counts at the next index.
    ///
    /// # Errors
    /// [`Refusal::UnknownKey`] or [`Refusal::RevokedKey`]; [`Refusal::Index`].
    pub fn signer_now(&self, key: &PublicKey) -> Result<&ActorId, Refusal> {
        self.keyring()?.signer_at(key, self.size()).map(|signer| &signer.actor)
    }

    /// The live statement with this subject. Of activities and assurances several may live; this
    /// gives the newest, and nothing once that one is dead.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn live(&self, kind: StatementKind, subject: &str) -> Result<Option<StatementId>, IndexError> {
        self.live_with(kind, sha256(&[subject.as_bytes()]))
    }

    /// As [`Self::live`], by SHA-256 of the subject.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn live_with(
        &self,
        kind: StatementKind,
        subject: Sha256Bytes,
    ) -> Result<Option<StatementId>, IndexError> {
        let Some((number, entry)) = self.newest(kind, subject)? else { return Ok(None) };
        Ok(self.ended_at(number, &entry.id)?.is_none().then_some(entry.id))
    }

    /// The newest statement of a type about a subject, whether it holds or not.
    ///
    /// # Errors
    /// [`IndexError`].
    pub fn newest(
        &self,
        kind: StatementKind,
        subject: Sha256Bytes,
    ) -> Result<Option<(usize, Cow<'_, Entry>)>, IndexError> {
        let about = (kind, subject);
        if let Some(number) = self.tail.newest(&about) {
            return Ok(self.tail.get(number).map(|entry| (number, Cow::Borrowed(entry))));
        }
        let Some(base) = &self.base else { return Ok(None) };
        for number in base.found(&Sought::Subject(kind, &subject))?.into_iter().rev() {
            let entry = base.entry(number)?;
            if entry.is_about(&about) {
                return Ok(Some((number, Cow::Owned(entry))));
            }
        }
        Ok(None)
    }
}
