//! `pcf status`: where everything stands, and what to do next.

use pcf_desk::questions::{self, StatusAsked};
use pcf_ledger::model::Period;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::hints;

/// Shows where everything stands: each product with its data by month, figure, findings and
/// publication, the log, and what to type next
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf status\n  pcf status 'Bottle 0.5 L' --period 2025Q1\n\n\
    JSON: {products: [{product, name, period?, declaredUnit, boundary, kgCo2e?, problem?, months?, stops, attention, notes, \
    published?: {footprint, short, kgCo2e, state, ends}}], more, logSize, signedSize?, witnesses?, next: [command]}")]
pub struct Args {
    /// Products, by id or name; left out, all
    #[arg(value_name = "PRODUCT")]
    products: Vec<String>,
    /// The period [default: that of pcf.toml, else the newest one with data]
    #[arg(long, value_name = "PERIOD", value_parser = pcf_desk::periods::read)]
    period: Option<Period>,
}

/// Shows it.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let ledger = context.read_ledger()?;
    let known = context.project.as_ref().and_then(|project| project.period);
    let asked = StatusAsked { products: args.products, period: args.period.or(known) };
    let mut status = questions::status(&ledger, &asked, context.now()?.date())?;
    for command in &mut status.next {
        *command = hints::fill(command, context);
    }
    context.output.report(&status)?;
    Ok(Outcome::Done)
}
