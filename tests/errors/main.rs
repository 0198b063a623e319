//! The error catalogue: every error of the library and of the command with an input that gives it, as its reader sees it. `catalogue.md` is
//! made here (`PCF_UPDATE_ERRORS=1 cargo test --test errors` writes it anew: read what changed), and every variant of every
//! error in `src` stands in it, or in a list of those that no input from outside can provoke, with the reason.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, also in its helpers")]

mod ahead;
mod calculation;
mod catalogue;
mod command;
mod documents;
mod ledgers;
mod publishing;
mod redaction;
mod rulings;
mod sentences;
mod signing;
mod stores;

#[path = "../common/mod.rs"]
mod common;
#[path = "../cli/desk.rs"]
#[allow(dead_code, reason = "each test file uses its part")]
mod desk;
#[path = "../calc/ledger.rs"]
#[allow(dead_code, reason = "each test file uses its part")]
mod inventory;
#[path = "../common/proof.rs"]
mod world;
