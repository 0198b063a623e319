//! One activity statement as lines: every flow's amount in units of its source, every output's
//! share and declared units. Resolves names; leaves the figures of other products open, because
//! they are not calculated yet.

use super::{Line, LineSource, Lowering, factor_use};
use crate::calc::amount::{Exact, amount_text, electricity, kwh_text};
use crate::calc::{CalcError, FlowProblem, Held, Share};
use crate::model::wide::Wide;
use crate::model::{
    Activity, Amount, Co2e, DataKind, Decimal, Dimension, FactorId, Flow, FlowKind, FlowSource, Instrument,
    Period, Quantity, Unit, ValueError, YEARS_MAX,
};

/// One statement, lowered: the buffers are used again for the next one.
#[derive(Debug, Default)]
pub(in crate::calc) struct Work {
    /// One per output; empty where there are errors.
    pub(in crate::calc) shares: Vec<Share>,
    /// How many outputs there are.
    pub(super) outputs: usize,
    pub(super) lines: Vec<Line>,
    /// Place of each flow that consumes a product, and which: also where its amount does not
    /// convert.
    pub(super) inputs: Vec<(u32, u32)>,
    /// What is left out: place of the flow and its estimate.
    pub(super) excluded: Vec<(u32, Co2e)>,
    /// Products whose mass, or whose product rule, decided the shares.
    pub(in crate::calc) masses_of: Vec<usize>,
    pub(in crate::calc) notes: Vec<String>,
    pub(super) errors: Vec<CalcError>,
}

impl Work {
    fn clear(&mut self) {
        self.shares.clear();
        self.outputs = 0;
        self.lines.clear();
        self.inputs.clear();
        self.excluded.clear();
        self.masses_of.clear();
        self.notes.clear();
        self.errors.clear();
    }
}

impl<'a> Lowering<'a> {
    /// Makes one statement ready; what is wrong with it is in its errors.
    pub(super) fn read(&mut self, held: &Held<Activity>, work: &mut Work) {
        work.clear();
        work.outputs = held.statement.outputs.len();
        if let Err(problem) = held.statement.check() {
            work.errors.push(CalcError::Value { statement: held.id, problem });
            return;
        }
        if let Err(error) = self.catalogue.shares(held, work) {
            work.errors.push(error);
        }
        for (index, flow) in (0_u32..).zip(&held.statement.flows) {
            if let Err(problem) = self.flow(&held.statement, index, flow, work) {
                let flow = flow.name.clone();
                work.errors.push(CalcError::Flow { statement: held.id, flow, problem });
            }
        }
    }

    fn flow(
        &mut self,
        activity: &Activity,
        index: u32,
        flow: &Flow,
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
        if !flow.instruments.is_empty() {
            check_instruments(activity.period, amount, exact, &flow.instruments)?;
        }
        for instrument in &flow.instruments {
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
            if exact.is_lost(declared, mass)? {
                return Err(FlowProblem::TooSmall {
                    amount: amount_text(amount).into(),
                    source_name: source_name(flow, upstream == 1).into(),
                    expected: format!("{} {}", declared.amount, declared.unit).into(),
                });
            }
            work.lines.push(Line { ratio, source, flow: index, marks: marks(flow, upstream == 1) });
        }
        Ok(())
    }

    /// The one or two sources of a flow: two where a factor has an upstream.
    fn sources_of(&mut self, flow: &Flow, amount: &Amount) -> Result<[Option<LineSource>; 2], FlowProblem> {
        match &flow.source {
            FlowSource::Factor { factor, upstream } => {
                let inventory = self.catalogue.inventory;
                let find = |id: &FactorId| inventory.factors.get(id).ok_or_else(|| self.no_factor(id));
                let first = find(factor)?;
                let second = upstream.as_ref().map(find).transpose()?;
                factor_use::check(flow, &first.statement, second.map(|s| &s.statement))?;
                let line = self.sources.factor(first)?;
                let upstream = second.map(|second| self.sources.factor(second)).transpose()?;
                Ok([Some(line), upstream])
            }
            FlowSource::Product(product) => match self.catalogue.number(product) {
                Some(number) => Ok([Some(LineSource::Product(super::index(number))), None]),
                None => Err(FlowProblem::UnknownInput { product: product.clone() }),
            },
            FlowSource::Footprint(id) => Ok([Some(self.sources.bought(id)?), None]),
            FlowSource::Gas(gas) => Ok([Some(self.sources.gas(*gas, amount.is_negative())?), None]),
            FlowSource::Excluded { .. } => Ok([None, None]),
        }
    }

