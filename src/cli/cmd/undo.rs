//! `pcf undo`: the last submission is taken back.

use std::io::IsTerminal as _;

use pcf_desk::import::{Options, Signer};
use pcf_desk::withdraw::{Undone, undo};

use crate::context::{Context, approved};
use crate::error::{CliError, Outcome};
use crate::hints::same_command;
use crate::importing::{self, completed};
use crate::keys::Signing;
use crate::output::Format;

/// Takes back everything that the last submission said, after showing what changes
///
/// What it said is withdrawn; what it had replaced or withdrawn is said again. Everything stays in the
/// log. Of several submissions `pcf list submissions` shows the indices. An undo can be undone.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf undo --dry-run\n  pcf undo\n  pcf undo 12 --yes\n\n\
    JSON: {submission, withdrawn, restored, and as of `pcf record`}")]
pub struct Args {
    /// The index of the submission [default: the signer's last one that says anything still]
    #[arg(value_name = "SUBMISSION")]
    submission: Option<u64>,
    /// Does not show and ask before it appends
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
    /// Shows what would be taken back and the figures before and after; appends nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    signing: Signing,
}

/// Shows, asks and undoes.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let asks = !args.yes && !args.dry_run;
    if asks && (!std::io::stdin().is_terminal() || context.output.format == Format::Json) {
        let cause = "what would be taken back is to be approved, and there is nobody to ask";
        return Err(CliError::usage(cause).hint(format!("{} --yes", same_command())));
    }
    let key = args.signing.key(context)?;
    let mut ledger = context.open_ledger()?;
    let by = args.signing.actor(context, ledger.book(), &key)?;
    let signer = Signer { key: &key, by: &by };
    let mut options = Options { correct: true, ..importing::plain(context) };
    let mut submission = args.submission;
    if asks || args.dry_run {
        options.dry_run = true;
        let (undone, back) = undo(context, ledger, signer, submission, &options)?;
        submission = Some(undone.submission);
        let count = undone.withdrawn + undone.restored; // OK because both count statements in memory.
        shown(context, undone)?;
        if args.dry_run {
            return Ok(Outcome::Done);
        }
        if !approved(count)? {
            context.output.note("nothing was appended");
            return Ok(Outcome::No);
        }
        (ledger, options.dry_run) = (back, false);
    }
    // Whoever takes something back has seen what it causes, or said that they need not.
    context.approve();
    let (undone, _) = undo(context, ledger, signer, submission, &options)?;
    shown(context, undone)?;
    Ok(Outcome::Done)
}

fn shown(context: &Context, mut undone: Undone) -> Result<(), CliError> {
    completed(&mut undone.imported, context);
    context.output.report(&undone)
}
