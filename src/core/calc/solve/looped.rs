//! The products of one loop: their equations built from rows, handed to `loops`, and the figures
//! put back. Means over flows (primary share, ratings) are repeated until they settle.

use std::collections::BTreeMap;
use std::ops::Range;

use super::describe;
use super::equations::{Equations, Line};
use super::gate::RowResult;
use super::loops::Unsolved;
use super::means::contribution;
use super::pass::{Cell, Pass, Slot, Summed, Unfit};
use super::state::{Ratings, Share, Status, of_quality, share};
use crate::calc::CalcError;
use crate::calc::lower::source::{GwpSets, SourceValue};
use crate::calc::lower::{Line as StatementLine, LineSource};
use crate::calc::result::quality::Primary;
use crate::calc::rows::Side;
use crate::model::wide::{Wide, divided, product};
use crate::model::{ByCategory, Category, Co2e, Decimal, ValueError};

/// How often the means of a loop are taken again until they stay as they are.
const MEANS_MAX: usize = 64;

const WHAT: &str = "loop of products";

/// One row of a loop with everything but what comes from the loop.
struct LoopRow {
    /// Its place among all rows; none for recycled material.
    row: Option<u32>,
    /// Its place among the narrow rows, where it is one.
    narrow: Option<usize>,
    /// Common factor of the equation; 1 where it is not known.
    factor: Wide,
    diagonal: Result<Wide, ValueError>,
    outside: ByCategory<Wide>,
}

/// A product of a loop with its rows.
struct Member {
    number: u32,
    rows: Vec<LoopRow>,
    /// Sets that enter from outside the loop.
    gwp: GwpSets,
}

/// What a product passes on of its means, or that it fails after all.
enum Next {
    Means(Share, Ratings),
    Fails(Vec<CalcError>),
}

impl<T: Cell, const K: usize> Pass<'_, '_, T, K> {
    /// Calculates products that consume each other; gives back those that fail by themselves.
    pub(super) fn several(&mut self, members: &[u32]) -> Result<Vec<u32>, Unfit> {
        for number in members {
            self.open(*number);
        }
        let (mut ready, mut failed) = (Vec::with_capacity(members.len()), Vec::new());
        for number in members {
            match self.prepare(*number) {
                Ok(member) => ready.push(member),
                Err(errors) => failed.push((*number, errors)),
            }
        }
        if !failed.is_empty() {
            let numbers = failed.iter().map(|(number, _)| *number).collect();
            for (number, errors) in failed {
                self.fail(number, errors);
            }
            return Ok(numbers);
        }
        let figures = self.equations(members, &ready).map_err(Unsolved::Range);
        let rhs: Vec<ByCategory<Wide>> =
            ready.iter().flat_map(|m| m.rows.iter().map(|r| r.outside)).collect();
        match figures.and_then(|equations| equations.solve(&rhs)) {
            Ok(figures) => self.settle(&ready, figures)?,
            Err(unsolved) => {
                let error = describe::unsolved(self.graph, members, unsolved);
                for number in members {
                    self.state.errors.insert(*number, vec![error.clone()]);
                    self.state.set(*number, Status::Failed { lacks_data: false });
                }
            }
        }
        Ok(Vec::new())
    }

    /// A product that enters as nothing.
    fn open(&mut self, number: u32) {
        self.state.set(number, Status::Open);
        self.keep(number, Summed::nothing(), GwpSets::default(), (0, Ratings::default()));
    }

    /// A product with everything but what comes from the loop, or its own errors.
    fn prepare(&self, number: u32) -> Result<Member, Vec<CalcError>> {
        if let Some(member) = self.prepare_narrow(number) {
            return Ok(member);
        }
        let mut errors = Vec::new();
        let Some(prepared) = self.exact().prepare(number as usize, &mut errors) else { return Err(errors) };
        let mut member = Member { number, rows: Vec::new(), gwp: GwpSets::default() };
        for (row, sums) in prepared.sums {
            member.gwp.add(sums.gwp);
            let parts = self.graph.rows.row(row).map_or(1, |row| row.parts); // OK because the row is there.
            let diagonal = product(sums.units, Wide::new(parts), WHAT);
            let (outside, factor) = (sums.categories, Wide::ONE);
            member.rows.push(LoopRow { row: Some(row), narrow: None, factor, diagonal, outside });
        }
        for part in prepared.recycled {
            member.gwp.add(part.gwp);
            member.rows.push(rounded_already(&part));
        }
        Ok(member)
    }

