//! Gauss-Seidel in floating point, forward and backward in turns, extrapolated: a guess that the
//! exact residual then corrects. Nothing here is believed: a wrong guess costs a round, a wrong
//! digit cannot come of it.

#![allow(clippy::float_arithmetic, reason = "a guess that is certified in whole numbers before any use")]

use super::system::System;
use crate::model::wide::Wide;

/// Sweeps before it is given up.
const SWEEPS_MAX: usize = 20_000;

/// Sweeps that are extrapolated; the plain ones after them settle wherever the loop makes more than
/// it takes in.
const EXTRAPOLATED_MAX: usize = 1_000;

/// A step that is larger than the smallest before by more than this ends the extrapolation.
const GROWTH_MAX: f64 = 1e3;

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
            let value = |c: &Wide| if absolute { float(c).abs() } else { float(c) };
            let edges = || row.columns.iter().zip(row.coefficients);
            let itself: f64 = edges().filter(|e| *e.0 as usize == number).map(|e| value(e.1)).sum();
            let left = float(&row.diagonal) - itself;
            ratios.extend(edges().map(|e| if *e.0 as usize == number { 0.0 } else { value(e.1) / left }));
            scales.push(1.0 / (left * float(&system.factor(number))));
        }
        Self { system, ratios, scales }
    }

    /// Solves for a right-hand side with `lanes` values for each row, until every step is below
    /// `relative` times the largest value or below `absolute`; `None` where it does not settle.
    pub(super) fn solve(&self, rhs: &[Wide], lanes: usize, relative: f64, absolute: f64) -> Option<Vec<f64>> {
        let of_row =
            |(values, scale): (&[Wide], &f64)| values.iter().map(|v| float(v) * scale).collect::<Vec<_>>();
        let b: Vec<f64> = rhs.chunks(lanes).zip(&self.scales).flat_map(of_row).collect();
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

    /// A vector that grows where the loop does: some sweeps of `x = A x`, the largest value kept at
    /// one.
    pub(super) fn growth(&self) -> Vec<f64> {
        let b = vec![0.0; self.system.rows()];
        let mut x = vec![1.0; b.len()];
        let mut steps = vec![[0.0]; b.len()];
        for _ in 0..500 {
            self.sweep::<1>(&b, &mut x, (0, 1), &mut steps, false);
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
        let mut ahead = Ahead::<K>::new(self.system.rows());
        let (mut extrapolates, mut least) = (true, [f64::INFINITY; K]);
        for sweep in 0..SWEEPS_MAX {
            let backward = sweep % 2 == 1;
            let (step, most) = self.sweep::<K>(b, x, at, &mut ahead.steps, backward);
            if (0..K).any(|k| !most[k].is_finite() || most[k] > 1e150) {
                return None;
            }
            if (0..K).all(|k| step[k] <= (relative * most[k]).max(absolute)) {
                return Some(K);
            }
            extrapolates &= sweep < EXTRAPOLATED_MAX && (0..K).all(|k| step[k] <= GROWTH_MAX * least[k]);
            least = std::array::from_fn(|k| least[k].min(step[k]));
            if backward && extrapolates {
                ahead.extrapolate(x, at);
            }
        }
        None
    }

    /// One sweep over all rows; the largest step and the largest value of each lane. Steps backward
    /// are added to those forward before them.
    fn sweep<const K: usize>(
        &self,
        b: &[f64],
        x: &mut [f64],
        (lane, lanes): (usize, usize),
        steps: &mut [[f64; K]],
        backward: bool,
    ) -> ([f64; K], [f64; K]) {
        let (mut step, mut most) = ([0.0_f64; K], [0.0_f64; K]);
        let (columns, starts) = (self.system.columns(), self.system.starts());
        for turn in 0..steps.len() {
            let row = if backward { steps.len() - 1 - turn } else { turn };
            let (at, ends) = (row * lanes + lane, starts[row]..starts[row + 1]);
            let Some(mut sums) = b.get(at..at + K).and_then(|b| <[f64; K]>::try_from(b).ok()) else {
                continue;
            };
            let (Some(columns), Some(ratios)) = (columns.get(ends.clone()), self.ratios.get(ends)) else {
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
            if let (Some(values), Some(steps)) = (x.get_mut(at..at + K), steps.get_mut(row)) {
                for k in 0..K {
                    let change = sums[k] - values[k];
                    steps[k] = if backward { steps[k] + change } else { change };
                    step[k] = step[k].max(change.abs());
                    most[k] = most[k].max(sums[k].abs());
                    values[k] = sums[k];
                }
            }
        }
        (step, most)
    }
}

/// Anderson's extrapolation (1965) from the last two pairs of sweeps, one forward and one backward:
/// what shrinks slowest from pair to pair is taken away at once.
struct Ahead<const K: usize> {
    /// Steps of the last pair, row by row.
    steps: Vec<[f64; K]>,
    /// Steps of the pair before, and where it came to; empty before the first.
    before: Vec<([f64; K], [f64; K])>,
}

impl<const K: usize> Ahead<K> {
    fn new(rows: usize) -> Self {
        Self { steps: vec![[0.0; K]; rows], before: Vec::with_capacity(rows) }
    }

    /// Moves `x` from where a pair came to on to where the sweeps lead.
    fn extrapolate(&mut self, x: &mut [f64], (lane, lanes): (usize, usize)) {
        let rows = x.chunks_mut(lanes).filter_map(|row| row.get_mut(lane..lane + K));
        if self.before.is_empty() {
            let values = rows.filter_map(|row| <[f64; K]>::try_from(&*row).ok());
            self.before.extend(self.steps.iter().copied().zip(values));
            return;
        }
        let (mut along, mut size) = ([0.0; K], [0.0; K]);
        for (step, (before, _)) in self.steps.iter().zip(&self.before) {
            for k in 0..K {
                let turn = step[k] - before[k];
                along[k] += step[k] * turn;
                size[k] += turn * turn;
            }
        }
        let part: [f64; K] = std::array::from_fn(|k| along[k] / size[k]);
        let part = part.map(|part| if part.is_finite() { part } else { 0.0 });
        for ((values, step), (before, came)) in rows.zip(&self.steps).zip(&mut self.before) {
            for k in 0..K {
                let value = values[k];
                values[k] -= part[k] * (value - came[k]);
                came[k] = value;
            }
            *before = *step;
        }
    }
}

/// The nearest number in floating point.
pub(super) fn float(value: &Wide) -> f64 {
    i64::try_from(*value).map_or_else(|_| value.as_f64(), |value| value as f64)
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
