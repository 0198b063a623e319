//! How uncertain a footprint is: to first order, and by Monte Carlo.

use std::num::NonZeroUsize;

use pcf_ledger::calc::uncertainty::{FirstOrder, Plan, Spread, first_order};
use pcf_ledger::calc::{Chain, Inventory, Request};
use pcf_ledger::model::{Co2e, Decimal, ProductId};
use serde::Serialize;

use crate::DeskError;
use crate::sampling::monte_carlo;

/// How many causes of the variance are told.
const CAUSES_MAX: usize = 10;

/// What is asked about the uncertainty of a footprint; by default nothing.
#[derive(Debug, Clone, Default)]
pub struct SpreadAsked {
    /// To first order, with the causes.
    pub first_order: bool,
    /// By Monte Carlo.
    pub draws: Option<Plan>,
    /// Another product, by id or name, that is drawn together with this one.
    pub against: Option<String>,
}

/// How uncertain a footprint is, as far as that was asked.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SpreadReport {
    /// That it is not known, because no flow and no factor states an uncertainty; then nothing is
    /// drawn.
    #[serde(rename = "uncertaintyNotKnown", skip_serializing_if = "std::ops::Not::not")]
    pub not_known: bool,
    /// To first order, with the ten largest causes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uncertainty: Option<FirstOrder>,
    /// By Monte Carlo.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub monte_carlo: Option<Drawn>,
}

/// What the draws of a footprint show.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Drawn {
    /// How many draws.
    pub iterations: u32,
    /// The seed, as text: a number in JSON may lose digits.
    pub seed: String,
    /// Their distribution.
    #[serde(flatten)]
    pub spread: Spread,
    /// The comparison with the other product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<Against>,
}

/// Two products drawn together.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Against {
    /// The other product.
    pub product: ProductId,
    /// Its median.
    pub median_kg_co2e: Co2e,
    /// In how many percent of the draws the asked product lies below it.
    pub below_percent: Decimal,
}

/// Calculates what is asked about the uncertainty of a product, the first of the two; nothing where
/// nothing is.
pub(super) fn spread(
    inventory: &Inventory,
    (product, other): (&ProductId, Option<&ProductId>),
    request: &Request,
    asked: &SpreadAsked,
) -> Result<SpreadReport, DeskError> {
    let mut report = SpreadReport { not_known: false, uncertainty: None, monte_carlo: None };
    if !asked.first_order && asked.draws.is_none() {
        return Ok(report);
    }
    let both: Vec<&ProductId> = std::iter::once(product).chain(other).collect();
    let chain = Chain::of(inventory, &both, request)?;
    let mut found = first_order(&chain.trace(product)?)?;
    report.not_known = found.causes.is_empty();
    if asked.first_order {
        found.causes.truncate(CAUSES_MAX);
        report.uncertainty = Some(found);
    }
    // What nothing is known of would be drawn as exact.
    if let Some(plan) = asked.draws.as_ref().filter(|_| !report.not_known) {
        let threads = std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
        let draws = monte_carlo(&chain, plan, threads)?;
        let spread = draws.spread(product)?;
        let against = |other: &ProductId| -> Result<Against, DeskError> {
            Ok(Against {
                product: other.clone(),
                median_kg_co2e: draws.spread(other)?.median,
                below_percent: draws.below(product, other)?,
            })
        };
        report.monte_carlo = Some(Drawn {
            iterations: plan.iterations,
            seed: plan.seed.to_string(),
            spread,
            against: other.map(against).transpose()?,
        });
    }
    Ok(report)
}
