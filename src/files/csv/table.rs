//! A table as a checked header and rows that know their line. Rows come out of a [`Source`] as a
//! stream; kinds of files that look at all their rows at once hold them in a [`Table`].

use std::collections::BTreeMap;

use super::names;
use super::totals::Totals;
use super::{Columns, Problems};
use crate::source::{Record, Source, Stored};
use crate::{ExchangeError, likeness, words};
use pcf_core::model::Decimal;

/// The most bytes of cells that a [`Table`] holds in memory. Activities are not held.
const HELD_BYTES_MAX: usize = 128 << 20;

/// Columns that hold days.
const DAYS: [&str; 6] =
    ["start", "end", "applies_to_start", "applies_to_end", "instrument_start", "instrument_end"];

/// The names of a table's columns and where they stand.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// Sorted by name.
    index: Vec<(String, usize)>,
    /// The same by the length of the name, which alone tells most of them apart.
    by_length: Vec<Vec<(String, usize)>>,
    /// How many cells a row has.
    width: usize,
    /// Columns without a name.
    nameless: Vec<usize>,
    /// Columns of remarks, which are not read.
    notes: Vec<usize>,
    /// Columns of days, by their place and our name.
    days: Vec<(usize, &'static str)>,
    /// Columns of names, by their place and our name.
    names: Vec<(usize, &'static str)>,
    totals: Totals,
    /// The header as it stands.
    own: Vec<String>,
    /// The line the header stands in.
    line: u64,
}

/// A table whose rows are in memory.
pub(super) struct Table {
    pub(super) header: Header,
    records: Vec<Record>,
}

/// One row of a table.
#[derive(Clone, Copy)]
pub(super) struct Row<'t> {
    header: &'t Header,
    record: &'t Record,
    /// The line of the file it begins in, from 1.
    pub(super) line: u64,
}

impl<'t> Row<'t> {
    pub(super) fn new(header: &'t Header, record: &'t Record) -> Self {
        Self { header, record, line: record.line }
    }

    /// The cell of a column without white space around it; empty where the file has no such column.
    pub(super) fn cell(&self, column: &str) -> &'t str {
        self.at(self.header.position(column))
    }

    /// What the file stores the cell of a column as; none for text.
    pub(super) fn stored(&self, column: &str) -> Option<Stored> {
        if self.record.stored.is_empty() {
            return None;
        }
        self.header.position(column).and_then(|at| self.record.stored(at))
    }

    /// The text that the file shows beside the number of a column, such as a unit.
    pub(super) fn shown_beside(&self, column: &str) -> Option<&'t str> {
        if self.record.beside.is_empty() {
            return None;
        }
        let at = self.header.position(column)?;
        self.record.beside.iter().find(|(column, _)| *column == at).map(|(_, text)| text.as_str())
    }

    /// How many times the number of a column counts, where a mapping says so.
    pub(super) fn times(&self, column: &str) -> Option<Decimal> {
        if self.record.times.is_empty() {
            return None;
        }
        let at = self.header.position(column)?;
        self.record.times.iter().find(|(column, _)| *column == at).map(|(_, times)| *times)
    }

    /// The cell at a position that [`Header::position`] gave.
    pub(super) fn at(&self, position: Option<usize>) -> &'t str {
        position.and_then(|i| self.record.cells.get(i)).map_or("", trimmed)
    }
}

/// The cell without white space around it. Most have none, which their first and last byte tell.
fn trimmed(cell: &str) -> &str {
    match cell.as_bytes() {
        [] => cell,
        [b'!'..=b'~'] | [b'!'..=b'~', .., b'!'..=b'~'] => cell,
        _ => cell.trim(),
    }
}

impl Table {
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|record| Row::new(&self.header, record))
    }

    /// The headers, sorted.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.header.columns()
    }
}

