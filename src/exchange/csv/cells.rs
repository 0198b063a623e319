//! The cells of one row as values; what is wrong is collected, never thrown, so that a file shows all its problems at once.

use std::str::FromStr;

use super::table::Row;
use crate::exchange::{ExchangeError, FileProblems, PROBLEMS_MAX, Problem};
use crate::model::{Co2e, Date, Decimal, Period, Quality, Uncertainty, ValueError};

/// The problems found so far.
#[derive(Default)]
pub(in crate::exchange) struct Problems {
    list: Vec<Problem>,
    more: usize,
}

impl Problems {
    pub(in crate::exchange) fn push(&mut self, row: u64, column: &str, sentence: impl Into<String>) {
        if self.list.len() < PROBLEMS_MAX {
            self.list.push(Problem { row, column: column.into(), sentence: sentence.into() });
        } else {
            self.more += 1;
        }
    }

    pub(in crate::exchange) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// `value` where nothing was wrong.
    pub(in crate::exchange) fn or<T>(mut self, value: T, file: &str) -> Result<T, ExchangeError> {
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
        self.kept(column, number(text))
    }

    /// An exact decimal that must be there.
    pub(super) fn required_number(&mut self, column: &str) -> Option<Decimal> {
        self.stated(column)?;
        self.number(column)
    }

    /// A mass of CO2e in kg that must be there.
    pub(super) fn required_mass(&mut self, column: &str) -> Option<Co2e> {
        let text = self.stated(column)?;
        self.kept(column, number(text))
    }

    /// `yes` or `no`.
    pub(super) fn yes_no(&mut self, column: &str) -> Option<bool> {
        match self.text(column)? {
            "yes" | "true" | "TRUE" => Some(true),
            "no" | "false" | "FALSE" => Some(false),
            other => {
                self.refuse(column, format!("expected yes or no, got `{other}`"));
                None
            }
        }
    }

    /// Several values separated by white space.
    pub(super) fn list<T: FromStr<Err = ValueError>>(&mut self, column: &str) -> Vec<T> {
        let parts = self.text(column).unwrap_or_default().split_whitespace();
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
        self.kept(column, text.parse::<Date>().map_err(|e| format!("{e}{hint}")))
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
            number(text).and_then(|gsd2| Uncertainty::gsd2(gsd2).map_err(|e| e.to_string()))
        };
        self.kept("uncertainty", stated)
    }
}

/// Reads a number as people write it, as far as it has one meaning: superfluous zeros behind the point and a leading `+` are dropped;
/// commas, white space, exponents and percent signs are refused.
fn number<T: FromStr<Err = ValueError>>(text: &str) -> Result<T, String> {
    let plain = text.strip_prefix('+').unwrap_or(text);
    let odd = |c: char| c == ',' || c == '\'' || c == '\u{ff0c}' || c == '_' || c.is_whitespace();
    if plain.contains(odd) && plain.contains(|c: char| c.is_ascii_digit()) {
        return Err(format!(
            "expected a plain decimal such as 1234.5, got `{text}`: write a decimal point and no thousands separators"
        ));
    }
    let trimmed = match plain.split_once('.') {
        Some((whole, fraction)) if !fraction.is_empty() => match fraction.trim_end_matches('0') {
            "" => whole.to_owned(),
            rest => format!("{whole}.{rest}"),
        },
        _ => plain.to_owned(),
    };
    let parsed = if trimmed == "-0" { "0".parse() } else { trimmed.parse::<T>() };
    parsed.map_err(|_| match plain {
        p if p.ends_with('%') => format!("expected a plain decimal, got `{text}`: write the number without the percent sign"),
        p if p.bytes().any(|b| b.eq_ignore_ascii_case(&b'e')) && p.bytes().any(|b| b.is_ascii_digit()) => {
            format!("expected a plain decimal without an exponent, got `{text}`: format the column as a number")
        }
        _ => format!(
            "expected a plain decimal such as 12 or -0.5 with at most 18 digits before and 12 after the point, got `{}`",
            text.chars().take(80).collect::<String>()
        ),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_in_its_one_meaning_or_refused_with_a_sentence() {
        for (text, expected) in
            [("1", "1"), ("+1.50", "1.5"), ("1.0", "1"), ("-0.0", "0"), ("0.5777", "0.5777"), ("100", "100")]
        {
            assert_eq!(number::<Decimal>(text).unwrap().to_string(), expected, "{text}");
        }
        for (text, says) in [
            ("0,5", "decimal point"),
            ("1,234", "decimal point"),
            ("1.234,5", "decimal point"),
            ("1 234", "thousands"),
            ("1\u{a0}234", "thousands"),
            ("12%", "percent"),
            ("1e3", "exponent"),
            ("1.2E-05", "exponent"),
            (".5", "plain decimal"),
            ("1.", "plain decimal"),
            ("#N/A", "plain decimal"),
            ("٣", "plain decimal"),
            ("0.0000000000001", "12 after the point"),
        ] {
            let sentence = number::<Decimal>(text).unwrap_err();
            assert!(sentence.contains(says), "{text}: {sentence}");
        }
    }
}
