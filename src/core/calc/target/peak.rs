//! The peak of absolute emissions: the highest year, and whether it may be called one yet. It knows
//! years and figures, nothing else.

use serde::Serialize;

use crate::model::{Co2e, Year};

/// How many later years must lie below the highest before it is called the peak.
pub const YEARS_BELOW: i16 = 5;

/// Whether the highest year is a peak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum PeakStatus {
    /// The five years after it are all stated and lie below it.
    Peaked,
    /// Later years lie below it, fewer than five in a row.
    Provisional,
    /// The newest year is the highest.
    NotPeaked,
}

impl PeakStatus {
    /// As it is printed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Peaked => "peaked",
            Self::Provisional => "provisional",
            Self::NotPeaked => "not peaked",
        }
    }
}

/// The year with the highest absolute emissions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Peak {
    /// The year; of equal ones the last.
    pub year: Year,
    /// Its emissions, kg CO2e.
    pub emissions: Co2e,
    /// Whether it is a peak.
    pub status: PeakStatus,
}

/// Finds the peak of years in order; `None` without years.
pub(super) fn find(years: &[(Year, Co2e)]) -> Option<Peak> {
    // Of equal years `max_by_key` gives the last, so that every later one lies below it.
    let (year, emissions) = *years.iter().max_by_key(|(_, emissions)| *emissions)?;
    let stated = |wanted: i16| years.iter().any(|(other, _)| other.as_i16() == wanted);
    let following = (1..=YEARS_BELOW).all(|n| stated(year.as_i16().saturating_add(n)));
    let status = match years.last() {
        Some((last, _)) if *last == year => PeakStatus::NotPeaked,
        _ if following => PeakStatus::Peaked,
        _ => PeakStatus::Provisional,
    };
    Some(Peak { year, emissions, status })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(years: &[(&str, &str)]) -> (String, PeakStatus) {
        let read = |(year, kg): &(&str, &str)| (year.parse().unwrap(), kg.parse().unwrap());
        let peak = find(&years.iter().map(read).collect::<Vec<_>>()).unwrap();
        (peak.year.to_string(), peak.status)
    }

    #[test]
    fn a_peak_needs_five_later_years_below_it() {
        let mut years = vec![("2019", "90"), ("2020", "100")];
        assert_eq!(status(&years), ("2020".into(), PeakStatus::NotPeaked));
        for (n, later) in [("2021", "99"), ("2022", "98"), ("2023", "97"), ("2024", "99"), ("2025", "80")]
            .into_iter()
            .enumerate()
        {
            years.push(later);
            let expected = if n == 4 { PeakStatus::Peaked } else { PeakStatus::Provisional };
            assert_eq!(status(&years), ("2020".into(), expected), "{later:?}");
        }
    }

    #[test]
    fn a_year_nobody_stated_keeps_the_peak_provisional() {
        let years =
            [("2020", "100"), ("2021", "9"), ("2022", "9"), ("2024", "9"), ("2025", "9"), ("2026", "9")];
        assert_eq!(status(&years), ("2020".into(), PeakStatus::Provisional));
    }

    #[test]
    fn of_equal_years_the_last_is_the_highest_so_that_no_later_one_equals_it() {
        assert_eq!(status(&[("2020", "5"), ("2021", "4"), ("2022", "5")]).1, PeakStatus::NotPeaked);
    }
}
