//! Certificates and contracts: all claims together stay within what each covers, and say the same
//! of it. Judges; calculates nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::gathered::{Gathered, Of};
use super::{can_be_replaced, counts, is_asked};
use crate::calc::amount::{Exact, electricity, kwh_text};
use crate::calc::lower::Catalogue;
use crate::calc::{CalcError, Held, InstrumentUse, Request};
use crate::model::wide::Wide;
use crate::model::{Activity, Certificates, Flow, Instrument};

/// How many claims of one certificate a sentence names.
const CLAIMS_NAMED_MAX: usize = 10;

/// One certificate, or range of them, that a flow claims.
struct Claim<'a> {
    /// The statement, by place in the inventory.
    activity: usize,
    held: &'a Held<Activity>,
    /// Place of the flow in its statement.
    place: usize,
    flow: &'a Flow,
    instrument: &'a Instrument,
    certificates: Certificates,
    /// What it covers and what the flow uses of it, in 1e-18 MJ.
    covers: Wide,
    uses: Wide,
}

/// What is wrong with the certificates that are claimed, by statement.
///
/// A claim counts wherever in the ledger it stands, of any period; not where it is of another
/// scenario than the one asked for, or another statement takes the place of its own.
pub(in crate::calc) fn claims(catalogue: &Catalogue<'_>) -> HashMap<usize, Vec<CalcError>> {
    let all = claimed(catalogue);
    if all.is_empty() {
        return HashMap::new();
    }
    // Whether a statement is replaced is looked up only where that can decide.
    let suspects = judged(all).into_iter().flat_map(|(together, _)| together);
    let mut known: HashMap<usize, bool> = HashMap::new();
    let left = suspects.filter(|claim| {
        *known
            .entry(claim.activity)
            .or_insert_with(|| stands(catalogue, claim.activity, &claim.held.statement))
    });
    let mut errors: HashMap<usize, Vec<CalcError>> = HashMap::new();
    for (together, problems) in judged(left.collect()) {
        let mut of: Vec<usize> = together.iter().map(|claim| claim.activity).collect();
        of.dedup();
        for activity in of {
            errors.entry(activity).or_default().extend_from_slice(&problems);
        }
    }
    errors
}

/// Every claim that is not of another scenario, by statement and flow.
fn claimed<'a>(catalogue: &Catalogue<'a>) -> Vec<Claim<'a>> {
    let mut all = Vec::new();
    for (activity, held) in catalogue.activities.iter().enumerate() {
        let said = &held.statement;
        if said.scenario.as_ref().is_some_and(|scenario| !is_asked(scenario, catalogue.request)) {
            continue;
        }
        for (place, flow) in said.flows.iter().enumerate().filter(|(_, flow)| !flow.instruments.is_empty()) {
            for (instrument, covers, uses) in uses_of(flow) {
                let certificates = instrument.id.certificates();
                all.push(Claim { activity, held, place, flow, instrument, certificates, covers, uses });
            }
        }
    }
    all.sort_by_key(|claim| (claim.held.id, claim.place)); // What is named must not hang on the order.
    all
}

/// What a flow uses of each of its certificates: it uses them up in their order. A flow whose
/// amount is no electricity, which is an error of its own, uses all.
fn uses_of(flow: &Flow) -> Vec<(&Instrument, Wide, Wide)> {
    let amount = flow.amount.as_ref().and_then(|amount| Exact::of(amount).ok().flatten());
    let mut left = amount.and_then(|amount| electricity(amount).ok().flatten());
    let mut uses = Vec::with_capacity(flow.instruments.len());
    for instrument in &flow.instruments {
        let covers = electricity(Exact::from(instrument.covers())).ok().flatten();
        let covers = covers.unwrap_or(Wide::ZERO); // OK because a decimal of kWh fits.
        let used = left.map_or(covers, |left| left.min(covers));
        left = left.map(|left| left - used);
        uses.push((instrument, covers, used));
    }
    uses
}

