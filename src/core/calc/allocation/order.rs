//! Which way of sharing a statement's flows is called for: ISO 14067 and PACT want a product rule
//! if one is named, subdivision (separate unit processes) and system expansion (a flow that
//! `substitutes` something) before any allocation; then by price where the co-products' values per
//! unit lie more than a factor of five apart, else by something physical. Judges what is stated;
//! shares nothing.

use crate::calc::amount::Exact;
use crate::calc::lower::Catalogue;
use crate::calc::{CalcError, Held};
use crate::model::wide::{Wide, product};
use crate::model::{Activity, Allocation, Decimal, Output, Quantity, ValueError};

/// Values per unit that lie further apart than this call for the allocation by price (PACT
/// Methodology, co-product allocation).
const APART: i128 = 5;

const WHAT: &str = "value per unit";

impl Catalogue<'_> {
    /// Holds the method of a statement with several outputs to the order, as far as their values
    /// are stated; gives what a reader must know. The products that decide are added to `deciding`.
    ///
    /// # Errors
    /// [`CalcError::AllocationOrder`] where price is called for; [`CalcError::Value`] where the
    /// numbers leave the exact range.
    pub(in crate::calc) fn check_order(
        &self,
        held: &Held<Activity>,
        method: &Allocation,
        deciding: &mut Vec<usize>,
    ) -> Result<Option<String>, CalcError> {
        let outputs = &held.statement.outputs;
        let by_price = *method == Allocation::Price;
        let value = |output: &Output| output.value;
        let numbers: Vec<usize> = outputs.iter().filter_map(|o| self.number(&o.product)).collect();
        let mut products = numbers.iter().filter_map(|number| self.product(*number));
        let ruled = products.any(|product| !product.rules.is_empty());
        let Some(values) = outputs.iter().map(value).collect::<Option<Vec<Decimal>>>() else {
            let without = outputs.iter().find(|output| value(output).is_none()).filter(|_| !ruled);
            let why = |output: &Output| format!("the value of {} is not stated", output.product);
            return Ok(without.map(|output| not_judged(held, method, &why(output))));
        };
        deciding.extend(&numbers);
        if ruled {
            return Ok(None); // The rule decides.
        }
        let Some(amounts) = self.comparable(held, deciding)? else {
            return Ok(Some(not_judged(held, method, "its outputs have no unit in common")));
        };
        let at = |problem| CalcError::Value { statement: held.id, problem };
        let priced: Vec<Priced<'_>> = outputs.iter().zip(values.into_iter().zip(amounts)).collect();
        let apart = furthest(&priced).map_err(at)?;
        match (by_price, apart) {
            (false, Some((dearer, cheaper))) => Err(CalcError::AllocationOrder {
                statement: held.id,
                allocation: method.clone(),
                dearer: dearer.product.clone(),
                cheaper: cheaper.product.clone(),
            }),
            (true, None) => Ok(Some(format!(
                "{} process `{}` is allocated by price though its products' values per unit lie within a factor of five, where PACT asks for something physical",
                held.statement.stage, held.statement.process
            ))),
            _ => Ok(None),
        }
    }

    /// The amounts of all outputs in one unit: kg where every mass is known, else their own where
    /// it is of one dimension; `None` where neither is.
    fn comparable(
        &self,
        held: &Held<Activity>,
        deciding: &mut Vec<usize>,
    ) -> Result<Option<Vec<Wide>>, CalcError> {
        let at = |problem| CalcError::Value { statement: held.id, problem };
        let outputs = &held.statement.outputs;
        let masses = outputs.iter().map(|output| self.mass_of(held, output, deciding));
        match masses.collect::<Result<Vec<Wide>, CalcError>>() {
            Ok(masses) => return Ok(Some(masses)),
            // A mass that is not stated is needed for this question alone.
            Err(CalcError::AllocationKey { .. }) => {}
            Err(error) => return Err(error),
        }
        let Some(first) = outputs.first() else { return Ok(None) };
        let one = Quantity { amount: Decimal::ONE, unit: first.unit };
        let same = outputs.iter().map(|output| Exact::from(output.quantity()).per(one));
        Ok(same.collect::<Result<Vec<_>, ValueError>>().map_err(at)?.into_iter().collect())
    }
}

/// What a reader must know where values cannot be compared: a missing one is neither near nor far.
fn not_judged(held: &Held<Activity>, method: &Allocation, why: &str) -> String {
    let (stage, process) = (held.statement.stage, &held.statement.process);
    format!(
        "{stage} process `{process}` is allocated by {method}; whether PACT asks for price instead is not judged, because {why}"
    )
}

/// An output with its value and its amount in the unit of all.
type Priced<'o> = (&'o Output, (Decimal, Wide));

/// The two whose values per unit lie furthest apart, where that is more than [`APART`]: the dearer,
/// then the cheaper. An output of 0 has no value per unit.
fn furthest<'o>(priced: &[Priced<'o>]) -> Result<Option<(&'o Output, &'o Output)>, ValueError> {
    let times = |value: Decimal, amount: Wide| product(Wide::new(value.quanta()), amount, WHAT);
    let mut ends: Option<(Priced<'o>, Priced<'o>)> = None;
    for one in priced.iter().filter(|one| one.1.1 > 0) {
        let (mut dear, mut cheap) = ends.unwrap_or((*one, *one));
        if times(one.1.0, dear.1.1)? > times(dear.1.0, one.1.1)? {
            dear = *one;
        }
        if times(one.1.0, cheap.1.1)? < times(cheap.1.0, one.1.1)? {
            cheap = *one;
        }
        ends = Some((dear, cheap));
    }
    let Some((dear, cheap)) = ends else { return Ok(None) };
    let limit = product(times(cheap.1.0, dear.1.1)?, Wide::new(APART), WHAT)?;
    Ok((times(dear.1.0, cheap.1.1)? > limit).then_some((dear.0, cheap.0)))
}
