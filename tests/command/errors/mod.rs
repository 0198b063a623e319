//! The error catalogue: every error of the library and of the command with an input that gives it, as its reader sees it. `catalogue.md` is
//! made here (`PCF_UPDATE_ERRORS=1 cargo test --test command errors` writes it anew: read what
//! changed), and every variant of every
//! error in `src` stands in it, or in a list of those that no input from outside can provoke, with the reason.

mod ahead;
mod calculation;
mod catalogue;
mod command;
mod desk;
mod documents;
mod ledgers;
mod publishing;
mod questions;
mod redaction;
mod rulings;
mod runs;
mod sentences;
mod signing;
mod stores;
