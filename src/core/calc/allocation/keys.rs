//! The shares of one statement from the keys of its outputs: each key as the method that the
//! statement names wants it.

use super::{Share, shares};
use crate::calc::amount::Exact;
use crate::calc::lower::{Catalogue, Work};
use crate::calc::{CalcError, Held};
use crate::model::wide::{Wide, product};
use crate::model::{Activity, Allocation, Decimal, Dimension, Output, Quantity, Unit};

impl Catalogue<'_> {
    /// Adds the share of each output to `work`, by the method that the statement names, which is
    /// held to the order.
    ///
    /// # Errors
    /// [`CalcError::AllocationKey`] where an output lacks what the method shares by, and what
    /// [`Self::check_order`] refuses.
    pub(in crate::calc) fn shares(&self, held: &Held<Activity>, work: &mut Work) -> Result<(), CalcError> {
        let activity = &held.statement;
        let (Some(method), [_, _, ..]) = (activity.allocation, &activity.outputs[..]) else {
            work.shares.resize(activity.outputs.len(), Share::ONE); // OK because `check` wants a method for several.
            return Ok(());
        };
        let mut keys = Vec::with_capacity(activity.outputs.len());
        for output in &activity.outputs {
            let key = match method {
                Allocation::Mass => self.mass_of(held, output, &mut work.masses_of)?,
                Allocation::Pieces if output.unit == Unit::Piece => Wide::new(output.amount.quanta()),
                Allocation::Pieces => return Err(no_key(held, output, method, "an amount in piece")),
                Allocation::Energy | Allocation::Key | Allocation::Price => match output.key {
                    Some(key) => Wide::new(key.quanta()),
                    None => return Err(no_key(held, output, method, "the `key`")),
                },
            };
            keys.push((&output.product, key));
        }
        work.notes.extend(self.check_order(held, method, &mut work.masses_of)?);
        let shared = shares(&keys).map_err(|problem| CalcError::Value { statement: held.id, problem });
        work.shares = shared?;
        Ok(())
    }

    /// The mass of an output in 1e-30 kg.
    pub(super) fn mass_of(
        &self,
        held: &Held<Activity>,
        output: &Output,
        masses_of: &mut Vec<usize>,
    ) -> Result<Wide, CalcError> {
        let at = |problem| CalcError::Value { statement: held.id, problem };
        let what = "allocation by mass";
        let exact = Exact::from(output.quantity());
        if exact.unit.dimension() == Dimension::Mass {
            let kg = exact.per(Quantity { amount: Decimal::ONE, unit: Unit::Kilogram }).map_err(at)?;
            let kg = kg.unwrap_or(Wide::ZERO); // OK because both are masses.
            return product(kg, Wide::new(Decimal::ONE_QUANTA), what).map_err(at);
        }
        let missing = || no_key(held, output, Allocation::Mass, "the mass per declared unit");
        let number = self.number(&output.product).ok_or_else(missing)?;
        let of = self.product(number).ok_or_else(missing)?;
        let kg = of.mass_per_declared_unit.ok_or_else(missing)?;
        let units = exact.per(of.declared_unit).map_err(at)?.ok_or_else(|| CalcError::OutputUnit {
            statement: held.id,
            product: output.product.clone(),
            unit: output.unit,
            declared: of.declared_unit.unit,
        })?;
        masses_of.push(number);
        product(units, Wide::new(kg.quanta()), what).map_err(at)
    }
}

fn no_key(
    held: &Held<Activity>,
    output: &Output,
    allocation: Allocation,
    missing: &'static str,
) -> CalcError {
    CalcError::AllocationKey { statement: held.id, allocation, missing, product: output.product.clone() }
}
