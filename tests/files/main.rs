//! Files of other programs by the public API: tables, workbooks, openLCA packages, and every slip
//! that people make in them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, also in its helpers")]

mod certificates;
mod differential;
mod exchange;
mod exchange_tables;
mod foreign_tables;
mod inventories;
mod openlca;
mod uslci;
mod vectors;
