//! Loops give the same digits as exact fractions of unlimited size, ties included, and are refused
//! in the same cases.

use num_bigint::BigInt;
use num_rational::BigRational;
use pcf_ledger::calc::{footprint, footprints};
use pcf_ledger::model::Category;
use pcf_testing::inventory::{Ledger, flow, id, input, year};
use proptest::prelude::*;
use serde_json::json;

use crate::oracle::{decimal, rounded, ten_to};

/// A random product: kg of each of two factors, pieces made, and what it takes: of which product, how much, whether as a credit.
pub type Seed = (u64, u64, u64, Vec<(u8, u64, bool)>);

/// The products as a matrix `D x = N x + b` over all, in fractions.
struct Equations {
    d: Vec<BigRational>,
    n: Vec<Vec<BigRational>>,
    b: [Vec<BigRational>; 2],
}

fn zero() -> BigRational {
    BigRational::from(BigInt::from(0))
}

pub fn name(i: usize) -> String {
    format!("n{i:03}")
}

fn build(seeds: &[Seed], credits: bool) -> (Ledger, Equations) {
    named(seeds, credits, &name)
}

/// The same with other names for the products.
fn named(seeds: &[Seed], credits: bool, name: &dyn Fn(usize) -> String) -> (Ledger, Equations) {
    let mut ledger = Ledger::new();
    ledger.factor("f", "kg", "0.000000123457");
    ledger.factor_with("g", "kg", json!({"values": {"landUseChangeGhgEmissions": "-0.000000000002"}}));
    let factors = [BigRational::new(123_457.into(), ten_to(12)), BigRational::new((-2).into(), ten_to(12))];
    let count = seeds.len();
    let mut equations =
        Equations { d: Vec::new(), n: vec![vec![zero(); count]; count], b: [Vec::new(), Vec::new()] };
    for (i, (fossil, land, made, inputs)) in seeds.iter().enumerate() {
        let own = name(i);
        ledger.product(&own, json!({}));
        let (fossil, land, made) = (decimal(*fossil), decimal(*land), decimal(*made));
        let mut flows = vec![flow(&fossil.0, "kg", "f"), flow(&land.0, "kg", "g")];
        for (to, pieces, credit) in inputs {
            let (to, pieces) = (usize::from(*to) % count, decimal(*pieces));
            let credit = *credit && credits && pieces.0 != "0";
            let text = if credit { format!("-{}", pieces.0) } else { pieces.0 };
            flows.push(input(&text, "piece", &name(to)));
            equations.n[i][to] += if credit { -pieces.1 } else { pieces.1 };
        }
        ledger.made(&own, &made.0, json!(flows));
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
    if solved.iter().flatten().any(is_tie) {
        TIES.with(|ties| ties.set(ties.get() + 1));
    }
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

thread_local! {
    /// Loops in which some figure lay exactly between two.
    static TIES: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

fn is_tie(value: &BigRational) -> bool {
    (value * BigRational::from(ten_to(15) * 2)).is_integer()
        && !(value * BigRational::from(ten_to(15))).is_integer()
}

fn agree(seeds: &[Seed], credits: bool) -> Result<(), TestCaseError> {
    let (ledger, equations) = build(seeds, credits);
    let all = footprints(&ledger.inventory, &year()).unwrap();
    for (i, exact) in expected(seeds, &equations).iter().enumerate() {
        let figures = &all[&id(&name(i))];
        let alone = footprint(&ledger.inventory, &id(&name(i)), &year());
        prop_assert_eq!(
            alone.as_ref().ok().map(|f| &f.figures),
            figures.as_ref().ok(),
            "product {} alone",
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

pub fn seeds(pieces: u64, products: usize) -> impl Strategy<Value = Vec<Seed>> {
    let inputs = prop::collection::vec((any::<u8>(), 0..pieces, prop::bool::weighted(0.2)), 0..4);
    let product = (0..10_u64.pow(10), 0..10_u64.pow(10), 10_u64.pow(6)..10_u64.pow(8), inputs);
    prop::collection::vec(product, 1..products)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn every_digit_of_a_loop_agrees_with_exact_fractions(seeds in seeds(30_000_000, 9)) {
        agree(&seeds, false)?;
    }

    #[test]
    fn avoided_burdens_in_a_loop_agree_too(seeds in seeds(30_000_000, 7)) {
        agree(&seeds, true)?;
    }

    #[test]
    fn other_names_give_the_same_figures_under_them(seeds in seeds(30_000_000, 9), turn in 1_usize..9) {
        let count = seeds.len();
        // Another order of names: mirrored and turned.
        let other = |i: usize| name((2 * count - 1 - i + turn) % count);
        let (one, two) = (named(&seeds, true, &name).0, named(&seeds, true, &other).0);
        let (one, two) = (footprints(&one.inventory, &year()).unwrap(), footprints(&two.inventory, &year()).unwrap());
        for i in 0..count {
            let (a, b) = (&one[&id(&name(i))], &two[&id(&other(i))]);
            prop_assert_eq!(a.as_ref().ok(), b.as_ref().ok(), "product {}", i);
        }
    }

    #[test]
    fn the_order_of_statements_does_not_matter_in_a_loop_either(seeds in seeds(30_000_000, 9), at in any::<prop::sample::Index>()) {
        let (ledger, _) = build(&seeds, true);
        let mut other = ledger.clone();
        other.inventory.activities.reverse();
        let middle = at.index(other.inventory.activities.len());
        other.inventory.activities.rotate_left(middle);
        prop_assert_eq!(footprints(&ledger.inventory, &year()).unwrap(), footprints(&other.inventory, &year()).unwrap());
    }
}

#[test]
fn many_threads_at_once_give_the_digits_of_one() {
    // A large loop with credits, and what consumes it.
    let seed = |i: u64| {
        let to = |k: u64| u8::try_from((i * k + 1) % 200).unwrap();
        let inputs = vec![
            (to(1), 400_000 + i, false),
            (to(7), 300_001, i.is_multiple_of(5)),
            (to(31), 200_003 * (i % 2), false),
        ];
        (i * 7_919 % 1_000_003, i * 104_729 % 1_000_033, 1_000_000 + i, inputs)
    };
    let (ledger, _) = build(&(0..200).map(seed).collect::<Vec<_>>(), true);
    let one = footprints(&ledger.inventory, &year()).unwrap();
    assert!(one.values().all(Result::is_ok), "the loop is solved");
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| assert_eq!(footprints(&ledger.inventory, &year()).unwrap(), one));
        }
    });
}

/// A ring in which each keeps so many pieces of what it makes and takes one of the next. The pieces kept multiply to one more than a power of two,
/// so every result is a fraction over that power, and halves are common.
fn ring(members: &[(u64, u64, u64)]) -> Vec<Seed> {
    let count = members.len();
    let member = |(i, (kept, own, emitted)): (usize, &(u64, u64, u64))| {
        let (next, itself) = (u8::try_from((i + 1) % count).unwrap(), u8::try_from(i).unwrap());
        let inputs = vec![(next, 1_000_000, false), (itself, own * 1_000_000, false)];
        // 500 millionths of a kg at -2e-12 kg are one of 1e-15 kg.
        (0, emitted * 500, (kept + own) * 1_000_000, inputs)
    };
    members.iter().enumerate().map(member).collect()
}

#[test]
fn a_thousand_loops_full_of_ties_agree_too() {
    TIES.with(|ties| ties.set(0));
    let mut state = 1_u64;
    let mut next = |below: u64| {
        // Knuth's constants; any numbers will do.
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) % below
    };
    for round in 0..1_000 {
        let (first, second) = [(3, 1), (1, 5), (3, 3), (3, 11)][round % 4];
        let mut kept = vec![first, second];
        kept.extend((0..next(3)).map(|_| 1));
        let members: Vec<_> = kept.into_iter().map(|kept| (kept, next(5), next(100_000))).collect();
        agree(&ring(&members), false).unwrap();
    }
    let ties = TIES.with(std::cell::Cell::get);
    assert!(ties > 200, "only {ties} of a thousand had a tie");
}
