//! Every gate of an inventory as arrays: what each unit process takes, from which source, in whole numbers without common factors, in the
//! order in which products are calculated. Made once, solved in one pass with the same digits as [`footprints`](super::footprints): narrow
//! integers where they fit, wide ones where not.

mod build;
mod inventory;
mod looped;
mod pass;

pub use build::{Builder, Input, Line};

use std::collections::BTreeMap;

use super::equations::Equations;
use super::loops::System;
use super::{CalcError, LoopProblem};
use crate::model::wide::Wide;
use crate::model::{ByCategory, Category, Co2e, ProductId};

/// Products, processes and flows as arrays, ready to be solved.
#[derive(Debug, Default)]
pub struct Compiled {
    /// The categories that any source has, in the order of their names.
    pub(super) categories: Vec<Category>,
    /// Figures of what is not calculated here, by source.
    pub(super) fixed: Vec<ByCategory<Co2e>>,
    /// Product of each position; positions are the order of calculation.
    pub(super) product_at: Vec<u32>,
    /// Position of each product.
    pub(super) position_of: Vec<u32>,
    /// First row of each position, and one end more.
    pub(super) rows_of: Vec<u32>,
    /// First line of each row, and one end more.
    pub(super) lines_of: Vec<u32>,
    /// Declared units of each row, reduced; 0 where the row is in `wide`.
    pub(super) divisors: Vec<i64>,
    /// Source of each line: fixed ones first, then positions.
    pub(super) sources: Vec<u32>,
    /// Amount of each line, reduced with its row.
    pub(super) coefficients: Vec<i64>,
    /// Rows that 64 bits do not hold, or that have lines which enter an of-which line whole.
    pub(super) wide: BTreeMap<u32, WideRow>,
    /// Products that consume each other, by first position.
    pub(super) loops: Vec<Loop>,
    /// Products that fail by what is stated, by number.
    pub(super) failed: BTreeMap<u32, Vec<CalcError>>,
    /// Ids by number; empty where the graph was not made from an inventory.
    pub(super) ids: Vec<ProductId>,
}

/// A row in its full width.
#[derive(Debug, Clone)]
pub(super) struct WideRow {
    pub(super) divisor: Wide,
    /// In the order of the row's lines: amount, and the of-which line it enters whole.
    pub(super) lines: Vec<(Wide, Option<Category>)>,
}

/// Products that consume each other. The rows' own lines hold only what comes from outside.
#[derive(Debug)]
pub(super) struct Loop {
    /// Positions from the first to before the end.
    pub(super) from: u32,
    pub(super) to: u32,
    pub(super) system: LoopSystem,
}

/// The equations of a loop.
#[derive(Debug)]
pub(super) enum LoopSystem {
    /// Every category by itself.
    Plain(System),
    /// Some line ties an of-which line to the headline.
    Tied(Equations),
}

/// The gates of all products of a [`Compiled`] graph.
#[derive(Debug)]
pub struct Gates<'c> {
    compiled: &'c Compiled,
    /// Values beside each other for each source.
    lanes: usize,
    values: Values,
    /// By position; empty where nothing failed.
    failed: Vec<bool>,
    problems: BTreeMap<u32, GateProblem>,
}

#[derive(Debug)]
enum Values {
    Narrow(Vec<i64>),
    Wide(Vec<i128>),
}

/// Why a product has no gate, beyond what is stated wrongly.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum GateProblem {
    /// Its loop has no figures.
    Loop(LoopProblem),
    /// A number leaves the exact range.
    Range,
}

impl Compiled {
    /// How many products there are.
    pub fn products(&self) -> usize {
        self.product_at.len()
    }

    /// How many unit processes count at a gate.
    pub fn processes(&self) -> usize {
        self.divisors.len()
    }

    /// The categories that any source has.
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// How many products consume each other, in how many loops.
    pub fn looped(&self) -> (usize, usize) {
        (self.loops.iter().map(|l| (l.to - l.from) as usize).sum(), self.loops.len())
    }

    /// The gates of all products, on the calling thread.
    ///
    /// ```
    /// use pcf_core::calc::{Builder, Input, Line, Share};
    /// use pcf_core::model::wide::Wide;
    /// use pcf_core::model::{ByCategory, Category, Co2e};
    /// let one = Wide::new(10_i128.pow(18));
    /// let mut builder = Builder::new(1);
    /// let mut kg = ByCategory::<Co2e>::default();
    /// kg[Category::Fossil] = "3".parse()?;
    /// let factor = builder.source(kg);
    /// // Two pieces from four kilograms, and half a piece that goes back into the melt.
    /// let melt = Line { ratio: one / 2, share: Share::ONE, from: Input::Product(0), whole: None };
    /// builder.process(0, one * 2, &[Line { ratio: one * 4, share: Share::ONE, from: factor, whole: None }, melt])?;
    /// let compiled = builder.compile()?;
    /// assert_eq!(compiled.gates().figures(0).unwrap()[Category::Fossil].to_string(), "8");
    /// assert!(compiled.gates().figures(1).is_none(), "there is no second product");
    /// # Ok::<(), pcf_core::model::ValueError>(())
    /// ```
    pub fn gates(&self) -> Gates<'_> {
        pass::run(self)
    }
}

impl Gates<'_> {
    /// The gate of the product of a number; `None` where it has none.
    pub fn figures(&self, product: usize) -> Option<ByCategory<Co2e>> {
        let position = *self.compiled.position_of.get(product)? as usize;
        if self.failed.get(position).is_some_and(|failed| *failed) {
            return None;
        }
        let mut figures = ByCategory::<Co2e>::default();
        let at = (self.compiled.fixed.len() + position) * self.lanes;
        for (lane, category) in self.compiled.categories.iter().enumerate() {
            let quanta = match &self.values {
                Values::Narrow(values) => i128::from(*values.get(at + lane)?),
                Values::Wide(values) => *values.get(at + lane)?,
            };
            figures[*category] = Co2e::from_quanta(quanta).ok()?;
        }
        Some(figures)
    }

    /// The gate of a product by the id it is filed under; `None` where it has none, for which [`footprint`](super::footprint) gives the reasons.
    pub fn of(&self, product: &ProductId) -> Option<ByCategory<Co2e>> {
        self.figures(self.compiled.ids.binary_search(product).ok()?)
    }

    /// How many products have no gate.
    pub fn without(&self) -> usize {
        self.failed.iter().filter(|failed| **failed).count()
    }

    /// Why a product by itself has no gate: what is stated wrongly, or a loop. Nothing where it only consumes such a one.
    pub fn problems(&self, product: usize) -> Vec<String> {
        let number = u32::try_from(product).ok();
        let stated = number.and_then(|n| self.compiled.failed.get(&n)).into_iter().flatten();
        let position = self.compiled.position_of.get(product);
        let found = position.and_then(|p| self.problems.get(p)).map(|problem| match problem {
            GateProblem::Loop(problem) => format!("its loop: the products {problem}"),
            GateProblem::Range => "its figures leave the exact range".to_owned(),
        });
        stated.map(ToString::to_string).chain(found).collect()
    }
}
