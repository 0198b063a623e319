//! One activity statement made ready for sums: every flow's amount in units of its source, every output's share. Resolves names; leaves the
//! figures of other products open, because they are not calculated yet.

use std::collections::HashMap;

use super::amount::{Exact, amount_text};
use super::source::{self, FixedSource};
use super::{CalcError, FlowProblem, Held, Inventory, Request, Share, factor_use};
use crate::model::wide::Wide;
use crate::model::{
    Activity, Amount, Co2e, Decimal, Dimension, Factor, FactorId, Flow, FlowSource, FootprintId, Gas,
    Instrument, Period, Product, ProductId, Quantity, Unit, ValueError,
};

/// Where a line's figure comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum LineSource {
    /// A place in the list of fixed sources.
    Fixed(usize),
    /// A product of the graph.
    Product(usize),
}

/// A flow, or the upstream of one, in units of its source.
#[derive(Debug)]
pub(super) struct Line {
    pub(super) flow: usize,
    pub(super) upstream: bool,
    /// Source units, as a whole number of 1e-18.
    pub(super) ratio: Wide,
    pub(super) source: LineSource,
}

/// An activity statement ready for sums.
#[derive(Debug, Default)]
pub(super) struct Work {
    /// One per output; empty where there are errors.
    pub(super) shares: Vec<Share>,
    pub(super) lines: Vec<Line>,
    /// Place of each flow that consumes a product, and which: also where its amount does not convert.
    pub(super) inputs: Vec<(usize, usize)>,
    /// What is left out: place of the flow and its estimate.
    pub(super) excluded: Vec<(usize, Co2e)>,
    /// Products whose mass, or whose product rule, decided the shares.
    pub(super) masses_of: Vec<usize>,
    pub(super) notes: Vec<String>,
    pub(super) errors: Vec<CalcError>,
}

/// Everything by which statements are made ready.
pub(super) struct Workshop<'a> {
    pub(super) inventory: &'a Inventory,
    pub(super) request: &'a Request,
    /// Every id of every product to its number.
    pub(super) ids: HashMap<&'a str, usize>,
    /// Products in the order of the ids they are filed under.
    pub(super) products: Vec<(&'a ProductId, &'a Held<Product>)>,
    pub(super) sources: Vec<FixedSource>,
    factors: HashMap<&'a FactorId, usize>,
    bought: HashMap<&'a FootprintId, usize>,
    gases: HashMap<(Gas, bool), usize>,
}

impl<'a> Workshop<'a> {
    pub(super) fn new(inventory: &'a Inventory, request: &'a Request) -> Self {
        let products: Vec<_> = inventory.products.iter().collect();
        let mut ids: HashMap<&str, usize> =
            products.iter().enumerate().map(|(i, (id, _))| (id.as_str(), i)).collect();
        for (alias, filed) in &inventory.aliases {
            if let Some(&number) = ids.get(filed.as_str()) {
                ids.entry(alias.as_str()).or_insert(number);
            }
        }
        Self {
            inventory,
            request,
            ids,
            products,
            sources: Vec::new(),
            factors: HashMap::new(),
            bought: HashMap::new(),
            gases: HashMap::new(),
        }
    }

    pub(super) fn number(&self, product: &ProductId) -> Option<usize> {
        self.ids.get(product.as_str()).copied()
    }

