//! What each fuzz target does with its bytes: reads them as one format, and panics where a promise of the library does not hold. The
//! targets of `cargo fuzz` call these functions, and so does `tests/house/defects.rs`, with every
//! seed and every input that once broke one.
//! Nothing here is random and nothing depends on the fuzzer.
#![allow(
    clippy::panic,
    clippy::unwrap_used,
    reason = "a promise that does not hold is reported by panicking"
)]

mod handed_in;
mod ledger_files;
mod parsers;
mod reading;
mod soundness;
mod witnessing;

pub use handed_in::{delimited, ecospold, ilcd, inventory, workbook};
pub use ledger_files::{head, segment};
pub use parsers::{
    canonical, checkpoint, csv, header, pact, pem, proof, seal, statement, submission, tlog_proof,
};
pub use reading::reader;
pub use soundness::{sound_ledger, sound_proof};
pub use witnessing::{cose_receipt, cosignature, policy, witness};

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
    ("workbook", workbook),
    ("delimited", delimited),
    ("inventory", inventory),
    ("ecospold", ecospold),
    ("ilcd", ilcd),
    ("pact", pact),
    ("pem", pem),
    ("reader", reader),
    ("witness", witness),
    ("cosignature", cosignature),
    ("policy", policy),
    ("cose_receipt", cose_receipt),
    ("header", header),
    ("sound_proof", sound_proof),
    ("sound_ledger", sound_ledger),
];
