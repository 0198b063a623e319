//! From files to appended submissions: what is in the ledger already is skipped, what differs is
//! refused or replaced, everything is judged before
//! anything is appended. It reads no file format itself.

mod adopted;
mod caused;
mod doubts;
mod foresee;
mod gone;
mod imported;
mod input;
pub mod offered;
mod openlca;
mod parts;
mod problems;
mod reading;
mod recognised;
mod refusing;
mod same;
mod sentences;
mod split;
mod taking;
mod unlikely;
mod whole;

use std::sync::Arc;
use std::sync::mpsc::sync_channel;

use pcf_files::csv::{DayOrder, DecimalMark, TableKind};
use pcf_files::mapping::Mapping;
use pcf_files::tables::{self, Table};
use pcf_files::{self, ExchangeError, jsonl};
use pcf_ledger::codec::draft_subject_digest;
use pcf_ledger::ledger::{Ledger, Plan, Receipt};
use pcf_ledger::model::{ActorId, Date, Period, StatementId, StatementKind, Text};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::Store;

use crate::session::{Session, Task};
use crate::withdraw::withdrawal_of;
use crate::{DeskError, Note};

pub use adopted::{adopt, check_library};
pub use caused::{AheadError, Caused};
pub use foresee::{Change, Coming, Foreseen};
pub use gone::Gone;
pub use imported::{Imported, Landed};
pub use input::{Input, Place, Sourced, read};
pub use openlca::package;
use problems::Problems;
pub use problems::RefusedFiles;
use reading::{QUEUE, Read, send};
pub use recognised::{Recognised, recognise};
pub(crate) use same::{bare, says_again};
use split::Splitter;
pub use split::{SplitAmount, SplitError, SplitRow};
use taking::Import;
pub use whole::{Signers, Whole, import};

/// How files are read and appended.
#[derive(Debug)]
pub struct Options {
    /// Replaces live statements about the same thing that say something else; without it such rows
    /// are refused.
    pub correct: bool,
    /// Withdraws activities that were recorded together with some of the files' rows and are in them
    /// no longer.
    pub withdraw_missing: bool,
    /// Appends nothing, and foresees what would come of it.
    pub dry_run: bool,
    /// Appends nothing where a finding about these statements stops or needs attention.
    pub strict: bool,
    /// The most statements in one submission.
    pub batch_size: u64,
    /// The decimal mark of every number, where it is stated.
    pub decimal: Option<DecimalMark>,
    /// The order of days whose year stands last, where it is stated.
    pub dates: Option<DayOrder>,
    /// The encoding of separated values, where it is stated.
    pub encoding: Option<tables::Encoding>,
    /// Leaves out rows that add others up, instead of refusing them.
    pub skip_totals: bool,
    /// The period of every row, where the mapping names no columns of days, and of a package.
    pub period: Option<Period>,
    /// The days at which activities are split, each into what lies before it and what begins with
    /// it.
    pub split_at: Vec<Date>,
    /// The mapping file of an export with other column names.
    pub mapping: Option<Input>,
    /// Names every appended statement in the report.
    pub name_statements: bool,
}

/// Who signs an import.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    /// The key.
    pub key: &'a SigningKey,
    /// Its actor.
    pub by: &'a ActorId,
}

/// How files of any kind are taken: tables, suppliers' PACT files and packages of inventories, told
/// by their content.
#[derive(Debug, Clone, Copy, Default)]
pub struct AnyFile {
    /// Takes the factors that flows name and the ledger lacks from the shipped library.
    pub adopt: bool,
    /// Lets flows that name an earlier footprint of a supplier name the newer one of these files;
    /// needs [`Options::correct`].
    pub follow: bool,
    /// Takes in a supplier's document whose totals are not the sum of their parts.
    pub as_it_is: bool,
    /// The period in use here, which a package has where no other is given.
    pub period_in_use: Option<Period>,
}

/// Which tables a verb takes, and which type of statements it is for.
#[derive(Debug, Clone, Copy)]
pub enum Wanted {
    /// Everything that may be said by one signer.
    Everything,
    /// The same of files of any kind; who takes in the actors has done so.
    AnyFile(AnyFile),
    /// One kind of table, whose rows become one type of statement.
    Only(TableKind, StatementKind),
}

impl Wanted {
    fn takes(self, kind: TableKind) -> bool {
        match self {
            Self::Everything | Self::AnyFile(_) => kind != TableKind::Actors,
            Self::Only(only, _) => kind == only,
        }
    }

    /// How files of any kind are taken, where they are.
    const fn any_file(self) -> Option<AnyFile> {
        match self {
            Self::AnyFile(any) => Some(any),
            Self::Everything | Self::Only(..) => None,
        }
    }

