//! The command as its user meets it: the real binary, exit codes, sentences, JSON, and the
//! catalogue of every error.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, also in its helpers")]

mod cli;
mod corrugated;
mod demo;
mod errors;
mod figures;
mod handbook;
mod hour;
mod mistakes;
mod reference;
mod terminal;
mod witness;

/// The command under test.
const PCF: &str = env!("CARGO_BIN_EXE_pcf");
