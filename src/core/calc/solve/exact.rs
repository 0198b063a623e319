//! One product in full width, flow by flow: the reference for every figure, and the only place
//! where a flow is traced or an error named. `round( sum_r share_r * sum_flows amount * source /
//! declared units )`, category by category, in checked 256-bit integers and rounded once.
//! Everything before the rounding is exact, so the order of statements and flows cannot matter.

use super::gate::{GatePart, Prepared, RowResult, Sums};
use super::guards;
use super::values::Values;
use crate::calc::amount::plain_decimal;
use crate::calc::contribution::{Contribution, own};
use crate::calc::lower::source::{SourceValue, accumulate};
use crate::calc::lower::{Line, LineSource, Lowering, Statement};
use crate::calc::result::quality::rating;
use crate::calc::rows::{Row, Rows, Side, half_of};
use crate::calc::{CalcError, FlowProblem};
use crate::model::wide::{Wide, narrow, power_of_ten, product, quotient, sum};
use crate::model::{
    Category, Co2e, Exemptions, FigureSet, Product, ProductId, RATIO_SCALE, RecyclingMethod, Stage,
    StatementId, ValueError,
};

const WHAT: &str = "unit process";

/// Lowered statements and rows, with the figures that are known of products.
#[derive(Clone, Copy)]
pub(in crate::calc) struct Exact<'e, 'a> {
    pub(in crate::calc) lowering: &'e Lowering<'a>,
    pub(in crate::calc) rows: &'e Rows<'a>,
    pub(in crate::calc) values: &'e dyn Values,
}

/// One pick of a row with all that its lines meet.
struct Picked<'e, 'a> {
    number: u32,
    statement: &'e Statement,
    id: &'a ProductId,
    product: &'a Product,
    taken: i128,
    units: Wide,
    row: &'e Row<'a>,
}

