//! One product in one period as the rules see it: its processes, the statements of each that count, and their amounts per declared unit. Selects
//! by the same scope as the calculation; judges nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::amounts::{self, per_unit};
use super::factors::Editions;
use super::{Asked, Finding, Severity};
use crate::calc::scope::{self, InScope};
use crate::calc::{Held, Inventory, Request};
use crate::model::wide::Wide;
use crate::model::{Activity, Date, Flow, GwpSet, Period, Product, ProductId, Stage, StatementId, Text};

/// Where a product is an output: places in the inventory's list of activities and in the statement's list of outputs.
pub(super) type Made = (usize, usize);

/// The outputs of every product, by the id it is filed under.
pub(super) fn outputs(inventory: &Inventory) -> HashMap<&ProductId, Vec<Made>> {
    let mut made: HashMap<&ProductId, Vec<Made>> = HashMap::new();
    for (activity, held) in inventory.activities.iter().enumerate() {
        for (place, output) in held.statement.outputs.iter().enumerate() {
            let filed = inventory.aliases.get(&output.product).unwrap_or(&output.product);
            made.entry(filed).or_default().push((activity, place));
        }
    }
    made
}

fn statements<'a>(inventory: &'a Inventory, made: &'a [Made]) -> impl Iterator<Item = &'a Held<Activity>> {
    made.iter().filter_map(|(activity, _)| inventory.activities.get(*activity))
}

/// Stage, period and scenario of every statement that puts a product out, of redacted ones too: a product is looked at although nothing that is
/// said of it can be read.
pub(super) fn said<'a>(
    inventory: &'a Inventory,
    product: &'a ProductId,
    made: &'a [Made],
) -> Vec<(Stage, Period, Option<&'a Text>)> {
    let whole = statements(inventory, made).map(|held| &held.statement);
    let whole = whole.map(|said| (said.stage, said.period, said.scenario.as_ref()));
    let is_ours = |id: &ProductId| inventory.aliases.get(id).unwrap_or(id) == product;
    let redacted = inventory.redacted.activities.iter().map(|held| &held.statement);
    let redacted = redacted.filter(|said| said.products.iter().any(is_ours));
    whole.chain(redacted.map(|said| (said.stage, said.period, said.scenario.as_ref()))).collect()
}

/// The periods that a product is looked at in: calendar years, or the statements' own spans where they reach over New Year.
pub(super) fn periods(said: &[(Stage, Period, Option<&Text>)]) -> BTreeSet<Period> {
    let any = said.iter().any(|(stage, ..)| stage.is_before_gate());
    let (mut years, mut spans) = (BTreeSet::new(), BTreeSet::new());
    for (_, period, _) in said.iter().filter(|(stage, ..)| !any || stage.is_before_gate()) {
        let period = *period;
        match year_of(period) {
            Some(year) => drop(years.insert(year)),
            None => drop(spans.insert(period)),
        }
    }
    years.retain(|year| !spans.iter().any(|span| span.overlaps(*year)));
    years.extend(spans);
    years
}

/// The calendar year that holds a period; none where it reaches over New Year.
fn year_of(period: Period) -> Option<Period> {
    let year = period.start().year();
    let next = Date::new(year.checked_add(1)?, 1, 1).ok()?;
    Period::new(Date::new(year, 1, 1).ok()?, next).ok().filter(|whole| whole.covers(period))
}

/// What is asked of the calculation: once, or once for each scenario that the product's statements name.
pub(super) fn requests(
    said: &[(Stage, Period, Option<&Text>)],
    period: Period,
    gwp: Option<GwpSet>,
) -> Vec<Request> {
    let named: BTreeSet<&Text> = said.iter().filter_map(|(.., scenario)| *scenario).collect();
    let request = |scenario: Option<&Text>| Request {
        period,
        boundary: None,
        scenario: scenario.cloned(),
        batch: None,
        gwp: gwp.unwrap_or(GwpSet::Ar6),
    };
    if named.is_empty() { vec![request(None)] } else { named.into_iter().map(|s| request(Some(s))).collect() }
}

/// One statement that counts, with the product's part in it.
pub(super) struct Part<'a> {
    pub(super) held: &'a Held<Activity>,
    /// The product's share of the flows, in 1e-15.
    share: Wide,
    /// Declared units of the product, in 1e-18.
    units: Wide,
}

/// One unit process with its statements that count.
pub(super) struct ProcessView<'a> {
    pub(super) stage: Stage,
    pub(super) name: &'a Text,
    pub(super) parts: Vec<Part<'a>>,
    /// Declared units of all of them, in 1e-18.
    units: Wide,
}