impl Header {
    /// Holds a header to the columns of its kind; the names the file uses go to `problems`, which
    /// speaks to people.
    pub(super) fn new(source: &dyn Source, columns: &Columns, problems: &mut Problems) -> Self {
        let (names, line) = source.header();
        let totals = Totals::of(names, columns);
        let mut header = Self { width: names.len(), line, totals, own: names.to_vec(), ..Self::default() };
        for (i, name) in names.iter().enumerate() {
            if name.is_empty() {
                header.nameless.push(i);
                continue;
            }
            let Some(known) = words::column(name, |name| columns.knows(name)) else {
                if words::is_notes(name) {
                    header.notes.push(i);
                    let sentence = "the column of remarks is not read";
                    problems.note(line, name, sentence);
                    continue;
                }
                let hint = match likeness::nearest(name, columns.names()) {
                    Some(near) => format!("; did you mean `{near}`?"),
                    None => format!("; the columns are {}", columns.listed()),
                };
                problems.push(line, name, format!("no column of {} has this name{hint}", columns.what));
                continue;
            };
            problems.call(&known, name);
            match header.index.iter().any(|(other, _)| *other == known) {
                true => problems.push(line, &known, "this column stands twice"),
                false => header.index.push((known, i)),
            }
        }
        header.index.sort();
        let of_names = header.index.iter().filter_map(|(name, at)| Some((*at, names::known(name)?)));
        header.names = of_names.collect();
        header.days = DAYS
            .iter()
            .filter_map(|day| {
                Some((*header.index.iter().find(|(name, _)| name == day).map(|(_, at)| at)?, *day))
            })
            .collect();
        for (name, at) in &header.index {
            if header.by_length.len() <= name.len() {
                header.by_length.resize(name.len() + 1, Vec::new());
            }
            if let Some(alike) = header.by_length.get_mut(name.len()) {
                alike.push((name.clone(), *at));
            }
        }
        for required in columns.required.iter().filter(|name| header.position(name).is_none()) {
            problems.push(line, required, format!("this column is missing; {} need it", columns.what));
        }
        header
    }

