//! Numbers, instants and units as PACT writes them.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::model::{Co2e, Decimal, Instant, Unit, ValueError};

/// A decimal string of PACT (`[+-]?\d+(\.\d+)?`), exact to 15 fractional digits. Leading `+`, leading zeros and trailing zeros are read;
/// what is written has none of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct PactDecimal(Co2e);

impl PactDecimal {
    /// The value read as kg CO2e.
    pub const fn co2e(self) -> Co2e {
        self.0
    }

    /// The value as a decimal of at most 12 fractional digits.
    ///
    /// # Errors
    /// [`ValueError::Range`] where there are more.
    pub fn decimal(self) -> Result<Decimal, ValueError> {
        self.to_string().parse().map_err(|_| ValueError::Range {
            what: "number",
            expected: "at most 12 fractional digits here",
            got: self.to_string(),
        })
    }

    /// True below zero.
    pub const fn is_negative(self) -> bool {
        self.0.quanta() < 0
    }

    /// True above zero.
    pub const fn is_positive(self) -> bool {
        self.0.quanta() > 0
    }
}

impl From<Co2e> for PactDecimal {
    fn from(mass: Co2e) -> Self {
        Self(mass)
    }
}

impl From<Decimal> for PactDecimal {
    fn from(value: Decimal) -> Self {
        Self(Co2e::from_kg(value))
    }
}

