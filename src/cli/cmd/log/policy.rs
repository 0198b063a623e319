//! `pcf log policy`: which witnesses must cosign what is published.

use std::path::PathBuf;

use pcf_desk::{DeskError, log};
use pcf_ledger::ledger::LedgerError;
use pcf_ledger::log::policy::POLICY_BYTES_MAX;

use crate::context::Context;
use crate::error::CliError;

/// Keeps the policy that says which witnesses must cosign the log, or shows the one that is kept
///
/// From then on every signature on the log is preceded by a comparison with what the witnesses have seen, and nothing is published without their quorum.
/// The file is a C2SP tlog-policy: `witness NAME VKEY URL`, `group NAME all|any|K NAME…`, `quorum NAME|none`, one a line.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf log policy witnesses.policy\n\n\
    JSON: {kept, rule?, witnesses: [{name, verifierKey, url?}]}")]
pub struct Args {
    /// The policy; without it the kept one is shown
    #[arg(value_name = "FILE")]
    file: Option<PathBuf>,
}

/// Runs the verb.
pub fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let Some(file) = &args.file else {
        return context.output.report(&log::policy(&context.read_ledger()?)?);
    };
    let bytes = context.load(file, POLICY_BYTES_MAX as u64)?; // OK because a usize has at most 64 bits.
    let kept = log::keep_policy(&context.open_ledger()?, &bytes).map_err(|e| match e {
        DeskError::Ledger(LedgerError::Log(e)) => CliError::no(e).within(file.display()),
        other => other.into(),
    })?;
    context.output.report(&kept)
}
