//! Days without data at the gate: days on which nothing was said to be made, flows that are read on
//! some days only, a reference period too short for the seasons. Counts days; a gap is valued at
//! the flow's own mean.

mod gaps;
mod months;
mod set;

use std::collections::{BTreeMap, BTreeSet};

use super::view::{ProcessView, View};
use super::{Finding, LeftOut, Severity};
use crate::calc::Held;
use crate::model::{
    Activity, DataCoverage, DataKind, Dimension, Flow, FlowKind, FlowSource, Period, StatementId, Text,
    Whole, folded,
};
pub use months::{Known, MonthRow, Months};
use set::Days;

/// How many spans of missing days a sentence names.
const SPANS_NAMED_MAX: usize = 4;

/// A flow that is looked at day by day: all electricity of a place is one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Series {
    Electricity,
    Named(String),
}

/// What stands behind the days of a reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Basis {
    Measured,
    Estimated,
    /// Left out, with an estimate of how much.
    Excluded,
}

/// The flows of one series, each by its statement and place in it.
#[derive(Default)]
struct Read<'a> {
    name: &'a str,
    names: BTreeSet<String>,
    periods: Vec<(Period, Basis)>,
    flows: BTreeSet<(StatementId, usize)>,
}

/// One process at one site with all that says when it ran and what it used.
struct Place<'v, 'a> {
    process: &'v ProcessView<'a>,
    site: Option<String>,
    /// Days for which output is stated, 0 included.
    made: Days,
    /// Those from the first day on which something was made to the last.
    ran: Days,
    series: BTreeMap<Series, Read<'a>>,
}

pub(super) fn look(view: &View<'_>, findings: &mut Vec<Finding>) {
    let places = places(view);
    for place in &places {
        output_days(view, place, findings);
        beyond_output(view, place, findings);
    }
    gaps::look(view, &places, findings);
    short_period(view, findings);
}

/// How much of the period asked for the data to the gate cover; none where nothing was measured.
pub(super) fn coverage(view: &View<'_>) -> Option<DataCoverage> {
    let asked = Days::from_iter([view.request.period]);
    let (mut all, mut measured) = (asked.clone(), asked.clone());
    let places = places(view);
    if places.is_empty() {
        (all, measured) = (Days::default(), Days::default()); // What only applies is of other days.
    }
    for place in places {
        for read in place.series.values().filter(|read| !read.flows.is_empty()) {
            measured = measured.and(&read.days(|basis| basis == Basis::Measured));
            all = all.and(&read.days(|basis| basis != Basis::Excluded));
        }
        all = all.and(&place.made);
        measured = measured.and(&place.made);
    }
    // OK because a period has at least one day, and estimates never take one away.
    let whole = |days: i64| u64::try_from(days).ok().and_then(|days| Whole::new(days).ok());
    Some(DataCoverage {
        days: whole(asked.count())?,
        estimated: whole(all.count() - measured.count())?,
        measured: whole(measured.count())?,
        reference_period: reference_period(view)?,
    })
}

/// The processes to the gate that something was made in, site by site.
fn places<'v, 'a>(view: &'v View<'a>) -> Vec<Place<'v, 'a>> {
    let mut places = Vec::new();
    let gate = view.processes.iter().filter(|p| p.stage.is_before_gate() && !p.is_recipe());
    for process in gate {
        let made = || process.made.iter().filter(|made| made.measured);
        let mut sites: BTreeSet<Option<String>> = made().map(|made| site(&made.held.statement)).collect();
        if sites.len() > 1 {
            sites.remove(&None);
        }
        for site in sites {
            let here = || made().filter(|made| is_at(&made.held.statement, site.as_ref()));
            let days: Days = here().map(|made| made.held.statement.period).collect();
            let some = here().filter(|made| made.units.is_none_or(|units| units > 0));
            let ran = some.map(|made| made.held.statement.period).reduce(Period::hull);
            let ran = days.and(&ran.into_iter().collect());
            let series = series(process, view, site.as_ref());
            places.push(Place { process, series, made: days, ran, site });
        }
    }
    places
}

fn site(said: &Activity) -> Option<String> {
    said.site.as_ref().map(|site| folded(site.name.as_str()))
}

/// True unless a statement names another site.
fn is_at(said: &Activity, at: Option<&String>) -> bool {
    at.is_none() || site(said).is_none_or(|own| Some(&own) == at)
}

