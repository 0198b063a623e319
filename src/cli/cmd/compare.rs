//! `pcf compare`: two footprints beside each other.

use pcf_desk::questions;
use pcf_ledger::model::Period;

use crate::args::question::Question;
use crate::context::Context;
use crate::error::{CliError, Outcome};

/// Compares two publications, two periods of a product, or two products: which flows differ, how
/// much by activity and by factor
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf compare 5f0c1e0a 0d9b7c52\n  pcf compare 2024 2025 --product 'Bottle 0.5 L'\n  \
    pcf compare 'Bottle 0.5 L' 'Bottle 0.75 L' --period 2025\n\n\
    JSON: as of `pcf footprint --difference`; of periods {product, name, periods, difference}; of products {products: [{product, name, \
    period, declaredUnit, kgCo2e}], flows: [{stage, flow, firstKgCo2e, secondKgCo2e, differenceKgCo2e}]}"
)]
pub struct Args {
    /// A publication's UUID or its start, a period, or a product by id or name
    #[arg(value_name = "A")]
    first: String,
    /// What it is compared with
    #[arg(value_name = "B")]
    second: String,
    /// The product of two periods
    #[arg(long, value_name = "PRODUCT")]
    product: Option<String>,
    #[command(flatten)]
    question: Question,
}

/// Compares.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let ledger = context.read_ledger()?;
    // Publications and periods bring their own period.
    let ask = |own: Option<Period>| match own {
        Some(period) => args.question.request_in(period),
        None => args.question.request(context),
    };
    let comparison = questions::compare(&ledger, (&args.first, &args.second), args.product.as_deref(), ask)?;
    context.output.report(&comparison)?;
    Ok(Outcome::Done)
}
