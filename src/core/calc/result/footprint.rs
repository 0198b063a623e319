//! The footprint of a product as it is asked for, with the statements behind it, what a reader must
//! know, and the trace.

use std::collections::BTreeSet;

use super::figures::Gate;
use super::quality::exempted_percent;
use crate::calc::contribution;
use crate::calc::lower::Lowering;
use crate::calc::rows::{Rows, Side};
use crate::calc::scope::Half;
use crate::calc::solve::{Engine, Graph};
use crate::calc::{CalcError, CalcErrors, Contribution, Footprint, Inventory, Ratio, Request};
use crate::model::{Accepted, ByCategory, Co2e, Figures, ProductId, ValueError};

/// Calculates the footprint of one product, by any of its ids, with everything behind it.
///
/// # Errors
/// All that stops it, in the product's own statements and in those of every product it consumes, at
/// once and sorted.
pub fn footprint(
    inventory: &Inventory,
    product: &ProductId,
    request: &Request,
) -> Result<Footprint, CalcErrors> {
    let (engine, number) = Engine::of(inventory, product, request)?;
    let (mut errors, mut contributions) = (Vec::new(), Vec::new());
    let side = engine.asked_side();
    let gate = engine.exact().gate(number, side, Some(&mut contributions), &mut errors).map(Gate::from);
    let excluded = gate.as_ref().map(Gate::excluded);
    let figures = engine.assemble(number, gate, Some(&mut contributions), &mut errors);
    let known = engine.graph.lowering.catalogue.id(number).zip(figures.zip(excluded));
    let Some((id, (figures, excluded))) = known else {
        return Err(CalcErrors::new(engine.causes(number, errors)));
    };
    contribution::sort(&mut contributions);
    let sides = [side, Side::Beyond];
    let mut notes: BTreeSet<String> =
        sides.into_iter().flat_map(|side| engine.graph.rows.notes(number, side)).cloned().collect();
    let boundary = engine.boundary(number);
    let used_to_gate = engine.used(number, &[Half::Gate], &mut notes);
    let used = engine.used(number, &[Half::Gate, Half::Beyond(boundary)], &mut notes);
    if figures.primary_data_share.is_zero() && weighs_nothing(&figures) {
        notes.insert("no flow contributes anything, so the primary data share is shown as 0".to_owned());
    }
    if let Some(scenario) = request.scenario.as_ref().filter(|_| !engine.knows_scenario(number)) {
        notes.insert(format!("no statement of this product names the scenario `{scenario}`"));
    }
    notes.extend(vanished(&figures, &contributions));
    let notes = notes.into_iter().collect();
    let excluded = excluded.map_err(|problem| CalcError::Result { product: id.clone(), problem })?;
    Ok(Footprint {
        product: id.clone(),
        boundary,
        figures,
        used,
        used_to_gate,
        excluded,
        notes,
        contributions,
    })
}

impl Footprint {
    /// Counts what accepted findings leave out as exempted, beside what statements exclude. A product
    /// that does not state its exemptions stays without the percentage.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] from 10^18 kg on.
    pub fn exempt(&mut self, accepted: &[Accepted]) -> Result<(), ValueError> {
        if self.figures.exempted_emissions_percent.is_some() {
            let left_out = accepted.iter().filter_map(|accepted| accepted.estimate);
            let all = Co2e::total(left_out.chain([self.excluded]))?;
            let percent = exempted_percent(all, self.figures.gate.excluding_uptake)?;
            self.figures.exempted_emissions_percent = Some(percent);
        }
        Ok(())
    }
}

/// Each process whose flows give something that rounds to nothing per declared unit.
fn vanished(figures: &Figures, contributions: &[Contribution]) -> Vec<String> {
    let is_zero = |kg: &ByCategory<Co2e>| kg.iter().all(|(_, kg)| kg.is_zero());
    let gives = |c: &Contribution| c.converted != Ratio::ZERO && !is_zero(&c.source_figures);
    let zeros = figures.processes.iter().filter(|of| is_zero(&of.figures.categories));
    let lost = zeros.filter(|of| {
        contributions.iter().any(|c| c.stage == of.stage && c.process == of.process && gives(c))
    });
    lost.map(|of| {
        format!(
            "{} process `{}` gives less than half of 0.000000000000001 kg per declared unit, which is shown as 0; a larger declared unit (1,000 pieces in place of one) shows it",
            of.stage, of.process
        )
    })
    .collect()
}

fn weighs_nothing(figures: &Figures) -> bool {
    figures.processes.iter().all(|p| p.figures.excluding_uptake.is_zero())
}

impl<'a> Engine<'a> {
    /// One product, by any of its ids, with everything that it consumes; and its number.
    ///
    /// # Errors
    /// [`CalcError::UnknownProduct`].
    pub(in crate::calc) fn of(
        inventory: &'a Inventory,
        product: &ProductId,
        request: &'a Request,
    ) -> Result<(Self, usize), CalcError> {
        let mut lowering = Lowering::new(inventory, request);
        let unknown = || CalcError::UnknownProduct { product: product.clone() };
        let number = lowering.catalogue.number(product).ok_or_else(unknown)?;
        let rows = Rows::reach(&mut lowering, Some(number));
        Ok((Graph::new(lowering, rows).solve(), number))
    }
}
