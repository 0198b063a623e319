//! `pcf log state`: the operator says what holds.

use std::path::PathBuf;

use pcf_desk::log;

use crate::context::Context;
use crate::error::CliError;
use crate::hints;
use crate::keys::{self, Role};
use crate::view::WithNext;

/// Says what holds, signed by the operator: for the log as it is, and for each size that a publication in force rests on
///
/// Proofs made later (`pcf prove`) show from it that nothing was left out and that nothing was replaced or withdrawn. A size has one state: those that are there are not said
/// again, and where nothing was said since the newest one, nothing is appended.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf log state --sign-with my-ledger-keys/operator.pem\n\n\
    JSON: {index?, states: [{size, root, statement}], newest?: {size, root, statement}}")]
pub struct Args {
    /// The operator's key file [default: that of pcf.toml]
    #[arg(long, value_name = "KEY")]
    sign_with: Option<PathBuf>,
}

/// Runs the verb.
pub fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let file = keys::file(context, args.sign_with.as_ref(), Role::Operator, "--sign-with")?;
    let key = keys::load(context, &file)?;
    let mut ledger = context.open_ledger()?;
    keys::check_operator_key(context, ledger.book(), &key, "--sign-with", &file)?;
    let report = log::state(context, &mut ledger, &key)?;
    let next = hints::fill("pcf log checkpoint --sign-with log.pem", context);
    context.output.report(&WithNext { report, next })
}
