//! A CSV text as a checked header and rows that know their line.

use std::collections::BTreeMap;

use super::{Columns, Problems};
use crate::exchange::ExchangeError;

/// The separators that are told apart by the header line.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// A table whose header is right.
pub(super) struct Table {
    index: BTreeMap<String, usize>,
    records: Vec<(u64, csv::StringRecord)>,
}

/// One row of a table.
#[derive(Clone, Copy)]
pub(super) struct Row<'t> {
    table: &'t Table,
    record: &'t csv::StringRecord,
    /// The line of the file it begins in, from 1.
    pub(super) line: u64,
}

impl<'t> Row<'t> {
    /// The cell of a column without white space around it; empty where the file has no such column.
    pub(super) fn cell(&self, column: &str) -> &'t str {
        let index = self.table.index.get(column);
        index.and_then(|i| self.record.get(*i)).map_or("", str::trim)
    }
}

impl Table {
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.records.iter().map(|(line, record)| Row { table: self, record, line: *line })
    }

    /// The headers, sorted.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.index.keys().map(String::as_str)
    }
}

/// The header line of a text and its separator: the one that yields the most names that some kind of file has.
pub(super) fn header(
    text: &str,
    known: impl Fn(&str) -> bool,
    file: &str,
) -> Result<(u8, Vec<String>), ExchangeError> {
    let mut best: Option<(usize, u8, Vec<String>)> = None;
    for separator in SEPARATORS {
        let mut reader = reader(text, separator);
        let mut record = csv::StringRecord::new();
        let read = reader.read_record(&mut record);
        let sentence = |e: csv::Error| format!("the first line is not CSV: {e}");
        read.map_err(|e| ExchangeError::Unreadable { file: file.into(), sentence: sentence(e) })?;
        let names: Vec<String> = record.iter().map(|name| name.trim().to_owned()).collect();
        let hits = names.iter().filter(|name| known(name)).count();
        if best.as_ref().is_none_or(|(most, ..)| hits > *most) {
            best = Some((hits, separator, names));
        }
    }
    let (_, separator, names) = best.unwrap_or((0, b',', Vec::new()));
    Ok((separator, names))
}

fn reader(text: &str, separator: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
}

/// Reads the rows behind a header that is checked against the columns of its kind.
pub(super) fn read(
    text: &str,
    separator: u8,
    names: &[String],
    columns: &Columns,
    problems: &mut Problems,
) -> Table {
    let index = check_header(names, columns, problems);
    let mut table = Table { index, records: Vec::new() };
    if text.bytes().filter(|b| *b == b'"').count() % 2 == 1 {
        let sentence = "the quotation marks do not pair up; a cell that holds one stands in quotation marks, and each one inside it is doubled";
        problems.push(1, "", sentence);
        return table;
    }
    let mut whole = true;
    for (i, record) in reader(text, separator).into_records().enumerate() {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                problems.push(0, "", format!("this is not CSV: {e}"));
                return table;
            }
        };
        if i == 0 || record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let line = record.position().map_or(0, csv::Position::line);
        if check_width(&record, names, line, problems) {
            table.records.push((line, record));
        } else {
            whole = false;
        }
    }
    if !whole {
        // Rows that belong to a shifted one would lack what it says, and each such sentence would lead astray.
        table.records.clear();
    }
    if table.records.is_empty() && problems.is_empty() {
        problems.push(1, "", "the file has a header and no rows");
    }
    table
}

fn check_width(record: &csv::StringRecord, names: &[String], line: u64, problems: &mut Problems) -> bool {
    let surplus = record.iter().skip(names.len()).any(|cell| !cell.trim().is_empty());
    if surplus || record.len() < names.len() {
        let sentence = format!(
            "expected {} cells as in the header, got {}; a cell that holds the separator stands in quotation marks",
            names.len(),
            record.len()
        );
        problems.push(line, "", sentence);
        return false;
    }
    let nameless = record.iter().zip(names).find(|(cell, name)| name.is_empty() && !cell.trim().is_empty());
    if let Some((cell, _)) = nameless {
        problems.push(line, "", format!("the cell `{}` stands in a column without a header", cell.trim()));
        return false;
    }
    true
}

fn check_header(names: &[String], columns: &Columns, problems: &mut Problems) -> BTreeMap<String, usize> {
    let mut index = BTreeMap::new();
    for (i, name) in names.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if !columns.knows(name) {
            let hint = match nearest(name, columns) {
                Some(near) => format!("; did you mean `{near}`?"),
                None => format!("; the columns are {}", columns.listed()),
            };
            problems.push(1, name, format!("no column of {} has this name{hint}", columns.what));
        } else if index.insert(name.clone(), i).is_some() {
            problems.push(1, name, "this column stands twice");
        }
    }
    for required in columns.required.iter().filter(|name| !index.contains_key(**name)) {
        problems.push(1, required, format!("this column is missing; {} need it", columns.what));
    }
    index
}

/// The known name that differs least, if it differs little.
fn nearest<'c>(name: &str, columns: &'c Columns) -> Option<&'c str> {
    let lower = name.to_lowercase();
    let apart = columns.names().map(|known| (edits(&lower, &known.to_lowercase()), known));
    let (distance, known) = apart.min_by_key(|(distance, _)| *distance)?;
    (distance <= known.len().div_ceil(3)).then_some(known)
}

/// Levenshtein's distance, on texts cut at 64 characters.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().take(64).collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(64).enumerate() {
        let mut next = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let at = |cells: &[usize], k: usize| cells.get(k).copied().unwrap_or(usize::MAX / 2);
            let changed = at(&row, j) + usize::from(x != *y);
            next.push(changed.min(at(&row, j + 1) + 1).min(at(&next, j) + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