impl<'e, 'a> Exact<'e, 'a> {
    /// The gate of one product; `None` where something was added to `errors`. Every flow goes to
    /// `trace` where one is given.
    pub(in crate::calc) fn gate(
        &self,
        number: usize,
        side: Side,
        trace: Option<&mut Vec<Contribution>>,
        errors: &mut Vec<CalcError>,
    ) -> Option<GatePart<'a>> {
        let before = errors.len();
        let (id, stated) = self.checked(number, errors)?;
        let rows = self.results(number, side, trace, errors);
        if errors.len() > before {
            return None;
        }
        let result = |problem| CalcError::Result { product: id.clone(), problem };
        let checked = GatePart::new(rows)
            .map_err(result)
            .and_then(|part| guards::check_carbon(id, stated, &part.value).map(|()| part));
        checked.map_err(|error| errors.push(error)).ok()
    }

    /// A product of a loop, with the loop's products as nothing; `None` where something was added
    /// to `errors`.
    pub(super) fn prepare(&self, number: usize, errors: &mut Vec<CalcError>) -> Option<Prepared<'a>> {
        let before = errors.len();
        let (id, _) = self.checked(number, errors)?;
        errors.extend_from_slice(self.rows.faults(number, Side::Gate));
        let mut all = Vec::new();
        for at in self.rows.of(number, Side::Gate) {
            let Some(row) = self.rows.row(at) else { continue };
            let Some(sums) = self.sums(row, None, errors) else { continue };
            if let Err(problem) = rounded(row, &sums) {
                errors.push(CalcError::Result { product: id.clone(), problem });
            }
            all.push((at, sums));
        }
        let recycled = self.recycled(number, Side::Gate, None, errors);
        (errors.len() == before).then_some(Prepared { sums: all, recycled })
    }

    /// What a product statement must hold whatever its processes give.
    fn checked(&self, number: usize, errors: &mut Vec<CalcError>) -> Option<(&'a ProductId, &'a Product)> {
        let (id, held) = self.lowering.catalogue.products.get(number)?;
        if let Some(problem) = self.rows.invalid(number) {
            errors.push(CalcError::Value { statement: held.id, problem: problem.clone() });
            return None;
        }
        Some((id, &held.statement))
    }

    /// The figures of the rows of one side; what is wrong goes to `errors`.
    pub(in crate::calc) fn results(
        &self,
        number: usize,
        side: Side,
        mut trace: Option<&mut Vec<Contribution>>,
        errors: &mut Vec<CalcError>,
    ) -> Vec<RowResult<'a>> {
        let Some(id) = self.lowering.catalogue.id(number) else { return Vec::new() };
        errors.extend_from_slice(self.rows.faults(number, side));
        let range = self.rows.of(number, side);
        let mut results = Vec::with_capacity(range.len());
        let failed = |problem| CalcError::Result { product: id.clone(), problem };
        for at in range {
            let Some(row) = self.rows.row(at) else { continue };
            let Some(sums) = self.sums(row, trace.as_deref_mut(), errors) else { continue };
            match rounded(row, &sums) {
                Ok(result) => results.push((at, result)),
                Err(problem) => errors.push(failed(problem)),
            }
        }
        // In a loop the figures are already found, from what is not rounded.
        for (at, result) in results.iter_mut().filter(|_| side == Side::Gate) {
            let Some((found, gwp)) = self.values.solved(number, *at) else { continue };
            result.gwp = gwp;
            match FigureSet::new(found) {
                Ok(figures) => result.figures = figures,
                Err(problem) => errors.push(failed(problem)),
            }
        }
        let mut results: Vec<RowResult<'a>> = results.into_iter().map(|(_, result)| result).collect();
        results.extend(self.recycled(number, side, trace, errors));
        results
    }

    /// What comes from no activity: recycled material.
    fn recycled(
        &self,
        number: usize,
        side: Side,
        mut trace: Option<&mut Vec<Contribution>>,
        errors: &mut Vec<CalcError>,
    ) -> Vec<RowResult<'a>> {
        let catalogue = &self.lowering.catalogue;
        let Some((id, held)) = catalogue.products.get(number) else { return Vec::new() };
        let half = half_of(side, catalogue.request.boundary.unwrap_or(held.statement.boundary));
        let mut results = Vec::new();
        for part in self.rows.recycled(number, half) {
            results.extend(part.result(errors));
            let Some(trace) = trace.as_deref_mut() else { continue };
            let origin: (&ProductId, StatementId) = (id, held.id);
            match part.contributions(&self.lowering.sources, origin) {
                Ok(terms) => trace.extend(terms),
                Err(problem) => errors.push(CalcError::Result { product: (*id).clone(), problem }),
            }
        }
        results
    }

    /// The sums behind the figures of one row; `None` where something was added to `errors`.
    fn sums(
        &self,
        row: &'e Row<'a>,
        mut trace: Option<&mut Vec<Contribution>>,
        errors: &mut Vec<CalcError>,
    ) -> Option<Sums> {
        let before = errors.len();
        let (id, held) = self.lowering.catalogue.products.get(row.number)?;
        let product = &held.statement;
        let counted = row.units;
        let units = counted.unwrap_or(Wide::ONE);
        let mut sums = Sums::new(units);
        for pick in self.rows.picks(row) {
            let Some(statement) = self.lowering.lowered.statement(pick.statement) else { continue };
            if let Some(aside) = self.lowering.lowered.aside(pick.statement) {
                errors.extend_from_slice(&aside.errors);
            }
            let taken = pick.taken.filter(|_| !statement.fails);
            let (Some(taken), Some(_)) = (taken, counted) else {
                self.check_inputs(pick.statement, errors);
                continue;
            };
            let picked = Picked { number: pick.statement, statement, id, product, taken, units, row };
            for line in self.lowering.lowered.lines(statement) {
                let added = self.add_line(&mut sums, &picked, line, trace.as_deref_mut());
                errors
                    .extend(added.err().and_then(|problem| self.at_flow(pick.statement, line.flow, problem)));
            }
            self.add_excluded(&mut sums, &picked, errors);
        }
        (errors.len() == before && counted.is_some()).then_some(sums)
    }

    /// Where a statement has errors already, those of the products it consumes are still reported
    /// with them.
    fn check_inputs(&self, number: u32, errors: &mut Vec<CalcError>) {
        for (flow, input) in self.lowering.lowered.inputs(number) {
            let source = LineSource::Product(input);
            if self.value(source).is_none() {
                errors.extend(self.at_flow(number, flow, self.input_fails(source)));
            }
        }
    }

    /// The figure of a line's source; `None` where the product it names has none.
    pub(in crate::calc) fn value(&self, source: LineSource) -> Option<SourceValue> {
        match source {
            LineSource::Fixed(_) => self.lowering.sources.get(source).map(|fixed| fixed.value),
            LineSource::Product(number) => match self.values.stand_in(number as usize) {
                Some(published) => self.lowering.sources.get(published).map(|fixed| fixed.value),
                None => self.values.product(number as usize),
            },
        }
    }

    fn input_fails(&self, source: LineSource) -> FlowProblem {
        let product = match source {
            LineSource::Product(number) => self.lowering.catalogue.id(number as usize),
            LineSource::Fixed(_) => None,
        };
        match product {
            Some(id) => FlowProblem::InputFails { product: id.clone() },
            None => ValueError::Overflow { what: "source" }.into(), // Not reached: every number was made here.
        }
    }

    fn add_line(
        &self,
        sums: &mut Sums,
        picked: &Picked<'e, 'a>,
        line: &Line,
        trace: Option<&mut Vec<Contribution>>,
    ) -> Result<(), FlowProblem> {
        let value = self.value(line.source).ok_or_else(|| self.input_fails(line.source))?;
        check_credit(picked, line, &value)?;
        let factor = product(line.ratio, Wide::new(picked.taken), WHAT)?;
        accumulate(&mut sums.categories, factor, &value, line.whole())?;
        sums.gwp.add(value.gwp);
        let total = product(factor, Wide::new(value.excluding_uptake.quanta()), WHAT)?;
        let parts = picked.row.parts;
        let excluding_uptake = per_unit(total, picked.units, parts)?;
        let quality = rating(self.lowering.lowered.quality(picked.statement.quality), value.quality);
        sums.weights.count(excluding_uptake, value.primary.percent(line.data()), quality)?;
        let Some(trace) = trace else { return Ok(()) };
        let (units, taken) = (picked.units, picked.taken);
        let of = own::Own { units, taken, parts, product: picked.id, value: &value };
        trace.extend(own::contribution(self, picked.number, line, &of, excluding_uptake)?);
        Ok(())
    }

    fn add_excluded(&self, sums: &mut Sums, picked: &Picked<'e, 'a>, errors: &mut Vec<CalcError>) {
        let stated = match picked.product.exemptions {
            Some(Exemptions::Listed) => None,
            Some(Exemptions::None) => Some("states that nothing is left out"),
            None => Some("does not state whether anything is left out"),
        };
        for (flow, estimate) in self.lowering.lowered.excluded(picked.statement) {
            let problem = match stated {
                Some(stated) => Some(FlowProblem::Excluded { product: picked.id.clone(), stated }),
                None => sums.leave_out(*estimate, picked.taken).err().map(FlowProblem::from),
            };
            errors.extend(problem.and_then(|problem| self.at_flow(picked.number, *flow, problem)));
        }
    }

    fn at_flow(&self, number: u32, flow: u32, problem: FlowProblem) -> Option<CalcError> {
        let (held, flow) = (self.lowering.held(number)?, self.lowering.flow_name(number, flow)?);
        Some(CalcError::Flow { statement: held.id, flow: flow.clone(), problem })
    }
}

