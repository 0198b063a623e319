//! From processes in any order to arrays in the order of calculation.

use std::collections::BTreeMap;

use super::{Compiled, Loop, LoopSystem, WideRow};
use crate::calc::allocation::Share;
use crate::calc::equations::{self, Equations};
use crate::calc::graph;
use crate::calc::loops::common_factor;
use crate::model::wide::{Wide, product, sum};
use crate::model::{ByCategory, Category, Co2e, ValueError};

const WHAT: &str = "graph of products";

/// The sum of a narrow row's amounts stays below this, so that times a 64-bit figure it fits 128 bits.
const NARROW: i128 = 1 << 62;

/// Where a line's figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Input {
    /// A source made by [`Builder::source`].
    Fixed(u32),
    /// A product, by its number.
    Product(u32),
}

/// One thing that a process takes.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    /// Units of the source, as a whole number of 1e-18.
    pub ratio: Wide,
    /// The product's part of it.
    pub share: Share,
    /// Its source.
    pub from: Input,
    /// The of-which line that it enters whole.
    pub whole: Option<Category>,
}

/// Collects processes and makes the arrays.
#[derive(Debug, Default)]
pub struct Builder {
    products: u32,
    fixed: Vec<ByCategory<Co2e>>,
    /// Product of each row.
    rows: Vec<u32>,
    ends: Vec<u32>,
    divisors: Vec<i64>,
    sources: Vec<Input>,
    coefficients: Vec<i64>,
    wide: BTreeMap<u32, WideRow>,
}

impl Builder {
    /// For products numbered from 0 to before `products`.
    pub fn new(products: u32) -> Self {
        Self { products, ..Self::default() }
    }

    /// Keeps the figure of a source that is not calculated here, per unit.
    pub fn source(&mut self, figures: ByCategory<Co2e>) -> Input {
        self.fixed.push(figures);
        Input::Fixed(u32::try_from(self.fixed.len() - 1).unwrap_or(u32::MAX)) // OK because what is out of range is refused with the line.
    }

    /// Adds a unit process of a product: its declared units (1e-18, above 0) and what it takes.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] for numbers beyond 256 bits, units not above 0, products or sources that do not exist, and too many of them.
    pub fn process(&mut self, of: u32, units: Wide, lines: &[Line]) -> Result<(), ValueError> {
        let overflow = ValueError::Overflow { what: WHAT };
        let row = u32::try_from(self.rows.len()).map_err(|_| overflow.clone())?;
        let known = |line: &Line| match line.from {
            Input::Fixed(n) => (n as usize) < self.fixed.len(),
            Input::Product(n) => n < self.products,
        };
        if units <= 0 || of >= self.products || !lines.iter().all(known) {
            return Err(overflow);
        }
        let mut divisor = product(units, Wide::new(Share::ONE.quanta()), WHAT)?;
        let mut amounts = Vec::with_capacity(lines.len());
        let mut factor = divisor;
        for line in lines {
            let amount = product(line.ratio, Wide::new(line.share.quanta()), WHAT)?;
            factor = if factor == 1 { factor } else { common_factor(factor, amount.abs()) };
            amounts.push(amount);
        }
        divisor /= factor; // OK because the units are above zero.
        amounts.iter_mut().for_each(|amount| *amount /= factor);
        let total = amounts.iter().try_fold(Wide::ZERO, |total, amount| sum(total, amount.abs(), WHAT))?;
        let plain = lines.iter().all(|line| line.whole.is_none());
        let narrow = i64::try_from(divisor).ok().filter(|_| plain && total < NARROW && divisor < NARROW);
        match narrow {
            Some(narrow) => {
                self.divisors.push(narrow);
                let fits = |a: &Wide| i64::try_from(*a).map_err(|_| ValueError::Overflow { what: WHAT });
                for amount in &amounts {
                    self.coefficients.push(fits(amount)?);
                }
            }
            None => {
                self.divisors.push(0);
                self.coefficients.resize(self.coefficients.len() + amounts.len(), 0);
                let lines = amounts.into_iter().zip(lines.iter().map(|line| line.whole)).collect();
                self.wide.insert(row, WideRow { divisor, lines });
            }
        }
        self.rows.push(of);
        self.sources.extend(lines.iter().map(|line| line.from));
        self.ends.push(u32::try_from(self.sources.len()).map_err(|_| overflow)?);
        Ok(())
    }

    /// Orders the products, inputs first.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] where a loop's amounts do not fit 256 bits.
    pub fn compile(self) -> Result<Compiled, ValueError> {
        let rows = self.rows_by_product();
        let edges = self.edges();
        let components = graph::components(&edges);
        let mut compiled = Compiled {
            categories: self.categories(),
            position_of: vec![0; self.products as usize],
            rows_of: vec![0],
            lines_of: vec![0],
            ..Compiled::default()
        };
        for (position, number) in (0_u32..).zip(components.iter().flatten()) {
            if let Some(slot) = compiled.position_of.get_mut(*number) {
                *slot = position;
            }
        }
        let mut position = 0_u32;
        for members in &components {
            let from = position;
            let first = members.first().copied().unwrap_or_default();
            let itself = |n: usize| edges.of(n).iter().any(|to| *to as usize == n);
            let looped = members.len() > 1 || itself(first);
            let mut equations = Equations::default();
            let mut firsts = vec![0];
            for number in members.iter().filter(|_| looped) {
                firsts.push(firsts.last().map_or(0, |first| first + rows.of(*number).len()));
            }
            let inside = Inside { from, firsts };
            for number in members {
                for row in rows.of(*number) {
                    self.place(*row, &inside, &mut compiled, &mut equations)?;
                }
                compiled
                    .product_at
                    .push(u32::try_from(*number).map_err(|_| ValueError::Overflow { what: WHAT })?);
                compiled.rows_of.push(u32::try_from(compiled.divisors.len()).unwrap_or(u32::MAX)); // OK because `process` counted them.
                position += 1;
            }
            if looped {
                let tied = equations.lines.iter().any(|line| line.whole.is_some());
                let system = if tied {
                    LoopSystem::Tied(equations)
                } else {
                    LoopSystem::Plain(equations.system(None)?)
                };
                compiled.loops.push(Loop { from, to: position, system });
            }
        }
        compiled.fixed = self.fixed;
        Ok(compiled)
    }

