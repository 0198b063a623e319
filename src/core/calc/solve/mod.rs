//! Gates of products from rows, inputs first; each enters those that consume it as a rounded
//! figure. Products that consume each other are solved together.

pub(super) mod arrays;
pub(super) mod components;
pub(super) mod describe;
mod equations;
pub(super) mod exact;
pub(super) mod gate;
pub(crate) mod guards;
mod looped;
mod loops;
mod means;
mod order;
mod pass;
mod stand_in;
mod state;
pub(super) mod values;

use super::CalcError;
use super::lower::source::{GwpSets, SourceValue};
use super::lower::{LineSource, Lowering};
use super::rows::Rows;
use crate::model::{ByCategory, Category, Co2e};
use arrays::Arrays;
use components::Components;
use exact::Exact;
use pass::{Cell, Pass, Slot, Summed, Unfit, by_category};
use stand_in::StandIns;
pub(super) use state::Status;
use state::{Passed, State};
use values::Values;

/// Everything that a calculation rests on, before any figure of a product is known.
pub(super) struct Graph<'a> {
    pub(super) lowering: Lowering<'a>,
    pub(super) rows: Rows<'a>,
    pub(super) stand_ins: StandIns<'a>,
    components: Components,
    arrays: Arrays,
    /// The categories that any source has, or that a line enters whole.
    lanes: Vec<Category>,
}

/// Figures of products as they came out.
pub(super) struct Solution {
    state: State,
    figures: Box<dyn Figured>,
}

/// Figures in cells of one width.
trait Figured: Send + Sync {
    /// The figures of a slot, and what it passes on.
    fn slot(&self, slot: usize, lanes: &[Category]) -> Option<(ByCategory<Co2e>, Passed)>;

    /// The figures of a narrow row of a product that has several.
    fn row(&self, at: usize, lanes: &[Category]) -> Option<ByCategory<Co2e>>;
}

/// What stays of a pass.
struct Kept<T, const K: usize> {
    slots: Vec<Slot<T, K>>,
    rows: Vec<[T; K]>,
}

impl<T: Cell, const K: usize> Figured for Kept<T, K> {
    fn slot(&self, slot: usize, lanes: &[Category]) -> Option<(ByCategory<Co2e>, Passed)> {
        let Slot { summed, passed } = self.slots.get(slot)?;
        Some((by_category(lanes, &summed.figures), *passed))
    }

    fn row(&self, at: usize, lanes: &[Category]) -> Option<ByCategory<Co2e>> {
        Some(by_category(lanes, self.rows.get(at)?))
    }
}

impl<'a> Graph<'a> {
    /// Puts the rows in the order of calculation and chooses what stands in for products without
    /// data.
    pub(super) fn new(mut lowering: Lowering<'a>, mut rows: Rows<'a>) -> Self {
        let components = components::components(&rows);
        let (stand_ins, refused) = StandIns::choose(&mut lowering, &rows, &components);
        for (number, fault) in refused {
            rows.add_fault(number, fault);
        }
        let mut graph =
            Self { lowering, rows, stand_ins, components, arrays: Arrays::default(), lanes: Vec::new() };
        graph.lay_out();
        graph
    }

    fn lay_out(&mut self) {
        self.arrays = Arrays::new(&self.lowering, &self.rows, &self.components, &self.stand_ins);
        let sources = self.lowering.sources.all();
        let whole = |bit| super::lower::Line::whole_of(self.lowering.lowered.marks() & bit);
        let given = |c: &Category| sources.iter().any(|source| !source.value.categories[*c].is_zero());
        let entered = |c: &Category| (0..8).any(|bit| whole(1 << bit) == Some(*c));
        self.lanes = Category::ALL.iter().copied().filter(|c| given(c) || entered(c)).collect();
    }

    /// Calculates every product that is needed. A product whose publication was to take its place
    /// for lack of data, and which turns out to fail for another reason too, is calculated without
    /// it.
    pub(super) fn solve(mut self) -> Engine<'a> {
        loop {
            let solution = Solution::of(&self);
            let lacks =
                |number: &usize| solution.state.status(*number) == Status::Failed { lacks_data: true };
            let wrong: Vec<usize> = self.stand_ins.numbers().filter(|number| !lacks(number)).collect();
            if wrong.is_empty() {
                return Engine { graph: self, solution };
            }
            wrong.into_iter().for_each(|number| self.stand_ins.remove(number));
            self.lay_out();
        }
    }
}

impl Solution {
    /// The figures of every product that is needed.
    pub(super) fn of(graph: &Graph<'_>) -> Self {
        match graph.lanes.len() {
            0 | 1 => Self::of_lanes::<1>(graph),
            2 => Self::of_lanes::<2>(graph),
            3 => Self::of_lanes::<3>(graph),
            4 => Self::of_lanes::<4>(graph),
            5..=8 => Self::of_lanes::<8>(graph),
            _ => Self::of_lanes::<{ Category::COUNT }>(graph),
        }
    }

    pub(super) fn status(&self, number: usize) -> Status {
        self.state.status(number)
    }

    /// What stops a product by itself.
    pub(super) fn errors(&self, number: usize) -> &[CalcError] {
        self.state.errors(number)
    }

