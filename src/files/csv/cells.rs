//! The cells of one row as values; what is wrong is collected, never thrown, so that a file shows all its problems at once.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use super::numbers::{DecimalMark, Marks};
use super::table::Row;
use super::{DayOrder, Written, dates};
use crate::{ExchangeError, FileProblems, PROBLEMS_MAX, Problem, words};
use pcf_core::model::{Co2e, Date, Decimal, Period, Quality, Uncertainty, ValueError};

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
    dates: Option<DayOrder>,
}

impl Problems {
    pub(crate) fn new(written: Written) -> Self {
        Self { marks: Marks::new(written.decimal), dates: written.dates, ..Self::default() }
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

    /// What the file calls a column.
    pub(super) fn call(&mut self, column: &str, own: &str) {
        if column != own {
            self.called.insert(column.to_owned(), own.to_owned());
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// `value` where nothing was wrong.
    pub(crate) fn or<T>(mut self, value: T, file: &str) -> Result<T, ExchangeError> {
        for (row, column, sentence) in self.marks.doubts() {
            self.push(row, &column, sentence);
        }
        if self.list.is_empty() {
            return Ok(value);
        }
        self.list.sort();
        self.list.dedup();
        Err(ExchangeError::Problems(FileProblems { file: file.into(), problems: self.list, more: self.more }))
    }
}

/// One row with the place its problems go to.
pub(super) struct Cells<'t, 'p> {
    pub(super) row: Row<'t>,
    pub(super) problems: &'p mut Problems,
}

impl<'t> Cells<'t, '_> {
    pub(super) fn refuse(&mut self, column: &str, sentence: impl Into<String>) {
        self.problems.push(self.row.line, column, sentence);
    }

    /// The text of a cell, if there is any.
    pub(super) fn text(&self, column: &str) -> Option<&'t str> {
        Some(self.row.cell(column)).filter(|cell| !cell.is_empty())
    }

    fn kept<T>(&mut self, column: &str, parsed: Result<T, String>) -> Option<T> {
        parsed.map_err(|sentence| self.refuse(column, sentence)).ok()
    }

    /// The value of a cell that may be empty.
    pub(super) fn optional<T: FromStr<Err = ValueError>>(&mut self, column: &str) -> Option<T> {
        let text = self.text(column)?;
        let text = words::value(column, text).unwrap_or(text);
        self.kept(column, text.parse::<T>().map_err(|e| e.to_string()))
    }

    /// The value of a cell that must not be empty.
    pub(super) fn required<T: FromStr<Err = ValueError>>(&mut self, column: &str) -> Option<T> {
        self.stated(column)?;
        self.optional(column)
    }

    fn stated(&mut self, column: &str) -> Option<&'t str> {
        let text = self.text(column);
        if text.is_none() {
            self.refuse(column, "a value is missing");
        }
        text
    }

    /// An exact decimal that may be missing.
    pub(super) fn number(&mut self, column: &str) -> Option<Decimal> {
        let text = self.text(column)?;
        let number = self.marked(column, text);
        self.kept(column, number)
    }

    /// A number as the file writes its numbers; what it stores as one is no text and has a point.
    fn marked<T: FromStr<Err = ValueError>>(&mut self, column: &str, text: &str) -> Result<T, String> {
        if self.row.is_stored_number(column) {
            return Marks::new(Some(DecimalMark::Point)).number(self.row.line, column, text);
        }
        self.problems.marks.number(self.row.line, column, text)
    }

    /// An exact decimal that must be there.
    pub(super) fn required_number(&mut self, column: &str) -> Option<Decimal> {
        self.stated(column)?;
        self.number(column)
    }

    /// A mass of CO2e in kg that must be there.
    pub(super) fn required_mass(&mut self, column: &str) -> Option<Co2e> {
        let text = self.stated(column)?;
        let number = self.marked(column, text);
        self.kept(column, number)
    }

    /// `yes` or `no`.
    pub(super) fn yes_no(&mut self, column: &str) -> Option<bool> {
        let text = self.text(column)?;
        match words::value(column, text).unwrap_or(text) {
            "yes" | "Yes" | "YES" | "true" | "TRUE" => Some(true),
            "no" | "No" | "NO" | "false" | "FALSE" => Some(false),
            other => {
                self.refuse(column, format!("expected yes or no, got `{other}`"));
                None
            }
        }
    }

    /// Several values separated by white space.
    pub(super) fn list<T: FromStr<Err = ValueError>>(&mut self, column: &str) -> Vec<T> {
        let parts = self.text(column).unwrap_or_default().split_whitespace();
        let parts = parts.map(|part| words::value(column, part).unwrap_or(part));
        let parsed: Vec<_> = parts.map(|part| part.parse::<T>().map_err(|e| e.to_string())).collect();
        parsed.into_iter().filter_map(|result| self.kept(column, result)).collect()
    }

    /// A half-open period of two columns; `None` where both are empty.
    pub(super) fn period(&mut self, start: &str, end: &str) -> Option<Period> {
        if self.text(start).is_none() && self.text(end).is_none() {
            return None;
        }
        let (first, after) = (self.date(start), self.date(end));
        let period = Period::new(first?, after?);
        self.kept(end, period.map_err(|e| e.to_string()))
    }

    fn date(&mut self, column: &str) -> Option<Date> {
        let text = self.stated(column)?;
        let hint = if column.ends_with("end") { "; it is the first day after the period" } else { "" };
        self.kept(column, dates::date(text, self.problems.dates).map_err(|e| format!("{e}{hint}")))
    }

    /// Three ratings, all or none.
    pub(super) fn quality(&mut self) -> Option<Quality> {
        let columns = ["quality_technology", "quality_geography", "quality_time"];
        if columns.iter().all(|column| self.text(column).is_none()) {
            return None;
        }
        let [technology, geography, time] = columns.map(|column| self.required_number(column));
        let quality = Quality::new(geography?, technology?, time?);
        self.kept("quality_technology", quality.map_err(|e| e.to_string()))
    }

    /// A squared geometric standard deviation, or five or six pedigree scores separated by white space.
    pub(super) fn uncertainty(&mut self) -> Option<Uncertainty> {
        let text = self.text("uncertainty")?;
        let stated = if text.contains(char::is_whitespace) {
            text.parse::<Uncertainty>().map_err(|e| e.to_string())
        } else {
            self.marked("uncertainty", text)
                .and_then(|gsd2| Uncertainty::gsd2(gsd2).map_err(|e| e.to_string()))
        };
        self.kept("uncertainty", stated)
    }
}
