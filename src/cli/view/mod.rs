//! The text of reports, for people.

pub mod findings;
mod imported;
mod proved;
mod published;
pub mod witnessed;
