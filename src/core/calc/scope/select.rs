//! The statements of one product, process by process, and what is wrong with them: outputs and
//! flows stated twice, periods partly inside, processes that are not listed or have no data,
//! readings without a production.

use std::collections::{BTreeMap, BTreeSet};

use super::gathered::{Candidate, Gathered, Of};
use super::sharing::Productions;
use super::{Half, InScope, is_asked, of, of_header, twice};
use crate::calc::lower::Catalogue;
use crate::calc::{CalcError, Held};
use crate::model::{Activity, ActivityHeader, Period, Product, ProductId, Served, Stage, Text, is_same_name};

/// How many periods a sentence names.
const PERIODS_NAMED_MAX: usize = 3;

/// How much of a statement's flows a product takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::calc) enum Part {
    /// The share of one of its own outputs.
    Output(u32),
    /// All of a reading.
    Whole,
    /// What the productions that a reading concerns take by their keys.
    Shared,
}

/// An output whose units count.
#[derive(Debug, Clone, Copy)]
pub(in crate::calc) struct Made {
    pub(in crate::calc) activity: u32,
    pub(in crate::calc) output: u32,
    /// It was measured inside the period.
    pub(in crate::calc) measured: bool,
}

/// The statements of one unit process that count.
#[derive(Debug)]
pub(in crate::calc) struct Selected<'a> {
    pub(in crate::calc) stage: Stage,
    pub(in crate::calc) process: &'a Text,
    /// Statements whose flows count, by place in the inventory.
    pub(in crate::calc) uses: Vec<(u32, Part)>,
    pub(in crate::calc) made: Vec<Made>,
    pub(in crate::calc) units: UnitsOf,
}

/// Whose units a process is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum UnitsOf {
    /// Its own, which are compared with those of other processes.
    Own,
    /// Those of the process that the product statement names.
    Other,
    /// Those of a bill of materials, which are compared with nothing.
    Recipe,
}

/// A product with its statements, for one half of its life.
pub(in crate::calc) struct Selector<'c, 'a> {
    pub(in crate::calc) catalogue: &'c Catalogue<'a>,
    pub(in crate::calc) number: usize,
    pub(in crate::calc) id: &'a ProductId,
    pub(in crate::calc) product: &'a Product,
    /// Only this batch.
    pub(in crate::calc) batch: Option<&'a Text>,
}

type Key<'a> = (Stage, &'a Text);

