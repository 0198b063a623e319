//! Energy and material per declared unit against the product's other periods at the same process and
//! site: a slipped decimal point or a wrong unit stands out by a factor, long before anybody reads a
//! total. Readings are compared over whole spans of production, all electricity together.

use std::collections::BTreeMap;

use super::amounts::{self, over, shared, shown};
use super::days::is_electricity;
use super::view::{Line, ProcessView, View, differ, place};
use super::{Finding, Severity};
use crate::model::wide::{Wide, quotient};
use crate::model::{Activity, FlowKind, Period, Stage, StatementId, Unit, folded};

/// How many times as much, or as little, is far.
const FAR: i128 = 2;

/// How many times as much heat or fuel is far within a year: heating follows the weather.
const FAR_IN_SEASON: i128 = 10;

/// Less energy a day than this part of the usual is what runs without anything being made, in
/// percent.
const BASE_LOAD_PERCENT: i128 = 90;

/// A span of at least so many days has all seasons in it.
const ALL_SEASONS_DAYS: u32 = 300;

/// One amount per declared unit, with the statements that it comes from.
struct Dot {
    statements: Vec<StatementId>,
    amount: Wide,
    /// The same in all, not per unit.
    whole: Wide,
    span: Period,
}

/// The same thing at the same place: process, site, batch of a reading, what is looked at, and the
/// unit.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    stage: Stage,
    process: &'a str,
    site: Option<String>,
    batch: Option<String>,
    kind: FlowKind,
    name: String,
    unit: Unit,
}

/// The flows of one thing: as its readings and productions state them.
#[derive(Default)]
struct Series<'v, 'a> {
    lines: Vec<(Line<'v, 'a>, Wide)>,
    electricity: bool,
}

pub(super) fn look(view: &View<'_>, findings: &mut Vec<Finding>) {
    for process in &view.ever {
        for (key, series) in series(view, process) {
            let seasonal = key.kind == FlowKind::Energy && !series.electricity;
            let mut dots = dots(process, &key, &series);
            dots.sort_by(|a, b| (a.span, &a.statements).cmp(&(b.span, &b.statements)));
            for (place, dot) in dots.iter().enumerate() {
                // Of two that differ nobody knows which is wrong: both are named, once, at the later.
                if !view.request.period.covers(dot.span) || (dots.len() == 2 && place == 0) {
                    continue;
                }
                let base_load = key.kind == FlowKind::Energy && is_base_load(&dots, place);
                if let Some(usual) = far_from(&dots, place, seasonal).filter(|_| !base_load) {
                    let other = dots.first().filter(|_| dots.len() == 2);
                    findings.push(found(view, &key, (dot, other), usual, dots.len() - 1));
                }
            }
        }
    }
}

