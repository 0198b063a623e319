//! Reports as text for people, one file a report. What a report says is decided where it is made.

mod audit;
mod breakdown;
pub mod check;
mod difference;
mod factors;
mod footprint;
mod history;
mod log;
mod overview;
mod products;
mod spread;
mod target;
mod trace;
mod verify;
mod what_if;
