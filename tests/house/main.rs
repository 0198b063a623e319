//! The repository itself: who imports whom, what is stated once, schemas that follow their types,
//! and the inputs that once broke a promise.

#![allow(
    clippy::cast_possible_truncation,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, also in its helpers, and its numbers are small"
)]

#[cfg(unix)]
mod api;
mod defects;
mod once;
mod schemas;
mod tables;
mod tidy;
