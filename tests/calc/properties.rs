//! Order, splitting and units do not change a figure; amounts scale it; time and errors grow with
//! the size of the graph, not faster.

use std::time::Duration;

use pcf_ledger::calc::{CalcError, footprints};
use pcf_testing::inventory::{Ledger, flow, id, input, year};
use pcf_testing::tools::processor_time;
use proptest::prelude::*;
use serde_json::{Value, json};

/// Random products in layers; a product consumes only earlier ones.
pub fn layered(seed: &[(u8, u8, u32, u32)]) -> Ledger {
    let mut ledger = Ledger::new();
    ledger.factor("f", "kg", "1.234567");
    for (i, (from, shared, amount, pieces)) in seed.iter().enumerate() {
        let name = format!("n{i:03}");
        ledger.product(&name, json!({"massPerDeclaredUnit": "0.7"}));
        let mut flows = vec![flow(&format!("{amount}"), "kg", "f")];
        if i > 0 {
            flows.push(input(&(amount / 7).to_string(), "piece", &format!("n{:03}", usize::from(*from) % i)));
        }
        let mut outputs = vec![json!({"product": id(&name), "amount": pieces.to_string(), "unit": "piece"})];
        if i > 1 && shared % 3 == 0 {
            // A statement in common with an earlier product that does not consume this one.
            outputs.push(json!({"product": id("side"), "amount": "3", "unit": "piece"}));
        }
        let site = json!({"name": format!("site {i}")});
        ledger.activity(json!({"allocation": "mass", "outputs": outputs, "flows": flows, "site": site}));
    }
    ledger.product("side", json!({"massPerDeclaredUnit": "1.1"}));
    ledger
}

pub fn seeds() -> impl Strategy<Value = Vec<(u8, u8, u32, u32)>> {
    prop::collection::vec((any::<u8>(), any::<u8>(), 0_u32..100_000, 1_u32..1_000), 2..24)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn the_order_of_statements_does_not_matter(seed in seeds(), swap in any::<prop::sample::Index>()) {
        let ledger = layered(&seed);
        let mut other = ledger.clone();
        other.inventory.activities.reverse();
        let middle = swap.index(other.inventory.activities.len());
        other.inventory.activities.rotate_left(middle);
        for product in ledger.inventory.products.keys() {
            let one = pcf_ledger::calc::footprint(&ledger.inventory, product, &year());
            prop_assert_eq!(one, pcf_ledger::calc::footprint(&other.inventory, product, &year()));
        }
    }

    #[test]
    fn one_product_has_the_digits_it_has_among_all(seed in seeds()) {
        let ledger = layered(&seed);
        for (product, figures) in footprints(&ledger.inventory, &year()).unwrap() {
            match pcf_ledger::calc::footprint(&ledger.inventory, &product, &year()) {
                Ok(alone) => prop_assert_eq!(Ok(alone.figures), figures),
                Err(_) => prop_assert!(figures.is_err()),
            }
        }
    }

    #[test]
    fn contributions_sum_to_the_footprint(seed in seeds()) {
        let ledger = layered(&seed);
        let footprint = ledger.footprint("n001");
        let sum: i128 = footprint.contributions.iter().map(|c| c.excluding_uptake.quanta()).sum();
        let exact = footprint.figures.gate.excluding_uptake.quanta();
        let count = i128::try_from(footprint.contributions.len()).unwrap();
        prop_assert!((sum - exact).abs() <= count, "each is rounded by itself: {sum} {exact}");
    }

    #[test]
    fn splitting_a_statement_by_period_changes_nothing(kg in 0_u32..1_000_000, pieces in 2_u32..10_000, at in 1_u32..100) {
        let run = |parts: &[(&str, &str, u32, u32)]| {
            let mut ledger = Ledger::new();
            ledger.product("p", json!({})).factor("f", "kg", "0.123456789012");
            for (start, end, kg, pieces) in parts {
                ledger.activity(json!({"period": {"start": start, "end": end}, "flows": [flow(&kg.to_string(), "kg", "f")],
                    "outputs": [{"product": id("p"), "amount": pieces.to_string(), "unit": "piece"}]}));
            }
            ledger.footprint("p").figures
        };
        let (first, made) = (kg * at / 100, 1 + (pieces - 2) * at / 100);
        let whole = run(&[("2025-01-01", "2026-01-01", kg, pieces)]);
        let split = run(&[("2025-01-01", "2025-05-01", first, made), ("2025-05-01", "2026-01-01", kg - first, pieces - made)]);
        prop_assert_eq!(whole, split);
    }

    #[test]
    fn scaling_flows_and_output_together_changes_nothing(kg in 1_u32..1_000_000, pieces in 1_u32..10_000, times in 1_u32..1_000) {
        let run = |kg: u32, pieces: u32| {
            let mut ledger = Ledger::new();
            ledger.product("p", json!({})).factor("f", "kg", "0.123456789012");
            ledger.made("p", &pieces.to_string(), json!([flow(&kg.to_string(), "kg", "f")]));
            ledger.gate("p")
        };
        prop_assert_eq!(run(kg, pieces), run(kg * times, pieces * times));
    }

    #[test]
    fn more_output_of_the_same_flows_makes_each_contribution_smaller_by_as_much(
        flows in prop::collection::vec(0_u32..1_000_000, 1..6), pieces in 1_u32..10_000, times in 1_u32..1_000,
    ) {
        let run = |pieces: u32| {
            let mut ledger = Ledger::new();
            ledger.product("p", json!({})).factor("f", "kg", "0.123456789012");
            let flows: Vec<Value> = flows.iter().map(|kg| flow(&kg.to_string(), "kg", "f")).collect();
            ledger.made("p", &pieces.to_string(), json!(flows));
            let mut all = ledger.footprint("p").contributions;
            all.sort_by_key(|c| c.flow);
            all.into_iter().map(|c| c.excluding_uptake.quanta()).collect::<Vec<_>>()
        };
        let times_more = i128::from(times);
        for (one, many) in run(pieces).into_iter().zip(run(pieces * times)) {
            // Each is rounded by itself, by half of one.
            prop_assert!((one - times_more * many).abs() <= times_more, "{one} {many}");
        }
    }

    #[test]
    fn what_is_allocated_is_what_was_emitted(
        outputs in prop::collection::vec((1_u64..100_000, 1_u64..1_000_000_000, 1_u64..5_000, 1_u64..12), 2..9),
        method in prop::sample::select(vec!["mass", "pieces", "energy", "price", "key"]), kg in 0_u64..10_000_000_000,
    ) {
        let mut ledger = Ledger::new();
        ledger.factor("f", "kg", "0.123456789012");
        let (mut made, mut units) = (Vec::new(), Vec::new());
        for (i, (pieces, key, grams, per)) in outputs.iter().enumerate() {
            let name = format!("n{i:03}");
            let mass = format!("{}.{:03}", grams / 1000, grams % 1000);
            let mass = mass.trim_end_matches('0').trim_end_matches('.');
            ledger.product(&name, json!({"declaredUnit": {"amount": per.to_string(), "unit": "piece"}, "massPerDeclaredUnit": mass}));
            let mut output = json!({"product": id(&name), "amount": (pieces * per).to_string(), "unit": "piece"});
            match method {
                "price" => output["value"] = json!(key.to_string()),
                "mass" | "pieces" => {}
                name => output["keys"] = json!({name: key.to_string()}),
            }
            made.push(output);
            units.push((name, i128::from(*pieces)));
        }
        let flows = [flow(&kg.to_string(), "kg", "f"), flow("1", "kg", "f")];
        ledger.activity(json!({"allocation": method, "outputs": made, "flows": flows}));
        let all = footprints(&ledger.inventory, &year()).unwrap();
        let figure = |name: &str| all[&id(name)].as_ref().unwrap().gate.excluding_uptake.quanta();
        let allocated: i128 = units.iter().map(|(name, pieces)| figure(name) * pieces).sum();
        let emitted = i128::from(kg + 1) * 123_456_789_012_000;
        // The shares sum to exactly 1; what is left is the rounding of each product's figure, half of 1e-15 kg a declared unit.
        let rounding: i128 = units.iter().map(|(_, pieces)| pieces).sum();
        prop_assert!(2 * (allocated - emitted).abs() <= rounding, "{method}: {allocated} {emitted}");
    }

    #[test]
    fn tons_and_kilograms_and_pounds_say_the_same(kg in 0_u32..1_000_000) {
        let run = |flows: Value| {
            let mut ledger = Ledger::new();
            ledger.product("p", json!({})).factor("f", "kg", "1.5").made("p", "7", flows);
            ledger.gate("p")
        };
        let tons = format!("{}.{:03}", kg / 1000, kg % 1000);
        let tons = if kg % 1000 == 0 { (kg / 1000).to_string() } else { tons.trim_end_matches('0').to_owned() };
        let in_kg = run(json!([flow(&kg.to_string(), "kg", "f")]));
        prop_assert_eq!(&in_kg, &run(json!([flow(&tons, "t", "f")])));
        let pounds = 45_359_237_u64 * u64::from(kg);
        let same = format!("{}.{:08}", pounds / 100_000_000, pounds % 100_000_000);
        let same = same.trim_end_matches('0').trim_end_matches('.');
        prop_assert_eq!(run(json!([flow(&kg.to_string(), "lb", "f")])), run(json!([flow(same, "kg", "f")])));
    }
}

