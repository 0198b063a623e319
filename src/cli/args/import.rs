//! The arguments of verbs that take files of statements.

use std::path::PathBuf;

use pcf_desk::import::{Input, Options};
use pcf_files::csv::{DayOrder, DecimalMark};
use pcf_files::tables::Encoding;
use pcf_ledger::limits::STATEMENTS_MAX;
use pcf_ledger::model::{Date, Period};

use crate::context::Context;
use crate::output::Format;

/// The options of every verb that takes files of statements.
#[derive(Debug, clap::Args)]
pub struct ImportOptions {
    /// Replaces live statements about the same thing that say something else; without it such rows
    /// are refused
    #[arg(long)]
    pub correct: bool,
    /// Appends nothing; shows what would be appended, the footprints before and after, and what
    /// `pcf check` would find
    #[arg(long)]
    pub dry_run: bool,
    /// Appends nothing where a finding about these statements stops a calculation or needs attention;
    /// exit code 1 then
    #[arg(long)]
    pub strict: bool,
    /// The most statements in one submission: each submission is durable, or not there, as a whole
    #[arg(long, value_name = "COUNT", default_value_t = 4096, value_parser = clap::value_parser!(u64).range(1..=STATEMENTS_MAX))]
    pub batch_size: u64,
    /// How numbers in tables are written, where they could mean two things: point (1,234.5) or
    /// comma (1.234,5)
    #[arg(long, value_name = "MARK")]
    pub decimal: Option<DecimalMark>,
    /// The order of days whose year stands last: day-first (31.1.2025) or month-first (1/31/2025)
    #[arg(long, value_name = "ORDER")]
    pub dates: Option<DayOrder>,
    /// The encoding of CSV files, where it cannot be told: utf-8, utf-16, gb18030 or windows-1252
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<Encoding>,
    /// Leaves out rows that add others up (Total, Summe, 合计) instead of refusing them
    #[arg(long)]
    pub skip_totals: bool,
    /// Reads an export with other column names through a mapping file; see `pcf template
    /// --mapping-for`
    #[arg(long, value_name = "FILE.toml")]
    pub mapping: Option<PathBuf>,
    /// Whether activities that are gone from the files are withdrawn, of verbs that ask.
    #[arg(skip)]
    pub withdraw_missing: bool,
    /// The period of all rows, of verbs that take one.
    #[arg(skip)]
    pub period: Option<Period>,
    /// The days at which activities are split, of verbs that take some.
    #[arg(skip)]
    pub split_at: Vec<Date>,
}

impl ImportOptions {
    /// As the desk takes them.
    pub fn of_desk(&self, context: &Context) -> Options {
        Options {
            correct: self.correct,
            withdraw_missing: self.withdraw_missing,
            dry_run: self.dry_run,
            strict: self.strict,
            batch_size: self.batch_size,
            decimal: self.decimal,
            dates: self.dates,
            encoding: self.encoding,
            skip_totals: self.skip_totals,
            period: self.period,
            split_at: self.split_at.clone(),
            mapping: self.mapping.clone().map(Input::File),
            name_statements: context.output.format == Format::Json,
        }
    }
}
