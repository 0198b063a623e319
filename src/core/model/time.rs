//! Dates, instants and half-open periods. No clock: who needs the present passes it.

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::{ValueError, text_value};

/// A calendar date, spelt `YYYY-MM-DD`, years 1 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(civil::Date);

impl Date {
    /// A date of the Gregorian calendar.
    ///
    /// # Errors
    /// [`ValueError::Range`] for a day the calendar does not have.
    pub fn new(year: i16, month: i8, day: i8) -> Result<Self, ValueError> {
        let date = civil::Date::new(year, month, day).ok().filter(|d| d.year() >= 1).map(Self);
        date.ok_or_else(|| ValueError::Range {
            what: "date",
            expected: "a day of the calendar from year 1 to 9999",
            got: format!("{year}-{month}-{day}"),
        })
    }

    /// The year, 1 to 9999.
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> i8 {
        self.0.day()
    }

    fn spelt(self, space: &mut [u8; 10]) -> &str {
        let (year, month, day) =
            (self.0.year().unsigned_abs(), self.0.month().unsigned_abs(), self.0.day().unsigned_abs());
        let digit = |value: u16, of: u16| b'0' + (value / of % 10) as u8; // OK because a remainder by ten is one digit
        let (month, day) = (u16::from(month), u16::from(day));
        *space = [
            digit(year, 1000),
            digit(year, 100),
            digit(year, 10),
            digit(year, 1),
            b'-',
            digit(month, 10),
            digit(month, 1),
            b'-',
            digit(day, 10),
            digit(day, 1),
        ];
        std::str::from_utf8(space).unwrap_or_default()
    }

    /// The day after.
    ///
    /// # Errors
    /// [`ValueError::Range`] past year 9999.
    pub fn next_day(self) -> Result<Self, ValueError> {
        let range =
            |_| ValueError::Range { what: "date", expected: "a year up to 9999", got: self.to_string() };
        self.0.tomorrow().map(Self).map_err(range)
    }

    /// The date `years` later; 29 February becomes 28 where there is none.
    ///
    /// # Errors
    /// [`ValueError::Range`] past year 9999.
    pub fn plus_years(self, years: i16) -> Result<Self, ValueError> {
        use jiff::ToSpan as _;
        self.0.checked_add(i64::from(years).years()).map(Self).map_err(|_| ValueError::Range {
            what: "date",
            expected: "a year up to 9999",
            got: format!("{self} and {years} years"),
        })
    }
}

impl FromStr for Date {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let refuse = || ValueError::spelling("date", "YYYY-MM-DD such as 2025-04-01", text);
        let bytes = text.as_bytes();
        let shaped = bytes.len() == 10
            && bytes.iter().enumerate().all(|(i, b)| match i {
                4 | 7 => *b == b'-',
                _ => b.is_ascii_digit(),
            });
        if !shaped {
            return Err(refuse());
        }
        let part = |range: std::ops::Range<usize>| text.get(range).and_then(|p| p.parse::<i16>().ok());
        let (Some(year), Some(month), Some(day)) = (part(0..4), part(5..7), part(8..10)) else {
            return Err(refuse());
        };
        let small = |v: i16| i8::try_from(v).map_err(|_| refuse());
        Self::new(year, small(month)?, small(day)?).map_err(|_| refuse())
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.spelt(&mut [0; 10]))
    }
}

text_value!(Date, "Date", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$", "a date YYYY-MM-DD", |value, serializer| {
    serializer.serialize_str(value.spelt(&mut [0; 10]))
});

/// A calendar year, spelt with four digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Year(i16);

impl Year {
    /// The year, 1 to 9998.
    pub const fn as_i16(self) -> i16 {
        self.0
    }
}

impl FromStr for Year {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let plain = text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
        let year = if plain { text.parse().ok() } else { None };
        year.filter(|y| (1..9999).contains(y))
            .map(Self)
            .ok_or_else(|| ValueError::spelling("year", "four digits such as 2024", text))
    }
}

impl fmt::Display for Year {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.0)
    }
}

text_value!(Year, "Year", "^[0-9]{4}$", "a year with four digits");

/// An instant in UTC, to the second, spelt `YYYY-MM-DDTHH:MM:SSZ`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(i64);

