//! Biogenic carbon that nearly balances at the gate, as suppliers round it, and that should be gone
//! over the whole life.

use super::amounts::percent;
use super::{Finding, Severity, Subject};
use crate::calc::carbon::{Miss, NOTE_PERCENT, carbon_held, carbon_miss};
use crate::calc::{Inventory, Request};
use crate::model::wide::Wide;
use crate::model::{Category, Co2e, FigureSet, Figures, ProductId};

/// How far release and uptake over a whole life may lie apart, in percent of the uptake.
const LIFE_PERCENT: i128 = 5;

pub(super) fn look(
    inventory: &Inventory,
    product: &ProductId,
    request: &Request,
    figures: &Figures,
    findings: &mut Vec<Finding>,
) {
    let Some(held) = inventory.products.get(product) else { return };
    let found = |severity, sentence: String, remedy: &str| Finding {
        rule: "biogenic-balance",
        severity,
        about: Subject::new(product.clone(), request.period, vec![held.id]),
        sentence,
        remedy: remedy.to_owned(),
    };
    let carbon = carbon_held(&held.statement);
    if let Some(carbon) = carbon {
        let balance = balance(&figures.gate);
        let severity = match carbon_miss(carbon, balance) {
            Miss::Nothing | Miss::Far => None, // What is far stops the calculation.
            Miss::Percent(NOTE_PERCENT) => Some(Severity::Note),
            Miss::Percent(_) => Some(Severity::Attention),
        };
        if let Some(severity) = severity {
            findings.push(found(severity, at_gate(carbon, balance), "state uptake and carbon content with more digits, or correct the one that is wrong, and record with --correct"));
        }
    }
    let Some(grave) = &figures.grave else { return };
    let (left, taken) = (balance(grave), grave.categories[Category::BiogenicUptake].quanta().abs());
    // OK because both are below 10^33.
    let largest = taken.max(grave.categories[Category::BiogenicReleased].quanta().abs());
    if left.abs() * 100 > largest * LIFE_PERCENT {
        let sentence = format!(
            "over the whole life {} kg of biogenic CO2 are taken up and {} kg released; what grew in a product leaves it at the end of its life",
            kg(taken),
            grave.categories[Category::BiogenicReleased],
        );
        findings.push(found(Severity::Attention, sentence, "state what burning or rotting at the end of life releases as a flow of kind emission with the source gas:CO2_biogenic, or correct the uptake; record with --correct"));
    }
}

/// Uptake and release together, in 1e-15 kg.
fn balance(set: &FigureSet) -> i128 {
    // OK because both are below 10^33.
    set.categories[Category::BiogenicUptake].quanta() + set.categories[Category::BiogenicReleased].quanta()
}

fn kg(quanta: i128) -> String {
    Co2e::from_quanta(quanta).map(|kg| kg.to_string()).unwrap_or_default()
}

fn at_gate(carbon: i128, balance: i128) -> String {
    // 12 parts of carbon make 44 of CO2. OK because both are below 10^33.
    let (expected, difference) = (44 * carbon / 12, (44 * carbon + 12 * balance) / 12);
    format!(
        "{} kg of biogenic CO2 are in the product at the gate, and its biogenic carbon of {} kg asks for {} kg (44/12): {} kg or {} % apart",
        kg(-balance),
        kg(carbon),
        kg(expected),
        kg(difference.abs()),
        percent(Wide::new(difference.abs()), Wide::new(expected.abs().max(1))),
    )
}
