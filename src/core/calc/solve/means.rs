//! Means over flows in small numbers: the primary data share and the ratings of a product, weighted
//! with what each flow contributes.

use super::arrays::{NarrowRow, own_marks, rating_of};
use super::pass::{Cell, Pass, Unfit};
use super::state::{Passed, Ratings, Share, State};
use crate::calc::lower::Line;
use crate::model::wide::{divided, half_even};

/// One contribution lies within the range of a mass of CO2e below this.
const CONTRIBUTION_MAX: i128 = 10_i128.pow(33);

/// While all contributions together weigh less than this, a mean in percent fits 128 bits.
const WEIGHT_MAX: i128 = 1 << 79;

/// Sums over flows, weighted with what each contributes.
#[derive(Default)]
struct Weighed {
    total: i128,
    primary: i128,
    rated: i128,
    ratings: [i128; 3],
}

impl<T: Cell, const K: usize> Pass<'_, '_, T, K> {
    /// The primary data share and the ratings of a product from its rows.
    pub(super) fn means(&self, rows: std::ops::Range<usize>) -> Result<(Share, Ratings), Unfit> {
        let mut weighed = Weighed::default();
        for at in rows {
            let (row, lines) = self.graph.arrays.row_at(at).ok_or(Unfit::Row)?;
            for ((slot, amount), marks) in lines.slots.iter().zip(lines.amounts).zip(lines.marks) {
                let of = self.slots.get(*slot as usize).ok_or(Unfit::Row)?;
                let weight = contribution(row, of.summed.headline, *amount)?.abs();
                weighed.count(of.passed, weight, *marks)?;
                if self.state.is_rated {
                    weighed.rate(&self.state, weight, (*slot as usize, *marks));
                }
            }
        }
        weighed.means()
    }
}

/// What one line contributes to the headline, rounded by itself.
#[inline]
pub(super) fn contribution<T: Cell>(row: &NarrowRow, headline: T, amount: i64) -> Result<i128, Unfit> {
    let kg = divided(headline.times(amount).ok_or(Unfit::Row)?, row.divisor);
    if kg.abs() < CONTRIBUTION_MAX { Ok(kg) } else { Err(Unfit::Row) }
}

impl Weighed {
    #[inline]
    fn count(&mut self, passed: Passed, weight: i128, marks: u32) -> Result<(), Unfit> {
        self.total += weight; // OK because it is checked below, and one weight is below 2^110.
        let percent = passed.percent(own_marks(marks) & Line::PRIMARY != 0);
        let percent = percent.filter(|_| self.total < WEIGHT_MAX).ok_or(Unfit::Row)?;
        if percent != 0 {
            self.primary += weight * i128::from(percent); // OK because all weights are below 2^79.
        }
        Ok(())
    }

    /// The worse of the statement's and the source's rating in each direction; the one there is
    /// where one is rated.
    fn rate(&mut self, state: &State, weight: i128, (slot, marks): (usize, u32)) {
        let place = (rating_of(marks) as usize).checked_sub(1);
        let stated = place.and_then(|place| state.stated.get(place)).copied().unwrap_or_default();
        let of_source = state.ratings(slot);
        if stated == Ratings::default() && of_source == Ratings::default() {
            return;
        }
        self.rated += weight;
        for ((sum, a), b) in self.ratings.iter_mut().zip(stated).zip(of_source) {
            *sum += weight * i128::from(a.max(b)); // OK because a rating is at most 5: 43 bits.
        }
    }

    fn means(self) -> Result<(Share, Ratings), Unfit> {
        let primary = if self.total == 0 { 0 } else { six_digits(self.primary, self.total) };
        let mut ratings = Ratings::default();
        if self.rated != 0 {
            for (mean, sum) in ratings.iter_mut().zip(self.ratings) {
                *mean = i64::try_from(six_digits(sum, self.rated)).map_err(|_| Unfit::Row)?;
            }
        }
        Ok((primary, ratings))
    }
}

/// `numerator / denominator` rounded half to even to 6 fractional digits, where the numerator has
/// the scale of a decimal.
fn six_digits(numerator: i128, denominator: i128) -> i128 {
    const STEP: i128 = 1_000_000; // quanta of 1e-12 in 1e-6
    half_even(numerator, denominator * STEP) * STEP // OK because a weight is below 2^79 and a mean below 2^47.
}
