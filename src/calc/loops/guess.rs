//! Gauss-Seidel in floating point: a guess that the exact residual then corrects. Nothing here is believed: a wrong guess costs a round, a
//! wrong digit cannot come of it.

#![allow(clippy::float_arithmetic, reason = "a guess that is certified in whole numbers before any use")]

use super::system::System;
use crate::model::wide::Wide;

/// Sweeps before it is given up.
const SWEEPS_MAX: usize = 20_000;

/// The equations divided by their diagonal.
pub(super) struct Guess<'s> {
    system: &'s System,
    /// `n / (d - self)`, in the order of the system's columns; 0 for the process itself.
    ratios: Vec<f64>,
    /// `1 / (factor * (d - self))`.
    scales: Vec<f64>,
}

impl<'s> Guess<'s> {
    /// With the coefficients as they are, or all taken as burdens.
    pub(super) fn new(system: &'s System, absolute: bool) -> Self {
        let mut ratios = Vec::with_capacity(system.columns().len());
        let mut scales = Vec::with_capacity(system.rows());
        for number in 0..system.rows() {
            let row = system.row(number);
            let value = |c: &Wide| if absolute { c.as_f64().abs() } else { c.as_f64() };
            let edges = || row.columns.iter().zip(row.coefficients);
            let itself: f64 = edges().filter(|e| *e.0 as usize == number).map(|e| value(e.1)).sum();
            let left = row.diagonal.as_f64() - itself;
            ratios.extend(edges().map(|e| if *e.0 as usize == number { 0.0 } else { value(e.1) / left }));
            scales.push(1.0 / (left * system.factor(number).as_f64()));
        }
        Self { system, ratios, scales }
    }

    /// Solves for a right-hand side with `lanes` values for each row, until every step is below `relative` times the largest value or below
    /// `absolute`; `None` where it does not settle.
    pub(super) fn solve(&self, rhs: &[Wide], lanes: usize, relative: f64, absolute: f64) -> Option<Vec<f64>> {
        let scaled =
            |(at, value): (usize, &Wide)| value.as_f64() * self.scales.get(at / lanes).unwrap_or(&0.0);
        let b: Vec<f64> = rhs.iter().enumerate().map(scaled).collect();
        let mut x = vec![0.0; b.len()];
        let mut lane = 0;
        while lane < lanes {
            let settled = match lanes - lane {
                8.. => self.settle::<8>(&b, &mut x, (lane, lanes), relative, absolute),
                4.. => self.settle::<4>(&b, &mut x, (lane, lanes), relative, absolute),
                3 => self.settle::<3>(&b, &mut x, (lane, lanes), relative, absolute),
                2 => self.settle::<2>(&b, &mut x, (lane, lanes), relative, absolute),
                _ => self.settle::<1>(&b, &mut x, (lane, lanes), relative, absolute),
            }?;
            lane += settled;
        }
        Some(x)
    }

    /// The vector `w = 1 + |A| w`, to three digits.
    pub(super) fn certificate(&self) -> Option<Vec<f64>> {
        let b = vec![1.0; self.system.rows()];
        let mut w = b.clone();
        self.settle::<1>(&b, &mut w, (0, 1), 1e-4, 0.0)?;
        Some(w)
    }

    /// A vector that grows where the loop does: some sweeps of `x = A x`, the largest value kept at one.
    pub(super) fn growth(&self) -> Vec<f64> {
        let b = vec![0.0; self.system.rows()];
        let mut x = vec![1.0; b.len()];
        for _ in 0..500 {
            self.sweep::<1>(&b, &mut x, (0, 1));
            let most = x.iter().fold(f64::MIN_POSITIVE, |m, v| m.max(v.abs()));
            x.iter_mut().for_each(|v| *v /= most);
        }
        x
    }

    fn settle<const K: usize>(
        &self,
        b: &[f64],
        x: &mut [f64],
        at: (usize, usize),
        relative: f64,
        absolute: f64,
    ) -> Option<usize> {
        for _ in 0..SWEEPS_MAX {
            let (step, most) = self.sweep::<K>(b, x, at);
            if (0..K).any(|k| !most[k].is_finite() || most[k] > 1e150) {
                return None;
            }
            if (0..K).all(|k| step[k] <= (relative * most[k]).max(absolute)) {
                return Some(K);
            }
        }
        None
    }

    /// One sweep over all rows; the largest step and the largest value of each lane.
    fn sweep<const K: usize>(
        &self,
        b: &[f64],
        x: &mut [f64],
        (lane, lanes): (usize, usize),
    ) -> ([f64; K], [f64; K]) {
        let (mut step, mut most) = ([0.0_f64; K], [0.0_f64; K]);
        let (columns, starts) = (self.system.columns(), self.system.starts());
        for (row, ends) in starts.windows(2).enumerate() {
            let at = row * lanes + lane;
            let Some(mut sums) = b.get(at..at + K).and_then(|b| <[f64; K]>::try_from(b).ok()) else {
                continue;
            };
            let (Some(columns), Some(ratios)) =
                (columns.get(ends[0]..ends[1]), self.ratios.get(ends[0]..ends[1]))
            else {
                continue;
            };
            for (column, ratio) in columns.iter().zip(ratios) {
                let from = *column as usize * lanes + lane;
                if let Some(values) = x.get(from..from + K) {
                    for k in 0..K {
                        sums[k] += ratio * values[k];
                    }
                }
            }
            if let Some(values) = x.get_mut(at..at + K) {
                for k in 0..K {
                    step[k] = step[k].max((sums[k] - values[k]).abs());
                    most[k] = most[k].max(sums[k].abs());
                    values[k] = sums[k];
                }
            }
        }
        (step, most)
    }
}

/// The nearest whole number; `None` beyond what a guess may be.
#[allow(clippy::cast_possible_truncation, reason = "bounded on the line before")]
pub(super) fn whole(value: f64) -> Option<i128> {
    (value.abs() < 1e37).then(|| value.round() as i128)
}

/// `value * 2^bits`, rounded; `None` beyond what a guess may be.
pub(super) fn scaled(value: f64, bits: u32) -> Option<i128> {
    whole(value * f64::from(1_u32 << (bits / 2)) * f64::from(1_u32 << (bits - bits / 2)))
}
