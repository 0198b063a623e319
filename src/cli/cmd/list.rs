//! `pcf list`: statements, submissions and publications, with ids that other verbs take.

use clap::ValueEnum;
use pcf_desk::questions::{self, Filter};
use pcf_ledger::model::{ActorId, Period, StatementKind};

use crate::context::Context;
use crate::error::{CliError, Outcome};

/// Lists statements, submissions or publications, the newest first, each with the shortest start of
/// its id that other verbs take
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf list publications\n  pcf list statements --product 'Bottle 0.5 L' --period 2025Q1\n  \
    pcf list submissions --signer acme\n\n\
    JSON: {statements: [{short, id, index, type, by, says, ended?}], more}; \
    {submissions: [{index, signer, signedAt, statements, types, holding}], more}; \
    {publications: [{short, footprint, product, name, period, status, gateKgCo2e, ends, holds, followedBy?}], more}"
)]
pub struct Args {
    /// What is listed
    #[arg(value_name = "WHAT")]
    what: What,
    /// Only about this product, by id or name
    #[arg(long, value_name = "PRODUCT")]
    product: Option<String>,
    /// Only what speaks of some day of this period: 2025, 2025Q1, 2025-03, 2025-03..2025-09
    #[arg(long, value_name = "PERIOD", value_parser = pcf_desk::periods::read)]
    period: Option<Period>,
    /// Only of processes with this name
    #[arg(long, value_name = "NAME")]
    process: Option<String>,
    /// Only by this actor
    #[arg(long, value_name = "ACTOR")]
    signer: Option<ActorId>,
    /// Only of this type, such as activity
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<StatementKind>,
    /// Also what was replaced or withdrawn
    #[arg(long)]
    ended: bool,
    /// The most lines
    #[arg(long, value_name = "COUNT", default_value_t = 50)]
    limit: usize,
}

/// What is listed.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// What was said.
    Statements,
    /// What was said at once, by one signer.
    Submissions,
    /// Published footprints.
    Publications,
}

/// Lists.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let ledger = context.read_ledger()?;
    let filter = Filter {
        product: args.product,
        period: args.period,
        process: args.process,
        signer: args.signer,
        kind: args.kind,
        ended: args.ended,
        limit: args.limit,
    };
    match args.what {
        What::Statements => context.output.report(&questions::statements(&ledger, &filter)?)?,
        What::Submissions => context.output.report(&questions::submissions(&ledger, &filter)?)?,
        What::Publications => context.output.report(&questions::publications_held(&ledger, &filter)?)?,
    }
    Ok(Outcome::Done)
}
