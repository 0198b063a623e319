//! Energy and material per declared unit against the product's other periods at the same process and site: a slipped decimal point or a wrong
//! unit stands out by a factor, long before anybody reads a total.

use std::collections::BTreeMap;

use super::amounts::{self, shown};
use super::view::{Line, View, lines};
use super::{Finding, Severity};
use crate::model::wide::{Wide, quotient};
use crate::model::{Date, FlowKind, Stage, Unit};

/// How many times as much, or as little, is far.
const FAR: i128 = 2;

/// One amount per declared unit, with its statement's flow.
struct Dot<'v, 'a> {
    line: Line<'v, 'a>,
    amount: Wide,
    start: Date,
}

/// The same thing at the same place: process, site, what is looked at, and the unit.
type Key<'a> = (Stage, &'a str, Option<&'a str>, FlowKind, &'a str, Unit);

pub(super) fn look(view: &View<'_>, findings: &mut Vec<Finding>) {
    let mut series: BTreeMap<Key<'_>, Vec<Dot<'_, '_>>> = BTreeMap::new();
    for line in lines(&view.ever) {
        let (activity, flow) = (&line.part.held.statement, line.flow);
        if !matches!(flow.kind, FlowKind::Energy | FlowKind::Material | FlowKind::Packaging) {
            continue;
        }
        let Some((amount, unit)) = amounts::amount(flow) else { continue };
        let Some(amount) = line.per_own_unit(amount) else { continue };
        let site = activity.site.as_ref().map(|site| site.name.as_str());
        let key = (activity.stage, activity.process.as_str(), site, flow.kind, flow.name.as_str(), unit);
        let dots = series.entry(key).or_default();
        // Several flows of one name in one statement are one amount here.
        match dots.iter_mut().find(|dot| dot.line.statement() == line.statement()) {
            Some(dot) => dot.amount = dot.amount.checked_add(amount).unwrap_or(dot.amount),
            None => dots.push(Dot { line, amount, start: activity.period.start() }),
        }
    }
    for (key, mut dots) in series {
        dots.sort_by_key(|dot| (dot.start, dot.line.statement()));
        for (place, dot) in dots.iter().enumerate() {
            let inside = view.request.period.covers(dot.line.part.held.statement.period);
            // Of two that differ nobody knows which is wrong: both are named, once, at the later one.
            if !inside || (dots.len() == 2 && place == 0) {
                continue;
            }
            if let Some(usual) = far_from(&dots, place) {
                let other = dots.first().filter(|_| dots.len() == 2);
                findings.push(found(view, &key, dot, usual, other, dots.len() - 1));
            }
        }
    }
}

/// The usual amount of the others where this one is far from it.
fn far_from(dots: &[Dot<'_, '_>], place: usize) -> Option<Wide> {
    let one = dots.get(place)?.amount;
    let mut others: Vec<Wide> =
        dots.iter().enumerate().filter(|(i, _)| *i != place).map(|(_, dot)| dot.amount).collect();
    others.sort_unstable();
    // Of an even number both middle ones are usual.
    let upper = *others.get(others.len() / 2)?;
    let lower = *others.get(others.len().checked_sub(1)? / 2)?;
    (is_far(one, lower) && is_far(one, upper)).then_some(lower)
}

fn is_far(one: Wide, usual: Wide) -> bool {
    let (smaller, larger) = (one.abs().min(usual.abs()), one.abs().max(usual.abs()));
    smaller > 0 && smaller.checked_mul(Wide::new(FAR)).is_some_and(|twice| larger > twice)
}

fn found(
    view: &View<'_>,
    key: &Key<'_>,
    dot: &Dot<'_, '_>,
    usual: Wide,
    other: Option<&Dot<'_, '_>>,
    others: usize,
) -> Finding {
    let (stage, process, _, _, name, unit) = key;
    let (smaller, larger) = (dot.amount.abs().min(usual.abs()), dot.amount.abs().max(usual.abs()));
    let times = larger.checked_mul(amounts::ONE).and_then(|l| quotient(l, smaller, "times").ok());
    let declared = view.product.declared_unit;
    let against = match other {
        Some(other) => format!("in {}", other.line.part.held.statement.period),
        None => format!("usually, in {others} other periods"),
    };
    let sentence = format!(
        "{stage} process `{process}`, flow `{name}`, {}: {} {unit} per {} {}, against {} {unit} {against}: {} times as {}, expected at most {FAR} times",
        dot.line.part.held.statement.period,
        shown(dot.amount),
        declared.amount,
        declared.unit,
        shown(usual),
        times.map_or_else(|| "many".to_owned(), shown),
        if dot.amount.abs() > usual.abs() { "much" } else { "little" },
    );
    let remedy = "compare amount, unit, decimal point and output with the meter or invoice; correct the row and record it with --correct, or leave it where the process has really changed";
    let statements = std::iter::once(dot).chain(other).map(|dot| dot.line.statement());
    view.found("far-from-before", Severity::Look, statements, sentence, remedy)
}
