//! The verbs that take files of statements: their options, and the calls of the desk. It reads no file and judges nothing itself.

use std::path::{Path, PathBuf};

use pcf_desk::import;
use pcf_files::csv::{DayOrder, DecimalMark};
use pcf_files::tables::Encoding;
use pcf_ledger::model::Period;
use pcf_ledger::store::STATEMENTS_MAX;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::hints;
use crate::keys::Signing;
use crate::output::Format;
use crate::view::findings::filled;

pub use pcf_desk::import::{Imported, Input, Signer, Wanted, offered, read};
pub use pcf_desk::words::counted;
pub use pcf_desk::write::new as write_new;

/// The options of every verb that takes files of statements.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Replaces live statements about the same thing that say something else; without it such rows are refused
    #[arg(long)]
    pub correct: bool,
    /// Appends nothing; shows what would be appended, the footprints before and after, and what `pcf check` would find
    #[arg(long)]
    pub dry_run: bool,
    /// The most statements in one submission: each submission is durable, or not there, as a whole
    #[arg(long, value_name = "COUNT", default_value_t = 4096, value_parser = clap::value_parser!(u64).range(1..=STATEMENTS_MAX))]
    pub batch_size: u64,
    /// How numbers in tables are written, where they could mean two things: point (1,234.5) or comma (1.234,5)
    #[arg(long, value_name = "MARK")]
    pub decimal: Option<DecimalMark>,
    /// The order of days whose year stands last: day-first (31.1.2025) or month-first (1/31/2025)
    #[arg(long, value_name = "ORDER")]
    pub dates: Option<DayOrder>,
    /// The encoding of CSV files, where it cannot be told: utf-8, utf-16, gb18030 or windows-1252
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<Encoding>,
    /// Reads an export with other column names through a mapping file; see `pcf template --mapping-for`
    #[arg(long, value_name = "FILE.toml")]
    pub mapping: Option<PathBuf>,
}

impl Options {
    fn of_desk(&self, context: &Context) -> import::Options {
        import::Options {
            correct: self.correct,
            dry_run: self.dry_run,
            batch_size: self.batch_size,
            decimal: self.decimal,
            dates: self.dates,
            encoding: self.encoding,
            mapping: self.mapping.clone().map(Input::File),
            name_statements: context.output.format == Format::Json,
        }
    }
}

/// The files that are named, as the desk takes them.
pub fn inputs(files: &[PathBuf]) -> Vec<Input> {
    files.iter().cloned().map(Input::File).collect()
}

/// Opens the ledger, finds the signer, reads the files and appends what they say.
pub fn run(
    context: &Context,
    files: &[PathBuf],
    wanted: Wanted,
    signing: &Signing,
    options: &Options,
) -> Result<Outcome, CliError> {
    let key = crate::keys::load(context, &signing.sign_with)?;
    let ledger = context.open_ledger()?;
    let by = context.signer(ledger.book(), &key, signing.by.as_ref())?;
    let (signer, options) = (Signer { key: &key, by: &by }, options.of_desk(context));
    report(context, import::run(context, ledger, signer, &inputs(files), wanted, &options)?)
}

/// As [`run`], for an openLCA package.
pub fn package(
    context: &Context,
    package: (&Path, Period),
    cut_off: Option<&Path>,
    signing: &Signing,
    options: &Options,
) -> Result<Outcome, CliError> {
    let key = crate::keys::load(context, &signing.sign_with)?;
    let ledger = context.open_ledger()?;
    let by = context.signer(ledger.book(), &key, signing.by.as_ref())?;
    let (signer, options) = (Signer { key: &key, by: &by }, options.of_desk(context));
    report(context, import::package(context, ledger, signer, package, cut_off, &options)?)
}

/// As [`run`], for factors of the shipped library.
pub fn adopt(
    context: &Context,
    ids: &[String],
    signing: &Signing,
    options: &Options,
) -> Result<Outcome, CliError> {
    import::check_library(ids)?;
    let key = crate::keys::load(context, &signing.sign_with)?;
    let ledger = context.open_ledger()?;
    let by = context.signer(ledger.book(), &key, signing.by.as_ref())?;
    let (signer, options) = (Signer { key: &key, by: &by }, options.of_desk(context));
    report(context, import::adopt(context, ledger, signer, ids, &options)?)
}

/// Prints what came of it, with what can be typed next.
fn report(context: &Context, mut imported: Imported) -> Result<Outcome, CliError> {
    let factors = imported.unresolved.keys().filter_map(|name| name.strip_prefix("factor:"));
    imported.next = hints::factors_of_library(factors).map(|command| hints::fill(&command, &context.dir));
    if let Some(foreseen) = &mut imported.foreseen {
        let findings = std::mem::take(&mut foreseen.findings).into_iter();
        foreseen.findings = findings.map(|found| filled(found, &context.dir)).collect();
    }
    context.output.report(&imported)?;
    let weighs = imported.foreseen.is_some_and(|foreseen| foreseen.weighs());
    Ok(if weighs { Outcome::No } else { Outcome::Done })
}
