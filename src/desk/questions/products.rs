//! The products of a ledger, with their unit processes.

use pcf_ledger::admission::Book;
use pcf_ledger::model::{Process, Product, StatementId};
use serde::Serialize;

use super::product;
use crate::DeskError;
use crate::words::declared_unit;

/// All products of a ledger.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct ProductList {
    /// The products, by id.
    pub products: Vec<ProductReport>,
}

/// A product.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProductReport {
    /// Its first id.
    pub product: String,
    /// All its ids.
    pub ids: Vec<String>,
    /// Its name.
    pub name: String,
    /// The actor who said it.
    pub by: String,
    /// What its footprint is per.
    pub declared_unit: String,
    /// How far its footprint reaches.
    pub boundary: String,
    /// What it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Its unit processes.
    pub processes: Vec<ProcessLine>,
    /// Its statement.
    pub statement: String,
}

/// A unit process.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct ProcessLine {
    /// Its stage.
    pub stage: String,
    /// Its name.
    pub process: String,
    /// The actors who may sign its activities.
    pub signers: Vec<String>,
}

/// Lists the products of a ledger.
///
/// # Errors
/// [`DeskError::Ledger`].
pub fn products(book: &Book) -> Result<ProductList, DeskError> {
    let products = book.products()?;
    Ok(ProductList { products: products.values().map(|held| shown(&held.id, &held.statement)).collect() })
}

/// Tells the product with this id or name.
///
/// # Errors
/// Those of [`product`].
pub fn product_report(book: &Book, text: &str) -> Result<ProductReport, DeskError> {
    let id = product(book, text)?;
    let unknown = || DeskError::UnknownProduct { text: text.to_owned(), near: None };
    book.product(&id)?.map(|held| shown(&held.id, &held.statement)).ok_or_else(unknown)
}

fn shown(statement: &StatementId, product: &Product) -> ProductReport {
    let process = |p: &Process| ProcessLine {
        stage: p.stage.to_string(),
        process: p.name.to_string(),
        signers: p.signers.iter().map(ToString::to_string).collect(),
    };
    ProductReport {
        product: product.ids.first().map(ToString::to_string).unwrap_or_default(),
        ids: product.ids.iter().map(ToString::to_string).collect(),
        name: product.name.to_string(),
        by: product.by.to_string(),
        declared_unit: declared_unit(product),
        boundary: product.boundary.to_string(),
        description: product.description.as_ref().map(ToString::to_string),
        processes: product.processes.iter().map(process).collect(),
        statement: statement.to_string(),
    }
}
