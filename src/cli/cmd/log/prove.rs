//! `pcf log prove`: a place in the log.

use std::path::PathBuf;

use pcf_desk::questions::{self, PlaceOf};
use pcf_desk::write;

use crate::context::Context;
use crate::error::CliError;

/// Proves a place in the log: a statement's path in its seal, and the seal's tlog-proof to the
/// newest signed checkpoint
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf log prove 0a6e54a3 --out statement.tlog-proof\n  pcf log prove --index 4 --out seal.tlog-proof\n\n\
    JSON: {statement?, ordinal?, count, seal, pathInSeal?, index, tlogProof}"
)]
pub struct Args {
    /// The statement's id, the first 6 or more of its digits, or a published footprint's UUID
    #[arg(required_unless_present = "index", value_name = "ID|UUID")]
    id: Option<String>,
    /// A submission by its index in the log, in place of a statement
    #[arg(long, conflicts_with = "id", value_name = "INDEX")]
    index: Option<u64>,
    /// Writes the tlog-proof to a file
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs the verb.
pub fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let ledger = context.read_ledger()?;
    // The parser asks for one of the two; no name at all is refused like one that is too short.
    let of = match args.index {
        Some(index) => PlaceOf::Submission(index),
        None => PlaceOf::Statement(args.id.as_deref().unwrap_or_default()),
    };
    let report = questions::place(&ledger, of)?;
    if let Some(out) = &args.out {
        write::durably(out, report.tlog_proof.as_bytes())?;
    }
    context.output.report(&report)
}