impl FromStr for PactDecimal {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let refuse = |expected| ValueError::Spelling {
            what: "PACT decimal",
            expected,
            got: text.chars().take(80).collect(),
        };
        let shape = "digits with at most one point, such as \"0.384\"";
        let (sign, digits) = match text.as_bytes().first() {
            Some(b'-') => ("-", text.get(1..).unwrap_or_default()),
            Some(b'+') => ("", text.get(1..).unwrap_or_default()),
            _ => ("", text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !plain(whole) || !plain(fraction) {
            return Err(refuse(shape));
        }
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        let one_spelling = match fraction {
            "" if whole == "0" => "0".to_owned(),
            "" => format!("{sign}{whole}"),
            _ => format!("{sign}{whole}.{fraction}"),
        };
        let limits = "at most 18 digits before and 15 after the point";
        one_spelling.parse().map(Self).map_err(|_| refuse(limits))
    }
}

impl fmt::Display for PactDecimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An instant as RFC 3339 writes it, kept to the second in UTC; written with `Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct PactInstant(pub Instant);

impl FromStr for PactInstant {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let refuse = || ValueError::Spelling {
            what: "date-time",
            expected: "an RFC 3339 instant such as 2025-04-30T00:00:00Z",
            got: text.chars().take(80).collect(),
        };
        let (clock, rest) = text.split_at_checked(19).ok_or_else(refuse)?;
        let zone_at = rest.find(['Z', '+', '-']).ok_or_else(refuse)?;
        let (subsecond, zone) = rest.split_at_checked(zone_at).ok_or_else(refuse)?;
        let digits = subsecond.strip_prefix('.');
        let whole_seconds = subsecond.is_empty()
            || digits.is_some_and(|d| !d.is_empty() && d.bytes().all(|b| b.is_ascii_digit()));
        if !whole_seconds {
            return Err(refuse());
        }
        let instant: Instant = format!("{clock}Z").parse().map_err(|_| refuse())?;
        let offset_s = offset_s(zone).ok_or_else(refuse)?;
        Instant::from_unix_s(instant.unix_s() - offset_s).map(Self).map_err(|_| refuse())
    }
}

/// Seconds east of UTC of `Z`, `+08:00` or `-05:30`.
fn offset_s(zone: &str) -> Option<i64> {
    if zone == "Z" {
        return Some(0);
    }
    let (hours, minutes) = zone.strip_prefix(['+', '-'])?.split_once(':')?;
    let two = |t: &str| {
        let plain = t.len() == 2 && t.bytes().all(|b| b.is_ascii_digit());
        if plain { t.parse::<i64>().ok() } else { None }
    };
    let (hours, minutes) = (two(hours)?, two(minutes)?);
    let seconds = (hours < 24 && minutes < 60).then_some(hours * 3600 + minutes * 60)?;
    Some(if zone.starts_with('-') { -seconds } else { seconds })
}

impl fmt::Display for PactInstant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A unit that PACT can declare.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PactUnit(Unit);

/// The ten units of PACT v3 by their names there.
const UNITS: [(&str, Unit); 10] = [
    ("liter", Unit::Litre),
    ("kilogram", Unit::Kilogram),
    ("cubic meter", Unit::CubicMetre),
    ("kilowatt hour", Unit::KilowattHour),
    ("megajoule", Unit::Megajoule),
    ("ton kilometer", Unit::TonKilometre),
    ("square meter", Unit::SquareMetre),
    ("piece", Unit::Piece),
    ("hour", Unit::Hour),
    ("megabit second", Unit::MegabitSecond),
];

impl PactUnit {
    /// The unit as this project names it.
    pub const fn unit(self) -> Unit {
        self.0
    }

    /// The PACT unit of this very unit; `None` where PACT has none.
    pub fn of(unit: Unit) -> Option<Self> {
        UNITS.iter().any(|(_, u)| *u == unit).then_some(Self(unit))
    }

    /// Every unit that PACT can declare.
    pub fn all() -> impl Iterator<Item = Self> {
        UNITS.iter().map(|(_, unit)| Self(*unit))
    }
}

impl FromStr for PactUnit {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        UNITS.iter().find(|(name, _)| *name == text).map(|(_, unit)| Self(*unit)).ok_or_else(|| {
            let expected = "one of liter, kilogram, cubic meter, kilowatt hour, megajoule, ton kilometer, square meter, piece, hour, megabit second";
            ValueError::Spelling { what: "declared unit", expected, got: text.chars().take(80).collect() }
        })
    }
}

impl fmt::Display for PactUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(UNITS.iter().find(|(_, unit)| *unit == self.0).map_or("", |(name, _)| name))
    }
}

macro_rules! as_text {
    ($($ty:ty),+) => {$(
        impl Serialize for $ty {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> Deserialize<'de> for $ty {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}
as_text!(PactDecimal, PactInstant, PactUnit);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_a_number_is_read_exactly_and_written_in_one() {
        for (text, expected) in [
            ("77.0", "77"),
            ("+1.50", "1.5"),
            ("-0", "0"),
            ("-0.000", "0"),
            ("007", "7"),
            ("-1.610", "-1.61"),
            ("0.000000000000001", "0.000000000000001"),
            ("000000000000000000000000001.0000000000000000000000", "1"),
        ] {
            assert_eq!(text.parse::<PactDecimal>().unwrap().to_string(), expected, "{text}");
        }
        for bad in
            ["", "+", "1.", ".5", "1e3", "1,5", " 1", "--1", "+-1", "0.0000000000000001", "1.2.3", "NaN", "١"]
        {
            assert!(bad.parse::<PactDecimal>().is_err(), "{bad}");
        }
        assert!("0.0000000000001".parse::<PactDecimal>().unwrap().decimal().is_err(), "13 digits");
    }

    #[test]
    fn an_instant_is_brought_to_utc_and_a_loose_one_refused() {
        for (text, expected) in [
            ("2025-04-30T00:00:00Z", "2025-04-30T00:00:00Z"),
            ("2025-04-30T00:00:00.123Z", "2025-04-30T00:00:00Z"),
            ("2025-04-30T08:00:00+08:00", "2025-04-30T00:00:00Z"),
            ("2025-04-30T00:00:00-05:30", "2025-04-30T05:30:00Z"),
        ] {
            assert_eq!(text.parse::<PactInstant>().unwrap().to_string(), expected);
        }
        for bad in [
            "2025-04-30",
            "2025-1-08T14:47:32Z",
            "2025-04-30T00:00:00",
            "2025-04-30 00:00:00Z",
            "2025-04-30T00:00:00.Z",
            "2025-04-30T00:00:00+8:00",
            "2025-04-30T00:00:00Zulu",
            "2025-04-30T00:00:00.5",
            "2025-04-30T00:00:0\u{e9}Z",
        ] {
            assert!(bad.parse::<PactInstant>().is_err(), "{bad}");
        }
    }
}
