//! `pcf product`: what footprints are about.

use std::path::PathBuf;

use clap::Subcommand;
use pcf_files::csv::TableKind;
use pcf_ledger::admission::Book;
use pcf_ledger::model::{Period, Product, StatementId, StatementKind};
use serde::Serialize;

use crate::cmd::question;
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::importing::{self, Wanted};
use crate::keys::Signing;
use crate::output::{Page, Report};

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
        /// The period that the activities are recorded for: a year, or START..END with END the first day after it
        #[arg(long, value_name = "PERIOD")]
        period: Period,
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

/// A product.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    product: String,
    ids: Vec<String>,
    name: String,
    by: String,
    declared_unit: String,
    boundary: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    processes: Vec<ShownProcess>,
    statement: String,
}

/// A unit process.
#[derive(Debug, Serialize)]
struct ShownProcess {
    stage: String,
    process: String,
    signers: Vec<String>,
}

/// All products.
#[derive(Debug, Serialize)]
struct Listed {
    products: Vec<Shown>,
}

/// Runs one of the verbs.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    match args.verb {
        Verb::Add { files, signing, options } => {
            let wanted = Wanted::Only(TableKind::Products, StatementKind::Product);
            return importing::run(context, &files, wanted, &signing, &options);
        }
        Verb::Import { package, period, report, signing, options } => {
            return importing::package(context, (&package, period), report.as_deref(), &signing, &options);
        }
        Verb::List => {
            let ledger = context.read_ledger()?;
            let products = ledger.book().products().map(|(_, id, product)| shown(id, product)).collect();
            context.output.report(&Listed { products })?;
        }
        Verb::Show { product } => {
            let ledger = context.read_ledger()?;
            context.output.report(&show(ledger.book(), &product)?)?;
        }
    }
    Ok(Outcome::Done)
}

fn show(book: &Book, text: &str) -> Result<Shown, CliError> {
    let id = question::product(book, text)?;
    match book.product(&id) {
        Some((statement, product)) => Ok(shown(statement, product)),
        None => Err(CliError::no(format!("no product `{text}` is in this ledger")).hint("pcf product list")),
    }
}

fn shown(statement: &StatementId, product: &Product) -> Shown {
    let process = |p: &pcf_ledger::model::Process| ShownProcess {
        stage: p.stage.to_string(),
        process: p.name.to_string(),
        signers: p.signers.iter().map(ToString::to_string).collect(),
    };
    Shown {
        product: product.ids.first().map(ToString::to_string).unwrap_or_default(),
        ids: product.ids.iter().map(ToString::to_string).collect(),
        name: product.name.to_string(),
        by: product.by.to_string(),
        declared_unit: format!("{} {}", product.declared_unit.amount, product.declared_unit.unit),
        boundary: product.boundary.to_string(),
        description: product.description.as_ref().map(ToString::to_string),
        processes: product.processes.iter().map(process).collect(),
        statement: statement.to_string(),
    }
}

impl Report for Shown {
    fn text(&self, page: &mut Page) {
        page.heading(&self.name);
        let mut pairs = vec![
            ("ids", self.ids.join(", ")),
            ("said by", self.by.clone()),
            ("footprint per", self.declared_unit.clone()),
            ("boundary", self.boundary.clone()),
        ];
        pairs.extend(self.description.clone().map(|d| ("description", d)));
        pairs.push(("statement", self.statement.clone()));
        page.pairs(&pairs);
        page.blank();
        let rows: Vec<Vec<String>> = self
            .processes
            .iter()
            .map(|p| vec![p.stage.clone(), p.process.clone(), p.signers.join(", ")])
            .collect();
        page.table(&["stage", "process", "may be signed by"], &rows);
    }
}

impl Report for Listed {
    fn text(&self, page: &mut Page) {
        if self.products.is_empty() {
            page.line("No product is in this ledger yet.");
            return;
        }
        let rows: Vec<Vec<String>> = self
            .products
            .iter()
            .map(|p| vec![p.product.clone(), p.name.clone(), p.declared_unit.clone(), p.by.clone()])
            .collect();
        page.table(&["product", "name", "footprint per", "said by"], &rows);
    }
}
