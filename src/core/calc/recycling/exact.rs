//! Exact numbers of the recycling formula: products of up to five decimals, which 256 bits do not
//! hold. Rounds half to even, and only where asked.

use num_bigint::{BigInt, Sign};

use crate::model::wide::Wide;
use crate::model::{Co2e, Decimal, ValueError};

/// Decimals multiplied in the longest term: kg, 1-B, R3, LHV, X.
const LENGTH: usize = 5;

const WHAT: &str = "recycling formula";

/// The product of at most five decimals, as a whole number of 1e-60.
pub(super) fn times(decimals: &[i128]) -> BigInt {
    let all = decimals.iter().fold(BigInt::from(1), |all, decimal| all * *decimal);
    (decimals.len()..LENGTH).fold(all, |all, _| all * Decimal::ONE.quanta())
}

/// An exact number: `numerator / denominator`, the denominator above zero.
#[derive(Debug, Clone)]
pub(super) struct Fraction {
    numerator: BigInt,
    denominator: BigInt,
}

impl Fraction {
    pub(super) fn zero() -> Self {
        Self { numerator: BigInt::default(), denominator: BigInt::from(1) }
    }

    /// `amount` of 1e-60, times `n / d`.
    pub(super) fn of(amount: &BigInt, (n, d): (u64, u64)) -> Self {
        Self { numerator: amount * n, denominator: times(&[]) * d }
    }

    pub(super) fn times(&self, whole: i128) -> Self {
        Self { numerator: &self.numerator * whole, denominator: self.denominator.clone() }
    }

    pub(super) fn plus(&self, more: &Self) -> Self {
        Self {
            numerator: &self.numerator * &more.denominator + &more.numerator * &self.denominator,
            denominator: &self.denominator * &more.denominator,
        }
    }

    /// The nearest whole number, half to even.
    fn rounded(&self) -> BigInt {
        let (mut whole, mut rest) =
            (&self.numerator / &self.denominator, &self.numerator % &self.denominator);
        if rest.sign() == Sign::Minus {
            whole -= 1;
            rest += &self.denominator;
        }
        let doubled: BigInt = rest * 2;
        if doubled > self.denominator || (doubled == self.denominator && whole.bit(0)) {
            whole += 1;
        }
        whole
    }

    /// As kg CO2e, where it is a number of 1e-15 kg.
    pub(super) fn co2e(&self) -> Result<Co2e, ValueError> {
        Co2e::from_quanta(self.narrow()?)
    }

    /// Rounded to a whole number of 128 bits.
    pub(super) fn narrow(&self) -> Result<i128, ValueError> {
        i128::try_from(self.rounded()).map_err(|_| ValueError::Overflow { what: WHAT })
    }

    /// Rounded to a whole number of `1 / scale`.
    pub(super) fn wide(&self, scale: &BigInt) -> Result<Wide, ValueError> {
        let scaled = Self { numerator: &self.numerator * scale, denominator: self.denominator.clone() };
        let whole = scaled.rounded();
        let bytes = whole.to_signed_bytes_le();
        let mut all = [if whole.sign() == Sign::Minus { 0xff } else { 0 }; 32];
        let low = all.get_mut(..bytes.len()).ok_or(ValueError::Overflow { what: WHAT })?;
        low.copy_from_slice(&bytes);
        Ok(Wide::from_le_bytes(all))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fraction(numerator: i64, denominator: i64) -> Fraction {
        Fraction { numerator: numerator.into(), denominator: denominator.into() }
    }

    #[test]
    fn halves_go_to_the_even_neighbour_on_both_sides_of_zero() {
        let rounded = |n, d| fraction(n, d).narrow().unwrap();
        assert_eq!([rounded(1, 2), rounded(3, 2), rounded(-1, 2), rounded(-3, 2)], [0, 2, 0, -2]);
        assert_eq!([rounded(-5, 3), rounded(5, 3), rounded(-4, 3)], [-2, 2, -1]);
    }

    #[test]
    fn wide_numbers_keep_their_sign_and_what_does_not_fit_is_an_error() {
        let one = BigInt::from(1);
        for n in [0, 1, -1, 255, -256, i64::MAX, i64::MIN] {
            assert_eq!(fraction(n, 1).wide(&one).unwrap(), Wide::from(n), "{n}");
        }
        assert_eq!(fraction(-1, 3).wide(&one).unwrap(), Wide::ZERO, "a little below zero");
        assert!(fraction(1, 1).wide(&(one << 255)).is_err());
        assert!(fraction(i64::MAX, 1).times(i128::MAX).narrow().is_err());
    }

    #[test]
    fn a_product_of_few_decimals_has_the_scale_of_five() {
        assert_eq!(times(&[]), times(&[Decimal::ONE.quanta(); 5]));
    }
}
