//! One product in one period as the rules see it: its processes, the statements of each that count, and their amounts per declared unit. Selects
//! by the same scope as the calculation; judges nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::amounts::per_unit;
use super::factors::{Factors, years};
use super::{Asked, Finding, Severity, Subject};
use crate::calc::{Choice, ChosenOutput, Held, Inventory, Request, Share, UnitsOf, Used};
use crate::codec::tags_of;
use crate::model::wide::Wide;
use crate::model::{
    Activity, Date, Flow, GwpSet, Period, Product, ProductId, ProductTag, Stage, StatementId, Text, folded,
};

/// Stage, period and scenario of a statement.
pub(super) type Said<'a> = (Stage, Period, Option<&'a Text>);

/// Stage, period and scenario of every statement about a product, by the id it is filed under; of
/// redacted ones too: a product is looked at although nothing that is said of it can be read.
pub(super) fn said(inventory: &Inventory) -> BTreeMap<&ProductId, Vec<Said<'_>>> {
    let mut of: BTreeMap<&ProductId, Vec<Said<'_>>> = BTreeMap::new();
    let filed = |id| inventory.aliases.get(id).unwrap_or(id);
    for held in &inventory.activities {
        let said = &held.statement;
        for id in said.products() {
            let of = of.entry(filed(id)).or_default();
            let looked_at = looked_at(said).into_iter();
            of.extend(looked_at.map(|period| (said.stage, period, said.scenario.as_ref())));
        }
    }
    if inventory.redacted.activities.is_empty() {
        return of;
    }
    let products = inventory.products.iter();
    let tags = products.flat_map(|(id, held)| tags_of(&held.statement).map(move |(_, tag)| (tag, id)));
    let tags: BTreeMap<ProductTag, &ProductId> = tags.collect();
    for held in &inventory.redacted.activities {
        let said = &held.statement;
        for id in said.tags().filter_map(|tag| tags.get(tag)) {
            of.entry(id).or_default().push((said.stage, said.period, said.scenario.as_ref()));
        }
    }
    of
}

/// When to look at what an activity says: in its own days. A reading over New Year is shared among
/// what was made in either year, and does not say that the works counts in other years.
fn looked_at(said: &Activity) -> Vec<Period> {
    if !said.is_reading() || year_of(said.period).is_some() {
        return vec![said.period];
    }
    let (first, last) = years(said.period);
    [first, last].into_iter().filter_map(whole_year).collect()
}

/// The periods that a product is looked at in: calendar years, or the statements' own spans where they reach over New Year.
pub(super) fn periods(said: &[Said<'_>]) -> BTreeSet<Period> {
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
    whole_year(period.start().year()).filter(|year| year.covers(period))
}

fn whole_year(year: i16) -> Option<Period> {
    let next = Date::new(year.checked_add(1)?, 1, 1).ok()?;
    Period::new(Date::new(year, 1, 1).ok()?, next).ok()
}

/// The days of every activity together; none where there is no activity.
pub(super) fn whole_span(inventory: &Inventory) -> Option<Period> {
    inventory.activities.iter().map(|held| held.statement.period).reduce(Period::hull)
}

/// What is asked of the calculation: once, or once for each scenario that the product's statements name.
pub(super) fn requests(said: &[Said<'_>], period: Period, gwp: Option<GwpSet>) -> Vec<Request> {
    // One question for all spellings of a scenario.
    let named: BTreeMap<String, &Text> = said
        .iter()
        .filter_map(|(.., scenario)| Some((folded(scenario.as_ref()?.as_str()), *scenario.as_ref()?)))
        .collect();
    let request = |scenario: Option<&Text>| Request {
        period,
        boundary: None,
        scenario: scenario.cloned(),
        batch: None,
        gwp: gwp.unwrap_or(GwpSet::Ar6),
    };
    if named.is_empty() {
        vec![request(None)]
    } else {
        named.into_values().map(|s| request(Some(s))).collect()
    }
}

/// Site and batch of an activity, folded.
pub(super) fn place(said: &Activity) -> [Option<String>; 2] {
    [said.site.as_ref().map(|site| &site.name), said.batch.as_ref()]
        .map(|name| name.map(|name| folded(name.as_str())))
}

/// True where both are named and the names differ.
pub(super) fn differ(one: &Option<String>, other: &Option<String>) -> bool {
    one.is_some() && other.is_some() && one != other
}

/// One statement whose flows count, with the product's part in it.
pub(super) struct Part<'a> {
    pub(super) held: &'a Held<Activity>,
    pub(super) share: Share,
    /// Declared units of the product that it served, in 1e-18: its own, or what was made in the
    /// days of a reading.
    pub(super) units: Wide,
    /// Of a reading that is shared: from the first to the last day of output of what it concerns.
    pub(super) shared_over: Option<Period>,
}

/// One unit process with its statements that count.
pub(super) struct ProcessView<'a> {
    pub(super) stage: Stage,
    pub(super) name: &'a Text,
    pub(super) parts: Vec<Part<'a>>,
    /// Outputs whose units count.
    pub(super) made: Vec<ChosenOutput<'a>>,
    /// Declared units of all of them, in 1e-18.
    units: Wide,
    whose: UnitsOf,
}

