//! The equations of one loop, category by category, in the exact numbers of the statements. A flow
//! that enters an of-which line whole (by aircraft, packaging) ties that line to the headline, so
//! both are solved together there.

use super::loops::{self, System, Unsolved};
use crate::model::wide::{Wide, sum};
use crate::model::{ByCategory, Category, Co2e, ValueError};

/// One edge between processes of a loop.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) column: usize,
    pub(super) coefficient: Wide,
    /// The of-which line that it enters whole.
    pub(super) whole: Option<Category>,
}

/// `factor * (D x - N x) = b` with a row for each unit process; `factor * D` is declared units
/// times parts.
#[derive(Debug, Default)]
pub(super) struct Equations {
    pub(super) factors: Vec<Wide>,
    pub(super) diagonals: Vec<Wide>,
    /// Row by row.
    pub(super) lines: Vec<Line>,
    /// Where the lines of each row end.
    pub(super) ends: Vec<usize>,
}

impl Equations {
    /// The rounded figures of every row.
    pub(super) fn solve(&self, rhs: &[ByCategory<Wide>]) -> Result<Vec<ByCategory<Co2e>>, Unsolved> {
        let apart = |c: &Category| self.lines.iter().any(|line| line.whole == Some(*c));
        let alone: Vec<Category> = Category::ALL
            .iter()
            .copied()
            .filter(|c| !apart(c) && rhs.iter().any(|of_row| of_row[*c] != 0))
            .collect();
        let mut figures = vec![ByCategory::<Co2e>::default(); self.diagonals.len()];
        // Without any category the amounts are still judged.
        let lanes = alone.len().max(1);
        let given = |of_row: &ByCategory<Wide>| -> Vec<Wide> {
            if alone.is_empty() { vec![Wide::ZERO] } else { alone.iter().map(|c| of_row[*c]).collect() }
        };
        let given: Vec<Wide> = rhs.iter().flat_map(given).collect();
        let solved = loops::solve(&self.system(None)?, &given, lanes)?;
        for (figures, of_row) in figures.iter_mut().zip(solved.chunks(lanes)) {
            for (category, quanta) in alone.iter().zip(of_row) {
                figures[*category] = Co2e::from_quanta(*quanta)?;
            }
        }
        for category in Category::ALL.iter().copied().filter(apart) {
            let mut given: Vec<Wide> = rhs.iter().map(|of_row| of_row[category]).collect();
            for of_row in rhs {
                given.push(headline(of_row)?);
            }
            let solved = loops::solve(&self.system(Some(category))?, &given, 1)?;
            for (figures, quanta) in figures.iter_mut().zip(solved) {
                figures[category] = Co2e::from_quanta(quanta)?;
            }
        }
        Ok(figures)
    }

    /// The rows of one category; with `tied`, those of that line and below them those of the
    /// headline.
    pub(super) fn system(&self, tied: Option<Category>) -> Result<System, ValueError> {
        let rows = self.diagonals.len();
        let mut from = 0;
        let of_row = |end: &usize| {
            let lines = self.lines.get(from..*end).unwrap_or_default();
            from = *end;
            lines
        };
        let by_row: Vec<&[Line]> = self.ends.iter().map(of_row).collect();
        let mut system = System::default();
        let diagonals = || self.factors.iter().zip(&self.diagonals).zip(&by_row);
        for ((factor, diagonal), lines) in diagonals() {
            let to_headline = |l: &Line| if tied.is_some() && l.whole == tied { rows } else { 0 };
            let edges = lines.iter().map(|l| (l.column + to_headline(l), l.coefficient));
            system.push(*factor, *diagonal, edges)?;
        }
        for ((factor, diagonal), lines) in diagonals().filter(|_| tied.is_some()) {
            system.push(*factor, *diagonal, lines.iter().map(|l| (l.column + rows, l.coefficient)))?;
        }
        Ok(system)
    }
}

fn headline(of_row: &ByCategory<Wide>) -> Result<Wide, ValueError> {
    let counted = Category::ALL.iter().filter(|c| c.counts_excluding_uptake());
    counted.map(|c| of_row[*c]).try_fold(Wide::ZERO, |total, kg| sum(total, kg, "loop of products"))
}