    /// The same in small numbers; none where full width is needed.
    fn prepare_narrow(&self, number: u32) -> Option<Member> {
        let range = self.graph.arrays.rows_of(number as usize)?;
        if self.state.any_failed && !self.takes_only_sound(range.clone()) {
            return None;
        }
        let mut member = Member { number, rows: Vec::with_capacity(range.len()), gwp: GwpSets::default() };
        for at in range {
            let (row, lines) = self.graph.arrays.row_at(at)?;
            let totals = self.sums(row, &lines).ok()?;
            let whole = self.graph.rows.row(row.row)?;
            let one = product(whole.units?, Wide::new(whole.parts), WHAT).ok()?;
            let factor = one / Wide::from(row.divisor); // OK because the divisor was reduced from it.
            let mut outside = ByCategory::from_fn(|_| Wide::ZERO);
            for (category, total) in self.graph.lanes.iter().zip(totals) {
                T::of_sum(divided(total, row.divisor))?;
                outside[*category] = product(Wide::from(total), factor, WHAT).ok()?;
            }
            for (slot, amount) in lines.slots.iter().zip(lines.amounts) {
                contribution(row, self.slots.get(*slot as usize)?.summed.headline, *amount).ok()?;
            }
            member.gwp.add(self.gwp(&lines));
            let diagonal = Ok(Wide::from(row.divisor));
            member.rows.push(LoopRow { row: Some(row.row), narrow: Some(at), factor, diagonal, outside });
        }
        Some(member)
    }

    /// The equations of the rows: what one takes of the products of the loop.
    fn equations(&self, members: &[u32], ready: &[Member]) -> Result<Equations, ValueError> {
        let mut equations = Equations::default();
        let mut columns: Vec<Range<usize>> = Vec::with_capacity(ready.len());
        for member in ready {
            let first = equations.diagonals.len();
            for row in &member.rows {
                equations.factors.push(row.factor);
                equations.diagonals.push(row.diagonal.clone()?);
            }
            columns.push(first..equations.diagonals.len());
        }
        let of = |number: u32| members.binary_search(&number).ok().and_then(|at| columns.get(at)).cloned();
        for loop_row in ready.iter().flat_map(|member| &member.rows) {
            let mut add = |number: u32, coefficient, whole| {
                let lines = of(number).into_iter().flatten();
                equations.lines.extend(lines.map(|column| Line { column, coefficient, whole }));
            };
            match (loop_row.narrow, loop_row.row) {
                (Some(at), _) => self.narrow_inside(at, &mut add),
                (None, Some(at)) => self.exact_inside(at, &mut add)?,
                (None, None) => {}
            }
            equations.ends.push(equations.lines.len());
        }
        Ok(equations)
    }

    fn narrow_inside(&self, at: usize, add: &mut impl FnMut(u32, Wide, Option<Category>)) {
        let Some((_, lines)) = self.graph.arrays.row_at(at) else { return };
        for ((slot, amount), marks) in lines.slots.iter().zip(lines.amounts).zip(lines.marks) {
            let Some(number) = (*slot as usize).checked_sub(self.graph.arrays.fixed) else { continue };
            let whole = StatementLine::whole_of(super::arrays::own_marks(*marks));
            add(crate::calc::lower::index(number), Wide::from(*amount), whole);
        }
    }

    fn exact_inside(
        &self,
        at: u32,
        add: &mut impl FnMut(u32, Wide, Option<Category>),
    ) -> Result<(), ValueError> {
        let Some(row) = self.graph.rows.row(at) else { return Ok(()) };
        let lowered = &self.graph.lowering.lowered;
        for pick in self.graph.rows.picks(row) {
            let Some(statement) = lowered.statement(pick.statement) else { continue };
            let Some(taken) = pick.taken else { continue };
            for line in lowered.lines(statement) {
                let LineSource::Product(input) = line.source else { continue };
                add(input, product(line.ratio, Wide::new(taken), WHAT)?, line.whole());
            }
        }
        Ok(())
    }

