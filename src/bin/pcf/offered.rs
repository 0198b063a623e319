//! What a ledger and the shipped library offer as sources of flows, for parts lists and mappings. It reads and decides nothing.

use pcf_ledger::exchange::catalog::{Catalog, Entry, numbers_of};
use pcf_ledger::exchange::library::Library;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Statement, StatementKind};
use pcf_ledger::store::Reader;

use crate::error::CliError;

/// The sources of a ledger; empty and open to anything where they are not `needed`.
pub fn catalog<S: Reader>(ledger: &Ledger<S>, needed: bool) -> Result<Catalog, CliError> {
    if !needed {
        return Ok(Catalog::default());
    }
    let (book, mut catalog) = (ledger.book(), Catalog::complete());
    for (id, _, factor) in book.factors() {
        let (source, name) = (format!("factor:{id}"), factor.name.to_string());
        catalog.add(Entry { source, name, unit: Some(factor.unit), held: true }, []);
    }
    for (_, _, product) in book.products() {
        let Some(first) = product.ids.first() else { continue };
        let entry = Entry { source: format!("product:{first}"), name: product.name.to_string(), unit: None, held: true };
        catalog.add(entry, product.ids.iter().flat_map(numbers_of));
    }
    for entry in book.entries().iter().filter(|entry| entry.kind == StatementKind::SupplierFootprint) {
        if !book.holds(&entry.id) {
            continue;
        }
        let Statement::SupplierFootprint(footprint) = ledger.statement(&entry.id)? else { continue };
        let (name, ids) = named(footprint.document.as_bytes());
        let source = format!("footprint:{}", footprint.footprint);
        let numbers = ids.iter().flat_map(|id| [id.clone(), id.rsplit(':').next().unwrap_or_default().to_owned()]);
        catalog.add(Entry { source, name, unit: None, held: true }, numbers.collect::<Vec<_>>());
    }
    catalog.add_library(&Library::shipped()?);
    Ok(catalog)
}

/// The product's name and ids in a supplier's document.
fn named(document: &[u8]) -> (String, Vec<String>) {
    let value: serde_json::Value = serde_json::from_slice(document).unwrap_or_default();
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let name = ["productNameCompany", "productDescription"].iter().find_map(|field| text(&value[*field]));
    let ids = value["productIds"].as_array().map(|ids| ids.iter().filter_map(text).collect());
    (name.unwrap_or_default(), ids.unwrap_or_default())
}
