//! One pass over products, inputs first: sums of small numbers where they fit, in full width where
//! not; the digits are the same. A figure is kept in 64 bits until one does not fit, and in 128
//! from there on.

use super::Graph;
use super::arrays::{Lines, NarrowRow, own_marks};
use super::exact::Exact;
use super::gate::GatePart;
use super::guards;
use super::stand_in::is_lack_of_data;
use super::state::{Passed, Ratings, Share, State, Status, of_quality, share};
use super::values::Values;
use crate::calc::CalcError;
use crate::calc::lower::source::{GwpSets, SourceValue};
use crate::calc::lower::{Line, LineSource};
use crate::calc::rows::Side;
use crate::model::wide::divided;
use crate::model::{ByCategory, Category, Co2e};

/// A figure in 1e-15 kg.
pub(super) trait Cell: Copy + Default + Send + Sync {
    /// True where every mass of CO2e fits.
    const WIDEST: bool;
    /// The figure; none where it does not fit.
    fn of(quanta: i128) -> Option<Self>;
    /// As [`Self::of`], for sums: none also where some of them together could leave the range of a
    /// mass of CO2e.
    fn of_sum(quanta: i128) -> Option<Self>;
    fn quanta(self) -> i128;
    /// `amount * self`; none where 128 bits do not hold it.
    fn times(self, amount: i64) -> Option<i128>;
    /// `total + amount * self`; none where 128 bits do not hold it.
    fn add(self, amount: i64, total: i128) -> Option<i128>;
}

impl Cell for i64 {
    const WIDEST: bool = false;
    fn of(quanta: i128) -> Option<Self> {
        Self::try_from(quanta).ok()
    }
    fn of_sum(quanta: i128) -> Option<Self> {
        Self::of(quanta)
    }
    #[inline]
    fn quanta(self) -> i128 {
        self.into()
    }
    #[inline]
    fn times(self, amount: i64) -> Option<i128> {
        Some(i128::from(amount) * i128::from(self)) // OK because both have 64 bits.
    }
    #[inline]
    fn add(self, amount: i64, total: i128) -> Option<i128> {
        // OK because the amounts of a narrow row sum to less than 2^62.
        Some(total + i128::from(amount) * i128::from(self))
    }
}

/// A thousand figures below this together stay within the range of a mass of CO2e.
const SUM_MAX: i128 = 1 << 98;

impl Cell for i128 {
    const WIDEST: bool = true;
    fn of(quanta: i128) -> Option<Self> {
        Co2e::from_quanta(quanta).ok().map(Co2e::quanta)
    }
    fn of_sum(quanta: i128) -> Option<Self> {
        (quanta.abs() < SUM_MAX).then_some(quanta)
    }
    #[inline]
    fn quanta(self) -> i128 {
        self
    }
    #[inline]
    fn times(self, amount: i64) -> Option<i128> {
        match i64::try_from(self) {
            Ok(figure) => figure.times(amount),
            Err(_) => Self::from(amount).checked_mul(self),
        }
    }
    #[inline]
    fn add(self, amount: i64, total: i128) -> Option<i128> {
        self.times(amount)?.checked_add(total)
    }
}

/// Why a product is not finished.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unfit {
    /// A figure does not fit a cell.
    Cell,
    /// The product is to be summed in full width.
    Row,
}

/// Figures and their sum excluding uptake.
#[derive(Debug, Clone, Copy)]
pub(super) struct Summed<T, const K: usize> {
    pub(super) figures: [T; K],
    pub(super) headline: T,
}

impl<T: Cell, const K: usize> Summed<T, K> {
    pub(super) fn nothing() -> Self {
        Self { figures: [T::default(); K], headline: T::default() }
    }
}

/// What a line meets of its source, side by side.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slot<T, const K: usize> {
    pub(super) summed: Summed<T, K>,
    pub(super) passed: Passed,
}

/// Slots: fixed sources, then products by number.
pub(super) struct Pass<'g, 'a, T, const K: usize> {
    pub(super) graph: &'g Graph<'a>,
    pub(super) state: State,
    pub(super) slots: Vec<Slot<T, K>>,
    /// Figures by narrow row, of products with several.
    pub(super) rows: Vec<[T; K]>,
}

impl<'g, 'a, T: Cell, const K: usize> Pass<'g, 'a, T, K> {
    /// A pass before its first product, and whether every source fits a cell.
    pub(super) fn new(graph: &'g Graph<'a>, state: State) -> (Self, bool) {
        let slots = graph.arrays.fixed + graph.rows.products();
        let mut pass = Self {
            graph,
            state,
            slots: vec![Slot { summed: Summed::nothing(), passed: Passed::default() }; slots],
            rows: vec![[T::default(); K]; graph.arrays.count()],
        };
        let mut fits = true;
        for (slot, source) in graph.lowering.sources.all().iter().enumerate() {
            match pass.cells_of(&source.value) {
                Some(summed) => pass.put(slot, summed, source.value.gwp, share(source.value.primary)),
                None => fits = false,
            }
        }
        (pass, fits)
    }

