//! Sets of days: spans that neither overlap nor touch.

use crate::model::{Instant, Period};

const DAY_S: i64 = 86_400;

/// Days, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Days(Vec<(i64, i64)>);

/// The first day of a period and the first after it, counted from 1970.
fn span(period: Period) -> (i64, i64) {
    let day = |date| Instant::at_start_of(date).unix_s().div_euclid(DAY_S);
    (day(period.start()), day(period.end()))
}

fn period((from, to): (i64, i64)) -> Option<Period> {
    let date = |day: i64| Instant::from_unix_s(day * DAY_S).map(Instant::date); // OK because it was a date.
    Period::new(date(from).ok()?, date(to).ok()?).ok()
}

impl FromIterator<Period> for Days {
    fn from_iter<I: IntoIterator<Item = Period>>(periods: I) -> Self {
        let mut spans: Vec<(i64, i64)> = periods.into_iter().map(span).collect();
        spans.sort_unstable();
        let mut days: Vec<(i64, i64)> = Vec::new();
        for (from, to) in spans {
            match days.last_mut().filter(|last| from <= last.1) {
                Some(last) => last.1 = last.1.max(to),
                None => days.push((from, to)),
            }
        }
        Self(days)
    }
}

impl Days {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn count(&self) -> i64 {
        self.0.iter().map(|(from, to)| to - from).sum()
    }

    /// These days without those.
    pub(super) fn minus(&self, other: &Self) -> Self {
        let mut left = Vec::new();
        for (mut from, to) in self.0.iter().copied() {
            for &(start, end) in other.0.iter() {
                if start >= to || end <= from {
                    continue;
                }
                if start > from {
                    left.push((from, start));
                }
                from = from.max(end);
            }
            if from < to {
                left.push((from, to));
            }
        }
        Self(left)
    }

    /// The days in both.
    pub(super) fn and(&self, other: &Self) -> Self {
        self.minus(&self.minus(other))
    }

    /// Each span of neighbouring days.
    pub(super) fn periods(&self) -> impl Iterator<Item = Period> {
        self.0.iter().copied().filter_map(period)
    }

    /// From the first day to the last; none where there is no day.
    pub(super) fn hull(&self) -> Option<Period> {
        period((self.0.first()?.0, self.0.last()?.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(texts: &[&str]) -> Days {
        texts.iter().map(|text| text.parse::<Period>().unwrap()).collect()
    }

    #[test]
    fn days_are_joined_taken_out_and_met() {
        let year = days(&["2025"]);
        let months = days(&["2025-01", "2025-02", "2025-06", "2025-05-20..2025-06-10"]);
        assert_eq!(months.periods().count(), 2);
        assert_eq!(months.count(), 31 + 28 + 12 + 30);
        let left = year.minus(&months);
        assert_eq!(left.count() + months.count(), 365);
        assert_eq!(
            left.periods().map(|p| p.to_string()).collect::<Vec<_>>(),
            ["2025-03-01..2025-05-20", "2025-07-01..2026-01-01"]
        );
        assert_eq!(year.and(&months), months);
        assert_eq!(months.minus(&year), Days::default());
        assert_eq!(months.hull().unwrap().to_string(), "2025-01-01..2025-07-01");
    }
}
