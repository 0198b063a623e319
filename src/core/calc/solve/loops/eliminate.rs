//! Exact elimination for small loops without a certificate: fraction-free Gauss-Jordan (Bareiss
//! 1968) in whole numbers of any size.

use num_bigint::{BigInt, Sign};

use super::system::System;
use super::{TIE_BITS, Unsolved};
use crate::model::ValueError;
use crate::model::wide::Wide;

/// The rounded solution. Where nothing is avoided every pivot must be above zero: else a part of
/// the loop takes in at least as much as it makes.
pub(super) fn solve(system: &System, rhs: &[Wide], lanes: usize) -> Result<Vec<i128>, Unsolved> {
    let (n, positive) = (system.rows(), system.is_positive());
    let mut matrix: Vec<Vec<BigInt>> = (0..n).map(|row| augmented(system, rhs, lanes, row)).collect();
    let mut before = BigInt::from(1);
    let mut turned = false;
    for k in 0..n {
        if !positive {
            let Some(pivot) = (k..n).find(|row| entry(&matrix, *row, k).sign() != Sign::NoSign) else {
                return Err(Unsolved::Singular);
            };
            turned ^= pivot != k;
            matrix.swap(k, pivot);
        }
        let pivot = entry(&matrix, k, k);
        if positive && pivot.sign() != Sign::Plus {
            return Err(Unsolved::Consumes);
        }
        let of_pivot = matrix.get(k).cloned().unwrap_or_default();
        for (row, values) in matrix.iter_mut().enumerate().filter(|(row, _)| *row != k) {
            let times = values.get(k).cloned().unwrap_or_default();
            for (column, value) in values.iter_mut().enumerate() {
                if column > k || column == row {
                    let taken = of_pivot.get(column).map(|p| p * &times).unwrap_or_default();
                    *value = (&*value * &pivot - taken) / &before; // OK because Bareiss's division leaves nothing.
                }
            }
            if let Some(value) = values.get_mut(k) {
                *value = BigInt::default();
            }
        }
        before = pivot;
    }
    // Every diagonal now holds the determinant, turned once for each exchange of rows.
    if turned != (before.sign() == Sign::Minus) {
        return Err(Unsolved::Consumes);
    }
    let mut solved = Vec::with_capacity(n * lanes);
    for values in &matrix {
        for value in values.iter().skip(n) {
            solved.push(rounded(value, &before)?);
        }
    }
    Ok(solved)
}

fn augmented(system: &System, rhs: &[Wide], lanes: usize, number: usize) -> Vec<BigInt> {
    let row = system.row(number);
    let factor = big(system.factor(number));
    let mut values = vec![BigInt::default(); system.rows()];
    for (column, coefficient) in row.columns.iter().zip(row.coefficients) {
        if let Some(value) = values.get_mut(*column as usize) {
            *value -= big(*coefficient) * &factor;
        }
    }
    if let Some(value) = values.get_mut(number) {
        *value += big(row.diagonal) * &factor;
    }
    values.extend(rhs.iter().skip(number * lanes).take(lanes).map(|b| big(*b)));
    values
}

fn entry(matrix: &[Vec<BigInt>], row: usize, column: usize) -> BigInt {
    matrix.get(row).and_then(|values| values.get(column)).cloned().unwrap_or_default()
}

fn big(value: Wide) -> BigInt {
    let sign = if value < 0 { Sign::Minus } else { Sign::Plus };
    BigInt::from_bytes_le(sign, &value.unsigned_abs().to_le_bytes())
}

/// `numerator / denominator`, half to even, where within 2^-64 of a half counts as that half.
fn rounded(numerator: &BigInt, denominator: &BigInt) -> Result<i128, Unsolved> {
    let (n, d) = match denominator.sign() {
        Sign::Minus => (-numerator, -denominator),
        _ => (numerator.clone(), denominator.clone()),
    };
    let mut whole = &n / &d;
    if whole.clone() * &d > n {
        whole -= 1;
    }
    let rest = n - &whole * &d;
    let apart: BigInt = 2 * rest - &d; // of twice the denominator
    let tie = (BigInt::from(apart.magnitude().clone()) << TIE_BITS) <= 2 * d;
    let odd = whole.bit(0);
    if (tie && odd) || (!tie && apart.sign() == Sign::Plus) {
        whole += 1;
    }
    i128::try_from(whole).map_err(|_| ValueError::Overflow { what: "loop of products" }.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_within_the_window_of_a_half_is_a_tie() {
        let one = BigInt::from(1) << 70;
        for (away, expected) in [(0, 0), (64, 0), (-64, 0), (65, 1), (-65, 0)] {
            let numerator = (&one >> 1) + away;
            assert_eq!(rounded(&numerator, &one), Ok(expected), "{away} parts of 2^-70 off the half");
        }
        let numerator = &one + (&one >> 1) - 64;
        assert_eq!(rounded(&numerator, &one), Ok(2), "to even");
    }

    #[test]
    fn negative_numbers_round_as_their_mirror_images() {
        for n in -20..20 {
            let (plus, minus) = (rounded(&n.into(), &8.into()), rounded(&(-n).into(), &8.into()));
            assert_eq!(plus.unwrap(), -minus.unwrap());
            assert_eq!(rounded(&(-n).into(), &(-8).into()), rounded(&n.into(), &8.into()));
        }
    }
}
