//! `pcf product`: what footprints are about.

use std::path::PathBuf;

use clap::Subcommand;
use pcf_desk::questions;
use pcf_files::csv::TableKind;
use pcf_ledger::model::{Period, StatementKind};

use crate::args::question::period as period_in_use;
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::importing::{self, Wanted};
use crate::keys::Signing;

/// Adds products with their unit processes, lists and shows them
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf template products.csv --kind products\n  pcf product add products.csv --sign-with acme.pem"
)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Signs and appends the products of CSV files: one process a row; the first signer owns the ids
    #[command(
        after_help = "Example:\n  pcf product add products.csv --sign-with acme.pem\n\nJSON: as of `pcf record`"
    )]
    Add {
        /// CSV files, workbooks (XLSX) or JSON lines
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        #[command(flatten)]
        signing: Signing,
        #[command(flatten)]
        options: importing::Options,
    },
    /// Signs and appends the processes of an openLCA package (JSON-LD, a zip file or a folder) as products with their activities
    ///
    /// Says what was cut off or assumed: everything with --format json, three examples of each kind as text. Nothing is cut off silently.
    #[command(
        after_help = "Example:\n  pcf product import uslci.zip --period 2017 --dry-run --sign-with acme.pem\n  \
        pcf product import uslci.zip --period 2017 --report cut-off.json --sign-with acme.pem\n\n\
        JSON: as of `pcf record`; the report file: {processes, products, linked, emissions, findings: [{kind, process?, what}]}"
    )]
    Import {
        /// The package
        #[arg(value_name = "PACKAGE")]
        package: PathBuf,
        /// The period that the activities are recorded for: 2025, 2025Q1, 2025-03, or START..END with END the first day after it [default: that of pcf.toml]
        #[arg(long, value_name = "PERIOD", value_parser = pcf_desk::periods::read)]
        period: Option<Period>,
        /// Writes what was taken, cut off and assumed as JSON; an existing file is not overwritten
        #[arg(long, value_name = "FILE")]
        report: Option<PathBuf>,
        #[command(flatten)]
        signing: Signing,
        #[command(flatten)]
        options: importing::Options,
    },
    /// Lists the products
    #[command(after_help = "Example:\n  pcf product list\n\nJSON: {products: [as of `product show`]}")]
    List,
    /// Shows a product: what its footprint is per, how far it reaches, its processes and who may sign each
    #[command(after_help = "Example:\n  pcf product show urn:gtin:06901234000016\n\n\
        JSON: {product, ids, name, by, declaredUnit, boundary, processes: [{stage, process, signers}], statement}")]
    Show {
        /// The product, by id or name
        product: String,
    },
}

/// Runs one of the verbs.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    match args.verb {
        Verb::Add { files, signing, options } => {
            let wanted = Wanted::Only(TableKind::Products, StatementKind::Product);
            return importing::run(context, &files, wanted, &signing, &options);
        }
        Verb::Import { package, period, report, signing, options } => {
            let period = period_in_use(period, context)?;
            return importing::package(context, (&package, period), report.as_deref(), &signing, &options);
        }
        Verb::List => {
            let ledger = context.read_ledger()?;
            context.output.report(&questions::products(ledger.book())?)?;
        }
        Verb::Show { product } => {
            let ledger = context.read_ledger()?;
            context.output.report(&questions::product_report(ledger.book(), &product)?)?;
        }
    }
    Ok(Outcome::Done)
}
