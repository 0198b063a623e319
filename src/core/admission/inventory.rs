//! What holds, turned into what a calculation starts from.

use std::convert::Infallible;

use super::{Book, Entry, IndexError, Said, declared};
use crate::calc::{Change, Held, Inventory};
use crate::model::{Header, PublicationStatus, Statement, StatementId, StatementKind};
use crate::pact::PactError;
use crate::pact::import::bought;

/// Why no inventory could be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum InventoryError<E> {
    /// The log could not be looked up.
    #[error("the log could not be looked up: {0}")]
    Index(#[from] IndexError),
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

impl InventoryError<Infallible> {
    /// The same where reading can fail.
    pub fn widened<E>(self) -> InventoryError<E> {
        match self {
            Self::Index(error) => InventoryError::Index(error),
            Self::Fetch { cause, .. } => match cause {},
            Self::Document { id, cause } => InventoryError::Document { id, cause },
        }
    }
}

/// Everything that held when the log had `size` seals, as a calculation needs it. `fetch` reads a
/// statement again by its number in log order and its id. What is redacted goes to a list of its
/// own, so that the calculations that need it can say so.
///
/// # Errors
/// [`InventoryError`]; nothing that holds is ever left out silently.
pub fn inventory<E>(
    book: &Book,
    size: u64,
    mut fetch: impl FnMut(usize, &StatementId) -> Result<Said, E>,
) -> Result<Inventory, InventoryError<E>> {
    let mut inventory = Inventory::default();
    for (number, entry) in book.entries(0..book.first_of(size)?).enumerate() {
        let entry = entry?;
        let id = entry.id;
        if is_read(&entry) && book.held_at(number, &entry, size)? {
            let said = fetch(number, &id).map_err(|cause| InventoryError::Fetch { id, cause })?;
            inventory.apply(begins(id, said)?);
        }
    }
    declared::with_declared(book, inventory, fetch)
}

/// As [`inventory`], but for the activities, which are most of a large log.
///
/// # Errors
/// As [`inventory`].
pub fn inventory_but_activities<E>(
    book: &Book,
    size: u64,
    mut fetch: impl FnMut(usize, &StatementId) -> Result<Said, E>,
) -> Result<Inventory, InventoryError<E>> {
    let mut inventory = Inventory::default();
    for kind in BESIDE_ACTIVITIES {
        for (number, entry) in book.of_kind(kind)? {
            let id = entry.id;
            if book.held_at(number, &entry, size)? {
                let said = fetch(number, &id).map_err(|cause| InventoryError::Fetch { id, cause })?;
                inventory.apply(begins(id, said)?);
            }
        }
    }
    declared::with_declared(book, inventory, fetch)
}

/// What came to hold, what ended and what was redacted since the log had `size` seals, as changes of the inventory of then: ends first, then in
/// log order. `fetch` reads a statement again by its id.
///
/// # Errors
/// [`InventoryError`]; nothing that changes an inventory is ever left out silently.
pub fn changes_since<E>(
    book: &Book,
    size: u64,
    mut fetch: impl FnMut(usize, &StatementId) -> Result<Said, E>,
) -> Result<Vec<Change>, InventoryError<E>> {
    let first = book.first_of(size)?;
    let mut changes = Vec::new();
    for (id, ended) in book.all_ended()? {
        if ended.since >= size && book.entry(&id)?.is_some_and(|(number, _)| number < first) {
            changes.push(Change::Ends(id));
        }
    }
    let mut begun = Vec::new();
    for (id, announced) in book.redactions()? {
        let later = book.entry(&announced.by)?.is_some_and(|(number, _)| number >= first);
        if let Some((number, _)) = book.entry(&id)?.filter(|(number, _)| later && *number < first)
            && book.ended_at(number, &id)?.is_none()
        {
            // What stays of a redacted statement takes its place.
            changes.push(Change::Ends(id));
            begun.push((number, id));
        }
    }
    for (number, entry) in (first..).zip(book.entries(first..book.statements())) {
        let entry = entry?;
        if is_read(&entry) && book.ended_at(number, &entry.id)?.is_none() {
            begun.push((number, entry.id));
        }
    }
    let mut per = Vec::new();
    for (number, id) in begun {
        let said = fetch(number, &id).map_err(|cause| InventoryError::Fetch { id, cause })?;
        let change = begins(id, said)?;
        if let Some(Change::Publication(held)) = &change {
            per.extend(declared::of_new(book, held, &mut fetch)?);
        }
        changes.extend(change);
    }
    changes.extend(per);
    Ok(changes)
}

/// The types that an inventory is made of, beside activities.
const BESIDE_ACTIVITIES: [StatementKind; 4] = [
    StatementKind::Product,
    StatementKind::Factor,
    StatementKind::SupplierFootprint,
    StatementKind::Publication,
];

/// True for the types that an inventory is made of.
fn is_read(entry: &Entry) -> bool {
    entry.kind == StatementKind::Activity || BESIDE_ACTIVITIES.contains(&entry.kind)
}

/// What a statement that came to hold changes; nothing for those that no footprint rests on.
pub(super) fn begins<E>(id: StatementId, said: Said) -> Result<Option<Change>, InventoryError<E>> {
    let statement = match said {
        Said::Whole(statement) => statement,
        Said::Header(Header::Whole(statement)) => statement,
        Said::Header(header) => return Ok(Some(Change::Redacted(id, header))),
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
