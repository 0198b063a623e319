//! `pcf factor`: emission factors, one's own and those of the shipped library.

use std::path::PathBuf;

use clap::Subcommand;
use pcf_files::csv::TableKind;
use pcf_files::library::{Library, Row};
use pcf_ledger::model::{Factor, FactorId, FactorValue, StatementId, StatementKind};
use serde::Serialize;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::importing::{self, Wanted};
use crate::keys::Signing;
use crate::output::{Page, Report};

/// Adds emission factors, lists them, and searches the library of published ones that comes with the program
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
    /// Searches the shipped library for rows that hold every word, in English or Chinese; where there is none, shows the nearest and ends with 1
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

/// A factor of the ledger.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    factor: FactorId,
    name: String,
    values: String,
    unit: String,
    category: String,
    scope: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    geography: Option<String>,
    year: String,
    source: String,
    licence: String,
    by: String,
    statement: String,
}

/// All factors of the ledger.
#[derive(Debug, Serialize)]
struct Listed {
    factors: Vec<Shown>,
}

/// A row of the library.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Found {
    id: String,
    name: String,
    category: String,
    unit: String,
    kgco2e_per_unit: String,
    gwp_set: String,
    boundary: String,
    geography: String,
    year: String,
    source: String,
    licence: String,
    confidence: String,
    notes: String,
}

/// How many rows a person is shown.
const SHOWN_MAX: usize = 20;

/// The rows that were found.
#[derive(Debug, Serialize)]
struct Rows {
    rows: Vec<Found>,
    /// Whether they hold every word; else they are the nearest.
    whole: bool,
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
            let factors =
                ledger.book().factors().map(|(_, id, f)| shown(id, f)).collect::<Result<_, CliError>>()?;
            context.output.report(&Listed { factors })?;
        }
        Verb::Search { words, country, year } => {
            let library = Library::shipped()?;
            let search = library.search(&words.join(" "), country.as_deref(), year.as_deref());
            let whole = search.whole;
            context.output.report(&Rows { rows: search.rows.into_iter().map(found).collect(), whole })?;
            return Ok(if whole { Outcome::Done } else { Outcome::No });
        }
        Verb::Use { ids, signing, options } => return importing::adopt(context, &ids, &signing, &options),
    }
    Ok(Outcome::Done)
}

fn shown(statement: &StatementId, factor: &Factor) -> Result<Shown, CliError> {
    let values = match factor.value()? {
        FactorValue::Characterised(values, set) => {
            let each: Vec<String> =
                values.iter().map(|(category, kg)| format!("{kg} kg CO2e {category}")).collect();
            format!("{} ({set})", each.join(", "))
        }
        FactorValue::Gases(gases) => {
            gases.iter().map(|(gas, kg)| format!("{kg} kg {gas}")).collect::<Vec<_>>().join(", ")
        }
    };
    Ok(Shown {
        factor: factor.factor.clone(),
        name: factor.name.to_string(),
        values,
        unit: factor.unit.to_string(),
        category: factor.category.to_string(),
        scope: factor.scope.to_string(),
        geography: factor.geography.as_ref().map(ToString::to_string),
        year: factor.year.to_string(),
        source: factor.source.to_string(),
        licence: factor.licence.to_string(),
        by: factor.by.to_string(),
        statement: statement.to_string(),
    })
}

fn found(row: &Row) -> Found {
    Found {
        id: row.id.clone(),
        name: row.name.clone(),
        category: row.category.clone(),
        unit: row.unit.clone(),
        kgco2e_per_unit: row.kgco2e_per_unit.clone(),
        gwp_set: row.gwp_set.clone(),
        boundary: row.boundary.clone(),
        geography: row.geography.clone(),
        year: row.year.clone(),
        source: row.source.clone(),
        licence: row.licence.clone(),
        confidence: row.confidence.clone(),
        notes: row.notes.clone(),
    }
}

impl Report for Listed {
    fn text(&self, page: &mut Page) {
        if self.factors.is_empty() {
            page.line("No factor is in this ledger yet.");
            return;
        }
        let row = |f: &Shown| {
            let value = format!("{} per {}", f.values, f.unit);
            let place = f.geography.clone().unwrap_or_default();
            vec![f.factor.to_string(), f.name.clone(), value, place, f.year.clone(), f.licence.clone()]
        };
        let rows: Vec<Vec<String>> = self.factors.iter().map(row).collect();
        page.table(&["factor", "name", "value", "where", "year", "licence"], &rows);
    }
}

impl Report for Rows {
    fn text(&self, page: &mut Page) {
        if self.rows.is_empty() {
            page.line("No factor of the library holds any of that. Other words find more: aluminium, steel, paper, plastic,");
            page.line("electricity, gas, diesel, HGV, waste, in English or Chinese; countries are codes such as CN and GB.");
            return;
        }
        if !self.whole {
            page.line("No factor of the library holds all of that. The nearest:");
            page.blank();
        }
        for (i, f) in self.rows.iter().take(SHOWN_MAX).enumerate() {
            if i > 0 {
                page.blank();
            }
            page.heading(&f.id);
            page.line(format!("  {}", f.name));
            page.line(format!("  {} kg CO2e per {}, {}, {}", f.kgco2e_per_unit, f.unit, f.geography, f.year));
            page.line(format!("  holds: {}", f.boundary));
            page.line(format!("  {}; {}; confidence {}", f.source, f.licence, f.confidence));
        }
        if self.rows.len() > SHOWN_MAX {
            let all = self.rows.len();
            page.blank();
            page.line(format!("{SHOWN_MAX} of {all} factors that hold this; more words, --country or --year leave fewer, --format json has all."));
        }
    }
}
