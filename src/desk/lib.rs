//! What the command, a server and a desk do with a ledger, as functions: a verb is one of them with
//! arguments and text around it.

pub mod actors;
pub mod assure;
pub mod authority;
pub mod copies;
pub mod create;
mod error;
pub mod export;
pub mod files;
pub mod import;
pub mod keys;
pub mod log;
mod note;
pub mod pages;
pub mod periods;
pub mod plausibility;
pub mod project;
pub mod publish;
pub mod questions;
pub mod redact;
pub mod sampling;
pub mod session;
pub mod submit;
pub mod supplier;
pub mod template;
pub mod withdraw;
pub mod words;
pub mod write;

pub use error::{AskError, DeskError};
pub use note::Note;
