//! Flows that are read on some only of the days on which there is output, each gap valued at the
//! flow's own mean per day.

use super::set::Days;
use super::{Place, Read, Series, named, past, spans};
use crate::calc::{Contribution, footprint};
use crate::model::wide::Wide;
use crate::model::{Co2e, Decimal};
use crate::plausibility::amounts::{percent, shown_kg};
use crate::plausibility::view::View;
use crate::plausibility::{Finding, LeftOut, Severity};

/// A gap below this part of the gate is a note where nobody says another, in percent.
const GAP_PERCENT: Decimal = Decimal::ONE;

/// While all noted gaps together stay below this part of the gate, in percent.
const GAPS_PERCENT: Decimal = Decimal::literal("5");

/// A flow that is read on some of the days on which the process ran.
struct Gap<'p, 'v, 'a> {
    place: &'p Place<'v, 'a>,
    read: &'p Read<'a>,
    electricity: bool,
    covered: Days,
    missing: Days,
}

pub(super) fn look(view: &View<'_>, places: &[Place<'_, '_>], findings: &mut Vec<Finding>) {
    let mut gaps = Vec::new();
    for place in places {
        for (series, read) in place.series.iter().filter(|(_, read)| !read.flows.is_empty()) {
            let covered = read.days(|_| true);
            let missing = past(view, &place.ran.minus(&covered));
            if !missing.is_empty() {
                let electricity = *series == Series::Electricity;
                gaps.push(Gap { place, read, electricity, covered, missing });
            }
        }
    }
    if gaps.is_empty() {
        return;
    }
    // Without a figure there is nothing to compare a gap with, and that is said by the calculation.
    let Ok(calculated) = footprint(view.inventory, view.id, view.request) else { return };
    let gate = calculated.figures.gate.excluding_uptake;
    let (known, unknown): (Vec<_>, Vec<_>) = gaps.into_iter().partition(Gap::has_mean);
    findings.extend(unknown.iter().map(|gap| gap.without_mean(view)));
    let mut valued: Vec<(Co2e, Gap<'_, '_, '_>)> =
        known.into_iter().map(|gap| (gap.value(&calculated.contributions), gap)).collect();
    valued.sort_by_key(|(kg, _)| kg.quanta().abs());
    let mut noted = 0_i128;
    for (kg, gap) in valued {
        // OK because a mass of CO2e is below 2^110.
        noted += kg.quanta().abs();
        let below = |kg, percent| is_below(kg, gate.quanta(), percent);
        let one = view.asked.gap_percent_max.unwrap_or(GAP_PERCENT);
        let small = below(kg.quanta(), one) && below(noted, GAPS_PERCENT);
        let severity = if small { Severity::Note } else { Severity::Attention };
        findings.push(gap.found(view, (kg, gate), severity));
    }
}

/// True where a part is less than so many percent of the whole.
fn is_below(part: i128, whole: i128, percent: Decimal) -> bool {
    // OK because a mass is below 2^110 and a percentage below 2^50.
    let hundred = Wide::new(Decimal::from_i32(100).quanta());
    Wide::new(part).abs() * hundred < Wide::new(whole).abs() * Wide::new(percent.quanta())
}

impl Gap<'_, '_, '_> {
    /// True where it was read on some day on which the process ran: then it has a mean.
    fn has_mean(&self) -> bool {
        !self.place.ran.and(&self.covered).is_empty()
    }

    /// Read on other days alone: what is missing is known to nobody.
    fn without_mean(&self, view: &View<'_>) -> Finding {
        let sentence = format!(
            "{}: {} is read on none of the {} days on which there is output ({}), so nothing tells how much is missing",
            named(self.place),
            self.what(),
            self.place.ran.count(),
            spans(&self.missing),
        );
        let remedy = "record the missing readings; a reading of 0 says that nothing was used, and a flow of kind excluded with an estimate says what is left out";
        let statements = self.read.flows.iter().map(|(statement, _)| *statement);
        let found = view.found("flow-coverage", Severity::Attention, statements, sentence, remedy);
        found.leaving_out(LeftOut::Unknown)
    }

    fn what(&self) -> String {
        if self.electricity { "electricity".to_owned() } else { format!("`{}`", self.read.name) }
    }

    /// kg CO2e per declared unit that the missing days would add by the flow's own mean per day.
    fn value(&self, contributions: &[Contribution]) -> Co2e {
        let own = contributions.iter().filter(|c| self.read.flows.contains(&(c.statement, c.flow)));
        let read: i128 = own.map(|c| c.excluding_uptake.quanta()).sum();
        let (missing, covered) = (i128::from(self.missing.count()), i128::from(self.covered.count().max(1)));
        // OK because a mass is below 2^110 and a period has fewer than 2^17 days.
        Co2e::from_quanta(read / covered * missing + read % covered * missing / covered).unwrap_or(Co2e::ZERO)
    }

    fn found(&self, view: &View<'_>, (kg, gate): (Co2e, Co2e), severity: Severity) -> Finding {
        let declared = view.product.declared_unit;
        let what = self.what();
        let part = percent(Wide::new(kg.quanta()), Wide::new(gate.quanta().max(1)));
        let sentence = format!(
            "{}: {what} is read on {} of the {} days on which there is output, not on {}; by its own mean the gap is {} kg CO2e per {} {}, {part} % of the figure to the gate",
            named(self.place),
            self.place.ran.count() - self.missing.count(),
            self.place.ran.count(),
            spans(&self.missing),
            shown_kg(kg),
            declared.amount,
            declared.unit,
        );
        let one_day = self.missing.periods().all(|period| Days::from_iter([period]).count() == 1);
        let remedy = if one_day {
            concat!(
                "the end of a period is the first day after it: withdraw the bills with a wrong end first (",
                withdrawing!(),
                "), then record them with the right one"
            )
        } else {
            "record the missing readings; a reading of 0 says that nothing was used, and a flow of kind excluded with an estimate says what is left out"
        };
        let statements = self.read.flows.iter().map(|(statement, _)| *statement);
        let found = view.found("flow-coverage", severity, statements, sentence, remedy);
        let left_out = if kg.quanta() < 0 { Co2e::ZERO } else { kg };
        found.leaving_out(LeftOut::About(left_out))
    }
}
