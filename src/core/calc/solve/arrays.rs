//! The gate rows of products whose numbers are small enough, as flat arrays in the order of
//! calculation: 64-bit amounts without common factors. What is left out here is summed in full
//! width ([`exact`](super::exact)).

use std::collections::BTreeMap;

use super::components::Components;
use super::exact::left_out;
use super::guards;
use super::loops::common_factor;
use super::stand_in::StandIns;
use crate::calc::lower::{Line, LineSource, Lowering, index};
use crate::calc::rows::{Row, Rows, Side};
use crate::calc::scope::Half;
use crate::model::Co2e;
use crate::model::wide::{Wide, product, sum};

const WHAT: &str = "unit process";

/// The amounts of a row sum to less than this, so that times a 64-bit figure they fit 128 bits.
const AMOUNTS_MAX: i64 = 1 << 62;

/// The amounts of a row, with their common factors, sum to less than this, so that times a mass of
/// CO2e (below 2^110) nothing leaves 256 bits: no sum in full width would have overflowed.
const FACTORS_MAX: Wide = Wide::from_words(1 << (143 - 128), 0);

/// A row has at most so many lines, so that what they weigh fits 128 bits.
const LINES_MAX: usize = 1 << 20;

/// A row in small numbers. Its lines end where those of the next begin.
#[derive(Debug, Clone, Copy)]
pub(super) struct NarrowRow {
    /// Declared units times parts, reduced.
    pub(super) divisor: i64,
    pub(super) first: u32,
    /// Its place among all rows.
    pub(super) row: u32,
    /// True where some line enters an of-which line whole.
    pub(super) whole: bool,
}

/// The lines of a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lines<'s> {
    /// Amounts, reduced.
    pub(super) amounts: &'s [i64],
    /// Where each source's figures are: fixed ones first, then products by number.
    pub(super) slots: &'s [u32],
    /// [`Line::marks`], and above them the place of the statement's rating plus one.
    pub(super) marks: &'s [u32],
}

/// Rows in the order of calculation.
#[derive(Debug, Default)]
pub(in crate::calc) struct Arrays {
    /// How many fixed sources there are: the slot of the first product.
    pub(super) fixed: usize,
    /// Rows of each product by number; none where it is summed in full width.
    of: Vec<Option<(u32, u32)>>,
    /// One row more than there are.
    rows: Vec<NarrowRow>,
    amounts: Vec<i64>,
    slots: Vec<u32>,
    marks: Vec<u32>,
    /// kg left out per declared unit, by place of the row, where it is not zero.
    left_out: BTreeMap<u32, Co2e>,
    /// Biogenic carbon of the products that state some, in 1e-15 kg.
    carbon: BTreeMap<u32, i128>,
}

/// Bits of a mark that are a line's own.
const MARK_BITS: u32 = 3;

/// One row in the making.
#[derive(Default)]
struct Scratch {
    factors: Vec<Wide>,
}

impl Arrays {
    pub(super) fn new(
        lowering: &Lowering<'_>,
        rows: &Rows<'_>,
        components: &Components,
        stand_ins: &StandIns<'_>,
    ) -> Self {
        let mut arrays =
            Self { fixed: lowering.sources.all().len(), of: vec![None; rows.products()], ..Self::default() };
        let mut scratch = Scratch::default();
        for number in components.iter().flatten() {
            if rows.is_sound(*number as usize) {
                arrays.add(lowering, rows, stand_ins, *number, &mut scratch);
            }
        }
        arrays.end();
        arrays
    }

    fn end(&mut self) {
        self.rows.push(NarrowRow { divisor: 1, first: index(self.slots.len()), row: 0, whole: false });
    }

    /// Adds the rows of one product, or none of them where one needs its full width.
    fn add(
        &mut self,
        lowering: &Lowering<'_>,
        rows: &Rows<'_>,
        stand_ins: &StandIns<'_>,
        number: u32,
        scratch: &mut Scratch,
    ) {
        let at = number as usize;
        if rows.recycled(at, Half::Gate).next().is_some() {
            return;
        }
        let (first, lines) = (self.rows.len(), self.slots.len());
        for place in rows.of(at, Side::Gate) {
            let Some(row) = rows.row(place) else { continue };
            if self.row(lowering, rows, stand_ins, (place, row), scratch).is_none() {
                self.rows.truncate(first);
                self.slots.truncate(lines);
                self.amounts.truncate(lines);
                self.marks.truncate(lines);
                return;
            }
        }
        if let Some(slot) = self.of.get_mut(at) {
            *slot = Some((index(first), index(self.rows.len())));
        }
        let carbon = lowering.catalogue.product(at).and_then(guards::carbon_held);
        self.carbon.extend(carbon.map(|carbon| (number, carbon)));
    }

