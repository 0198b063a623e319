//! Floats on their way out: rounded to six significant digits, half to even, as exact decimals,
//! because no more of them is known.

use crate::model::wide::{Wide, narrow, power_of_ten, product, quotient};
use crate::model::{Co2e, Decimal, ValueError};

const WHAT: &str = "uncertainty";

/// kg CO2e.
pub(super) fn co2e(kg: f64) -> Result<Co2e, ValueError> {
    Co2e::from_quanta(quanta(kg, Co2e::SCALE)?)
}

/// A plain number.
pub(super) fn decimal(value: f64) -> Result<Decimal, ValueError> {
    Decimal::from_quanta(quanta(value, Decimal::SCALE)?)
}

/// Percent to two digits after the point.
pub(super) fn percent(part: f64, whole: f64) -> Result<Decimal, ValueError> {
    if whole <= 0.0 {
        return Ok(Decimal::ZERO);
    }
    let hundredths = libm::round(10_000.0 * part / whole);
    decimal(hundredths / 100.0)
}

fn quanta(value: f64, scale: u32) -> Result<i128, ValueError> {
    let overflow = || ValueError::Overflow { what: WHAT };
    if !value.is_finite() {
        return Err(overflow());
    }
    // The standard library writes the exact value rounded half to even, in software, so the digits
    // are the same everywhere.
    let text = format!("{value:.5e}");
    let (mantissa, exponent) = text.split_once('e').ok_or_else(overflow)?;
    let digits: i64 = mantissa.replace('.', "").parse().map_err(|_| overflow())?;
    let exponent: i32 = exponent.parse().map_err(|_| overflow())?;
    let shift = i64::from(exponent) - 5 + i64::from(scale);
    let digits = Wide::from(digits);
    let power = |n: i64| u32::try_from(n).map_err(|_| overflow()).and_then(power_of_ten);
    if shift < -70 {
        return Ok(0);
    }
    let whole = if shift >= 0 {
        product(digits, power(shift)?, WHAT)?
    } else {
        quotient(digits, power(-shift)?, WHAT)?
    };
    narrow(whole, WHAT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_are_kept_and_no_artefact_shows() {
        for (value, text) in [
            (0.1 + 0.2, "0.3"),
            (1_234_567.0, "1234570"),
            (-0.000_123_456_78, "-0.000123457"),
            (1e-14, "0.00000000000001"),
            (4e-16, "0"),
            (1e-300, "0"),
            (0.0, "0"),
            (-0.0, "0"),
        ] {
            assert_eq!(co2e(value).unwrap().to_string(), text);
        }
        assert!(co2e(f64::NAN).is_err() && co2e(f64::INFINITY).is_err() && co2e(1e19).is_err());
        assert_eq!(percent(1.0, 3.0).unwrap().to_string(), "33.33");
    }
}
