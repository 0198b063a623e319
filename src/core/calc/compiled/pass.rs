//! One pass over the arrays, inputs first. Figures of 64 bits where all fit, of 128 where one does not; the digits are the same.

use std::collections::BTreeMap;

use super::{Compiled, GateProblem, Gates, Values};
use crate::model::wide::{Wide, divided, narrow, product, quotient, sum};
use crate::model::{Category, Co2e, ValueError};

const WHAT: &str = "graph of products";

/// The gates of all products.
pub(super) fn run(compiled: &Compiled) -> Gates<'_> {
    match compiled.categories.len() {
        0 | 1 => of_lanes::<1>(compiled),
        2 => of_lanes::<2>(compiled),
        3 => of_lanes::<3>(compiled),
        4 => of_lanes::<4>(compiled),
        5 | 6 => of_lanes::<6>(compiled),
        7 | 8 => of_lanes::<8>(compiled),
        _ => of_lanes::<{ Category::COUNT }>(compiled),
    }
}

fn of_lanes<const K: usize>(compiled: &Compiled) -> Gates<'_> {
    if let Some(pass) = Pass::<i64, K>::run(compiled) {
        return pass.finish(|values| Values::Narrow(values.into_flattened()));
    }
    match Pass::<i128, K>::run(compiled) {
        Some(pass) => pass.finish(|values| Values::Wide(values.into_flattened())),
        // Not reached: what leaves 128 bits fails by itself there.
        None => Gates {
            compiled,
            lanes: K,
            values: Values::Wide(Vec::new()),
            failed: vec![true; compiled.products()],
            problems: BTreeMap::new(),
        },
    }
}

/// A figure in 1e-15 kg.
pub(super) trait Cell: Copy + Default {
    /// True where not every figure fits, so that the pass is left for a wider one.
    const NARROW: bool;
    fn of(quanta: i128) -> Option<Self>;
    fn quanta(self) -> i128;
    /// `total + coefficient * self`; `None` where 128 bits do not hold it.
    fn add(self, coefficient: i64, total: i128) -> Option<i128>;
}

impl Cell for i64 {
    const NARROW: bool = true;
    fn of(quanta: i128) -> Option<Self> {
        Self::try_from(quanta).ok()
    }
    fn quanta(self) -> i128 {
        self.into()
    }
    #[inline]
    fn add(self, coefficient: i64, total: i128) -> Option<i128> {
        // OK because the amounts of a narrow row sum to less than 2^62.
        Some(total + i128::from(coefficient) * i128::from(self))
    }
}

impl Cell for i128 {
    const NARROW: bool = false;
    fn of(quanta: i128) -> Option<Self> {
        Co2e::from_quanta(quanta).ok().map(Co2e::quanta)
    }
    fn quanta(self) -> i128 {
        self
    }
    fn add(self, coefficient: i64, total: i128) -> Option<i128> {
        Self::from(coefficient).checked_mul(self)?.checked_add(total)
    }
}

pub(super) struct Pass<'c, T, const K: usize> {
    pub(super) compiled: &'c Compiled,
    /// Fixed sources, then positions.
    values: Vec<[T; K]>,
    failed: Vec<bool>,
    pub(super) any_failed: bool,
    problems: BTreeMap<u32, GateProblem>,
}

impl<'c, T: Cell, const K: usize> Pass<'c, T, K> {
    /// `None` where some figure does not fit a narrow cell.
    fn run(compiled: &'c Compiled) -> Option<Self> {
        let mut values = Vec::with_capacity(compiled.fixed.len() + compiled.products());
        for of in &compiled.fixed {
            let mut lanes = [T::default(); K];
            for (lane, category) in lanes.iter_mut().zip(&compiled.categories) {
                *lane = T::of(of[*category].quanta())?;
            }
            values.push(lanes);
        }
        let mut failed = vec![false; compiled.products()];
        for number in compiled.failed.keys() {
            let position = compiled.position_of.get(*number as usize).copied().unwrap_or_default();
            if let Some(flag) = failed.get_mut(position as usize) {
                *flag = true;
            }
        }
        let any_failed = !compiled.failed.is_empty();
        let mut pass = Self { compiled, values, failed, any_failed, problems: BTreeMap::new() };
        let mut position = 0;
        for of in &compiled.loops {
            pass.straight(position, of.from)?;
            pass.looped(of)?;
            position = of.to;
        }
        pass.straight(position, u32::try_from(compiled.products()).ok()?)?;
        Some(pass)
    }

