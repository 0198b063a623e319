//! What one publication rests on, and no more: its product with all that goes into it, as it held
//! at the log size that the publication
//! names. Statements are read again one by one, so that neither the log is read twice nor all of it
//! kept. What is looked for, and what a
//! statement becomes, is [`admission`](crate::admission)'s.

use std::convert::Infallible;

use super::log::Log;
use super::source::Source;
use crate::admission::{Holdings, IndexError, InventoryError, Said, Sought, inventory_of};
use crate::calc::{Inventory, Request};
use crate::codec::decode_statement;
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

impl From<IndexError> for Unread {
    fn from(error: IndexError) -> Self {
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
    inventory_of(&Held { log, source, size }, std::slice::from_ref(product), request)
        .map_err(|Unread(why)| why)
}

impl Holdings for Held<'_> {
    type Error = Unread;

    fn held(&self, sought: &Sought<'_>) -> Result<Vec<usize>, Unread> {
        self.held_then(sought, self.size)
    }

    fn held_then(&self, sought: &Sought<'_>, size: u64) -> Result<Vec<usize>, Unread> {
        let (book, mut held) = (&self.log.book, Vec::new());
        for number in book.found(sought)? {
            if let Some(entry) = book.entry_at(number)?
                && book.held_at(number, &entry, size)?
            {
                held.push(number);
            }
        }
        Ok(held)
    }

    fn said(&self, number: usize) -> Result<(StatementId, Said), Unread> {
        let unplaced = |why: &str| Unread(why.to_owned());
        let entry = self.log.book.entry_at(number)?;
        let id = entry.ok_or_else(|| unplaced("its place in the log is not known"))?.id;
        let at = self.log.position(number);
        let at = at.ok_or_else(|| unplaced("its place in the store is not known"))?;
        let wrong = |why: String| Unread(format!("statement {id}: {why}"));
        let said = match self.source.body(at).map_err(|error| wrong(error.to_string()))? {
            Body::Statement(bytes) => decode_statement(&bytes).map(Said::Whole),
            Body::Removed(header) => Said::without_body(&header),
        };
        Ok((id, said.map_err(|error| wrong(error.to_string()))?))
    }
}
