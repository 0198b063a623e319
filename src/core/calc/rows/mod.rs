//! The unit processes of products as rows: which statements each sums, with what share, and over
//! how many declared units. Decided once for a product and half of its life; every sum, trace and
//! draw goes over the same rows.

mod chosen;
mod reach;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::CalcError;
use super::allocation::{self, Share};
use super::lower::{Lowering, index};
use super::recycling::Recycled;
use super::scope::{Half, Part, Selected};
use crate::model::wide::Wide;
use crate::model::{Boundary, Exemptions, Stage, Text, ValueError};

pub(crate) use chosen::{Choice, Choices, ChosenOutput, Used};

/// Which rows of a product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Side {
    /// To the gate, as others consume it.
    Gate,
    /// To the gate, of the batch asked for.
    Batch,
    /// Beyond the gate, of the batch asked for if one is.
    Beyond,
}

/// One statement whose flows count in a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pick {
    /// The statement, by its lowered number.
    pub(super) statement: u32,
    /// How many of the row's parts of it count; none where it has no share.
    pub(super) taken: Option<i128>,
    /// It is a reading that is shared.
    pub(super) is_shared: bool,
}

impl Pick {
    /// The share of its flows.
    pub(super) fn share(&self, row: &Row<'_>) -> Option<Share> {
        self.taken.map(|taken| Share::of_parts(taken, row.parts))
    }
}

/// A unit process of a product.
#[derive(Debug, Clone)]
pub(super) struct Row<'a> {
    /// The product.
    pub(super) number: usize,
    pub(super) stage: Stage,
    pub(super) process: &'a Text,
    picks: Range<u32>,
    made: Range<u32>,
    /// Shares are so many-th parts: 1 where each flow counts whole.
    pub(super) parts: i128,
    /// Declared units of good output that its sum is divided by, in 1e-18; none where an output
    /// does not convert, or nothing was made.
    pub(super) units: Option<Wide>,
}

/// The rows of every product that is needed.
#[derive(Default)]
pub(super) struct Rows<'a> {
    rows: Vec<Row<'a>>,
    picks: Vec<Pick>,
    /// The statements whose outputs count, by place in the inventory.
    made: Vec<u32>,
    /// By product and side.
    ranges: Vec<[Range<u32>; 3]>,
    /// Products that are needed.
    needed: Vec<bool>,
    /// Products whose statements are in order up to the gate, as far as that does not depend on
    /// what they consume.
    sound: Vec<bool>,
    /// What each product consumes up to its gate: a part of `targets`, sorted.
    inputs: Vec<Range<u32>>,
    targets: Vec<u32>,
    /// Product statements that do not hold together.
    invalid: BTreeMap<usize, ValueError>,
    faults: BTreeMap<(usize, Side), Vec<CalcError>>,
    notes: BTreeMap<(usize, Side), BTreeSet<String>>,
    recycled: BTreeMap<usize, Vec<Recycled>>,
}

