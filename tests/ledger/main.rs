//! The log and the ledger by the public API: spelling, trees, keys, admission, the store and its
//! failures, writers, and the audit.

#![allow(
    clippy::cast_possible_truncation,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, also in its helpers, and its numbers are small"
)]

mod audit;
mod audit_damage;
mod audit_document;
mod codec;
mod desk;
mod ledger;
mod log;
mod log_export;
mod log_foreign;
mod merkle;
mod plan;
mod policy;
mod rules;
mod runs;
mod sign;
mod store;
mod writers;