    /// Adds one row; none where 64 bits do not hold it.
    fn row(
        &mut self,
        lowering: &Lowering<'_>,
        rows: &Rows<'_>,
        stand_ins: &StandIns<'_>,
        (place, row): (u32, &Row<'_>),
        scratch: &mut Scratch,
    ) -> Option<()> {
        let units = row.units?;
        let first = index(self.slots.len());
        let (mut excluded, mut seen) = (Wide::ZERO, 0);
        scratch.factors.clear();
        for pick in rows.picks(row) {
            let statement = lowering.lowered.statement(pick.statement)?;
            let taken = Wide::new(pick.taken?);
            for line in lowering.lowered.lines(statement) {
                scratch.factors.push(product(line.ratio, taken, WHAT).ok()?);
                self.slots.push(self.slot(line.source, stand_ins));
                self.marks.push(u32::from(line.marks()) | statement.quality << MARK_BITS);
                seen |= line.marks();
            }
            for (_, estimate) in lowering.lowered.excluded(statement) {
                let part = product(Wide::new(estimate.quanta()), taken, WHAT).ok()?;
                excluded = sum(excluded, part, WHAT).ok()?;
            }
        }
        let divisor = self.reduce(product(units, Wide::new(row.parts), WHAT).ok()?, scratch)?;
        let kg = left_out(excluded, units, row.parts).ok()?;
        if !kg.is_zero() {
            self.left_out.insert(place, kg);
        }
        self.rows.push(NarrowRow { divisor, first, row: place, whole: Line::whole_of(seen).is_some() });
        Some(())
    }

    /// Adds the amounts of a row without common factors and gives the divisor; none where 64 bits
    /// do not hold them.
    fn reduce(&mut self, divisor: Wide, scratch: &Scratch) -> Option<i64> {
        let factors = &scratch.factors;
        let total = factors.iter().try_fold(Wide::ZERO, |total, f| sum(total, f.abs(), WHAT)).ok()?;
        if divisor <= 0 || divisor >= FACTORS_MAX || total >= FACTORS_MAX || factors.len() >= LINES_MAX {
            return None;
        }
        let common = factors.iter().fold(divisor, |common, f| common_factor(common, f.abs()));
        let fits = |value: Wide| i64::try_from(value).ok().filter(|v| *v < AMOUNTS_MAX);
        fits(exactly(total, common))?;
        for factor in factors {
            self.amounts.push(i64::try_from(exactly(*factor, common)).ok()?);
        }
        fits(exactly(divisor, common))
    }

    fn slot(&self, source: LineSource, stand_ins: &StandIns<'_>) -> u32 {
        match source {
            LineSource::Fixed(at) => at,
            LineSource::Product(number) => match stand_ins.source(number as usize) {
                Some(LineSource::Fixed(at)) => at,
                _ => index(self.fixed) + number,
            },
        }
    }

    /// The rows of a product; none where it is summed in full width.
    pub(super) fn rows_of(&self, number: usize) -> Option<std::ops::Range<usize>> {
        self.of.get(number).copied().flatten().map(|(from, to)| from as usize..to as usize)
    }

    /// How many rows there are.
    pub(super) fn count(&self) -> usize {
        self.rows.len() - 1 // OK because there is one more.
    }

    pub(super) fn row_at(&self, at: usize) -> Option<(&NarrowRow, Lines<'_>)> {
        let (row, next) = (self.rows.get(at)?, self.rows.get(at + 1)?);
        let range = row.first as usize..next.first as usize;
        let (amounts, slots) = (self.amounts.get(range.clone())?, self.slots.get(range.clone())?);
        Some((row, Lines { amounts, slots, marks: self.marks.get(range)? }))
    }

    /// kg left out per declared unit of a row.
    pub(super) fn left_out(&self, row: u32) -> Co2e {
        self.left_out.get(&row).copied().unwrap_or(Co2e::ZERO)
    }

    /// Biogenic carbon that a product states, in 1e-15 kg.
    pub(super) fn carbon(&self, number: u32) -> Option<i128> {
        self.carbon.get(&number).copied()
    }
}

/// `value / factor` of a factor above zero that leaves nothing; 128 bits divide faster than 256.
fn exactly(value: Wide, factor: Wide) -> Wide {
    match (i128::try_from(value), i128::try_from(factor)) {
        (Ok(value), Ok(factor)) => Wide::new(value / factor),
        _ => value / factor,
    }
}

/// A line's own marks.
#[allow(clippy::cast_possible_truncation, reason = "the three lowest bits alone")]
pub(super) const fn own_marks(marks: u32) -> u8 {
    (marks & ((1 << MARK_BITS) - 1)) as u8
}

/// The place of a statement's rating plus one.
pub(super) const fn rating_of(marks: u32) -> u32 {
    marks >> MARK_BITS
}