impl<'a> ProcessView<'a> {
    /// A process from what was chosen; with whether something of it could not be put in.
    fn new(choice: Choice<'a>) -> (Self, bool) {
        let Choice { stage, process: name, uses, made, units: whose } = choice;
        let known = |made: &ChosenOutput<'a>| made.units.unwrap_or(Wide::ZERO);
        // OK because units of a statement stay below 10^37.
        let total = |of: &mut dyn Iterator<Item = Wide>| of.fold(Wide::ZERO, |sum, units| sum + units);
        let units = total(&mut made.iter().map(known));
        let mut incomplete = made.iter().any(|made| made.units.is_none());
        let mut parts = Vec::with_capacity(uses.len());
        for Used { held, share, shared_over } in uses {
            let said = &held.statement;
            let served = |made: &&ChosenOutput<'a>| {
                made.held.id == held.id
                    || (said.is_reading() && made.held.statement.period.overlaps(said.period))
            };
            let units = total(&mut made.iter().filter(served).map(known));
            match share {
                Some(share) => parts.push(Part { held, share, units, shared_over }),
                None => incomplete = true,
            }
        }
        (Self { stage, name, parts, made, units, whose }, incomplete)
    }

    /// Its units are its own, and compared with those of other processes.
    pub(super) fn is_own(&self) -> bool {
        self.whose == UnitsOf::Own
    }

    /// It is a bill of materials, of which days are not asked.
    pub(super) fn is_recipe(&self) -> bool {
        self.whose == UnitsOf::Recipe
    }

    /// Every flow that counts.
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'_, 'a>> {
        self.parts.iter().flat_map(move |part| {
            part.held.statement.flows.iter().map(move |flow| Line { process: self, part, flow })
        })
    }

    /// Every statement that counts, once.
    pub(super) fn statements(&self) -> impl Iterator<Item = &'a Held<Activity>> {
        let parts = self.parts.iter().map(|part| part.held);
        let made = self.made.iter().map(|made| made.held);
        let mut seen = BTreeSet::new();
        parts.chain(made).filter(move |held| seen.insert(held.id))
    }
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
}

impl fmt::Display for Line<'_, '_> {
    /// Writes ``production process `casting`, flow `gas` ``.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} process `{}`, flow `{}`", self.process.stage, self.process.name, self.flow.name)
    }
}

/// One product in one period.
pub(super) struct View<'a> {
    pub(super) inventory: &'a Inventory,
    pub(super) asked: &'a Asked,
    pub(super) factors: &'a Factors<'a>,
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
        (inventory, asked, factors): (&'a Inventory, &'a Asked, &'a Factors<'a>),
        (id, product): (&'a ProductId, &'a Product),
        request: &'a Request,
        (now, ever): (Vec<Choice<'a>>, Vec<Choice<'a>>),
    ) -> Self {
        let (processes, incomplete): (Vec<_>, Vec<_>) = now.into_iter().map(ProcessView::new).unzip();
        let ever = ever.into_iter().map(|choice| ProcessView::new(choice).0).collect();
        let incomplete = incomplete.contains(&true);
        Self { inventory, asked, factors, id, product, request, processes, ever, incomplete }
    }

    /// Every flow that counts in the period.
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'_, 'a>> {
        self.processes.iter().flat_map(ProcessView::lines)
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
            about: Subject::new(self.id.clone(), self.request.period, statements.into_iter().collect()),
            sentence,
            remedy: remedy.into(),
        }
    }
}
