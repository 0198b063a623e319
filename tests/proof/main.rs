//! Publications and their proofs by the public API: they verify, their pages are complete, and every bent proof and every attack is found.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, also in its helpers")]

mod attacks;
mod bundle;
mod page;
mod proof_states;
mod publish;
mod redaction;
mod states;
mod trust;
