//! Publications and their proofs by the public API: they verify, their pages are complete, and
//! every bent proof and every attack is found.

#![allow(
    clippy::cast_possible_truncation,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, also in its helpers, and its numbers are small"
)]

mod attacks;
mod bundle;
mod erasure;
mod page;
mod proof_states;
mod publish;
mod redaction;
mod rehearsal;
mod states;
mod trust;
mod withheld;
