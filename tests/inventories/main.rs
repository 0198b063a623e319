//! Inventories of others, read through the public API.

mod openlca;
mod uslci;
