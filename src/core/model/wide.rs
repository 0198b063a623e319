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
    // Nearly every factor has at most 64 bits or 128, and then nothing can overflow: one
    // multiplication of the processor, or four.
    if let (Some(a), Some(b)) = (word(a), word(b)) {
        return Ok(Wide::new(i128::from(a) * i128::from(b)));
    }
    if let (Ok(a), Ok(b)) = (i128::try_from(a), i128::try_from(b)) {
        let size = widened(a.unsigned_abs(), b.unsigned_abs());
        return Ok(if (a < 0) == (b < 0) { size } else { -size }); // OK because the size is at most 2^254.
    }
    a.checked_mul(b).ok_or(ValueError::Overflow { what })
}

/// A number that 64 bits hold.
fn word(value: Wide) -> Option<i64> {
    let (high, low) = value.into_words();
    i64::try_from(low).ok().filter(|low| high == i128::from(*low >> 63))
}

/// `a * b` of numbers up to 2^127.
fn widened(a: u128, b: u128) -> Wide {
    const LOW: u128 = u64::MAX as u128;
    let (a_high, a_low, b_high, b_low) = (a >> 64, a & LOW, b >> 64, b & LOW);
    // OK because each factor is below 2^64, so a product is at most 2^128 - 2^65 + 1; the sum of
    // three parts below 2^64 is below 2^66.
    let (low, cross, other, high) = (a_low * b_low, a_low * b_high, a_high * b_low, a_high * b_high);
    let middle = (low >> 64) + (cross & LOW) + (other & LOW);
    // OK because the whole is at most 2^254.
    let high = high + (cross >> 64) + (other >> 64) + (middle >> 64);
    Wide::from_words(high.cast_signed(), ((low & LOW) | (middle << 64)).cast_signed())
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
/// use pcf_core::model::wide::{Wide, quotient};
/// assert_eq!(quotient(Wide::new(5), Wide::new(2), "half")?, Wide::new(2));
/// assert_eq!(quotient(Wide::new(-7), Wide::new(2), "half")?, Wide::new(-4));
/// assert!(quotient(Wide::ONE, Wide::ZERO, "nothing").is_err());
/// # Ok::<(), pcf_core::model::ValueError>(())
/// ```
pub fn quotient(numerator: Wide, denominator: Wide, what: &'static str) -> Result<Wide, ValueError> {
    if let (Ok(numerator), Some(denominator)) =
        (i128::try_from(numerator), word(denominator).filter(|d| *d > 0))
    {
        return Ok(Wide::new(divided(numerator, denominator)));
    }
    if let (Ok(numerator), Ok(denominator)) = (i128::try_from(numerator), i128::try_from(denominator))
        && denominator > 0
    {
        return Ok(Wide::new(half_even(numerator, denominator)));
    }
    let overflow = ValueError::Overflow { what };
    let Some(whole) = numerator.checked_div(denominator) else { return Err(overflow) };
    let rest = numerator - whole * denominator; // OK because it lies between zero and the numerator.
    let (rest, half) = (rest.unsigned_abs(), denominator.unsigned_abs() - rest.unsigned_abs());
    // `rest` against `denominator - rest` is `2 * rest` against `denominator` without the doubling
    // that could overflow.
    let away = rest > half || (rest == half && whole % 2 != 0);
    if !away {
        return Ok(whole);
    }
    let step = if (numerator < 0) == (denominator < 0) { Wide::ONE } else { Wide::MINUS_ONE };
    whole.checked_add(step).ok_or(overflow)
}

/// `total / divisor` of a divisor above zero, half to even, with the 64-bit division where it is
/// enough.
#[inline]
pub(crate) fn divided(total: i128, divisor: i64) -> i128 {
    if divisor == 1 {
        return total;
    }
    let (whole, rest) = match i64::try_from(total) {
        Ok(total) => (i128::from(total / divisor), total % divisor), // OK because the divisor is above zero.
        Err(_) => {
            let whole = total / i128::from(divisor);
            let rest = total - whole * i128::from(divisor);
            (whole, i64::try_from(rest).unwrap_or_default()) // OK because a rest is smaller than the divisor.
        }
    };
    let (rest, half) = (rest.unsigned_abs(), divisor.unsigned_abs() - rest.unsigned_abs());
    if rest < half || (rest == half && whole & 1 == 0) {
        return whole;
    }
    if total < 0 { whole - 1 } else { whole + 1 }
}

/// `numerator / denominator` of a denominator above zero, half to even.
pub(crate) fn half_even(numerator: i128, denominator: i128) -> i128 {
    let (whole, rest) = (numerator / denominator, (numerator % denominator).unsigned_abs());
    let half = denominator.unsigned_abs() - rest; // OK because a rest is smaller than the denominator.
    if rest < half || (rest == half && whole & 1 == 0) {
        return whole;
    }
    if numerator < 0 { whole - 1 } else { whole + 1 }
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
    if exponent <= 38 {
        return Ok(Wide::new(10_i128.pow(exponent))); // OK because 10^38 is below 2^127.
    }
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

    /// Numbers of every length, with those where a part of the multiplication is full.
    fn samples() -> Vec<Wide> {
        let mut all = vec![Wide::ZERO, Wide::new(i128::MAX), Wide::new(i128::MIN), Wide::MAX, Wide::MIN];
        let mut state = 0x9e37_79b9_7f4a_7c15_u128;
        for bits in 1..255_u32 {
            state = state.wrapping_mul(0xda94_2042_e4dd_58b5).rotate_left(29) ^ 0x5851_f42d_4c95_7f2d;
            let random = Wide::from_words(state.cast_signed(), state.rotate_left(64).cast_signed());
            let full = (Wide::ONE << bits) - 1;
            all.extend([random & full, full, Wide::ONE << (bits - 1), -(random & full)]);
        }
        all
    }

    #[test]
    fn products_and_quotients_of_every_length_are_those_of_256_bits() {
        let all = samples();
        for a in &all {
            for b in &all {
                assert_eq!(product(*a, *b, "t").ok(), a.checked_mul(*b), "{a} * {b}");
                let Ok(whole) = quotient(*a, *b, "t") else {
                    assert!(*b == 0 || (*a == Wide::MIN && *b == -1), "{a} / {b}");
                    continue;
                };
                let rest = a.wrapping_sub(whole.wrapping_mul(*b)).unsigned_abs();
                let left = b.unsigned_abs() - rest;
                assert!(rest < left || (rest == left && whole % 2 == 0), "{a} / {b} is not {whole}");
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        assert!(product(Wide::MAX, Wide::new(2), "t").is_err());
        assert!(quotient(Wide::MIN, Wide::MINUS_ONE, "t").is_err());
        assert!(narrow(Wide::MAX, "t").is_err());
        assert_eq!(quotient(Wide::MAX, Wide::MAX, "t").unwrap(), Wide::ONE);
    }
}
