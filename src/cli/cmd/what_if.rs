//! `pcf what-if`: a footprint with other factors, amounts or statements, which nobody records.

use std::path::PathBuf;

use pcf_desk::questions::{self, Edit, Trial};

use crate::args::question::Question;
use crate::context::Context;
use crate::error::{CliError, Outcome};

/// Tries other factors, other amounts or a file of statements, and shows the footprint before and
/// after; records nothing
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf what-if 'Bottle 0.5 L' --scale 'natural gas=0.8'\n  \
    pcf what-if 'Bottle 0.5 L' --set 'grid electricity.factor=acme.solar.2025' solar.csv\n  \
    pcf what-if 'Bottle 0.5 L' --location\n\n\
    JSON: as of `pcf footprint --what-if`")]
pub struct Args {
    /// The product, by id or name
    #[arg(value_name = "PRODUCT")]
    product: String,
    /// A file of statements, as `pcf record` takes them; those about the same thing as a live one
    /// take its place
    #[arg(value_name = "FILE", required_unless_present_any = ["set", "scale", "location"])]
    file: Option<PathBuf>,
    /// Another factor for every flow of this name, of the ledger or of the shipped library; may be
    /// repeated
    #[arg(long, value_name = "FLOW.factor=ID", value_parser = Edit::set)]
    set: Vec<Edit>,
    /// So many times the amount of every flow of this name; may be repeated
    #[arg(long, value_name = "FLOW=NUMBER", value_parser = Edit::scale)]
    scale: Vec<Edit>,
    /// Leaves certificates and contracts out: electricity counts as its grid gives it
    #[arg(long)]
    location: bool,
    /// Only the first SIZE submissions of the log count
    #[arg(long, value_name = "SIZE", value_parser = clap::value_parser!(u64).range(1..))]
    as_of: Option<u64>,
    #[command(flatten)]
    question: Question,
}

/// Tries it.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let ledger = context.read_ledger()?;
    let request = args.question.request(context)?;
    let edits = args.set.into_iter().chain(args.scale).collect();
    let trial = Trial { file: args.file.as_deref(), edits, location: args.location };
    let asked = (&request, args.as_of);
    context.output.report(&questions::what_if(&ledger, &args.product, asked, &trial)?)?;
    Ok(Outcome::Done)
}
