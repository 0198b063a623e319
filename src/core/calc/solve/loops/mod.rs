//! Products that consume each other: the unit processes of a strongly connected component, solved,
//! certified and rounded once each.
//!
//! The unknowns `x` (1e-15 kg) obey `D x = N x + b` in whole numbers. A guess in floating point is
//! corrected with the exact residual, scaled by 2^32 each round; a positive integer vector `w` with
//! `delta = D w - |N| w > 0` proves that the error of p is at most `w_p * max_q |r_q| / delta_q`. A
//! value within 2^-64 of a half counts as that half and goes to even. So the digits are a property
//! of the numbers and of nothing else: no order, no sweep count, no floating point reaches them.
//! Where there is no such `w`, up to 64 processes are solved by exact elimination, and more are
//! refused. Knows numbers only, no product.

mod certify;
pub(super) mod cycle;
mod eliminate;
mod guess;
mod system;

use crate::model::ValueError;
use crate::model::wide::Wide;

use certify::Certificate;
use guess::Guess;
pub(super) use system::{System, common_factor};

/// Rounds of refinement, the guess included.
const ROUNDS_MAX: u32 = 8;

/// Bits that each round adds.
const ROUND_BITS: u32 = 32;

/// A value this close to a half, in quanta and as a power of two, counts as that half.
const TIE_BITS: u32 = 64;

/// The most processes that are solved by exact elimination.
const ELIMINATION_MAX: usize = 64;

/// Why a loop has no figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Unsolved {
    /// It takes in at least as much of its products as it makes.
    Consumes,
    /// Its amounts cancel: no figures follow from them, or any would.
    Singular,
    /// It takes in at least as much as it makes where credits count as use; too many processes to
    /// be solved exactly all the same.
    Credits,
    /// No certificate, and too many processes for exact elimination.
    TooLarge,
    /// Some value is still undecided after the last round.
    Undecided,
    /// A number leaves the exact range.
    Range(ValueError),
}

impl From<ValueError> for Unsolved {
    fn from(problem: ValueError) -> Self {
        Self::Range(problem)
    }
}

