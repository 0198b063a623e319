//! The calculation by its public API: inventories built by hand, every guard and error, known answers, and what must not matter.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test that cannot go on says so by stopping")]

mod allocation;
mod contributions;
mod figures;
mod guards;
mod ledger;
mod life;
mod oracle;
mod oracle_loops;
mod properties;
mod published;
mod recycling;
mod redacted;
mod sources;
mod uncertainty;