    /// Where a column stands.
    pub(super) fn position(&self, column: &str) -> Option<usize> {
        let alike = self.by_length.get(column.len())?;
        let last = column.as_bytes().last();
        let is = |name: &str| name.as_bytes().last() == last && name == column;
        alike.iter().find(|(name, _)| is(name)).map(|(_, i)| *i)
    }

    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.index.iter().map(|(name, _)| name.as_str())
    }

    /// Reports cells that cannot be read and rows that do not fit the header; false for a row that
    /// does not.
    pub(super) fn fits(&self, record: &Record, problems: &mut Problems) -> bool {
        // Of a name that a spreadsheet changed it is said what it was made into.
        let is_changed = |at: usize| {
            let cell = record.cells.get(at).map_or("", trimmed);
            record.stored(at).is_some()
                && self.names.iter().any(|(name, _)| *name == at)
                && names::altered(cell, record.stored(at)).is_some()
        };
        let is_read = |column: &&(usize, String)| !self.notes.contains(&column.0) && !is_changed(column.0);
        for (column, sentence) in record.faults.iter().filter(is_read) {
            let name = self.index.iter().find(|(_, i)| i == column).map_or("", |(name, _)| name);
            problems.fault(record.line, name, sentence.clone());
        }
        let (cells, line) = (&record.cells, record.line);
        if let Some(only) = self.only_cell(record) {
            let shown: String = only.chars().take(80).collect();
            let sentence =
                format!("this row holds nothing but `{shown}`: delete it, or fill in its other cells");
            problems.push(line, "", sentence);
            return false;
        }
        let surplus = cells.len() > self.width && cells.iter().skip(self.width).any(|c| !c.trim().is_empty());
        if surplus || cells.len() < self.width {
            let sentence = format!(
                "expected {} cells as in the header, got {}; a cell that holds the separator stands in quotation marks",
                self.width,
                cells.len()
            );
            problems.push(line, "", sentence);
            return false;
        }
        let nameless = self.nameless.iter().filter_map(|i| cells.get(*i)).find(|c| !c.trim().is_empty());
        if let Some(cell) = nameless {
            problems.push(
                line,
                "",
                format!("the cell `{}` stands in a column without a header", cell.trim()),
            );
            return false;
        }
        if self.is_header(record) {
            let sentence = "this row is the header again, as where files were put together: delete it";
            problems.push(line, "", sentence);
            return false;
        }
        if let Some(word) = self.totals.word(record) {
            let sentence = format!(
                "this row adds others up (`{word}`) and would count them twice: delete it, or leave out such rows with --skip-totals"
            );
            problems.push(line, "", sentence);
            return false;
        }
        self.refuse_altered(record, problems);
        for (at, column) in &self.days {
            let cell = record.cells.get(*at).map_or("", trimmed);
            problems.days.look(line, column, cell);
        }
        true
    }

    /// The one cell of a row that has no other, which is a remark below a table and no row of it.
    fn only_cell<'r>(&self, record: &'r Record) -> Option<&'r str> {
        let mut filled = record.cells.iter().map(str::trim).filter(|cell| !cell.is_empty());
        let only = filled.next()?;
        let alone = filled.next().is_none() && record.faults.is_empty() && self.index.len() > 2;
        Some(only).filter(|only| alone && !words::is_total(only))
    }

    /// True for a row that says what the header says.
    fn is_header(&self, record: &Record) -> bool {
        let Some(first) = self.own.first() else { return false };
        let said = |cell: Option<&str>, own: &str| {
            cell.is_some_and(|cell| cell.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}') == own)
        };
        said(record.cells.get(0), first)
            && self.own.iter().enumerate().all(|(at, own)| said(record.cells.get(at), own))
    }

    /// Reports names that a spreadsheet changed and characters that nobody sees. The row stays:
    /// nothing of its table is taken.
    fn refuse_altered(&self, record: &Record, problems: &mut Problems) {
        for (at, name) in &self.names {
            let cell = record.cells.get(*at).map_or("", trimmed);
            if let Some(sentence) = names::altered(cell, record.stored(*at)) {
                problems.changed(record.line, name, sentence);
            }
        }
        if record.cells.as_slice().is_ascii() {
            return;
        }
        for (at, cell) in record.cells.iter().enumerate().filter(|(at, _)| !self.notes.contains(at)) {
            if let Some(sentence) = names::unseen(cell) {
                let name = self.index.iter().find(|(_, i)| *i == at).map_or("", |(name, _)| name);
                problems.changed(record.line, name, sentence);
            }
        }
    }

    pub(super) fn refuse_no_rows(&self, source: &dyn Source, problems: &mut Problems) {
        let sentence = match source.left_out() {
            Some(left_out) => format!("no row is left to read; {left_out}"),
            None => "the file has a header and no rows".to_owned(),
        };
        problems.push(self.line, "", sentence);
    }
}

/// Reads all rows behind a header that is checked against the columns of its kind.
pub(super) fn read(
    source: &dyn Source,
    columns: &Columns,
    problems: &mut Problems,
) -> Result<Table, ExchangeError> {
    let mut table = Table { header: Header::new(source, columns, problems), records: Vec::new() };
    let (mut whole, mut held) = (true, 0);
    source.each(&mut |record| {
        if table.header.fits(record, problems) {
            held += record.cells.as_slice().len() + 64 * record.cells.len();
            table.records.push(record.clone());
        } else {
            whole = false;
        }
        held <= HELD_BYTES_MAX
    })?;
    if held > HELD_BYTES_MAX {
        let sentence = format!("more than {} MiB of {}: split the file", HELD_BYTES_MAX >> 20, columns.what);
        return Err(ExchangeError::Unreadable { file: source.place().into(), sentence });
    }
    if !whole {
        // Rows that belong to a shifted one would lack what it says, and each such sentence would
        // lead astray.
        table.records.clear();
    }
    if table.records.is_empty() && problems.is_empty() {
        table.header.refuse_no_rows(source, problems);
    }
    Ok(table)
}

/// The rows of some lines, for a sentence that names their cells.
pub(super) fn fetch(source: &dyn Source, lines: &[u64]) -> Result<BTreeMap<u64, Record>, ExchangeError> {
    let mut found = BTreeMap::new();
    source.each(&mut |record| {
        if lines.contains(&record.line) {
            found.insert(record.line, record.clone());
        }
        found.len() < lines.len()
    })?;
    Ok(found)
}
