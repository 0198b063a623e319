//! The text of reports, for people.

pub mod findings;
mod imported;