/// Claims of the same certificates, with what is wrong with them; none where nothing is.
fn judged<'a>(claims: Vec<Claim<'a>>) -> Vec<(Vec<Claim<'a>>, Vec<CalcError>)> {
    let certificates: Vec<Certificates> = claims.iter().map(|claim| claim.certificates.clone()).collect();
    let mut pairs = Certificates::shared(&certificates);
    pairs.sort_unstable(); // The pair that is named is that of the first statements.
    let mut groups = Groups((0..certificates.len()).collect());
    pairs.iter().for_each(|(one, other)| groups.join(*one, *other));
    let mut problems: BTreeMap<usize, Vec<CalcError>> = BTreeMap::new();
    for (one, other) in &pairs {
        let problem = match (claims.get(*one), claims.get(*other)) {
            (Some(first), Some(second)) if !first.agrees(second) => apart(first, second),
            _ => continue,
        };
        problems.entry(groups.of(*one)).or_default().push(problem);
    }
    let mut together: BTreeMap<usize, Vec<Claim<'a>>> = BTreeMap::new();
    for (place, claim) in claims.into_iter().enumerate() {
        together.entry(groups.of(place)).or_default().push(claim);
    }
    let mut found = Vec::new();
    for (group, claims) in together {
        let mut wrong = problems.remove(&group).unwrap_or_default();
        if wrong.is_empty() {
            wrong.extend(over(&claims));
        }
        if !wrong.is_empty() {
            found.push((claims, wrong));
        }
    }
    found
}

/// More is claimed than there is, by claims that say the same of one certificate.
fn over(claims: &[Claim<'_>]) -> Option<CalcError> {
    let first = claims.first()?;
    // OK because an amount of a statement is below 2^200, and memory ends before 2^50 of them.
    let claimed = claims.iter().fold(Wide::ZERO, |sum, claim| sum + claim.uses);
    if claimed <= first.covers {
        return None;
    }
    let named = claims.iter().take(CLAIMS_NAMED_MAX).map(|claim| InstrumentUse {
        statement: claim.held.id,
        flow: claim.flow.name.clone(),
        kwh: kwh_text(claim.uses),
    });
    Some(CalcError::InstrumentOver {
        instrument: first.instrument.id.clone(),
        covered: first.instrument.kwh,
        claimed: kwh_text(claimed),
        uses: named.collect(),
        count: claims.len(),
    })
}

fn apart(first: &Claim<'_>, second: &Claim<'_>) -> CalcError {
    let said = |claim: &Claim<'_>| {
        let Instrument { id, kwh, period } = claim.instrument;
        format!(
            "flow `{}` of statement {} claims `{id}` of {kwh} kWh and {period}",
            claim.flow.name, claim.held.id
        )
        .into()
    };
    CalcError::InstrumentApart {
        first: first.held.id,
        first_said: said(first),
        second: second.held.id,
        second_said: said(second),
    }
}

impl Claim<'_> {
    fn agrees(&self, other: &Self) -> bool {
        let said = |claim: &Self| (claim.instrument.kwh, claim.instrument.period);
        self.certificates == other.certificates && said(self) == said(other)
    }
}

/// Numbers that hang together: each with one that stands for its group.
struct Groups(Vec<usize>);

impl Groups {
    fn of(&self, mut number: usize) -> usize {
        while let Some(next) = self.0.get(number).copied().filter(|next| *next != number) {
            number = next;
        }
        number
    }

    fn join(&mut self, one: usize, other: usize) {
        let (one, other) = (self.of(one), self.of(other));
        if let Some(of) = self.0.get_mut(one.max(other)) {
            *of = one.min(other);
        }
    }
}

/// True where the flows of a statement count in the footprint of one of its products at least: in
/// the days asked for, or in its own where it is outside those.
fn stands(catalogue: &Catalogue<'_>, activity: usize, said: &Activity) -> bool {
    let asked = catalogue.request;
    if !can_be_replaced(said, asked) {
        return true;
    }
    let own = Request { period: said.period, ..asked.clone() };
    let request = if counts(said, asked) { asked } else { &own };
    let mut products: Vec<usize> = said.products().filter_map(|id| catalogue.number(id)).collect();
    if said.is_for_all() {
        products.extend(catalogue.listing(said.stage, &said.process, &said.by));
    }
    products.is_empty() || products.iter().any(|number| chosen(catalogue, (*number, request), activity, said))
}

/// True where the flows of a statement count for a product.
fn chosen(
    catalogue: &Catalogue<'_>,
    (number, request): (usize, &Request),
    activity: usize,
    said: &Activity,
) -> bool {
    let Some(product) = catalogue.id(number) else { return true };
    let mut gathered = Gathered::default();
    for entry in catalogue.entries(number) {
        let held = catalogue.activities.get(entry.activity as usize);
        if held
            .is_some_and(|held| held.statement.stage == said.stage && held.statement.process == said.process)
        {
            gathered.take(catalogue, request, *entry);
        }
    }
    let of = Of { product, stage: said.stage, process: &said.process };
    gathered.settle(of, request.period, &mut Vec::new(), &mut BTreeSet::new());
    gathered.all().any(|candidate| candidate.entry.activity as usize == activity && candidate.flows)
}
