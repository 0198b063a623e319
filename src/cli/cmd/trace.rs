//! `pcf trace`: from a figure down to the statement, seal, signer and factor behind each part of it.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use pcf_desk::questions::{self, Tracing};
use pcf_desk::words::json;
use pcf_ledger::calc::Grouping;
use serde::Serialize;

use crate::args::question::Question;
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::output::{Page, Report};

/// Shows where a footprint comes from: every flow of the product and of all it is made of, with
/// amount, factor, statement, seal and signer
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Every flow that ends in a factor, a gas or a footprint from outside counts with the amount of its product that the asked \
    one needs, loops included. Figures are exact until they are printed; flows, rest and rounding add up to the footprint.\n\n\
    Example:\n  pcf trace urn:gtin:06901234000016 --period 2024 --top 5\n  \
    pcf trace urn:gtin:06901234000016 --period 2024 --by supplier\n  \
    pcf trace urn:gtin:06901234000016 --period 2024 --sankey network.json\n  \
    pcf trace urn:gtin:06901234000016 --history\n\n\
    JSON: {product, kgCo2e, gateKgCo2e, graveKgCo2e?, burdensKgCo2e, creditsKgCo2e, restFlows, restKgCo2e, roundingKgCo2e, flows: [{product, \
    unitsNeeded, stage, process, flow, kgCo2e, amount, source, sourceKgCo2e, per, share, declaredUnits, activity, sourceStatement?, \
    signedBy, signerKey, sealIndex, claimedTime}]}; with --by {product, kgCo2e, by, groups: [{name, burdensKgCo2e, creditsKgCo2e, \
    kgCo2e}], roundingKgCo2e}; the file of --sankey {product, kgCo2e, nodes: [{id, name}], links: [{source, target, kind, kgCo2e}], \
    roundingKgCo2e}, or the links as CSV; with --history {product, name, statements: [{index, statement, type, by, claimedTime?, what, holds, \
    ended?, followedBy?}]}"
)]
pub struct Args {
    /// The product, by id or name
    #[arg(value_name = "PRODUCT")]
    product: String,
    #[command(flatten)]
    question: Question,
    /// Only the largest N
    #[arg(long, value_name = "N", default_value_t = usize::MAX, hide_default_value = true)]
    top: usize,
    /// What the footprint is broken down by
    #[arg(long, value_name = "WHAT", default_value = "flow")]
    by: By,
    /// Only the product's own flows: what it consumes stands at its figure and is not looked into
    #[arg(long, conflicts_with_all = ["by", "sankey"])]
    own: bool,
    /// Writes the network of flows to a file, as .json or .csv; --top then counts its links
    #[arg(long, value_name = "FILE", conflicts_with = "by")]
    sankey: Option<PathBuf>,
    /// Everything that was ever said of the product in place of its figure: what each statement
    /// said, and what became of it
    #[arg(long, conflicts_with_all = ["period", "top", "by", "own", "sankey"])]
    history: bool,
}

/// What a footprint is broken down by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// Single flows
    Flow,
    /// Who states the process, or whose footprint was bought
    Supplier,
    /// The stage of the product through which it enters
    Stage,
    /// The unit process, of any product, whose own flow it is
    Process,
    /// The category of CO2e
    Category,
}

impl By {
    /// What the library groups by; nothing where single flows are meant.
    fn grouping(self) -> Option<Grouping> {
        match self {
            Self::Flow => None,
            Self::Supplier => Some(Grouping::Supplier),
            Self::Stage => Some(Grouping::Stage),
            Self::Process => Some(Grouping::Process),
            Self::Category => Some(Grouping::Category),
        }
    }
}

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let ledger = context.read_ledger()?;
    if args.history {
        context.output.report(&questions::history(&ledger, &args.product)?)?;
        return Ok(Outcome::Done);
    }
    let product = questions::product(ledger.book(), &args.product)?;
    let request = args.question.request(context)?;
    let tracing = Tracing::new(&ledger, product, request)?;
    match (&args.sankey, args.by.grouping()) {
        (Some(file), _) => write_network(&tracing, args.top, file, context)?,
        (None, Some(grouping)) => {
            context.output.report(&questions::groups(&tracing, grouping, args.top)?)?;
        }
        (None, None) => {
            context.output.report(&questions::flows(&ledger, &tracing, args.top, args.own)?)?;
        }
    }
    Ok(Outcome::Done)
}

/// What was written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    file: String,
    nodes: usize,
    links: usize,
}

impl Report for Written {
    fn text(&self, page: &mut Page) {
        page.line(format!("{}: {} nodes, {} links", self.file, self.nodes, self.links));
    }
}

/// Writes the network of the `top` largest links as JSON or CSV, by the file's name.
///
/// # Errors
/// Another ending than `.json` or `.csv`; a file that cannot be written.
fn write_network(tracing: &Tracing, top: usize, file: &Path, context: &Context) -> Result<(), CliError> {
    let ending = file.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let network = questions::network(tracing, top)?;
    let text = match ending {
        "json" => json(&network).map_err(CliError::failed)?,
        "csv" => questions::network_csv(&network),
        _ => {
            let cause =
                format!("{}: expected a name that ends in .json or .csv, got `.{ending}`", file.display());
            return Err(CliError::usage(cause).hint("pcf trace --help"));
        }
    };
    std::fs::write(file, text).map_err(|e| CliError::failed(format!("{}: {e}", file.display())))?;
    context.output.report(&Written {
        file: file.display().to_string(),
        nodes: network.nodes.len(),
        links: network.links.len(),
    })
}
