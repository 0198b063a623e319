//! Dates and instants. No clock: who needs the present passes it.

use std::fmt;
use std::str::FromStr;

use jiff::civil;

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

    /// The month: 1 to 12.
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, 1 to 31.
    pub fn day(self) -> i8 {
        self.0.day()
    }

    pub(super) fn spelt(self, space: &mut [u8; 10]) -> &str {
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

    /// How many days lie from this one to a later one.
    pub(super) fn days_to(self, later: Self) -> u32 {
        (later.0 - self.0).get_days().unsigned_abs()
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
}
