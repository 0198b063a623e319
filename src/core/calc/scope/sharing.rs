//! How a reading is shared among the productions that it concerns: inside its span, by the keys
//! that its `allocation` names. The parts of all of them are exactly the whole.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::gathered::{Candidate, Of};
use super::place::{Named, Place};
use super::select::productions;
use super::twice;
use crate::calc::allocation::{self, Share};
use crate::calc::lower::{Catalogue, units_of};
use crate::calc::{CalcError, Held};
use crate::model::wide::{Wide, sum};
use crate::model::{Activity, Allocation, Amount, Flow, FlowSource, Period, ProductId, Served, Stage, Text};

const WHAT: &str = "allocation";

/// The productions of one process of a product that readings may be shared among, and what stops
/// that for the readings of a place.
#[derive(Debug, Default)]
pub(in crate::calc) struct Productions<'a> {
    pub(super) made: Vec<Candidate<'a>>,
    /// Each statement that lies partly inside, or was redacted, with its place.
    pub(super) faults: Vec<(Place, CalcError)>,
}

/// The parts of one reading.
#[derive(Debug, Default)]
pub(in crate::calc) struct Sharing {
    /// Products by number, ascending, with their parts.
    shares: Vec<(usize, Share)>,
    /// The productions inside the span, by place in the inventory.
    pub(in crate::calc) productions: Vec<u32>,
    /// Products whose statements decide: who is concerned, and what their outputs weigh.
    pub(in crate::calc) products: Vec<usize>,
    /// From the first to the last day for which output is stated, 0 included, of what it concerns.
    pub(in crate::calc) shared_over: Option<Period>,
    /// What a reader must know of the span.
    pub(in crate::calc) note: Option<String>,
    pub(in crate::calc) faults: Vec<CalcError>,
}

impl Sharing {
    /// The part of a product.
    pub(in crate::calc) fn share(&self, number: usize) -> Share {
        let found = self.shares.binary_search_by_key(&number, |(of, _)| *of).ok();
        found.and_then(|at| self.shares.get(at)).map_or(Share::ZERO, |(_, share)| *share)
    }
}

/// Productions of one process by product, kept while readings are shared among them.
pub(in crate::calc) type Known<'a> = HashMap<(usize, Stage, &'a Text), Productions<'a>>;

/// One batch of one product that is asked for: only what was made of it takes a part.
type AskedBatch = Option<(usize, Named)>;

/// A production that takes a part.
struct Taker<'t, 'a> {
    number: usize,
    candidate: &'t Candidate<'a>,
}

impl<'a> Catalogue<'a> {
    /// Shares a reading. With a batch, the part of its product is that of the batch alone.
    pub(in crate::calc) fn share_out(
        &self,
        reading: u32,
        mut batch: AskedBatch,
        known: &mut Known<'a>,
    ) -> Sharing {
        let mut sharing = Sharing::default();
        let Some(held) = self.activities.get(reading as usize) else { return sharing };
        let concerned = self.concerned(held);
        for (number, of) in &concerned {
            known.entry((*number, of.stage, of.process)).or_insert_with(|| productions(self, *number, *of));
        }
        let place = self.places.of(reading);
        let mut takers: Vec<Taker<'_, 'a>> = Vec::new();
        for (number, of) in &concerned {
            let Some(made) = known.get(&(*number, of.stage, of.process)) else { continue };
            if let Some((asked, named)) = &mut batch
                && *asked == *number
                && !made.made.iter().any(|candidate| candidate.place.batch == *named)
            {
                *named = None; // What names no batch counts where a process has nothing of it.
            }
            let faults = made.faults.iter().filter(|(of, _)| of.meets(place));
            sharing.faults.extend(faults.map(|(_, fault)| fault.clone()));
            sharing.products.push(*number);
            let meeting: Vec<&Candidate<'a>> =
                made.made.iter().filter(|candidate| candidate.place.meets(place)).collect();
            twice::outputs(*of, meeting.iter().copied(), &mut sharing.faults);
            takers.extend(meeting.into_iter().map(|candidate| Taker { number: *number, candidate }));
        }
        named_alone(place, &mut takers);
        if !sharing.faults.is_empty() {
            return sharing;
        }
        if let Err(error) = self.parts(held, batch, &takers, &mut sharing) {
            sharing.faults.push(error);
        }
        sharing
    }

