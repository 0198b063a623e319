//! What the command, a server and a desk do with a ledger, as functions: a verb is one of them with arguments and text around it.

mod error;
pub mod files;
pub mod pages;
pub mod questions;
pub mod sampling;

pub use error::DeskError;
