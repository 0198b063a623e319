//! What holds, as the workbook that it could have come from. Before it is written the workbook is
//! read again: what it does not say in the same words is named and left to its own file.

mod activities;
mod cells;
mod stated;

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use pcf_files::ExchangeError;
use pcf_files::catalog::Catalog;
use pcf_files::csv::TableKind;
use pcf_files::tables::{self, File};
use pcf_files::template::{TableRows, workbook_of};
use pcf_ledger::admission::Said;
use pcf_ledger::codec::draft_subject_digest;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{ActorId, Statement, StatementKind};
use pcf_ledger::store::Reader;
use serde::Serialize;

use crate::import::{Coming, bare, says_again};
use crate::{DeskError, write};

/// The types that a workbook has a sheet for; actors are the operator's.
const KINDS: [StatementKind; 4] =
    [StatementKind::Factor, StatementKind::Product, StatementKind::Activity, StatementKind::Annual];

/// A workbook that was written.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Exported {
    /// The file.
    pub file: PathBuf,
    /// Whose statements it holds.
    pub by: String,
    /// How many statements of each type it holds.
    pub statements: Vec<(&'static str, usize)>,
    /// Statements that no table says in the same words, in short.
    pub left_out: Vec<String>,
}

/// Writes what an actor says and what holds of it as a workbook; a file that is there is not
/// overwritten.
///
/// # Errors
/// [`DeskError::Ledger`]; [`DeskError::Exchange`] for a workbook that cannot be made; [`DeskError::File`].
pub fn export<S: Reader>(
    ledger: &Ledger<S>,
    by: &ActorId,
    file: &Path,
    chinese: bool,
) -> Result<Exported, DeskError> {
    let mut held = held(ledger, by)?;
    let (mut left_out, mut bytes) = (Vec::new(), Vec::new());
    // What cannot be said in tables is taken out until the rest comes back as it went.
    for _ in 0..=held.len() {
        bytes = workbook(&held, chinese, file)?;
        let differs = differs(&held, &bytes, file, by)?;
        if differs.is_empty() {
            break;
        }
        left_out.extend(differs.iter().filter_map(|at| held.get(*at)).map(Coming::of));
        let mut at = 0..;
        held.retain(|_| at.next().is_none_or(|at| !differs.contains(&at)));
    }
    let count = |kind: StatementKind| held.iter().filter(|statement| statement.kind() == kind).count();
    let statements = KINDS.map(|kind| (kind.as_str(), count(kind)));
    write::new(file, &bytes)?;
    Ok(Exported { file: file.to_path_buf(), by: by.to_string(), statements: statements.into(), left_out })
}

/// What the actor says that holds, in its bare form.
fn held<S: Reader>(ledger: &Ledger<S>, by: &ActorId) -> Result<Vec<Statement>, DeskError> {
    let mut held = Vec::new();
    for entry in ledger.book().all_entries() {
        let entry = entry?;
        if entry.by == *by
            && KINDS.contains(&entry.kind)
            && ledger.book().holds(&entry.id)?
            && let Said::Whole(statement) = ledger.said(&entry.id)?
        {
            held.push(bare(statement));
        }
    }
    Ok(held)
}

fn workbook(held: &[Statement], chinese: bool, file: &Path) -> Result<Vec<u8>, DeskError> {
    let (mut factors, mut products, mut made, mut years) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for statement in held {
        match statement {
            Statement::Factor(factor) => factors.push(stated::factor(factor)),
            Statement::Product(product) => products.extend(stated::product(product)),
            Statement::Activity(activity) => made.extend(activities::rows(activity)),
            Statement::Annual(annual) => years.push(stated::annual(annual)),
            _ => {}
        }
    }
    let tables: [TableRows; 4] = [
        (TableKind::Factors, factors),
        (TableKind::Products, products),
        (TableKind::Activities, made),
        (TableKind::Years, years),
    ];
    let unwritten = |sentence| ExchangeError::Unreadable { file: file.display().to_string(), sentence };
    Ok(workbook_of(chinese, &tables).map_err(unwritten)?)
}

/// The statements that the workbook does not give back as they are. Where a table cannot be read at
/// all, those of its kind that no other tells apart are among them.
fn differs(held: &[Statement], bytes: &[u8], file: &Path, by: &ActorId) -> Result<Vec<usize>, DeskError> {
    let mut read: HashMap<(StatementKind, [u8; 32]), Statement> = HashMap::new();
    let opened = tables::open_bytes(bytes.to_vec(), &file.display().to_string(), &tables::Options::default());
    if let File::Tables(tables) = opened? {
        for table in tables {
            if table.is_empty()? {
                continue;
            }
            table.read(by, &Catalog::default(), &mut |draft| {
                read.insert((draft.statement.kind(), draft.subject), draft.statement);
                true
            })?;
        }
    }
    let mut differs = Vec::new();
    for (at, statement) in held.iter().enumerate() {
        let again = read.get(&(statement.kind(), draft_subject_digest(statement)));
        if !again.is_some_and(|again| says_again(statement, again)) {
            differs.push(at);
        }
    }
    Ok(differs)
}
