//! Loops against exact fractions of unlimited size: the same digits, ties included, and the same refusals.

use num_bigint::BigInt;
use num_rational::BigRational;
use pcf_ledger::calc::{Compiled, footprints};
use pcf_ledger::model::Category;
use proptest::prelude::*;
use serde_json::json;

use crate::ledger::{Ledger, flow, id, input, year};
use crate::oracle::{decimal, rounded, ten_to};

/// A random product: kg of each of two factors, pieces made, and what it takes: of which product, how much, whether as a credit.
type Seed = (u64, u64, u64, Vec<(u8, u64, bool)>);

/// The products as a matrix `D x = N x + b` over all, in fractions.
struct Equations {
    d: Vec<BigRational>,
    n: Vec<Vec<BigRational>>,
    b: [Vec<BigRational>; 2],
}

fn zero() -> BigRational {
    BigRational::from(BigInt::from(0))
}

fn name(i: usize) -> String {
    format!("n{i:03}")
}

fn build(seeds: &[Seed], credits: bool) -> (Ledger, Equations) {
    let mut ledger = Ledger::new();
    ledger.factor("f", "kg", "0.000000123457");
    ledger.factor_with("g", "kg", json!({"values": {"landUseChangeGhgEmissions": "-0.000000000002"}}));
    let factors = [BigRational::new(123_457.into(), ten_to(12)), BigRational::new((-2).into(), ten_to(12))];
    let count = seeds.len();
    let mut equations =
        Equations { d: Vec::new(), n: vec![vec![zero(); count]; count], b: [Vec::new(), Vec::new()] };
    for (i, (fossil, land, made, inputs)) in seeds.iter().enumerate() {
        ledger.product(&name(i), json!({}));
        let (fossil, land, made) = (decimal(*fossil), decimal(*land), decimal(*made));
        let mut flows = vec![flow(&fossil.0, "kg", "f"), flow(&land.0, "kg", "g")];
        for (to, pieces, credit) in inputs {
            let (to, pieces) = (usize::from(*to) % count, decimal(*pieces));
            let credit = *credit && credits && pieces.0 != "0";
            let text = if credit { format!("-{}", pieces.0) } else { pieces.0 };
            flows.push(input(&text, "piece", &name(to)));
            equations.n[i][to] += if credit { -pieces.1 } else { pieces.1 };
        }
        ledger.made(&name(i), &made.0, json!(flows));
        equations.d.push(made.1);
        for (b, (kg, factor)) in equations.b.iter_mut().zip([fossil.1, land.1].into_iter().zip(&factors)) {
            b.push(kg * factor);
        }
    }
    (ledger, equations)
}

/// Which products each reaches through what it takes, in one step or more.
fn reach(seeds: &[Seed]) -> Vec<Vec<bool>> {
    let count = seeds.len();
    let mut reach = vec![vec![false; count]; count];
    for (i, (.., inputs)) in seeds.iter().enumerate() {
        for (to, ..) in inputs {
            reach[i][usize::from(*to) % count] = true;
        }
    }
    for k in 0..count {
        for i in 0..count {
            for j in 0..count {
                reach[i][j] |= reach[i][k] && reach[k][j];
            }
        }
    }
    reach
}

/// The figures of every product, or none where its loop or what it takes has none. One component after the other, inputs first.
fn expected(seeds: &[Seed], equations: &Equations) -> Vec<Option<[BigRational; 2]>> {
    let (count, reach) = (seeds.len(), reach(seeds));
    let mut found: Vec<Option<Option<[BigRational; 2]>>> = vec![None; count];
    while let Some(next) = (0..count).find(|i| {
        let outside = |j: &usize| reach[*i][*j] && !reach[*j][*i];
        found[*i].is_none() && (0..count).filter(outside).all(|j| found[j].is_some())
    }) {
        let members: Vec<usize> =
            (0..count).filter(|j| *j == next || (reach[next][*j] && reach[*j][next])).collect();
        let solved = component(&members, seeds, equations, &found);
        for (at, member) in members.iter().enumerate() {
            found[*member] = Some(solved.as_ref().map(|s| [s[at][0].clone(), s[at][1].clone()]));
        }
    }
    found.into_iter().map(Option::unwrap).collect()
}

