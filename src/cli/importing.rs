//! From the drafts of files to appended submissions: what is in the ledger already is skipped, what differs is refused or replaced, everything
//! is judged before anything is appended. Used by the verbs that take files; it reads no file format itself.

mod foresee;
mod import;
mod imported;
pub mod offered;
mod reading;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use pcf_files::csv::{DayOrder, DecimalMark, TableKind};
use pcf_files::mapping::Mapping;
use pcf_files::tables::{self, Encoding, Table};
use pcf_files::{self, Draft, ExchangeError, jsonl};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::limits::STATEMENTS_MAX;
use pcf_ledger::model::{ActorId, Statement, StatementKind};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::file::FileStore;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::keys::Signing;
use crate::output::Format;
use crate::progress::Progress;

use import::Import;
use imported::Landed;
pub use imported::{Imported, counted};
use reading::{QUEUE, Read, send};

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

/// A statement and where it came from.
#[derive(Debug)]
pub struct Sourced {
    /// What is to be said.
    pub statement: Statement,
    /// Where that was.
    pub place: Place,
}

/// A place in a file: `file:row`, for people.
#[derive(Debug, Clone)]
pub struct Place {
    file: Arc<str>,
    row: Option<u64>,
}

impl Place {
    /// A row of a file, or all of it.
    pub const fn new(file: Arc<str>, row: Option<u64>) -> Self {
        Self { file, row }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        self.row.map_or(Ok(()), |row| write!(f, ":{row}"))
    }
}

/// What is wrong with files, all at once.
#[derive(Default)]
struct Problems {
    sentences: Vec<String>,
    /// True where the system did not give a file, so that the answer is not known.
    unread: bool,
    /// True where more than single cells is wrong, so that a filled example helps.
    untold: bool,
}

impl Problems {
    fn push(&mut self, error: &ExchangeError) {
        self.unread |= matches!(error, ExchangeError::File { .. });
        self.untold |= match error {
            ExchangeError::Problems(found) => found.problems.iter().any(|problem| problem.row <= 1),
            _ => true,
        };
        self.sentences.push(error.to_string());
    }

    fn none(&self) -> bool {
        self.sentences.is_empty()
    }

    fn or_refuse(self, files: &[PathBuf]) -> Result<(), CliError> {
        if self.none() { Ok(()) } else { Err(refuse_files(files, &self)) }
    }
}

/// Reads files; all their problems come at once.
pub fn read(files: &[PathBuf], by: &ActorId) -> Result<Vec<Sourced>, CliError> {
    let (mut all, mut problems) = (Vec::new(), Problems::default());
    for path in files {
        let name = path.display().to_string();
        match pcf_desk::files::load(path).and_then(|bytes| pcf_files::read_statements(&bytes, &name, by)) {
            Ok(drafts) => all.extend(sourced(drafts, &name)),
            Err(error) => problems.push(&error),
        }
    }
    problems.or_refuse(files).map(|()| all)
}

fn sourced(drafts: Vec<Draft>, file: &str) -> impl Iterator<Item = Sourced> {
    let file: Arc<str> = Arc::from(file);
    drafts.into_iter().map(move |Draft { statement, rows, .. }| {
        let place = Place::new(Arc::clone(&file), rows.first().copied());
        Sourced { statement, place }
    })
}

fn refuse_files(files: &[PathBuf], problems: &Problems) -> CliError {
    let sentences = problems.sentences.join("\n");
    let error = if problems.unread { CliError::failed(sentences) } else { CliError::no(sentences) };
    let is = |file: &PathBuf, kind: &str| file.extension().is_some_and(|e| e.eq_ignore_ascii_case(kind));
    let kind = ["csv", "xlsx"].into_iter().find(|kind| files.iter().any(|file| is(file, kind)));
    // The name of a file that is not there yet can be typed as it is.
    let absent = files.iter().find(|file| !file.exists());
    match (kind, absent) {
        (_, Some(file)) if let Some(meant) = crate::hints::same_command_with_file(file) => error.hint(meant),
        (Some(_), Some(file)) => error.hint(format!("pcf template {}", crate::hints::path(file))),
        (Some(kind), None) if problems.untold => error.hint(format!("pcf template example.{kind}")),
        _ => error,
    }
}

/// Which tables a verb takes, and which type of statements it is for.
#[derive(Debug, Clone, Copy)]
pub enum Wanted {
    /// All that may be said by one signer.
    Everything,
    /// One kind of table, whose rows become one type of statement.
    Only(TableKind, StatementKind),
}

impl Wanted {
    fn takes(self, kind: TableKind) -> bool {
        match self {
            Self::Everything => kind != TableKind::Actors,
            Self::Only(only, _) => kind == only,
        }
    }

