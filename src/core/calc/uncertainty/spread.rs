//! What a sample of draws says: quantiles, mean, geometric standard deviation.

use serde::Serialize;

use super::shown::{co2e, decimal};
use crate::model::{Co2e, Decimal, ValueError};

/// A distribution as its draws show it; every figure to 6 digits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Spread {
    /// 2.5 % of the draws lie below, kg CO2e per declared unit.
    #[serde(rename = "lowKgCo2e")]
    pub low: Co2e,
    /// Half of the draws lie below.
    #[serde(rename = "medianKgCo2e")]
    pub median: Co2e,
    /// 97.5 % of the draws lie below.
    #[serde(rename = "highKgCo2e")]
    pub high: Co2e,
    /// The arithmetic mean.
    #[serde(rename = "meanKgCo2e")]
    pub mean: Co2e,
    /// Geometric standard deviation; none where a draw is not above zero.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gsd: Option<Decimal>,
}

impl Spread {
    /// Of at least one draw, in kg.
    pub(super) fn of(draws: &[f64]) -> Result<Self, ValueError> {
        let mut sorted = draws.to_vec();
        sorted.sort_by(f64::total_cmp);
        let positive = sorted.first().is_some_and(|least| *least > 0.0);
        let gsd = if positive { Some(decimal(gsd(draws))?) } else { None };
        Ok(Self {
            low: co2e(quantile(&sorted, 0.025))?,
            median: co2e(quantile(&sorted, 0.5))?,
            high: co2e(quantile(&sorted, 0.975))?,
            mean: co2e(mean(draws))?,
            gsd,
        })
    }
}

/// Linear between the two nearest of the sorted draws, at `p (n - 1)` (Hyndman & Fan 1996, type 7).
fn quantile(sorted: &[f64], p: f64) -> f64 {
    let at = p * (sorted.len().saturating_sub(1)) as f64;
    let floor = libm::floor(at);
    #[allow(clippy::cast_possible_truncation, reason = "it lies between 0 and the length")]
    let below = floor as usize; // OK because it lies between 0 and the length.
    let low = sorted.get(below).copied().unwrap_or(f64::NAN);
    let high = sorted.get(below + 1).copied().unwrap_or(low);
    low + (high - low) * (at - floor)
}

fn mean(draws: &[f64]) -> f64 {
    draws.iter().fold(0.0, |sum, draw| sum + draw) / draws.len() as f64
}

/// Of the logarithms, with n - 1; 1 for a single draw.
fn gsd(draws: &[f64]) -> f64 {
    let logs: Vec<f64> = draws.iter().map(|draw| libm::log(*draw)).collect();
    let mean = mean(&logs);
    let squares = logs.iter().fold(0.0, |sum, log| sum + (log - mean) * (log - mean));
    libm::exp(libm::sqrt(squares / (logs.len().saturating_sub(1).max(1)) as f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_lie_between_the_nearest_draws() {
        let draws: Vec<f64> = (0..=40).rev().map(f64::from).collect();
        let spread = Spread::of(&draws).unwrap();
        let texts = [&spread.low, &spread.median, &spread.high, &spread.mean].map(ToString::to_string);
        assert_eq!(texts, ["1", "20", "39", "20"]);
        assert_eq!(spread.gsd, None, "a draw of zero has no logarithm");
    }

    #[test]
    fn the_geometric_deviation_is_that_of_the_logarithms() {
        // Logs 0 and ln 4: mean ln 2, deviation ln 2 * sqrt 2.
        let spread = Spread::of(&[1.0, 4.0]).unwrap();
        assert_eq!(spread.gsd.unwrap().to_string(), "2.66514");
        assert_eq!(Spread::of(&[3.0]).unwrap().gsd.unwrap().to_string(), "1");
    }
}
