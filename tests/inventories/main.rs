//! Inventories of others, read through the public API, and gates kept up to date.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, also in its helpers")]

mod appended;
#[path = "../common/mod.rs"]
mod common;
mod incremental;
mod openlca;
mod uslci;
