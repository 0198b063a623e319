//! Guard 2: one site that goes by two names, so that its output counts twice. Compares outputs of
//! equal days.

use std::collections::{BTreeMap, BTreeSet};

use super::amounts::apart;
use super::view::{ProcessView, View};
use super::{Finding, Severity};
use crate::model::wide::Wide;
use crate::model::{Period, StatementId, folded};

/// How close outputs of two sites are suspicious, in percent.
const CLOSE_PERCENT: i128 = 1;

/// What one site made, period by period, and the flows that its statements name.
#[derive(Default)]
struct Site<'a> {
    spelt: &'a str,
    made: BTreeMap<Period, Wide>,
    flows: BTreeSet<String>,
    statements: BTreeSet<StatementId>,
}

pub(super) fn look(view: &View<'_>, findings: &mut Vec<Finding>) {
    for process in view.processes.iter().filter(|process| !process.is_recipe()) {
        let sites: Vec<Site<'_>> = sites(process).into_values().collect();
        for (at, one) in sites.iter().enumerate() {
            let others = sites.get(at + 1..).unwrap_or_default().iter(); // OK because it lies in the list
            for other in others.filter(|other| same(one, other)) {
                findings.push(found(view, process, one, other));
            }
        }
    }
}

fn sites<'a>(process: &ProcessView<'a>) -> BTreeMap<String, Site<'a>> {
    let mut sites: BTreeMap<String, Site<'a>> = BTreeMap::new();
    for made in process.made.iter().filter(|made| made.measured) {
        let Some(site) = &made.held.statement.site else { continue };
        let (here, units) = (sites.entry(folded(site.name.as_str())).or_default(), made.units);
        here.spelt = site.name.as_str();
        here.statements.insert(made.held.id);
        let of_period = here.made.entry(made.held.statement.period).or_default();
        *of_period = units.and_then(|units| of_period.checked_add(units)).unwrap_or(*of_period);
    }
    for part in &process.parts {
        let said = &part.held.statement;
        let here = said.site.as_ref().and_then(|site| sites.get_mut(&folded(site.name.as_str())));
        let names = said.flows.iter().map(|flow| folded(flow.name.as_str()));
        if let Some(here) = here {
            here.flows.extend(names);
        }
    }
    sites
}

/// Equal outputs in most of the periods that both state, in two at least; or in the only one, where
/// neither names a flow that the other names.
fn same(one: &Site<'_>, other: &Site<'_>) -> bool {
    let both = one.made.iter().filter_map(|(period, made)| Some((made, other.made.get(period)?)));
    let both: Vec<(&Wide, &Wide)> = both.filter(|(a, b)| **a != 0 && **b != 0).collect();
    let close = both.iter().filter(|(a, b)| !apart(**a, **b, CLOSE_PERCENT)).count();
    let disjoint = !one.flows.is_empty() && !other.flows.is_empty() && one.flows.is_disjoint(&other.flows);
    match both.len() {
        1 => close == 1 && disjoint,
        // OK because a list is far shorter than half of a usize.
        all => close >= 2 && close * 2 > all,
    }
}

fn found(view: &View<'_>, process: &ProcessView<'_>, one: &Site<'_>, other: &Site<'_>) -> Finding {
    let close = one.made.iter().filter(|(period, made)| {
        other.made.get(*period).is_some_and(|other| !apart(**made, *other, CLOSE_PERCENT))
    });
    let periods: Vec<String> = close.map(|(period, _)| period.to_string()).collect();
    let sentence = format!(
        "{} process `{}`: the sites `{}` and `{}` state the same output, within {CLOSE_PERCENT} %, in {}: one site may go by two names, and its output counts twice",
        process.stage,
        process.name,
        one.spelt,
        other.spelt,
        match periods.as_slice() {
            [one] => one.clone(),
            [first, .., last] => format!("{} periods from {first} to {last}", periods.len()),
            [] => String::new(),
        },
    );
    let remedy = "where it is one site, give it one name in every row and state its output once; record with --correct. Where there are two sites, both are right";
    let statements = one.statements.union(&other.statements).copied();
    view.found("one-site-as-two", Severity::Attention, statements, sentence, remedy)
}
