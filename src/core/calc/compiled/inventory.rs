//! The graph of an inventory. Everything is judged by the same code that calculates single footprints, so a product has figures here exactly
//! where it has them there.

use super::{Builder, Compiled, Input, Line};
use crate::calc::process::{ProcessSum, whole_into};
use crate::calc::scope::Half;
use crate::calc::solve::{Gate, Solver};
use crate::calc::work::LineSource;
use crate::calc::{CalcError, CalcErrors, Inventory, Request, Share};
use crate::model::wide::{Wide, power_of_ten};
use crate::model::{ProductId, RATIO_SCALE, ValueError};

impl Compiled {
    /// The gates of an inventory as arrays. What fails by what is stated is kept with its errors, and so is what consumes it.
    ///
    /// # Errors
    /// [`CalcError::Result`] where a number that [`footprints`](crate::calc::footprints) takes does not fit the arrays.
    pub fn of(inventory: &Inventory, request: &Request) -> Result<Self, CalcErrors> {
        let solver = Solver::new(inventory, request, None)?;
        let first = solver.shop.products.first().map(|(id, _)| (*id).clone());
        let result = |id: Option<&ProductId>, problem| {
            let product = id.cloned().or(first.clone());
            product
                .map_or(CalcErrors::new(Vec::new()), |product| CalcError::Result { product, problem }.into())
        };
        let count = u32::try_from(solver.shop.products.len());
        let count = count.map_err(|_| result(None, ValueError::Overflow { what: "number of products" }))?;
        let mut builder = Builder::new(count);
        for source in &solver.shop.sources {
            builder.source(source.value.categories);
        }
        let mut failed = std::collections::BTreeMap::new();
        for number in 0..count {
            let id = solver.shop.products.get(number as usize).map(|(id, _)| *id);
            match solver.gate_of(number as usize) {
                Some(Gate::Failed { errors, .. }) => {
                    failed.insert(number, errors.clone());
                }
                _ => {
                    let added = add(&solver, &mut builder, number);
                    added.map_err(|problem| result(id, problem))?;
                }
            }
        }
        let mut compiled = builder.compile().map_err(|problem| result(None, problem))?;
        compiled.failed = failed;
        compiled.ids = solver.shop.products.iter().map(|(id, _)| (*id).clone()).collect();
        Ok(compiled)
    }
}

/// Adds the gate processes of one product.
fn add(solver: &Solver<'_>, builder: &mut Builder, number: u32) -> Result<(), ValueError> {
    let Some(selector) = solver.selector(number as usize, None) else { return Ok(()) };
    let (mut errors, mut notes) = (Vec::new(), std::collections::BTreeSet::new());
    let entries = solver.entries(number as usize);
    let sum = ProcessSum { solver, id: selector.id, product: selector.product };
    let mut lines = Vec::new();
    for selected in selector.select(entries, Half::Gate, &mut errors, &mut notes) {
        let units = sum.units(&selected, &mut errors).map_or(Wide::ZERO, |units| units.0);
        lines.clear();
        for (entry, _) in &selected.entries {
            let Some((held, work)) = solver.work(*entry) else { continue };
            let Some(share) = work.shares.get(entry.output).copied() else { continue };
            for line in &work.lines {
                let Some(flow) = held.statement.flows.get(line.flow) else { continue };
                let from = match line.source {
                    LineSource::Fixed(at) => Input::Fixed(u32::try_from(at).unwrap_or(u32::MAX)), // OK because the builder refuses what it does not know.
                    LineSource::Product(input) => input_of(solver, builder, input),
                };
                lines.push(Line { ratio: line.ratio, share, from, whole: whole_into(flow.kind) });
            }
        }
        builder.process(number, units, &lines)?;
    }
    let one = power_of_ten(RATIO_SCALE)?;
    let recycled = solver.recycled(number as usize, Half::Gate);
    for part in recycled.filter_map(|part| part.result(&mut errors)) {
        let from = builder.source(part.figures.categories);
        builder.process(number, one, &[Line { ratio: one, share: Share::ONE, from, whole: None }])?;
    }
    Ok(())
}

/// The product itself, or the publication that stands in for it.
fn input_of(solver: &Solver<'_>, builder: &mut Builder, input: usize) -> Input {
    match solver.published(input) {
        Some(published) => builder.source(published.statement.figures.gate.categories),
        None => Input::Product(u32::try_from(input).unwrap_or(u32::MAX)), // OK because the builder refuses what it does not know.
    }
}
