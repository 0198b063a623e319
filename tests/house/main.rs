//! The repository itself: who imports whom, schemas that follow their types, and the inputs that once broke a promise.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking, also in its helpers")]

mod defects;
mod schemas;
mod tidy;