    /// Puts the figures where the other products find them, and takes the means.
    fn settle(&mut self, ready: &[Member], figures: Vec<ByCategory<Co2e>>) -> Result<(), Unfit> {
        let mut gwp = GwpSets::default();
        ready.iter().for_each(|member| gwp.add(member.gwp));
        let mut figures = figures.into_iter();
        let mut gates = BTreeMap::new();
        for member in ready {
            let mut total = Ok(ByCategory::<Co2e>::default());
            for (row, found) in member.rows.iter().zip(&mut figures) {
                total = total.and_then(|total| total.plus(&found));
                if let Some(row) = row.row {
                    self.state.solved.insert(row, found);
                }
            }
            let value = total.and_then(|t| SourceValue::new(t, gwp, Primary::Percent(Decimal::ZERO), None));
            gates.insert(member.number, value);
        }
        for (number, gate) in gates {
            self.state.loops.insert(number, gwp);
            match gate {
                Ok(value) => self.keep_value(number, &value)?,
                Err(problem) => {
                    let error = describe::result(self.graph, number, problem);
                    self.state.errors.insert(number, error.into_iter().collect());
                    self.state.set(number, Status::Failed { lacks_data: false });
                }
            }
        }
        self.settle_means(ready);
        Ok(())
    }

    /// Takes the means of every product with those of the others in place, until they stay as they
    /// are; what fails takes the others with it.
    fn settle_means(&mut self, ready: &[Member]) {
        let (mut round, mut sound) = (0, false);
        while round < MEANS_MAX {
            let mut next = Vec::with_capacity(ready.len());
            for member in ready {
                if self.state.status(member.number as usize) == Status::Ready {
                    next.push((member.number, self.next(member, sound)));
                }
            }
            let fails = next.iter().any(|(_, next)| matches!(next, Next::Fails(_)));
            let mut settled = true;
            for (number, next) in next {
                match next {
                    Next::Means(primary, ratings) => {
                        settled &= self.take_means(number, (primary, ratings));
                    }
                    Next::Fails(errors) => self.fail(number, errors),
                }
            }
            if settled && !fails && round > 0 {
                return;
            }
            // Figures stay as they are: where all of them held once, they hold.
            sound = !fails;
            round += usize::from(!fails);
        }
    }

    /// Keeps the means of a product; true where they are as they were.
    fn take_means(&mut self, number: u32, (primary, ratings): (Share, Ratings)) -> bool {
        let at = self.slot(number);
        let Some(Slot { passed, .. }) = self.slots.get(at).copied() else { return true };
        let before = (self.state.share(at, passed), self.state.ratings(at));
        let passed = self.state.pass(at, passed.gwp, primary);
        if let Some(slot) = self.slots.get_mut(at) {
            slot.passed = passed;
        }
        self.state.rate(at, ratings);
        before == (primary, ratings)
    }

    fn next(&self, member: &Member, sound: bool) -> Next {
        if let Some((primary, ratings)) = self.next_narrow(member, sound) {
            return Next::Means(primary, ratings);
        }
        let mut errors = Vec::new();
        match self.exact().gate(member.number as usize, Side::Gate, None, &mut errors) {
            Some(part) => Next::Means(share(part.value.primary), of_quality(part.value.quality)),
            None => Next::Fails(errors),
        }
    }

    /// The means in small numbers; none where full width is needed, or where something fails.
    fn next_narrow(&self, member: &Member, sound: bool) -> Option<(Share, Ratings)> {
        let range = self.graph.arrays.rows_of(member.number as usize)?;
        if !member.rows.iter().all(|row| row.narrow.is_some()) {
            return None;
        }
        if !sound {
            self.holds(member.number, range.clone())?;
        }
        self.means(range).ok()
    }

    /// Whether the figures of a product in a solved loop hold; none where full width must tell.
    fn holds(&self, number: u32, range: Range<usize>) -> Option<()> {
        if self.state.any_failed && !self.takes_only_sound(range.clone()) {
            return None;
        }
        let mut figures = [T::default(); K];
        for at in range {
            let (row, lines) = self.graph.arrays.row_at(at)?;
            for total in self.sums(row, &lines).ok()? {
                T::of_sum(divided(total, row.divisor))?;
            }
            let found = self.state.solved.get(&row.row)?;
            for (figure, category) in figures.iter_mut().zip(&self.graph.lanes) {
                let quanta = T::of_sum(found[*category].quanta())?.quanta();
                *figure = T::of_sum(figure.quanta() + quanta)?; // OK because both fit a cell.
            }
        }
        self.summed(figures).ok()?;
        self.carbon_balances(number, &figures).then_some(())
    }
}

/// Recycled material is rounded already: it enters as it is.
fn rounded_already(part: &RowResult<'_>) -> LoopRow {
    let categories = &part.figures.categories;
    let outside = ByCategory::from_fn(|category| Wide::new(categories[category].quanta()));
    LoopRow { row: None, narrow: None, factor: Wide::ONE, diagonal: Ok(Wide::ONE), outside }
}
