//! What holds, turned into what a calculation starts from.

use super::bought::bought;
use super::{Book, Entry};
use crate::calc::{Held, Inventory};
use crate::codec::pact::PactError;
use crate::model::{PublicationStatus, Statement, StatementId, StatementKind};

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

/// Everything that holds, as a calculation needs it. `fetch` reads a statement again by its id.
///
/// # Errors
/// [`InventoryError`]; nothing that holds is ever left out silently.
pub fn inventory<E>(
    book: &Book,
    fetch: impl FnMut(&StatementId) -> Result<Statement, E>,
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
    mut fetch: impl FnMut(&StatementId) -> Result<Statement, E>,
) -> Result<Inventory, InventoryError<E>> {
    let mut inventory = Inventory::default();
    for (id, statement_id, product) in book.products() {
        inventory.products.insert(id.clone(), Held { id: *statement_id, statement: product.clone() });
    }
    inventory.aliases = book.aliases().clone();
    for (id, statement_id, factor) in book.factors() {
        inventory.factors.insert(id.clone(), Held { id: *statement_id, statement: factor.clone() });
    }
    for entry in book.entries() {
        let id = entry.id;
        let wanted = matches!(
            entry.kind,
            StatementKind::Activity | StatementKind::SupplierFootprint | StatementKind::Publication
        );
        if !wanted || !wants(entry) || !book.holds(&id) {
            continue;
        }
        match fetch(&id).map_err(|cause| InventoryError::Fetch { id, cause })? {
            Statement::Activity(statement) => inventory.activities.push(Held { id, statement }),
            Statement::SupplierFootprint(statement) => {
                let (statement, footprint) = (
                    bought(statement.document.as_bytes())
                        .map_err(|cause| InventoryError::Document { id, cause })?
                        .0,
                    statement.footprint,
                );
                inventory.bought.insert(footprint, Held { id, statement });
            }
            Statement::Publication(statement) if statement.status == PublicationStatus::Final => {
                inventory.publications.push(Held { id, statement });
            }
            _ => {}
        }
    }
    Ok(inventory)
}
