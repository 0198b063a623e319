//! What one publication rests on, and no more: its product with all that goes into it, as it held
//! at the log size that the publication
//! names. Statements are read again one by one, so that neither the log is read twice nor all of it
//! kept. What is looked for, and what a
//! statement becomes, is [`admission`](crate::admission)'s.

use std::convert::Infallible;

use super::log::Log;
use super::source::Source;
use crate::admission::{Holdings, InventoryError, Said, Sought, inventory_of};
use crate::calc::{Inventory, Request};
use crate::codec::{decode_kept, decode_statement};
use crate::model::{ProductId, StatementId};
use crate::store::Body;

/// What held at `size`.
struct Held<'a> {
    log: &'a Log,
    source: &'a dyn Source,
    size: u64,
}

/// Why the statements could not be read.
struct Unread(String);

impl From<InventoryError<Infallible>> for Unread {
    fn from(error: InventoryError<Infallible>) -> Self {
        Self(error.to_string())
    }
}

/// All that held at `size` and that the footprint of `product` can depend on; with a request,
/// without the activities that do not count for it. An
/// error says what could not be read.
pub(super) fn inventory(
    log: &Log,
    source: &dyn Source,
    size: u64,
    product: &ProductId,
    request: Option<&Request>,
) -> Result<Inventory, String> {
    inventory_of(&Held { log, source, size }, product, request).map_err(|Unread(why)| why)
}

impl Holdings for Held<'_> {
    type Error = Unread;

    fn held(&self, sought: &Sought<'_>) -> Vec<u32> {
        self.log.postings.find(sought).filter(|number| self.holds(*number)).collect()
    }

    fn said(&self, number: u32) -> Result<(StatementId, Said), Unread> {
        let unplaced = |why: &str| Unread(why.to_owned());
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        let entries = self.log.book.entries();
        let entry = entries.get(number).ok_or_else(|| unplaced("its place in the log is not known"))?;
        let at = self.log.positions.get(number);
        let at = at.ok_or_else(|| unplaced("its place in the store is not known"))?;
        let id = entry.id;
        let wrong = |why: String| Unread(format!("statement {id}: {why}"));
        let said = match self.source.body(*at).map_err(|error| wrong(error.to_string()))? {
            Body::Statement(bytes) => decode_statement(&bytes).map(Said::Whole),
            Body::Redacted(bytes) => decode_kept(&bytes).map(Said::Kept),
        };
        Ok((id, said.map_err(|error| wrong(error.to_string()))?))
    }
}

impl Held<'_> {
    /// Whether a statement was in the log and counted at the size that is asked for.
    fn holds(&self, number: u32) -> bool {
        let book = &self.log.book;
        let entry = usize::try_from(number).ok().and_then(|number| book.entries().get(number));
        entry.is_some_and(|entry| book.held_at(&entry, self.size))
    }
}
