//! `pcf prove`: a footprint proof of a publication, made anew with what the log says by now.

use std::path::{Path, PathBuf};

use pcf_desk::DeskError;
use pcf_desk::publish::{Proving, prove, reveals, shown_in};
use pcf_desk::questions::{self, LogQuestionError};
use pcf_ledger::proof::{PROOF_BYTES_MAX, Proof};

use crate::args::Showing;
use crate::context::Context;
use crate::error::{CliError, Outcome};

/// Makes the proof of a publication anew, with the newest signed checkpoint and the newest state
/// that it covers
///
/// An earlier proof goes on holding as of its own log size. The new one also says what came since:
/// that another footprint follows, that it was withdrawn, or that it is in force.
/// Nothing is signed or appended.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf log state --sign-with my-ledger-keys/operator.pem\n  \
    pcf log checkpoint --sign-with my-ledger-keys/log.pem\n  \
    pcf prove 3f0a7c3e-0000-4000-8000-000000000000 --out published/3f0a7c3e-0000-4000-8000-000000000000.pcfproof\n\n\
    JSON: {footprint, file, pact?, logSize, states, verifierKey}")]
pub struct Args {
    /// The publication's UUID, or the start of it (`pcf list publications`)
    #[arg(value_name = "FOOTPRINT")]
    footprint: String,
    /// Where the proof goes [default: the UUID and `.pcfproof`]
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    showing: Showing,
    /// An earlier proof of it, which names the used statements where one was redacted since and the
    /// figures cannot be calculated again
    #[arg(long, value_name = "FILE")]
    earlier: Option<PathBuf>,
    /// Writes the PACT file anew, too: deprecated where another footprint follows or it was
    /// withdrawn, with the opinion that was given since
    #[arg(long, value_name = "FILE", conflicts_with = "earlier")]
    pact: Option<PathBuf>,
}

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let ledger = context.read_ledger()?;
    let checkpoint = ledger.signed_checkpoint()?.ok_or(LogQuestionError::NothingSigned)?;
    let earlier = args.earlier.as_ref().map(|path| earlier(context, path)).transpose()?;
    let footprint = questions::named_footprint(&ledger, &args.footprint)?;
    let file = args.out.unwrap_or_else(|| PathBuf::from(format!("{footprint}.pcfproof")));
    // A proof that is there is made anew as it is, unless something else is asked for.
    let published =
        context.project.as_ref().map_or_else(|| PathBuf::from("published"), |known| known.out.clone());
    let before = [file.clone(), published.join(format!("{footprint}.pcfproof"))];
    let before =
        before.iter().filter(|_| !args.showing.is_given()).find_map(|file| shown_in(file, &footprint));
    let disclosure = before.unwrap_or_else(|| args.showing.disclosure(context));
    let revealed = reveals(&disclosure);
    let wanted =
        Proving { disclosure, earlier: earlier.as_ref(), file, footprint, pact: args.pact.as_deref() };
    let made = prove(&ledger, &checkpoint, wanted).map_err(|error| match (&error, &args.earlier) {
        (DeskError::OtherFootprint { .. }, Some(path)) => CliError::from(error).within(path.display()),
        _ => error.into(),
    })?;
    context.output.note(&revealed);
    context.output.report(&made)?;
    Ok(Outcome::Done)
}

/// A proof that was made before.
fn earlier(context: &Context, path: &Path) -> Result<Proof, CliError> {
    let bytes = context.load(path, PROOF_BYTES_MAX as u64)?; // OK because a usize has at most 64 bits.
    Proof::parse(&bytes).map_err(|e| CliError::no(e).within(path.display()))
}
