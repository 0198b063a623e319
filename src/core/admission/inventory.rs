//! What holds, turned into what a calculation starts from.

use super::{Book, Entry, Said};
use crate::calc::{Change, Held, Inventory};
use crate::model::{PublicationStatus, Statement, StatementId, StatementKind};
use crate::pact::PactError;
use crate::pact::import::bought;

/// Why no inventory could be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InventoryError<E> {
    /// A statement could not be read again.
    #[error("statement {id}: {cause}")]
    Fetch {
        /// The statement.
        id: StatementId,
        /// Why.
        cause: E,
    },
    /// A supplier's document that was recorded cannot be read as a footprint.
    #[error("the supplier's document in statement {id}: {cause}")]
    Document {
        /// The statement.
        id: StatementId,
        /// What is wrong with it.
        cause: PactError,
    },
}

/// Everything that holds, as a calculation needs it. `fetch` reads a statement again by its id. What is redacted goes to a
/// list of its own, so that the calculations that need it can say so.
///
/// # Errors
/// [`InventoryError`]; nothing that holds is ever left out silently.
pub fn inventory<E>(
    book: &Book,
    fetch: impl FnMut(&StatementId) -> Result<Said, E>,
) -> Result<Inventory, InventoryError<E>> {
    inventory_where(book, |_| true, fetch)
}

/// As [`inventory`], but with only those activities, bought footprints and publications that the caller wants.
///
/// # Errors
/// [`InventoryError`].
pub fn inventory_where<E>(
    book: &Book,
    mut wants: impl FnMut(&Entry) -> bool,
    mut fetch: impl FnMut(&StatementId) -> Result<Said, E>,
) -> Result<Inventory, InventoryError<E>> {
    let mut inventory = Inventory::default();
    for (id, statement_id, product) in book.products() {
        inventory.products.insert(id.clone(), Held { id: *statement_id, statement: product.clone() });
    }
    let aliases = book.aliases().into_iter();
    inventory.aliases = aliases.map(|(id, filed)| (id.clone(), filed.clone())).collect();
    for (id, statement_id, factor) in book.factors() {
        inventory.factors.insert(id.clone(), Held { id: *statement_id, statement: factor.clone() });
    }
    for entry in book.entries() {
        let id = entry.id;
        let wanted = match entry.kind {
            // Of factors the book keeps what they say; only redacted ones are looked for here.
            StatementKind::Factor => !book.keeps_text(&id),
            _ => is_read(&entry) && wants(&entry),
        };
        if wanted && book.holds(&id) {
            inventory.apply(begins(id, fetch(&id).map_err(|cause| InventoryError::Fetch { id, cause })?)?);
        }
    }
    Ok(inventory)
}

/// What came to hold, what ended and what was redacted since the log had `size` seals, as changes of the inventory of then: ends first, then in
/// log order. `fetch` reads a statement again by its id.
///
/// # Errors
/// [`InventoryError`]; nothing that changes an inventory is ever left out silently.
pub fn changes_since<E>(
    book: &Book,
    size: u64,
    mut fetch: impl FnMut(&StatementId) -> Result<Said, E>,
) -> Result<Vec<Change>, InventoryError<E>> {
    let is_later = |id: &StatementId| book.entry(id).is_some_and(|(_, entry)| entry.index >= size);
    let ended = book.deaths().filter(|(id, death)| is_later(&death.cause()) && !is_later(id));
    let mut changes: Vec<Change> = ended.map(|(id, _)| Change::Ends(id)).collect();
    let redacted =
        book.redactions().iter().filter(|(id, announced)| is_later(&announced.by) && !is_later(id));
    // What stays of a redacted statement takes its place.
    let redacted: Vec<StatementId> = redacted.map(|(id, _)| *id).filter(|id| book.holds(id)).collect();
    changes.extend(redacted.iter().copied().map(Change::Ends));
    let first = book.entries().partition_point(|entry| entry.index < size);
    let later = book.entries().from(first).filter(|entry| {
        book.holds(&entry.id)
            && (matches!(entry.kind, StatementKind::Product | StatementKind::Factor) || is_read(entry))
    });
    for id in redacted.into_iter().chain(later.map(|entry| entry.id)) {
        changes.extend(begins(id, fetch(&id).map_err(|cause| InventoryError::Fetch { id, cause })?)?);
    }
    Ok(changes)
}

/// True for the types that an inventory reads again: of the others the book keeps what it needs.
fn is_read(entry: &Entry) -> bool {
    matches!(
        entry.kind,
        StatementKind::Activity | StatementKind::SupplierFootprint | StatementKind::Publication
    )
}

/// What a statement that came to hold changes; nothing for those that no footprint rests on.
pub(super) fn begins<E>(id: StatementId, said: Said) -> Result<Option<Change>, InventoryError<E>> {
    let statement = match said {
        Said::Whole(statement) => statement,
        Said::Kept(kept) => return Ok(Some(Change::Redacted(kept))),
    };
    Ok(match statement {
        Statement::Activity(statement) => Some(Change::Activity(Held { id, statement })),
        Statement::Product(statement) => Some(Change::Product(Held { id, statement })),
        Statement::Factor(statement) => Some(Change::Factor(Held { id, statement })),
        Statement::SupplierFootprint(statement) => {
            let document = bought(statement.document.as_bytes());
            let (document, _) = document.map_err(|cause| InventoryError::Document { id, cause })?;
            Some(Change::Bought(statement.footprint, Held { id, statement: document }))
        }
        Statement::Publication(statement) if statement.status == PublicationStatus::Final => {
            Some(Change::Publication(Held { id, statement }))
        }
        _ => None,
    })
}