    /// Why a factor cannot be used that is not there.
    fn no_factor(&self, id: &FactorId) -> FlowProblem {
        let factor = id.clone();
        match self.catalogue.inventory.redacted.factors.get(id) {
            Some(statement) => FlowProblem::RedactedFactor { factor, statement: *statement },
            None => FlowProblem::UnknownFactor { factor },
        }
    }

    /// What a source's figure is per, and its mass.
    pub(in crate::calc) fn declared(&self, source: LineSource) -> (Quantity, Option<Decimal>) {
        let nothing = Quantity { amount: Decimal::ZERO, unit: Unit::Piece };
        let found = match source {
            LineSource::Fixed(_) => self.sources.get(source).map(|s| (s.declared, s.mass)),
            LineSource::Product(i) => {
                self.catalogue.product(i as usize).map(|p| (p.declared_unit, p.mass_per_declared_unit))
            }
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
        let expected = format!("{} {}", declared.amount, declared.unit).into();
        let amount = amount_text(amount).into();
        let source_name = source_name(flow, upstream).into();
        FlowProblem::UnitMismatch { amount, source_name, expected, hint }
    }
}

/// What a flow takes, with its id.
fn source_name(flow: &Flow, upstream: bool) -> String {
    match &flow.source {
        FlowSource::Factor { upstream: Some(id), .. } if upstream => format!("the upstream factor {id}"),
        FlowSource::Factor { factor, .. } => format!("the factor {factor}"),
        FlowSource::Product(id) => format!("the product {id}"),
        FlowSource::Footprint(id) => format!("the footprint {id}"),
        FlowSource::Gas(gas) => format!("the gas {gas}"),
        FlowSource::Excluded { .. } => String::new(),
    }
}

fn exact_amount(amount: &Amount) -> Result<Exact, FlowProblem> {
    match (Exact::of(amount)?, amount) {
        (Some(exact), _) => Ok(exact),
        (None, Amount::Of([a, b])) => Err(FlowProblem::NoProductUnit { first: a.unit, second: b.unit }),
        (None, Amount::Given(q)) => Err(FlowProblem::NoProductUnit { first: q.unit, second: q.unit }),
    }
}

/// Every certificate is of the time, and together they cover the flow.
fn check_instruments(
    period: Period,
    amount: &Amount,
    exact: Exact,
    claimed: &[Instrument],
) -> Result<(), FlowProblem> {
    if let Some(old) = claimed.iter().find(|claimed| !claimed.period.is_within_years(period, YEARS_MAX)) {
        let (instrument, valid) = (old.id.clone(), old.period);
        return Err(FlowProblem::InstrumentPeriod { instrument, valid, period });
    }
    let mut covered = Wide::ZERO;
    for instrument in claimed {
        covered += electricity(Exact::from(instrument.covers()))?.unwrap_or(Wide::ZERO); // OK because a statement is short.
    }
    if electricity(exact)?.is_some_and(|used| used <= covered) {
        return Ok(());
    }
    let names: Vec<&str> = claimed.iter().map(|instrument| instrument.id.as_str()).collect();
    Err(FlowProblem::InstrumentShort {
        instruments: names.join("`, `").into(),
        covered: kwh_text(covered),
        amount: amount_text(amount).into(),
    })
}

/// What the sums of a line depend on beside its source.
fn marks(flow: &Flow, upstream: bool) -> u8 {
    let kind = match flow.kind {
        FlowKind::Aircraft => Line::AIRCRAFT,
        FlowKind::Packaging => Line::PACKAGING,
        _ => 0,
    };
    let primary = if flow.data == Some(DataKind::Primary) { Line::PRIMARY } else { 0 };
    let gas = if matches!(flow.source, FlowSource::Gas(_)) { Line::GAS } else { 0 };
    kind | primary | gas | if upstream { Line::UPSTREAM } else { 0 }
}
