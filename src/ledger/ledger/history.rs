//! What was ever said about one product, whether it still holds or not. Reads; it never judges.

use std::collections::BTreeSet;

use super::{Ledger, LedgerError};
use crate::admission::Said;
use crate::codec::digest::sha256;
use crate::codec::figures_digest;
use crate::model::{ProductId, Statement, StatementId, StatementKind};
use crate::store::Reader;

impl<S: Reader> Ledger<S> {
    /// Every statement about a product, oldest first, with those that no longer hold: its product statements, the activity statements that put
    /// it out, its publications, and the opinions on their figures. Every id of the product finds the same ones; of an unknown product there
    /// are none. Of those that were redacted there is what stays.
    ///
    /// # Errors
    /// As [`Self::statement`]; [`LedgerError::Index`].
    pub fn history_of(&self, product: &ProductId) -> Result<Vec<(StatementId, Said)>, LedgerError> {
        let book = self.book();
        let Some((held, stated)) = book.product(product) else { return Ok(Vec::new()) };
        let subject = book.entry(held).map(|(_, entry)| entry.subject);
        let mut found = self.activities_about(&stated.ids, |_| true)?;
        let mut figures = BTreeSet::new();
        for (number, entry) in book.entries().iter().enumerate() {
            let about = match entry.kind {
                StatementKind::Product => Some(entry.subject) == subject,
                StatementKind::Publication => true,
                // It comes after the figures that it names.
                StatementKind::Assurance => figures.contains(&entry.subject),
                _ => false,
            };
            if !about {
                continue;
            }
            let statement = self.statement(&entry.id)?;
            if let Statement::Publication(publication) = &statement {
                if !stated.ids.contains(&publication.product) {
                    continue;
                }
                figures.insert(sha256(&[figures_digest(publication)?.to_string().as_bytes()]));
            }
            found.push((number, entry.id, Said::Whole(statement)));
        }
        found.sort_by_key(|(number, _, _)| *number);
        Ok(found.into_iter().map(|(_, id, said)| (id, said)).collect())
    }
}
