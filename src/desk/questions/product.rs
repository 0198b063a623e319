//! Which product is meant by an id or a name.

use pcf_files::catalog::{Catalog, Entry, numbers_of};
use pcf_ledger::admission::Book;
use pcf_ledger::model::ProductId;

use crate::DeskError;

/// Finds the product with this id, or with this name where only one has it.
///
/// # Errors
/// [`DeskError::UnknownProduct`], which names the nearest; [`DeskError::AmbiguousProduct`].
pub fn product(book: &Book, text: &str) -> Result<ProductId, DeskError> {
    if let Ok(id) = text.parse::<ProductId>()
        && book.product(&id)?.is_some()
    {
        return Ok(id);
    }
    let same = book.products_named(text)?;
    match same.as_slice() {
        [one] => Ok(one.clone()),
        [] => Err(DeskError::UnknownProduct { text: text.to_owned(), near: nearest(book, text)? }),
        _ => Err(DeskError::AmbiguousProduct { name: text.to_owned(), count: same.len() }),
    }
}

fn nearest(book: &Book, text: &str) -> Result<Option<String>, DeskError> {
    let mut catalog = Catalog::complete();
    for held in book.products()?.into_values() {
        let product = held.statement;
        let Some(first) = product.ids.first() else { continue };
        let (source, name) = (format!("product:{first}"), product.name.to_string());
        let numbers: Vec<String> = product.ids.iter().flat_map(numbers_of).collect();
        catalog.add(Entry { source, name, unit: None, held: true }, numbers);
    }
    Ok(catalog.meant(text).map(|near| format!("`{}`, {}", near.name, near.id())))
}
