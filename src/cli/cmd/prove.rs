//! `pcf prove`: a footprint proof of a publication, made anew with what the log says by now.

use std::path::PathBuf;

use pcf_ledger::model::FootprintId;
use pcf_ledger::proof::{PROOF_BYTES_MAX, Proof};
use pcf_ledger::publish::{self, Disclosure, PublishError};
use serde::Serialize;

use super::documents::{self, Declared, well_made};
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::hints;
use crate::output::{Page, Report};
use crate::write;

/// Makes the proof of a publication anew, with the newest signed checkpoint and the newest state that it covers
///
/// An earlier proof goes on holding as of its own log size. The new one also says what came since: that another footprint follows, that it was withdrawn, or that it is in force.
/// Nothing is signed or appended.
#[derive(Debug, clap::Args)]
#[command(
    mut_args(only_with_pact),
    after_help = "Example:\n  pcf log state --sign-with my-ledger-keys/operator.pem\n  \
    pcf log checkpoint --sign-with my-ledger-keys/log.pem\n  \
    pcf prove 3f0a7c3e-0000-4000-8000-000000000000 --out published/3f0a7c3e-0000-4000-8000-000000000000.pcfproof\n\n\
    JSON: {footprint, file, pact?, logSize, states, verifierKey}"
)]
pub struct Args {
    /// The publication's UUID
    #[arg(value_name = "FOOTPRINT")]
    footprint: FootprintId,
    /// Where the proof goes [default: the UUID and `.pcfproof`]
    #[arg(long, short, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Keeps the statements behind the figures out of the proof
    #[arg(long)]
    withhold: bool,
    /// An earlier proof of it, which names the used statements where one was redacted since and the figures cannot be calculated again
    #[arg(long, value_name = "FILE")]
    earlier: Option<PathBuf>,
    /// Writes the PACT file anew, too: deprecated where another footprint follows or it was withdrawn, with the opinion that was given since
    #[arg(long, value_name = "FILE", conflicts_with = "earlier")]
    pact: Option<PathBuf>,
    #[command(flatten)]
    declared: Declared,
}

/// The proof that was made.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Made {
    footprint: FootprintId,
    file: PathBuf,
    #[serde(skip_serializing_if = "Option::is_none")]
    pact: Option<PathBuf>,
    log_size: u64,
    /// The sizes of the log that its states speak of.
    states: Vec<u64>,
    verifier_key: String,
    #[serde(skip)]
    next: String,
}

/// What a PACT file declares is asked for only where one is written.
fn only_with_pact(arg: clap::Arg) -> clap::Arg {
    match arg.get_id().as_str() {
        "standards" | "no_outbound" => arg.requires("pact"),
        _ => arg,
    }
}

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let ledger = context.read_ledger()?;
    let checkpoint = ledger.signed_checkpoint()?.ok_or_else(|| super::log::nothing_signed(context))?;
    let disclosure = if args.withhold { Disclosure::None } else { Disclosure::All };
    let parts = match &args.earlier {
        Some(path) => {
            let bytes = context.load(path, PROOF_BYTES_MAX as u64)?; // OK because a usize has at most 64 bits.
            let earlier = Proof::parse(&bytes).map_err(|e| CliError::no(e).within(path.display()))?;
            let (expected, got) = (&args.footprint, &earlier.publication().footprint);
            if expected != got {
                let cause = format!("{}: expected a proof of {expected}, got one of {got}", path.display());
                return Err(CliError::no(cause).hint(format!("pcf prove {got}")));
            }
            publish::gather_after(&ledger, &earlier, &checkpoint, disclosure)?
        }
        None => match publish::gather(&ledger, &args.footprint, &checkpoint, disclosure) {
            Err(PublishError::Calc(errors)) if errors.are_redactions() => {
                let hint = format!("pcf prove {} --earlier FILE.pcfproof", args.footprint);
                return Err(CliError::no(errors).hint(hint));
            }
            gathered => gathered?,
        },
    };
    let proof = Proof::new(parts)?;
    well_made(&ledger, &proof)?;
    // Both are made before either is written.
    let pact = args.pact.as_ref().map(|_| {
        let options = args.declared.options(context);
        documents::pact_file(&ledger, proof.publication(), &checkpoint, &options, &proof)
    });
    let pact = pact.transpose()?;
    let file = args.out.unwrap_or_else(|| PathBuf::from(format!("{}.pcfproof", args.footprint)));
    write::durably(&file, &proof.to_bytes()?)?;
    if let Some((path, bytes)) = args.pact.as_ref().zip(pact) {
        write::durably(path, &bytes)?;
    }
    let verifier_key = ledger.verifier_key()?.to_string();
    let next = format!("pcf verify {} --key {verifier_key}", hints::path(&file));
    let (log_size, states) = (checkpoint.checkpoint().size(), proof.state_sizes().collect());
    let (footprint, pact) = (args.footprint, args.pact);
    context.output.report(&Made { footprint, file, pact, log_size, states, verifier_key, next })?;
    Ok(Outcome::Done)
}

impl Report for Made {
    fn text(&self, page: &mut Page) {
        for file in std::iter::once(&self.file).chain(&self.pact) {
            page.line(format!("wrote {}", file.display()));
        }
        let states = match self.states.as_slice() {
            [] => "none; pcf log state".to_owned(),
            sizes => sizes.iter().map(|size| format!("of size {size}")).collect::<Vec<_>>().join(", "),
        };
        page.pairs(&[("log size", self.log_size.to_string()), ("states", states)]);
        page.line("Whoever receives the figure checks it with");
        page.line(format!("  {}", self.next));
    }
}
