//! Data by month: for each process to the gate in which something was made, the months whose output
//! and readings are known. For people who look for the bill that is missing.

use serde::Serialize;

use super::set::Days;
use super::{Basis, Place, Read, Series, places, site_named};
use crate::model::{Date, Period, Stage, Text};
use crate::plausibility::view::View;

/// How many months are shown at most.
const MONTHS_MAX: usize = 36;

/// How much of a month is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Known {
    /// Every day, measured.
    Measured,
    /// Every day, some of them estimated or left out with an estimate.
    Estimated,
    /// Some days.
    Part,
    /// No day.
    Nothing,
}

/// The months of one thing: output, electricity, or another flow of energy or emission.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct MonthRow {
    /// The stage.
    pub stage: Stage,
    /// The unit process.
    pub process: Text,
    /// The site, where it names one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub site: Option<Text>,
    /// `output`, `electricity`, or the flow's name.
    pub what: String,
    /// Month by month.
    pub months: Vec<Known>,
}

/// The months of a period with what is known of each; empty where the period has more than 36.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Months {
    /// Each month, as far as it lies in the period.
    pub months: Vec<Period>,
    /// Output first, then readings, process by process.
    pub rows: Vec<MonthRow>,
}

impl Months {
    pub(in crate::plausibility) fn of(view: &View<'_>) -> Self {
        let months = months(view.request.period);
        if months.is_empty() {
            return Self::default();
        }
        let mut rows = Vec::new();
        for place in places(view) {
            let row = |what: String, known| MonthRow {
                stage: place.process.stage,
                process: place.process.name.clone(),
                site: site_named(&place),
                what,
                months: known,
            };
            rows.push(row("output".to_owned(), output(&place, &months)));
            for (of, read) in &place.series {
                let what = match of {
                    Series::Electricity => "electricity".to_owned(),
                    Series::Named(_) => read.name.to_owned(),
                };
                rows.push(row(what, reading(read, &months)));
            }
        }
        Self { months, rows }
    }
}

fn output(place: &Place<'_, '_>, months: &[Period]) -> Vec<Known> {
    months.iter().map(|month| known(*month, &place.made, &place.made)).collect()
}

fn reading(read: &Read<'_>, months: &[Period]) -> Vec<Known> {
    let all = read.days(|_| true);
    let measured = read.days(|basis| basis == Basis::Measured);
    months.iter().map(|month| known(*month, &all, &measured)).collect()
}

fn known(month: Period, all: &Days, measured: &Days) -> Known {
    let days = Days::from_iter([month]);
    let (covered, read) = (days.and(all).count(), days.and(measured).count());
    match covered {
        0 => Known::Nothing,
        covered if covered < days.count() => Known::Part,
        _ if read < days.count() => Known::Estimated,
        _ => Known::Measured,
    }
}

/// The calendar months of a period, the first and the last as far as they lie in it.
fn months(period: Period) -> Vec<Period> {
    let mut months = Vec::new();
    let mut start = period.start();
    while start < period.end() {
        let Some(next) = first_of_next(start) else { break };
        let Ok(month) = Period::new(start, next.min(period.end())) else { break };
        if months.len() == MONTHS_MAX {
            return Vec::new();
        }
        months.push(month);
        start = next;
    }
    months
}

fn first_of_next(day: Date) -> Option<Date> {
    let (year, month) = (day.year(), day.month());
    match month {
        12 => Date::new(year.checked_add(1)?, 1, 1).ok(),
        month => Date::new(year, month.checked_add(1)?, 1).ok(),
    }
}
