//! What the calculation chose for one product, statement by statement, for the rules that look at
//! statements and not at figures.

use crate::calc::allocation::Share;
use crate::calc::lower::Lowering;
use crate::calc::scope::{Half, Part, UnitsOf};
use crate::calc::{Held, Inventory, Request};
use crate::model::wide::Wide;
use crate::model::{Activity, Boundary, Period, ProductId, Stage, Text};

/// The choices for one request, made product by product.
pub(crate) struct Choices<'a>(Lowering<'a>);

/// One unit process of a product with the statements that count.
pub(crate) struct Choice<'a> {
    pub(crate) stage: Stage,
    pub(crate) process: &'a Text,
    /// Statements whose flows count.
    pub(crate) uses: Vec<Used<'a>>,
    /// Outputs whose units count.
    pub(crate) made: Vec<ChosenOutput<'a>>,
    /// Whose units it is divided by.
    pub(crate) units: UnitsOf,
}

/// A statement whose flows count.
pub(crate) struct Used<'a> {
    pub(crate) held: &'a Held<Activity>,
    /// The product's share; none where that cannot be known.
    pub(crate) share: Option<Share>,
    /// Of a reading that is shared: from the first to the last day of output of what it concerns.
    pub(crate) shared_over: Option<Period>,
}

/// An output that counts.
#[derive(Clone, Copy)]
pub(crate) struct ChosenOutput<'a> {
    pub(crate) held: &'a Held<Activity>,
    /// Declared units, in 1e-18; none where they do not convert.
    pub(crate) units: Option<Wide>,
    /// It was measured inside the period.
    pub(crate) measured: bool,
}

impl<'a> Choices<'a> {
    pub(crate) fn new(inventory: &'a Inventory, request: &'a Request) -> Self {
        Self(Lowering::new(inventory, request))
    }

    /// The processes of a product, by any of its ids, over its whole life.
    pub(crate) fn of(&mut self, product: &ProductId) -> Vec<Choice<'a>> {
        let Some(number) = self.0.catalogue.number(product) else { return Vec::new() };
        let batch = self.0.catalogue.request.batch.as_ref();
        let Some(selector) = self.0.catalogue.selector(number, batch) else { return Vec::new() };
        let (mut errors, mut notes, mut selected) = (Vec::new(), Default::default(), Vec::new());
        for half in [Half::Gate, Half::Beyond(Boundary::Grave)] {
            selected.extend(selector.select(half, &mut errors, &mut notes));
        }
        let activities = self.0.catalogue.activities;
        let mut choices = Vec::with_capacity(selected.len());
        for process in selected {
            let mut uses = Vec::with_capacity(process.uses.len());
            for (activity, part) in process.uses {
                let Some(held) = activities.get(activity as usize) else { continue };
                let (share, shared_over) = self.share(number, activity, part);
                uses.push(Used { held, share, shared_over });
            }
            let made = process.made.iter().filter_map(|made| {
                let held = activities.get(made.activity as usize)?;
                let units = self.0.units(number, made).ok().flatten();
                Some(ChosenOutput { held, units, measured: made.measured })
            });
            let (stage, units) = (process.stage, process.units);
            choices.push(Choice { stage, process: process.process, uses, made: made.collect(), units });
        }
        choices
    }

    fn share(&mut self, number: usize, activity: u32, part: Part) -> (Option<Share>, Option<Period>) {
        match part {
            Part::Whole => (Some(Share::ONE), None),
            Part::Output(output) => (self.0.catalogue.share_of_output(activity, output), None),
            Part::Shared => {
                let shared = self.0.share_out(activity);
                (shared.faults.is_empty().then(|| shared.share(number)), shared.shared_over)
            }
        }
    }
}
