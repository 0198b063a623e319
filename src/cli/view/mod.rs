//! The text of reports, for people.

mod assured;
pub mod findings;
mod imported;
mod proved;
mod published;
pub mod redacted;
mod submitted;
mod withdrawn;
pub mod witnessed;
