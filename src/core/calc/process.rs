//! The figure of one unit process: `round( sum_r share_r * sum_flows amount * source / declared units )`, category by category, in checked
//! 256-bit integers and rounded once. Everything before the rounding is exact, so the order of statements and flows cannot matter.

use std::borrow::Cow;

use super::allocation::Share;
use super::amount::{Exact, Ratio, plain_decimal};
use super::contribution::Contribution;
use super::quality::{Weights, rating};
use super::scope::{Entry, Selected};
use super::solve::Solver;
use super::source::{GwpSets, SourceValue, accumulate};
use super::work::{Line, LineSource, Work};
use super::{CalcError, ContributionSource, FlowProblem, Held};
use crate::model::wide::{Wide, narrow, power_of_ten, product, quotient, sum};
use crate::model::{
    Activity, Amount, ByCategory, Category, Co2e, Exemptions, FigureSet, Flow, FlowKind, FlowSource, Product,
    ProductId, RATIO_SCALE, RecyclingMethod, Stage, Text, ValueError,
};

/// A unit process with its figures per declared unit and what belongs to them.
#[derive(Debug, Clone)]
pub(super) struct ProcessResult<'a> {
    pub(super) stage: Stage,
    pub(super) process: Cow<'a, Text>,
    pub(super) figures: FigureSet,
    pub(super) weights: Weights,
    /// kg CO2e left out, per declared unit.
    pub(super) excluded: Co2e,
    pub(super) gwp: GwpSets,
    /// Declared units of the statements measured inside the period; none where all count through `appliesTo`.
    pub(super) measured_units: Option<Wide>,
}

/// One product's processes, on the way to their figures.
pub(super) struct ProcessSum<'s, 'a> {
    pub(super) solver: &'s Solver<'a>,
    pub(super) id: &'a ProductId,
    pub(super) product: &'a Product,
}

/// What one line of a statement meets: the figure of its source and where that came from.
struct Met<'s> {
    value: &'s SourceValue,
    origin: ContributionSource,
}

/// Everything of one process before the division by its units.
pub(super) struct Sums {
    /// 1e-48 kg.
    pub(super) categories: ByCategory<Wide>,
    weights: Weights,
    excluded: Wide,
    pub(super) gwp: GwpSets,
    /// Declared units, in 1e-18.
    pub(super) units: Wide,
    measured_units: Option<Wide>,
}

const WHAT: &str = "unit process";

