//! The footprint of a product as it is asked for: its figures, the statements behind them, what a reader must know, and the trace. Puts
//! together what the other files calculate.

use std::collections::{BTreeMap, BTreeSet};

use super::contribution::{self, Contribution};
use super::gate::{self, GatePart, processes, totals};
use super::process::ProcessResult;
use super::quality::exempted_percent;
use super::scope::Half;
use super::solve::{Gate, Solver};
use super::work::LineSource;
use super::{CalcError, CalcErrors, Footprint, Inventory, Request};
use crate::model::{
    Boundary, Co2e, Decimal, Figures, ProcessFigures, Product, ProductId, Stage, StageFigures, StatementId,
    ValueError,
};

/// Calculates the footprint of one product, by any of its ids, with everything behind it.
///
/// # Errors
/// All that stops it, in the product's own statements and in those of every product it consumes, at once and sorted.
pub fn footprint(
    inventory: &Inventory,
    product: &ProductId,
    request: &Request,
) -> Result<Footprint, CalcErrors> {
    let solver = Solver::new(inventory, request, Some(product))?;
    let number = solver.shop.number(product).ok_or(CalcError::UnknownProduct { product: product.clone() })?;
    let (mut notes, mut errors, mut contributions) = (BTreeSet::new(), Vec::new(), Vec::new());
    let asked = Asked { solver: &solver, number };
    let batch = request.batch.as_ref();
    let gate = gate::calculate(&solver, number, batch, Some(&mut contributions), &mut notes, &mut errors);
    let figures = asked.figures(gate.as_ref(), Some(&mut contributions), &mut notes, &mut errors);
    let Some(((id, _), figures)) = solver.shop.products.get(number).zip(figures) else {
        return Err(CalcErrors::new(solver.causes(errors)));
    };
    contribution::sort(&mut contributions);
    let used_to_gate = asked.used(&[Half::Gate], &mut notes);
    let used = asked.used(&solver.halves(asked.boundary()), &mut notes);
    if figures.primary_data_share.is_zero() && asked.weighs_nothing(&figures) {
        notes.insert("no flow contributes anything, so the primary data share is shown as 0".to_owned());
    }
    if let Some(scenario) = request.scenario.as_ref().filter(|s| !asked.knows_scenario(s)) {
        notes.insert(format!("no statement of this product names the scenario `{scenario}`"));
    }
    let boundary = asked.boundary();
    Ok(Footprint {
        product: (*id).clone(),
        boundary,
        figures,
        used,
        used_to_gate,
        notes: notes.into_iter().collect(),
        contributions,
    })
}

/// Calculates the figures of every product in one pass: the same digits as [`footprint`] gives for each.
///
/// A product that fails because of another says only that ([`FlowProblem::InputFails`](super::FlowProblem::InputFails)); why, stands at the other product. What lies behind a
/// single footprint (statements, notes, trace) is given by [`footprint`], because for a chain of products it grows with its square.
pub fn footprints(
    inventory: &Inventory,
    request: &Request,
) -> Result<BTreeMap<ProductId, Result<Figures, CalcErrors>>, CalcErrors> {
    let solver = Solver::new(inventory, request, None)?;
    let mut all = BTreeMap::new();
    for (number, (id, _)) in solver.shop.products.iter().enumerate() {
        all.insert((*id).clone(), figures_of(&solver, number));
    }
    Ok(all)
}

/// The figures of one product of a solver that knows its gate.
pub(super) fn figures_of<'a>(solver: &Solver<'a>, number: usize) -> Result<Figures, CalcErrors> {
    let asked = Asked { solver, number };
    let (mut notes, mut errors) = (BTreeSet::new(), Vec::new());
    let fresh;
    let gate = match (&solver.shop.request.batch, solver.gate_of(number)) {
        (None, Some(Gate::Ready(part))) => Some(part.as_ref()),
        (None, Some(Gate::Failed { errors: found, .. })) => {
            errors.extend_from_slice(found);
            None
        }
        _ => {
            let batch = solver.shop.request.batch.as_ref();
            fresh = gate::calculate(solver, number, batch, None, &mut notes, &mut errors);
            fresh.as_ref()
        }
    };
    let figures = asked.figures(gate, None, &mut notes, &mut errors);
    figures.ok_or_else(|| CalcErrors::new(errors))
}