    pub(super) fn product(&self, number: usize) -> Option<&'a Product> {
        self.products.get(number).map(|(_, held)| &held.statement)
    }

    /// Makes one statement ready; what is wrong with it is in its errors.
    pub(super) fn work(&mut self, held: &'a Held<Activity>) -> Work {
        let mut work = Work::default();
        let at = |problem| CalcError::Value { statement: held.id, problem };
        if let Err(problem) = held.statement.check() {
            work.errors.push(at(problem));
            return work;
        }
        match self.shares(held, &mut work) {
            Ok(shares) => work.shares = shares,
            Err(error) => work.errors.push(error),
        }
        for (index, flow) in held.statement.flows.iter().enumerate() {
            if let Err(problem) = self.flow(&held.statement, index, flow, &mut work) {
                let flow = flow.name.clone();
                work.errors.push(CalcError::Flow { statement: held.id, flow, problem });
            }
        }
        work
    }

    fn flow(
        &mut self,
        activity: &Activity,
        index: usize,
        flow: &'a Flow,
        work: &mut Work,
    ) -> Result<(), FlowProblem> {
        if let FlowSource::Excluded { estimate, .. } = &flow.source {
            if estimate.quanta() < 0 {
                return Err(FlowProblem::NegativeEstimate { estimate: estimate.to_string() });
            }
            work.excluded.push((index, *estimate));
            return Ok(());
        }
        let Some(amount) = &flow.amount else {
            let problem = "has no amount; a missing number is never zero".to_owned();
            return Err(ValueError::Combination { what: "flow", problem }.into());
        };
        let exact = exact_amount(amount)?;
        if let Some(instrument) = &flow.instrument {
            check_instrument(activity.period, amount, exact, instrument)?;
            let name = &flow.name;
            work.notes.push(format!("flow `{name}` is covered by the instrument `{}`", instrument.id));
        }
        if let Some(replaced) = &flow.substitutes {
            work.notes.push(format!(
                "flow `{}` counts what the making of `{replaced}` would have emitted, which this work makes needless (system expansion)",
                flow.name
            ));
        }
        for (upstream, source) in self.sources_of(flow, amount)?.into_iter().flatten().enumerate() {
            if let LineSource::Product(input) = source {
                work.inputs.push((index, input));
            }
            let (declared, mass) = self.declared(source);
            let Some(ratio) = exact.per_declared(declared, mass)? else {
                return Err(self.mismatch(flow, amount, exact, source, upstream == 1));
            };
            work.lines.push(Line { flow: index, upstream: upstream == 1, ratio, source });
        }
        Ok(())
    }

    /// The one or two sources of a flow: two where a factor has an upstream.
    fn sources_of(
        &mut self,
        flow: &'a Flow,
        amount: &Amount,
    ) -> Result<[Option<LineSource>; 2], FlowProblem> {
        match &flow.source {
            FlowSource::Factor { factor, upstream } => {
                let find =
                    |id: &'a FactorId| self.inventory.factors.get(id).ok_or_else(|| self.no_factor(id));
                let first = find(factor)?;
                let second = upstream.as_ref().map(find).transpose()?;
                factor_use::check(flow, &first.statement, second.map(|s| &s.statement))?;
                let line = self.factor(first)?;
                let upstream = second.map(|second| self.factor(second)).transpose()?;
                Ok([Some(line), upstream])
            }
            FlowSource::Product(product) => match self.number(product) {
                Some(number) => Ok([Some(LineSource::Product(number)), None]),
                None => Err(FlowProblem::UnknownInput { product: product.clone() }),
            },
            FlowSource::Footprint(id) => Ok([Some(self.bought(id)?), None]),
            FlowSource::Gas(gas) => Ok([Some(self.gas(*gas, is_negative(amount))?), None]),
            FlowSource::Excluded { .. } => Ok([None, None]),
        }
    }

    pub(super) fn factor(&mut self, held: &'a Held<Factor>) -> Result<LineSource, FlowProblem> {
        let id = &held.statement.factor;
        if let Some(&known) = self.factors.get(id) {
            return Ok(LineSource::Fixed(known));
        }
        let fixed = source::from_factor(held, self.request.gwp)?;
        self.factors.insert(id, self.sources.len());
        Ok(self.keep(fixed))
    }

    /// Why a factor cannot be used that is not there.
    fn no_factor(&self, id: &FactorId) -> FlowProblem {
        let factor = id.clone();
        match self.inventory.redacted.factors.get(id) {
            Some(statement) => FlowProblem::RedactedFactor { factor, statement: *statement },
            None => FlowProblem::UnknownFactor { factor },
        }
    }

    fn gas(&mut self, gas: Gas, negative: bool) -> Result<LineSource, FlowProblem> {
        if let Some(&known) = self.gases.get(&(gas, negative)) {
            return Ok(LineSource::Fixed(known));
        }
        let fixed = source::from_gas(gas, negative, self.request.gwp)?;
        self.gases.insert((gas, negative), self.sources.len());
        Ok(self.keep(fixed))
    }

    fn bought(&mut self, id: &'a FootprintId) -> Result<LineSource, FlowProblem> {
        let Some(bought) = self.inventory.bought.get(id) else {
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
        if let Some(&known) = self.bought.get(id) {
            return Ok(LineSource::Fixed(known));
        }
        let fixed = source::from_bought(id, bought)?;
        self.bought.insert(id, self.sources.len());
        Ok(self.keep(fixed))
    }

    fn keep(&mut self, fixed: FixedSource) -> LineSource {
        self.sources.push(fixed);
        LineSource::Fixed(self.sources.len() - 1)
    }

    /// What a source's figure is per, and its mass.
    pub(super) fn declared(&self, source: LineSource) -> (Quantity, Option<Decimal>) {
        let nothing = Quantity { amount: Decimal::ZERO, unit: Unit::Piece };
        let found = match source {
            LineSource::Fixed(i) => self.sources.get(i).map(|s| (s.declared, s.mass)),
            LineSource::Product(i) => self.product(i).map(|p| (p.declared_unit, p.mass_per_declared_unit)),
        };
        found.unwrap_or((nothing, None)) // OK because every number was made here; nothing per zero would be an error.
    }

    fn mismatch(
        &self,
        flow: &Flow,
        amount: &Amount,
        exact: Exact,
        source: LineSource,
        upstream: bool,
    ) -> FlowProblem {
        let (declared, _) = self.declared(source);
        let energy = |d| matches!(d, Dimension::Energy | Dimension::EnergyNet | Dimension::EnergyGross);
        let (from, to) = (exact.unit.dimension(), declared.unit.dimension());
        let fixed = matches!(&flow.source, FlowSource::Factor { .. } | FlowSource::Gas(_));
        let hint = if energy(from) && energy(to) {
            "; energy as delivered and net and gross calorific value are different units"
        } else if from == Dimension::Mass && !fixed {
            "; state the product's mass per declared unit"
        } else {
            ""
        };
        let source_name = match &flow.source {
            FlowSource::Factor { upstream: Some(id), .. } if upstream => format!("the upstream factor {id}"),
            FlowSource::Factor { factor, .. } => format!("the factor {factor}"),
            FlowSource::Product(id) => format!("the product {id}"),
            FlowSource::Footprint(id) => format!("the footprint {id}"),
            FlowSource::Gas(gas) => format!("the gas {gas}"),
            FlowSource::Excluded { .. } => String::new(),
        };
        let expected = format!("{} {}", declared.amount, declared.unit).into();
        let amount = amount_text(amount).into();
        FlowProblem::UnitMismatch { amount, source_name: source_name.into(), expected, hint }
    }
}

