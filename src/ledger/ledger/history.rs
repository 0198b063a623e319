//! What was ever said about one product, whether it still holds or not. Reads; it never judges.

use std::collections::{BTreeMap, BTreeSet};

use super::{Ledger, LedgerError};
use crate::admission::{Said, Sought};
use crate::codec::{figures_digest, tags_of};
use crate::model::{ProductId, Statement, StatementId};
use crate::store::Reader;

impl<S: Reader> Ledger<S> {
    /// Every statement about a product, oldest first, with those that no longer hold: its product
    /// statements, the activity statements that put it out or are for it, its publications, and the
    /// opinions on their figures. Every id of the product finds the same ones; of an unknown
    /// product there are none. Of those that were redacted there is what stays.
    ///
    /// # Errors
    /// As [`Self::statement`]; [`LedgerError::Lookup`].
    pub fn history_of(&self, product: &ProductId) -> Result<Vec<(StatementId, Said)>, LedgerError> {
        let book = self.book();
        let Some(held) = book.product(product)? else { return Ok(Vec::new()) };
        let ids = &held.statement.ids;
        let (mut found, mut figures) = (BTreeMap::new(), BTreeSet::new());
        for process in &held.statement.processes {
            for number in book.found(&Sought::ReadsAll(process.stage, &process.name))? {
                let signed = book.entry_at(number)?.is_some_and(|entry| process.signers.contains(&entry.by));
                if signed {
                    found.insert(number, self.said_of(number)?);
                }
            }
        }
        for (_, tag) in tags_of(&held.statement) {
            for number in book.found(&Sought::Makes(&tag))? {
                let said = self.said_of(number)?;
                // Two tags may begin with the same bytes.
                if said.tags().contains(&tag) {
                    found.insert(number, said);
                }
            }
        }
        for id in ids {
            for number in book.found(&Sought::Declares(id))? {
                let said = self.said_of(number)?;
                let is_ours = |said: &Said| matches!(said, Said::Whole(Statement::Product(p)) if p.ids.first() == ids.first());
                if is_ours(&said) {
                    found.insert(number, said);
                }
            }
            for number in book.found(&Sought::Publishes(id))? {
                let said = self.said_of(number)?;
                let Said::Whole(Statement::Publication(publication)) = &said else { continue };
                if ids.contains(&publication.product) {
                    figures.insert(figures_digest(publication)?);
                    found.insert(number, said);
                }
            }
        }
        for digest in figures {
            for number in book.found(&Sought::Assures(&digest))? {
                let said = self.said_of(number)?;
                if matches!(&said, Said::Whole(Statement::Assurance(assurance)) if assurance.figures == digest)
                {
                    found.insert(number, said);
                }
            }
        }
        let mut history = Vec::with_capacity(found.len());
        for (number, said) in found {
            history.extend(book.entry_at(number)?.map(|entry| (entry.id, said)));
        }
        Ok(history)
    }
}