impl<'a> Selector<'_, 'a> {
    /// The processes with their statements, by stage and name; what is wrong goes to `errors`, what
    /// a reader must know to `notes`.
    pub(in crate::calc) fn select(
        &self,
        half: Half,
        errors: &mut Vec<CalcError>,
        notes: &mut BTreeSet<String>,
    ) -> Vec<Selected<'a>> {
        let mut listed: BTreeMap<Key<'a>, Gathered<'a>> = BTreeMap::new();
        for process in self.product.processes.iter().filter(|p| half.holds(self.product, p.stage)) {
            listed.insert((process.stage, &process.name), Gathered::default());
        }
        let mut partial = self.redacted(half, errors);
        for entry in self.catalogue.entries(self.number) {
            let Some(held) = self.catalogue.activities.get(entry.activity as usize) else {
                continue;
            };
            let activity = &held.statement;
            if !half.holds(self.product, activity.stage) {
                continue;
            }
            match listed.get_mut(&(activity.stage, &activity.process)) {
                Some(gathered) => gathered.take(self.catalogue, self.catalogue.request, *entry),
                None if of(activity, self.catalogue.request) == InScope::Out => {}
                None => errors.push(self.unlisted(held)),
            }
        }
        for ((stage, process), gathered) in &mut listed {
            let of = Of { product: self.id, stage: *stage, process };
            gathered.settle(of, self.catalogue.request.period, errors, notes);
            if self.take_out_partial(gathered, errors) {
                partial.insert((*stage, process));
            }
        }
        let mut selected = Vec::with_capacity(listed.len());
        for (key @ (stage, process), gathered) in &listed {
            if gathered.is_empty() {
                if half.needs_data() && !partial.contains(key) {
                    errors.push(self.no_data(*stage, process));
                }
                continue;
            }
            let made = match self.product.process(*stage, process).and_then(|p| p.units_of.as_ref()) {
                None => gathered.productions.clone(),
                Some(of) => {
                    errors.extend(gathered.productions.first().map(|own| self.own_outputs(own, of)));
                    listed.get(&(*stage, of)).map(|other| other.productions.clone()).unwrap_or_default()
                }
            };
            let of = Of { product: self.id, stage: *stage, process };
            let (rows, faults) = (selected.len(), errors.len());
            self.process(of, gathered, made, &mut selected, (errors, notes));
            if selected.len() == rows && errors.len() == faults && half.needs_data() {
                errors.push(self.no_data(*stage, process));
            }
        }
        selected
    }

    /// One process from its statements in scope and the productions whose units it has.
    fn process(
        &self,
        of: Of<'a>,
        gathered: &Gathered<'a>,
        mut made: Vec<Candidate<'a>>,
        selected: &mut Vec<Selected<'a>>,
        (errors, notes): (&mut Vec<CalcError>, &mut BTreeSet<String>),
    ) {
        let everywhere = made.clone();
        self.keep_batch(of, &mut made, notes);
        let units: Vec<Candidate<'a>> = made.iter().copied().filter(|c| c.units).collect();
        twice::outputs(of, &units, errors);
        let own = self.product.process(of.stage, of.process).is_none_or(|p| p.units_of.is_none());
        let mut counted: Vec<Candidate<'a>> = made.iter().copied().filter(|c| own && c.flows).collect();
        let part = |c: &Candidate<'_>| (c.entry.activity, Part::Output(c.entry.output.unwrap_or_default()));
        let mut uses: Vec<(u32, Part)> = counted.iter().map(part).collect();
        for reading in gathered.readings.iter().filter(|c| c.flows) {
            if self.is_other_batch(reading.held.statement.batch.as_ref()) {
                continue;
            }
            counted.push(*reading);
            let meets =
                |c: &&Candidate<'_>| c.inside == InScope::Measured && c.units && c.place.meets(reading.place);
            let part = self.part_of(reading);
            // One that is shared may be for products made elsewhere.
            if part == Part::Whole && !everywhere.iter().any(|c| meets(&c)) {
                errors.push(self.without_production(of, reading));
                continue;
            }
            uses.push((reading.entry.activity, part));
        }
        twice::flows(self.catalogue, of, &counted, errors);
        let made_of = |c: &Candidate<'_>| {
            let measured = c.inside == InScope::Measured;
            c.entry.output.map(|output| Made { activity: c.entry.activity, output, measured })
        };
        if !uses.is_empty() || (own && !units.is_empty()) {
            let made = units.iter().filter_map(made_of).collect();
            selected.push(Selected {
                stage: of.stage,
                process: of.process,
                uses,
                made,
                units: if own { UnitsOf::Own } else { UnitsOf::Other },
            });
        }
        let recipes: Vec<Candidate<'a>> = gathered
            .recipes
            .iter()
            .copied()
            .filter(|c| !self.is_other_batch(c.held.statement.batch.as_ref()))
            .collect();
        if !recipes.is_empty() {
            twice::outputs(of, &recipes, errors);
            let made = recipes.iter().filter_map(made_of).collect();
            let uses = recipes.iter().map(part).collect();
            selected.push(Selected {
                stage: of.stage,
                process: of.process,
                uses,
                made,
                units: UnitsOf::Recipe,
            });
        }
    }

    /// A reading of one product counts for it whole, unless a batch is asked for that it does not
    /// name.
    fn part_of(&self, reading: &Candidate<'_>) -> Part {
        let said = &reading.held.statement;
        let whole =
            matches!(said.r#for[..], [Served::Product(_)]) && (self.batch.is_none() || said.batch.is_some());
        if whole { Part::Whole } else { Part::Shared }
    }

    /// Says which statements lie partly inside the days asked for, and takes them out; true where
    /// there are some.
    fn take_out_partial(&self, gathered: &mut Gathered<'a>, errors: &mut Vec<CalcError>) -> bool {
        let mut found = false;
        for list in [&mut gathered.productions, &mut gathered.readings, &mut gathered.recipes] {
            list.retain(|candidate| {
                let InScope::Partial(period) = candidate.inside else { return true };
                if !self.is_other_batch(candidate.held.statement.batch.as_ref()) {
                    errors.push(partial(self.id, candidate.held, period, self.catalogue.request.period));
                    found = true;
                }
                false
            });
        }
        found
    }

    /// Says which statements that count were redacted; the processes of which that is all that is
    /// wrong.
    fn redacted(&self, half: Half, errors: &mut Vec<CalcError>) -> BTreeSet<Key<'a>> {
        let mut of = BTreeSet::new();
        for held in self.catalogue.redacted(self.number) {
            let said = &held.statement;
            if half.holds(self.product, said.stage)
                && !self.is_other_batch(said.batch.as_ref())
                && let Some(error) = redacted(self.id, held, self.catalogue)
            {
                of.insert((said.stage, &said.process));
                errors.push(error);
            }
        }
        of
    }

    fn is_other_batch(&self, batch: Option<&Text>) -> bool {
        self.batch.zip(batch).is_some_and(|(asked, named)| !is_same_name(asked.as_str(), named.as_str()))
    }

    /// With a batch asked for: its statements, and those of no batch where a process has none of
    /// it.
    fn keep_batch(&self, of: Of<'a>, made: &mut Vec<Candidate<'a>>, notes: &mut BTreeSet<String>) {
        let Some(batch) = self.batch else { return };
        let number = Some(self.catalogue.places.batch(batch));
        if made.iter().any(|c| c.place.batch == number) {
            made.retain(|c| c.place.batch == number);
            return;
        }
        made.retain(|c| c.place.batch.is_none());
        if !made.is_empty() {
            let Of { stage, process, .. } = of;
            notes.insert(format!(
                "{stage} process `{process}`: no statement of batch `{batch}`; those that name no batch count"
            ));
        }
    }

    fn unlisted(&self, held: &Held<Activity>) -> CalcError {
        CalcError::UnlistedProcess {
            statement: held.id,
            product: self.id.clone(),
            stage: held.statement.stage,
            process: held.statement.process.clone(),
        }
    }

    fn own_outputs(&self, own: &Candidate<'_>, of: &Text) -> CalcError {
        CalcError::OwnOutputs {
            product: self.id.clone(),
            process: own.held.statement.process.clone(),
            statement: own.held.id,
            units_of: of.clone(),
        }
    }

    fn without_production(&self, of: Of<'a>, reading: &Candidate<'_>) -> CalcError {
        let said = &reading.held.statement;
        let names = said.flows.first().map(|flow| flow.name.clone());
        CalcError::ReadingWithoutProduction {
            statement: reading.held.id,
            flow: names.unwrap_or_else(|| of.process.clone()),
            period: said.period,
            product: self.id.clone(),
            stage: of.stage,
            process: of.process.clone(),
            asked: self.catalogue.request.period,
        }
    }

    fn no_data(&self, stage: Stage, process: &Text) -> CalcError {
        let activities = &self.catalogue.activities;
        let of_process: Vec<&Activity> = (self.catalogue.entries(self.number).iter())
            .filter_map(|e| activities.get(e.activity as usize).map(|a| &a.statement))
            .filter(|a| a.stage == stage && a.process == *process)
            .collect();
        let scenarios: BTreeSet<&Text> = of_process
            .iter()
            .filter_map(|a| a.scenario.as_ref())
            .filter(|scenario| !is_asked(scenario, self.catalogue.request))
            .collect();
        let hint = if of_process.is_empty() {
            "; no statement of it has been recorded".to_owned()
        } else if let Some(other) = scenarios.first() {
            format!("; it has statements of other scenarios, such as `{other}`: ask for one")
        } else if of_process.iter().any(|a| self.is_other_batch(a.batch.as_ref())) {
            "; it has statements of other batches".to_owned()
        } else {
            // A few of them, the newest, tell what to ask for.
            let periods: BTreeSet<Period> = of_process.iter().map(|a| a.period).collect();
            let newest = periods.iter().rev().take(PERIODS_NAMED_MAX);
            let named: Vec<String> = newest.map(ToString::to_string).collect();
            let more = if periods.len() > named.len() { " and earlier" } else { "" };
            format!("; it has statements of {}{more}", named.join(", "))
        };
        let (product, process, period) = (self.id.clone(), process.clone(), self.catalogue.request.period);
        CalcError::NoData { product, stage, process, period, hint }
    }
}

