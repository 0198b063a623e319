//! Every figure of a product, put together from its rows: totals, stages, shares and ratings. Adds
//! up; calculates nothing else.

use std::borrow::Cow;

use super::quality::exempted_percent;
use crate::calc::lower::source::{GwpSets, SourceValue};
use crate::calc::rows::Side;
use crate::calc::scope::at_gate;
use crate::calc::solve::gate::{GatePart, RowResult};
use crate::calc::solve::{Engine, Status, values::Values};
use crate::calc::{CalcError, CalcErrors, Contribution};
use crate::model::{
    Boundary, ByCategory, Co2e, FigureSet, Figures, ProcessFigures, Product, Stage, StageFigures, Text,
    ValueError,
};

/// One row as it is shown.
struct Shown<'a> {
    stage: Stage,
    process: Cow<'a, Text>,
    figures: FigureSet,
    excluded: Co2e,
}

/// The gate as it is shown, with what it passes on.
pub(super) struct Gate<'a> {
    rows: Vec<Shown<'a>>,
    value: SourceValue,
}

impl Gate<'_> {
    /// What is left out by estimate.
    pub(super) fn excluded(&self) -> Result<Co2e, ValueError> {
        Co2e::total(self.rows.iter().map(|row| row.excluded))
    }
}

impl<'a> From<RowResult<'a>> for Shown<'a> {
    fn from(row: RowResult<'a>) -> Self {
        Self { stage: row.stage, process: row.process, figures: row.figures, excluded: row.excluded }
    }
}

impl<'a> From<GatePart<'a>> for Gate<'a> {
    fn from(part: GatePart<'a>) -> Self {
        Self { rows: part.rows.into_iter().map(Shown::from).collect(), value: part.value }
    }
}

impl<'a> Engine<'a> {
    /// How far the figures of a product reach.
    pub(in crate::calc) fn boundary(&self, number: usize) -> Boundary {
        let catalogue = &self.graph.lowering.catalogue;
        let stated = catalogue.product(number).map_or(Boundary::Gate, |p| p.boundary);
        catalogue.request.boundary.unwrap_or(stated)
    }

    /// Every figure of one product, whose rows beyond the gate are there too.
    ///
    /// # Errors
    /// Its own; a product that fails because of another says only that.
    pub(in crate::calc) fn figures(&self, number: usize) -> Result<Figures, CalcErrors> {
        let mut errors = Vec::new();
        let gate = self.gate(number, &mut errors);
        let figures = self.assemble(number, gate, None, &mut errors);
        figures.ok_or_else(|| CalcErrors::new(errors))
    }

    /// As [`Self::figures`], with the errors of everything that the product consumes in the place
    /// of those that say only that.
    ///
    /// # Errors
    /// All that stops it, sorted.
    pub(in crate::calc) fn explained(&self, number: usize) -> Result<Figures, CalcErrors> {
        let mut errors = Vec::new();
        // Looked at again: a product of a loop that failed by itself was judged before the others
        // of the loop.
        let mut traced = Vec::new();
        let gate = self.exact().gate(number, self.asked_side(), Some(&mut traced), &mut errors);
        let figures = self.assemble(number, gate.map(Gate::from), Some(&mut traced), &mut errors);
        figures.ok_or_else(|| CalcErrors::new(self.causes(number, errors)))
    }

    /// The rows to the gate that a product is asked for by.
    pub(super) fn asked_side(&self) -> Side {
        if self.graph.lowering.catalogue.request.batch.is_some() { Side::Batch } else { Side::Gate }
    }

