//! Exact decimals of a fixed scale. One spelling each: no exponent, no `+`, no superfluous zero, no `-0`.

use std::fmt;
use std::str::FromStr;

use super::error::{ValueError, text_value};

/// Digits before the point that every decimal of the project may have.
pub const INTEGER_DIGITS_MAX: usize = 18;

/// An exact decimal: at most 18 integer and 12 fractional digits, kept as a whole number of 1e-12.
///
/// Guaranteed range: `-(10^18 - 10^-12) ..= 10^18 - 10^-12`.
///
/// ```
/// use pcf_core::model::Decimal;
/// let amount: Decimal = "0.5777".parse()?;
/// assert_eq!(amount.to_string(), "0.5777");
/// assert!("0.50".parse::<Decimal>().is_err(), "a superfluous zero is a second spelling");
/// assert!("1e3".parse::<Decimal>().is_err());
/// # Ok::<(), pcf_core::model::ValueError>(())
/// ```
// A statement has many: the alignment of 16 bytes that an i128 has would cost it a third.
#[repr(Rust, packed(8))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Decimal(i128);

impl Decimal {
    /// Fractional digits of the scale.
    pub const SCALE: u32 = 12;
    /// Quanta in one.
    pub const ONE_QUANTA: i128 = 10_i128.pow(Self::SCALE);
    /// Zero.
    pub const ZERO: Self = Self(0);
    /// One.
    pub const ONE: Self = Self(Self::ONE_QUANTA);
    const LIMIT: i128 = 10_i128.pow(30);

    /// From a whole number of 1e-12.
    ///
    /// # Errors
    /// [`ValueError::Range`] from 10^18 on.
    pub fn from_quanta(quanta: i128) -> Result<Self, ValueError> {
        if quanta.unsigned_abs() >= Self::LIMIT.unsigned_abs() {
            return Err(ValueError::Range {
                what: "decimal",
                expected: "less than 10^18",
                got: Digits::of(quanta, Self::SCALE).as_str().to_owned(),
            });
        }
        Ok(Self(quanta))
    }

    /// The value as a whole number of 1e-12.
    pub const fn quanta(self) -> i128 {
        self.0
    }

    /// From a whole number.
    pub const fn from_i32(value: i32) -> Self {
        Self(value as i128 * Self::ONE_QUANTA)
    }

    /// From a table in the source; a misspelt literal stops the compiler.
    pub(crate) const fn literal(text: &str) -> Self {
        let bytes = text.as_bytes();
        let mut quanta: i128 = 0;
        let mut left = None;
        let mut i = 0;
        while i < bytes.len() {
            if bytes[i] == b'.' {
                left = Some(Self::SCALE);
            } else {
                assert!(bytes[i].is_ascii_digit(), "a decimal literal has digits and at most one point");
                quanta = quanta * 10 + (bytes[i] - b'0') as i128;
                if let Some(n) = left {
                    left = Some(n - 1);
                }
            }
            i += 1;
        }
        let missing = match left {
            Some(n) => n,
            None => Self::SCALE,
        };
        Self(quanta * 10_i128.pow(missing))
    }

    /// True above zero.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// True at zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// True below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }
}

impl FromStr for Decimal {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        parse_fixed(text, Self::SCALE).map(Self).ok_or_else(|| {
            ValueError::spelling(
                "number",
                "a plain decimal such as 12 or -0.5, with at most 18 digits before and 12 after the point",
                text,
            )
        })
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(Digits::of(self.0, Self::SCALE).as_str())
    }
}

text_value!(
    Decimal,
    "Decimal",
    r"^(0|-?[1-9][0-9]{0,17}|-?(0|[1-9][0-9]{0,17})\.[0-9]{0,11}[1-9])$",
    "an exact decimal as a string, at most 18 integer and 12 fractional digits, one spelling",
    |value, serializer| serializer.serialize_str(Digits::of(value.0, Self::SCALE).as_str())
);

/// A count: a whole number from 0 to 10^18 - 1, written as a decimal string like every number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Whole(u64);

impl Whole {
    /// From a count.
    ///
    /// # Errors
    /// [`ValueError::Range`] from 10^18 on.
    pub fn new(count: u64) -> Result<Self, ValueError> {
        if count < 10_u64.pow(18) {
            return Ok(Self(count));
        }
        Err(ValueError::Range { what: "count", expected: "less than 10^18", got: count.to_string() })
    }

