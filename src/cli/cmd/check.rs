//! `pcf check`: what needs attention before a footprint is published. Adds to the findings of the
//! library what to
//! type; changes nothing.

use pcf_desk::questions::{self, CheckAsked};
use pcf_ledger::model::{GwpSet, Period};

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::output::Format;
use crate::view::check::Shown;
use crate::view::findings::{SHOWN_MAX, filled};

/// Looks for mistakes in what is recorded: mass balance, missing processes and haulage, figures far
/// from before, double counting, old factors
///
/// Every finding names its statements and says how to mend it. `stops`: the calculation cannot be
/// done; `attention`: there is a figure, and a person must look at it before it is
/// published; `note`: worth knowing. Exit code 1 where something stops or needs attention.
/// `pcf record --dry-run` asks the same of files before
/// they are appended.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf check\n  pcf check urn:gtin:06901234000016 --period 2024\n  pcf check --rules\n\n\
    JSON: {looked: [{product, name, periods}], rules: [{rule, asks, found}], findings: [{id, rule, severity, product, period, \
    sentence, remedy, command?, statements: [{statement, place}]}]}"
)]
pub struct Args {
    /// Products, by id or name; left out, every product of the ledger
    #[arg(value_name = "PRODUCT")]
    products: Vec<String>,
    /// The period: 2025, 2025Q1, 2025-03, 2025-03..2025-09; left out, every year that has data
    #[arg(long, value_name = "PERIOD", value_parser = pcf_desk::periods::read)]
    period: Option<Period>,
    /// The GWP set that gases are characterised with: SAR, TAR, AR4, AR5 or AR6
    #[arg(long, value_name = "SET", default_value = "AR6")]
    gwp: GwpSet,
    /// Shows every rule with its threshold, also those that found nothing
    #[arg(long)]
    rules: bool,
}

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let ledger = context.read_ledger()?;
    let asked = CheckAsked {
        period: args.period,
        gwp: args.gwp,
        today: context.now()?.date(),
        listed_max: (context.output.format == Format::Text).then_some(SHOWN_MAX),
    };
    let mut report = questions::check(&ledger, &args.products, asked)?;
    let findings = std::mem::take(&mut report.findings).into_iter();
    report.findings = findings.map(|found| filled(found, context)).collect();
    let weighs = report.weighs();
    context.output.report(&Shown { report, all_rules: args.rules })?;
    Ok(if weighs { Outcome::No } else { Outcome::Done })
}
