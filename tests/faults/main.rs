//! What the system does to an import: what reaches the disk before an answer, every file system call failing in turn, and two writers with a
//! reader in processes of their own. The real binary, watched and disturbed by `strace`. `tests/faults/run` runs all of it in full.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, also in its helpers")]

mod checkpoint;
#[path = "../common/mod.rs"]
mod common;
#[path = "../cli/desk.rs"]
#[allow(dead_code, reason = "each test file uses its part")]
mod desk;
mod durability;
mod every_call;
mod import;
mod processes;
mod publish;
mod redact;
mod refused_room;
mod trace;
