//! `pcf log cosign`: cosignatures of witnesses on what is signed already.

use pcf_desk::DeskError;
use pcf_desk::publish::Witnessed;
use pcf_desk::questions::LogQuestionError;
use pcf_serve::Client;
use serde::Serialize;

use crate::context::Context;
use crate::error::CliError;
use crate::output::{Page, Report};
use crate::view::witnessed;

/// Asks the witnesses of the kept policy to cosign the newest signed checkpoint, and keeps their cosignatures
///
/// `pcf publish` and `pcf log checkpoint` do it by themselves; this is for when witnesses were not reached then, or were added since.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf log cosign\n\nJSON: {size, witnesses: {rule, cosigned, asked}, checkpoint}"
)]
pub struct Args {}

/// What came.
#[derive(Debug, Serialize)]
struct Cosigned {
    size: u64,
    witnesses: Witnessed,
    checkpoint: String,
}

/// Runs the verb.
pub fn run(context: &Context) -> Result<(), CliError> {
    let ledger = context.open_ledger()?;
    let policy = ledger.policy()?;
    let policy = policy.ok_or_else(|| CliError::no("no policy is kept").hint("pcf log policy FILE"))?;
    let signed = ledger.signed_checkpoint()?.ok_or(LogQuestionError::NothingSigned)?;
    let size = signed.checkpoint().size();
    let (signed, names) =
        ledger.cosign(&signed, &[], &policy, size, &Client::default()).map_err(DeskError::Unwitnessed)?;
    context.output.report(&Cosigned {
        size,
        witnesses: Witnessed::by(policy.rule(), names),
        checkpoint: signed.note().to_string(),
    })
}

impl Report for Cosigned {
    fn text(&self, page: &mut Page) {
        witnessed::show(&self.witnesses, page);
        page.blank();
        page.line(self.checkpoint.trim_end());
    }
}
