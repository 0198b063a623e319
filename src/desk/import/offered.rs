//! What a ledger and the shipped library offer as sources of flows, for parts lists and mappings. It reads and decides nothing.

use pcf_files::catalog::{Catalog, Entry, numbers_of};
use pcf_files::library::Library;
use pcf_ledger::admission::Said;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Statement, StatementKind};
use pcf_ledger::store::Reader;

use crate::DeskError;

/// Returns the sources of a ledger; an empty catalog, open to anything, where they are not
/// `needed`.
///
/// # Errors
/// [`DeskError::Ledger`]; [`DeskError::Exchange`].
pub fn catalog<S: Reader>(ledger: &Ledger<S>, needed: bool) -> Result<Catalog, DeskError> {
    if !needed {
        return Ok(Catalog::default());
    }
    let (book, mut catalog) = (ledger.book(), Catalog::complete());
    for (_, factor) in book.factors()?.into_values() {
        add(&mut catalog, &factor.into());
    }
    for held in book.products()?.into_values() {
        add(&mut catalog, &held.statement.into());
    }
    for (number, entry) in book.of_kind(StatementKind::SupplierFootprint)? {
        if !book.holds_at(number)? {
            continue;
        }
        // Of a redacted document nobody knows the name any more.
        if let Said::Whole(statement @ Statement::SupplierFootprint(_)) = ledger.said(&entry.id)? {
            add(&mut catalog, &statement);
        }
    }
    catalog.add_library(Library::shipped()?);
    Ok(catalog)
}

/// Returns what the shipped library alone offers.
///
/// # Errors
/// [`DeskError::Exchange`].
pub fn library() -> Result<Catalog, DeskError> {
    let mut catalog = Catalog::complete();
    catalog.add_library(Library::shipped()?);
    Ok(catalog)
}

/// Adds what a statement of an import brings to what may be named.
pub fn add(catalog: &mut Catalog, statement: &Statement) {
    match statement {
        Statement::Factor(factor) => {
            let (source, name) = (format!("factor:{}", factor.factor), factor.name.to_string());
            catalog.add(Entry { source, name, unit: Some(factor.unit), held: true }, []);
        }
        Statement::Product(product) => {
            let Some(first) = product.ids.first() else { return };
            let (source, name) = (format!("product:{first}"), product.name.to_string());
            let numbers: Vec<String> = product.ids.iter().flat_map(numbers_of).collect();
            catalog.add(Entry { source, name, unit: None, held: true }, numbers);
        }
        Statement::SupplierFootprint(footprint) => {
            let (name, ids) = named(footprint.document.as_bytes());
            let source = format!("footprint:{}", footprint.footprint);
            let numbers =
                ids.iter().flat_map(|id| [id.clone(), id.rsplit(':').next().unwrap_or_default().to_owned()]);
            catalog.add(Entry { source, name, unit: None, held: true }, numbers.collect::<Vec<_>>());
        }
        _ => {}
    }
}

/// The product's name and ids in a supplier's document.
fn named(document: &[u8]) -> (String, Vec<String>) {
    let value: serde_json::Value = serde_json::from_slice(document).unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let name = ["productNameCompany", "productDescription"].iter().find_map(|field| text(&value[*field]));
    let ids = value["productIds"].as_array().map(|ids| ids.iter().filter_map(text).collect());
    (name.unwrap_or_default(), ids.unwrap_or_default())
}
