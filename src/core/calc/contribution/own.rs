//! What one flow gave to the product whose own it is.

use super::{Contribution, ContributionSource};
use crate::calc::FlowProblem;
use crate::calc::allocation::Share;
use crate::calc::amount::Ratio;
use crate::calc::lower::source::{SourceValue, accumulate};
use crate::calc::lower::{Line, LineSource};
use crate::calc::solve::exact::{Exact, per_unit};
use crate::model::wide::{Wide, product};
use crate::model::{ByCategory, Co2e, ProductId};

/// What a line meets in its row.
pub(in crate::calc) struct Own<'o> {
    /// Declared units of the row, in 1e-18.
    pub(in crate::calc) units: Wide,
    /// Parts of the statement that count, of so many.
    pub(in crate::calc) taken: i128,
    pub(in crate::calc) parts: i128,
    pub(in crate::calc) product: &'o ProductId,
    pub(in crate::calc) value: &'o SourceValue,
}

/// A line as people read it; none where its flow states no amount.
pub(in crate::calc) fn contribution(
    exact: &Exact<'_, '_>,
    number: u32,
    line: &Line,
    of: &Own<'_>,
    excluding_uptake: Co2e,
) -> Result<Option<Contribution>, FlowProblem> {
    let Some(held) = exact.lowering.held(number) else { return Ok(None) };
    let Some(flow) = held.statement.flows.get(line.flow as usize) else { return Ok(None) };
    let (Some(amount), Some(source)) = (&flow.amount, exact.origin(line.source)) else { return Ok(None) };
    let factor = product(line.ratio, Wide::new(of.taken), "unit process")?;
    let mut sums = ByCategory::from_fn(|_| Wide::ZERO);
    accumulate(&mut sums, factor, of.value, line.whole())?;
    Ok(Some(Contribution {
        product: of.product.clone(),
        level: Ratio::ONE,
        statement: held.id,
        stage: held.statement.stage,
        process: held.statement.process.clone(),
        flow: line.flow as usize,
        name: flow.name.clone(),
        kind: flow.kind,
        source,
        upstream: line.is_upstream(),
        amount: amount.clone(),
        source_unit: exact.lowering.declared(line.source).0,
        converted: Ratio::from_quanta(line.ratio),
        source_figures: of.value.categories,
        share: Share::of_parts(of.taken, of.parts),
        declared_units: Ratio::from_quanta(of.units),
        contribution: sums.try_map(|_, kg| per_unit(*kg, of.units, of.parts))?,
        excluding_uptake,
    }))
}

impl Exact<'_, '_> {
    /// Where the figure of a line's source comes from.
    pub(in crate::calc) fn origin(&self, source: LineSource) -> Option<ContributionSource> {
        let number = match source {
            LineSource::Fixed(_) => return self.lowering.sources.get(source).map(|s| s.origin.clone()),
            LineSource::Product(number) => number as usize,
        };
        if let Some(published) = self.values.stand_in(number) {
            return self.lowering.sources.get(published).map(|s| s.origin.clone());
        }
        let (id, held) = self.lowering.catalogue.products.get(number)?;
        Some(ContributionSource::Product { product: (*id).clone(), statement: held.id })
    }
}
