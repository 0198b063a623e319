//! CSV in, for people: activities, products, factors and years of sites, told apart by their headers. Columns may stand in any order; a file is taken
//! whole or not at all, and all its problems are reported at once.

mod activity;
mod annual;
mod cells;
mod factor;
mod flow;
mod product;
mod table;

use super::file;
use super::{Draft, ExchangeError};
use crate::codec;
use crate::model::{ActorId, Statement};

pub(super) use activity::COLUMNS as ACTIVITY_COLUMNS;
pub(super) use annual::COLUMNS as ANNUAL_COLUMNS;
pub(super) use cells::Problems;
pub(super) use factor::COLUMNS as FACTOR_COLUMNS;
pub(super) use product::COLUMNS as PRODUCT_COLUMNS;

/// The columns of one kind of file.
pub(super) struct Columns {
    /// What the rows are, in the plural.
    pub(super) what: &'static str,
    /// Columns that the file must have.
    pub(super) required: &'static [&'static str],
    /// Columns that it may have.
    pub(super) optional: &'static [&'static str],
    /// Further columns that belong to a family of names.
    pub(super) family: fn(&str) -> bool,
}

impl Columns {
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.required.iter().chain(self.optional).copied()
    }

    fn knows(&self, name: &str) -> bool {
        self.names().any(|known| known == name) || (self.family)(name)
    }

    fn listed(&self) -> String {
        self.names().collect::<Vec<_>>().join(", ")
    }
}

/// Reads the statements of a CSV file: UTF-8 with or without a byte-order mark, separated by comma, semicolon or tab.
///
/// # Errors
/// [`ExchangeError::Unreadable`] for a file that is too long, empty or not such text, or whose header is of no kind;
/// [`ExchangeError::Problems`] with all that is wrong in it.
pub fn read_statements(bytes: &[u8], file: &str, by: &ActorId) -> Result<Vec<Draft>, ExchangeError> {
    let kinds = [ACTIVITY_COLUMNS, PRODUCT_COLUMNS, FACTOR_COLUMNS, ANNUAL_COLUMNS];
    let text = file::text(bytes, file)?;
    let (separator, names) = table::header(text, |n| kinds.iter().any(|kind| kind.knows(n)), file)?;
    // The kind whose own columns the header has most of; a column that two kinds share decides nothing.
    let own = |kind: &Columns| {
        let others =
            |name: &str| kinds.iter().filter(|other| other.what != kind.what).any(|other| other.knows(name));
        names.iter().filter(|name| kind.knows(name) && !others(name)).count()
    };
    let best = kinds.iter().max_by_key(|kind| own(kind)).filter(|kind| own(kind) > 0);
    let Some(columns) = best else {
        let sentence = format!(
            "the first line must hold the headers of activities (such as stage, process, flow), products (declared_amount, boundary), factors (gwp_set, scope) or years (subject, value_added); got `{}`",
            names.join(",").chars().take(120).collect::<String>()
        );
        return Err(ExchangeError::Unreadable { file: file.into(), sentence });
    };
    let mut problems = Problems::default();
    let table = table::read(text, separator, &names, columns, &mut problems);
    if !problems.is_empty() && table.rows().next().is_none() {
        return problems.or(Vec::new(), file);
    }
    let header_is_right =
        problems.is_empty() || columns.required.iter().all(|c| table.columns().any(|name| name == *c));
    let drafts = match columns.what {
        // Without its columns every cell would be a problem of its own and hide the one that matters.
        _ if !header_is_right => Vec::new(),
        what if what == ACTIVITY_COLUMNS.what => activity::read(&table, by, &mut problems),
        what if what == ANNUAL_COLUMNS.what => annual::read(&table, by, &mut problems),
        what if what == PRODUCT_COLUMNS.what => product::read(&table, by, &mut problems),
        _ => factor::read(&table, by, &mut problems),
    };
    problems.or(drafts, file)
}

/// Holds a draft to what the ledger would refuse; its first row is where that is said.
fn checked(
    statement: impl Into<Statement>,
    rows: Vec<u64>,
    column: &str,
    problems: &mut Problems,
) -> Option<Draft> {
    let statement = statement.into();
    match codec::encode_statement(&statement) {
        Ok(_) => Some(Draft { statement, rows }),
        Err(e) => {
            problems.push(rows.first().copied().unwrap_or(0), column, e.to_string());
            None
        }
    }
}