fn series<'a>(
    process: &ProcessView<'a>,
    view: &View<'_>,
    site: Option<&String>,
) -> BTreeMap<Series, Read<'a>> {
    let mut series: BTreeMap<Series, Read<'a>> = BTreeMap::new();
    for part in &process.parts {
        let said = &part.held.statement;
        if !view.request.period.covers(said.period) || !is_at(said, site) {
            continue;
        }
        for (place, flow) in said.flows.iter().enumerate() {
            let basis = match (&flow.source, flow.data) {
                (FlowSource::Excluded { estimate, .. }, _) if estimate.is_zero() => continue,
                (FlowSource::Excluded { .. }, _) => Basis::Excluded,
                (_, Some(DataKind::Estimated)) => Basis::Estimated,
                _ => Basis::Measured,
            };
            let of = match flow.kind {
                FlowKind::Energy if is_electricity(view, flow) => Series::Electricity,
                FlowKind::Energy | FlowKind::Emission | FlowKind::Excluded => {
                    Series::Named(folded(flow.name.as_str()))
                }
                _ => continue,
            };
            let read = series.entry(of).or_default();
            read.name = flow.name.as_str();
            read.names.insert(folded(flow.name.as_str()));
            read.periods.push((said.period, basis));
            if flow.kind != FlowKind::Excluded {
                read.flows.insert((part.held.id, place));
            }
        }
    }
    with_excluded(series)
}

impl Read<'_> {
    /// The days that are known on such a basis.
    fn days(&self, counts: impl Fn(Basis) -> bool) -> Days {
        self.periods.iter().filter(|(_, basis)| counts(*basis)).map(|(period, _)| *period).collect()
    }
}

/// What is excluded with an estimate under the name of a flow of electricity ends its gap, too.
fn with_excluded<'a>(mut series: BTreeMap<Series, Read<'a>>) -> BTreeMap<Series, Read<'a>> {
    let Some(mut electricity) = series.remove(&Series::Electricity) else { return series };
    for (of, read) in &series {
        if matches!(of, Series::Named(name) if read.flows.is_empty() && electricity.names.contains(name)) {
            electricity.periods.extend(&read.periods);
        }
    }
    series.insert(Series::Electricity, electricity);
    series
}

pub(super) fn is_electricity(view: &View<'_>, flow: &Flow) -> bool {
    match &flow.source {
        FlowSource::Factor { factor, .. } => {
            view.factors.get(factor).is_some_and(|held| held.statement.category.is_electricity())
        }
        _ => super::amounts::amount(flow).is_some_and(|(_, unit)| unit.dimension() == Dimension::Energy),
    }
}

/// The site of a place as it is spelt.
fn site_named(place: &Place<'_, '_>) -> Option<Text> {
    let here = place.process.made.iter().map(|made| &made.held.statement);
    let mut here = here.filter(|said| site(said) == place.site);
    here.find_map(|said| said.site.as_ref().map(|site| site.name.clone()))
}

/// `production process `casting``, with its site where it names one.
fn named(place: &Place<'_, '_>) -> String {
    let at = site_named(place).map(|site| format!(" at `{site}`")).unwrap_or_default();
    format!("{} process `{}`{at}", place.process.stage, place.process.name)
}

/// `2025-02-01..2025-03-01, 2025-06-01..2025-07-01 and 3 more`.
fn spans(days: &Days) -> String {
    let all: Vec<String> = days.periods().map(|period| period.to_string()).collect();
    let more = all.len().saturating_sub(SPANS_NAMED_MAX);
    let named = all.get(..all.len() - more).unwrap_or_default().join(", ");
    if more > 0 { format!("{named} and {more} more") } else { named }
}

/// True where each production names a batch: then it is known that nothing was made between them.
fn is_by_batch(process: &ProcessView<'_>) -> bool {
    process.made.iter().all(|made| made.held.statement.batch.is_some())
}

/// Days that are over.
fn past(view: &View<'_>, days: &Days) -> Days {
    let ahead = view.asked.today.and_then(|today| {
        let end = days.hull()?.end();
        Period::new(today, end).ok()
    });
    days.minus(&ahead.into_iter().collect())
}

