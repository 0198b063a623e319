//! `pcf factor`: emission factors, one's own and those of the shipped library.

use std::path::PathBuf;

use clap::Subcommand;
use pcf_desk::questions;
use pcf_files::csv::TableKind;
use pcf_files::library::Library;
use pcf_ledger::model::StatementKind;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::importing::{self, Wanted};
use crate::keys::Signing;

/// Adds emission factors, lists them, and searches the library of published ones that comes with
/// the program
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf factor search aluminium --country GB\n  \
    pcf factor use cn.mee.elec_footprint.2024.national --sign-with acme.pem")]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Signs and appends the factors of CSV files; the first signer owns the ids
    #[command(
        after_help = "Example:\n  pcf factor add factors.csv --sign-with acme.pem\n\nJSON: as of `pcf record`"
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
    /// Lists the factors of the ledger
    #[command(after_help = "Example:\n  pcf factor list\n\n\
        JSON: {factors: [{factor, name, values, unit, category, scope, geography?, year, source, licence, by, statement}]}")]
    List,
    /// Searches the shipped library for rows that hold every word, in English or Chinese; where
    /// there is none, shows the nearest and ends with 1
    #[command(after_help = "Example:\n  pcf factor search electricity --country CN --year 2024\n\n\
        JSON: {rows: [{id, name, category, unit, kgco2ePerUnit, gwpSet, boundary, geography, year, source, licence, confidence, notes}], whole: every word is held}")]
    Search {
        /// Words of the id, name, category or notes
        words: Vec<String>,
        /// Only of this country or region, such as CN or CN-ZJ
        #[arg(long, value_name = "CODE")]
        country: Option<String>,
        /// Only of this year
        #[arg(long)]
        year: Option<String>,
    },
    /// Shows one row of the shipped library, with what a factor statement makes of it, its licence
    /// and whom to name
    #[command(after_help = "Example:\n  pcf factor show cn.mee.elec_footprint.2024.national\n\n\
        JSON: {row: as of `pcf factor search`, attribution, category?, scope?, exclusions?, refused?}")]
    Show {
        /// The id, as `pcf factor search` shows it
        id: String,
    },
    /// Signs and appends factors of the shipped library, with their source and licence
    #[command(
        after_help = "Example:\n  pcf factor use cn.mee.elec_footprint.2024.national --sign-with acme.pem\n\n\
        JSON: as of `pcf record`"
    )]
    Use {
        /// Ids of the library, as `pcf factor search` shows them
        #[arg(required = true, value_name = "ID")]
        ids: Vec<String>,
        #[command(flatten)]
        signing: Signing,
        #[command(flatten)]
        options: importing::Options,
    },
}

/// Runs one of the verbs.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    match args.verb {
        Verb::Add { files, signing, options } => {
            let wanted = Wanted::Only(TableKind::Factors, StatementKind::Factor);
            return importing::run(context, &files, wanted, &signing, &options);
        }
        Verb::List => {
            let ledger = context.read_ledger()?;
            context.output.report(&questions::factors(ledger.book())?)?;
        }
        Verb::Search { words, country, year } => {
            let library = Library::shipped()?;
            let search = library.search(&words.join(" "), country.as_deref(), year.as_deref());
            context.output.report(&search)?;
            return Ok(if search.whole { Outcome::Done } else { Outcome::No });
        }
        Verb::Show { id } => context.output.report(&pcf_desk::questions::library_factor(&id)?)?,
        Verb::Use { ids, signing, options } => return importing::adopt(context, &ids, &signing, &options),
    }
    Ok(Outcome::Done)
}
