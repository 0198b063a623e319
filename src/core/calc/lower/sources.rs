//! The sources outside the product graph that flows name: factors, gases and suppliers' footprints,
//! each read once.

use std::collections::HashMap;

use super::source::{self, FixedSource};
use crate::calc::{Declared, FlowProblem, Held, Inventory, Request};
use crate::model::{Factor, FactorId, FootprintId, Gas, Product, ProductId, Publication, ValueError};

/// Where a line's figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::calc) enum LineSource {
    /// A place in the list of fixed sources.
    Fixed(u32),
    /// A product, by its number.
    Product(u32),
}

/// Every fixed source that is used, by place.
pub(in crate::calc) struct Sources<'a> {
    inventory: &'a Inventory,
    request: &'a Request,
    list: Vec<FixedSource>,
    factors: HashMap<&'a FactorId, LineSource>,
    bought: HashMap<&'a FootprintId, LineSource>,
    gases: HashMap<(Gas, bool), LineSource>,
}

impl<'a> Sources<'a> {
    pub(super) fn new(inventory: &'a Inventory, request: &'a Request) -> Self {
        Self {
            inventory,
            request,
            list: Vec::new(),
            factors: HashMap::new(),
            bought: HashMap::new(),
            gases: HashMap::new(),
        }
    }

    pub(in crate::calc) fn all(&self) -> &[FixedSource] {
        &self.list
    }

    /// The fixed source of a line; none where it is a product.
    pub(in crate::calc) fn get(&self, source: LineSource) -> Option<&FixedSource> {
        match source {
            LineSource::Fixed(at) => self.list.get(at as usize),
            LineSource::Product(_) => None,
        }
    }

    pub(in crate::calc) fn factor(&mut self, held: &'a Held<Factor>) -> Result<LineSource, FlowProblem> {
        let id = &held.statement.factor;
        if let Some(known) = self.factors.get(id) {
            return Ok(*known);
        }
        let kept = self.keep(source::from_factor(held, self.request.gwp)?);
        self.factors.insert(id, kept);
        Ok(kept)
    }

    pub(super) fn gas(&mut self, gas: Gas, negative: bool) -> Result<LineSource, FlowProblem> {
        if let Some(known) = self.gases.get(&(gas, negative)) {
            return Ok(*known);
        }
        let kept = self.keep(source::from_gas(gas, negative, self.request.gwp)?);
        self.gases.insert((gas, negative), kept);
        Ok(kept)
    }

    pub(super) fn bought(&mut self, id: &FootprintId) -> Result<LineSource, FlowProblem> {
        let Some((id, bought)) = self.inventory.bought.get_key_value(id) else {
            let footprint = id.clone();
            return Err(match self.inventory.redacted.bought.get(id) {
                Some(statement) => FlowProblem::RedactedFootprint { footprint, statement: *statement },
                None => FlowProblem::UnknownFootprint { footprint },
            });
        };
        let asked = self.request.period;
        if let Some(validity) = bought.statement.validity.filter(|v| !v.covers(asked)) {
            return Err(FlowProblem::FootprintNotValid { footprint: id.clone(), validity, asked });
        }
        if let Some(known) = self.bought.get(id) {
            return Ok(*known);
        }
        let kept = self.keep(source::from_bought(id, bought)?);
        self.bought.insert(id, kept);
        Ok(kept)
    }

    /// The figures of a publication, as a source; none where what they are per is not known, or
    /// does not convert to the declared unit of the product.
    ///
    /// # Errors
    /// Where they do not add up within the exact range.
    pub(in crate::calc) fn publication(
        &mut self,
        held: &Held<Publication>,
        id: &ProductId,
        product: &Product,
    ) -> Result<Option<LineSource>, ValueError> {
        let now = Some(Declared::by(product));
        let then = self.inventory.declared.get(&held.id).copied().unwrap_or(now);
        let Some(then) = then else { return Ok(None) };
        let fixed = source::from_publication(held, id, product, then)?;
        Ok(fixed.map(|fixed| self.keep(fixed)))
    }

    fn keep(&mut self, fixed: FixedSource) -> LineSource {
        self.list.push(fixed);
        // OK because memory ends before 2^32 sources.
        LineSource::Fixed(u32::try_from(self.list.len() - 1).unwrap_or(u32::MAX))
    }
}