/// A product that a footprint was asked for.
struct Asked<'s, 'a> {
    solver: &'s Solver<'a>,
    number: usize,
}

impl<'a> Asked<'_, 'a> {
    fn product(&self) -> Option<&'a Product> {
        self.solver.shop.product(self.number)
    }

    fn boundary(&self) -> Boundary {
        let stated = self.product().map_or(Boundary::Gate, |p| p.boundary);
        self.solver.shop.request.boundary.unwrap_or(stated)
    }

    /// The figures, from the gate and what lies beyond it; `None` where something was added to `errors`.
    fn figures(
        &self,
        gate: Option<&GatePart<'a>>,
        trace: Option<&mut Vec<Contribution>>,
        notes: &mut BTreeSet<String>,
        errors: &mut Vec<CalcError>,
    ) -> Option<Figures> {
        let (product, boundary) = (self.product()?, self.boundary());
        let (id, _) = self.solver.shop.products.get(self.number)?;
        if boundary == Boundary::Grave && product.boundary == Boundary::Gate {
            errors.push(CalcError::BeyondBoundary { product: (*id).clone() });
        }
        let batch = self.solver.shop.request.batch.as_ref();
        let half = Half::Beyond(boundary);
        let beyond = processes(self.solver, self.number, half, batch, trace, notes, errors);
        let gate = gate.filter(|_| errors.is_empty())?;
        let figures = assemble(product, boundary, &gate.processes, &beyond);
        figures.map_err(|problem| errors.push(CalcError::Result { product: (*id).clone(), problem })).ok()
    }

    /// Every statement that enters these halves of a figure, through all products; notes of what they rest on are added.
    fn used(&self, halves: &[Half], notes: &mut BTreeSet<String>) -> BTreeSet<StatementId> {
        let mut used = BTreeSet::new();
        let (mut seen, mut walked) = (BTreeSet::new(), BTreeSet::new());
        let mut open = vec![(self.number, true)];
        while let Some((number, asked)) = open.pop() {
            let Some((id, held)) = self.solver.shop.products.get(number) else { continue };
            used.insert(held.id);
            if let Some(published) = self.solver.published(number).filter(|_| !asked) {
                used.insert(published.id);
                notes.insert(format!(
                    "product {id} has no data in {}: its published footprint {} enters",
                    self.solver.shop.request.period, published.statement.footprint
                ));
                continue;
            }
            for input in self.used_by((number, asked), halves, &mut walked, &mut used, notes) {
                if seen.insert(input) {
                    open.push((input, false));
                }
            }
        }
        used
    }

    /// Adds the statements behind one product's own figures and gives the products it consumes.
    fn used_by(
        &self,
        (number, asked): (usize, bool),
        halves: &[Half],
        walked: &mut BTreeSet<usize>,
        used: &mut BTreeSet<StatementId>,
        notes: &mut BTreeSet<String>,
    ) -> Vec<usize> {
        let (solver, mut inputs) = (self.solver, Vec::new());
        let batch = solver.shop.request.batch.as_ref().filter(|_| asked);
        let Some(selector) = solver.selector(number, batch) else { return inputs };
        // Of what a product is made of, only the way to its gate enters.
        for half in halves.iter().copied().filter(|half| asked || *half == Half::Gate) {
            for part in solver.recycled(number, half) {
                notes.extend(part.note.clone());
                part.terms.iter().for_each(|term| self.use_source(term.source, used, notes));
            }
            let selected =
                selector.select(solver.entries(number), half, &mut Vec::new(), &mut BTreeSet::new());
            for (entry, _) in selected.iter().flat_map(|s| &s.entries) {
                let Some((held, work)) = solver.work(*entry) else { continue };
                if !walked.insert(entry.activity) {
                    continue; // A statement in common with a product that was here before.
                }
                used.insert(held.id);
                notes.extend(work.notes.iter().cloned());
                let masses = work.masses_of.iter().filter_map(|n| solver.shop.products.get(*n));
                used.extend(masses.map(|(_, product)| product.id));
                for line in &work.lines {
                    match line.source {
                        LineSource::Product(input) => inputs.push(input),
                        LineSource::Fixed(_) => self.use_source(line.source, used, notes),
                    }
                }
            }
        }
        inputs
    }

    /// The statement of a source that is not calculated here, and what must be known of it.
    fn use_source(&self, source: LineSource, used: &mut BTreeSet<StatementId>, notes: &mut BTreeSet<String>) {
        let LineSource::Fixed(at) = source else { return };
        if let Some(source) = self.solver.shop.sources.get(at) {
            used.extend(source.statement);
            notes.extend(source.notes.iter().cloned());
        }
    }

    fn weighs_nothing(&self, figures: &Figures) -> bool {
        figures.processes.iter().all(|p| p.figures.excluding_uptake.is_zero())
    }

    fn knows_scenario(&self, scenario: &crate::model::Text) -> bool {
        let activities = &self.solver.shop.inventory.activities;
        let of = |entry: &super::scope::Entry| activities.get(entry.activity).map(|held| &held.statement);
        self.solver.entries(self.number).iter().filter_map(of).any(|a| a.scenario.as_ref() == Some(scenario))
    }
}

