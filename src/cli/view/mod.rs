//! Reports as text for people, one file a report. What a report says is decided where it is made.

mod breakdown;
mod difference;
mod footprint;
mod history;
mod overview;
mod spread;
mod trace;
mod what_if;
