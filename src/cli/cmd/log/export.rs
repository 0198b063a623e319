//! `pcf log export`: the log as static files that any web server can give out.

use std::path::PathBuf;

use pcf_desk::log;

use crate::context::Context;
use crate::error::CliError;

/// Writes the log as static files (C2SP tlog-tiles), as far as the newest signed checkpoint covers it
///
/// The directory can be given out by any web server. It shows seals, that is keys, claimed times and batch sizes, and nothing of the statements. The next
/// export into the same directory writes what is new.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf log export public-log\n\n\
    JSON: {dir, size, unsigned, tiles, written}")]
pub struct Args {
    /// Where the files go
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

/// Runs the verb.
pub fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    context.output.report(&log::export(&context.read_ledger()?, &args.dir)?)
}