/// Every figure of a product from its processes.
fn assemble(
    product: &Product,
    boundary: Boundary,
    gate: &[ProcessResult<'_>],
    beyond: &[ProcessResult<'_>],
) -> Result<Figures, ValueError> {
    let mut all: Vec<&ProcessResult<'_>> = gate.iter().chain(beyond).collect();
    all.sort_by(|a, b| (a.stage, &*a.process).cmp(&(b.stage, &*b.process)));
    let (grave_set, _, gwp) = totals(all.iter().copied())?;
    // Share, ratings and exemptions speak of the gate whatever the boundary: that is the figure a receiver passes on, and the one PACT asks them for.
    let (gate_set, weights, _) = totals(gate)?;
    let exempted = match product.exemptions {
        None => None,
        Some(_) => {
            let excluded = Co2e::total(gate.iter().map(|p| p.excluded))?;
            Some(exempted_percent(excluded, gate_set.excluding_uptake)?)
        }
    };
    Ok(Figures {
        data_quality: weights.ratings()?,
        exempted_emissions_percent: exempted,
        gate: gate_set,
        grave: (boundary == Boundary::Grave).then_some(grave_set),
        gwp: gwp.list(),
        primary_data_share: weights.primary_data_share()?.unwrap_or(Decimal::ZERO),
        processes: all
            .iter()
            .map(|p| ProcessFigures {
                figures: p.figures,
                process: p.process.clone().into_owned(),
                stage: p.stage,
            })
            .collect(),
        stages: stages(product, boundary, &all)?,
    })
}

fn stages(
    product: &Product,
    boundary: Boundary,
    all: &[&ProcessResult<'_>],
) -> Result<Vec<StageFigures>, ValueError> {
    let mut stages = Vec::new();
    for &stage in Stage::ALL {
        let inside = boundary == Boundary::Grave || super::scope::at_gate(product, stage);
        let of_stage: Vec<_> = all.iter().copied().filter(|p| p.stage == stage).collect();
        if inside || !of_stage.is_empty() {
            stages.push(StageFigures { figures: totals(of_stage)?.0, stage });
        }
    }
    Ok(stages)
}
