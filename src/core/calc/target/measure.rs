//! Decreases in percent, the yearly decrease behind a goal, and what came of the goal. Exact up to
//! the printed digit; no float.

use serde::Serialize;

use super::{TargetError, TargetRequest, TargetYear, WHAT};
use crate::model::wide::{Wide, narrow, power_of_ten, product, quotient};
use crate::model::{Decimal, ValueError, Year};

/// What a goal is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Measure {
    /// Energy per value added, as the industrial plan has it.
    Energy,
    /// Emissions per value added.
    Emissions,
}

/// A decrease of intensity to be reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Goal {
    /// Of what.
    pub measure: Measure,
    /// Decrease since the base year, above 0 and below 100.
    pub percent: Decimal,
    /// By the end of this year.
    pub year: Year,
}

/// How it stands with a goal or a benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum GoalStatus {
    /// The goal's year is stated and the decrease reached.
    Met,
    /// The goal's year is stated and the decrease not reached.
    Missed,
    /// Before the goal's year, at least as far as equal yearly steps would be.
    OnPath,
    /// Before the goal's year, behind equal yearly steps.
    BehindPath,
    /// What it takes is not stated.
    Unknown,
}

impl GoalStatus {
    /// As it is printed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::OnPath => "on path",
            Self::BehindPath => "behind path",
            Self::Unknown => "unknown",
        }
    }
}

/// What came of a goal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct GoalState {
    /// Of what.
    pub measure: Measure,
    /// The decrease asked, percent.
    pub percent: Decimal,
    /// By when.
    pub year: Year,
    /// The same as equal yearly steps, percent a year.
    pub percent_a_year: Decimal,
    /// The year that is judged: the goal's, or the newest before it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub judged_year: Option<Year>,
    /// What equal yearly steps ask by then, percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_by_then: Option<Decimal>,
    /// What was reached by then, percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reached: Option<Decimal>,
    /// The answer.
    pub status: GoalStatus,
    /// Whether the decrease is at least the society's own; unknown where that is not given.
    pub against_benchmark: GoalStatus,
    /// The society's own decrease, percent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub benchmark: Option<Decimal>,
}

pub(super) fn judge(
    years: &[TargetYear],
    request: &TargetRequest<'_>,
    goal: Goal,
) -> Result<GoalState, TargetError> {
    let span = goal.year.as_i16() - request.base_year.as_i16(); // OK because a year has four digits.
    let span = u32::try_from(span).ok().filter(|span| *span > 0);
    let span = span.ok_or(TargetError::GoalYear { base: request.base_year, year: goal.year })?;
    let hundred = Decimal::from_i32(100);
    if !goal.percent.is_positive() || goal.percent >= hundred {
        return Err(TargetError::GoalPercent { got: goal.percent });
    }
    let newest = years.iter().rfind(|y| y.year > request.base_year && y.year <= goal.year);
    let reached = newest.and_then(|y| match goal.measure {
        Measure::Energy => y.energy_intensity_decrease,
        Measure::Emissions => y.emission_intensity_decrease,
    });
    let asked_by_then = match newest {
        Some(y) if y.year == goal.year => Some(goal.percent),
        Some(y) => {
            let after = u32::try_from(y.year.as_i16() - request.base_year.as_i16()).unwrap_or(0);
            let left = power(root(left_over(goal.percent)?, span)?, after)?;
            Some(as_percent(one()? - left)?) // OK because both are at most 1.
        }
        None => None,
    };
    let status = match (newest, reached, asked_by_then) {
        (Some(y), Some(reached), Some(asked)) => match (y.year == goal.year, reached >= asked) {
            (true, true) => GoalStatus::Met,
            (true, false) => GoalStatus::Missed,
            (false, true) => GoalStatus::OnPath,
            (false, false) => GoalStatus::BehindPath,
        },
        _ => GoalStatus::Unknown,
    };
    let against_benchmark = match (reached, request.benchmark) {
        (Some(reached), Some(benchmark)) if reached >= benchmark => GoalStatus::Met,
        (Some(_), Some(_)) => GoalStatus::Missed,
        _ => GoalStatus::Unknown,
    };
    Ok(GoalState {
        measure: goal.measure,
        percent: goal.percent,
        year: goal.year,
        percent_a_year: yearly_decrease_percent(goal.percent, span)?,
        judged_year: newest.map(|y| y.year),
        asked_by_then,
        reached,
        status,
        against_benchmark,
        benchmark: request.benchmark,
    })
}