fn series<'v, 'a>(view: &View<'_>, process: &'v ProcessView<'a>) -> BTreeMap<Key<'a>, Series<'v, 'a>> {
    let mut series: BTreeMap<Key<'a>, Series<'v, 'a>> = BTreeMap::new();
    for line in process.lines() {
        let (said, flow) = (&line.part.held.statement, line.flow);
        if !matches!(flow.kind, FlowKind::Energy | FlowKind::Material | FlowKind::Packaging) {
            continue;
        }
        let Some((amount, unit)) = amounts::amount(flow) else { continue };
        let electricity = flow.kind == FlowKind::Energy && is_electricity(view, flow);
        let key = Key {
            stage: process.stage,
            process: process.name.as_str(),
            site: said.site.as_ref().map(|site| folded(site.name.as_str())),
            batch: said.batch.as_ref().filter(|_| said.is_reading()).map(|batch| folded(batch.as_str())),
            kind: flow.kind,
            name: if electricity { "electricity".to_owned() } else { folded(flow.name.as_str()) },
            unit,
        };
        let of_key = series.entry(key).or_default();
        of_key.electricity = electricity;
        of_key.lines.push((line, amount));
    }
    series
}

/// One for each production with flows of its own; where there are readings, too, one for each span
/// that readings and what was made in their days have in common.
fn dots(process: &ProcessView<'_>, key: &Key<'_>, series: &Series<'_, '_>) -> Vec<Dot> {
    let mut productions: BTreeMap<StatementId, (Wide, Wide, Period)> = BTreeMap::new();
    let mut readings: Vec<(Period, StatementId, Option<Wide>)> = Vec::new();
    // What a production states itself and what is read beside it are one amount.
    let read = series.lines.iter().any(|(line, _)| line.part.held.statement.is_reading());
    for (line, amount) in &series.lines {
        let said = &line.part.held.statement;
        let amount = shared(*amount, line.part.share);
        if read {
            readings.push((said.period, line.statement(), amount));
            continue;
        }
        // Several flows of one name in one statement are one amount here.
        let Some(amount) = amount else { continue };
        let whole = productions.entry(line.statement()).or_insert((Wide::ZERO, line.part.units, said.period));
        whole.0 = whole.0.checked_add(amount).unwrap_or(whole.0);
    }
    let of_production = |(id, (amount, units, span)): (StatementId, (Wide, Wide, Period))| {
        Some(Dot { statements: vec![id], amount: over(amount, units)?, whole: amount, span })
    };
    let mut dots: Vec<Dot> = productions.into_iter().filter_map(of_production).collect();
    let made = process.made.iter().filter(|made| concerns(&made.held.statement, key));
    let made: Vec<(Period, Option<Wide>)> =
        made.map(|made| (made.held.statement.period, made.units)).collect();
    dots.extend(spans(&readings, &made));
    dots
}

/// True unless site or batch tell the production from what the key is read for.
fn concerns(made: &Activity, key: &Key<'_>) -> bool {
    place(made).iter().zip([&key.site, &key.batch]).all(|(own, asked)| !differ(own, asked))
}

/// The readings of one span, what they come to, and the units made in its days; none where one of
/// them cannot be known.
type Sum = (Vec<StatementId>, Option<Wide>, Option<Wide>);

/// Readings and productions whose days hang together, each span as one amount per unit.
fn spans(readings: &[(Period, StatementId, Option<Wide>)], made: &[(Period, Option<Wide>)]) -> Vec<Dot> {
    let mut periods: Vec<Period> = readings.iter().map(|(period, ..)| *period).collect();
    periods.extend(made.iter().map(|(period, _)| *period));
    periods.sort_unstable();
    let mut hulls: Vec<Period> = Vec::new();
    for period in periods {
        match hulls.last_mut() {
            Some(last) if last.overlaps(period) => *last = last.hull(period),
            _ => hulls.push(period),
        }
    }
    let at = |period: Period| hulls.partition_point(|hull| hull.end() <= period.start());
    let mut sums: BTreeMap<usize, Sum> = BTreeMap::new();
    for (period, id, amount) in readings {
        let span = sums.entry(at(*period)).or_insert((Vec::new(), Some(Wide::ZERO), Some(Wide::ZERO)));
        span.0.push(*id);
        span.1 = span.1.zip(*amount).and_then(|(sum, more)| sum.checked_add(more));
    }
    for (period, units) in made {
        if let Some(span) = sums.get_mut(&at(*period)) {
            span.2 = span.2.zip(*units).and_then(|(sum, more)| sum.checked_add(more));
        }
    }
    let dot = |(at, (mut statements, amount, units)): (usize, Sum)| {
        statements.sort_unstable();
        statements.dedup();
        let whole = amount?;
        Some(Dot { statements, amount: over(whole, units?)?, whole, span: *hulls.get(at)? })
    };
    sums.into_iter().filter_map(dot).collect()
}

/// A month of holidays: more per unit than ever, since little was made, and less a day than in most
/// other spans.
fn is_base_load(dots: &[Dot], place: usize) -> bool {
    let Some(one) = dots.get(place) else { return false };
    let others = || dots.iter().enumerate().filter(|(at, _)| *at != place).map(|(_, dot)| dot);
    // Amounts of so many days each, compared crosswise.
    let is_below = |other: &&Dot| {
        let own = one.whole.abs().checked_mul(Wide::new(100 * i128::from(other.span.days())));
        let usual = other.whole.abs().checked_mul(Wide::new(BASE_LOAD_PERCENT * i128::from(one.span.days())));
        own.zip(usual).is_some_and(|(own, usual)| own < usual)
    };
    // OK because a list is far shorter than half of a usize.
    others().filter(is_below).count() * 2 > others().count()
        && others().all(|dot| dot.amount.abs() < one.amount.abs())
}

/// The usual amount of the others where this one is far from it.
fn far_from(dots: &[Dot], place: usize, seasonal: bool) -> Option<Wide> {
    let one = dots.get(place)?;
    let mut others: Vec<Wide> =
        dots.iter().enumerate().filter(|(i, _)| *i != place).map(|(_, dot)| dot.amount).collect();
    others.sort_unstable();
    // Of an even number both middle ones are usual.
    let upper = *others.get(others.len() / 2)?;
    let lower = *others.get(others.len().checked_sub(1)? / 2)?;
    let seasonal = seasonal && one.span.days() < ALL_SEASONS_DAYS;
    let far = |usual: Wide| match seasonal {
        true => one.amount.abs() > usual.abs() && is_far(one.amount, usual, FAR_IN_SEASON),
        false => is_far(one.amount, usual, FAR),
    };
    (far(lower) && far(upper)).then_some(lower)
}

fn is_far(one: Wide, usual: Wide, times: i128) -> bool {
    let (smaller, larger) = (one.abs().min(usual.abs()), one.abs().max(usual.abs()));
    smaller > 0 && smaller.checked_mul(Wide::new(times)).is_some_and(|most| larger > most)
}

fn found(
    view: &View<'_>,
    key: &Key<'_>,
    (dot, other): (&Dot, Option<&Dot>),
    usual: Wide,
    others: usize,
) -> Finding {
    let Key { stage, process, name, unit, .. } = key;
    let (smaller, larger) = (dot.amount.abs().min(usual.abs()), dot.amount.abs().max(usual.abs()));
    let times = larger.checked_mul(amounts::ONE).and_then(|l| quotient(l, smaller, "times").ok());
    let declared = view.product.declared_unit;
    let against = match other {
        Some(other) => format!("in {}", other.span),
        None => format!("usually, in {others} other periods"),
    };
    let sentence = format!(
        "{stage} process `{process}`, flow `{name}`, {}: {} {unit} per {} {}, against {} {unit} {against}: {} times as {}",
        dot.span,
        shown(dot.amount),
        declared.amount,
        declared.unit,
        shown(usual),
        times.map_or_else(|| "many".to_owned(), shown),
        if dot.amount.abs() > usual.abs() { "much" } else { "little" },
    );
    let remedy = "compare amount, unit, decimal point and output with the meter or invoice; correct the row and record it with --correct, or leave it where the process has really changed";
    let statements = dot.statements.iter().chain(other.iter().flat_map(|dot| &dot.statements)).copied();
    view.found("far-from-before", Severity::Attention, statements, sentence, remedy)
}
