//! `pcf log cosign`: cosignatures of witnesses on what is signed already.

use pcf_desk::log;
use pcf_serve::Client;

use crate::context::Context;
use crate::error::CliError;

/// Asks the witnesses of the kept policy to cosign the newest signed checkpoint, and keeps their cosignatures
///
/// `pcf publish` and `pcf log checkpoint` do it by themselves; this is for when witnesses were not reached then, or were added since.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf log cosign\n\nJSON: {size, witnesses: {rule, cosigned, asked}, checkpoint}"
)]
pub struct Args {}

/// Runs the verb.
pub fn run(context: &Context) -> Result<(), CliError> {
    context.output.report(&log::cosign(&context.open_ledger()?, &Client::default())?)
}