    /// The products that a reading is for, by number, each with the process that has its units.
    pub(in crate::calc) fn concerned(&self, held: &Held<Activity>) -> Vec<(usize, Of<'a>)> {
        let said = &held.statement;
        let numbers: BTreeSet<usize> = if said.is_for_all() {
            self.listing(said.stage, &said.process, &said.by).collect()
        } else {
            let id = |served: &Served| match served {
                Served::Product(id) => self.number(id),
                Served::All => None,
            };
            said.r#for.iter().filter_map(id).collect()
        };
        let of = |number: usize| {
            let (product, held) = *self.products.get(number)?;
            let process = held.statement.process(said.stage, &said.process)?;
            let units = held.statement.process_with_units(process)?;
            Some((number, Of { product, stage: units.stage, process: &units.name }))
        };
        numbers.into_iter().filter_map(of).collect()
    }

    fn parts(
        &self,
        held: &Held<Activity>,
        batch: AskedBatch,
        takers: &[Taker<'_, 'a>],
        sharing: &mut Sharing,
    ) -> Result<(), CalcError> {
        self.check_price(held, &sharing.products)?;
        let own = held.statement.period;
        let periods = || takers.iter().map(|taker| taker.candidate.held.statement.period);
        sharing.shared_over = periods().reduce(Period::hull);
        let span = hull(own, periods());
        let mut parts = self.keys(held, batch, takers, span)?;
        let mut used = span;
        if parts.values().all(|key| *key == 0) {
            used = self.request.period;
            parts = self.keys(held, batch, takers, used)?;
        }
        let inside = takers.iter().filter(|taker| used.covers(taker.candidate.held.statement.period));
        sharing.productions = inside.map(|taker| taker.candidate.entry.activity).collect();
        sharing.productions.dedup();
        if parts.values().all(|key| *key == 0) {
            if !takers.is_empty() && held.statement.flows.iter().all(is_nothing) {
                return Ok(()); // Every part of nothing is nothing.
            }
            return Err(CalcError::NothingToShareBy {
                statement: held.id,
                stage: held.statement.stage,
                process: held.statement.process.clone(),
            });
        }
        sharing.note = note(&held.statement, own, span, used);
        let id = |number: usize| self.id(number);
        let keys: Vec<(&ProductId, Wide)> =
            parts.iter().filter_map(|((number, _), key)| Some((id(*number)?, *key))).collect();
        let shares = allocation::shares(&keys).map_err(|problem| at(held, problem))?;
        let chosen = parts.keys().zip(shares).filter(|((_, asked), _)| *asked);
        sharing.shares = chosen.map(|((number, _), share)| (*number, share)).collect();
        Ok(())
    }

    /// What causes a use is no price; a product rule may ask for it all the same.
    fn check_price(&self, held: &Held<Activity>, products: &[usize]) -> Result<(), CalcError> {
        let ruled = |number: &usize| self.product(*number).is_some_and(|product| !product.rules.is_empty());
        if held.statement.allocation != Some(Allocation::Price) || products.iter().any(ruled) {
            return Ok(());
        }
        Err(CalcError::NeedsAllocation {
            said: "is shared by price, which only a product rule may ask for (name the product rule in the product statement)",
            statement: held.id,
            stage: held.statement.stage,
            process: held.statement.process.clone(),
        })
    }

    /// Keys inside a span, by product and whether they are of the batch asked for.
    fn keys(
        &self,
        held: &Held<Activity>,
        batch: AskedBatch,
        takers: &[Taker<'_, 'a>],
        span: Period,
    ) -> Result<BTreeMap<(usize, bool), Wide>, CalcError> {
        let mut keys = BTreeMap::new();
        let one_product = takers.windows(2).all(|pair| pair[0].number == pair[1].number);
        for taker in takers.iter().filter(|taker| span.covers(taker.candidate.held.statement.period)) {
            let asked = batch
                .is_none_or(|(number, batch)| number != taker.number || taker.candidate.place.batch == batch);
            let key = self.key(held, taker, one_product)?;
            let total = keys.entry((taker.number, asked)).or_insert(Wide::ZERO);
            *total = sum(*total, key, WHAT).map_err(|problem| at(held, problem))?;
        }
        Ok(keys)
    }

