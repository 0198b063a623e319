//! Tables that people fill in, as statements: activities, products, factors, actors, variants,
//! bills of materials and years of sites, told apart by their headers or by the name of their
//! sheet. Columns may stand in any order; a table is taken whole or not at all, and all its
//! problems are reported at once.

mod activity;
mod actor;
mod annual;
mod cells;
pub(super) mod dates;
mod factor;
mod flow;
mod groups;
mod marks;
mod material;
mod names;
pub(super) mod numbers;
mod output;
mod parts;
mod problems;
mod product;
mod table;
mod totals;
mod variants;

use super::catalog::Catalog;
use super::source::{Source, held, open_delimited};
use super::{Draft, ExchangeError, FILE_BYTES_MAX, words};
use pcf_core::codec;
use pcf_core::model::{ActorId, Statement};

pub(super) use activity::COLUMNS as ACTIVITY_COLUMNS;
pub(super) use actor::COLUMNS as ACTOR_COLUMNS;
pub(super) use annual::COLUMNS as ANNUAL_COLUMNS;
pub use dates::DayOrder;
pub(super) use factor::COLUMNS as FACTOR_COLUMNS;
pub use numbers::DecimalMark;
pub(super) use parts::COLUMNS as PART_COLUMNS;
pub(super) use problems::Problems;
pub(super) use product::COLUMNS as PRODUCT_COLUMNS;
pub(super) use totals::WithoutTotals;
pub(super) use variants::COLUMNS as VARIANT_COLUMNS;

/// The columns of one kind of file.
pub(super) struct Columns {
    /// What the rows are, in the plural.
    pub(super) what: &'static str,
    /// Columns that the file must have.
    pub(super) required: &'static [&'static str],
    /// Columns that it may have, in groups: a group may serve several kinds.
    pub(super) optional: &'static [&'static [&'static str]],
    /// Further columns that belong to a family of names.
    pub(super) family: fn(&str) -> bool,
}

impl Columns {
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.required.iter().chain(self.optional.iter().copied().flatten()).copied()
    }

    pub(super) fn knows(&self, name: &str) -> bool {
        self.names().any(|known| known == name) || (self.family)(name)
    }

    fn listed(&self) -> String {
        self.names().collect::<Vec<_>>().join(", ")
    }
}

/// What the rows of a table are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TableKind {
    /// Who may sign what.
    Actors,
    /// Emission factors.
    Factors,
    /// Products with their processes.
    Products,
    /// A family of products with their flows, one product a row.
    Variants,
    /// A bill of materials.
    Parts,
    /// What processes took in and gave out.
    Activities,
    /// Years of sites and product lines.
    Years,
}

impl TableKind {
    /// Every kind, in the order in which statements of one rest on those of others.
    pub const ALL: [Self; 7] = [
        Self::Actors,
        Self::Factors,
        Self::Products,
        Self::Variants,
        Self::Parts,
        Self::Activities,
        Self::Years,
    ];

    pub(super) const fn columns(self) -> &'static Columns {
        match self {
            Self::Actors => &ACTOR_COLUMNS,
            Self::Factors => &FACTOR_COLUMNS,
            Self::Products => &PRODUCT_COLUMNS,
            Self::Variants => &VARIANT_COLUMNS,
            Self::Parts => &PART_COLUMNS,
            Self::Activities => &ACTIVITY_COLUMNS,
            Self::Years => &ANNUAL_COLUMNS,
        }
    }

    /// The sheet of a workbook that holds such rows.
    pub const fn sheet(self) -> &'static str {
        match self {
            Self::Actors => "Actors",
            Self::Factors => "Factors",
            Self::Products => "Products",
            Self::Variants => "Variants",
            Self::Parts => "Bill of materials",
            Self::Activities => "Activities",
            Self::Years => "Years",
        }
    }

    /// The kind that a sheet's name tells, in English or Chinese.
    #[cfg(feature = "xlsx")]
    pub(super) fn of_sheet(name: &str) -> Option<Self> {
        let english = words::sheet(name)?;
        Self::ALL.into_iter().find(|kind| kind.sheet() == english)
    }

    /// The columns that rows of this kind need and a header lacks.
    #[cfg(feature = "xlsx")]
    pub(super) fn missing(self, names: &[String]) -> Vec<&'static str> {
        let columns = self.columns();
        let known = |column: &str| {
            names
                .iter()
                .any(|name| words::column(name, |known| columns.knows(known)).as_deref() == Some(column))
        };
        columns.required.iter().copied().filter(|column| !known(column)).collect()
    }

    /// The kind that misses fewest of its columns and, among equals, knows most of the header; none
    /// that has less than half of its own.
    pub(super) fn of_header(names: &[String]) -> Option<Self> {
        let score = |kind: Self| {
            let columns = kind.columns();
            let known: Vec<String> =
                names.iter().filter_map(|name| words::column(name, |known| columns.knows(known))).collect();
            let missing =
                columns.required.iter().filter(|column| !known.iter().any(|k| k == *column)).count();
            (missing, usize::MAX - known.len())
        };
        let best = Self::ALL.into_iter().min_by_key(|kind| score(*kind))?;
        Some(best).filter(|kind| score(*kind).0 * 2 <= kind.columns().required.len())
    }
}

