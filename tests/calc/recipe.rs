//! Whether a recipe can be worked out from published figures, by somebody who guesses the factors
//! and that amounts are round.

use pcf_ledger::model::{Category, Co2e, RoundedFigures, Stage};
use pcf_testing::inventory::{Ledger, flow};
use serde_json::json;

/// Factors as a guesser would know them, kg CO2e, with the amounts of a made product.
const FLOWS: [(&str, &str, i128); 3] =
    [("grid", "0.5777", 4_230), ("gas", "2.02135", 1_870), ("steel", "1.8513", 2_640)];
/// Kilograms of product.
const OUTPUT: i128 = 1_000;

/// The figures of a product of the first flows.
fn figures(flows: usize) -> pcf_ledger::model::Figures {
    let mut ledger = Ledger::new();
    ledger.product("p", json!({}));
    let mut used = Vec::new();
    for (name, kg, amount) in &FLOWS[..flows] {
        ledger.factor(name, "kg", kg);
        used.push(flow(&amount.to_string(), "kg", name));
    }
    ledger.made("p", &OUTPUT.to_string(), json!(used));
    ledger.footprint("p").figures
}

/// Every recipe of round amounts, tens up to 10,000, of the first flows; the last amount is solved
/// for.
fn recipes(flows: usize, fits: &dyn Fn(Co2e) -> bool) -> usize {
    let quanta = |kg: &str| kg.parse::<Co2e>().unwrap().quanta();
    let factors: Vec<i128> = FLOWS[..flows].iter().map(|(_, kg, _)| quanta(kg)).collect();
    let step = if flows == 2 { 10 } else { 110 };
    let mut found = 0;
    let mut amounts = vec![0; flows];
    loop {
        let sum: i128 = amounts.iter().zip(&factors).map(|(amount, factor)| amount * factor).sum();
        if sum % OUTPUT == 0 {
            found += usize::from(fits(Co2e::from_quanta(sum / OUTPUT).unwrap()));
        }
        let Some(next) = amounts.iter().position(|amount| *amount + step <= 10_000) else { return found };
        amounts[..next].fill(0);
        amounts[next] += step;
    }
}

#[test]
fn rounded_figures_fit_a_hundred_recipes_and_exact_ones_a_single_recipe() {
    for flows in [2, 3] {
        let exact = figures(flows);
        let rounded = RoundedFigures::of(&exact, true).unwrap();
        // Every public figure is a constraint: the total, the category and the stage.
        let cells = [
            rounded.gate.excluding_uptake,
            rounded.gate.including_uptake,
            rounded.gate.categories[Category::Fossil],
            rounded.stages.iter().find(|s| s.stage == Stage::Production).unwrap().figures.excluding_uptake,
        ];
        let left = recipes(flows, &|kg| cells.iter().all(|cell| cell.holds(kg)));
        assert!(left >= 100, "{left} recipes of {flows} flows");
    }
    let exact = figures(2).gate.excluding_uptake;
    assert_eq!(recipes(2, &|kg| kg == exact), 1, "control: the exact figure gives the recipe away");
}
