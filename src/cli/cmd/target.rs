//! `pcf target`: the years of a site or product line against a base year. Calculates and prints; changes nothing.

use std::path::PathBuf;

use pcf_desk::questions::{self, TargetAsked};
use pcf_ledger::calc::target::{Goal, Measure};
use pcf_ledger::model::{Decimal, FactorId, GwpSet, Text, Year};
use pcf_pages::target_svg;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::importing::write_new;

/// Compares the years of a site or product line with a base year: intensity, causes, peak, goal
///
/// The years are `annual` statements (`pcf template years.csv --kind years`, then `pcf record`).
/// With a goal whose year is stated and that was
/// missed, the exit code is 1.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf target 'Plant 7' --base 2020 --goal 13.5 --by-year 2025 --electricity cn.mee.elec.2023.national\n\n\
    JSON: {subject, baseYear, years: [{year, valueAdded, energy, output, direct, electricityKwh?, electricityFactor?, \
    electricityEmissions?, emissions, energyIntensityDecrease?, emissionIntensityDecrease?, energyPerOutputDecrease?, \
    emissionPerOutputDecrease?, changeByActivity, changeByFactors}], peak: {year, emissions, status}, goal?: {measure, percent, year, \
    percentAYear, judgedYear?, askedByThen?, reached?, status, againstBenchmark, benchmark?}, notes, product?: {product, years: [{year, \
    kgCo2e?, byActivity?, byFactors?, byInputs?, problem?}]}}"
)]
pub struct Args {
    /// The site or product line, as the annual statements name it
    #[arg(value_name = "SUBJECT")]
    subject: Text,
    /// The year that is compared with
    #[arg(long, value_name = "YEAR")]
    base: Year,
    /// The decrease of intensity to be reached, in percent; with --by-year
    #[arg(long, value_name = "PERCENT", requires = "by_year")]
    goal: Option<Decimal>,
    /// The year by which it is to be reached
    #[arg(long, value_name = "YEAR", requires = "goal")]
    by_year: Option<Year>,
    /// What the goal is about, per value added
    #[arg(long, value_enum, default_value_t = Of::Energy)]
    of: Of,
    /// The society's own decrease in the same measure and years, in percent; left out, the
    /// comparison with it is unknown
    #[arg(long, value_name = "PERCENT", requires = "goal")]
    benchmark: Option<Decimal>,
    /// A direct electricity factor of the ledger for the kWh in the site's activities; each year
    /// takes the newest that is not of a later
    /// year. May be given several times
    #[arg(long, value_name = "FACTOR")]
    electricity: Vec<FactorId>,
    /// A product whose footprint per declared unit is shown year by year, with the causes of its
    /// change
    #[arg(long, value_name = "PRODUCT")]
    product: Option<String>,
    /// The GWP set that gases are characterised with: SAR, TAR, AR4, AR5 or AR6
    #[arg(long, value_name = "SET", default_value = "AR6")]
    gwp: GwpSet,
    /// Writes the emissions of the years as a drawing; an existing file is not overwritten
    #[arg(long, value_name = "FILE.svg")]
    chart: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Of {
    /// Energy per value added
    Energy,
    /// Emissions per value added
    Emissions,
}

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let ledger = context.read_ledger()?;
    let measure = match args.of {
        Of::Energy => Measure::Energy,
        Of::Emissions => Measure::Emissions,
    };
    let asked = TargetAsked {
        subject: args.subject,
        base_year: args.base,
        goal: args.goal.zip(args.by_year).map(|(percent, year)| Goal { measure, percent, year }),
        benchmark: args.benchmark,
        electricity: args.electricity,
        product: args.product,
        gwp: args.gwp,
    };
    let report = questions::target(&ledger, &asked)?;
    if let Some(path) = &args.chart {
        write_new(path, target_svg(&report.target)?.as_bytes())?;
        context.output.note(&format!("wrote {}", path.display()));
    }
    let missed = report.is_missed();
    context.output.report(&report)?;
    Ok(if missed { Outcome::No } else { Outcome::Done })
}
