//! Refines a guess with exact residuals until every value is on one side of its half, or on it, and
//! proves each with the certificate.

use super::guess::{self, Guess};
use super::system::System;
use super::{ROUND_BITS, ROUNDS_MAX, TIE_BITS, Unsolved};
use crate::model::ValueError;
use crate::model::wide::{Wide, narrow, product, sum};

const WHAT: &str = "loop of products";

/// Bits behind the point of a certificate's components.
const WEIGHT_BITS: u32 = 16;

/// Bits behind the point of the bound `max |r| / delta`.
const BOUND_BITS: u32 = 32;

/// A positive integer vector w with `delta = D w - |N| w > 0` in every row: then |x| <= w * max |b|
/// / delta for every right-hand side b.
pub(super) struct Certificate {
    weights: Vec<i128>,
    deltas: Vec<Wide>,
}

impl Certificate {
    /// Looks for one, with everything taken as burdens; `None` where the guess leads to none.
    pub(super) fn find(system: &System, burdens: &Guess<'_>) -> Result<Option<Self>, ValueError> {
        let Some(guess) = burdens.certificate() else { return Ok(None) };
        let weight = |w: &f64| guess::scaled(*w, WEIGHT_BITS).filter(|w| (1..1 << 60).contains(w));
        let Some(weights) = guess.iter().map(weight).collect::<Option<Vec<i128>>>() else { return Ok(None) };
        let deltas = system.times(&weights, 1, true)?;
        Ok(deltas.iter().all(|delta| *delta > 0).then_some(Self { weights, deltas }))
    }

    /// The bound of each lane, `max_q |r_q| / delta_q` as a whole number of 2^-32, rounded up:
    /// guessed, then proven row by row.
    fn bounds(&self, residuals: &[Wide], lanes: usize) -> Result<Vec<Wide>, ValueError> {
        let mut bounds = vec![Wide::ZERO; lanes];
        for (of_row, delta) in residuals.chunks(lanes).zip(&self.deltas) {
            for (residual, bound) in of_row.iter().zip(&mut bounds) {
                let scaled = product(residual.abs(), Wide::ONE << BOUND_BITS, WHAT)?;
                if product(*bound, *delta, WHAT)? < scaled {
                    *bound = sum(scaled / *delta, Wide::ONE, WHAT)?; // OK because every delta is above zero.
                }
            }
        }
        Ok(bounds)
    }
}

/// True where some vector proves that the loop takes in at least as much as it makes: v >= 0, not
/// 0, with `N v >= D v`.
pub(super) fn consumes_itself(system: &System, burdens: &Guess<'_>) -> Result<bool, ValueError> {
    if (0..system.rows()).any(|row| system.consumes_own(row)) {
        return Ok(true);
    }
    let growth = burdens.growth();
    let Some(v) = growth.iter().map(|g| guess::scaled(*g, 48)).collect::<Option<Vec<i128>>>() else {
        return Ok(false);
    };
    let left = system.times(&v, 1, true)?;
    Ok(v.iter().any(|v| *v > 0) && v.iter().all(|v| *v >= 0) && left.iter().all(|left| *left <= 0))
}

/// A value on its way: whole quanta, and a fraction of `2^-bits`.
#[derive(Clone, Copy)]
struct Value {
    whole: i128,
    fraction: Wide,
}

/// The rounded solution, or what stands in its way.
pub(super) fn refine(
    system: &System,
    certificate: &Certificate,
    guess: &Guess<'_>,
    rhs: &[Wide],
    lanes: usize,
) -> Result<Vec<i128>, Unsolved> {
    let first = whole_numbers(guess, rhs, lanes, 1e-15)?;
    let mut residuals = less(rhs, &system.times(&first, lanes, false)?)?;
    let mut values: Vec<Value> =
        first.into_iter().map(|whole| Value { whole, fraction: Wide::ZERO }).collect();
    for round in 1..ROUNDS_MAX {
        for residual in &mut residuals {
            *residual = product(*residual, Wide::ONE << ROUND_BITS, WHAT)?;
        }
        let steps = whole_numbers(guess, &residuals, lanes, 1e-11)?;
        residuals = less(&residuals, &system.times(&steps, lanes, false)?)?;
        let bits = round * ROUND_BITS;
        for (value, step) in values.iter_mut().zip(&steps) {
            value.add(*step, bits)?;
        }
        let bounds = certificate.bounds(&residuals, lanes)?;
        let mut decided = Vec::with_capacity(values.len());
        for (of_row, weight) in values.chunks(lanes).zip(&certificate.weights) {
            for (value, bound) in of_row.iter().zip(&bounds) {
                decided.extend(value.rounded(error(*bound, *weight)?, bits));
            }
        }
        if decided.len() == values.len() {
            return Ok(decided);
        }
    }
    Err(Unsolved::Undecided)
}

