//! Bytes and a durability contract; knows no statement. This room owns the files that hold the truth (segments and
//! head), what guards them (manifest, lock) and what is derived from them and can be thrown away (index, leaf hashes).
//! It never parses a seal or a statement, never hashes a tree and never decides what may be appended.
//!
//! Two traits are the contract: [`Reader`] and [`Store`]. [`mod@file`] keeps them on disk, [`memory`] in memory,
//! [`fault`] fails on purpose; [`conformance`] is the suite that each of them passes, public so that another store
//! can run it too. The layout of the files stands in the documentation of [`mod@file`].

mod beside;
pub mod conformance;
mod contract;
mod error;
pub mod fault;
mod fields;
pub mod file;
mod frame;
mod head;
pub mod index;
mod lock;
pub mod manifest;
pub mod medium;
pub mod memory;
mod pen;
pub(crate) mod positioned;
mod reader;
mod recover;
mod redact;
pub mod salvage;
mod scan;
mod segments;

pub use contract::{
    Body, EMPTY_ROOT, Head, LogState, Position, Reader, Store, StoredSubmission, Submission, Submissions,
};
pub use error::{AppendError, StoreError, reason};
pub use lock::Holder;
