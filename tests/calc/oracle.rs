//! The library gives the same figures as exact fractions of unlimited size, which share nothing
//! with it but the definition.

use num_bigint::BigInt;
use num_rational::BigRational;
use pcf_ledger::calc::footprints;
use pcf_testing::inventory::{Ledger, flow, id, input, year};
use proptest::prelude::*;
use serde_json::json;

/// One random product: what it is per, how much of the first factor it takes, which earlier product, how much of it, how many are made.
type Seed = (u8, u64, u8, u64, u64);

pub fn ten_to(digits: u32) -> BigInt {
    BigInt::from(10).pow(digits)
}

/// Half to even at `digits` after the point, by comparing with the exact middle.
pub fn rounded(value: &BigRational, digits: u32) -> BigRational {
    let scaled = value * BigRational::from(ten_to(digits));
    let (floor, half) = (scaled.floor(), BigRational::new(1.into(), 2.into()));
    let rest = &scaled - &floor;
    let up = rest > half || (rest == half && (floor.to_integer() % BigInt::from(2)) != BigInt::from(0));
    let whole = if up { floor + BigRational::from(BigInt::from(1)) } else { floor };
    whole / BigRational::from(ten_to(digits))
}

/// A number of 1e-6 as it is written and as a fraction.
pub fn decimal(millionths: u64) -> (String, BigRational) {
    let text = format!("{}.{:06}", millionths / 1_000_000, millionths % 1_000_000);
    let text = text.trim_end_matches('0').trim_end_matches('.').to_owned();
    (text, BigRational::new(millionths.into(), ten_to(6)))
}

fn build(seeds: &[Seed]) -> (Ledger, Vec<BigRational>) {
    let mut ledger = Ledger::new();
    ledger.factor("f", "kg", "0.000000123457");
    let factor = BigRational::new(123_457.into(), ten_to(12));
    let mut expected: Vec<BigRational> = Vec::new();
    let mut declared: Vec<BigRational> = Vec::new();
    for (i, (per, kg, from, pieces, made)) in seeds.iter().enumerate() {
        let (kg, pieces, made) = (decimal(*kg), decimal(*pieces), decimal(*made));
        let per = u64::from(*per);
        ledger.product(
            &format!("n{i:03}"),
            json!({"declaredUnit": {"amount": per.to_string(), "unit": "piece"}}),
        );
        let mut flows = vec![flow(&kg.0, "kg", "f")];
        let mut sum = kg.1 * &factor;
        if i > 0 {
            let from = usize::from(*from) % i;
            flows.push(input(&pieces.0, "piece", &format!("n{from:03}")));
            sum += rounded(&(pieces.1 / &declared[from]), 18) * &expected[from];
        }
        ledger.made(&format!("n{i:03}"), &made.0, json!(flows));
        let per = BigRational::from(BigInt::from(per));
        expected.push(rounded(&(sum / rounded(&(made.1 / &per), 18)), 15));
        declared.push(per);
    }
    (ledger, expected)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_digit_agrees_with_exact_fractions(
        seeds in prop::collection::vec((1_u8..12, 0..10_u64.pow(12), any::<u8>(), 0..10_u64.pow(8), 1..10_u64.pow(9)), 1..30)
    ) {
        let (ledger, expected) = build(&seeds);
        let all = footprints(&ledger.inventory, &year()).unwrap();
        for (i, exact) in expected.iter().enumerate() {
            let figures = all[&id(&format!("n{i:03}"))].as_ref().unwrap();
            let quanta = figures.gate.excluding_uptake.quanta();
            prop_assert_eq!(&BigRational::new(quanta.into(), ten_to(15)), exact, "product {}", i);
        }
    }

    #[test]
    fn ties_agree_too(odd in (0_u64..1_000_000).prop_map(|n| 2 * n + 1)) {
        // odd * 1e-3 kg of a factor of 123457e-12 kg per kg is a whole odd number of 1e-15 kg; over two pieces half of one is left.
        let (ledger, expected) = build(&[(1, odd * 1000, 0, 0, 2_000_000)]);
        let figures = footprints(&ledger.inventory, &year()).unwrap().remove(&id("n000")).unwrap().unwrap();
        let quanta = figures.gate.excluding_uptake.quanta();
        prop_assert_eq!(BigRational::new(quanta.into(), ten_to(15)), expected[0].clone());
    }
}