/// At most how far a value of a row with this weight is off, rounded up.
fn error(bound: Wide, weight: i128) -> Result<Wide, ValueError> {
    Ok((product(bound, Wide::from(weight), WHAT)? >> BOUND_BITS) + 1)
}

fn whole_numbers(guess: &Guess, rhs: &[Wide], lanes: usize, relative: f64) -> Result<Vec<i128>, Unsolved> {
    let x = guess.solve(rhs, lanes, relative, 0.25).ok_or(Unsolved::Undecided)?;
    x.into_iter().map(guess::whole).collect::<Option<Vec<i128>>>().ok_or(Unsolved::Undecided)
}

fn less(from: &[Wide], what: &[Wide]) -> Result<Vec<Wide>, ValueError> {
    let one = |(a, b): (&Wide, &Wide)| a.checked_sub(*b).ok_or(ValueError::Overflow { what: WHAT });
    from.iter().zip(what).map(one).collect()
}

impl Value {
    /// Moves the fraction one round further, to `bits` behind the point, adds a step of the last
    /// bit, and carries.
    fn add(&mut self, step: i128, bits: u32) -> Result<(), ValueError> {
        let moved = sum(product(self.fraction, Wide::ONE << ROUND_BITS, WHAT)?, Wide::from(step), WHAT)?;
        let carry = narrow(moved >> bits, WHAT)?; // OK because a shift to the right rounds down, so what is left is not below zero.
        self.fraction = moved - (Wide::from(carry) << bits);
        self.whole = self.whole.checked_add(carry).ok_or(ValueError::Overflow { what: WHAT })?;
        Ok(())
    }

    /// Half to even; `None` where the error leaves open on which side of the half it lies, or
    /// whether on it.
    fn rounded(self, error: Wide, bits: u32) -> Option<i128> {
        let apart = self.fraction - (Wide::ONE << (bits - 1));
        let tie = if bits >= TIE_BITS { Wide::ONE << (bits - TIE_BITS) } else { Wide::ONE };
        if apart.abs() - error > tie {
            return Some(if apart > 0 { self.whole + 1 } else { self.whole });
        }
        (bits >= TIE_BITS && apart.abs() + error <= tie).then(|| self.whole + (self.whole & 1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wide(values: &[i64]) -> Vec<Wide> {
        values.iter().map(|value| Wide::from(*value)).collect()
    }

    #[test]
    fn the_bound_of_a_lane_holds_for_every_row_and_is_rounded_up() {
        let certificate = Certificate { weights: vec![1, 1, 1], deltas: wide(&[3, 7, 5]) };
        // Two lanes; the largest |r| / delta is that of the first row, then of the second.
        let residuals = wide(&[-5, 1, 8, 9, 1, -2]);
        let bounds = certificate.bounds(&residuals, 2).unwrap();
        for (of_row, delta) in residuals.chunks(2).zip(&certificate.deltas) {
            for (residual, bound) in of_row.iter().zip(&bounds) {
                assert!(*bound * *delta >= residual.abs() << BOUND_BITS, "{residual} / {delta}");
            }
        }
        let tight =
            |bound: Wide, r: i64, delta: i64| (bound - 1) * Wide::from(delta) < Wide::from(r) << BOUND_BITS;
        assert!(tight(bounds[0], 5, 3) && tight(bounds[1], 9, 7), "{bounds:?}");
    }

    #[test]
    fn the_error_of_a_row_is_its_weight_times_the_bound() {
        let half = Wide::ONE << (BOUND_BITS - 1);
        assert_eq!(error(half, 1).unwrap(), Wide::ONE, "a half, rounded up");
        assert_eq!(error(half, 1000).unwrap(), Wide::from(501));
        assert_eq!(error(Wide::ZERO, 1000).unwrap(), Wide::ONE);
    }

    #[test]
    fn a_value_is_decided_only_where_its_error_leaves_one_answer() {
        let bits = 96;
        let value = |apart: i64| Value { whole: 6, fraction: (Wide::ONE << (bits - 1)) + Wide::from(apart) };
        let tie = 1_i64 << (bits - TIE_BITS);
        for (apart, error, expected) in [
            (tie + 10, 9, Some(7)),
            (tie + 10, 10, None),
            (-tie - 10, 9, Some(6)),
            (-tie - 10, 10, None),
            (tie - 10, 10, Some(6)),
            (tie - 10, 11, None),
            (0, tie, Some(6)),
            (0, tie + 1, None),
        ] {
            let rounded = value(apart).rounded(Wide::from(error), bits);
            assert_eq!(rounded, expected, "{apart} off the half, error {error}");
        }
        assert_eq!(Value { whole: 7, ..value(0) }.rounded(Wide::ONE, bits), Some(8), "to even");
    }
}
