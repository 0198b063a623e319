//! Activities of an import that days divide: their parts take their place, and what was split is
//! kept for the report. It divides no amount itself and appends nothing.

use std::collections::BTreeSet;

use pcf_ledger::codec::digest::Sha256Bytes;
use pcf_ledger::model::{Activity, Amount, Date, FlowSource, Period, Statement, StatementId};
use pcf_ledger::store::Store;
use serde::Serialize;

use super::sentences::Sentences;
use super::taking::Import;
use super::{Place, Sourced};
use crate::DeskError;

/// Why an import is not split by days; nothing was appended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SplitError {
    /// Rows that days do not divide.
    #[error("{sentences}")]
    Indivisible {
        /// One line a row.
        sentences: String,
    },
    /// Rows that were recorded whole before.
    #[error("{sentences}")]
    WholeStands {
        /// One line a row.
        sentences: String,
        /// The first of the statements that stand.
        first: StatementId,
    },
    /// Rows of which parts were recorded before.
    #[error("{sentences}")]
    PartsStand {
        /// One line a row.
        sentences: String,
        /// The first of the parts that stand.
        first: StatementId,
    },
    /// Days that divide no activity.
    #[error("no activity of these files has days before and from {}; nothing was appended", listed(days))]
    NothingToSplit {
        /// The days.
        days: Vec<Date>,
    },
}

fn listed(days: &[Date]) -> String {
    days.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// An activity of which parts were recorded, or would be.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SplitRow {
    /// Its file and row.
    pub place: String,
    /// Its days.
    pub period: Period,
    /// The days of its parts.
    pub parts: Vec<Period>,
    /// What was divided.
    pub amounts: Vec<SplitAmount>,
}

/// An amount that was divided by days.
#[derive(Debug, Serialize)]
pub struct SplitAmount {
    /// The flow, or the product that was made.
    pub name: String,
    /// Its unit.
    pub unit: String,
    /// The whole amount.
    pub whole: String,
    /// What each part has of it; they add up to the whole.
    pub parts: Vec<String>,
}

/// Splits the activities of an import at days.
pub struct Splitter<'a> {
    days: &'a [Date],
    /// Days that divided something.
    used: BTreeSet<Date>,
    refused: Sentences,
    /// Activities that were recorded whole before.
    standing: Sentences,
    first_standing: Option<StatementId>,
    rows: Vec<SplitRow>,
}

impl<'a> Splitter<'a> {
    /// Splits at these days; none leaves everything as it is.
    pub fn new(days: &'a [Date]) -> Self {
        let (refused, standing) = (Sentences::default(), Sentences::default());
        Self { days, used: BTreeSet::new(), refused, standing, first_standing: None, rows: Vec::new() }
    }

    /// Hands a statement on to the import, in parts where a day divides it.
    pub fn take<S: Store>(
        &mut self,
        import: &mut Import<'_, S>,
        statement: Statement,
        subject: Sha256Bytes,
        place: Place,
    ) -> Result<(), DeskError> {
        let Statement::Activity(whole) = &statement else { return import.take(statement, subject, place) };
        let inside: Vec<Date> =
            self.days.iter().copied().filter(|day| whole.period.is_split_by(*day)).collect();
        if inside.is_empty() {
            return import.take(statement, subject, place);
        }
        self.used.extend(&inside);
        let parts = match whole.split_at(&inside) {
            Ok(parts) => parts,
            Err(problem) => {
                self.refused.push(|| format!("{place}: {problem}; nothing was appended"));
                return Ok(());
            }
        };
        let (complete, sealed_subject) = import.complete(statement.clone())?;
        let Statement::Activity(complete) = &complete else { return Ok(()) };
        if let Some(live) = import.live(statement.kind(), sealed_subject)? {
            self.first_standing.get_or_insert(live);
            self.standing.push(|| {
                format!("{place}: all of {} is recorded already, in {live}, and its parts would count twice beside it; nothing was appended, withdraw it first", whole.period)
            });
            return Ok(());
        }
        let mut others = import.parts_of(complete, sealed_subject)?;
        others.retain(|(_, period)| parts.iter().all(|part| part.period != *period));
        if !others.is_empty() {
            import.refuse_whole(&place, whole, &others);
            return Ok(());
        }
        self.rows.push(SplitRow::new(&place, whole, &parts));
        for part in parts {
            import.take_sourced(Sourced { statement: part.into(), place: place.clone() })?;
        }
        Ok(())
    }

    /// What was split, once everything was taken.
    ///
    /// # Errors
    /// [`SplitError`] where something was not split, and for days that divide nothing.
    pub fn finish(self) -> Result<Vec<SplitRow>, SplitError> {
        if let Some(sentences) = self.refused.joined() {
            return Err(SplitError::Indivisible { sentences });
        }
        if let Some((sentences, first)) = self.standing.joined().zip(self.first_standing) {
            return Err(SplitError::WholeStands { sentences, first });
        }
        let idle: Vec<Date> = self.days.iter().copied().filter(|day| !self.used.contains(day)).collect();
        if !idle.is_empty() {
            return Err(SplitError::NothingToSplit { days: idle });
        }
        Ok(self.rows)
    }
}

impl SplitRow {
    fn new(place: &Place, whole: &Activity, parts: &[Activity]) -> Self {
        let amounts = spelt(whole).into_iter().enumerate().map(|(at, (name, whole, unit))| {
            let of = |part: &Activity| spelt(part).into_iter().nth(at).map(|(_, amount, _)| amount);
            SplitAmount { name, unit, whole, parts: parts.iter().filter_map(of).collect() }
        });
        Self {
            place: place.to_string(),
            period: whole.period,
            amounts: amounts.collect(),
            parts: parts.iter().map(|part| part.period).collect(),
        }
    }
}

/// Name, amount and unit of everything in an activity that days divide, in its order.
fn spelt(activity: &Activity) -> Vec<(String, String, String)> {
    let mut all = Vec::new();
    for output in &activity.outputs {
        all.push((output.product.to_string(), output.amount.to_string(), output.unit.to_string()));
        for (key, amount) in &output.keys {
            all.push((format!("{} of {}", key, output.product), amount.to_string(), String::new()));
        }
        let value = output.value.iter();
        all.extend(
            value.map(|value| (format!("value of {}", output.product), value.to_string(), String::new())),
        );
    }
    for flow in &activity.flows {
        let name = flow.name.to_string();
        match &flow.amount {
            Some(Amount::Given(q)) => all.push((name.clone(), q.amount.to_string(), q.unit.to_string())),
            Some(Amount::Of([q, _])) => all.push((name.clone(), q.amount.to_string(), q.unit.to_string())),
            None => {}
        }
        if let FlowSource::Excluded { estimate, .. } = &flow.source {
            all.push((format!("estimate of {name}"), estimate.to_string(), "kg CO2e".to_owned()));
        }
    }
    all
}
