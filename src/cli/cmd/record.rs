//! `pcf record`: files of statements, signed and appended.

use std::path::PathBuf;

use pcf_ledger::model::{Date, Period};

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::importing::{self, Wanted};
use crate::keys::Signing;

/// Signs and appends statements from files: activities, products, factors or years of sites as CSV
/// (told apart by their headers), or JSON lines
///
/// Everything is checked before anything is appended: all problems of all files come at once, as
/// file:row:column. Rows equal to a live statement are skipped, so an import that was interrupted
/// is finished by running it again. Each submission is durable when its line is printed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf record activities-2025Q1.csv --sign-with acme.pem\n\n\
    JSON: {dryRun, recorded, corrected, replacedNothing?: [place], takenAway?: [place], skipped, gone?: [{statement, says}], withdrawn?: count, \
    split?: [{place, period, parts: [period], amounts: [{name, unit, whole, parts}]}], \
    submissions: [{index, statements: [id]}], unresolved: {\"factor:…\": flows}, next?: command, \
    caused?: {stops, attention, notes, weighs, findings: as of `pcf check`}, \
    foreseen?: {statements, footprints: [{product, period, beforeKgCo2e?, afterKgCo2e?}], findings: as of `pcf check`, stoodBefore}}\n\n\
    With --dry-run the exit code is 1 where a finding about these files should be looked at.")]
pub struct Args {
    /// CSV files, workbooks (XLSX) or JSON lines
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    #[command(flatten)]
    signing: Signing,
    /// The period of all rows of an export whose mapping names no columns of days: 2025,
    /// 2025Q1, 2025-03, or START..END with END the first day after it
    #[arg(long, requires = "mapping", value_name = "PERIOD", value_parser = pcf_desk::periods::read)]
    period: Option<Period>,
    /// Splits each activity whose days lie before and from this day into two statements, in
    /// proportion to the days; both are estimated and name the whole. Can be repeated
    #[arg(long, value_name = "DAY")]
    split_at: Vec<Date>,
    /// Withdraws activities that were recorded together with some of these rows and are not among
    /// them, such as rows that were deleted from the file
    #[arg(long, requires = "correct")]
    withdraw_missing: bool,
    #[command(flatten)]
    options: importing::Options,
}

/// Records the files.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let Args { period, split_at, withdraw_missing, .. } = args;
    let options = importing::Options { period, split_at, withdraw_missing, ..args.options };
    importing::run(context, &args.files, Wanted::Everything, &args.signing, &options)
}
