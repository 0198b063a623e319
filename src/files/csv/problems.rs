//! What is wrong in a file, collected and never thrown, so that a file shows all its problems at
//! once; and what is no fault and should be known.

use std::collections::{BTreeMap, BTreeSet};

use super::dates::Days;
use super::marks::Marks;
use super::{DayOrder, Written};
use crate::{ExchangeError, FileProblems, PROBLEMS_MAX, Problem};

/// The most notes of one table that are given; further ones are counted.
const NOTES_MAX: usize = 20;

/// The problems found so far.
#[derive(Default)]
pub(crate) struct Problems {
    list: Vec<Problem>,
    more: usize,
    /// Cells that could not even be read; what else is wrong with them is not said.
    faults: BTreeSet<(u64, String)>,
    /// What the file calls its columns, where it is not the English name.
    called: BTreeMap<String, String>,
    /// How the file writes its numbers, as far as is known.
    pub(super) marks: Marks,
    /// The order of its days whose year stands last, where it is stated.
    pub(super) dates: Option<DayOrder>,
    /// The last year that a period may begin in.
    pub(super) latest_year: Option<i16>,
    /// The order of days that each column tells by itself.
    pub(super) days: Days,
    /// For each column, the first day whose order has two readings, and how many such days it
    /// holds.
    pub(super) unordered: BTreeMap<String, (u64, String, usize)>,
    /// For each column of names, the first that a spreadsheet changed or that holds what nobody
    /// sees, and how many there are.
    changed: BTreeMap<String, (u64, String, usize)>,
    /// What is no fault and should be known.
    notes: Vec<String>,
    /// How many more notes there are.
    more_notes: usize,
}

impl Problems {
    pub(crate) fn new(written: Written) -> Self {
        let marks = Marks::new(written.decimal);
        Self { marks, dates: written.dates, latest_year: written.latest_year, ..Self::default() }
    }

    /// Something that stops nothing and should be known.
    pub(super) fn note(&mut self, row: u64, column: &str, sentence: &str) {
        if self.notes.len() < NOTES_MAX {
            let column = self.called.get(column).map_or(column, String::as_str);
            self.notes.push(format!("{row}:{column}: {sentence}"));
        } else {
            self.more_notes += 1;
        }
    }

    pub(crate) fn push(&mut self, row: u64, column: &str, sentence: impl Into<String>) {
        if !self.faults.is_empty() && self.faults.contains(&(row, column.to_owned())) {
            return;
        }
        if self.list.len() < PROBLEMS_MAX {
            let column = self.called.get(column).map_or(column, String::as_str).into();
            self.list.push(Problem { row, column, sentence: sentence.into() });
        } else {
            self.more += 1;
        }
    }

    /// A cell that cannot be read; said once, however often the table is read.
    pub(super) fn fault(&mut self, row: u64, column: &str, sentence: String) {
        if self.faults.len() < PROBLEMS_MAX && !self.faults.contains(&(row, column.to_owned())) {
            self.push(row, column, sentence);
            self.faults.insert((row, column.to_owned()));
        }
    }

    /// A name that is not the one that was meant; said once for its column.
    pub(super) fn changed(&mut self, row: u64, column: &str, sentence: String) {
        self.changed.entry(column.to_owned()).or_insert((row, sentence, 0)).2 += 1;
        if self.faults.len() < PROBLEMS_MAX {
            self.faults.insert((row, column.to_owned()));
        }
    }

    /// What the file calls a column.
    pub(super) fn call(&mut self, column: &str, own: &str) {
        if column != own {
            self.called.insert(column.to_owned(), own.to_owned());
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty() && self.changed.is_empty() && self.unordered.is_empty()
    }

    /// `value` and the notes, where nothing was wrong.
    pub(crate) fn or<T>(mut self, value: T, file: &str) -> Result<(T, Vec<String>), ExchangeError> {
        for (row, column, sentence) in self.marks.doubts() {
            self.push(row, &column, sentence);
        }
        for (column, (row, sentence, count)) in std::mem::take(&mut self.changed) {
            self.faults.remove(&(row, column.clone()));
            let others = match count {
                1 => String::new(),
                2 => "; so does 1 more cell of this column".to_owned(),
                count => format!("; so do {} more cells of this column", count - 1),
            };
            self.push(row, &column, format!("{sentence}{others}"));
        }
        for (column, (row, text, count)) in std::mem::take(&mut self.unordered) {
            let others = match count {
                1 => String::new(),
                count => format!("; {} more of this column are written so", count - 1),
            };
            let remedy = "say which with --dates day-first or --dates month-first";
            self.push(row, &column, format!("in `{text}` day and month may be swapped: {remedy}{others}"));
        }
        for (row, column, sentence) in self.days.notes() {
            self.note(row, &column, &sentence);
        }
        if self.list.is_empty() {
            let mut notes: Vec<String> = self.notes.iter().map(|note| format!("{file}:{note}")).collect();
            notes.extend((self.more_notes > 0).then(|| format!("{file}: and {} more", self.more_notes)));
            return Ok((value, notes));
        }
        self.list.sort();
        self.list.dedup();
        Err(ExchangeError::Problems(FileProblems { file: file.into(), problems: self.list, more: self.more }))
    }
}