    /// What one production counts for a reading.
    fn key(
        &self,
        held: &Held<Activity>,
        taker: &Taker<'_, 'a>,
        one_product: bool,
    ) -> Result<Wide, CalcError> {
        let made = taker.candidate.held;
        let place = taker.candidate.entry.output.unwrap_or_default() as usize;
        let Some(output) = made.statement.outputs.get(place) else { return Ok(Wide::ZERO) };
        if let Some(method) = &held.statement.allocation {
            return self.key_of(made, output, method, &mut Vec::new());
        }
        if !one_product {
            return Err(CalcError::NeedsAllocation {
                said: "does not say what it is shared by",
                statement: held.id,
                stage: held.statement.stage,
                process: held.statement.process.clone(),
            });
        }
        let Some(product) = self.product(taker.number) else { return Ok(Wide::ZERO) };
        units_of(made, output, product)
    }
}

/// True where a flow adds nothing, whatever its source.
fn is_nothing(flow: &Flow) -> bool {
    match (&flow.source, &flow.amount) {
        (FlowSource::Excluded { estimate, .. }, _) => estimate.is_zero(),
        (_, Some(Amount::Given(given))) => given.amount.is_zero(),
        (_, Some(Amount::Of(of))) => of.iter().any(|measure| measure.amount.is_zero()),
        (_, None) => false,
    }
}

/// A site or batch that a reading names is where it was read: what names none takes a part only
/// where nothing names it.
fn named_alone(place: Place, takers: &mut Vec<Taker<'_, '_>>) {
    let parts: [fn(Place) -> Named; 2] = [|place| place.site, |place| place.batch];
    for part in parts {
        let named = part(place);
        if named.is_some() && takers.iter().any(|taker| part(taker.candidate.place) == named) {
            takers.retain(|taker| part(taker.candidate.place) == named);
        }
    }
}

/// The smallest span that holds `period` and whose edges no production crosses.
fn hull(period: Period, made: impl Iterator<Item = Period>) -> Period {
    let mut sorted: Vec<Period> = made.collect();
    sorted.sort_unstable_by_key(|made| (made.start(), made.end()));
    let mut span = period;
    let mut run: Option<Period> = None;
    let mut close = |run: Option<Period>| {
        if let Some(run) = run.filter(|run| run.overlaps(period)) {
            span = span.hull(run);
        }
    };
    for next in sorted {
        run = match run {
            Some(open) if open.overlaps(next) => Some(open.hull(next)),
            ended => {
                close(ended);
                Some(next)
            }
        };
    }
    close(run);
    span
}

fn note(said: &Activity, own: Period, span: Period, used: Period) -> Option<String> {
    let flow = said.flows.first().map_or("", |flow| flow.name.as_str());
    let (stage, process) = (said.stage, &said.process);
    if used != span {
        return Some(format!(
            "{stage} process `{process}`: nothing was made in {span}, so the reading `{flow}` of {own} is shared by what was made in {used} (standby)"
        ));
    }
    (span != own).then(|| {
        format!(
            "{stage} process `{process}`: a production reaches over the edge of {own}, so the reading `{flow}` is shared by what was made in {span} (shared-wider)"
        )
    })
}

fn at(held: &Held<Activity>, problem: crate::model::ValueError) -> CalcError {
    CalcError::Value { statement: held.id, problem }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        text.parse().unwrap()
    }

    #[test]
    fn a_span_widens_until_no_production_crosses_its_edge() {
        let made = ["2025-01", "2025-02", "2025-01-25..2025-02-06", "2025-03"].map(period);
        let of = |text: &str| hull(period(text), made.into_iter());
        assert_eq!(of("2025-01"), period("2025-01-01..2025-03-01"));
        assert_eq!(of("2025-03"), period("2025-03"));
        assert_eq!(of("2025-02-06..2025-02-07"), period("2025-01-01..2025-03-01"));
        assert_eq!(of("2025-01-01..2026-01-01"), period("2025"));
        assert_eq!(of("2025-05"), period("2025-05"), "nothing was made there");
    }
}
