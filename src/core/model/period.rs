//! Half-open spans of days.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Date, ValueError};

/// A span of days, half-open: `start` is in it, `end` is not. Never empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "PeriodText", into = "PeriodText")]
#[schemars(with = "PeriodText")]
pub struct Period {
    start: Date,
    end: Date,
}

/// A period as it is written.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "Period")]
struct PeriodText {
    /// The first day after it.
    end: Date,
    /// Its first day.
    start: Date,
}

impl Period {
    /// The days from `start` to the day before `end`.
    ///
    /// # Errors
    /// [`ValueError::Combination`] where `end` is not after `start`.
    pub fn new(start: Date, end: Date) -> Result<Self, ValueError> {
        if start < end {
            return Ok(Self { start, end });
        }
        let problem =
            format!("the end {end} is the first day after it and must come after the start {start}");
        Err(ValueError::Combination { what: "period", problem })
    }

    /// The first day.
    pub fn start(self) -> Date {
        self.start
    }

    /// The first day after it.
    pub fn end(self) -> Date {
        self.end
    }

    /// How many days it has, at least 1.
    pub fn days(self) -> u32 {
        self.start.days_to(self.end)
    }

    /// True where both the day and the day before are in it, so that the day divides it.
    pub fn is_split_by(self, day: Date) -> bool {
        self.start < day && day < self.end
    }

    /// True where every day of `other` is in this one.
    pub fn covers(self, other: Self) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// True where some day is in both.
    pub fn overlaps(self, other: Self) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// True where at most so many years lie between the end of one and the start of the other.
    pub fn is_within_years(self, other: Self, years: i16) -> bool {
        // A date past year 9999 lies behind every start.
        let reaches = |end: Date, start: Date| end.plus_years(years).map_or(true, |last| start <= last);
        reaches(self.end, other.start) && reaches(other.end, self.start)
    }

    /// The smallest period that holds both.
    pub fn hull(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}

impl Period {
    /// Writes it as it is spelt.
    pub(super) fn write(self, into: &mut impl fmt::Write) -> fmt::Result {
        into.write_str(self.start.spelt(&mut [0; 10]))?;
        into.write_str("..")?;
        into.write_str(self.end.spelt(&mut [0; 10]))
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write(f)
    }
}

impl FromStr for Period {
    type Err = ValueError;

    /// Reads days (`2025-01-01..2026-01-01`, whose end is the first day after it), and whole years,
    /// quarters and months: `2025`, `2025-Q1`, `2025-01`, and from one to the other, both whole:
    /// `2025-01..2025-03`.
    fn from_str(text: &str) -> Result<Self, ValueError> {
        let expected = "START..END such as 2025-01-01..2026-01-01 (END is the first day after it), or whole years, quarters or months such as 2025, 2025-Q1, 2025-01 or 2025-01..2025-03";
        let refuse = || ValueError::spelling("period", expected, text);
        let Some((start, end)) = text.split_once("..") else { return whole(text).ok_or_else(refuse) };
        match (start.parse::<Date>(), end.parse::<Date>()) {
            (Ok(start), Ok(end)) => Self::new(start, end),
            _ => {
                let (first, last) = whole(start).zip(whole(end)).ok_or_else(refuse)?;
                Self::new(first.start, last.end).map_err(|_| refuse())
            }
        }
    }
}

/// A whole year, quarter or month.
fn whole(text: &str) -> Option<Period> {
    let digits = |text: &str, count: usize| -> Option<i16> {
        (text.len() == count && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
    };
    let (year, part) = text.split_once('-').map_or((text, None), |(year, part)| (year, Some(part)));
    let year = digits(year, 4).filter(|year| (1..9999).contains(year))?;
    let (first, months) = match part {
        None => (1, 12),
        Some(part) => match part.strip_prefix('Q') {
            Some(quarter) => (3 * digits(quarter, 1).filter(|q| (1..=4).contains(q))? - 2, 3),
            None => (digits(part, 2).filter(|month| (1..=12).contains(month))?, 1),
        },
    };
    let day =
        |month: i16| Date::new(year + (month - 1) / 12, i8::try_from((month - 1) % 12 + 1).ok()?, 1).ok();
    Period::new(day(first)?, day(first + months)?).ok()
}

impl TryFrom<PeriodText> for Period {
    type Error = ValueError;

    fn try_from(text: PeriodText) -> Result<Self, ValueError> {
        Self::new(text.start, text.end)
    }
}

impl From<Period> for PeriodText {
    fn from(period: Period) -> Self {
        Self { end: period.end, start: period.start }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_half_open_and_never_empty() {
        let year: Period = "2025".parse().unwrap();
        let next: Period = "2026".parse().unwrap();
        assert!(!year.overlaps(next), "the last day of one year is not in the next");
        assert!(year.covers("2025-03-01..2025-04-01".parse().unwrap()));
        assert!("2025-01-01..2025-01-01".parse::<Period>().is_err());
        assert_eq!((year.days(), "2024-02".parse::<Period>().unwrap().days()), (365, 29));
        assert!(!year.is_split_by(year.start()) && !year.is_split_by(year.end()));
        assert!(year.is_split_by(year.start().next_day().unwrap()));
    }

    #[test]
    fn whole_years_quarters_and_months_are_periods() {
        for (text, days) in [
            ("2025", "2025-01-01..2026-01-01"),
            ("2024-02", "2024-02-01..2024-03-01"),
            ("2025-12", "2025-12-01..2026-01-01"),
            ("2025-Q4", "2025-10-01..2026-01-01"),
            ("2025-01..2025-02", "2025-01-01..2025-03-01"),
            ("2024..2025", "2024-01-01..2026-01-01"),
            ("2024-Q4..2025-03", "2024-10-01..2025-04-01"),
        ] {
            assert_eq!(text.parse::<Period>().unwrap().to_string(), days);
        }
        for text in
            ["2025-13", "2025-0", "2025-Q5", "2025-q1", "2025-02..2025-01", "2025-01-01..2025-02", "9999"]
        {
            assert!(text.parse::<Period>().is_err(), "{text}");
        }
    }
}