    pub(super) fn cells_of(&self, value: &SourceValue) -> Option<Summed<T, K>> {
        let mut figures = [T::default(); K];
        for (figure, category) in figures.iter_mut().zip(&self.graph.lanes) {
            *figure = T::of(value.categories[*category].quanta())?;
        }
        Some(Summed { figures, headline: T::of(value.excluding_uptake.quanta())? })
    }

    pub(super) fn slot(&self, number: u32) -> usize {
        self.graph.arrays.fixed + number as usize
    }

    /// Calculates one product whose inputs are known; an error where a figure does not fit a cell.
    pub(super) fn product(&mut self, number: u32) -> Result<(), Unfit> {
        match self.narrow(number) {
            Err(Unfit::Cell) if !T::WIDEST => return Err(Unfit::Cell),
            Err(_) => {}
            Ok(()) => return Ok(()),
        }
        let mut errors = Vec::new();
        let part = self.exact().gate(number as usize, Side::Gate, None, &mut errors);
        match part {
            Some(part) => self.keep_exact(number, &part)?,
            None => self.fail(number, errors),
        }
        Ok(())
    }

    pub(super) fn exact(&self) -> Exact<'_, 'a> {
        Exact { lowering: &self.graph.lowering, rows: &self.graph.rows, values: self }
    }

    /// Keeps a gate that was calculated in full width.
    pub(super) fn keep_exact(&mut self, number: u32, part: &GatePart<'a>) -> Result<(), Unfit> {
        self.keep_value(number, &part.value)?;
        self.state.widened.insert(number);
        Ok(())
    }

    pub(super) fn keep_value(&mut self, number: u32, value: &SourceValue) -> Result<(), Unfit> {
        let summed = self.cells_of(value).ok_or(Unfit::Cell)?;
        self.keep(number, summed, value.gwp, (share(value.primary), of_quality(value.quality)));
        self.state.set(number, Status::Ready);
        Ok(())
    }

    pub(super) fn keep(
        &mut self,
        number: u32,
        summed: Summed<T, K>,
        gwp: GwpSets,
        (primary, ratings): (Share, Ratings),
    ) {
        let slot = self.slot(number);
        self.put(slot, summed, gwp, primary);
        self.state.rate(slot, ratings);
    }

    fn put(&mut self, slot: usize, summed: Summed<T, K>, gwp: GwpSets, primary: Share) {
        let passed = self.state.pass(slot, gwp, primary);
        if let Some(place) = self.slots.get_mut(slot) {
            *place = Slot { summed, passed };
        }
    }

    pub(super) fn fail(&mut self, number: u32, errors: Vec<CalcError>) {
        let lacks = |id: &crate::model::ProductId| {
            let number = self.graph.lowering.catalogue.number(id);
            number.is_some_and(|n| self.state.status(n) == Status::Failed { lacks_data: true })
        };
        let lacks_data = is_lack_of_data(&errors, lacks);
        self.state.errors.insert(number, errors);
        self.state.set(number, Status::Failed { lacks_data });
    }

    /// The sums of small numbers.
    fn narrow(&mut self, number: u32) -> Result<(), Unfit> {
        let range = self.graph.arrays.rows_of(number as usize).ok_or(Unfit::Row)?;
        if self.state.any_failed && !self.takes_only_sound(range.clone()) {
            return Err(Unfit::Row);
        }
        let (mut figures, mut gwp) = ([T::default(); K], GwpSets::default());
        for at in range.clone() {
            let (row, lines) = self.graph.arrays.row_at(at).ok_or(Unfit::Row)?;
            let rounded = self.sums(row, &lines)?.map(|total| divided(total, row.divisor));
            let mut cells = [T::default(); K];
            for ((cell, figure), quanta) in cells.iter_mut().zip(&mut figures).zip(rounded) {
                *cell = T::of_sum(quanta).ok_or(Unfit::Cell)?;
                *figure = T::of_sum(figure.quanta() + quanta).ok_or(Unfit::Cell)?; // OK because both fit a cell.
            }
            // Of a single row the product has the figures.
            if range.len() > 1
                && let Some(slot) = self.rows.get_mut(at)
            {
                *slot = cells;
            }
            gwp.add(self.gwp(&lines));
        }
        let summed = self.summed(figures)?;
        if !self.carbon_balances(number, &figures) {
            return Err(Unfit::Row);
        }
        let means = self.means(range)?;
        self.keep(number, summed, gwp, means);
        self.state.set(number, Status::Ready);
        Ok(())
    }

