//! Which statements count for a product: by period, scenario and batch, how a reading is shared,
//! and the guards that keep an average honest. Reads statements; calculates no figure.

mod claims;
mod gathered;
mod overlap;
mod place;
mod select;
mod sharing;
mod twice;

use super::Request;
use crate::model::{Activity, ActivityHeader, Boundary, Period, Product, Stage, Text, is_same_name};

pub(super) use claims::claims;
pub(super) use place::Places;
pub(crate) use select::UnitsOf;
pub(super) use select::{Made, Part, Selected, Selector};
pub(super) use sharing::{Known, Sharing};

/// One output of a production, or a reading: places in the inventory's and in the statement's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) activity: u32,
    /// None for a reading.
    pub(crate) output: Option<u32>,
}

/// How a statement lies to the period asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InScope {
    /// Measured inside it.
    Measured,
    /// Its `appliesTo` covers it.
    Applied,
    /// Partly inside.
    Partial(Period),
    /// Not at all, or of another scenario.
    Out,
}

/// How `activity` lies to what is asked for.
pub(crate) fn of(activity: &Activity, request: &Request) -> InScope {
    let Activity { period, applies_to, scenario, .. } = activity;
    // A recipe holds on every day of its period, so it holds for a part of them, too.
    let longer = applies_to.or(Some(*period).filter(|_| activity.recipe));
    lies(*period, longer, scenario.as_ref(), request)
}

/// Whether `activity` counts for what is asked for, or lies partly inside that, which is an error.
/// Of the others no figure depends on anything but the certificates that they claim.
pub fn counts(activity: &Activity, request: &Request) -> bool {
    of(activity, request) != InScope::Out
}

/// Whether another statement can take the place of `activity`, where its own days or those asked
/// for are looked at: one of the scenario, or one that applies later.
pub fn can_be_replaced(activity: &Activity, request: &Request) -> bool {
    let by_scenario = request.scenario.is_some() && activity.scenario.is_none();
    by_scenario || ((activity.applies_to.is_some() || activity.recipe) && counts(activity, request))
}

/// True where a statement is lowered by itself, and of its flows nothing but kinds and names is
/// looked at later. A reading is shared, a certificate may be claimed twice, and flows of a
/// scenario take the place of others by their names.
pub(super) fn is_lowered_alone(activity: &Activity, request: &Request) -> bool {
    !activity.is_reading()
        && activity.scenario.is_none()
        && request.scenario.is_none()
        && activity.flows.iter().all(|flow| flow.instruments.is_empty())
}

/// As [`of`], from the header.
pub(super) fn of_header(activity: &ActivityHeader, request: &Request) -> InScope {
    let ActivityHeader { period, applies_to, scenario, .. } = activity;
    let longer = applies_to.or(Some(*period).filter(|_| activity.recipe));
    lies(*period, longer, scenario.as_ref(), request)
}

/// Why an activity does not enter what is asked for, from its header alone; none where it may. `own` where it is
/// about the product asked for: of what goes into that, the batch is not asked about.
pub fn not_counted(header: &ActivityHeader, request: &Request, own: bool) -> Option<&'static str> {
    if header.scenario.as_ref().is_some_and(|scenario| !is_asked(scenario, request)) {
        return Some("another scenario");
    }
    if of_header(header, request) == InScope::Out {
        return Some("another period");
    }
    let batch = request.batch.as_ref().zip(header.batch.as_ref()).filter(|_| own);
    let other = batch.is_some_and(|(asked, own)| !is_same_name(asked.as_str(), own.as_str()));
    other.then_some("another batch")
}

/// True where a scenario is the one asked for, however it is spelt.
pub(super) fn is_asked(scenario: &Text, request: &Request) -> bool {
    request.scenario.as_ref().is_some_and(|asked| is_same_name(asked.as_str(), scenario.as_str()))
}

fn lies(period: Period, applies_to: Option<Period>, scenario: Option<&Text>, request: &Request) -> InScope {
    let asked = request.period;
    let span = applies_to.unwrap_or(period);
    if scenario.is_some_and(|scenario| !is_asked(scenario, request)) {
        InScope::Out
    } else if asked.covers(period) {
        InScope::Measured
    } else if applies_to.is_some_and(|longer| longer.covers(asked)) {
        InScope::Applied
    } else if span.overlaps(asked) {
        InScope::Partial(span)
    } else {
        InScope::Out
    }
}

/// The half of a product's life that is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    /// What makes the gate footprint.
    Gate,
    /// Everything else; the processes must have data where the boundary is the grave.
    Beyond(Boundary),
}

impl Half {
    pub(crate) fn holds(self, product: &Product, stage: Stage) -> bool {
        at_gate(product, stage) == (self == Self::Gate)
    }

    fn needs_data(self) -> bool {
        self != Self::Beyond(Boundary::Gate)
    }
}

/// True where the stage counts in the product's gate footprint.
pub(crate) fn at_gate(product: &Product, stage: Stage) -> bool {
    stage.is_before_gate() || (stage == Stage::Design && product.design_at_gate)
}
