//! `pcf log export`: the log as static files that any web server can give out.

use std::path::PathBuf;

use serde::Serialize;

use crate::context::Context;
use crate::error::CliError;
use crate::output::{Page, Report};
use pcf_desk::questions::LogQuestionError;

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

/// What was written.
#[derive(Debug, Serialize)]
struct Given {
    dir: PathBuf,
    size: u64,
    unsigned: u64,
    tiles: usize,
    written: usize,
}

/// Runs the verb.
pub fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let ledger = context.read_ledger()?;
    let signed = ledger.signed_checkpoint()?.ok_or(LogQuestionError::NothingSigned)?;
    let exported = ledger.export(&args.dir, &signed)?;
    context.output.report(&Given {
        dir: args.dir.clone(),
        size: exported.size,
        unsigned: ledger.size().saturating_sub(exported.size),
        tiles: exported.tiles,
        written: exported.written,
    })
}

impl Report for Given {
    fn text(&self, page: &mut Page) {
        page.line(format!(
            "{}: {} submissions in {} tiles, {} of them written now",
            self.dir.display(),
            self.size,
            self.tiles,
            self.written
        ));
        if self.unsigned > 0 {
            page.line(format!(
                "{} newer submissions are durable and not signed yet: pcf log checkpoint",
                self.unsigned
            ));
        }
    }
}