fn output_days(view: &View<'_>, place: &Place<'_, '_>, findings: &mut Vec<Finding>) {
    let Some(hull) = place.made.hull().filter(|_| place.process.is_own() && !is_by_batch(place.process))
    else {
        return;
    };
    let missing = past(view, &Days::from_iter([hull]).minus(&place.made));
    if missing.is_empty() {
        return;
    }
    let sentence = format!(
        "{}: no output is stated for {} of the {} days from the first to the last ({})",
        named(place),
        missing.count(),
        Days::from_iter([hull]).count(),
        spans(&missing)
    );
    let remedy = "record what was made on these days, or an output of 0 where the process stood still; where output is by batch, name the batch of every output";
    let statements = place.process.made.iter().map(|made| made.held.id);
    let found = view.found("output-days", Severity::Attention, statements, sentence, remedy);
    findings.push(found.leaving_out(LeftOut::Unknown));
}

/// A reading that reaches beyond what was made of all that it is for: a year's gas over nine
/// months' pieces.
fn beyond_output(view: &View<'_>, place: &Place<'_, '_>, findings: &mut Vec<Finding>) {
    let Some(here) = place.made.hull().filter(|_| !is_by_batch(place.process)) else { return };
    let made = place.process.made.iter().filter(|made| made.measured);
    let everywhere = made.map(|made| made.held.statement.period).reduce(Period::hull).unwrap_or(here);
    for part in &place.process.parts {
        let said = &part.held.statement;
        let inside = view.request.period.covers(said.period) && is_at(said, place.site.as_ref());
        let hull = match part.shared_over {
            Some(all) => all,
            None if said.site.is_none() => everywhere,
            None => here,
        };
        if !said.is_reading() || part.share.quanta() == 0 || !inside || hull.covers(said.period) {
            continue;
        }
        let flow = said.flows.first().map_or("", |flow| flow.name.as_str());
        let sentence = format!(
            "{}: the reading `{flow}` of {} reaches beyond the output, which is stated for {hull}",
            named(place),
            said.period
        );
        let remedy = "record what was made on the other days, or an output of 0 where nothing was made";
        findings.push(view.found(
            "reading-beyond-output",
            Severity::Attention,
            [part.held.id],
            sentence,
            remedy,
        ));
    }
}

/// From the first to the last day of what was measured to the gate and entered, and from an earlier
/// day on where something entered that applies from then; none where nothing entered.
fn reference_period(view: &View<'_>) -> Option<Period> {
    let asked = view.request.period;
    let (mut measured, mut applied, mut recipes) = (None::<Period>, None::<Period>, None::<Period>);
    let widen = |known: &mut Option<Period>, more: Period| {
        *known = Some(known.map_or(more, |known| known.hull(more)));
    };
    for held in entered(view) {
        let Activity { period, applies_to, recipe, .. } = &held.statement;
        // A recipe holds on its days, also on those still to come; nothing was measured on them.
        let from = |start| Period::new(start, period.end().min(asked.end())).unwrap_or(asked);
        match (asked.covers(*period), recipe) {
            (true, false) => widen(&mut measured, *period),
            (false, false) => widen(&mut applied, *period),
            (false, true) if applies_to.is_some() => widen(&mut applied, from(period.start())),
            (_, true) => widen(&mut recipes, from(period.start().max(asked.start()))),
        }
    }
    let Some(measured) = measured else {
        // Where nothing was measured in these days, the data are as old as what applies.
        return applied.or(recipes);
    };
    let start = applied.map_or(measured.start(), |applied| applied.start().min(measured.start()));
    Period::new(start, measured.end()).ok()
}

/// Statements to the gate that entered: a reading of which nothing falls to the product did not.
fn entered<'v, 'a>(view: &'v View<'a>) -> impl Iterator<Item = &'a Held<Activity>> + use<'v, 'a> {
    let gate = view.processes.iter().filter(|process| process.stage.is_before_gate());
    gate.flat_map(|process| {
        let parts = process.parts.iter().filter(|part| part.share.quanta() != 0).map(|part| part.held);
        parts.chain(process.made.iter().map(|made| made.held))
    })
}

/// Seasons, and the good quarter chosen.
fn short_period(view: &View<'_>, findings: &mut Vec<Finding>) {
    if view.asked.period.is_none() && view.asked.request.is_none() {
        return; // Nobody asks for a figure of these days yet.
    }
    let Some(period) = reference_period(view) else { return };
    if period.start().plus_years(1).is_ok_and(|year| period.end() >= year) {
        return;
    }
    let sentence = format!(
        "the data to the gate are of {period}, which is less than 12 months, and seasons do not show in it"
    );
    let remedy = "ask for a whole year; where a product or works began or ended in it, an output of 0 says so for the other days";
    findings.push(view.found("short-period", Severity::Attention, [], sentence, remedy));
}
