//! How much of a footprint rests on primary data, and how good its data are: means weighted with
//! the absolute contribution excluding uptake of each flow, as `trace` prints it (1e-15 kg),
//! rounded once to 6 fractional digits.

use crate::calc::amount::six_digits;
use crate::model::wide::{Wide, product, sum};
use crate::model::{Co2e, DataKind, Decimal, Quality, ValueError};

/// The primary share of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::calc) enum Primary {
    /// The source is primary; the flow is where its amount is primary too.
    WithActivity,
    /// Its own share in percent, whatever the amount: a supplier's, a product's; 0 for a secondary
    /// factor.
    Percent(Decimal),
}

impl Primary {
    /// Percent of a flow whose amount is of this kind; not stated counts as not primary.
    pub(in crate::calc) fn percent(self, amount: Option<DataKind>) -> Decimal {
        match self {
            Self::Percent(own) => own,
            Self::WithActivity if amount == Some(DataKind::Primary) => Decimal::from_i32(100),
            Self::WithActivity => Decimal::ZERO,
        }
    }
}

/// The rating of a flow: of the activity's and the source's rating the worse one in each direction;
/// the one there is where one is rated.
pub(in crate::calc) fn rating(activity: Option<Quality>, source: Option<Quality>) -> Option<Quality> {
    match (activity, source) {
        (Some(a), Some(b)) => Some(Quality {
            geography: a.geography.max(b.geography),
            technology: a.technology.max(b.technology),
            time: a.time.max(b.time),
        }),
        (one, other) => one.or(other),
    }
}

/// Sums over flows, weighted with |E|.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::calc) struct Weights {
    total: Wide,
    primary: Wide,
    rated: Wide,
    ratings: [Wide; 3],
}

impl Default for Weights {
    fn default() -> Self {
        Self { total: Wide::ZERO, primary: Wide::ZERO, rated: Wide::ZERO, ratings: [Wide::ZERO; 3] }
    }
}

impl Weights {
    /// Counts one flow that contributes `excluding_uptake`.
    pub(in crate::calc) fn count(
        &mut self,
        excluding_uptake: Co2e,
        percent: Decimal,
        rating: Option<Quality>,
    ) -> Result<(), ValueError> {
        let what = "weighted mean";
        let weight = Wide::new(excluding_uptake.quanta()).abs(); // OK because a mass of CO2e is below 10^33.
        let weighted = |value: Decimal| product(weight, Wide::new(value.quanta()), what);
        self.total = sum(self.total, weight, what)?;
        self.primary = sum(self.primary, weighted(percent)?, what)?;
        if let Some(quality) = rating {
            self.rated = sum(self.rated, weight, what)?;
            for (sums, value) in
                self.ratings.iter_mut().zip([quality.geography, quality.technology, quality.time])
            {
                *sums = sum(*sums, weighted(value)?, what)?;
            }
        }
        Ok(())
    }

    /// Adds another process.
    pub(in crate::calc) fn add(&mut self, other: &Self) -> Result<(), ValueError> {
        let what = "weighted mean";
        self.total = sum(self.total, other.total, what)?;
        self.primary = sum(self.primary, other.primary, what)?;
        self.rated = sum(self.rated, other.rated, what)?;
        for (sums, more) in self.ratings.iter_mut().zip(other.ratings) {
            *sums = sum(*sums, more, what)?;
        }
        Ok(())
    }

    /// Percent of the footprint that rests on primary data; `None` where nothing weighs anything.
    pub(in crate::calc) fn primary_data_share(&self) -> Result<Option<Decimal>, ValueError> {
        if self.total == 0 {
            return Ok(None);
        }
        six_digits(self.primary, self.total).map(Some)
    }

    /// The mean ratings of what is rated; `None` where nothing is.
    pub(in crate::calc) fn ratings(&self) -> Result<Option<Quality>, ValueError> {
        if self.rated == 0 {
            return Ok(None);
        }
        let [geography, technology, time] = self.ratings;
        let mean = |sums| six_digits(sums, self.rated);
        Quality::new(mean(geography)?, mean(technology)?, mean(time)?).map(Some)
    }
}

/// `100 * excluded / (|footprint| + excluded)`, 0 where nothing is left out.
pub(super) fn exempted_percent(excluded: Co2e, footprint: Co2e) -> Result<Decimal, ValueError> {
    if excluded.is_zero() {
        return Ok(Decimal::ZERO);
    }
    let what = "exempted emissions";
    let (left_out, kept) = (Wide::new(excluded.quanta()), Wide::new(footprint.quanta()).abs());
    let hundred = Wide::new(Decimal::from_i32(100).quanta());
    six_digits(product(left_out, hundred, what)?, sum(left_out, kept, what)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quality(g: &str, te: &str, ti: &str) -> Quality {
        Quality::new(g.parse().unwrap(), te.parse().unwrap(), ti.parse().unwrap()).unwrap()
    }

    #[test]
    fn credits_weigh_by_their_size_and_never_cancel() {
        let mut weights = Weights::default();
        weights.count("3".parse().unwrap(), Decimal::from_i32(100), None).unwrap();
        weights.count("-1".parse().unwrap(), Decimal::ZERO, None).unwrap();
        assert_eq!(weights.primary_data_share().unwrap().unwrap().to_string(), "75");
        assert_eq!(weights.ratings().unwrap(), None);
    }

    #[test]
    fn the_worse_rating_counts_in_each_direction() {
        let worse = rating(Some(quality("1", "4", "2")), Some(quality("3", "2", "2")));
        assert_eq!(worse, Some(quality("3", "4", "2")));
        assert_eq!(rating(None, Some(quality("3", "2", "2"))), Some(quality("3", "2", "2")));
    }

    #[test]
    fn what_is_left_out_counts_against_the_whole() {
        let percent =
            |e: &str, f: &str| exempted_percent(e.parse().unwrap(), f.parse().unwrap()).unwrap().to_string();
        assert_eq!(percent("5", "95"), "5");
        assert_eq!(percent("1", "2"), "33.333333");
        assert_eq!(percent("0", "0"), "0");
    }
}