    fn of_lanes<const K: usize>(graph: &Graph<'_>) -> Self {
        let state = State::new(&graph.lowering, graph.rows.products());
        let (narrow, fits) = Pass::<i64, K>::new(graph, state);
        let mut passes = if fits {
            Passes::Narrow(narrow)
        } else {
            Passes::Wide(Pass::new(graph, narrow.state).0) // OK because every figure of a source fits 128 bits.
        };
        order::walk(&graph.rows, &graph.components, &mut passes);
        match passes {
            Passes::Narrow(pass) => pass.finish(),
            Passes::Wide(pass) => pass.finish(),
        }
    }
}

/// A pass in 64 bits, or, from the first figure on that does not fit, in 128.
enum Passes<'g, 'a, const K: usize> {
    Narrow(Pass<'g, 'a, i64, K>),
    Wide(Pass<'g, 'a, i128, K>),
}

impl<'g, 'a, const K: usize> Passes<'g, 'a, K> {
    fn widen(&mut self) {
        if let Self::Narrow(pass) = self {
            *self = Self::Wide(pass.widen());
        }
    }
}

impl<const K: usize> order::Step for Passes<'_, '_, K> {
    fn one(&mut self, number: u32) {
        if let Self::Narrow(pass) = self
            && pass.product(number) == Ok(())
        {
            return;
        }
        self.widen();
        if let Self::Wide(pass) = self {
            // OK because every figure of a product fits 128 bits.
            let _: Result<(), Unfit> = pass.product(number);
        }
    }

    fn several(&mut self, members: &[u32]) -> Vec<u32> {
        if let Self::Narrow(pass) = self
            && let Ok(failed) = pass.several(members)
        {
            return failed;
        }
        self.widen();
        match self {
            // OK because every figure of a product fits 128 bits.
            Self::Wide(pass) => pass.several(members).unwrap_or_default(),
            Self::Narrow(_) => Vec::new(),
        }
    }
}

impl<'g, 'a, const K: usize> Pass<'g, 'a, i64, K> {
    /// The same with figures of 128 bits.
    fn widen(&mut self) -> Pass<'g, 'a, i128, K> {
        let slots = std::mem::take(&mut self.slots).into_iter();
        let rows = std::mem::take(&mut self.rows).into_iter();
        Pass {
            graph: self.graph,
            slots: slots.map(|Slot { summed, passed }| Slot { summed: summed.widen(), passed }).collect(),
            rows: rows.map(|cells| cells.map(i128::from)).collect(),
            state: std::mem::take(&mut self.state),
        }
    }
}

impl<const K: usize> Summed<i64, K> {
    fn widen(self) -> Summed<i128, K> {
        Summed { figures: self.figures.map(i128::from), headline: self.headline.into() }
    }
}

impl<T: Cell + 'static, const K: usize> Pass<'_, '_, T, K> {
    fn finish(self) -> Solution {
        let Self { state, slots, rows, .. } = self;
        Solution { state, figures: Box::new(Kept { slots, rows }) }
    }
}

/// Products with their gates, ready for every question about them.
pub(super) struct Engine<'a> {
    pub(super) graph: Graph<'a>,
    pub(super) solution: Solution,
}

impl<'a> Engine<'a> {
    /// The figures of a product at its gate; none where it has none.
    pub(super) fn gate_figures(&self, number: usize) -> Option<ByCategory<Co2e>> {
        if self.solution.status(number) != Status::Ready {
            return None;
        }
        self.slot(number).map(|(figures, _)| figures)
    }

    fn slot(&self, number: usize) -> Option<(ByCategory<Co2e>, Passed)> {
        self.solution.figures.slot(self.graph.arrays.fixed + number, &self.graph.lanes)
    }

    /// To look at one product flow by flow.
    pub(super) fn exact(&self) -> Exact<'_, 'a> {
        Exact { lowering: &self.graph.lowering, rows: &self.graph.rows, values: self }
    }

    /// The figures of the narrow rows of a product, by place among all rows, with what each leaves
    /// out; none where it was summed in full width.
    pub(super) fn narrow_rows(
        &self,
        number: usize,
    ) -> Option<impl Iterator<Item = (u32, ByCategory<Co2e>, Co2e)>> {
        let short = u32::try_from(number).ok()?;
        if self.solution.state.is_widened(short) || self.solution.state.status(number) != Status::Ready {
            return None;
        }
        let arrays = &self.graph.arrays;
        let range = arrays.rows_of(number)?;
        let single = range.len() == 1;
        let figures = move |at| {
            let (row, _) = arrays.row_at(at)?;
            let looped = self.solution.state.solved(number, row.row).map(|(figures, _)| figures);
            let figures = match looped {
                Some(figures) => figures,
                None if single => self.slot(number)?.0,
                None => self.solution.figures.row(at, &self.graph.lanes)?,
            };
            Some((row.row, figures, arrays.left_out(row.row)))
        };
        Some(range.filter_map(figures))
    }
}

impl Values for Engine<'_> {
    fn product(&self, number: usize) -> Option<SourceValue> {
        if self.solution.state.status(number) != Status::Ready {
            return None;
        }
        let (figures, passed) = self.slot(number)?;
        self.solution.state.value(self.graph.arrays.fixed + number, passed, figures)
    }

    fn stand_in(&self, number: usize) -> Option<LineSource> {
        self.graph.stand_ins.source(number)
    }

    fn solved(&self, number: usize, row: u32) -> Option<(ByCategory<Co2e>, GwpSets)> {
        self.solution.state.solved(number, row)
    }
}
