//! `pcf submit`: submission files that others signed.

use std::path::PathBuf;

use pcf_ledger::ledger::Submission;
use pcf_ledger::limits::SUBMISSION_FILE_BYTES_MAX;
use serde::Serialize;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::importing::counted;
use crate::output::{Page, Report};

/// Appends submission files that others signed; one that is in the log already is answered with its index
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf submit carrier.pcfs\n\n\
    JSON: {submissions: [{file, index, already, statements: [id]}]}")]
pub struct Args {
    /// Submission files, appended in this order
    #[arg(required = true, value_name = "FILE.pcfs")]
    files: Vec<PathBuf>,
}

/// What was appended.
#[derive(Debug, Serialize)]
struct Submitted {
    submissions: Vec<Landed>,
}

/// One file's submission.
#[derive(Debug, Serialize)]
struct Landed {
    file: PathBuf,
    index: u64,
    already: bool,
    statements: Vec<String>,
}

impl Report for Submitted {
    fn text(&self, page: &mut Page) {
        for landed in &self.submissions {
            let state = if landed.already { "was there already, at" } else { "is in the log at" };
            let count = counted(landed.statements.len(), "statement");
            page.line(format!("{} ({count}) {state} index {}", landed.file.display(), landed.index));
        }
    }
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
        let receipt = ledger.submit(&submission).map_err(|e| CliError::from(e).within(file.display()))?;
        let statements = receipt.ids.iter().map(ToString::to_string).collect();
        landed.push(Landed { file, index: receipt.index, already: receipt.already, statements });
    }
    ledger.flush()?;
    context.output.report(&Submitted { submissions: landed })?;
    Ok(Outcome::Done)
}