    /// The GWP sets that enter a row.
    pub(super) fn gwp(&self, lines: &Lines<'_>) -> GwpSets {
        let mut gwp = GwpSets::default();
        for slot in lines.slots.iter().filter_map(|slot| self.slots.get(*slot as usize)) {
            gwp.add(slot.passed.gwp);
        }
        gwp
    }

    pub(super) fn summed(&self, figures: [T; K]) -> Result<Summed<T, K>, Unfit> {
        let headline = figures.iter().zip(&self.graph.lanes).filter(|(_, c)| c.counts_excluding_uptake());
        let headline = headline.map(|(figure, _)| figure.quanta()).sum(); // OK because there are seven below 2^98.
        Ok(Summed { figures, headline: T::of(headline).ok_or(Unfit::Cell)? })
    }

    pub(super) fn carbon_balances(&self, number: u32, figures: &[T; K]) -> bool {
        let of = |category| {
            let lane = self.graph.lanes.iter().position(|lane| *lane == category);
            lane.and_then(|lane| figures.get(lane)).map_or(0, |figure| figure.quanta())
        };
        // OK because both are below 2^98.
        let balance = of(Category::BiogenicUptake) + of(Category::BiogenicReleased);
        guards::carbon_balances(self.graph.arrays.carbon(number), balance)
    }

    pub(super) fn takes_only_sound(&self, rows: std::ops::Range<usize>) -> bool {
        let sound = |slot: &u32| match (*slot as usize).checked_sub(self.graph.arrays.fixed) {
            Some(number) => !matches!(self.state.status(number), Status::Failed { .. }),
            None => true,
        };
        let lines = rows.filter_map(|at| self.graph.arrays.row_at(at));
        lines.map(|(_, lines)| lines.slots).all(|slots| slots.iter().all(sound))
    }

    /// The sums of one row before the division.
    #[inline]
    pub(super) fn sums(&self, row: &NarrowRow, lines: &Lines<'_>) -> Result<[i128; K], Unfit> {
        let mut totals = [0_i128; K];
        for (slot, amount) in lines.slots.iter().zip(lines.amounts) {
            let slot = self.slots.get(*slot as usize).ok_or(Unfit::Row)?;
            for (total, figure) in totals.iter_mut().zip(&slot.summed.figures) {
                *total = figure.add(*amount, *total).ok_or(Unfit::Row)?;
            }
        }
        if row.whole {
            self.enter_whole(lines, &mut totals)?;
        }
        Ok(totals)
    }

    /// Puts the headline of a line in the place of the of-which line that it enters whole.
    fn enter_whole(&self, lines: &Lines<'_>, totals: &mut [i128; K]) -> Result<(), Unfit> {
        for ((slot, amount), marks) in lines.slots.iter().zip(lines.amounts).zip(lines.marks) {
            let Some(whole) = Line::whole_of(own_marks(*marks)) else { continue };
            let Some(lane) = self.graph.lanes.iter().position(|lane| *lane == whole) else { continue };
            let summed = &self.slots.get(*slot as usize).ok_or(Unfit::Row)?.summed;
            let (Some(total), Some(figure)) = (totals.get_mut(lane), summed.figures.get(lane)) else {
                continue;
            };
            let (own, whole) = (figure.times(*amount), summed.headline.times(*amount));
            let turned = whole.zip(own).and_then(|(whole, own)| whole.checked_sub(own));
            *total = turned.and_then(|turned| total.checked_add(turned)).ok_or(Unfit::Row)?;
        }
        Ok(())
    }
}

/// Figures of lanes by category.
pub(super) fn by_category<T: Cell>(lanes: &[Category], cells: &[T]) -> ByCategory<Co2e> {
    let mut figures = ByCategory::<Co2e>::default();
    for (category, cell) in lanes.iter().zip(cells) {
        // OK because what does not fit was never put in a cell.
        figures[*category] = Co2e::from_quanta(cell.quanta()).unwrap_or(Co2e::ZERO);
    }
    figures
}

impl<T: Cell, const K: usize> Values for Pass<'_, '_, T, K> {
    fn product(&self, number: usize) -> Option<SourceValue> {
        match self.state.status(number) {
            Status::Open => Some(SourceValue::nothing()),
            Status::Ready => {
                let slot = self.graph.arrays.fixed + number;
                let Slot { summed, passed } = self.slots.get(slot)?;
                self.state.value(slot, *passed, by_category(&self.graph.lanes, &summed.figures))
            }
            _ => None,
        }
    }

    fn stand_in(&self, number: usize) -> Option<LineSource> {
        self.graph.stand_ins.source(number)
    }

    fn solved(&self, number: usize, row: u32) -> Option<(ByCategory<Co2e>, GwpSets)> {
        self.state.solved(number, row)
    }
}