fn component(
    members: &[usize],
    seeds: &[Seed],
    equations: &Equations,
    found: &[Option<Option<[BigRational; 2]>>],
) -> Option<Vec<[BigRational; 2]>> {
    let mut rows = Vec::new();
    for i in members {
        let mut row: Vec<BigRational> = members.iter().map(|j| -equations.n[*i][*j].clone()).collect();
        row[rows.len()] += &equations.d[*i];
        for b in 0..2 {
            let mut sum = equations.b[b][*i].clone();
            for (to, ..) in &seeds[*i].3 {
                let to = usize::from(*to) % seeds.len();
                if !members.contains(&to) {
                    found[to].as_ref().unwrap().as_ref()?;
                }
            }
            for (j, amount) in equations.n[*i].iter().enumerate().filter(|(j, _)| !members.contains(j)) {
                if let Some(Some(of)) = &found[j] {
                    sum += amount * &of[b];
                }
            }
            row.push(sum);
        }
        rows.push(row);
    }
    let positive = members.iter().all(|i| members.iter().all(|j| equations.n[*i][*j] >= zero()));
    let solved = eliminate(rows, positive)?;
    Some(solved.into_iter().map(|x| x.map(|x| rounded(&x, 15))).collect())
}

/// Gauss-Jordan; none where the determinant, or without credits any leading minor, is not above zero.
fn eliminate(mut rows: Vec<Vec<BigRational>>, positive: bool) -> Option<Vec<[BigRational; 2]>> {
    let count = rows.len();
    let mut sign = 1;
    for k in 0..count {
        let pivot = (k..count).find(|i| rows[*i][k] != zero())?;
        if positive && (pivot != k || rows[k][k] < zero()) {
            return None;
        }
        if pivot != k {
            rows.swap(k, pivot);
            sign = -sign;
        }
        if rows[k][k] < zero() {
            sign = -sign;
        }
        let by = rows[k][k].clone();
        rows[k].iter_mut().for_each(|v| *v /= &by);
        let of = rows[k].clone();
        for (_, row) in rows.iter_mut().enumerate().filter(|(i, _)| *i != k) {
            let times = row[k].clone();
            row.iter_mut().zip(&of).for_each(|(v, p)| *v -= &times * p);
        }
    }
    (sign > 0).then(|| rows.into_iter().map(|row| [row[count].clone(), row[count + 1].clone()]).collect())
}

fn agree(seeds: &[Seed], credits: bool) -> Result<(), TestCaseError> {
    let (ledger, equations) = build(seeds, credits);
    let all = footprints(&ledger.inventory, &year()).unwrap();
    let compiled = Compiled::of(&ledger.inventory, &year()).unwrap();
    let gates = compiled.gates();
    for (i, exact) in expected(seeds, &equations).iter().enumerate() {
        let figures = &all[&id(&name(i))];
        let as_arrays = gates.of(&id(&name(i)));
        prop_assert_eq!(
            as_arrays,
            figures.as_ref().ok().map(|f| f.gate.categories),
            "product {} as arrays",
            i
        );
        prop_assert_eq!(figures.is_ok(), exact.is_some(), "product {}: {:?}", i, figures);
        let (Ok(figures), Some(exact)) = (figures, exact) else { continue };
        for (category, exact) in [Category::Fossil, Category::LandUseChange].into_iter().zip(exact) {
            let quanta = figures.gate.categories[category].quanta();
            prop_assert_eq!(
                &BigRational::new(quanta.into(), ten_to(15)),
                exact,
                "product {} {}",
                i,
                category
            );
        }
    }
    Ok(())
}

fn seeds(pieces: u64, products: usize) -> impl Strategy<Value = Vec<Seed>> {
    let inputs = prop::collection::vec((any::<u8>(), 0..pieces, prop::bool::weighted(0.2)), 0..4);
    let product = (0..10_u64.pow(10), 0..10_u64.pow(10), 10_u64.pow(6)..10_u64.pow(8), inputs);
    prop::collection::vec(product, 1..products)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_digit_of_a_loop_agrees_with_exact_fractions(seeds in seeds(30_000_000, 9)) {
        agree(&seeds, false)?;
    }

    #[test]
    fn avoided_burdens_in_a_loop_agree_too(seeds in seeds(30_000_000, 7)) {
        agree(&seeds, true)?;
    }

    #[test]
    fn ties_in_a_loop_agree_too(
        odd in prop::collection::vec(0_u64..1_000, 2..6),
        parts in 1_u64..4,
    ) {
        // A ring in which each makes 2^k pieces and takes a part of the next: results over a power of two, where halves are common.
        let count = odd.len();
        let seeds: Vec<Seed> = odd.iter().enumerate().map(|(i, n)| {
            let next = u8::try_from((i + 1) % count).unwrap();
            (0, n * 500_000_000, 8_000_000, vec![(next, parts * 2_000_000 / 2, false), (u8::try_from(i).unwrap(), 4_000_000, false)])
        }).collect();
        agree(&seeds, false)?;
    }
}