/// A flow in its place.
#[derive(Clone, Copy)]
pub(super) struct Line<'v, 'a> {
    pub(super) process: &'v ProcessView<'a>,
    pub(super) part: &'v Part<'a>,
    pub(super) flow: &'a Flow,
}

impl Line<'_, '_> {
    pub(super) fn statement(&self) -> StatementId {
        self.part.held.id
    }

    /// An amount of this flow per declared unit of the product, over the whole process.
    pub(super) fn per_unit(&self, amount: Wide) -> Option<Wide> {
        per_unit(amount, self.part.share, self.process.units)
    }

    /// An amount of this flow per declared unit that its own statement served.
    pub(super) fn per_own_unit(&self, amount: Wide) -> Option<Wide> {
        per_unit(amount, self.part.share, self.part.units)
    }
}

/// One product in one period.
pub(super) struct View<'a> {
    pub(super) inventory: &'a Inventory,
    pub(super) asked: &'a Asked,
    pub(super) editions: &'a Editions<'a>,
    pub(super) id: &'a ProductId,
    pub(super) product: &'a Product,
    pub(super) request: &'a Request,
    /// Processes with statements that count in the period.
    pub(super) processes: Vec<ProcessView<'a>>,
    /// The same of all periods.
    pub(super) ever: Vec<ProcessView<'a>>,
    /// True where a statement could not be put in because its output or its share is not stated.
    pub(super) incomplete: bool,
}

impl<'a> View<'a> {
    pub(super) fn new(
        (inventory, asked, editions): (&'a Inventory, &'a Asked, &'a Editions<'a>),
        id: &'a ProductId,
        product: &'a Product,
        made: &[Made],
        request: &'a Request,
    ) -> Self {
        let mut view = Self {
            inventory,
            asked,
            editions,
            id,
            product,
            request,
            processes: Vec::new(),
            ever: Vec::new(),
            incomplete: false,
        };
        let (mut now, mut ever) = (BTreeMap::new(), BTreeMap::new());
        for (activity, place) in made {
            let Some(held) = inventory.activities.get(*activity) else { continue };
            if held.statement.scenario.is_some() && held.statement.scenario != request.scenario {
                continue;
            }
            let inside = matches!(scope::of(&held.statement, request), InScope::Measured | InScope::Applied);
            let output = held.statement.outputs.get(*place);
            let units = output.and_then(|output| amounts::units(product, output));
            let (Some(units), Some(share)) = (units, amounts::share(inventory, &held.statement, *place))
            else {
                view.incomplete |= inside;
                continue;
            };
            put(&mut ever, Part { held, share, units });
            if inside {
                put(&mut now, Part { held, share, units });
            }
        }
        view.processes = now.into_values().collect();
        view.ever = ever.into_values().collect();
        view
    }

    /// Every flow that counts in the period.
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'_, 'a>> {
        lines(&self.processes)
    }

    /// Every flow that counts in the period, up to the gate.
    pub(super) fn gate_lines(&self) -> impl Iterator<Item = Line<'_, 'a>> {
        self.lines().filter(|line| line.process.stage.is_before_gate())
    }

    /// A finding about this product and period.
    pub(super) fn found(
        &self,
        rule: &'static str,
        severity: Severity,
        statements: impl IntoIterator<Item = StatementId>,
        sentence: String,
        remedy: impl Into<String>,
    ) -> Finding {
        let statements: BTreeSet<StatementId> = statements.into_iter().collect();
        Finding {
            rule,
            severity,
            product: self.id.clone(),
            period: self.request.period,
            statements: statements.into_iter().collect(),
            sentence,
            remedy: remedy.into(),
            names: None,
        }
    }
}

/// Every flow of these processes.
pub(super) fn lines<'v, 'a>(processes: &'v [ProcessView<'a>]) -> impl Iterator<Item = Line<'v, 'a>> {
    processes.iter().flat_map(|process| {
        process.parts.iter().flat_map(move |part| {
            part.held.statement.flows.iter().map(move |flow| Line { process, part, flow })
        })
    })
}

fn put<'a>(into: &mut BTreeMap<(Stage, &'a Text), ProcessView<'a>>, part: Part<'a>) {
    let activity = &part.held.statement;
    let (stage, name) = (activity.stage, &activity.process);
    let process = into.entry((stage, name)).or_insert_with(|| ProcessView {
        stage,
        name,
        parts: Vec::new(),
        units: Wide::ZERO,
    });
    // OK because units of a statement stay below 10^37.
    process.units = process.units.checked_add(part.units).unwrap_or(process.units);
    process.parts.push(part);
}
