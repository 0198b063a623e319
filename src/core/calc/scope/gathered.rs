//! The statements of one unit process of one product that are in scope, after those of a scenario
//! took the place of the base's (guard 6), and what was measured that of what only applies (guard
//! 7).

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::place::{Named, Place};
use super::{Entry, InScope, of};
use crate::calc::lower::Catalogue;
use crate::calc::{CalcError, Held, Request};
use crate::model::{Activity, Period, ProductId, Stage, StatementId, Text, folded};

/// A statement in scope.
#[derive(Debug, Clone, Copy)]
pub(super) struct Candidate<'a> {
    pub(super) entry: Entry,
    pub(super) held: &'a Held<Activity>,
    pub(super) place: Place,
    pub(super) inside: InScope,
    /// Its flows count.
    pub(super) flows: bool,
    /// Its outputs count.
    pub(super) units: bool,
}

/// The statements of one process.
#[derive(Debug, Default, Clone)]
pub(super) struct Gathered<'a> {
    pub(super) productions: Vec<Candidate<'a>>,
    pub(super) readings: Vec<Candidate<'a>>,
    pub(super) recipes: Vec<Candidate<'a>>,
}

/// A unit process of a product, for sentences.
#[derive(Debug, Clone, Copy)]
pub(in crate::calc) struct Of<'a> {
    pub(super) product: &'a ProductId,
    pub(super) stage: Stage,
    pub(super) process: &'a Text,
}

impl<'a> Gathered<'a> {
    /// Adds a statement; none where it is out of scope.
    pub(super) fn take(&mut self, catalogue: &Catalogue<'a>, request: &Request, entry: Entry) {
        let Some(held) = catalogue.activities.get(entry.activity as usize) else { return };
        let inside = of(&held.statement, request);
        if inside == InScope::Out {
            return;
        }
        let place = catalogue.places.of(entry.activity);
        let flows = catalogue.flows(entry.activity).next().is_some();
        let candidate = Candidate { entry, held, place, inside, flows, units: entry.output.is_some() };
        match entry.output {
            None => self.readings.push(candidate),
            Some(_) if held.statement.recipe => self.recipes.push(candidate),
            Some(_) => self.productions.push(candidate),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.all().next().is_none()
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Candidate<'a>> {
        self.productions.iter().chain(&self.readings).chain(&self.recipes)
    }

    /// Lets a scenario, and what was measured, take the place of the rest.
    pub(super) fn settle(
        &mut self,
        of: Of<'a>,
        asked: Period,
        errors: &mut Vec<CalcError>,
        notes: &mut BTreeSet<String>,
    ) {
        self.replace_base(of, notes);
        for list in [&mut self.productions, &mut self.recipes] {
            replace_applied(list, (of, asked), errors, notes);
        }
    }

    /// Guard 6, for each site: flows of the scenario replace the base's, and its outputs the
    /// base's.
    fn replace_base(&mut self, of: Of<'a>, notes: &mut BTreeSet<String>) {
        let named = |c: &&Candidate<'a>| c.held.statement.scenario.is_some();
        let sites = |of: &mut dyn Iterator<Item = &Candidate<'a>>| -> BTreeSet<Named> {
            of.map(|candidate| candidate.place.site).collect()
        };
        let with_flows = sites(&mut self.all().filter(named).filter(|c| c.flows));
        let with_units = sites(&mut self.productions.iter().filter(named).filter(|c| c.units));
        if with_flows.is_empty() && with_units.is_empty() {
            return;
        }
        let new: BTreeSet<String> = self.all().filter(named).flat_map(names).collect();
        let mut lacks = BTreeSet::new();
        for list in [&mut self.productions, &mut self.readings, &mut self.recipes] {
            for base in list.iter_mut().filter(|c| c.held.statement.scenario.is_none()) {
                if base.flows && met(&with_flows, base.place.site) {
                    base.flows = false;
                    lacks.extend(names(base).filter(|name| !new.contains(name)));
                }
                // A recipe's units are its own: the scenario's outputs are not compared with them.
                base.units &= base.held.statement.recipe || !met(&with_units, base.place.site);
            }
            list.retain(|c| c.flows || (c.units && !c.held.statement.recipe));
        }
        if !lacks.is_empty() {
            let lacks: Vec<&str> = lacks.iter().map(String::as_str).collect();
            notes.insert(format!(
                "{} process `{}`: the scenario has no flow in the place of {} (scenario-lacks)",
                of.stage,
                of.process,
                lacks.join(", ")
            ));
        }
    }
}