impl<'a> Rows<'a> {
    pub(super) fn row(&self, at: u32) -> Option<&Row<'a>> {
        self.rows.get(at as usize)
    }

    pub(super) fn picks(&self, row: &Row<'a>) -> &[Pick] {
        self.picks.get(row.picks.start as usize..row.picks.end as usize).unwrap_or_default()
    }

    /// The statements whose outputs count in a row, by place in the inventory.
    pub(super) fn made(&self, row: &Row<'a>) -> &[u32] {
        self.made.get(row.made.start as usize..row.made.end as usize).unwrap_or_default()
    }

    pub(super) fn of(&self, number: usize, side: Side) -> Range<u32> {
        self.ranges.get(number).map_or(0..0, |sides| sides[side as usize].clone())
    }

    /// How many products there are, needed or not.
    pub(super) fn products(&self) -> usize {
        self.needed.len()
    }

    pub(super) fn is_needed(&self, number: usize) -> bool {
        self.needed.get(number).is_some_and(|needed| *needed)
    }

    pub(super) fn is_sound(&self, number: usize) -> bool {
        self.sound.get(number).is_some_and(|sound| *sound)
    }

    /// What a product consumes up to its gate, sorted.
    pub(super) fn inputs(&self, number: usize) -> &[u32] {
        let range = self.inputs.get(number).map(|range| range.start as usize..range.end as usize);
        range.and_then(|range| self.targets.get(range)).unwrap_or_default()
    }

    /// What is wrong with a product statement itself.
    pub(super) fn invalid(&self, number: usize) -> Option<&ValueError> {
        self.invalid.get(&number)
    }

    /// What is wrong with the choice of statements.
    pub(super) fn faults(&self, number: usize, side: Side) -> &[CalcError] {
        self.faults.get(&(number, side)).map_or(&[], Vec::as_slice)
    }

    /// Adds what is wrong with a product to the gate that fails already.
    pub(super) fn add_fault(&mut self, number: usize, fault: CalcError) {
        self.faults.entry((number, Side::Gate)).or_default().push(fault);
    }

    /// What a reader must know of the choice of statements.
    pub(super) fn notes(&self, number: usize, side: Side) -> impl Iterator<Item = &String> {
        self.notes.get(&(number, side)).into_iter().flatten()
    }

    /// What a product's recycled material gives on one side.
    pub(super) fn recycled(&self, number: usize, half: Half) -> impl Iterator<Item = &Recycled> {
        self.recycled.get(&number).into_iter().flatten().filter(move |part| part.is_of(half))
    }

    /// Chooses the statements of one side of a product and lowers those that were not needed
    /// before.
    fn choose(&mut self, lowering: &mut Lowering<'a>, number: usize, side: Side) {
        let catalogue = &lowering.catalogue;
        let batch = catalogue.request.batch.as_ref().filter(|_| side != Side::Gate);
        let Some(selector) = catalogue.selector(number, batch) else { return };
        let half = half_of(side, catalogue.request.boundary.unwrap_or(selector.product.boundary));
        let (mut faults, mut notes) = (Vec::new(), BTreeSet::new());
        let selected = selector.select(half, &mut faults, &mut notes);
        let asked = batch.map(|name| (number, catalogue.places.batch(name)));
        let first = index(self.rows.len());
        for process in selected {
            let row = self.row_of(lowering, number, &process, asked, (&mut faults, &mut notes));
            self.rows.push(row);
        }
        if let Some(sides) = self.ranges.get_mut(number) {
            sides[side as usize] = first..index(self.rows.len());
        }
        if !faults.is_empty() {
            self.faults.insert((number, side), faults);
        }
        if !notes.is_empty() {
            self.notes.insert((number, side), notes);
        }
    }

    /// One process as a row: the shares of its statements, and its units.
    fn row_of(
        &mut self,
        lowering: &mut Lowering<'a>,
        number: usize,
        process: &Selected<'a>,
        batch: Option<(usize, u32)>,
        (faults, notes): (&mut Vec<CalcError>, &mut BTreeSet<String>),
    ) -> Row<'a> {
        let mut picked: Vec<(u32, Option<Share>, bool)> = Vec::with_capacity(process.uses.len());
        for (activity, part) in &process.uses {
            let Some(statement) = lowering.statement(*activity) else { continue };
            let share = match part {
                Part::Whole => Some(Share::ONE),
                Part::Output(output) => {
                    let of = lowering.lowered.statement(statement);
                    of.and_then(|of| lowering.lowered.share(of, *output))
                }
                Part::Shared => {
                    let shared = lowering.share_out(*activity);
                    faults.extend_from_slice(&shared.faults);
                    notes.extend(shared.note.clone());
                    let part = shared.faults.is_empty().then(|| shared.share(number));
                    match batch {
                        Some(batch) => lowering.share_of_batch(*activity, batch),
                        None => part,
                    }
                }
            };
            picked.push((statement, share, *part == Part::Shared));
        }
        let parts = allocation::parts(picked.iter().filter_map(|(_, share, _)| *share));
        let (picks, made) = (index(self.picks.len()), index(self.made.len()));
        let whole = Share::ONE.quanta() / parts; // OK because parts divide the whole.
        self.picks.extend(picked.into_iter().map(|(statement, share, is_shared)| Pick {
            statement,
            taken: share.map(|share| share.quanta() / whole),
            is_shared,
        }));
        self.made.extend(process.made.iter().map(|made| made.activity));
        Row {
            number,
            stage: process.stage,
            process: process.process,
            picks: picks..index(self.picks.len()),
            made: made..index(self.made.len()),
            parts,
            units: units(lowering, number, process, faults),
        }
    }

    /// Whether nothing is wrong with a product up to its gate but what may be wrong with its inputs
    /// or with the size of a number.
    fn judge(&self, lowering: &Lowering<'a>, number: usize) -> bool {
        let Some((_, held)) = lowering.catalogue.products.get(number) else { return false };
        let listed = held.statement.exemptions == Some(Exemptions::Listed);
        let is_sound = |row: &Row<'a>| {
            let of = |pick: &Pick| {
                let Some(statement) = lowering.lowered.statement(pick.statement) else { return false };
                let shared = pick.taken.is_some();
                let left_out = !lowering.lowered.excluded(statement).is_empty();
                shared && !statement.fails && (listed || !left_out)
            };
            row.units.is_some() && self.picks(row).iter().all(of)
        };
        self.invalid(number).is_none()
            && self.faults(number, Side::Gate).is_empty()
            && self.of(number, Side::Gate).filter_map(|at| self.row(at)).all(is_sound)
            && self.recycled(number, Half::Gate).all(|part| !part.fails())
    }
}

/// What a row is divided by; none where something was added to `faults`.
fn units(
    lowering: &Lowering<'_>,
    number: usize,
    process: &Selected<'_>,
    faults: &mut Vec<CalcError>,
) -> Option<Wide> {
    let (mut all, mut fits) = (Wide::ZERO, true);
    for made in &process.made {
        match lowering.units(number, made) {
            // OK because a ratio of two decimals is below 2^200: no number of statements brings a
            // sum near 2^255.
            Ok(Some(more)) => all += more,
            Ok(None) => {}
            Err(error) => {
                faults.push(error);
                fits = false;
            }
        }
    }
    if fits
        && all == 0
        && let Some(product) = lowering.catalogue.id(number)
    {
        faults.push(CalcError::NothingMade {
            product: product.clone(),
            stage: process.stage,
            process: process.process.clone(),
            asked: lowering.catalogue.request.period,
        });
    }
    (fits && all > 0).then_some(all)
}

/// The half of a product's life that a side is of.
pub(super) const fn half_of(side: Side, boundary: Boundary) -> Half {
    match side {
        Side::Gate | Side::Batch => Half::Gate,
        Side::Beyond => Half::Beyond(boundary),
    }
}