/// A statement that lies partly inside the days asked for.
pub(super) fn partial(
    product: &ProductId,
    held: &Held<Activity>,
    period: Period,
    asked: Period,
) -> CalcError {
    let edges = [asked.start(), asked.end()].into_iter();
    let split_at = edges.filter(|day| held.statement.is_divisible() && period.is_split_by(*day)).collect();
    CalcError::PartialPeriod { statement: held.id, product: product.clone(), period, asked, split_at }
}

/// A redacted statement that counts.
pub(super) fn redacted(
    product: &ProductId,
    held: &Held<ActivityHeader>,
    catalogue: &Catalogue<'_>,
) -> Option<CalcError> {
    let said = &held.statement;
    (of_header(said, catalogue.request) != InScope::Out).then(|| CalcError::Redacted {
        statement: held.id,
        product: product.clone(),
        stage: said.stage,
        process: said.process.clone(),
        period: said.applies_to.unwrap_or(said.period),
    })
}

/// The productions of one process of a product that readings may be shared among.
pub(super) fn productions<'a>(catalogue: &Catalogue<'a>, number: usize, of: Of<'a>) -> Productions<'a> {
    let mut gathered = Gathered::default();
    for entry in catalogue.entries(number).iter().filter(|entry| entry.output.is_some()) {
        let Some(held) = catalogue.activities.get(entry.activity as usize) else { continue };
        if held.statement.stage == of.stage && held.statement.process == *of.process {
            gathered.take(catalogue, catalogue.request, *entry);
        }
    }
    // What only applies takes no part, so it does not matter here which of it is the newest.
    gathered.settle(of, catalogue.request.period, &mut Vec::new(), &mut BTreeSet::new());
    let (mut made, mut faults) = (gathered.productions, Vec::new());
    made.retain(|candidate| {
        if let InScope::Partial(period) = candidate.inside
            && candidate.units
        {
            let fault = partial(of.product, candidate.held, period, catalogue.request.period);
            faults.push((candidate.place, fault));
        }
        candidate.inside == InScope::Measured && candidate.units
    });
    for held in catalogue.redacted(number) {
        let said = &held.statement;
        if said.stage == of.stage && said.process == *of.process && !said.outputs.is_empty() {
            let place = catalogue.places.of_header(said);
            faults.extend(redacted(of.product, held, catalogue).map(|fault| (place, fault)));
        }
    }
    Productions { made, faults }
}