/// At the end of life only the recycling method gives credits: one on top of it, or against
/// cut-off, mixes two.
fn check_credit(picked: &Picked<'_, '_>, line: &Line, value: &SourceValue) -> Result<(), FlowProblem> {
    if picked.row.stage != Stage::Recycling || line.is_gas() {
        return Ok(());
    }
    let fossil = Wide::new(value.categories[Category::Fossil].quanta());
    let credit = quotient(product(line.ratio, fossil, WHAT)?, power_of_ten(RATIO_SCALE)?, WHAT)?;
    if credit >= 0 {
        return Ok(());
    }
    let stated = picked.product.recycling.as_ref().map(|r| r.method);
    Err(FlowProblem::RecyclingCredit {
        fossil: plain_decimal(credit, Co2e::SCALE as usize),
        method: stated.unwrap_or(RecyclingMethod::CutOff),
        product: picked.id.clone(),
    })
}

/// Divided and rounded, once.
fn rounded<'a>(row: &Row<'a>, sums: &Sums) -> Result<RowResult<'a>, ValueError> {
    let units = sums.units;
    let categories = sums.categories.try_map(|_, kg| per_unit(*kg, units, row.parts))?;
    Ok(RowResult {
        stage: row.stage,
        process: std::borrow::Cow::Borrowed(row.process),
        figures: FigureSet::new(categories)?,
        weights: sums.weights,
        excluded: left_out(sums.excluded, units, row.parts)?,
        gwp: sums.gwp,
    })
}

/// `estimate` (1e-15 kg) times parts taken, per declared unit.
pub(super) fn left_out(excluded: Wide, units: Wide, parts: i128) -> Result<Co2e, ValueError> {
    per_unit(product(excluded, power_of_ten(RATIO_SCALE)?, WHAT)?, units, parts)
}

/// `amount * source` (1e-33 kg) times parts taken, divided by declared units (1e-18) and parts: kg
/// per declared unit to 1e-15, half to even.
pub(in crate::calc) fn per_unit(total: Wide, units: Wide, parts: i128) -> Result<Co2e, ValueError> {
    if total == 0 {
        return Ok(Co2e::ZERO);
    }
    let denominator = product(units, Wide::new(parts), WHAT)?;
    Co2e::from_quanta(narrow(quotient(total, denominator, WHAT)?, WHAT)?)
}

impl Sums {
    /// Adds an estimate of what is left out.
    fn leave_out(&mut self, estimate: Co2e, taken: i128) -> Result<(), ValueError> {
        let part = product(Wide::new(estimate.quanta()), Wide::new(taken), WHAT)?;
        self.excluded = sum(self.excluded, part, WHAT)?;
        Ok(())
    }
}
