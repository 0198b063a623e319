//! `pcf log consistency`: that an older log is the beginning of a newer one.

use pcf_desk::questions;

use crate::context::Context;
use crate::error::CliError;

/// Proves that the log at one size is the beginning of the log at a later one
///
/// Whoever kept an older checkpoint checks with it that nothing before was changed (RFC 9162, 2.1.4).
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf log consistency --from 12\n\n\
    JSON: {from, fromRoot, to, toRoot, proof: [base64]}")]
pub struct Args {
    /// The size of the older log
    #[arg(long, value_name = "SIZE")]
    from: u64,
    /// The size of the newer log; that of the newest signed checkpoint, unless given
    #[arg(long, value_name = "SIZE")]
    to: Option<u64>,
}

/// Runs the verb.
pub fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let ledger = context.read_ledger()?;
    context.output.report(&questions::consistency(&ledger, args.from, args.to)?)
}
