//! What is known of products while they are calculated, and after: whether they have figures, and
//! all that goes with those but the figures themselves.

use std::collections::BTreeMap;

use crate::calc::CalcError;
use crate::calc::lower::Lowering;
use crate::calc::lower::source::{GwpSets, SourceValue};
use crate::calc::result::quality::Primary;
use crate::model::{ByCategory, Co2e, Decimal, Quality};

/// How it stands with a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::calc) enum Status {
    /// Nothing that is asked for needs it, or it was not reached yet.
    #[default]
    Unknown,
    /// Part of a loop that is being solved: enters as nothing.
    Open,
    /// Calculated.
    Ready,
    /// It has errors of its own; or all that fails is data that is not there, here or in what it
    /// consumes.
    Failed {
        /// True for the latter.
        lacks_data: bool,
    },
}

/// The primary share of a source in quanta of a percent, or [`WITH_ACTIVITY`].
pub(super) type Share = i128;

/// The source is primary; the flow is where its amount is.
pub(super) const WITH_ACTIVITY: Share = i128::MIN;

/// All of a percentage, in quanta.
pub(super) const HUNDRED: Share = 100 * Decimal::ONE_QUANTA;

/// What a slot passes on beside its figures and ratings.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Passed {
    /// Quanta of a percent from 0 to 100, or below zero: primary as the flow is, or beyond.
    primary: i64,
    pub(super) gwp: GwpSets,
}

impl Passed {
    const WITH_ACTIVITY: i64 = -1;
    const BEYOND: i64 = -2;

    /// The share of a flow, in quanta of a percent; none where it lies beyond 0 to 100.
    #[inline]
    pub(super) const fn percent(self, is_primary: bool) -> Option<i64> {
        match self.primary {
            Self::WITH_ACTIVITY if is_primary => Some(100 * 10_i64.pow(Decimal::SCALE)),
            Self::WITH_ACTIVITY => Some(0),
            Self::BEYOND => None,
            percent => Some(percent),
        }
    }
}

/// Ratings in quanta; zeros where there are none.
pub(super) type Ratings = [i64; 3];

/// Everything but figures, by slot (fixed sources, then products) or by product.
#[derive(Debug, Default)]
pub(in crate::calc) struct State {
    pub(super) status: Vec<Status>,
    pub(super) any_failed: bool,
    pub(super) errors: BTreeMap<u32, Vec<CalcError>>,
    pub(super) ratings: Vec<Ratings>,
    /// Primary shares beyond 0 to 100 %, by slot.
    beyond: BTreeMap<usize, Share>,
    /// Ratings of statements, by place.
    pub(super) stated: Vec<Ratings>,
    /// True where anything is rated.
    pub(super) is_rated: bool,
    /// Products with small numbers that were summed in full width all the same.
    pub(super) widened: std::collections::BTreeSet<u32>,
    /// Figures of the rows of solved loops, and the GWP sets of the loop of each product.
    pub(super) solved: BTreeMap<u32, ByCategory<Co2e>>,
    pub(super) loops: BTreeMap<u32, GwpSets>,
}

impl State {
    pub(super) fn new(lowering: &Lowering<'_>, products: usize) -> Self {
        let fixed = lowering.sources.all();
        let slots = fixed.len() + products;
        let mut ratings: Vec<Ratings> = fixed.iter().map(|source| of_quality(source.value.quality)).collect();
        let of_statements = lowering.lowered.qualities().iter().map(|quality| of_quality(Some(*quality)));
        let stated: Vec<Ratings> = of_statements.collect();
        let is_rated = !stated.is_empty() || ratings.iter().any(|of| *of != Ratings::default());
        if is_rated {
            ratings.resize(slots, Ratings::default());
        }
        let status = vec![Status::Unknown; products];
        Self { status, ratings, stated, is_rated, ..Self::default() }
    }

    pub(in crate::calc) fn status(&self, number: usize) -> Status {
        self.status.get(number).copied().unwrap_or_default()
    }

    pub(in crate::calc) fn errors(&self, number: usize) -> &[CalcError] {
        u32::try_from(number).ok().and_then(|n| self.errors.get(&n)).map_or(&[], Vec::as_slice)
    }

    /// True where a product was summed in full width although its numbers are small.
    pub(super) fn is_widened(&self, number: u32) -> bool {
        self.widened.contains(&number)
    }

    /// The figures of a row in a loop that is solved, and the GWP sets of the whole loop.
    pub(super) fn solved(&self, number: usize, row: u32) -> Option<(ByCategory<Co2e>, GwpSets)> {
        let gwp = self.loops.get(&u32::try_from(number).ok()?)?;
        Some((*self.solved.get(&row)?, *gwp))
    }

    pub(super) fn set(&mut self, number: u32, status: Status) {
        self.any_failed |= matches!(status, Status::Failed { .. });
        if let Some(slot) = self.status.get_mut(number as usize) {
            *slot = status;
        }
    }

    /// What a slot passes on.
    pub(super) fn pass(&mut self, slot: usize, gwp: GwpSets, primary: Share) -> Passed {
        let primary = match i64::try_from(primary) {
            Ok(percent) if (0..=HUNDRED).contains(&primary) => percent,
            _ if primary == WITH_ACTIVITY => Passed::WITH_ACTIVITY,
            _ => {
                self.beyond.insert(slot, primary);
                Passed::BEYOND
            }
        };
        Passed { primary, gwp }
    }

    /// The primary share that was put into `passed`.
    pub(super) fn share(&self, slot: usize, passed: Passed) -> Share {
        match passed.primary {
            Passed::WITH_ACTIVITY => WITH_ACTIVITY,
            Passed::BEYOND => self.beyond.get(&slot).copied().unwrap_or_default(),
            percent => percent.into(),
        }
    }

    pub(super) fn ratings(&self, slot: usize) -> Ratings {
        self.ratings.get(slot).copied().unwrap_or_default()
    }

    pub(super) fn rate(&mut self, slot: usize, ratings: Ratings) {
        if let Some(place) = self.ratings.get_mut(slot) {
            *place = ratings;
        }
    }

    /// A product's figures with all that belongs to them.
    pub(super) fn value(
        &self,
        slot: usize,
        passed: Passed,
        categories: ByCategory<Co2e>,
    ) -> Option<SourceValue> {
        let primary = match self.share(slot, passed) {
            WITH_ACTIVITY => Primary::WithActivity,
            percent => Primary::Percent(Decimal::from_quanta(percent).ok()?),
        };
        let quality = quality(self.ratings(slot))?;
        SourceValue::new(categories, passed.gwp, primary, quality).ok()
    }
}

pub(super) fn share(primary: Primary) -> Share {
    match primary {
        Primary::WithActivity => WITH_ACTIVITY,
        Primary::Percent(percent) => percent.quanta(),
    }
}

pub(super) fn of_quality(quality: Option<Quality>) -> Ratings {
    // OK because a rating is at most 5: 43 bits.
    let narrow = |rating: Decimal| i64::try_from(rating.quanta()).unwrap_or(i64::MAX);
    quality.map_or(Ratings::default(), |of| [of.geography, of.technology, of.time].map(narrow))
}

/// None where a number is out of range; nothing where there are no ratings.
fn quality(ratings: Ratings) -> Option<Option<Quality>> {
    if ratings == Ratings::default() {
        return Some(None);
    }
    let [geography, technology, time] = ratings.map(|rating| Decimal::from_quanta(rating.into()));
    Quality::new(geography.ok()?, technology.ok()?, time.ok()?).ok().map(Some)
}
