//! `pcf withdraw`: an earlier statement no longer holds.

use pcf_desk::import::Signer;
use pcf_desk::questions;
use pcf_desk::withdraw::withdraw;
use pcf_ledger::model::Text;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::keys::{self, Signing};

/// Says that an earlier statement no longer holds; it stays in the log
///
/// Its own actor may, and the operator. What replaces a statement is recorded with `pcf record --correct` instead.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf withdraw 20b50ce1 --reason \"the meter was read twice\" --sign-with acme.pem\n\n\
    JSON: {statement, withdrawn, index}"
)]
pub struct Args {
    /// The statement's id, or the first 6 or more of its digits
    statement: String,
    /// Why, for whoever reads the log
    #[arg(long, value_name = "TEXT")]
    reason: Text,
    #[command(flatten)]
    signing: Signing,
}

/// Withdraws the statement.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let key = keys::load(context, &args.signing.sign_with)?;
    let mut ledger = context.open_ledger()?;
    let by = context.signer(ledger.book(), &key, args.signing.by.as_ref())?;
    let target = questions::statement_id(ledger.book(), &args.statement)?;
    let signer = Signer { key: &key, by: &by };
    context.output.report(&withdraw(context, &mut ledger, signer, target, args.reason)?)?;
    Ok(Outcome::Done)
}
