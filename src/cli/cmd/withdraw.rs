//! `pcf withdraw`: an earlier statement no longer holds.

use pcf_ledger::model::{Salt, Text, Withdrawal};
use serde::Serialize;

use crate::cmd::log;
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::keys::{self, Signing};
use crate::output::{Page, Report};

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

/// The withdrawal.
#[derive(Debug, Serialize)]
struct Withdrawn {
    statement: String,
    withdrawn: String,
    index: u64,
}

impl Report for Withdrawn {
    fn text(&self, page: &mut Page) {
        page.line(format!("Withdrew {} at index {}", self.withdrawn, self.index));
    }
}

/// Withdraws the statement.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let key = keys::load(context, &args.signing.sign_with)?;
    let mut ledger = context.open_ledger()?;
    let by = context.signer(ledger.book(), &key, args.signing.by.as_ref())?;
    let target = log::find(ledger.book(), &args.statement)?;
    let withdrawal = Withdrawal {
        by,
        reason: args.reason,
        salt: Salt::from_bytes([0; 16]),
        statement: target,
        r#type: Default::default(),
        v: Default::default(),
    };
    let receipt = context.append(&mut ledger, &key, vec![withdrawal.into()])?;
    let statement = receipt.ids.first().map(ToString::to_string).unwrap_or_default();
    context.output.report(&Withdrawn { statement, withdrawn: target.to_string(), index: receipt.index })?;
    Ok(Outcome::Done)
}
