//! The sums of one product's gate, with what comes from other products left open: filled in again and rounded when those change. It
//! calculates exactly as a whole run does, and gives up where that would find an error.

use std::collections::BTreeSet;

use super::passed_on;
use crate::calc::Share;
use crate::calc::gate;
use crate::calc::loops::common_factor;
use crate::calc::process::{ProcessSum, whole_into};
use crate::calc::quality::{Weights, rating};
use crate::calc::scope::Half;
use crate::calc::solve::Solver;
use crate::calc::source::{GwpSets, SourceValue, accumulate};
use crate::calc::work::LineSource;
use crate::model::wide::{Wide, narrow, product, quotient, sum};
use crate::model::{ByCategory, Category, Co2e, DataKind, FigureSet, Quality, ValueError};

const WHAT: &str = "unit process";

/// The factors of a row sum to less than this, so that times a mass of CO2e (below 2^110) nothing leaves 256 bits, whether reduced or not.
const FACTORS_MAX: Wide = Wide::from_words(1 << (143 - 128), 0);

/// The gate processes of a product.
#[derive(Debug)]
pub(super) struct Rows {
    rows: Vec<Row>,
    /// Biogenic carbon that the product states, in 1e-15 kg.
    carbon: Option<i128>,
}

/// One unit process; its numbers have no common factor.
#[derive(Debug)]
struct Row {
    /// Declared units times one share.
    divisor: Wide,
    /// Sums of what is not a product made here, without those that are zero.
    fixed: Vec<(Category, Wide)>,
    weights: Weights,
    gwp: GwpSets,
    lines: Vec<Line>,
}

/// A flow from another product.
#[derive(Debug)]
struct Line {
    input: u32,
    /// Ratio times share.
    factor: Wide,
    whole: Option<Category>,
    data: Option<DataKind>,
    /// Of the statement; few have one.
    quality: Option<Box<Quality>>,
}

impl Rows {
    /// Of a calculated product that is in no loop; `None` where it is no plain sum. `whole` turns the solver's numbers into those of the
    /// whole.
    pub(super) fn of(solver: &Solver<'_>, number: usize, whole: impl Fn(usize) -> usize) -> Option<Self> {
        let selector = solver.selector(number, None)?;
        let recycled = selector.product.recycling.as_ref();
        if recycled.is_some_and(|r| !r.materials.is_empty()) || solver.solved.contains_key(&number) {
            return None;
        }
        let sum = ProcessSum { solver, id: selector.id, product: selector.product };
        let (mut errors, mut notes, mut rows) = (Vec::new(), BTreeSet::new(), Vec::new());
        for selected in selector.select(solver.entries(number), Half::Gate, &mut errors, &mut notes) {
            let (units, _) = sum.units(&selected, &mut errors)?;
            let divisor = product(units, Wide::new(Share::ONE.quanta()), WHAT).ok()?;
            let mut sums = ByCategory::from_fn(|_| Wide::ZERO);
            let (mut weights, mut gwp, mut lines) = (Weights::default(), GwpSets::default(), Vec::new());
            for (entry, _) in &selected.entries {
                let (held, work) = solver.work(*entry)?;
                let share = work.shares.get(entry.output)?;
                for line in &work.lines {
                    let flow = held.statement.flows.get(line.flow)?;
                    let one = Line {
                        input: u32::MAX,
                        factor: product(line.ratio, Wide::new(share.quanta()), WHAT).ok()?,
                        whole: whole_into(flow.kind),
                        data: flow.data,
                        quality: held.statement.quality.map(Box::new),
                    };
                    match line.source {
                        LineSource::Product(input) if solver.published(input).is_none() => {
                            lines.push(Line { input: u32::try_from(whole(input)).ok()?, ..one });
                        }
                        _ => {
                            let (value, _) = solver.value(line.source)?;
                            one.add(value, divisor, &mut sums, &mut weights, &mut gwp).ok()?;
                        }
                    }
                }
            }
            let fixed = sums.iter().filter(|(_, kg)| **kg != 0).map(|(c, kg)| (c, *kg)).collect();
            rows.push(Row { divisor, fixed, weights, gwp, lines }.reduced()?);
        }
        let carbon = gate::carbon_held(selector.product);
        errors.is_empty().then_some(Self { rows, carbon })
    }

    /// The gate with the inputs as they are now; `None` where one has no value or something stops it.
    pub(super) fn value<'v>(&self, value: impl Fn(u32) -> Option<&'v SourceValue>) -> Option<SourceValue> {
        let mut figures = ByCategory::<Co2e>::default();
        let (mut weights, mut gwp) = (Weights::default(), GwpSets::default());
        for row in &self.rows {
            let mut sums = ByCategory::from_fn(|_| Wide::ZERO);
            for (category, kg) in &row.fixed {
                sums[*category] = *kg;
            }
            weights.add(&row.weights).ok()?;
            gwp.add(row.gwp);
            for line in &row.lines {
                line.add(value(line.input)?, row.divisor, &mut sums, &mut weights, &mut gwp).ok()?;
            }
            let rounded = sums.try_map(|_, kg| rounded(*kg, row.divisor)).ok()?;
            figures = figures.plus(&FigureSet::new(rounded).ok()?.categories).ok()?;
        }
        let figures = FigureSet::new(figures).ok()?.categories;
        let primary = passed_on(weights.primary_data_share().ok()?);
        let value = SourceValue::new(figures, gwp, primary, weights.ratings().ok()?).ok()?;
        gate::carbon_balances(self.carbon, &value).then_some(value)
    }
}

impl Row {
    /// The same fractions in smaller numbers; `None` where a sum could leave 256 bits, which only a whole run judges.
    fn reduced(mut self) -> Option<Self> {
        let total = self.lines.iter().try_fold(Wide::ZERO, |total, line| sum(total, line.factor.abs(), WHAT));
        let parts = self.lines.iter().map(|line| line.factor).chain(self.fixed.iter().map(|(_, kg)| *kg));
        let common = parts.fold(self.divisor, |common, part| common_factor(common, part.abs()));
        let small = total.is_ok_and(|total| total < FACTORS_MAX)
            && self.fixed.iter().all(|(_, kg)| kg.abs() < FACTORS_MAX << 110);
        if !small || common <= 0 {
            return None;
        }
        self.divisor /= common;
        self.lines.iter_mut().for_each(|line| line.factor /= common);
        self.fixed.iter_mut().for_each(|(_, kg)| *kg /= common);
        Some(self)
    }
}

fn rounded(total: Wide, divisor: Wide) -> Result<Co2e, ValueError> {
    if total == 0 {
        Ok(Co2e::ZERO)
    } else {
        Co2e::from_quanta(narrow(quotient(total, divisor, WHAT)?, WHAT)?)
    }
}

impl Line {
    fn add(
        &self,
        value: &SourceValue,
        divisor: Wide,
        sums: &mut ByCategory<Wide>,
        weights: &mut Weights,
        gwp: &mut GwpSets,
    ) -> Result<(), ValueError> {
        accumulate(sums, self.factor, value, self.whole)?;
        gwp.add(value.gwp);
        let total = product(self.factor, Wide::new(value.excluding_uptake.quanta()), WHAT)?;
        let quality = rating(self.quality.as_deref().copied(), value.quality);
        weights.count(rounded(total, divisor)?, value.primary.percent(self.data), quality)
    }
}
