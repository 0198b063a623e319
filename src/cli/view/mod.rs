//! Reports as text for people, one file a report. What a report says is decided where it is made.

mod audit;
mod breakdown;
pub mod check;
mod difference;
mod footprint;
mod history;
mod overview;
mod spread;
mod target;
mod trace;
mod verify;
mod what_if;