    /// Refuses what another verb is for.
    fn check(self, kind: StatementKind, place: &Place) -> Result<(), CliError> {
        let expected = match self {
            Self::Only(_, expected) if kind != expected => expected,
            _ => return Ok(()),
        };
        let file = &place.file;
        let cause = format!("{place}: expected a {expected}, got a statement of type `{kind}`");
        Err(CliError::no(cause).hint(format!("pcf record {} --sign-with KEY", crate::hints::quoted(file))))
    }
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
    let (tables, lines, problems) = open(files, &ledger, wanted, options, &by)?;
    let parts = tables.iter().any(|t| t.kind() == TableKind::Parts);
    let mut catalog = offered::catalog(&ledger, parts)?;
    // A table finds out itself where two of its rows say the same.
    let several = tables.len() > 1 || !lines.is_empty();
    let mut import = Import::new(context, ledger, &key, options, several)?;
    let (early, late): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|s| s.statement.kind() != StatementKind::Activity);
    for sourced in early {
        wanted.check(sourced.statement.kind(), &sourced.place)?;
        import.take_sourced(sourced)?;
    }
    // One thread reads, this one salts, seals and judges.
    let (sender, receiver) = sync_channel::<Vec<Read>>(QUEUE);
    let (by, output) = (&by, context.output);
    let (read, taken) = std::thread::scope(|scope| {
        let reader = scope.spawn(move || {
            let mut problems = problems;
            for table in &tables {
                table.notes().iter().for_each(|note| output.note(note));
                match send(table, by, &catalog, &sender) {
                    // Parts may be what the sheets before them bring.
                    Ok(coming) => coming.iter().filter(|_| parts).for_each(|s| offered::add(&mut catalog, s)),
                    Err(error) => problems.push(&error),
                }
            }
            problems
        });
        let take = |read: Read| {
            wanted.check(read.statement.kind(), &read.place)?;
            import.take(read.statement, read.subject, read.place)
        };
        let taken = receiver.into_iter().flatten().try_for_each(take);
        (reader.join(), taken)
    });
    // With problems in the files, what came of the rest is beside the point.
    let problems = read.map_err(|_| CliError::failed("reading stopped in a fault of this program"))?;
    problems.or_refuse(files)?;
    taken?;
    for sourced in late {
        wanted.check(sourced.statement.kind(), &sourced.place)?;
        import.take_sourced(sourced)?;
    }
    append_all(context, import)
}

/// The tables of all files that the verb takes, in the order in which they rest on each other, and the statements of JSON lines.
fn open(
    files: &[PathBuf],
    ledger: &Ledger<FileStore>,
    wanted: Wanted,
    options: &Options,
    by: &ActorId,
) -> Result<(Vec<Table>, Vec<Sourced>, Problems), CliError> {
    let mapping = match &options.mapping {
        None => None,
        Some(path) => {
            let mapping = Mapping::read(&pcf_desk::files::load(path)?, &path.display().to_string())?;
            Some(Arc::new(mapping.with_catalog(offered::catalog(ledger, true)?)))
        }
    };
    let reading = tables::Options {
        decimal: options.decimal,
        dates: options.dates,
        encoding: options.encoding,
        mapping,
    };
    let (mut all, mut lines, mut problems) = (Vec::new(), Vec::new(), Problems::default());
    for path in files {
        let name = path.display().to_string();
        match pcf_desk::files::open_tables(path, &reading) {
            Ok(tables::File::Json(bytes)) => match jsonl::read_statements(&bytes, &name, by) {
                Ok(drafts) => lines.extend(sourced(drafts, &name)),
                Err(error) => problems.push(&error),
            },
            Ok(tables::File::Tables(tables)) => {
                let sheets = tables.iter().any(Table::is_sheet);
                let before = all.len();
                for table in tables {
                    // A workbook serves every verb, and an unused sheet of it is empty; a file of one table is meant as it is.
                    let unused = table.is_sheet() && (!wanted.takes(table.kind()) || table.is_empty()?);
                    if !unused {
                        all.push(table);
                    }
                }
                if sheets && all.len() == before {
                    let sentence = "no sheet of this workbook has rows for this verb".into();
                    problems.push(&ExchangeError::Unreadable { file: name, sentence });
                }
            }
            Err(error) => problems.push(&error),
        }
    }
    if let Some(actors) = all.iter().find(|t| t.kind() == TableKind::Actors && !wanted.takes(t.kind())) {
        let cause = format!("{}: actors are enrolled by the operator", actors.place());
        return Err(CliError::no(cause).hint("pcf actor import actors.csv --sign-with operator.pem"));
    }
    all.sort_by_key(Table::kind);
    Ok((all, lines, problems))
}

/// Appends statements that are at hand, factors and products first.
pub fn append(
    context: &Context,
    ledger: Ledger<FileStore>,
    key: &SigningKey,
    mut statements: Vec<Sourced>,
    options: &Options,
) -> Result<Outcome, CliError> {
    statements.sort_by_key(|sourced| match sourced.statement.kind() {
        StatementKind::Factor => 0,
        StatementKind::Product => 1,
        _ => 2,
    });
    let mut import = Import::new(context, ledger, key, options, true)?;
    for sourced in statements {
        import.take_sourced(sourced)?;
    }
    append_all(context, import)
}

fn append_all(context: &Context, import: Import<'_>) -> Result<Outcome, CliError> {
    let (mut imported, plan) = import.finish()?;
    if !imported.dry_run {
        let total = u64::try_from(imported.recorded).unwrap_or(u64::MAX);
        let mut progress = Progress::new(context, "recording", total);
        let json = context.output.format == Format::Json;
        let mut ledger = plan.carry_out(|receipt| -> Result<(), CliError> {
            let count = receipt.ids.len();
            let line = format!("index {}: {}", receipt.index, counted(count, "statement"));
            progress.beside(|| context.output.line(&line))?;
            progress.advance(u64::try_from(count).unwrap_or(u64::MAX));
            let ids = receipt.ids.iter().filter(|_| json).map(ToString::to_string);
            imported.submissions.push(Landed { index: receipt.index, statements: ids.collect() });
            Ok(())
        })?;
        ledger.flush()?;
    }
    let imported = imported.with_next(&context.dir);
    context.output.report(&imported)?;
    let weighs = imported.foreseen.is_some_and(|foreseen| foreseen.weighs());
    Ok(if weighs { Outcome::No } else { Outcome::Done })
}

/// Writes a file that is not there yet.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    use std::io::Write as _;
    let failed = |e: std::io::Error| CliError::io("create", path, &e);
    let mut file = std::fs::File::create_new(path).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)
}
