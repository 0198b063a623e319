//! Reports as text for people, one file a report. What a report says is decided where it is made.

mod actors;
mod assured;
mod audit;
mod authority;
mod begun;
mod breakdown;
pub mod check;
mod compared;
mod created;
mod difference;
mod exported;
mod factors;
pub mod findings;
mod footprint;
mod history;
mod imported;
mod key;
mod list;
mod log;
mod overview;
mod products;
mod proved;
mod published;
pub mod redacted;
mod several;
mod spread;
mod status;
mod submitted;
mod supplier;
mod target;
mod template;
mod trace;
pub mod verify;
mod what_if;
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