    /// Refuses what another verb is for.
    fn check(self, kind: StatementKind, place: &Place) -> Result<(), DeskError> {
        match self {
            Self::Only(_, expected) if kind != expected => {
                Err(DeskError::OtherType { place: place.clone(), expected, got: kind })
            }
            _ => Ok(()),
        }
    }
}

/// Reads files and appends what they say, or foresees what would come of it; gives the ledger back.
///
/// # Errors
/// [`DeskError::Files`] with all problems of all files; [`DeskError::OtherType`] and
/// [`DeskError::ActorsTable`] for what another verb takes; [`DeskError::Twice`],
/// [`DeskError::Differs`] and [`DeskError::Refused`] for rows that cannot be appended, and
/// [`DeskError::Split`] for those that cannot be split. Then nothing was.
pub fn run<S: Store>(
    session: &dyn Session,
    ledger: Ledger<S>,
    signer: Signer<'_>,
    files: &[Input],
    wanted: Wanted,
    options: &Options,
) -> Result<(Imported, Ledger<S>), DeskError> {
    let (tables, lines, problems) = open(session, files, &ledger, wanted, options, signer.by)?;
    let parts = tables.iter().any(|t| t.kind() == TableKind::Parts);
    let mut catalog = offered::catalog(&ledger, parts)?;
    // A table finds out itself where two of its rows say the same, before they are split.
    let several = tables.len() > 1 || !lines.is_empty() || !options.split_at.is_empty();
    let mut splitter = Splitter::new(&options.split_at);
    let mut import = Import::new(session, ledger, signer.key, options, several)?;
    let (early, late): (Vec<_>, Vec<_>) =
        lines.into_iter().partition(|s| s.statement.kind() != StatementKind::Activity);
    for sourced in early {
        wanted.check(sourced.statement.kind(), &sourced.place)?;
        if parts {
            offered::add(&mut catalog, &sourced.statement);
        }
        import.take_sourced(sourced)?;
    }
    // One thread reads, this one salts, seals and judges.
    let (sender, receiver) = sync_channel::<Vec<Read>>(QUEUE);
    let by = signer.by;
    let (read, taken) = std::thread::scope(|scope| {
        let reader = scope.spawn(move || {
            let mut problems = problems;
            for table in &tables {
                table.notes().into_iter().for_each(|note| session.note(&Note::Table(note)));
                match send(table, by, &catalog, &sender) {
                    // Parts may be what the sheets before them bring.
                    Ok((coming, notes)) => {
                        notes.into_iter().for_each(|note| session.note(&Note::Table(note)));
                        coming.iter().filter(|_| parts).for_each(|s| offered::add(&mut catalog, s));
                    }
                    Err(error) => problems.push(&error),
                }
            }
            problems
        });
        let take = |read: Read| {
            wanted.check(read.statement.kind(), &read.place)?;
            splitter.take(&mut import, read.statement, read.subject, read.place)
        };
        let taken = receiver.into_iter().flatten().try_for_each(take);
        (reader.join(), taken)
    });
    // With problems in the files, what came of the rest is beside the point.
    let problems = read.map_err(|_| DeskError::ReaderStopped)?;
    problems.or_refuse(files)?;
    taken?;
    for sourced in late {
        wanted.check(sourced.statement.kind(), &sourced.place)?;
        let subject = draft_subject_digest(&sourced.statement);
        splitter.take(&mut import, sourced.statement, subject, sourced.place)?;
    }
    import.split(splitter.finish()?);
    if wanted.any_file().is_some_and(|any| any.adopt) {
        import.adopt(signer.by)?;
    }
    append_all(session, import, options)
}

