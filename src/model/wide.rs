//! Whole numbers of 256 bits and the project's one rounding: half to even.

use ethnum::I256;

use super::ValueError;

/// A signed 256-bit whole number: wide enough for amount (10^30) x source (10^33) x share (10^15).
pub type Wide = I256;

/// `a * b`, or an error where 256 bits do not hold it.
///
/// # Errors
/// [`ValueError::Overflow`] with `what` as the operation's name.
pub fn product(a: Wide, b: Wide, what: &'static str) -> Result<Wide, ValueError> {
    a.checked_mul(b).ok_or(ValueError::Overflow { what })
}

/// `a + b`, or an error where 256 bits do not hold it.
///
/// # Errors
/// [`ValueError::Overflow`] with `what` as the operation's name.
pub fn sum(a: Wide, b: Wide, what: &'static str) -> Result<Wide, ValueError> {
    a.checked_add(b).ok_or(ValueError::Overflow { what })
}

/// `numerator / denominator`, rounded half to even.
///
/// # Errors
/// [`ValueError::Overflow`] where the denominator is zero or the result leaves 256 bits.
///
/// ```
/// use pcf_ledger::model::wide::{Wide, quotient};
/// assert_eq!(quotient(Wide::new(5), Wide::new(2), "half")?, Wide::new(2));
/// assert_eq!(quotient(Wide::new(-7), Wide::new(2), "half")?, Wide::new(-4));
/// assert!(quotient(Wide::ONE, Wide::ZERO, "nothing").is_err());
/// # Ok::<(), pcf_ledger::model::ValueError>(())
/// ```
pub fn quotient(numerator: Wide, denominator: Wide, what: &'static str) -> Result<Wide, ValueError> {
    let overflow = ValueError::Overflow { what };
    let (Some(whole), Some(rest)) = (numerator.checked_div(denominator), numerator.checked_rem(denominator))
    else {
        return Err(overflow);
    };
    let (rest, half) = (rest.unsigned_abs(), denominator.unsigned_abs() - rest.unsigned_abs());
    // `rest` against `denominator - rest` is `2 * rest` against `denominator` without the doubling that could overflow.
    let away = rest > half || (rest == half && whole % 2 != 0);
    if !away {
        return Ok(whole);
    }
    let step = if (numerator < 0) == (denominator < 0) { Wide::ONE } else { Wide::MINUS_ONE };
    whole.checked_add(step).ok_or(overflow)
}

/// A 256-bit number as an `i128`.
///
/// # Errors
/// [`ValueError::Overflow`] where it does not fit.
pub fn narrow(value: Wide, what: &'static str) -> Result<i128, ValueError> {
    i128::try_from(value).map_err(|_| ValueError::Overflow { what })
}

/// `10^exponent` for exponents up to 76.
///
/// # Errors
/// [`ValueError::Overflow`] beyond.
pub fn power_of_ten(exponent: u32) -> Result<Wide, ValueError> {
    Wide::new(10).checked_pow(exponent).ok_or(ValueError::Overflow { what: "power of ten" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn halves_go_to_even_on_both_sides_of_zero() {
        for (numerator, expected) in
            [(1, 0), (3, 2), (5, 2), (7, 4), (-1, 0), (-3, -2), (-5, -2), (4, 2), (0, 0)]
        {
            let rounded = quotient(Wide::new(numerator), Wide::new(2), "t").unwrap();
            assert_eq!(rounded, Wide::new(expected), "{numerator}/2");
            let mirrored = quotient(Wide::new(-numerator), Wide::new(-2), "t").unwrap();
            assert_eq!(mirrored, rounded, "{numerator}/2 with both signs turned");
        }
        assert_eq!(quotient(Wide::new(2), Wide::new(3), "t").unwrap(), Wide::new(1));
        assert_eq!(quotient(Wide::new(1), Wide::new(3), "t").unwrap(), Wide::new(0));
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        assert!(product(Wide::MAX, Wide::new(2), "t").is_err());
        assert!(quotient(Wide::MIN, Wide::MINUS_ONE, "t").is_err());
        assert!(narrow(Wide::MAX, "t").is_err());
        assert_eq!(quotient(Wide::MAX, Wide::MAX, "t").unwrap(), Wide::ONE);
    }
}