    /// Moves one row to the end of the arrays; what comes from inside its loop goes to the equations.
    fn place(
        &self,
        row: u32,
        inside: &Inside,
        compiled: &mut Compiled,
        equations: &mut Equations,
    ) -> Result<(), ValueError> {
        let to = u32::try_from(compiled.divisors.len()).unwrap_or(u32::MAX); // OK because `process` counted them.
        let divisor = self.divisors.get(row as usize).copied().unwrap_or_default();
        let wide = self.wide.get(&row);
        let (from, end) = self.lines(row);
        let mut kept = Vec::new();
        for line in from..end {
            let Some(input) = self.sources.get(line).copied() else { continue };
            let narrow = self.coefficients.get(line).copied().unwrap_or_default();
            let (amount, whole) =
                wide.and_then(|w| w.lines.get(line - from).copied()).unwrap_or((narrow.into(), None));
            let position = match input {
                Input::Product(n) => compiled.position_of.get(n as usize).copied(),
                Input::Fixed(_) => None,
            };
            if let Some(columns) = position.and_then(|p| inside.columns(p)) {
                let row = equations.diagonals.len();
                let one = |column| equations::Line { row, column, coefficient: amount, whole };
                equations.lines.extend(columns.map(one));
                continue;
            }
            let fixed = u32::try_from(self.fixed.len()).map_err(|_| ValueError::Overflow { what: WHAT })?;
            compiled.sources.push(match input {
                Input::Fixed(n) => n,
                Input::Product(_) => fixed + position.unwrap_or_default(), // OK because every number has a position.
            });
            compiled.coefficients.push(narrow);
            kept.push((amount, whole));
        }
        if inside.firsts.len() > 1 {
            equations.diagonals.push(wide.map_or(divisor.into(), |w| w.divisor));
        }
        if let Some(wide) = wide {
            compiled.wide.insert(to, WideRow { divisor: wide.divisor, lines: kept });
        }
        compiled.divisors.push(divisor);
        compiled.lines_of.push(u32::try_from(compiled.sources.len()).unwrap_or(u32::MAX)); // OK because `process` counted them.
        Ok(())
    }

    fn lines(&self, row: u32) -> (usize, usize) {
        let row = row as usize;
        let from = row.checked_sub(1).and_then(|before| self.ends.get(before)).map_or(0, |end| *end as usize);
        (from, self.ends.get(row).map_or(from, |end| *end as usize))
    }

    fn rows_by_product(&self) -> Lists {
        Lists::new(self.products as usize, self.rows.iter().copied().zip(0..))
    }

    fn edges(&self) -> Lists {
        let pairs = |row: u32, of: u32| {
            let (from, to) = self.lines(row);
            self.sources.get(from..to).into_iter().flatten().filter_map(move |input| match input {
                Input::Product(n) => Some((of, *n)),
                Input::Fixed(_) => None,
            })
        };
        let all: Vec<(u32, u32)> = (0..).zip(&self.rows).flat_map(|(row, of)| pairs(row, *of)).collect();
        Lists::new(self.products as usize, all.iter().copied())
    }

    fn categories(&self) -> Vec<Category> {
        let given = |c: &Category| self.fixed.iter().any(|of| !of[*c].is_zero());
        let whole = |c: &Category| self.wide.values().any(|row| row.lines.iter().any(|l| l.1 == Some(*c)));
        Category::ALL.iter().copied().filter(|c| given(c) || whole(c)).collect()
    }
}

/// The rows of a loop's products, counted from the loop's first; one entry for what is in no loop.
struct Inside {
    from: u32,
    firsts: Vec<usize>,
}

impl Inside {
    /// The rows of the product at a position, where it is inside.
    fn columns(&self, position: u32) -> Option<std::ops::Range<usize>> {
        let at = position.checked_sub(self.from)? as usize;
        Some(*self.firsts.get(at)?..*self.firsts.get(at + 1)?)
    }
}

/// Many lists in one array.
struct Lists {
    starts: Vec<u32>,
    items: Vec<u32>,
}

impl Lists {
    /// Lists of the pairs' second by their first, in the order given.
    fn new(count: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut starts = vec![0_u32; count + 1];
        for (of, _) in pairs.clone() {
            if let Some(slot) = starts.get_mut(of as usize + 1) {
                *slot += 1;
            }
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut next = starts.clone();
        let mut items = vec![0; starts.last().map_or(0, |n| *n as usize)];
        for (of, item) in pairs {
            if let Some(slot) = next.get_mut(of as usize) {
                if let Some(place) = items.get_mut(*slot as usize) {
                    *place = item;
                }
                *slot += 1;
            }
        }
        Self { starts, items }
    }

    fn of(&self, list: usize) -> &[u32] {
        let (from, to) = (self.starts.get(list), self.starts.get(list + 1));
        from.zip(to).and_then(|(from, to)| self.items.get(*from as usize..*to as usize)).unwrap_or_default()
    }
}

impl graph::Edges for Lists {
    fn count(&self) -> usize {
        self.starts.len() - 1 // OK because there is one start more than lists.
    }

    fn target(&self, node: usize, at: usize) -> Option<usize> {
        self.of(node).get(at).map(|to| *to as usize)
    }
}
