//! `pcf assure`: an auditor's opinion on published figures, after calculating them again.

use pcf_desk::assure::{Assuring, assure, newest_draft};
use pcf_desk::import::Signer;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{AssuranceLevel, FootprintId, Opinion, Publication, Text};
use pcf_ledger::publish;
use pcf_ledger::store::Reader;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::keys::Signing;
use pcf_desk::questions;

/// Signs an auditor's opinion on the figures of a publication, usually a draft
///
/// The figures are calculated again first; an opinion other than `adverse` on figures that do not
/// follow is refused. The opinion names the digest of the
/// figures, so a final publication with the same figures carries it too.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf assure 3f0a7c3e-0000-4000-8000-000000000000 --level limited \
    --standard 'ISO 14064-3:2019' --scope 'all stages' --sign-with auditor.pem\n\n\
    JSON: {by, level, opinion, figuresDigest, stateRoot?, statement, index}")]
pub struct Args {
    /// The publication's UUID, or a product whose newest draft is meant
    #[arg(value_name = "FOOTPRINT|PRODUCT")]
    figures: String,
    /// How sure: limited or reasonable
    #[arg(long)]
    level: AssuranceLevel,
    /// The standard followed
    #[arg(long)]
    standard: Text,
    /// What was examined
    #[arg(long)]
    scope: Text,
    /// The opinion: unmodified, qualified or adverse
    #[arg(long, default_value = "unmodified")]
    opinion: Opinion,
    /// A finding, one sentence; may be given several times
    #[arg(long = "finding", value_name = "TEXT")]
    findings: Vec<Text>,
    /// Names the newest state too, after making it again: who has pinned your key then need not
    /// take the operator's word for what holds
    #[arg(long)]
    state: bool,
    #[command(flatten)]
    signing: Signing,
}

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let mut ledger = context.open_ledger()?;
    let (key, by) = args.signing.signer(context, ledger.book())?;
    let publication = meant(&ledger, &args.figures)?;
    let assuring = Assuring {
        level: args.level,
        standard: args.standard,
        scope: args.scope,
        opinion: args.opinion,
        findings: args.findings,
        state: args.state,
    };
    let signer = Signer { key: &key, by: &by };
    context.output.report(&assure(context, &mut ledger, signer, &publication, assuring)?)?;
    Ok(Outcome::Done)
}

/// The publication that is meant: by its UUID, or the newest draft of a product.
fn meant<S: Reader>(ledger: &Ledger<S>, text: &str) -> Result<Publication, CliError> {
    if let Ok(footprint) = text.parse::<FootprintId>() {
        return Ok(publish::find(ledger, &footprint)?.1);
    }
    let product = questions::product(ledger.book(), text)?;
    Ok(newest_draft(ledger, &product)?)
}