impl<'s, 'a> ProcessSum<'s, 'a> {
    /// The figures of one process; `None` where something was added to `errors`. Every flow goes to `trace` where one is given.
    pub(super) fn figures(
        &self,
        selected: &Selected<'a>,
        trace: Option<&mut Vec<Contribution>>,
        errors: &mut Vec<CalcError>,
    ) -> Option<ProcessResult<'a>> {
        let sums = self.sums(selected, trace, errors)?;
        let result = Self::rounded(selected, &sums);
        result.map_err(|problem| errors.push(CalcError::Result { product: self.id.clone(), problem })).ok()
    }

    /// The sums behind the figures of one process.
    pub(super) fn sums(
        &self,
        selected: &Selected<'a>,
        mut trace: Option<&mut Vec<Contribution>>,
        errors: &mut Vec<CalcError>,
    ) -> Option<Sums> {
        let before = errors.len();
        let counted = self.units(selected, errors);
        let (units, measured_units) = counted.unwrap_or((Wide::ONE, None));
        let mut sums = Sums {
            categories: ByCategory::from_fn(|_| Wide::ZERO),
            weights: Weights::default(),
            excluded: Wide::ZERO,
            gwp: GwpSets::default(),
            units,
            measured_units,
        };
        for (entry, _) in &selected.entries {
            let Some((held, work)) = self.solver.work(*entry) else { continue };
            errors.extend_from_slice(&work.errors);
            let share = work.shares.get(entry.output).filter(|_| work.errors.is_empty());
            let (Some(share), Some(_)) = (share, counted) else {
                self.check_inputs(held, work, errors);
                continue;
            };
            for line in &work.lines {
                let added = self.add_line(&mut sums, held, line, *share, units, trace.as_deref_mut());
                errors.extend(added.err());
            }
            self.add_excluded(&mut sums, held, work, *share, errors);
        }
        (errors.len() == before).then_some(sums)
    }

    /// Where a statement has errors already, those of the products it consumes are still reported with them.
    fn check_inputs(&self, held: &Held<Activity>, work: &Work, errors: &mut Vec<CalcError>) {
        for (index, input) in &work.inputs {
            let source = LineSource::Product(*input);
            let fails = self.solver.value(source).is_none();
            if let Some(flow) = held.statement.flows.get(*index).filter(|_| fails) {
                errors.push(at_flow(held, flow, self.solver.input_fails(source)));
            }
        }
    }

    /// Declared units of good output: of all statements, and of those measured inside the period.
    pub(super) fn units(
        &self,
        selected: &Selected<'a>,
        errors: &mut Vec<CalcError>,
    ) -> Option<(Wide, Option<Wide>)> {
        let before = errors.len();
        let (mut units, mut measured) = (Wide::ZERO, None);
        for (entry, inside) in &selected.entries {
            match self.output_units(*entry) {
                // OK because a ratio of two decimals is below 2^200: no number of statements brings a sum near 2^255.
                Ok(more) => {
                    units += more;
                    if *inside {
                        measured = Some(measured.unwrap_or(Wide::ZERO) + more);
                    }
                }
                Err(error) => errors.push(error),
            }
        }
        (errors.len() == before).then_some((units, measured))
    }

    fn output_units(&self, entry: Entry) -> Result<Wide, CalcError> {
        let result = |problem| CalcError::Result { product: self.id.clone(), problem };
        let output = self
            .solver
            .work(entry)
            .and_then(|(held, _)| held.statement.outputs.get(entry.output).map(|output| (held.id, output)));
        let Some((statement, output)) = output else {
            return Err(result(ValueError::Overflow { what: WHAT }));
        };
        let (declared, mass) = (self.product.declared_unit, self.product.mass_per_declared_unit);
        let units = Exact::from(output.quantity()).per_declared(declared, mass);
        units.map_err(|problem| CalcError::Value { statement, problem })?.ok_or_else(|| {
            CalcError::OutputUnit {
                statement,
                product: self.id.clone(),
                unit: output.unit,
                declared: declared.unit,
            }
        })
    }

    fn add_line(
        &self,
        sums: &mut Sums,
        held: &Held<Activity>,
        line: &Line,
        share: Share,
        units: Wide,
        trace: Option<&mut Vec<Contribution>>,
    ) -> Result<(), CalcError> {
        let Some(flow) = held.statement.flows.get(line.flow) else { return Ok(()) };
        let fails = || at_flow(held, flow, self.solver.input_fails(line.source));
        let (value, origin) = self.solver.value(line.source).ok_or_else(fails)?;
        self.check_credit(held, line, value).map_err(|problem| at_flow(held, flow, problem))?;
        let met = Met { value, origin };
        let added = self.weigh(sums, held, line, share, units, &met, trace);
        added.map_err(|problem| at_flow(held, flow, problem.into()))
    }

    /// At the end of life only the recycling method gives credits: one on top of it, or against cut-off, mixes two.
    fn check_credit(
        &self,
        held: &Held<Activity>,
        line: &Line,
        value: &SourceValue,
    ) -> Result<(), FlowProblem> {
        let gas = held.statement.flows.get(line.flow).is_some_and(|f| matches!(f.source, FlowSource::Gas(_)));
        if held.statement.stage != Stage::Recycling || gas {
            return Ok(());
        }
        let fossil = Wide::new(value.categories[Category::Fossil].quanta());
        let credit = quotient(product(line.ratio, fossil, WHAT)?, power_of_ten(RATIO_SCALE)?, WHAT)?;
        if credit >= 0 {
            return Ok(());
        }
        let stated = self.product.recycling.as_ref().map(|r| r.method);
        Err(FlowProblem::RecyclingCredit {
            fossil: plain_decimal(credit, Co2e::SCALE as usize),
            method: stated.unwrap_or(RecyclingMethod::CutOff),
            product: self.id.clone(),
        })
    }

    #[allow(clippy::too_many_arguments, reason = "one line's whole surroundings, used once")]
    fn weigh(
        &self,
        sums: &mut Sums,
        held: &Held<Activity>,
        line: &Line,
        share: Share,
        units: Wide,
        met: &Met<'_>,
        trace: Option<&mut Vec<Contribution>>,
    ) -> Result<(), ValueError> {
        let Some(flow) = held.statement.flows.get(line.flow) else { return Ok(()) };
        let factor = product(line.ratio, Wide::new(share.quanta()), WHAT)?;
        let whole = whole_into(flow.kind);
        accumulate(&mut sums.categories, factor, met.value, whole)?;
        sums.gwp.add(met.value.gwp);
        let total = product(factor, Wide::new(met.value.excluding_uptake.quanta()), WHAT)?;
        let excluding_uptake = per_unit(total, units)?;
        let quality = rating(held.statement.quality, met.value.quality);
        sums.weights.count(excluding_uptake, met.value.primary.percent(flow.data), quality)?;
        let (Some(trace), Some(amount)) = (trace, &flow.amount) else { return Ok(()) };
        let mut exact = ByCategory::from_fn(|_| Wide::ZERO);
        accumulate(&mut exact, factor, met.value, whole)?;
        trace.push(Contribution {
            product: self.id.clone(),
            level: Ratio::ONE,
            statement: held.id,
            stage: held.statement.stage,
            process: held.statement.process.clone(),
            flow: line.flow,
            name: flow.name.clone(),
            kind: flow.kind,
            source: met.origin.clone(),
            upstream: line.upstream,
            amount: Amount::clone(amount),
            source_unit: self.solver.declared(line.source),
            converted: Ratio::from_quanta(line.ratio),
            source_figures: met.value.categories,
            share,
            declared_units: Ratio::from_quanta(units),
            contribution: exact.try_map(|_, kg| per_unit(*kg, units))?,
            excluding_uptake,
        });
        Ok(())
    }

    fn add_excluded(
        &self,
        sums: &mut Sums,
        held: &Held<Activity>,
        work: &Work,
        share: Share,
        errors: &mut Vec<CalcError>,
    ) {
        let stated = match self.product.exemptions {
            Some(Exemptions::Listed) => None,
            Some(Exemptions::None) => Some("states that nothing is left out"),
            None => Some("does not state whether anything is left out"),
        };
        for (index, estimate) in &work.excluded {
            let Some(flow) = held.statement.flows.get(*index) else { continue };
            if let Some(stated) = stated {
                let problem = FlowProblem::Excluded { product: self.id.clone(), stated };
                errors.push(at_flow(held, flow, problem));
                continue;
            }
            let added = product(Wide::new(estimate.quanta()), Wide::new(share.quanta()), WHAT)
                .and_then(|part| sum(sums.excluded, part, WHAT));
            match added {
                Ok(total) => sums.excluded = total,
                Err(problem) => errors.push(at_flow(held, flow, problem.into())),
            }
        }
    }

    /// Divided and rounded, once.
    pub(super) fn rounded(selected: &Selected<'a>, sums: &Sums) -> Result<ProcessResult<'a>, ValueError> {
        let units = sums.units;
        let categories = sums.categories.try_map(|_, kg| per_unit(*kg, units))?;
        let scaled = product(sums.excluded, power_of_ten(RATIO_SCALE)?, WHAT)?;
        Ok(ProcessResult {
            stage: selected.stage,
            process: Cow::Borrowed(selected.process),
            figures: FigureSet::new(categories)?,
            weights: sums.weights,
            excluded: per_unit(scaled, units)?,
            gwp: sums.gwp,
            measured_units: sums.measured_units,
        })
    }
}

/// The of-which line that a flow of this kind enters whole.
pub(super) const fn whole_into(kind: FlowKind) -> Option<Category> {
    match kind {
        FlowKind::Aircraft => Some(Category::Aircraft),
        FlowKind::Packaging => Some(Category::Packaging),
        _ => None,
    }
}

/// `share * amount * source` (1e-48 kg) divided by declared units (1e-18): kg per declared unit to 1e-15, half to even.
pub(super) fn per_unit(total: Wide, units: Wide) -> Result<Co2e, ValueError> {
    if total == 0 {
        return Ok(Co2e::ZERO);
    }
    let denominator = product(units, Wide::new(Share::ONE.quanta()), WHAT)?;
    Co2e::from_quanta(narrow(quotient(total, denominator, WHAT)?, WHAT)?)
}

fn at_flow(held: &Held<Activity>, flow: &Flow, problem: FlowProblem) -> CalcError {
    CalcError::Flow { statement: held.id, flow: flow.name.clone(), problem }
}