/// True for a column whose cells are names, numbers of registries or ids.
pub(super) fn is_name(column: &str) -> bool {
    names::known(column).is_some()
}

/// True for a column of any kind of table, in any language.
pub(super) fn is_known(name: &str) -> bool {
    let known = |kind: TableKind| words::column(name, |name| kind.columns().knows(name)).is_some();
    TableKind::ALL.into_iter().any(known)
}

/// How the cells of a file are written, where that is stated.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Written {
    /// The decimal mark of every number.
    pub(super) decimal: Option<DecimalMark>,
    /// The order of days whose year stands last.
    pub(super) dates: Option<DayOrder>,
    /// The last year that a period may begin in.
    pub(super) latest_year: Option<i16>,
}

/// How a table is to be read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading<'a> {
    /// Who says it.
    pub(super) by: &'a ActorId,
    /// How its cells are written.
    pub(super) written: Written,
    /// What parts and materials may be.
    pub(super) catalog: &'a Catalog,
}

/// Reads the statements of a text of separated values: in any encoding that can be told, separated
/// by comma, semicolon or tab.
///
/// # Errors
/// [`ExchangeError::Unreadable`] for a file that is too long, empty or not such text, or whose
/// header is of no kind; [`ExchangeError::Problems`] with all that is wrong in it.
pub fn read_statements(bytes: &[u8], file: &str, by: &ActorId) -> Result<Vec<Draft>, ExchangeError> {
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    if length > FILE_BYTES_MAX {
        return Err(ExchangeError::Unreadable { file: file.into(), sentence: super::file::too_long(length) });
    }
    let source = open_delimited(held(bytes), file, None, &is_known)?;
    let Some(kind) = TableKind::of_header(source.header().0) else {
        return Err(headless(source.as_ref()));
    };
    let reading = Reading { by, written: Written::default(), catalog: &Catalog::default() };
    let mut drafts = Vec::new();
    read(source.as_ref(), kind, &reading, &mut |draft| {
        drafts.push(draft);
        true
    })?;
    Ok(drafts)
}

/// The sentence for a header of no kind.
pub(super) fn headless(source: &dyn Source) -> ExchangeError {
    let sentence = format!(
        "the first line must hold the headers of activities (such as stage, process, flow), products (declared_amount, boundary), factors (gwp_set, scope), actors (keys, types), variants, a bill of materials (part, quantity) or years (subject, value_added); got `{}`",
        source.header().0.join(",").chars().take(120).collect::<String>()
    );
    ExchangeError::Unreadable { file: source.place().into(), sentence }
}

/// Reads a table and hands its statements to `sink` until that says no. Activities come as a
/// stream; where the table has a problem, statements may have been handed over before it is found,
/// and nothing of the table may be taken. What should be known of it comes back.
pub(super) fn read(
    source: &dyn Source,
    kind: TableKind,
    reading: &Reading<'_>,
    sink: &mut dyn FnMut(Draft) -> bool,
) -> Result<Vec<String>, ExchangeError> {
    let mut problems = Problems::new(reading.written);
    problems.marks.doubting(source.doubtful_points());
    let columns = kind.columns();
    if kind == TableKind::Activities {
        groups::read(source, reading, &mut problems, sink)?;
        let ((), notes) = problems.or((), source.place())?;
        return Ok(notes.into_iter().chain(source.left_out()).collect());
    }
    let table = table::read(source, columns, &mut problems)?;
    let by = reading.by;
    // Without its columns every cell would be a problem of its own and hide the one that matters.
    let header_is_right = columns.required.iter().all(|c| table.columns().any(|name| name == *c));
    let drafts = match kind {
        _ if !header_is_right => Vec::new(),
        TableKind::Actors => actor::read(&table, &mut problems),
        TableKind::Products => product::read(&table, by, &mut problems),
        TableKind::Variants => variants::read(&table, by, &mut problems),
        TableKind::Parts => parts::read(&table, reading, &mut problems),
        TableKind::Years => annual::read(&table, by, &mut problems),
        TableKind::Factors | TableKind::Activities => factor::read(&table, by, &mut problems),
    };
    let (drafts, notes) = problems.or(drafts, source.place())?;
    let _ = drafts.into_iter().all(sink);
    Ok(notes.into_iter().chain(source.left_out()).collect())
}

/// Holds a draft, whose flows were checked, to what the ledger would refuse; its first row is where
/// that is said.
fn checked(
    statement: impl Into<Statement>,
    rows: Vec<u64>,
    column: &str,
    problems: &mut Problems,
) -> Option<Draft> {
    let statement = statement.into();
    match codec::check_length(&statement).and_then(|()| Ok(statement.check()?)) {
        Ok(()) => Some(Draft::new(statement, rows)),
        Err(e) => {
            problems.push(rows.first().copied().unwrap_or(0), column, e.to_string());
            None
        }
    }
}