impl Instant {
    /// From seconds since 1970-01-01T00:00:00Z.
    ///
    /// # Errors
    /// [`ValueError::Range`] outside the years 1 to 9999.
    pub fn from_unix_s(seconds: i64) -> Result<Self, ValueError> {
        let range = ValueError::Range {
            what: "instant",
            expected: "seconds between the years 1 and 9999",
            got: seconds.to_string(),
        };
        let stamp = jiff::Timestamp::from_second(seconds).map_err(|_| range.clone())?;
        let year = jiff::tz::Offset::UTC.to_datetime(stamp).year();
        if year >= 1 { Ok(Self(seconds)) } else { Err(range) }
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    pub fn unix_s(self) -> i64 {
        self.0
    }

    /// The UTC date of this instant.
    pub fn date(self) -> Date {
        Date(self.datetime().date())
    }

    /// Midnight UTC at the beginning of `date`.
    pub fn at_start_of(date: Date) -> Self {
        // A civil date of the years 1 to 9999 always has a UTC midnight; the epoch would be a wrong answer, never given.
        let midnight = date.0.at(0, 0, 0, 0);
        Self(jiff::tz::Offset::UTC.to_timestamp(midnight).map_or(0, jiff::Timestamp::as_second))
    }

    fn datetime(self) -> civil::DateTime {
        let stamp = jiff::Timestamp::from_second(self.0).unwrap_or_default();
        jiff::tz::Offset::UTC.to_datetime(stamp)
    }
}

impl FromStr for Instant {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let refuse = || ValueError::spelling("instant", "YYYY-MM-DDTHH:MM:SSZ in UTC", text);
        let (date, time) = text.split_once('T').ok_or_else(refuse)?;
        let date: Date = date.parse().map_err(|_| refuse())?;
        let bytes = time.as_bytes();
        let shaped = bytes.len() == 9
            && bytes.iter().enumerate().all(|(i, b)| match i {
                2 | 5 => *b == b':',
                8 => *b == b'Z',
                _ => b.is_ascii_digit(),
            });
        if !shaped {
            return Err(refuse());
        }
        let part = |range: std::ops::Range<usize>| time.get(range).and_then(|p| p.parse::<i64>().ok());
        match (part(0..2), part(3..5), part(6..8)) {
            (Some(h), Some(m), Some(s)) if h < 24 && m < 60 && s < 60 => {
                Self::from_unix_s(Self::at_start_of(date).0 + h * 3600 + m * 60 + s)
            }
            _ => Err(refuse()),
        }
    }
}

impl fmt::Display for Instant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = self.datetime();
        write!(f, "{}T{:02}:{:02}:{:02}Z", self.date(), at.hour(), at.minute(), at.second())
    }
}

text_value!(
    Instant,
    "Instant",
    r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$",
    "an instant in UTC, YYYY-MM-DDTHH:MM:SSZ"
);

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
    fn dates_and_instants_have_one_spelling() {
        for text in ["2025-01-01", "2024-02-29", "0001-01-01", "9999-12-31"] {
            assert_eq!(text.parse::<Date>().unwrap().to_string(), text);
        }
        for text in
            ["2025-02-29", "2025-13-01", "2025-1-1", "25-01-01", "2025/01/01", "2025-01-01 ", "0000-01-01"]
        {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
        for text in ["2025-04-30T00:00:00Z", "1969-12-31T23:59:59Z", "9998-06-01T12:00:01Z"] {
            assert_eq!(text.parse::<Instant>().unwrap().to_string(), text);
        }
        for text in
            ["2025-04-30T24:00:00Z", "2025-04-30T00:00:60Z", "2025-04-30T00:00:00", "2025-04-30t00:00:00z"]
        {
            assert!(text.parse::<Instant>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_period_is_half_open_and_never_empty() {
        let year: Period = "2025".parse().unwrap();
        let next: Period = "2026".parse().unwrap();
        assert!(!year.overlaps(next), "the last day of one year is not in the next");
        assert!(year.covers("2025-03-01..2025-04-01".parse().unwrap()));
        assert!("2025-01-01..2025-01-01".parse::<Period>().is_err());
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
