//! `pcf submit`: submission files that others signed.

use std::path::PathBuf;

use pcf_desk::submit::{self, Submitted};
use pcf_ledger::ledger::Submission;
use pcf_ledger::limits::SUBMISSION_FILE_BYTES_MAX;

use crate::context::Context;
use crate::error::{CliError, Outcome};

/// Appends submission files that others signed; one that is in the log already is answered with its index
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf submit carrier.pcfs\n\n\
    JSON: {submissions: [{file, index, already, statements: [id]}]}")]
pub struct Args {
    /// Submission files, appended in this order
    #[arg(required = true, value_name = "FILE.pcfs")]
    files: Vec<PathBuf>,
}

/// Appends the files; all are read and their seals checked before the first is appended.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let mut submissions = Vec::new();
    let limit = u64::try_from(SUBMISSION_FILE_BYTES_MAX).unwrap_or(u64::MAX);
    for file in args.files {
        let text = context.load(&file, limit)?;
        let read = Submission::from_file(&text).map_err(|e| CliError::from(e).within(file.display()))?;
        submissions.push((file, read));
    }
    let mut ledger = context.open_ledger()?;
    let mut landed = Vec::new();
    for (file, submission) in submissions {
        let within = |e| CliError::from(e).within(file.display());
        landed.push(submit::submit(&mut ledger, &file, &submission).map_err(within)?);
    }
    ledger.flush()?;
    context.output.report(&Submitted { submissions: landed })?;
    Ok(Outcome::Done)
}
