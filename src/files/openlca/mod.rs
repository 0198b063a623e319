//! Packages of inventories in (openLCA's JSON-LD, schema 1 and 2; ecoSpold 2; ILCD and its JSON
//! spelling TIDAS; zip or folder): every process becomes a product with one activity, emissions
//! become gases. What a package says and a footprint cannot take is cut off, and the report names
//! each piece; nothing is guessed and nothing is silent.

mod amount;
mod convert;
mod ecospold;
mod gas;
mod ilcd;
mod made;
mod package;
mod report;
mod schema;
mod tree;
mod units;
mod write;

pub use convert::{Converted, convert};
pub use package::{ENTRIES_MAX, ENTRY_BYTES_MAX, PACKAGE_BYTES_MAX, Package, PackageReader, is_archive};
pub use report::{Finding, FindingKind, ImportReport};
