//! The statements of one product, process by process, and what is wrong with them: overlaps,
//! periods partly inside, processes that are not listed or have no data.

use std::collections::{BTreeMap, BTreeSet};

use super::{Entry, Half, InScope, of, of_kept};
use crate::calc::{CalcError, Held, Request};
use crate::model::{Activity, Date, KeptActivity, Period, Product, ProductId, Stage, StatementId, Text};

/// How many periods a sentence names.
const PERIODS_NAMED_MAX: usize = 3;

/// The statements of one unit process that count.
#[derive(Debug)]
pub(in crate::calc) struct Selected<'a> {
    pub(in crate::calc) stage: Stage,
    pub(in crate::calc) process: &'a Text,
    /// Each with whether it was measured inside the period.
    pub(in crate::calc) entries: Vec<(Entry, bool)>,
}

/// A product with its statements, for one half of its life.
pub(in crate::calc) struct Selector<'a> {
    pub(in crate::calc) id: &'a ProductId,
    pub(in crate::calc) product: &'a Product,
    pub(in crate::calc) activities: &'a [Held<Activity>],
    pub(in crate::calc) request: &'a Request,
    /// Only this batch.
    pub(in crate::calc) batch: Option<&'a Text>,
    /// Activities of the product that were redacted.
    pub(in crate::calc) redacted: Vec<&'a Held<KeptActivity>>,
}

type Key<'a> = (Stage, &'a Text);

