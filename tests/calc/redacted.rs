//! A calculation that needs a redacted statement stops and names it; every other figure keeps its
//! digits.

use pcf_ledger::calc::{CalcError, CalcErrors, Change, Held, Inventory, footprint, footprints, reached};
use pcf_ledger::model::{Header, StatementId};
use pcf_testing::header_of;
use pcf_testing::inventory::{Ledger, flow, id, input, with, year};
use proptest::prelude::*;
use serde_json::json;

use crate::properties::{layered, seeds};

/// The inventory with one activity, or one factor, redacted.
fn without(inventory: &Inventory, target: StatementId) -> Inventory {
    let mut left = inventory.clone();
    if let Some(at) = left.activities.iter().position(|held| held.id == target) {
        let held = left.activities.remove(at);
        let Header::Activity(statement) = header_of(&held.statement.into()) else { unreachable!() };
        left.redacted.activities.push(Held { id: target, statement });
    } else {
        let factor = left.factors.iter().find(|(_, held)| held.id == target).unwrap().0.clone();
        left.factors.remove(&factor);
        left.redacted.factors.insert(factor, target);
    }
    left
}

fn refusal(inventory: &Inventory, product: &str) -> CalcErrors {
    footprint(inventory, &id(product), &year()).unwrap_err()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn exactly_what_is_reached_stops_and_the_rest_keeps_its_digits(
        seed in seeds(), which in any::<prop::sample::Index>(), of_factor in any::<bool>(),
    ) {
        let whole = layered(&seed).inventory;
        let target = if of_factor {
            whole.factors.values().next().unwrap().id
        } else {
            whole.activities[which.index(whole.activities.len())].id
        };
        let reached = reached(&whole, &target);
        let left = without(&whole, target);
        let (before, after) = (footprints(&whole, &year()).unwrap(), footprints(&left, &year()).unwrap());
        for (product, figures) in &after {
            if !reached.contains(product) {
                prop_assert_eq!(figures, &before[product]);
                continue;
            }
            prop_assert!(figures.is_err(), "{} is reached and has figures", product);
            if before[product].is_ok() {
                let errors = footprint(&left, product, &year()).unwrap_err();
                prop_assert!(errors.are_redactions(), "{}", errors);
                prop_assert!(errors.to_string().contains(&target.to_string()));
            }
        }
        let mut ended = left;
        ended.apply([Change::Ends(target)]);
        prop_assert!(ended.redacted.activities.is_empty() && ended.redacted.factors.is_empty());
    }
}

fn shop() -> Ledger {
    let mut ledger = Ledger::new();
    ledger.product("p", json!({})).factor("f", "kg", "1");
    ledger
}

#[test]
fn period_scenario_batch_and_stage_of_what_is_redacted_still_count() {
    let output = json!([{"product": id("p"), "amount": "1", "unit": "piece"}]);
    let base = json!({"flows": [flow("1", "kg", "f")], "outputs": output});
    let period = |start: &str, end: &str| json!({"period": {"start": start, "end": end}});
    let mut ledger = shop();
    ledger.activity(base.clone());
    let bare = ledger.clone();
    let asked = |changes: serde_json::Value| {
        let mut ledger = bare.clone();
        let target = ledger.activity(with(base.clone(), changes));
        without(&ledger.inventory, target)
    };
    // What would not have counted stops nothing.
    for outside in [period("2024-01-01", "2025-01-01"), json!({"scenario": "worst"})] {
        let left = asked(outside.clone());
        assert!(footprint(&left, &id("p"), &year()).is_ok(), "{outside}");
    }
    for inside in
        [period("2025-04-01", "2025-07-01"), period("2024-07-01", "2025-07-01"), json!({"batch": "B"})]
    {
        let errors = refusal(&asked(inside.clone()), "p");
        assert!(errors.are_redactions(), "{inside}: {errors}");
        assert_eq!(errors.errors().len(), 1);
    }
    // What comes after the gate stops the product's own footprint and not that of who buys it.
    let mut ledger = ledger.clone();
    ledger.product("buyer", json!({}));
    ledger.made("buyer", "1", json!([input("1", "piece", "p")]));
    let target = ledger.activity(with(base.clone(), json!({"stage": "use"})));
    let left = without(&ledger.inventory, target);
    assert!(refusal(&left, "p").are_redactions());
    assert!(footprint(&left, &id("buyer"), &year()).is_ok());
    let mut batch = year();
    batch.batch = Some("A".parse().unwrap());
    assert!(footprint(&asked(json!({"batch": "B"})), &id("p"), &batch).is_ok(), "another batch");
    batch.batch = Some("B".parse().unwrap());
    assert!(footprint(&asked(json!({"batch": "B"})), &id("p"), &batch).is_err());
}

#[test]
fn a_published_footprint_does_not_stand_in_for_what_was_redacted() {
    // It is data that is gone, not data that nobody had: with the publication other statements would be used than before.
    let mut ledger = shop();
    ledger.product("q", json!({}));
    let target = ledger.made("q", "1", json!([flow("2", "kg", "f")]));
    ledger.made("p", "1", json!([input("1", "piece", "q")]));
    let left = without(&ledger.inventory, target);
    let errors = refusal(&left, "p");
    assert!(
        matches!(errors.errors(), [CalcError::Redacted { product, .. }] if *product == id("q")),
        "{errors}"
    );
}
