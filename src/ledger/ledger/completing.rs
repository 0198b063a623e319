//! Fills in what a draft leaves out and its ledger knows: the salt of a product's tags, the tags of an activity's
//! products, and the series of a reading.

use std::collections::HashMap;

use super::{Ledger, LedgerError};
use crate::admission::{Fact, Readings, Said, Sought};
use crate::codec::digest::Sha256Bytes;
use crate::codec::{derived_salt, product_tag, series_place};
use crate::model::{Activity, ActorId, Header, ProductId, Salt, Statement, StatementId};
use crate::store::Reader;

/// What drafts are completed from.
pub trait Known {
    /// The salt of the tags of a product, by one of its ids.
    ///
    /// # Errors
    /// [`LedgerError::Lookup`].
    fn tag_salt(&self, id: &ProductId) -> Result<Option<Salt>, LedgerError>;

    /// The series of an actor's readings with this place ([`series_place`]).
    ///
    /// # Errors
    /// [`LedgerError::Lookup`], and those of reading an earlier statement of the series.
    fn series(&self, place: &Sha256Bytes, by: &ActorId) -> Result<Option<Salt>, LedgerError>;
}

/// Nothing is known: for drafts that are signed where there is no ledger.
impl Known for () {
    fn tag_salt(&self, _: &ProductId) -> Result<Option<Salt>, LedgerError> {
        Ok(None)
    }

    fn series(&self, _: &Sha256Bytes, _: &ActorId) -> Result<Option<Salt>, LedgerError> {
        Ok(None)
    }
}

impl<S: Reader> Known for Ledger<S> {
    fn tag_salt(&self, id: &ProductId) -> Result<Option<Salt>, LedgerError> {
        Ok(self.book.tag_salt(id)?)
    }

    fn series(&self, place: &Sha256Bytes, by: &ActorId) -> Result<Option<Salt>, LedgerError> {
        Ok(self.series_at(place, by)?.map(|(_, series)| series))
    }
}

/// What the drafts completed so far brought: drafts of one file may rest on each other.
#[derive(Debug, Default)]
pub struct Completion {
    salts: HashMap<ProductId, Salt>,
    series: HashMap<Sha256Bytes, Salt>,
}

impl Completion {
    /// A draft as it is sealed. Its own salt must be in it: what is new is made from that. What the draft states
    /// itself stays. A product that nobody declared gets a tag that no product has, and the rules refuse it.
    ///
    /// # Errors
    /// [`LedgerError::Lookup`], and those of reading an earlier statement of the series.
    pub fn complete(&mut self, known: &impl Known, statement: Statement) -> Result<Statement, LedgerError> {
        match statement {
            Statement::Product(mut product) => {
                if product.tag_salt.is_none() {
                    let mut salt = None;
                    for id in &product.ids {
                        salt = salt.or(self.salt_of(known, id)?);
                    }
                    product.tag_salt = Some(salt.unwrap_or_else(|| derived_salt("tagSalt", &product.salt)));
                }
                for id in &product.ids {
                    self.salts.extend(product.tag_salt.map(|salt| (id.clone(), salt)));
                }
                Ok(product.into())
            }
            Statement::Activity(activity) => self.activity(known, activity),
            other => Ok(other),
        }
    }

    /// True where a product was declared by a draft that was completed before.
    pub fn declares(&self, id: &ProductId) -> bool {
        self.salts.contains_key(id)
    }

    fn activity(&mut self, known: &impl Known, mut said: Activity) -> Result<Statement, LedgerError> {
        if said.tags.is_empty() {
            let mut tags = Vec::with_capacity(1);
            for id in said.products() {
                let salt = self.salt_of(known, id)?.unwrap_or_else(|| derived_salt("undeclared", &said.salt));
                tags.push(product_tag(&salt, id));
            }
            said.tags = tags;
        }
        if !said.is_reading() || said.series.is_some() {
            return Ok(said.into());
        }
        let (by, new) = (said.by.clone(), derived_salt("series", &said.salt));
        let mut statement = Statement::from(said);
        let Some(place) = series_place(&statement) else { return Ok(statement) };
        let series = match self.series.get(&place) {
            Some(series) => *series,
            None => known.series(&place, &by)?.unwrap_or(new),
        };
        self.series.insert(place, series);
        if let Statement::Activity(said) = &mut statement {
            said.series = Some(series);
        }
        Ok(statement)
    }

    fn salt_of(&self, known: &impl Known, id: &ProductId) -> Result<Option<Salt>, LedgerError> {
        match self.salts.get(id) {
            Some(salt) => Ok(Some(*salt)),
            None => known.tag_salt(id),
        }
    }
}

impl<S: Reader> Ledger<S> {
    /// The newest statement of the readings with this place ([`series_place`]) by an actor, and their series; none
    /// where there are none yet whose body is there.
    pub(super) fn series_at(
        &self,
        place: &Sha256Bytes,
        by: &ActorId,
    ) -> Result<Option<(StatementId, Salt)>, LedgerError> {
        for number in self.book.found(&Sought::Readings(place))?.into_iter().rev() {
            let Some(entry) = self.book.entry_at(number)?.filter(|entry| entry.by == *by) else { continue };
            // What is only planned is not in the store yet: who plans it knows its series.
            let Some(at) = self.position(number)? else { continue };
            let said = super::base::said_at(&self.store, at)?;
            if said.statement().and_then(series_place).as_ref() != Some(place) {
                continue;
            }
            let series = match &said {
                Said::Whole(Statement::Activity(said)) => said.series,
                Said::Header(Header::Activity(said)) => said.series,
                _ => None,
            };
            if let Some(series) = series {
                return Ok(Some((entry.id, series)));
            }
        }
        Ok(None)
    }

    /// The readings of one place that an actor states are of one series: else one bill could stand beside itself.
    /// `here` has those that were judged and are not in the store yet.
    pub(super) fn check_series(&self, facts: &[Fact], here: &mut Readings) -> Result<(), LedgerError> {
        here.take(facts, |place, by| self.series_at(place, by))
    }

    /// Statements as they are sealed, completed from what the ledger knows.
    ///
    /// # Errors
    /// As [`Completion::complete`].
    pub fn completed(&self, statements: &[Statement]) -> Result<Vec<Statement>, LedgerError> {
        let mut completion = Completion::default();
        statements.iter().map(|statement| completion.complete(self, statement.clone())).collect()
    }
}
