//! Guard 3: the processes to the gate went through the same number of units. Each figure is right
//! where stock explains a difference, and too low where rejects do.

use super::amounts::{apart_by, shown};
use super::view::{ProcessView, View};
use super::{Finding, Severity};
use crate::model::wide::Wide;
use crate::model::{Decimal, Period};

/// How far apart units may lie where a product states nothing, in percent.
const TOLERANCE_PERCENT: i32 = 2;

pub(super) fn look(view: &View<'_>, findings: &mut Vec<Finding>) {
    if view.request.batch.is_some() {
        return; // Parts are made for several batches together.
    }
    let compared = view.processes.iter().filter(|p| p.stage.is_before_gate() && p.is_own());
    let measured = |process: &ProcessView<'_>| -> Option<Wide> {
        let made = process.made.iter().filter(|made| made.measured);
        made.map(|made| made.units).try_fold(Wide::ZERO, |sum, units| sum.checked_add(units?))
    };
    let mut units: Vec<(Wide, &ProcessView<'_>)> =
        compared.filter_map(|p| Some((measured(p).filter(|units| *units > 0)?, p))).collect();
    units.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| (a.1.stage, a.1.name).cmp(&(b.1.stage, b.1.name))));
    let (Some((fewer, less)), Some((more, most))) = (units.first(), units.last()) else { return };
    let tolerance = view.product.unit_tolerance_percent.unwrap_or(Decimal::from_i32(TOLERANCE_PERCENT));
    if !apart_by(*fewer, *more, tolerance) {
        return;
    }
    let missing = first_missing(less, most);
    let hint =
        missing.map(|period| format!("; `{}` states no output for {period}", less.name)).unwrap_or_default();
    let sentence = format!(
        "the processes to the gate went through {} units in `{}` and {} in `{}`, more than {tolerance} % apart{hint}",
        shown(*more),
        most.name,
        shown(*fewer),
        less.name,
    );
    let remedy = concat!(
        "look for a month or quarter whose output is not recorded; where rejects lie between the two, withdraw what the earlier process made (",
        withdrawing!(),
        "), record what it used as readings, rows without output, and give it the later one's units (column units_of in the product's file, recorded with --correct); where stock grew or shrank both are right"
    );
    let statements = less.statements().chain(most.statements()).map(|held| held.id);
    findings.push(view.found("uneven-units", Severity::Attention, statements, sentence, remedy));
}

/// The first period that one process states output for and the other does not.
fn first_missing(less: &ProcessView<'_>, most: &ProcessView<'_>) -> Option<Period> {
    let mut periods: Vec<Period> = most.made.iter().map(|made| made.held.statement.period).collect();
    periods.sort_unstable();
    let stated = |period: &Period| less.made.iter().any(|made| made.held.statement.period.overlaps(*period));
    periods.into_iter().find(|period| !stated(period))
}