/// A chain of products, each made from one of the one before.
fn chain(length: usize) -> Ledger {
    let mut ledger = Ledger::new();
    ledger.factor("f", "kg", "0.001");
    for i in 0..length {
        let name = format!("n{i:06}");
        ledger.product(&name, json!({}));
        let from = if i == 0 { flow("1", "kg", "f") } else { input("1", "piece", &format!("n{:06}", i - 1)) };
        ledger.made(&name, "1", json!([from, flow("1", "kg", "f")]));
    }
    ledger
}

#[test]
fn a_long_chain_is_calculated_in_one_pass() {
    let ledger = chain(20_000);
    // One pass takes half a second of a processor; a pass for each product would take hours.
    let (all, spent) = processor_time(|| footprints(&ledger.inventory, &year()).unwrap());
    assert!(spent < Duration::from_secs(20), "{spent:?}");
    let last = all[&id("n019999")].as_ref().unwrap();
    assert_eq!(last.gate.excluding_uptake.to_string(), "20.001");
    assert_eq!(ledger.footprint("n019999").used.len(), 40_001);
}

#[test]
fn a_long_chain_with_one_fault_names_it_once() {
    let mut ledger = chain(5_000);
    ledger.inventory.factors.clear();
    ledger.factor("f", "L", "1");
    let errors = ledger.errors("n004999");
    assert_eq!(errors.len(), 5_000, "each statement with flows that do not convert");
    let all = footprints(&ledger.inventory, &year()).unwrap();
    let last = all[&id("n004999")].as_ref().unwrap_err();
    assert_eq!(last.errors().len(), 2, "its own, and that its input fails");
    assert!(last.errors().iter().all(|e| matches!(e, CalcError::Flow { .. })));
}