/// The rounded solution of `D x = N x + rhs`, category by category: `rhs` and the result hold
/// `lanes` values for each row.
pub(super) fn solve(system: &System, rhs: &[Wide], lanes: usize) -> Result<Vec<i128>, Unsolved> {
    if lanes == 0 {
        return Ok(Vec::new());
    }
    let burdens = Guess::new(system, true);
    if let Some(certificate) = Certificate::find(system, &burdens)? {
        let signed = (!system.is_positive()).then(|| Guess::new(system, false));
        match certify::refine(system, &certificate, signed.as_ref().unwrap_or(&burdens), rhs, lanes) {
            // Few enough to be certain without: only the speed is lost.
            Err(Unsolved::Undecided) if system.rows() <= ELIMINATION_MAX => {}
            decided => return decided,
        }
    } else if system.rows() > ELIMINATION_MAX {
        return Err(match certify::consumes_itself(system, &burdens)? {
            true if system.is_positive() => Unsolved::Consumes,
            true => Unsolved::Credits,
            false => Unsolved::TooLarge,
        });
    }
    eliminate::solve(system, rhs, lanes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn system(d: &[i64], edges: &[(usize, usize, i64)]) -> System {
        let mut system = System::default();
        for (row, d) in d.iter().enumerate() {
            let of = edges.iter().filter(|e| e.0 == row).map(|e| (e.1, Wide::from(e.2)));
            system.push(Wide::ONE, Wide::from(*d), of).unwrap();
        }
        system
    }

    fn rhs(values: &[i64]) -> Vec<Wide> {
        values.iter().map(|v| Wide::from(*v)).collect()
    }

    #[test]
    fn a_self_loop_is_divided_by_what_leaves_it() {
        let half = system(&[4], &[(0, 0, 1)]);
        assert_eq!(solve(&half, &rhs(&[300]), 1), Ok(vec![100]));
        assert_eq!(solve(&half, &rhs(&[301]), 1), Ok(vec![100]));
        assert_eq!(solve(&half, &rhs(&[302]), 1), Ok(vec![101]));
        assert_eq!(solve(&half, &rhs(&[-302]), 1), Ok(vec![-101]));
    }

    #[test]
    fn ties_go_to_even_on_both_sides_of_zero() {
        // x = b / 2 for the first of two that consume a third of each other's output.
        let pair = system(&[3, 3], &[(0, 1, 1), (1, 0, 1)]);
        for (b, expected) in [(1, 0), (3, 2), (5, 2), (7, 4), (-1, 0), (-3, -2), (-5, -2)] {
            assert_eq!(solve(&pair, &rhs(&[b, b]), 1), Ok(vec![expected; 2]), "{b}/2");
        }
    }

    #[test]
    fn what_consumes_as_much_as_it_makes_is_refused() {
        for edges in [[(0, 1, 2), (1, 0, 2)], [(0, 1, 3), (1, 0, 2)], [(0, 1, 100), (1, 0, 1)]] {
            let pair = system(&[2, 2], &edges);
            assert_eq!(solve(&pair, &rhs(&[1, 1]), 1), Err(Unsolved::Consumes), "{edges:?}");
        }
        let ring: Vec<(usize, usize, i64)> = (0..100).map(|i| (i, (i + 1) % 100, 7)).collect();
        assert_eq!(solve(&system(&[5; 100], &ring), &rhs(&[1; 100]), 1), Err(Unsolved::Consumes));
    }

    #[test]
    fn credits_are_solved_where_no_certificate_can_be() {
        let avoided = system(&[1], &[(0, 0, -3)]);
        assert_eq!(solve(&avoided, &rhs(&[10]), 1), Ok(vec![2]), "2.5 to even");
        let cancels = system(&[2, 2], &[(0, 1, -2), (1, 0, -2)]);
        assert_eq!(solve(&cancels, &rhs(&[1, 1]), 1), Err(Unsolved::Singular));
    }

    #[test]
    fn a_large_loop_agrees_with_what_it_must_be() {
        // A ring of 1,000, each taking half of the next: every x is 2 b.
        let ring: Vec<(usize, usize, i64)> = (0..1000).map(|i| (i, (i + 1) % 1000, 1)).collect();
        let solved = solve(&system(&[2; 1000], &ring), &rhs(&[1_000_000_007; 1000]), 1).unwrap();
        assert!(solved.iter().all(|x| *x == 1_000_000_007));
        assert_eq!(solve(&system(&[2; 1000], &ring), &rhs(&[0; 1000]), 1).unwrap(), vec![0; 1000]);
    }

    #[test]
    fn a_large_loop_that_takes_in_nearly_all_it_makes_is_still_certified() {
        // Of 1,000 parts each takes 999 of others: in one ring, in rings within rings, and of
        // everything.
        let (rows, of) = (100_usize, 1_000);
        let ring = |steps: &[usize], each: i64| -> Vec<(usize, usize, i64)> {
            let from = |row| steps.iter().map(move |step| (row, (row + step) % rows, each));
            (0..rows).flat_map(from).collect()
        };
        let all: Vec<usize> = (0..rows).collect();
        for (shape, edges) in
            [ring(&[1], 999), ring(&[99], 999), ring(&[1, 7, 50], 333), ring(&all, 9)].into_iter().enumerate()
        {
            let x: Vec<i64> =
                (0..rows as i64).map(|row| row * row * 7_919 % 1_009 * 10_i64.pow(12) - row).collect();
            let mut given: Vec<Wide> = x.iter().map(|x| Wide::from(of) * Wide::from(*x)).collect();
            edges.iter().for_each(|e| given[e.0] -= Wide::from(e.2) * Wide::from(x[e.1]));
            let expected: Vec<i128> = x.into_iter().map(i128::from).collect();
            assert_eq!(solve(&system(&vec![of; rows], &edges), &given, 1), Ok(expected), "shape {shape}");
        }
    }

    #[test]
    fn what_a_guess_cannot_hold_is_decided_by_elimination_while_the_loop_is_small() {
        // x = b / 3 = 10^38, which a guess in floating point gives up on.
        let big = |rows: usize| -> Vec<Wide> { vec![Wide::new(3) * Wide::new(10_i128.pow(38)); rows] };
        let own = |rows: usize| -> Vec<(usize, usize, i64)> { (0..rows).map(|row| (row, row, 1)).collect() };
        assert_eq!(solve(&system(&[4], &own(1)), &big(1), 1), Ok(vec![10_i128.pow(38)]));
        let most = ELIMINATION_MAX;
        assert!(solve(&system(&vec![4; most], &own(most)), &big(most), 1).is_ok(), "64 rows are few enough");
        let more = most + 1;
        let refused = solve(&system(&vec![4; more], &own(more)), &big(more), 1);
        assert_eq!(refused, Err(Unsolved::Undecided));
    }

    #[test]
    fn a_large_loop_whose_credits_count_as_use_says_that_it_consumes() {
        let ring =
            |each: i64| -> Vec<(usize, usize, i64)> { (0..70).map(|i| (i, (i + 1) % 70, each)).collect() };
        assert_eq!(solve(&system(&[5; 70], &ring(-7)), &rhs(&[1; 70]), 1), Err(Unsolved::Credits));
        assert_eq!(solve(&system(&[5; 70], &ring(7)), &rhs(&[1; 70]), 1), Err(Unsolved::Consumes));
        assert!(solve(&system(&[5; 70], &ring(-4)), &rhs(&[1; 70]), 1).is_ok());
    }

    #[test]
    fn numbers_beyond_64_bits_give_the_same_digits() {
        let big = Wide::new(10).pow(40);
        let mut wide = System::default();
        wide.push(Wide::ONE, big * 3 + 1, [(1, big)]).unwrap();
        wide.push(Wide::ONE, big * 3 + 2, [(0, big)]).unwrap();
        let b = [big * 1_000_000_006, big * 1_000_000_006];
        assert_eq!(solve(&wide, &b, 1), Ok(vec![500_000_003, 500_000_003]), "just below, by 1e-31");
    }
}
