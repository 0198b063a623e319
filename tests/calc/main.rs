//! The calculation and the PACT documents by the public API: inventories built by hand, every guard
//! and error, known answers, and changes that
//! must not matter.

#![recursion_limit = "256"]
#![allow(
    clippy::cast_possible_truncation,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test fails by panicking, also in its helpers, and its numbers are small"
)]

mod allocation;
mod appended;
mod certificates;
mod changes;
mod contributions;
mod figures;
mod guards;
mod life;
mod oracle;
mod oracle_loops;
mod pact;
mod pact_out;
mod pact_version2;
mod places;
mod plausibility;
mod properties;
mod published;
mod recipe;
mod recycling;
mod redacted;
mod sources;
mod turns;
mod uncertainty;
mod wild;
