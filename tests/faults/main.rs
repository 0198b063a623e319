//! The command under faults: every system call fails in turn, imports are killed, and several
//! processes share one ledger. Most tests watch and
//! disturb the real binary with `strace`. `tests/faults/run` tries every point; `cargo test` tries
//! a sample of them.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, also in its helpers")]

mod checkpoint;
mod durability;
mod every_call;
mod import;
mod kill;
mod processes;
mod publish;
mod redact;
mod refused_room;
mod trace;

/// The command under test.
const PCF: &str = env!("CARGO_BIN_EXE_pcf");