fn names<'c>(candidate: &'c Candidate<'_>) -> impl Iterator<Item = String> + use<'c> {
    candidate.held.statement.flows.iter().map(|flow| folded(flow.name.as_str()))
}

/// True where a site meets one of a set.
fn met(sites: &BTreeSet<Named>, site: Named) -> bool {
    match site {
        None => !sites.is_empty(),
        Some(_) => sites.contains(&None) || sites.contains(&site),
    }
}

/// Guard 7, for each site: what was measured replaces what only applies; of several that only apply
/// the one whose period ends last counts, and two that are left and end together stop.
fn replace_applied<'a>(
    list: &mut Vec<Candidate<'a>>,
    (of, asked): (Of<'a>, Period),
    errors: &mut Vec<CalcError>,
    notes: &mut BTreeSet<String>,
) {
    if !list.iter().any(|c| only_applies(c, asked)) {
        return;
    }
    let measured: BTreeSet<Named> =
        list.iter().filter(|c| c.inside == InScope::Measured && c.units).map(|c| c.place.site).collect();
    let say = |old: &Candidate<'_>, why: &str, notes: &mut BTreeSet<String>| {
        notes.insert(format!(
            "{} process `{}`: {why} statement {} of {}, which only applies, does not count",
            of.stage, of.process, old.held.id, old.held.statement.period
        ));
    };
    list.retain(|c| {
        let replaced = only_applies(c, asked) && met(&measured, c.place.site);
        if replaced {
            say(c, "what was measured counts;", notes);
        }
        !replaced
    });
    let gone = older(list, of, errors);
    list.retain(|c| {
        let replaced = c.inside == InScope::Applied && gone.contains(&c.held.id);
        if replaced {
            say(c, "a newer one applies, too, and counts;", notes);
        }
        !replaced
    });
}

/// Statements that only apply and whose place another one takes: one that counts itself, at the same
/// site, and ends later.
fn older(list: &[Candidate<'_>], of: Of<'_>, errors: &mut Vec<CalcError>) -> BTreeSet<StatementId> {
    let end = |c: &Candidate<'_>| c.held.statement.period.end();
    let mut applied: Vec<&Candidate<'_>> = list.iter().filter(|c| c.inside == InScope::Applied).collect();
    // Within a day what names no site comes first, so how many errors there are hangs on no id.
    applied.sort_by_key(|c| (Reverse(end(c)), c.place.site.is_some(), c.held.id));
    let (mut sites, mut gone) = (BTreeSet::new(), BTreeSet::new());
    for together in applied.chunk_by(|one, other| end(one) == end(other)) {
        let (late, left): (Vec<&Candidate<'_>>, Vec<&Candidate<'_>>) =
            together.iter().copied().partition(|c| met(&sites, c.place.site));
        gone.extend(late.iter().map(|c| c.held.id));
        let mut first: BTreeMap<Named, StatementId> = BTreeMap::new();
        for candidate in left {
            let (site, id) = (candidate.place.site, candidate.held.id);
            if let Some(rival) = first.get(&None).or_else(|| first.get(&site)).filter(|rival| **rival != id) {
                errors.push(CalcError::AppliesTwice {
                    product: of.product.clone(),
                    stage: of.stage,
                    process: of.process.clone(),
                    first: *rival,
                    second: id,
                });
            }
            first.entry(site).or_insert(id);
        }
        sites.extend(first.into_keys());
    }
    gone
}

/// True where a statement reaches into the days asked for through `appliesTo` alone.
fn only_applies(candidate: &Candidate<'_>, asked: Period) -> bool {
    let said = &candidate.held.statement;
    candidate.inside != InScope::Measured && said.applies_to.is_some() && !said.period.overlaps(asked)
        || candidate.inside == InScope::Applied
}
