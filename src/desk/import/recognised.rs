//! What a file is, told by its content and never by its name, and the statements of files that hold
//! no table: suppliers' footprints and packages of inventories.

use std::fs;
use std::sync::Arc;

use pcf_files::csv::TableKind;
use pcf_files::tables::{self, Table};
use pcf_files::{ExchangeError, openlca, supplier};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{ActorId, FlowSource, FootprintId, Period, Statement};
use pcf_ledger::store::Store;
use serde::Serialize;

use super::openlca::say;
use super::{AnyFile, Input, Options, Place, Sourced};
use crate::session::Session;
use crate::supplier::Received;
use crate::{AskError, DeskError, Note};

/// What a file is.
#[derive(Debug, Clone, Serialize)]
pub struct Recognised {
    /// The file.
    pub file: String,
    /// What it is, in words.
    pub is: String,
    /// True where rows of it say who may sign what.
    #[serde(skip)]
    pub(super) actors: bool,
    /// True where it says anything else.
    #[serde(skip)]
    pub(super) others: bool,
}

/// Tells what files are.
///
/// # Errors
/// [`ExchangeError`] for one that cannot be read or is nothing that is known.
pub fn recognise(files: &[Input], options: &Options) -> Result<Vec<Recognised>, DeskError> {
    let reading = tables::Options { encoding: options.encoding, ..tables::Options::default() };
    files.iter().map(|file| one(file, &reading, options.mapping.is_some())).collect()
}

fn one(file: &Input, reading: &tables::Options, mapped: bool) -> Result<Recognised, DeskError> {
    let named = |is: String| Recognised { file: file.name(), is, actors: false, others: true };
    if is_package(file) {
        return Ok(named("an openLCA package".into()));
    }
    match file.open(reading) {
        Ok(tables::File::Json(bytes)) if is_footprint(&bytes) => Ok(named("a supplier's PACT file".into())),
        Ok(tables::File::Json(_)) => Ok(named("statements as JSON lines".into())),
        Ok(tables::File::Tables(tables)) => of_tables(file, &tables),
        // Other column names are what a mapping is for; it is judged where the file is read.
        Err(_) if mapped => Ok(named("an export that the mapping is for".into())),
        Err(error) => Err(error.into()),
    }
}

fn of_tables(file: &Input, tables: &[Table]) -> Result<Recognised, DeskError> {
    let mut kinds: Vec<TableKind> = Vec::new();
    for table in tables {
        if !(table.is_sheet() && table.is_empty()?) {
            kinds.push(table.kind());
        }
    }
    let names: Vec<&str> = kinds.iter().map(|kind| kind.sheet()).collect();
    let what = if tables.iter().any(Table::is_sheet) { "a workbook" } else { "a table" };
    Ok(Recognised {
        file: file.name(),
        is: format!("{what}: {}", names.join(", ")),
        actors: kinds.contains(&TableKind::Actors),
        others: kinds.iter().any(|kind| *kind != TableKind::Actors),
    })
}

/// True for a PACT document: one JSON object that states the version of PACT that it follows.
pub(super) fn is_footprint(bytes: &[u8]) -> bool {
    let value: Option<serde_json::Value> = serde_json::from_slice(bytes).ok();
    value.is_some_and(|value| value.get("specVersion").is_some() && value.get("type").is_none())
}

/// True for a folder, and for a ZIP file with a folder of processes and no workbook in it.
pub(super) fn is_package(file: &Input) -> bool {
    let Input::File(path) = file else { return false };
    path.is_dir() || fs::File::open(path).is_ok_and(openlca::is_archive)
}

/// The statement of a supplier's PACT file, and those of activities that follow it to the newer
/// footprint where that is wanted.
///
/// # Errors
/// [`ExchangeError::Unreadable`] with everything that is wrong with the document.
pub(super) fn footprint<S: Store>(
    session: &dyn Session,
    ledger: &Ledger<S>,
    (bytes, name): (Vec<u8>, &str),
    by: &ActorId,
    any: AnyFile,
) -> Result<Vec<Sourced>, DeskError> {
    let refuse = |sentence: String| ExchangeError::Unreadable { file: name.to_owned(), sentence };
    let problems: Vec<String> = supplier::problems(&bytes).iter().map(ToString::to_string).collect();
    if !problems.is_empty() {
        return Err(refuse(problems.join(&format!("\n{name}: "))).into());
    }
    let received = Received::read(bytes).map_err(|e| refuse(e.to_string()))?;
    if received.totals_contradict() && !any.as_it_is {
        let problem = "its totals are not the sum of their parts: ask the supplier for one that adds up, or take it as it stands with --as-it-is";
        return Err(refuse(problem.into()).into());
    }
    received.warn(session);
    let file: Arc<str> = Arc::from(name);
    let mut statements = Vec::new();
    if !received.preceding().is_empty() {
        statements = following(session, ledger, &received, (by, &file), any.follow)?;
    }
    let statement = received.statement(by)?.into();
    statements.push(Sourced { statement, place: Place::new(file, None) });
    Ok(statements)
}

/// The activities whose flows name an earlier footprint than this one, with the new one in its
/// place; a note of each where they are not to follow.
fn following<S: Store>(
    session: &dyn Session,
    ledger: &Ledger<S>,
    received: &Received,
    (by, file): (&ActorId, &Arc<str>),
    follow: bool,
) -> Result<Vec<Sourced>, DeskError> {
    let names_earlier = |source: &FlowSource| matches!(source, FlowSource::Footprint(id) if received.preceding().contains(id));
    let mut statements = Vec::new();
    for held in ledger.inventory()?.activities {
        let flows = held.statement.flows.iter().filter(|flow| names_earlier(&flow.source));
        let named: Vec<String> = flows.map(|flow| flow.name.to_string()).collect();
        if named.is_empty() {
            continue;
        }
        let activity = &held.statement;
        let says =
            format!("{} / {}, {}: {}", activity.stage, activity.process, activity.period, named.join(", "));
        if !follow || activity.by != *by {
            session.note(&Note::NamesEarlier { says, statement: held.id });
            continue;
        }
        let mut activity = held.statement;
        let newer: &FootprintId = received.footprint();
        for flow in activity.flows.iter_mut().filter(|flow| names_earlier(&flow.source)) {
            flow.source = FlowSource::Footprint(newer.clone());
        }
        let place = Place::new(Arc::from(format!("{file}, followed by {says}")), None);
        statements.push(Sourced { statement: super::bare(Statement::Activity(activity)), place });
    }
    Ok(statements)
}

/// The statements of a package of inventories.
///
/// # Errors
/// [`AskError::NoPeriod`]; those of reading it.
pub(super) fn package(
    session: &dyn Session,
    file: &Input,
    by: &ActorId,
    period: Option<Period>,
) -> Result<Vec<Sourced>, DeskError> {
    let period = period.ok_or_else(|| AskError::NoPeriod { file: file.name() })?;
    let converted = openlca::convert(&crate::files::read_package(file.path())?, by, period)?;
    say(session, &converted.report);
    let place = Place::new(file.name().into(), None);
    let sourced = |draft: pcf_files::Draft| Sourced { statement: draft.statement, place: place.clone() };
    Ok(converted.drafts.into_iter().map(sourced).collect())
}
