//! The pedigree matrix equals its source, first order and draws agree with the closed form, and the
//! same seed gives the same bits.

use std::num::NonZeroUsize;

use pcf_desk::sampling;
use pcf_ledger::calc::uncertainty::pedigree::{TABLE, gsd2_of_scores};
use pcf_ledger::calc::uncertainty::{Draws, FirstOrder, Plan, first_order, monte_carlo};
use pcf_ledger::calc::{Chain, Request};
use pcf_ledger::model::Uncertainty;
use pcf_testing::inventory::{Ledger, flow, id, input, with, year};
use serde_json::{Value, json};

use crate::published::case;

fn plan(iterations: u32) -> Plan {
    Plan { iterations, seed: 2025 }
}

fn drawn(ledger: &Ledger, iterations: u32, threads: usize) -> Draws {
    let request = year();
    let chain = Chain::all(&ledger.inventory, &request).unwrap();
    sampling::monte_carlo(&chain, &plan(iterations), NonZeroUsize::new(threads).unwrap()).unwrap()
}

fn first(ledger: &Ledger, product: &str) -> FirstOrder {
    let request = year();
    let chain = Chain::of(&ledger.inventory, &[&id(product)], &request).unwrap();
    first_order(&chain.trace(&id(product)).unwrap()).unwrap()
}

/// A factor of fossil kg with a squared geometric standard deviation.
fn uncertain(ledger: &mut Ledger, name: &str, kg: &str, gsd2: &str) {
    ledger.factor_with(name, "kWh", json!({"values": {"fossilGhgEmissions": kg}, "uncertainty": gsd2}));
}