    fn finish(self, keep: impl FnOnce(Vec<[T; K]>) -> Values) -> Gates<'c> {
        let failed = if self.any_failed { self.failed } else { Vec::new() };
        Gates {
            compiled: self.compiled,
            lanes: K,
            values: keep(self.values),
            failed,
            problems: self.problems,
        }
    }

    /// Products that are in no loop.
    fn straight(&mut self, from: u32, to: u32) -> Option<()> {
        for position in from..to {
            let mut total = [T::default(); K];
            let outcome = self.product(position, &mut total);
            self.keep(position, outcome, total)?;
        }
        Some(())
    }

    /// Keeps a product's figures or why it has none; `None` where a wider pass is needed.
    pub(super) fn keep(
        &mut self,
        position: u32,
        outcome: Result<bool, GateProblem>,
        total: [T; K],
    ) -> Option<()> {
        self.values.push(total);
        match outcome {
            Ok(true) => {}
            Ok(false) => self.fail(position),
            Err(GateProblem::Range) if T::NARROW => return None,
            Err(problem) => {
                self.problems.insert(position, problem);
                self.fail(position);
            }
        }
        Some(())
    }

    pub(super) fn fail(&mut self, position: u32) {
        self.any_failed = true;
        if let Some(flag) = self.failed.get_mut(position as usize) {
            *flag = true;
        }
    }

    /// The sum of a product's rows; `Ok(false)` where it or something it takes failed.
    fn product(&self, position: u32, total: &mut [T; K]) -> Result<bool, GateProblem> {
        if self.any_failed && !self.takes_only_sound(position) {
            return Ok(false);
        }
        let (from, to) = self.rows(position);
        for row in from..to {
            let rounded = self.row(row)?;
            add(total, &rounded)?;
        }
        Ok(true)
    }

    pub(super) fn rows(&self, position: u32) -> (u32, u32) {
        let at = |p: usize| self.compiled.rows_of.get(p).copied().unwrap_or_default();
        (at(position as usize), at(position as usize + 1))
    }

    fn lines(&self, row: u32) -> (&'c [u32], &'c [i64]) {
        let at = |r: usize| self.compiled.lines_of.get(r).map_or(0, |n| *n as usize);
        let range = at(row as usize)..at(row as usize + 1);
        let sources = self.compiled.sources.get(range.clone()).unwrap_or_default();
        (sources, self.compiled.coefficients.get(range).unwrap_or_default())
    }

    pub(super) fn takes_only_sound(&self, position: u32) -> bool {
        let failed = |position: usize| self.failed.get(position).is_some_and(|failed| *failed);
        let (from, to) = self.rows(position);
        let sound = |source: &u32| match (*source as usize).checked_sub(self.compiled.fixed.len()) {
            Some(position) => !failed(position),
            None => true,
        };
        !failed(position as usize) && (from..to).all(|row| self.lines(row).0.iter().all(sound))
    }

    /// The rounded figures of one row.
    #[inline]
    fn row(&self, row: u32) -> Result<[i128; K], GateProblem> {
        let divisor = self.compiled.divisors.get(row as usize).copied().unwrap_or_default();
        if divisor > 0
            && let Some(totals) = self.narrow_sums(row)
        {
            return Ok(totals.map(|total| divided(total, divisor)));
        }
        let (totals, divisor) = self.wide_sums(row).map_err(|_| GateProblem::Range)?;
        let mut rounded = [0; K];
        for (lane, total) in rounded.iter_mut().zip(totals) {
            let quanta = quotient(total, divisor, WHAT).and_then(|q| narrow(q, WHAT));
            *lane = quanta.map_err(|_| GateProblem::Range)?;
        }
        Ok(rounded)
    }

    #[inline]
    pub(super) fn narrow_sums(&self, row: u32) -> Option<[i128; K]> {
        let (sources, coefficients) = self.lines(row);
        let mut totals = [0_i128; K];
        for (source, coefficient) in sources.iter().zip(coefficients) {
            let value = self.values.get(*source as usize)?;
            for (total, value) in totals.iter_mut().zip(value) {
                *total = value.add(*coefficient, *total)?;
            }
        }
        Some(totals)
    }

    /// The sums of one row in full width, and what they are divided by.
    pub(super) fn wide_sums(&self, row: u32) -> Result<([Wide; K], Wide), ValueError> {
        let (sources, coefficients) = self.lines(row);
        let wide = self.compiled.wide.get(&row);
        let divisor = self.compiled.divisors.get(row as usize).map_or(Wide::ONE, |d| Wide::from(*d));
        let mut totals = [Wide::ZERO; K];
        for (at, (source, coefficient)) in sources.iter().zip(coefficients).enumerate() {
            let of = wide.and_then(|row| row.lines.get(at)).copied();
            let (amount, whole) = of.unwrap_or((Wide::from(*coefficient), None));
            let Some(value) = self.values.get(*source as usize) else { continue };
            for (lane, (total, category)) in totals.iter_mut().zip(&self.compiled.categories).enumerate() {
                let quanta = match value.get(lane) {
                    Some(_) if whole == Some(*category) => self.headline(value),
                    Some(cell) => cell.quanta(),
                    None => 0,
                };
                *total = sum(*total, product(amount, Wide::from(quanta), WHAT)?, WHAT)?;
            }
        }
        Ok((totals, wide.map_or(divisor, |row| row.divisor)))
    }

    /// The sum excluding uptake.
    fn headline(&self, value: &[T; K]) -> i128 {
        let counted = self.compiled.categories.iter().zip(value).filter(|(c, _)| c.counts_excluding_uptake());
        counted.map(|(_, cell)| cell.quanta()).sum() // OK because each is below 10^33 and there are seven.
    }
}

/// Adds the figures of one row.
pub(super) fn add<T: Cell, const K: usize>(total: &mut [T; K], row: &[i128; K]) -> Result<(), GateProblem> {
    for (total, more) in total.iter_mut().zip(row) {
        let quanta = total.quanta().checked_add(*more).ok_or(GateProblem::Range)?;
        *total = T::of(quanta).ok_or(GateProblem::Range)?;
    }
    Ok(())
}