/// `1 - (a_t / b_t) / (a_base / b_base)` in percent, rounded once to six digits; `None` where a
/// divisor is not above zero.
pub(super) fn decrease_percent(
    (now, base): (Wide, Wide),
    (per_now, per_base): (Wide, Wide),
) -> Result<Option<Decimal>, ValueError> {
    if base <= 0 || per_now <= 0 || per_base <= 0 {
        return Ok(None);
    }
    let asked = product(per_now, base, WHAT)?;
    let left = product(now, per_base, WHAT)?;
    let less = asked.checked_sub(left).ok_or(ValueError::Overflow { what: WHAT })?;
    let millionths = quotient(product(less, Wide::new(100_000_000), WHAT)?, asked, WHAT)?;
    Decimal::from_quanta(narrow(product(millionths, Wide::new(1_000_000), WHAT)?, WHAT)?).map(Some)
}

/// Fractional digits of shares of 1 while a root is taken.
const ROOT_SCALE: u32 = 30;

fn one() -> Result<Wide, ValueError> {
    power_of_ten(ROOT_SCALE)
}

/// `1 - percent / 100` at 1e-30.
fn left_over(percent: Decimal) -> Result<Wide, ValueError> {
    let part = product(Wide::new(percent.quanta()), power_of_ten(ROOT_SCALE - Decimal::SCALE - 2)?, WHAT)?;
    Ok(one()? - part) // OK because the percentage was checked to be below 100.
}

fn as_percent(share: Wide) -> Result<Decimal, ValueError> {
    let millionths = quotient(share, power_of_ten(ROOT_SCALE - 8)?, WHAT)?;
    Decimal::from_quanta(narrow(product(millionths, Wide::new(1_000_000), WHAT)?, WHAT)?)
}

fn power(base: Wide, exponent: u32) -> Result<Wide, ValueError> {
    let mut result = one()?;
    for _ in 0..exponent {
        result = quotient(product(result, base, WHAT)?, one()?, WHAT)?;
    }
    Ok(result)
}

/// The largest number of 1e-30 whose power does not exceed `share`, by halving.
fn root(share: Wide, degree: u32) -> Result<Wide, ValueError> {
    let (mut low, mut high) = (Wide::ZERO, one()?);
    while high - low > 1 {
        let middle = (low + high) / 2;
        if power(middle, degree)? <= share { low = middle } else { high = middle }
    }
    Ok(low)
}

/// The decrease a year that, over so many years, makes the whole decrease; in percent, to six
/// digits.
///
/// # Errors
/// [`ValueError::Overflow`] for a percentage of 100 or more.
///
/// ```
/// use pcf_core::calc::target::yearly_decrease_percent;
/// // The industrial plan: 13.5 % from 2020 to 2025.
/// assert_eq!(yearly_decrease_percent("13.5".parse()?, 5)?.to_string(), "2.858854");
/// assert!(yearly_decrease_percent("100".parse()?, 5).is_err());
/// # Ok::<(), pcf_core::model::ValueError>(())
/// ```
pub fn yearly_decrease_percent(percent: Decimal, years: u32) -> Result<Decimal, ValueError> {
    if years == 0 || percent >= Decimal::from_i32(100) {
        return Err(ValueError::Overflow { what: WHAT });
    }
    as_percent(one()? - root(left_over(percent)?, years)?)
}