fn spreading(flow: Value, gsd2: &str) -> Value {
    with(flow, json!({"uncertainty": gsd2}))
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

fn deviation(values: &[f64]) -> f64 {
    let middle = mean(values);
    (values.iter().map(|v| (v - middle).powi(2)).sum::<f64>() / (values.len() - 1) as f64).sqrt()
}

fn logs(values: &[f64]) -> Vec<f64> {
    values.iter().map(|v| v.ln()).collect()
}

#[test]
fn the_pedigree_matrix_is_that_of_its_source() {
    let path = format!("{}/tests/vectors/calc/pedigree.csv", env!("CARGO_MANIFEST_DIR"));
    let mut rows = csv::Reader::from_path(path).unwrap();
    let mut met = 0;
    for row in rows.records().map(Result::unwrap).filter(|r| &r[0] == "pedigree" && &r[1] == "v1") {
        let (_, factors) = TABLE.iter().find(|(name, _)| *name == &row[2]).unwrap();
        let score: usize = row[3].parse().unwrap();
        assert_eq!(factors[score - 1].to_string(), row[5].trim_end_matches(".0"), "{row:?}");
        met += 1;
    }
    assert_eq!(met, 30, "six indicators of five scores");
}

#[test]
fn published_scores_give_the_published_deviation() {
    for of in case("20_pedigree_lognormal")["cases"].as_array().unwrap() {
        let scores =
            of["scores"].as_array().unwrap().iter().map(ToString::to_string).collect::<Vec<_>>().join(" ");
        let Uncertainty::Pedigree(pedigree) = scores.parse().unwrap() else { panic!("scores") };
        let (found, expected) =
            (gsd2_of_scores(&pedigree, of["basic"].as_f64().unwrap()), of["gsd95"].as_f64().unwrap());
        assert!((found - expected).abs() < 1e-14 * expected, "{scores}: {found} for {expected}");
    }
}

/// Ten of something, each of which takes 500 kWh of a factor: the closed-form case with deviations 0.1, 0.2 and 0.05.
fn closed_form() -> Ledger {
    let mut ledger = Ledger::new();
    uncertain(&mut ledger, "ef", "0.0001", "1.105170918076"); // exp(2 * 0.05)
    ledger.product("part", json!({})).product("whole", json!({}));
    ledger.made("part", "1", json!([spreading(flow("500", "kWh", "ef"), "1.491824697641")])); // exp(2 * 0.2)
    ledger.made("whole", "1", json!([spreading(input("10", "piece", "part"), "1.22140275816")])); // exp(2 * 0.1)
    ledger
}

#[test]
fn a_product_of_three_log_normals_is_the_closed_form() {
    let expected = &case("21_monte_carlo_closed_form")["expected"];
    let number = |key: &str| expected[key].as_f64().unwrap();
    let ledger = closed_form();
    assert_eq!(ledger.gate("whole"), "0.5");
    let order = first(&ledger, "whole");
    let gsd2: f64 = order.gsd2.unwrap().to_string().parse().unwrap();
    assert!((gsd2.ln() / 2.0 - number("sigma_ln")).abs() < 2e-6, "{gsd2}");
    let n = 40_000;
    let draws = drawn(&ledger, n, 2);
    let values = draws.of(&id("whole")).unwrap();
    let root = f64::from(n).sqrt();
    assert!((mean(values) - number("mean")).abs() < 4.0 * deviation(values) / root);
    let sigma = number("sigma_ln");
    assert!((mean(&logs(values)) - number("median").ln()).abs() < 4.0 * sigma / root);
    assert!((deviation(&logs(values)) / sigma - 1.0).abs() < 4.0 / (2.0 * f64::from(n)).sqrt());
    let spread = draws.spread(&id("whole")).unwrap();
    for (shown, key) in [(spread.low, "p2_5"), (spread.high, "p97_5"), (spread.median, "median")] {
        let shown: f64 = shown.to_string().parse().unwrap();
        assert!((shown / number(key)).ln().abs() < 4.0 * sigma * 2.7 / root, "{key}: {shown}");
    }
    let gsd: f64 = spread.gsd.unwrap().to_string().parse().unwrap();
    assert!((gsd - deviation(&logs(values)).exp()).abs() < 1e-5);
}

#[test]
fn first_order_sums_the_squares_and_names_the_largest_cause() {
    let mut ledger = Ledger::new();
    uncertain(&mut ledger, "grid", "0.5", "1.44");
    ledger.factor("exact", "kWh", "1").product("p", json!({}));
    ledger.made("p", "1", json!([spreading(flow("4", "kWh", "grid"), "1.21"), flow("2", "kWh", "exact")]));
    let found = first(&ledger, "p");
    // E = 2 with ln 1.2 (factor) and ln 1.1 (amount): deviation 2 sqrt(0.033241150 + 0.009084036) = 0.411462; over 4 kg 0.1028656.
    assert_eq!(found.standard_deviation.unwrap().to_string(), "0.411462");
    assert_eq!(found.gsd2.unwrap().to_string(), "1.22842");
    let (low, high) = found.interval.unwrap();
    assert_eq!((low.to_string().as_str(), high.to_string().as_str()), ("3.25621", "4.91369"));
    assert_eq!(found.amounts_stated_percent.to_string(), "50");
    assert_eq!(found.factors_stated_percent.to_string(), "50");
    let causes: Vec<_> = found
        .causes
        .iter()
        .map(|c| (c.name.as_str(), c.gsd2.to_string(), c.kg.to_string(), c.percent.to_string()))
        .collect();
    let row = |name, gsd2: &str, percent: &str| (name, gsd2.to_owned(), "2".to_owned(), percent.to_owned());
    assert_eq!(causes, [row("grid", "1.44", "78.54"), row("grid used", "1.21", "21.46")]);
}

#[test]
fn what_two_parts_share_is_added_before_it_is_squared() {
    let mut ledger = Ledger::new();
    uncertain(&mut ledger, "grid", "1", "1.44");
    for name in ["a", "b", "whole", "less"] {
        ledger.product(name, json!({}));
    }
    ledger.made("a", "1", json!([flow("1", "kWh", "grid")]));
    ledger.made("b", "1", json!([flow("1", "kWh", "grid")]));
    ledger.made("whole", "1", json!([input("1", "piece", "a"), input("1", "piece", "b")]));
    ledger.made("less", "1", json!([input("1", "piece", "a"), input("-1", "piece", "b")]));
    // ln(1.44)/2 = 0.182322 on all of 2 kg, not on the root of 1 + 1.
    assert_eq!(first(&ledger, "whole").standard_deviation.unwrap().to_string(), "0.364643");
    assert_eq!(first(&ledger, "whole").gsd2.unwrap().to_string(), "1.44");
    let nothing = first(&ledger, "less");
    assert!(nothing.standard_deviation.unwrap().is_zero(), "known, and it cancels");
    assert_eq!((nothing.gsd2, nothing.interval), (None, None));
    let draws = drawn(&ledger, 100, 1);
    assert!(
        draws.of(&id("less")).unwrap().iter().all(|kg| *kg == 0.0),
        "what is shared cancels in every draw"
    );
}

#[test]
fn a_credit_has_its_interval_the_right_way_round() {
    let mut ledger = Ledger::new();
    uncertain(&mut ledger, "avoided", "-1", "1.21");
    ledger.product("p", json!({}));
    ledger.made("p", "1", json!([flow("2", "kWh", "avoided")]));
    let (low, high) = first(&ledger, "p").interval.unwrap();
    assert_eq!((low.to_string().as_str(), high.to_string().as_str()), ("-2.42", "-1.65289"));
    let spread = drawn(&ledger, 400, 1).spread(&id("p")).unwrap();
    assert!(spread.low < spread.median && spread.median < spread.high && spread.high.quanta() < 0);
    assert_eq!(spread.gsd, None);
}

#[test]
fn products_that_share_a_factor_move_together() {
    let mut ledger = Ledger::new();
    uncertain(&mut ledger, "grid", "1", "2.25");
    uncertain(&mut ledger, "other", "1", "2.25");
    for (name, amount, factor) in
        [("p", "1", "grid"), ("q", "0.9", "grid"), ("r", "0.9", "other"), ("same", "1", "grid")]
    {
        ledger.product(name, json!({}));
        ledger.made(name, "1", json!([flow(amount, "kWh", factor)]));
    }
    let draws = drawn(&ledger, 20_000, 2);
    let percent = |a: &str, b: &str| draws.below(&id(a), &id(b)).unwrap().to_string().parse::<f64>().unwrap();
    assert_eq!(percent("q", "p"), 100.0, "a tenth less of the same factor is less in every draw");
    assert_eq!(percent("same", "p"), 50.0, "equal in every draw counts half");
    // Independent: Phi(ln(1/0.9) / (sigma sqrt 2)) with sigma = ln 1.5 is 57.289 %; four deviations of a count are 1.4 points.
    assert!((percent("r", "p") - 57.289).abs() < 1.4, "{}", percent("r", "p"));
    assert_eq!(percent("r", "p") + percent("p", "r"), 100.0);
}

/// Shared statements, shared factors, a chain, a loop and pedigree scores.
fn workshop() -> Ledger {
    let mut ledger = closed_form();
    uncertain(&mut ledger, "grid", "0.6205", "1.3");
    for name in ["left", "right", "melt", "scrap"] {
        ledger.product(name, json!({}));
    }
    let scores = json!({"completeness": "3", "geographical": "2", "reliability": "2", "technological": "3", "temporal": "1"});
    ledger.activity(json!({"allocation": "pieces", "flows": [with(flow("70", "kWh", "grid"), json!({"uncertainty": scores}))],
        "outputs": [{"product": id("left"), "amount": "3", "unit": "piece"}, {"product": id("right"), "amount": "4", "unit": "piece"}]}));
    ledger.made(
        "melt",
        "10",
        json!([
            flow("30", "kWh", "grid"),
            spreading(input("4", "piece", "scrap"), "1.1"),
            input("1", "piece", "left")
        ]),
    );
    ledger.made(
        "scrap",
        "5",
        json!([
            spreading(flow("1", "kWh", "grid"), "1.5"),
            input("2", "piece", "melt"),
            input("2", "piece", "whole")
        ]),
    );
    ledger
}

const ALL: [&str; 6] = ["part", "whole", "left", "right", "melt", "scrap"];

fn bits(draws: &Draws, product: &str) -> Vec<u64> {
    draws.of(&id(product)).unwrap().iter().map(|kg| kg.to_bits()).collect()
}

#[test]
fn threads_order_and_what_is_asked_for_change_no_bit() {
    let ledger = workshop();
    let once = drawn(&ledger, 103, 1);
    for threads in [2, 3, 7, 64] {
        assert_eq!(drawn(&ledger, 103, threads), once, "{threads} threads");
    }
    let mut turned = ledger.clone();
    turned.inventory.activities.reverse();
    assert_eq!(drawn(&turned, 103, 2), once);
    let request: Request = year();
    for name in ALL {
        let chain = Chain::of(&turned.inventory, &[&id(name)], &request).unwrap();
        let alone = monte_carlo(&chain, &plan(103)).unwrap();
        assert_eq!(bits(&alone, name), bits(&once, name), "{name} asked for alone");
    }
    for few in [1, 2, 3, 4, 5, 102] {
        assert_eq!(
            bits(&drawn(&ledger, few, 2), "melt")[..],
            bits(&once, "melt")[..few as usize],
            "the first {few}"
        );
    }
    let other = Plan { seed: 2026, ..plan(103) };
    let chain = Chain::all(&ledger.inventory, &request).unwrap();
    assert_ne!(bits(&monte_carlo(&chain, &other).unwrap(), "melt"), bits(&once, "melt"));
}

#[test]
fn the_draws_are_pinned_to_the_bit_on_every_platform() {
    let draws = drawn(&workshop(), 8, 1);
    let pinned: Vec<String> = ALL
        .iter()
        .map(|name| format!("{:016x} {:016x}", bits(&draws, name)[0], bits(&draws, name)[7]))
        .collect();
    // The first two were found again by a second implementation of the documented steps (Python: integers, `statistics.NormalDist`, `math.exp`).
    let expected = [
        "3fa339225da2271c 3fad3f5bcdb75d3e",
        "3fd46c373e21d140 3fe370009d63bb61",
        "40195a38ece081dc 40177acdec9c920e",
        "40195a38ece081dc 40177acdec9c920e",
        "4008a1ed10f41313 400681b46b89200b",
        "3ff76f87e1915797 3ff7eb02d3037ead",
    ];
    assert_eq!(pinned, expected);
}

#[test]
fn statements_that_serve_two_products_draw_once() {
    let draws = drawn(&workshop(), 50, 1);
    let (left, right) = (draws.of(&id("left")).unwrap(), draws.of(&id("right")).unwrap());
    assert!(left.iter().zip(right).all(|(l, r)| (l / r - 1.0).abs() < 1e-12), "per piece they are the same");
}

#[test]
fn a_loop_is_solved_anew_in_every_draw() {
    let mut ledger = Ledger::new();
    ledger.factor("grid", "kWh", "1").product("p", json!({}));
    ledger.made("p", "1", json!([flow("2", "kWh", "grid"), spreading(input("0.5", "piece", "p"), "1.21")]));
    let draws = drawn(&ledger, 4000, 2);
    // p = 2 / (1 - m / 2), so m = 2 - 4 / p is log-normal again, with median 1 and deviation ln 1.1.
    let drawn: Vec<f64> = draws.of(&id("p")).unwrap().iter().map(|p| (2.0 - 4.0 / p).ln()).collect();
    let sigma = 1.1_f64.ln();
    assert!(mean(&drawn).abs() < 4.0 * sigma / 4000_f64.sqrt(), "{}", mean(&drawn));
    assert!((deviation(&drawn) / sigma - 1.0).abs() < 4.0 / 8000_f64.sqrt());
    // To first order: p = 4 and dp/dlnm = s a f = 2 * 0.5 * 4 = 4.
    assert_eq!(first(&ledger, "p").standard_deviation.unwrap().to_string(), "0.381241");
}

#[test]
fn a_loop_that_a_draw_turns_into_one_that_consumes_too_much_is_refused() {
    let mut ledger = Ledger::new();
    ledger.factor("grid", "kWh", "1").product("p", json!({}));
    ledger.made("p", "1", json!([flow("1", "kWh", "grid"), spreading(input("0.9", "piece", "p"), "4")]));
    assert_eq!(ledger.gate("p"), "10");
    let request = year();
    let chain = Chain::all(&ledger.inventory, &request).unwrap();
    let refused = monte_carlo(&chain, &plan(100)).unwrap_err().to_string();
    assert!(refused.contains("consumes at least as much as it makes"), "{refused}");
}

#[test]
fn without_a_stated_uncertainty_nothing_is_known_and_every_draw_is_the_figure() {
    let mut ledger = Ledger::new();
    ledger.factor("grid", "kWh", "0.25").product("p", json!({}));
    ledger.made("p", "1", json!([flow("3", "kWh", "grid"), {"name": "leak", "kind": "emission", "amount": "1", "unit": "kg", "gas": "CO2"}]));
    let spread = drawn(&ledger, 9, 2).spread(&id("p")).unwrap();
    assert!(
        [spread.low, spread.median, spread.high, spread.mean].iter().all(|kg| kg.to_string() == "1.75"),
        "{spread:?}"
    );
    assert_eq!(spread.gsd.unwrap().to_string(), "1");
    let order = first(&ledger, "p");
    assert_eq!((order.standard_deviation, order.gsd2, order.interval), (None, None, None), "not known");
    assert_eq!(order.causes, []);
    assert!(order.amounts_stated_percent.is_zero() && order.factors_stated_percent.is_zero());
}

#[test]
fn how_often_is_asked_within_bounds() {
    let ledger = closed_form();
    let request = year();
    let chain = Chain::all(&ledger.inventory, &request).unwrap();
    for iterations in [0, 1_000_001] {
        let refused = monte_carlo(&chain, &plan(iterations)).unwrap_err().to_string();
        assert!(refused.contains("from 1 to 1000000"), "{refused}");
    }
    let draws = monte_carlo(&chain, &plan(1)).unwrap();
    assert!(draws.spread(&id("nobody")).is_err() && draws.of(&id("nobody")).is_none());
}
