//! The cells of one row as values; what is wrong with one goes to the problems of its file.

use std::str::FromStr;

use super::dates;
use super::marks::Marks;
use super::numbers::DecimalMark;
use super::problems::Problems;
use super::table::Row;
use crate::source::Stored;
use crate::{places, units, words};
use pcf_core::model::{Co2e, Date, Decimal, Period, Quality, Uncertainty, Unit, ValueError};

/// Columns that hold the id of a factor.
const FACTORS: [&str; 9] = ["ev", "erec", "ereceol", "evstar", "ed", "eer", "eheat", "eelec", "upstream"];

/// One row with the place its problems go to.
pub(super) struct Cells<'t, 'p> {
    pub(super) row: Row<'t>,
    pub(super) problems: &'p mut Problems,
}

impl<'t> Cells<'t, '_> {
    pub(super) fn refuse(&mut self, column: &str, sentence: impl Into<String>) {
        self.problems.push(self.row.line, column, sentence);
    }

    pub(super) fn note(&mut self, column: &str, sentence: &str) {
        self.problems.note(self.row.line, column, sentence);
    }

    /// The text of a cell, if there is any.
    pub(super) fn text(&self, column: &str) -> Option<&'t str> {
        Some(self.row.cell(column)).filter(|cell| !cell.is_empty())
    }

    pub(super) fn kept<T>(&mut self, column: &str, parsed: Result<T, String>) -> Option<T> {
        parsed.map_err(|sentence| self.refuse(column, sentence)).ok()
    }

    /// The value of a cell that may be empty.
    pub(super) fn optional<T: FromStr<Err = ValueError>>(&mut self, column: &str) -> Option<T> {
        let text = self.text(column)?;
        let text = words::value(column, text).unwrap_or(text);
        // A factor may be named with its prefix wherever only a factor can stand.
        let text =
            if FACTORS.contains(&column) { text.strip_prefix("factor:").unwrap_or(text) } else { text };
        let placed = match column {
            "country" => places::country(text).map(|code| Some(code.to_owned())),
            "subdivision" => places::subdivision(text).map(Some),
            "geography" => places::region(text).map(Some),
            "year" => dates::year_within(text, self.problems.latest_year).map(|()| None),
            _ => Ok(None),
        };
        let placed = self.kept(column, placed)?;
        let parsed = closed(column, placed.as_deref().unwrap_or(text));
        self.kept(column, parsed)
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
        if column.ends_with("_kg") {
            self.refuse_shown_unit(
                column,
                "kg",
                Some(units::Stated { unit: Unit::Kilogram, times: Decimal::ONE }),
            );
        }
        self.number_in(column, text)
    }

    /// One of several numbers in a cell, as a cell of one number is read.
    pub(super) fn number_in(&mut self, column: &str, text: &str) -> Option<Decimal> {
        let number = self.marked(column, text);
        let number: Decimal = self.kept(column, number)?;
        match self.row.times(column) {
            None => Some(number),
            Some(times) => self.multiplied(column, number, times),
        }
    }

    /// The exact product, where a statement can hold it.
    fn multiplied(&mut self, column: &str, number: Decimal, times: Decimal) -> Option<Decimal> {
        let product = super::numbers::times(number, times);
        if product.is_none() {
            self.refuse(
                column,
                format!("{number} times {times} has more digits than a statement keeps exactly"),
            );
        }
        product
    }

    /// An amount and its unit, which may be empty, in the unit that a statement is written in.
    pub(super) fn measured(&mut self, amount: &str, unit: &str) -> (Option<Decimal>, Option<Unit>) {
        let stated = self.unit(unit);
        self.refuse_shown_unit(amount, self.row.cell(unit), stated);
        let number = self.number(amount);
        let number = match (number, stated) {
            (Some(number), Some(stated)) if stated.times != Decimal::ONE => {
                self.multiplied(amount, number, stated.times)
            }
            _ => number,
        };
        (number, stated.map(|stated| stated.unit))
    }

    /// Refuses a number that its spreadsheet shows with another unit than `own`.
    fn refuse_shown_unit(&mut self, amount: &str, own: &str, stated: Option<units::Stated>) {
        let Some(shown) = self.row.shown_beside(amount) else { return };
        if let (Ok(shows), Some(stated)) = (units::read(shown), stated)
            && shows != stated
        {
            let number = self.row.cell(amount);
            let sentence = format!(
                "the spreadsheet shows `{number} {shown}` here, and the unit is `{own}`: make them agree"
            );
            self.refuse(amount, sentence);
        }
    }

    /// As [`Self::measured`], where neither may be empty.
    pub(super) fn required_measured(&mut self, amount: &str, unit: &str) -> (Option<Decimal>, Option<Unit>) {
        let missing = [amount, unit].map(|column| self.stated(column).is_none());
        match missing {
            [false, false] => self.measured(amount, unit),
            [true, _] => (None, self.unit(unit).map(|stated| stated.unit)),
            [_, true] => (self.number(amount), None),
        }
    }

    /// The unit of a cell that may be empty, and how many of it one is.
    pub(super) fn unit(&mut self, column: &str) -> Option<units::Stated> {
        let text = self.text(column)?;
        self.kept(column, units::read(text))
    }

    /// As [`Self::unit`], where it must not be empty.
    pub(super) fn required_unit(&mut self, column: &str) -> Option<units::Stated> {
        self.stated(column)?;
        self.unit(column)
    }

    /// A unit that must be there and be one that a statement is written in, since what it is per
    /// cannot be multiplied.
    pub(super) fn required_plain_unit(&mut self, column: &str) -> Option<Unit> {
        let text = self.stated(column)?;
        let stated = self.unit(column)?;
        if stated.times == Decimal::ONE {
            return Some(stated.unit);
        }
        let (times, unit) = (stated.times, stated.unit);
        self.refuse(
            column,
            format!("`{text}` is {times} {unit}: divide the values by {times} and write {unit}"),
        );
        None
    }

    /// A number as the file writes its numbers; what it stores as one is no text and has a point.
    fn marked<T: FromStr<Err = ValueError>>(&mut self, column: &str, text: &str) -> Result<T, String> {
        let shown = match self.row.stored(column) {
            None | Some(Stored::Day | Stored::Truth) => {
                return self.problems.marks.number(self.row.line, column, text);
            }
            Some(Stored::Scaled) => "in thousands or millions",
            Some(Stored::PercentText) => "with a percent sign that is a text",
            // A share is shown in percent, which a column of shares reads.
            Some(Stored::Number | Stored::Share | Stored::Padded | Stored::Reshaped) => {
                return Marks::new(Some(DecimalMark::Point)).number(self.row.line, column, text);
            }
        };
        Err(format!(
            "the spreadsheet holds {text} here and shows it {shown}: give the cells a number format that shows what they hold"
        ))
    }

    /// An exact decimal that is a part of a cell.
    pub(super) fn amount_in(&mut self, column: &str, text: &str) -> Option<Decimal> {
        let number = self.marked(column, text);
        self.kept(column, number)
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
        let word = words::value(column, text).or_else(|| words::meant(column, text)).unwrap_or(text);
        match word {
            "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" => Some(true),
            "no" | "No" | "NO" | "false" | "False" | "FALSE" => Some(false),
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
        let parsed: Vec<_> = parts.map(|part| closed(column, part)).collect();
        parsed.into_iter().filter_map(|result| self.kept(column, result)).collect()
    }

    /// A half-open period of two columns; `None` where both are empty.
    pub(super) fn period(&mut self, start: &str, end: &str) -> Option<Period> {
        if self.text(start).is_none() && self.text(end).is_none() {
            return None;
        }
        let (first, after) = (self.stated(start), self.stated(end));
        self.period_in((start, first), (end, after))
    }

    /// One of several periods in two cells.
    pub(super) fn period_in(
        &mut self,
        (start, first): (&str, Option<&str>),
        (end, after): (&str, Option<&str>),
    ) -> Option<Period> {
        let first = first.and_then(|text| self.date_in(start, text));
        let after = after.and_then(|text| self.date_in(end, text));
        let period = Period::new(first?, after?);
        self.kept(end, period.map_err(|e| e.to_string()))
    }

    fn date_in(&mut self, column: &str, text: &str) -> Option<Date> {
        let order = match self.problems.dates {
            None if dates::is_unordered(text) => self.problems.days.order(column, text),
            stated => Some(stated),
        };
        let Some(order) = order else {
            let first = (self.row.line, text.to_owned(), 0);
            self.problems.unordered.entry(column.to_owned()).or_insert(first).2 += 1;
            return None;
        };
        let hint = if column.ends_with("end") { "; it is the first day after the period" } else { "" };
        let date = dates::date(text, order).map_err(|e| format!("{e}{hint}"));
        let latest = self.problems.latest_year.filter(|_| matches!(column, "start" | "end"));
        let date =
            date.and_then(|date| dates::within_years(date, column.ends_with("end"), latest).map(|()| date));
        self.kept(column, date)
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

    /// A squared geometric standard deviation, or five or six pedigree scores separated by white
    /// space.
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

/// The value that a text names, whatever its case where its column has closed words.
fn closed<T: FromStr<Err = ValueError>>(column: &str, text: &str) -> Result<T, String> {
    text.parse::<T>().or_else(|error| match words::meant(column, text).map(str::parse::<T>) {
        Some(Ok(meant)) => Ok(meant),
        _ => Err(match words::nearest(column, text) {
            Some(near) => format!("{error}; did you mean {near}?"),
            None => error.to_string(),
        }),
    })
}