    /// The gate as it was solved, or that of the batch asked for; none where something was added to
    /// `errors`.
    fn gate(&self, number: usize, errors: &mut Vec<CalcError>) -> Option<Gate<'a>> {
        if self.graph.lowering.catalogue.request.batch.is_some() {
            return self.exact().gate(number, Side::Batch, None, errors).map(Gate::from);
        }
        if let Status::Failed { .. } = self.solution.status(number) {
            errors.extend_from_slice(self.solution.errors(number));
            return None;
        }
        if let Some(gate) = self.small(number) {
            return Some(gate);
        }
        let gate: Gate<'a> = self.exact().gate(number, Side::Gate, None, errors)?.into();
        Some(Gate { value: self.product(number).unwrap_or(gate.value), ..gate })
    }

    /// The gate of a product that was summed in small numbers.
    fn small(&self, number: usize) -> Option<Gate<'a>> {
        let shown = |(at, figures, excluded): (u32, ByCategory<Co2e>, Co2e)| {
            let row = self.graph.rows.row(at)?;
            let figures = FigureSet::new(figures).ok()?;
            Some(Shown { stage: row.stage, process: Cow::Borrowed(row.process), figures, excluded })
        };
        let rows = self.narrow_rows(number)?.map(shown).collect::<Option<Vec<_>>>()?;
        Some(Gate { rows, value: self.product(number)? })
    }

    /// The figures, from the gate and what lies beyond it; `None` where something was added to
    /// `errors`.
    pub(super) fn assemble(
        &self,
        number: usize,
        gate: Option<Gate<'a>>,
        trace: Option<&mut Vec<Contribution>>,
        errors: &mut Vec<CalcError>,
    ) -> Option<Figures> {
        let (id, held) = self.graph.lowering.catalogue.products.get(number)?;
        let (product, boundary) = (&held.statement, self.boundary(number));
        if boundary == Boundary::Grave && product.boundary == Boundary::Gate {
            errors.push(CalcError::BeyondBoundary { product: (*id).clone() });
        }
        let beyond = self.exact().results(number, Side::Beyond, trace, errors);
        let gate = gate.filter(|_| errors.is_empty())?;
        let figures = figures(product, boundary, gate, beyond);
        figures.map_err(|problem| errors.push(CalcError::Result { product: (*id).clone(), problem })).ok()
    }
}

/// Every figure of a product from its rows.
fn figures(
    product: &Product,
    boundary: Boundary,
    gate: Gate<'_>,
    beyond: Vec<RowResult<'_>>,
) -> Result<Figures, ValueError> {
    let gate_set = totals(&gate.rows)?;
    // Share, ratings and exemptions speak of the gate whatever the boundary: that is the figure a
    // receiver passes on, and the one PACT asks them for.
    let exempted = match product.exemptions {
        None => None,
        Some(_) => Some(exempted_percent(gate.excluded()?, gate_set.excluding_uptake)?),
    };
    let Gate { rows: mut all, value } = gate;
    let mut gwp: GwpSets = value.gwp;
    beyond.iter().for_each(|row| gwp.add(row.gwp));
    all.extend(beyond.into_iter().map(Shown::from));
    all.sort_by(|a, b| (a.stage, &*a.process).cmp(&(b.stage, &*b.process)));
    let grave_set = totals(&all)?;
    Ok(Figures {
        data_quality: value.quality,
        exempted_emissions_percent: exempted,
        gate: gate_set,
        grave: (boundary == Boundary::Grave).then_some(grave_set),
        gwp: gwp.list(),
        primary_data_share: value.primary.percent(None),
        stages: stages(product, boundary, &all)?,
        processes: processes(all)?,
    })
}

/// Each process once: what a process used and its bill of materials are two rows.
fn processes(sorted: Vec<Shown<'_>>) -> Result<Vec<ProcessFigures>, ValueError> {
    let mut processes: Vec<ProcessFigures> = Vec::with_capacity(sorted.len());
    for Shown { stage, process, figures, .. } in sorted {
        match processes.last_mut() {
            Some(last) if last.stage == stage && last.process == *process => {
                last.figures = last.figures.plus(&figures)?;
            }
            _ => processes.push(ProcessFigures { figures, process: process.into_owned(), stage }),
        }
    }
    Ok(processes)
}

fn stages(product: &Product, boundary: Boundary, all: &[Shown<'_>]) -> Result<Vec<StageFigures>, ValueError> {
    let mut stages = Vec::new();
    for &stage in Stage::ALL {
        let inside = boundary == Boundary::Grave || at_gate(product, stage);
        let mut of_stage = all.iter().filter(|p| p.stage == stage).peekable();
        if inside || of_stage.peek().is_some() {
            stages.push(StageFigures { figures: totals(of_stage)?, stage });
        }
    }
    Ok(stages)
}

fn totals<'s, 'a: 's>(rows: impl IntoIterator<Item = &'s Shown<'a>>) -> Result<FigureSet, ValueError> {
    let add = |sum: ByCategory<Co2e>, row: &Shown<'_>| sum.plus(&row.figures.categories);
    FigureSet::new(rows.into_iter().try_fold(ByCategory::default(), add)?)
}
