//! Statements that say the same of the same days: pairs whose days overlap and whose names do not
//! tell them apart. Knows numbers and days only.

use std::collections::HashMap;

use super::place::Named;
use crate::model::{Date, Period};

/// Something said of some days, told apart from others by up to three names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claim {
    /// Two claims are of different things where both have one of these names and the names differ.
    pub(super) names: [Named; 3],
    pub(super) period: Period,
}

/// A name of a claim, or any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Key {
    Is(Named),
    Any,
}

/// Hands on pairs of claims that overlap and are not told apart, by place, the one that begins
/// first in front. Of each claim at most one pair with an earlier one.
pub(super) fn overlaps(claims: &[Claim], mut each: impl FnMut(usize, usize)) {
    if claims.len() < 2 {
        return;
    }
    let mut order: Vec<usize> = (0..claims.len()).collect();
    order.sort_by_key(|at| claims.get(*at).map(|claim| (claim.period.start(), claim.period.end(), *at)));
    // The claim that ends last under every combination of its names and "any".
    let mut open: HashMap<[Key; 3], (Date, usize)> = HashMap::new();
    for at in order {
        let Some(claim) = claims.get(at) else { continue };
        let (start, end) = (claim.period.start(), claim.period.end());
        // A name that is not given meets any; one that is given meets itself and none.
        let met = claim.names.map(|name| match name {
            None => [Some(Key::Any), None],
            Some(_) => [Some(Key::Is(None)), Some(Key::Is(name))],
        });
        let before = combinations(met).filter_map(|key| open.get(&key)).max_by_key(|(end, _)| *end);
        if let Some((_, first)) = before.filter(|(end, _)| *end > start) {
            each(*first, at);
        }
        for key in combinations(claim.names.map(|name| [Some(Key::Is(name)), Some(Key::Any)])) {
            let longest = open.entry(key).or_insert((end, at));
            if longest.0 < end {
                *longest = (end, at);
            }
        }
    }
}

fn combinations(of: [[Option<Key>; 2]; 3]) -> impl Iterator<Item = [Key; 3]> {
    let [a, b, c] = of.map(|keys| keys.into_iter().flatten());
    a.flat_map(move |a| {
        let c = c.clone();
        b.clone().flat_map(move |b| c.clone().map(move |c| [a, b, c]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Pairs that overlap, found by looking at every two.
    fn all_pairs(claims: &[Claim]) -> usize {
        let apart = |a: &Claim, b: &Claim| {
            a.names.iter().zip(b.names).any(|(a, b)| a.is_some() && b.is_some() && *a != b)
        };
        let clash = |a: &Claim, b: &Claim| a.period.overlaps(b.period) && !apart(a, b);
        let later = |i: usize| (0..i).any(|j| clash(&claims[j], &claims[i]));
        (0..claims.len()).filter(|i| later(*i)).count()
    }

    fn period(from: u64, days: u64) -> Period {
        let day = |n: u64| format!("2025-{:02}-{:02}", 1 + n / 28, 1 + n % 28).parse::<Date>().unwrap();
        Period::new(day(from), day(from + days)).unwrap()
    }

    #[test]
    fn every_claim_that_meets_an_earlier_one_is_found() {
        let mut state = 7_u64;
        let mut draw = |below: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            (state >> 33) % below
        };
        for _ in 0..2_000 {
            let mut claims: Vec<Claim> = (0..1 + draw(7))
                .map(|_| Claim {
                    names: [0; 3].map(|_| u32::try_from(draw(3)).ok().filter(|n| *n > 0)),
                    period: period(draw(20), 1 + draw(8)),
                })
                .collect();
            claims.sort_by_key(|claim| (claim.period.start(), claim.period.end()));
            let mut found = 0;
            overlaps(&claims, |first, second| {
                assert!(first < second && claims[first].period.overlaps(claims[second].period));
                found += 1;
            });
            assert_eq!(found, all_pairs(&claims), "{claims:?}");
        }
    }
}
