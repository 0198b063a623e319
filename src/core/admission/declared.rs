//! What the figures of publications are per: the declared unit of the product statement that held at
//! the log size they rest on. Looked up only where that statement is not the one that holds; of it
//! nothing else is taken.

use super::{Book, Holdings, InventoryError, Said, Sought};
use crate::calc::{Change, Declared, Held, Inventory};
use crate::model::{ProductId, Publication, Statement, StatementId, StatementKind};

/// What a statement of a product by this id declares; none of another statement.
fn declared(said: &Said, id: &ProductId) -> Option<Declared> {
    match said {
        Said::Whole(Statement::Product(product)) if product.ids.contains(id) => Some(Declared::by(product)),
        _ => None,
    }
}

/// What the figures of a publication are per; nothing where the product statement that they rest on
/// holds, which `is_current` knows by its number.
pub(super) fn then<H: Holdings>(
    holdings: &H,
    held: &Held<Publication>,
    is_current: impl Fn(usize) -> bool,
) -> Result<Option<Change>, H::Error> {
    let Publication { product, log, .. } = &held.statement;
    let numbers = holdings.held_then(&Sought::Declares(product), log.size.as_u64())?;
    if numbers.iter().any(|number| is_current(*number)) {
        return Ok(None);
    }
    let mut then = None;
    for number in numbers {
        then = declared(&holdings.said(number)?.1, product).or(then);
    }
    Ok(Some(Change::Declared(held.id, then)))
}

/// An inventory with what its publications are per.
pub(super) fn with_declared<E>(
    book: &Book,
    mut inventory: Inventory,
    mut fetch: impl FnMut(usize, &StatementId) -> Result<Said, E>,
) -> Result<Inventory, InventoryError<E>> {
    let mut changes = Vec::new();
    for held in &inventory.publications {
        let filed = inventory.aliases.get(&held.statement.product);
        let current = filed.and_then(|filed| inventory.products.get(filed)).map(|product| product.id);
        changes.extend(by_book(book, held, current, &mut fetch)?);
    }
    inventory.apply(changes);
    Ok(inventory)
}

/// As [`then`], of a publication that came to hold.
pub(super) fn of_new<E>(
    book: &Book,
    held: &Held<Publication>,
    fetch: &mut impl FnMut(usize, &StatementId) -> Result<Said, E>,
) -> Result<Option<Change>, InventoryError<E>> {
    let product = &held.statement.product;
    let mut current = None;
    for number in book.found(&Sought::Declares(product))? {
        let Some(id) = book.entry_at(number)?.filter(|e| e.kind == StatementKind::Product).map(|e| e.id)
        else {
            continue;
        };
        if book.holds_at(number)? && declared(&fetched(number, id, fetch)?, product).is_some() {
            current = Some(id);
        }
    }
    by_book(book, held, current, fetch)
}

fn by_book<E>(
    book: &Book,
    held: &Held<Publication>,
    current: Option<StatementId>,
    fetch: &mut impl FnMut(usize, &StatementId) -> Result<Said, E>,
) -> Result<Option<Change>, InventoryError<E>> {
    let Publication { product, log, .. } = &held.statement;
    let mut then = None;
    for number in book.found(&Sought::Declares(product))? {
        let Some(entry) = book.entry_at(number)? else { continue };
        let id = entry.id;
        if entry.kind != StatementKind::Product || !book.held_at(number, &entry, log.size.as_u64())? {
            continue;
        }
        if Some(id) == current {
            return Ok(None);
        }
        then = declared(&fetched(number, id, fetch)?, product).or(then);
    }
    Ok(Some(Change::Declared(held.id, then)))
}

fn fetched<E>(
    number: usize,
    id: StatementId,
    fetch: &mut impl FnMut(usize, &StatementId) -> Result<Said, E>,
) -> Result<Said, InventoryError<E>> {
    fetch(number, &id).map_err(|cause| InventoryError::Fetch { id, cause })
}