fn exact_amount(amount: &Amount) -> Result<Exact, FlowProblem> {
    match (Exact::of(amount)?, amount) {
        (Some(exact), _) => Ok(exact),
        (None, Amount::Of([a, b])) => Err(FlowProblem::NoProductUnit { first: a.unit, second: b.unit }),
        (None, Amount::Given(q)) => Err(FlowProblem::NoProductUnit { first: q.unit, second: q.unit }),
    }
}

fn check_instrument(
    period: Period,
    amount: &Amount,
    exact: Exact,
    instrument: &Instrument,
) -> Result<(), FlowProblem> {
    let (id, valid) = (instrument.id.clone(), instrument.period);
    if !valid.overlaps(period) {
        return Err(FlowProblem::InstrumentPeriod { instrument: id, valid, period });
    }
    let one_kwh = Quantity { amount: Decimal::ONE, unit: Unit::KilowattHour };
    let covered = Exact::from(Quantity { amount: instrument.kwh, unit: Unit::KilowattHour });
    match exact.per(one_kwh)? {
        used if used.is_some() && used <= covered.per(one_kwh)? => Ok(()),
        _ => {
            let (covered, amount) = (instrument.kwh.to_string(), amount_text(amount).into());
            Err(FlowProblem::InstrumentShort { instrument: id, covered, amount })
        }
    }
}

fn is_negative(amount: &Amount) -> bool {
    match amount {
        Amount::Given(q) => q.amount.is_negative(),
        Amount::Of([a, b]) => a.amount.is_negative() != b.amount.is_negative(),
    }
}
