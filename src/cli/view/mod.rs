//! The text of reports, for people.

mod actors;
mod assured;
mod authority;
mod created;
pub mod findings;
mod imported;
mod key;
mod proved;
mod published;
pub mod redacted;
mod submitted;
mod supplier;
mod withdrawn;
pub mod witnessed;

use serde::Serialize;

/// A report with a command that can be typed next, which its text shows and its JSON does not.
#[derive(Debug, Serialize)]
pub struct WithNext<T> {
    /// The report of the desk.
    #[serde(flatten)]
    pub report: T,
    /// The command.
    #[serde(skip)]
    pub next: String,
}
