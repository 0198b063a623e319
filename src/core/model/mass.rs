//! Masses of CO2 equivalent, exact to 1e-15 kg.

use std::fmt;
use std::str::FromStr;

use super::Decimal;
use super::decimal::{Digits, parse_fixed};
use super::error::{ValueError, text_value};

/// A mass of CO2 equivalent in kg, kept as a whole number of 1e-15 kg (a picogram).
///
/// Guaranteed range: at most 18 integer digits of kg, either sign. Negative values are removals, uptake and credits.
// A statement has many: the alignment of 16 bytes that an i128 has would cost it a third.
#[repr(Rust, packed(8))]
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Co2e(i128);

impl Co2e {
    /// Fractional digits of the scale.
    pub const SCALE: u32 = 15;
    /// Zero.
    pub const ZERO: Self = Self(0);
    const LIMIT: i128 = 10_i128.pow(33);

    /// From a whole number of 1e-15 kg.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] from 10^18 kg on.
    pub fn from_quanta(quanta: i128) -> Result<Self, ValueError> {
        if quanta.unsigned_abs() >= Self::LIMIT.unsigned_abs() {
            return Err(ValueError::Overflow { what: "mass of CO2e" });
        }
        Ok(Self(quanta))
    }

    /// From kilograms; always exact.
    pub const fn from_kg(kg: Decimal) -> Self {
        Self(kg.quanta() * 1000) // OK because a decimal is below 10^30 quanta and this scale has three digits more.
    }

    /// The value as a whole number of 1e-15 kg.
    pub const fn quanta(self) -> i128 {
        self.0
    }

    /// True at zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// The exact sum.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] from 10^18 kg on.
    pub fn plus(self, other: Self) -> Result<Self, ValueError> {
        Self::from_quanta(self.0 + other.0) // OK because both are below 10^33, far from i128's end.
    }

    /// The exact difference.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] from 10^18 kg on.
    pub fn minus(self, other: Self) -> Result<Self, ValueError> {
        Self::from_quanta(self.0 - other.0)
    }

    /// The exact sum of many.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] from 10^18 kg on.
    pub fn total(masses: impl IntoIterator<Item = Self>) -> Result<Self, ValueError> {
        masses.into_iter().try_fold(Self::ZERO, Self::plus)
    }
}

impl FromStr for Co2e {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        parse_fixed(text, Self::SCALE).map(Self).ok_or_else(|| {
            ValueError::spelling(
                "mass of CO2e",
                "a plain decimal in kg with at most 18 digits before and 15 after the point",
                text,
            )
        })
    }
}

impl fmt::Display for Co2e {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(Digits::of(self.0, Self::SCALE).as_str())
    }
}

impl From<Decimal> for Co2e {
    fn from(kg: Decimal) -> Self {
        Self::from_kg(kg)
    }
}

text_value!(
    Co2e,
    "Co2e",
    r"^(0|-?[1-9][0-9]{0,17}|-?(0|[1-9][0-9]{0,17})\.[0-9]{0,14}[1-9])$",
    "kg CO2e as an exact decimal string, at most 18 integer and 15 fractional digits, one spelling",
    |value, serializer| serializer.serialize_str(Digits::of(value.0, Self::SCALE).as_str())
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removal_shows_its_sign_even_below_one_kilogram() {
        assert_eq!(Co2e::from_quanta(-5).unwrap().to_string(), "-0.000000000000005");
    }

    #[test]
    fn a_sum_beyond_the_range_is_an_error_and_never_wraps() {
        let most: Co2e = "999999999999999999".parse().unwrap();
        assert!(most.plus(most).is_err());
        assert_eq!(most.minus(most).unwrap(), Co2e::ZERO);
    }
}
