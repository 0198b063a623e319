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
            for other in others {
                let periods = same(one, other);
                findings.extend(periods.map(|periods| found(view, process, (one, other), &periods)));
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

/// The periods of equal outputs, where they are most of those that both state, and two at least; or
/// the only one, where neither names a flow that the other names.
fn same(one: &Site<'_>, other: &Site<'_>) -> Option<Vec<Period>> {
    let both = one.made.iter().filter_map(|(period, made)| Some((*period, *made, *other.made.get(period)?)));
    let both: Vec<(Period, Wide, Wide)> = both.filter(|(_, a, b)| *a != 0 && *b != 0).collect();
    let close = both.iter().filter(|(_, a, b)| !apart(*a, *b, CLOSE_PERCENT));
    let close: Vec<Period> = close.map(|(period, ..)| *period).collect();
    let disjoint = !one.flows.is_empty() && !other.flows.is_empty() && one.flows.is_disjoint(&other.flows);
    let suspicious = match (both.len(), close.len()) {
        (1, 1) => disjoint,
        // OK because a list is far shorter than half of a usize.
        (all, close) => close >= 2 && close * 2 > all,
    };
    suspicious.then_some(close)
}

fn found(
    view: &View<'_>,
    process: &ProcessView<'_>,
    (one, other): (&Site<'_>, &Site<'_>),
    periods: &[Period],
) -> Finding {
    let sentence = format!(
        "{} process `{}`: the sites `{}` and `{}` state the same output, within {CLOSE_PERCENT} %, in {}: one site may go by two names, and its output counts twice",
        process.stage,
        process.name,
        one.spelt,
        other.spelt,
        match periods {
            [one] => one.to_string(),
            [first, .., last] => format!("{} periods from {first} to {last}", periods.len()),
            [] => String::new(),
        },
    );
    let remedy = concat!(
        "where it is one site, withdraw every statement of one of the two names, readings too (",
        withdrawing!(),
        "), then record what was used there under the other name and state the output once. Where there are two sites, both are right"
    );
    let statements = one.statements.union(&other.statements).copied();
    view.found("one-site-as-two", Severity::Attention, statements, sentence, remedy)
}
