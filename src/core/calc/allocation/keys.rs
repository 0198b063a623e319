//! The shares of one statement from the keys of its outputs: each key as the method that the
//! statement names wants it.

use super::{Share, shares};
use crate::calc::amount::Exact;
use crate::calc::lower::{Catalogue, Work};
use crate::calc::{CalcError, Held};
use crate::model::wide::{Wide, product};
use crate::model::{Activity, Allocation, Decimal, Dimension, Output, Quantity, Unit, folded};

impl Catalogue<'_> {
    /// Adds the share of each output to `work`, by the method that the statement names, which is
    /// held to the order.
    ///
    /// # Errors
    /// [`CalcError::AllocationKey`] where an output lacks what the method shares by, and what
    /// [`Self::check_order`] refuses.
    pub(in crate::calc) fn shares(&self, held: &Held<Activity>, work: &mut Work) -> Result<(), CalcError> {
        let activity = &held.statement;
        let (Some(method), [_, _, ..]) = (&activity.allocation, &activity.outputs[..]) else {
            work.shares.resize(activity.outputs.len(), Share::ONE); // OK because `check` wants a method for several.
            return Ok(());
        };
        if activity.flows.is_empty() {
            work.shares.resize(activity.outputs.len(), Share::ZERO);
            return Ok(());
        }
        let mut keys = Vec::with_capacity(activity.outputs.len());
        for output in &activity.outputs {
            keys.push((&output.product, self.key_of(held, output, method, &mut work.masses_of)?));
        }
        work.notes.extend(self.check_order(held, method, &mut work.masses_of)?);
        let shared = shares(&keys).map_err(|problem| CalcError::Value { statement: held.id, problem });
        work.shares = shared?;
        Ok(())
    }

    /// The share of one output of the statement at a place in the inventory; none where its method
    /// does not give one.
    pub(in crate::calc) fn share_of_output(&self, activity: u32, output: u32) -> Option<Share> {
        let held = self.activities.get(activity as usize)?;
        let mut work = Work::default();
        self.shares(held, &mut work).ok()?;
        work.shares.get(output as usize).copied()
    }

    /// What an output counts by a method.
    ///
    /// # Errors
    /// [`CalcError::AllocationKey`] where it lacks that.
    pub(in crate::calc) fn key_of(
        &self,
        held: &Held<Activity>,
        output: &Output,
        method: &Allocation,
        masses_of: &mut Vec<usize>,
    ) -> Result<Wide, CalcError> {
        let key = match method {
            Allocation::Mass => return self.mass_of(held, output, masses_of),
            Allocation::Pieces if output.unit == Unit::Piece => Some(output.amount),
            Allocation::Pieces => return Err(no_key(held, output, method, "an amount in piece".into())),
            Allocation::Price => output.value,
            Allocation::Key(name) => output.keys.get(name).copied().or_else(|| {
                let wanted = folded(name.as_str());
                let mut named = output.keys.iter().filter(|(key, _)| folded(key.as_str()) == wanted);
                named.next().map(|(_, key)| *key)
            }),
        };
        // What was not made took nothing, whatever it is shared by.
        let key = key.or_else(|| output.amount.is_zero().then_some(Decimal::ZERO));
        key.map(|key| Wide::new(key.quanta())).ok_or_else(|| match method {
            Allocation::Price => {
                no_key(held, output, method, "the value (unit_price or output_value)".into())
            }
            _ => no_key(held, output, method, format!("the key `{method}`")),
        })
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
        let missing = || no_key(held, output, &Allocation::Mass, "the mass per declared unit".into());
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

fn no_key(held: &Held<Activity>, output: &Output, allocation: &Allocation, missing: String) -> CalcError {
    CalcError::AllocationKey {
        statement: held.id,
        allocation: allocation.clone(),
        missing,
        product: output.product.clone(),
    }
}
