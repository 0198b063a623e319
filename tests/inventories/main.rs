//! Inventories of others, read through the public API.

mod incremental;
mod openlca;
mod uslci;