impl<'a> Selector<'a> {
    /// The processes with their statements, by stage and name; what is wrong goes to `errors`, what
    /// a reader must know to `notes`.
    pub(in crate::calc) fn select(
        &self,
        entries: &[Entry],
        half: Half,
        errors: &mut Vec<CalcError>,
        notes: &mut BTreeSet<String>,
    ) -> Vec<Selected<'a>> {
        let mut listed: BTreeMap<Key<'a>, Vec<(Entry, bool)>> = BTreeMap::new();
        for process in self.product.processes.iter().filter(|p| half.holds(self.product, p.stage)) {
            listed.insert((process.stage, &process.name), Vec::new());
        }
        let mut partial = self.redacted(half, errors);
        for entry in entries {
            let Some(held) = self.activities.get(entry.activity) else { continue };
            let activity = &held.statement;
            if !half.holds(self.product, activity.stage) {
                continue;
            }
            let key = (activity.stage, &activity.process);
            let inside = of(activity, self.request);
            if inside == InScope::Out {
                continue;
            }
            let Some(kept) = listed.get_mut(&key) else {
                errors.push(self.unlisted(held));
                continue;
            };
            match inside {
                InScope::Partial(_) if self.other_batch(activity) => {}
                InScope::Partial(period) => {
                    partial.insert(key);
                    errors.push(self.partial(held, period));
                }
                _ => kept.push((*entry, inside == InScope::Measured)),
            }
        }
        let mut selected = Vec::with_capacity(listed.len());
        for ((stage, process), mut kept) in listed {
            self.keep_batch(stage, process, &mut kept, notes);
            if kept.is_empty() && half.needs_data() && !partial.contains(&(stage, process)) {
                errors.push(self.no_data(entries, stage, process));
            }
            self.check_overlaps(&kept, errors);
            if !kept.is_empty() {
                selected.push(Selected { stage, process, entries: kept });
            }
        }
        selected
    }

    /// Says which statements that count were redacted; the processes of which that is all that is
    /// wrong.
    fn redacted(&self, half: Half, errors: &mut Vec<CalcError>) -> BTreeSet<Key<'a>> {
        let mut of = BTreeSet::new();
        for held in &self.redacted {
            let said = &held.statement;
            let other_batch = self.is_other_batch(said.batch.as_ref());
            let counts = half.holds(self.product, said.stage) && !other_batch;
            if !counts || of_kept(said, self.request) == InScope::Out {
                continue;
            }
            of.insert((said.stage, &said.process));
            errors.push(CalcError::Redacted {
                statement: held.id,
                product: self.id.clone(),
                stage: said.stage,
                process: said.process.clone(),
                period: said.applies_to.unwrap_or(said.period),
            });
        }
        of
    }

    fn other_batch(&self, activity: &Activity) -> bool {
        self.is_other_batch(activity.batch.as_ref())
    }

    fn is_other_batch(&self, batch: Option<&Text>) -> bool {
        self.batch.is_some() && batch.is_some() && batch != self.batch
    }

    /// With a batch asked for: its statements, and those of no batch where a process has none of
    /// it.
    fn keep_batch(
        &self,
        stage: Stage,
        process: &Text,
        kept: &mut Vec<(Entry, bool)>,
        notes: &mut BTreeSet<String>,
    ) {
        let Some(batch) = self.batch else { return };
        let of = |entry: &Entry| self.activities.get(entry.activity).and_then(|a| a.statement.batch.as_ref());
        if kept.iter().any(|(entry, _)| of(entry) == Some(batch)) {
            kept.retain(|(entry, _)| of(entry) == Some(batch));
            return;
        }
        kept.retain(|(entry, _)| of(entry).is_none());
        if !kept.is_empty() {
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

    fn partial(&self, held: &Held<Activity>, period: Period) -> CalcError {
        let (product, asked) = (self.id.clone(), self.request.period);
        CalcError::PartialPeriod { statement: held.id, product, period, asked }
    }

    fn no_data(&self, entries: &[Entry], stage: Stage, process: &Text) -> CalcError {
        let of_process: Vec<&Activity> = entries
            .iter()
            .filter_map(|e| self.activities.get(e.activity).map(|a| &a.statement))
            .filter(|a| a.stage == stage && a.process == *process)
            .collect();
        let scenarios: BTreeSet<&Text> = of_process
            .iter()
            .filter(|a| a.scenario != self.request.scenario)
            .filter_map(|a| a.scenario.as_ref())
            .collect();
        let hint = if of_process.is_empty() {
            "; no statement of it has been recorded".to_owned()
        } else if let Some(other) = scenarios.first() {
            format!("; it has statements of other scenarios, such as `{other}`: ask for one")
        } else if self.batch.is_some() && of_process.iter().any(|a| self.other_batch(a)) {
            "; it has statements of other batches".to_owned()
        } else {
            // A few of them, the newest, tell what to ask for.
            let periods: BTreeSet<Period> = of_process.iter().map(|a| a.period).collect();
            let newest = periods.iter().rev().take(PERIODS_NAMED_MAX);
            let named: Vec<String> = newest.map(ToString::to_string).collect();
            let more = if periods.len() > named.len() { " and earlier" } else { "" };
            format!("; it has statements of {}{more}", named.join(", "))
        };
        let (product, process, period) = (self.id.clone(), process.clone(), self.request.period);
        CalcError::NoData { product, stage, process, period, hint }
    }

    /// First guard: no two statements of one site, batch and scenario may overlap in time.
    fn check_overlaps(&self, kept: &[(Entry, bool)], errors: &mut Vec<CalcError>) {
        type Place<'t> = (Option<&'t Text>, Option<&'t Text>, Option<&'t Text>, Date, Date, StatementId);
        let mut places: Vec<(Place, &Held<Activity>)> = kept
            .iter()
            .filter_map(|(entry, _)| self.activities.get(entry.activity))
            .map(|held| {
                let a = &held.statement;
                let site = a.site.as_ref().map(|s| &s.name);
                let (batch, scenario) = (a.batch.as_ref(), a.scenario.as_ref());
                ((site, batch, scenario, a.period.start(), a.period.end(), held.id), held)
            })
            .collect();
        places.sort_by(|a, b| a.0.cmp(&b.0));
        let mut longest: Option<&(Place, &Held<Activity>)> = None;
        for place in &places {
            let same = longest.filter(|l| (l.0.0, l.0.1, l.0.2) == (place.0.0, place.0.1, place.0.2));
            match same {
                Some((_, before)) if before.id == place.1.id => {
                    let product = self.id.clone();
                    errors.push(CalcError::OutputTwice { statement: before.id, product });
                }
                Some((_, before)) if before.statement.period.overlaps(place.1.statement.period) => {
                    errors.push(self.overlap(before, place.1));
                }
                _ => {}
            }
            if same.is_none_or(|l| l.0.4 < place.0.4) {
                longest = Some(place);
            }
        }
    }

    fn overlap(&self, first: &Held<Activity>, second: &Held<Activity>) -> CalcError {
        CalcError::OverlappingPeriods {
            product: self.id.clone(),
            stage: first.statement.stage,
            process: first.statement.process.clone(),
            first: first.id,
            first_period: first.statement.period,
            second: second.id,
            second_period: second.statement.period,
        }
    }
}
