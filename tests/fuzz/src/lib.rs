//! What each fuzz target does with its bytes: reads them as one format, and panics where a promise of the library does not hold. The
//! targets of `cargo fuzz` call these functions, and so does `tests/defects.rs`, with every seed and every input that once broke one.
//! Nothing here is random and nothing depends on the fuzzer.
#![allow(dead_code, reason = "each caller uses its part")]
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a promise that does not hold is reported by panicking"
)]

mod ledger_files;
mod parsers;
mod soundness;

pub use ledger_files::{head, segment};
pub use parsers::{canonical, checkpoint, csv, pact, pem, proof, seal, statement, submission, tlog_proof};
pub use soundness::{sound_ledger, sound_proof};

/// A target: it panics where a promise does not hold.
pub type Target = fn(&[u8]);

/// Every target by its name.
pub const TARGETS: &[(&str, Target)] = &[
    ("canonical", canonical),
    ("statement", statement),
    ("seal", seal),
    ("submission", submission),
    ("segment", segment),
    ("head", head),
    ("checkpoint", checkpoint),
    ("tlog_proof", tlog_proof),
    ("proof", proof),
    ("csv", csv),
    ("pact", pact),
    ("pem", pem),
    ("sound_proof", sound_proof),
    ("sound_ledger", sound_ledger),
];