/// The tables of all files that the verb takes, in the order in which they rest on each other, and
/// the statements of JSON lines.
fn open<S: Store>(
    session: &dyn Session,
    files: &[Input],
    ledger: &Ledger<S>,
    wanted: Wanted,
    options: &Options,
    by: &ActorId,
) -> Result<(Vec<Table>, Vec<Sourced>, Problems), DeskError> {
    let mapping = match &options.mapping {
        None => None,
        Some(file) => {
            let mapping = Mapping::read(&file.load()?, &file.name())?;
            Some(Arc::new(mapping.with_catalog(offered::catalog(ledger, true)?)))
        }
    };
    let reading = tables::Options {
        decimal: options.decimal,
        dates: options.dates,
        encoding: options.encoding,
        mapping,
        skip_totals: options.skip_totals,
        period: options.period,
        latest_year: Some(session.now()?.date().year().saturating_add(1)),
    };
    let (mut all, mut lines, mut problems) = (Vec::new(), Vec::new(), Problems::default());
    for file in files {
        let name = file.name();
        if let Some(any) = wanted.any_file().filter(|_| recognised::is_package(file)) {
            let period = options.period.or(any.period_in_use);
            lines.extend(recognised::package(session, file, by, period)?);
            continue;
        }
        match file.open(&reading) {
            Ok(tables::File::Json(bytes))
                if let Some(any) = wanted.any_file()
                    && recognised::is_footprint(&bytes) =>
            {
                match recognised::footprint(session, ledger, (bytes, &name), by, any) {
                    Ok(statements) => lines.extend(statements),
                    Err(DeskError::Exchange(error)) => problems.push(&error),
                    Err(error) => return Err(error),
                }
            }
            Ok(tables::File::Json(bytes)) => match jsonl::read_statements(&bytes, &name, by) {
                Ok(drafts) => lines.extend(input::sourced(drafts, &name)),
                Err(error) => problems.push(&error),
            },
            Ok(tables::File::Tables(tables)) => {
                let sheets = tables.iter().any(Table::is_sheet);
                let before = all.len();
                for table in tables {
                    table.beside().iter().for_each(|note| session.note(&Note::Table(note.clone())));
                    // A workbook serves every verb, and an unused sheet of it is empty; a file of
                    // one table is meant as it is.
                    if table.is_sheet() && table.is_empty()? {
                        continue;
                    }
                    if table.is_sheet() && !wanted.takes(table.kind()) {
                        if wanted.any_file().is_none() {
                            let place = table.place().to_owned();
                            session.note(&Note::Sheet { place, holds: table.kind() });
                        }
                    } else {
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
        return Err(DeskError::ActorsTable { place: actors.place().to_string() });
    }
    all.sort_by_key(Table::kind);
    Ok((all, lines, problems))
}

/// Appends statements that are at hand, factors and products first.
///
/// # Errors
/// As [`run`], those of files aside.
pub fn append<S: Store>(
    session: &dyn Session,
    ledger: Ledger<S>,
    key: &SigningKey,
    mut statements: Vec<Sourced>,
    options: &Options,
) -> Result<(Imported, Ledger<S>), DeskError> {
    statements.sort_by_key(|sourced| match sourced.statement.kind() {
        StatementKind::Factor => 0,
        StatementKind::Product => 1,
        _ => 2,
    });
    let mut import = Import::new(session, ledger, key, options, true)?;
    for sourced in statements {
        import.take_sourced(sourced)?;
    }
    append_all(session, import, options)
}

/// Withdraws statements, each with what it says, and says earlier ones again, in the place of what
/// holds about the same thing.
///
/// # Errors
/// As [`append`].
pub(crate) fn take_back<S: Store>(
    session: &dyn Session,
    ledger: Ledger<S>,
    signer: Signer<'_>,
    (withdrawn, reason): (Vec<(StatementId, String)>, Text),
    restored: Vec<Sourced>,
    options: &Options,
) -> Result<(Imported, Ledger<S>), DeskError> {
    let mut import = Import::new(session, ledger, signer.key, options, true)?;
    for (target, says) in withdrawn {
        import.withdraw(withdrawal_of(target, signer.by, reason.clone()), &says)?;
    }
    for Sourced { statement, place } in restored {
        import.take_sourced(Sourced { statement: bare(statement), place })?;
    }
    append_all(session, import.taking_back(), options)
}

fn append_all<S: Store>(
    session: &dyn Session,
    import: Import<'_, S>,
    options: &Options,
) -> Result<(Imported, Ledger<S>), DeskError> {
    let (mut imported, plan) = import.finish()?;
    let ledger = match imported.dry_run {
        // Nothing is planned.
        true => plan.carry_out(|_| Ok::<_, DeskError>(()))?,
        false => carry_out(session, plan, &mut imported, options.name_statements)?,
    };
    Ok((imported, ledger))
}

fn carry_out<S: Store>(
    session: &dyn Session,
    plan: Plan<S>,
    imported: &mut Imported,
    name_statements: bool,
) -> Result<Ledger<S>, DeskError> {
    let total = u64::try_from(imported.recorded).unwrap_or(u64::MAX);
    let mut progress = session.begin(Task::Recording(total));
    let mut ledger = plan.carry_out(|Receipt { index, ids, .. }| -> Result<(), DeskError> {
        progress.landed(index, ids.len()).map_err(DeskError::Unheard)?;
        let named = ids.iter().filter(|_| name_statements).map(ToString::to_string);
        imported.submissions.push(Landed { index, statements: named.collect() });
        Ok(())
    })?;
    ledger.flush()?;
    Ok(ledger)
}
