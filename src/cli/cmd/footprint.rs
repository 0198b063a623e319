//! `pcf footprint`: calculates, prints, changes nothing.

use std::path::PathBuf;

use pcf_desk::questions::{self, Asked, Trial};

use crate::args::question::Question;
use crate::args::spread::Spread;
use crate::context::Context;
use crate::error::{CliError, Outcome};

/// Calculates a product's carbon footprint from the statements that hold
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf footprint urn:gtin:06901234000016 --period 2024\n  \
    pcf footprint urn:gtin:06901234000016 --period 2024 --as-of 12\n  \
    pcf footprint urn:gtin:06901234000016 --period 2024 --gwp AR6 --sf6 24300\n  \
    pcf footprint urn:gtin:06901234000016 --period 2024 --uncertainty --monte-carlo 1000 --seed 1\n  \
    pcf footprint urn:gtin:06901234000016 --period 2024 --what-if cleaner-grid.csv\n  \
    pcf footprint --difference 5f0c1e0a-6f86-4e0c-9f63-1c6ae4b6d0c1 0d9b7c52-3c0f-4c8e-8a55-0a2b6f7a9e11\n\n\
    JSON: {product, name, declaredUnit, boundary, period, figures, mainProcesses: [{stage, process, kgCo2e, percent, togetherPercent}], \
    credits?: [{stage, process, flow, kgCo2e}], usedStatements, logSize, notes, uncertaintyNotKnown?, uncertainty?: {kgCo2e, \
    standardDeviationKgCo2e?, gsd2?, lowKgCo2e?, highKgCo2e?, amountsStatedPercent, factorsStatedPercent, causes: [{name, kind, gsd2, \
    kgCo2e, variancePercent, statement}]}, monteCarlo?: {iterations, seed, lowKgCo2e, medianKgCo2e, highKgCo2e, meanKgCo2e, gsd?, \
    against?: {product, medianKgCo2e, belowPercent}}}; with --all \
    {period, products: [{product, name, declaredUnit, gateKgCo2e?, problem?}]}; with --difference {product, publications, difference}; \
    with --what-if {product, period, added, replaced, after, difference?, problem?}, where difference is {boundary, before, after, \
    difference, byActivity, byFactors, byInputs, rounding, flows: [{stage, process, flow, before?, after?, byActivity, byFactors, \
    byInputs, sourcesBefore, sourcesAfter}]}")]
pub struct Args {
    /// The product, by id or name
    #[arg(value_name = "PRODUCT", required_unless_present_any = ["all", "difference"])]
    product: Option<String>,
    /// Every product of the ledger at once, gate figures only
    #[arg(long, conflicts_with_all = ["product", "uncertainty", "monte_carlo"])]
    all: bool,
    /// Only the first SIZE submissions of the log count: what the answer would have been then
    #[arg(long, value_name = "SIZE", value_parser = clap::value_parser!(u64).range(1..))]
    as_of: Option<u64>,
    /// Adds the statements of a file (CSV or JSON lines, as `pcf record` takes them) without
    /// recording them, and shows before and after; those
    /// about the same thing as a live one take its place
    #[arg(long, value_name = "FILE", conflicts_with_all = ["all", "uncertainty", "monte_carlo"])]
    what_if: Option<PathBuf>,
    /// Explains why two publications of one product differ: which flows, how much by activity, how
    /// much by factors
    #[arg(long, num_args = 2, value_names = ["EARLIER", "LATER"], conflicts_with_all = ["product", "all", "as_of", "what_if", "period", "boundary", "scenario", "batch", "uncertainty", "monte_carlo"])]
    difference: Option<Vec<String>>,
    #[command(flatten)]
    question: Question,
    #[command(flatten)]
    spread: Spread,
}

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let ledger = context.read_ledger()?;
    if let Some([earlier, later]) = args.difference.as_deref() {
        let earlier = questions::named_footprint(&ledger, earlier)?;
        let later = questions::named_footprint(&ledger, later)?;
        context.output.report(&questions::publications(&ledger, &earlier, &later)?)?;
        return Ok(Outcome::Done);
    }
    let request = args.question.request(context)?;
    match (&args.product, &args.what_if) {
        (None, _) => {
            let overview = questions::overview(&ledger, &request, args.as_of)?;
            context.output.report(&overview)?;
            return Ok(if overview.is_whole() { Outcome::Done } else { Outcome::No });
        }
        (Some(product), Some(file)) => {
            let asked = (&request, args.as_of);
            let trial = Trial { file: Some(file), ..Trial::default() };
            context.output.report(&questions::what_if(&ledger, product, asked, &trial)?)?;
        }
        (Some(product), None) => {
            let asked = Asked { request, as_of: args.as_of, spread: args.spread.asked() };
            context.output.report(&questions::footprint(&ledger, product, &asked)?)?;
        }
    }
    Ok(Outcome::Done)
}
