//! The loops of a pass: what comes from outside them is summed, and the rest is solved in whole numbers.

use super::pass::{Cell, Pass, add};
use super::{GateProblem, Loop, LoopSystem};
use crate::calc::looped::problem;
use crate::calc::loops;
use crate::model::wide::Wide;
use crate::model::{ByCategory, Category, Co2e};

impl<T: Cell, const K: usize> Pass<'_, T, K> {
    /// Products that consume each other; `None` where a wider pass is needed.
    pub(super) fn looped(&mut self, of: &Loop) -> Option<()> {
        let sound = !self.any_failed || (of.from..of.to).all(|position| self.takes_only_sound(position));
        let solved = if sound { self.solve(of).map(Some) } else { Ok(None) };
        let count = (of.to - of.from) as usize;
        let start = self.rows(of.from).0;
        let mut leaves_range = false;
        for position in of.from..of.to {
            let (from, to) = self.rows(position);
            let mut total = [T::default(); K];
            let outcome = match &solved {
                Ok(Some(figures)) => {
                    let first = (from - start) as usize;
                    let own = figures.get(first..first + (to - from) as usize).unwrap_or_default();
                    own.iter().try_for_each(|row| add(&mut total, row)).map(|()| true)
                }
                Ok(None) => Ok(false),
                Err(problem) => Err(problem.clone()),
            };
            leaves_range |= matches!(outcome, Err(GateProblem::Range));
            self.keep(position, outcome, total)?;
        }
        if leaves_range && count > 1 {
            (of.from..of.to).for_each(|position| self.fail(position));
        }
        Some(())
    }

    fn solve(&self, of: &Loop) -> Result<Vec<[i128; K]>, GateProblem> {
        let (from, to) = (self.rows(of.from).0, self.rows(of.to).0);
        let mut sums = Vec::with_capacity((to - from) as usize);
        for row in from..to {
            let narrow = (!self.compiled.wide.contains_key(&row)).then(|| self.narrow_sums(row)).flatten();
            sums.push(match narrow {
                Some(totals) => totals.map(Wide::from),
                None => self.wide_sums(row).map_err(|_| GateProblem::Range)?.0,
            });
        }
        let failed = |unsolved| GateProblem::Loop(problem(unsolved));
        match &of.system {
            LoopSystem::Plain(system) => {
                let used: Vec<usize> = (0..K)
                    .filter(|lane| sums.iter().any(|s| s.get(*lane).is_some_and(|v| *v != 0)))
                    .collect();
                let lanes = if used.is_empty() { vec![0] } else { used };
                let pick = |s: &[Wide; K]| -> Vec<Wide> {
                    lanes.iter().filter_map(|l| s.get(*l).copied()).collect()
                };
                let rhs: Vec<Wide> = sums.iter().flat_map(pick).collect();
                let solved = loops::solve(system, &rhs, lanes.len()).map_err(failed)?;
                let spread = |of_row: &[i128]| {
                    let mut all = [0; K];
                    for (lane, quanta) in lanes.iter().zip(of_row) {
                        if let Some(slot) = all.get_mut(*lane) {
                            *slot = *quanta;
                        }
                    }
                    all
                };
                Ok(solved.chunks(lanes.len()).map(spread).collect())
            }
            LoopSystem::Tied(equations) => {
                let categories = &self.compiled.categories;
                let rhs: Vec<ByCategory<Wide>> = sums
                    .iter()
                    .map(|sums| {
                        let at = |c: Category| categories.iter().position(|of| *of == c);
                        ByCategory::from_fn(|c| {
                            at(c).and_then(|lane| sums.get(lane).copied()).unwrap_or(Wide::ZERO)
                        })
                    })
                    .collect();
                let solved = equations.solve(&rhs).map_err(failed)?;
                let lanes = |of: &ByCategory<Co2e>| {
                    let mut all = [0; K];
                    all.iter_mut().zip(categories).for_each(|(slot, c)| *slot = of[*c].quanta());
                    all
                };
                Ok(solved.iter().map(lanes).collect())
            }
        }
    }
}