    /// The count.
    pub const fn as_u64(self) -> u64 {
        self.0
    }
}

impl FromStr for Whole {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
        let parsed = if plain && text.len() <= INTEGER_DIGITS_MAX { text.parse().ok() } else { None };
        parsed
            .map(Self)
            .ok_or_else(|| ValueError::spelling("count", "a whole number with at most 18 digits", text))
    }
}

impl fmt::Display for Whole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

text_value!(Whole, "Whole", "^(0|[1-9][0-9]{0,17})$", "a whole number as a string, at most 18 digits");

/// Parses the one spelling of a decimal into a whole number of `10^-scale`; `None` for any other text.
pub(crate) fn parse_fixed(text: &str, scale: u32) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = match digits.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (digits, None),
    };
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || whole.len() > INTEGER_DIGITS_MAX || (whole.len() > 1 && whole.starts_with('0')) {
        return None;
    }
    // At most 18 digits fit 64 bits, where arithmetic is fast.
    let mut quanta = i128::from(whole.parse::<u64>().ok()?).checked_mul(10_i128.pow(scale))?;
    if let Some(fraction) = fraction {
        let missing = scale.checked_sub(u32::try_from(fraction.len()).ok()?)?;
        if !plain(fraction) || fraction.ends_with('0') {
            return None;
        }
        quanta += i128::from(fraction.parse::<u64>().ok()?) * 10_i128.pow(missing);
    }
    if negative && quanta == 0 {
        return None;
    }
    Some(if negative { -quanta } else { quanta })
}

/// The one spelling of a whole number of `10^-scale`, without a detour over the heap.
pub(crate) struct Digits {
    /// 39 digits of the longest number, a sign, a point, and a zero before it.
    space: [u8; 48],
    begin: usize,
}

impl Digits {
    pub(crate) fn of(quanta: i128, scale: u32) -> Self {
        let mut digits = Self { space: [0; 48], begin: 48 };
        let mut rest = quanta.unsigned_abs();
        let mut left = scale;
        // Most numbers have few digits after the point: the zeros behind those are taken away four at a time.
        while let Ok(small) = u64::try_from(rest)
            && left >= 4
            && small % 10_000 == 0
        {
            (rest, left) = (u128::from(small / 10_000), left - 4);
        }
        while left > 0 || rest > 0 || digits.begin == 48 || digits.first() == b'.' {
            let digit;
            // OK because a remainder by ten is one digit.
            (rest, digit) = match u64::try_from(rest) {
                Ok(small) => (u128::from(small / 10), (small % 10) as u8),
                Err(_) => (rest / 10, (rest % 10) as u8),
            };
            if left == 0 {
                digits.push(b'0' + digit);
                continue;
            }
            left -= 1;
            // A zero at the end of the fraction is not written.
            if digit != 0 || digits.begin < 48 {
                digits.push(b'0' + digit);
            }
            if left == 0 && digits.begin < 48 {
                digits.push(b'.');
            }
        }
        if quanta < 0 {
            digits.push(b'-');
        }
        digits
    }

    fn first(&self) -> u8 {
        self.space.get(self.begin).copied().unwrap_or_default()
    }

    fn push(&mut self, byte: u8) {
        self.begin = self.begin.saturating_sub(1);
        if let Some(slot) = self.space.get_mut(self.begin) {
            *slot = byte;
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        self.space.get(self.begin..).and_then(|text| std::str::from_utf8(text).ok()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_one_spelling() {
        for text in
            ["0", "1", "-1", "0.5", "-0.000000000001", "999999999999999999.999999999999", "10", "53000"]
        {
            assert_eq!(text.parse::<Decimal>().unwrap().to_string(), text);
        }
        for text in [
            "",
            "-",
            "+1",
            "-0",
            "00",
            "01",
            "1.",
            ".5",
            "1.0",
            "0.50",
            "1e3",
            "1,5",
            " 1",
            "1 ",
            "١",
            "0x1",
            "--1",
            "1.2.3",
            "1000000000000000000",
            "0.0000000000001",
            "NaN",
        ] {
            assert!(text.parse::<Decimal>().is_err(), "{text} must be refused");
        }
    }

    #[test]
    fn a_literal_reads_like_a_parsed_text() {
        for text in ["0", "29.8", "25200", "0.5"] {
            assert_eq!(Decimal::literal(text), text.parse().unwrap());
        }
    }
}
