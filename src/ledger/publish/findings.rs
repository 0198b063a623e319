//! What the plausibility rules find before a publication, in the product and in the products that it
//! is made of, and which of it the publisher stands by. Judges nothing itself.

use std::collections::{BTreeMap, BTreeSet};

use super::{Order, PublishError};
use crate::calc::{self, ContributionSource, Footprint, Inventory, Request};
use crate::model::{Accepted, Boundary, Co2e, Decimal, ProductId, Text};
use crate::plausibility::{self, Finding, LeftOut};

/// An input passes its findings on where it makes more than this part of the figure to the gate.
const PASSED_ON_PERCENT: i128 = 5;

/// The whole of a figure, in the parts that shares of it are counted in.
const WHOLE: i128 = 1_000_000;

/// A finding that a publisher stands by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// The finding's id, or its first characters.
    pub finding: String,
    /// What is left out, in kg CO2e per declared unit: needed where the finding says that something
    /// is.
    pub estimate: Option<Co2e>,
    /// Why the figures stand.
    pub reason: Text,
}

/// Everything that the rules find, notes too. That an earlier publication says something else is why
/// there is a new one.
pub(super) fn found(
    inventory: &Inventory,
    product: &ProductId,
    footprint: &Footprint,
    order: &Order,
    gap_percent_max: Decimal,
) -> Vec<Finding> {
    let check = |product: &ProductId, request: Request| {
        let asked = plausibility::Asked {
            products: Some(BTreeSet::from([product.clone()])),
            request: Some(request),
            gap_percent_max: Some(gap_percent_max),
            ..order.known.clone()
        };
        plausibility::check(inventory, &asked).findings
    };
    let mut found = check(product, order.request.clone());
    let request = Request { boundary: Some(Boundary::Gate), batch: None, ..order.request.clone() };
    for input in weighty_inputs(inventory, product, footprint, &request) {
        found.extend(check(&input, request.clone()));
    }
    found.retain(|finding| finding.rule != "publication-behind");
    let mut seen = BTreeSet::new();
    found.retain(|finding| seen.insert(finding.id()));
    found
}

/// The products of the ledger that make more than [`PASSED_ON_PERCENT`] of the figure to the gate,
/// also through others.
fn weighty_inputs(
    inventory: &Inventory,
    product: &ProductId,
    footprint: &Footprint,
    request: &Request,
) -> BTreeSet<ProductId> {
    let mut weighty = BTreeSet::new();
    let mut open = vec![(product.clone(), WHOLE, None::<Footprint>)];
    while let Some((of, weight, calculated)) = open.pop() {
        let calculated = calculated.as_ref().unwrap_or(footprint);
        for (input, share) in shares(inventory, &of, calculated) {
            let weight = weight.saturating_mul(share) / WHOLE; // OK because WHOLE is not zero.
            let enough = weight.saturating_mul(100) > WHOLE * PASSED_ON_PERCENT;
            if !enough || input == *product || !weighty.insert(input.clone()) {
                continue;
            }
            // What stops the calculation of an input stops that of the product.
            if let Ok(footprint) = calc::footprint(inventory, &input, request) {
                open.push((input, weight, Some(footprint)));
            }
        }
    }
    weighty
}

/// How much each input of a product makes of its figure to the gate, in parts of [`WHOLE`].
fn shares(inventory: &Inventory, product: &ProductId, footprint: &Footprint) -> BTreeMap<ProductId, i128> {
    let design = inventory.products.get(product).is_some_and(|held| held.statement.design_at_gate);
    let gate = footprint.figures.gate.excluding_uptake.quanta().abs().max(1);
    let mut kg: BTreeMap<ProductId, i128> = BTreeMap::new();
    for contribution in &footprint.contributions {
        let stage = contribution.stage;
        let counts = stage.is_before_gate() || (design && stage == crate::model::Stage::Design);
        if let (ContributionSource::Product { product, .. }, true) = (&contribution.source, counts) {
            // OK because a mass of CO2e is below 10^33 quanta, and so are a million of them.
            *kg.entry(product.clone()).or_default() += contribution.excluding_uptake.quanta().abs();
        }
    }
    kg.into_iter().map(|(product, kg)| (product, kg.saturating_mul(WHOLE) / gate)).collect()
}

/// The findings that are accepted, each named by what its id begins with.
///
/// # Errors
/// [`PublishError::Accepted`] where an id names none or several; [`PublishError::Estimate`] where an
/// estimate is missing, or nothing is left out that could be estimated.
pub(super) fn accepted(findings: &[Finding], asked: &[Acceptance]) -> Result<Vec<Accepted>, PublishError> {
    let mut accepted: Vec<Accepted> = Vec::with_capacity(asked.len());
    for acceptance in asked {
        let begins = |finding: &&Finding| finding.id().to_string().starts_with(&acceptance.finding);
        let mut named = findings.iter().filter(begins);
        let (Some(finding), None) = (named.next(), named.next()) else {
            let weighty = findings.iter().filter(|finding| finding.weighs());
            let ids: Vec<String> = weighty.map(Finding::short_id).collect();
            let found = if ids.is_empty() { "nothing".to_owned() } else { ids.join(", ") };
            return Err(PublishError::Accepted { finding: acceptance.finding.clone(), found });
        };
        accepted.push(Accepted {
            estimate: estimate(finding, acceptance)?,
            finding: finding.id(),
            reason: acceptance.reason.clone(),
            rule: finding.rule.parse()?,
            sentence: finding.sentence.parse()?,
        });
    }
    accepted.sort_by_key(|accepted| accepted.finding);
    accepted.dedup_by_key(|accepted| accepted.finding);
    Ok(accepted)
}

/// What an accepted finding leaves out, where it leaves something out.
fn estimate(finding: &Finding, acceptance: &Acceptance) -> Result<Option<Co2e>, PublishError> {
    let problem = match (finding.about.left_out, acceptance.estimate) {
        (LeftOut::Nothing, None) => return Ok(None),
        (LeftOut::Unknown | LeftOut::About(_), Some(kg)) if kg.quanta() >= 0 => return Ok(Some(kg)),
        (LeftOut::Nothing, Some(_)) => "leaves nothing out, so it takes no estimate".to_owned(),
        (_, Some(kg)) => format!("expected an estimate of at least 0 kg, got {kg}"),
        (LeftOut::About(kg), None) => format!(
            "leaves something out; by its own mean {kg} kg CO2e per declared unit: --accept {}:{kg}='reason'",
            finding.short_id()
        ),
        (LeftOut::Unknown, None) => format!(
            "leaves something out; estimate it in kg CO2e per declared unit: --accept {}:KG='reason'",
            finding.short_id()
        ),
    };
    Err(PublishError::Estimate { finding: finding.short_id(), problem })
}
