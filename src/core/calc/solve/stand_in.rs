//! Which publications take the place of products without data. Chosen before anything is solved,
//! from what the statements lack; a product that fails for any other reason has none.

use std::collections::{BTreeMap, BTreeSet};

use super::components::Components;
use super::exact::Exact;
use super::order::{self, Step};
use super::values::Values;
use crate::calc::CalcError;
use crate::calc::lower::source::{GwpSets, SourceValue};
use crate::calc::lower::{LineSource, Lowering, index};
use crate::calc::rows::{Rows, Side};
use crate::calc::{FlowProblem, Held};
use crate::model::{ByCategory, Co2e, Product, ProductId, Publication, PublicationStatus, Quantity};

/// Publications by the number of the product whose place they take.
#[derive(Debug, Clone, Default)]
pub(in crate::calc) struct StandIns<'a>(BTreeMap<usize, (LineSource, &'a Held<Publication>)>);

impl<'a> StandIns<'a> {
    /// The source that takes a product's place.
    pub(in crate::calc) fn source(&self, number: usize) -> Option<LineSource> {
        self.0.get(&number).map(|(source, _)| *source)
    }

    /// The publication that takes a product's place.
    pub(in crate::calc) fn publication(&self, number: usize) -> Option<&'a Held<Publication>> {
        self.0.get(&number).map(|(_, held)| *held)
    }

    pub(super) fn numbers(&self) -> impl Iterator<Item = usize> {
        self.0.keys().copied()
    }

    pub(super) fn remove(&mut self, number: usize) {
        self.0.remove(&number);
    }

    /// Chooses among the publications of the inventory; says of which products the publication
    /// cannot take the place.
    pub(super) fn choose(
        lowering: &mut Lowering<'a>,
        rows: &Rows<'a>,
        components: &Components,
    ) -> (Self, BTreeMap<usize, CalcError>) {
        let (candidates, mut refused) = candidates(lowering, rows);
        if candidates.0.is_empty() && refused.is_empty() {
            return (candidates, refused);
        }
        let count = rows.products();
        let mut judged = Judged {
            lowering,
            rows,
            candidates: &candidates,
            fails: vec![false; count],
            otherwise: vec![false; count],
        };
        order::walk(rows, components, &mut judged);
        let chosen: BTreeMap<_, _> = candidates
            .0
            .iter()
            .filter(|(number, _)| judged.lacks_data(**number))
            .map(|(n, c)| (*n, *c))
            .collect();
        let consumed: BTreeSet<u32> = (0..count).flat_map(|number| rows.inputs(number)).copied().collect();
        refused.retain(|number, _| judged.lacks_data(*number) && consumed.contains(&index(*number)));
        (Self(chosen), refused)
    }
}

/// The newest final publication of each product whose validity covers the period; one of a single
/// batch never stands for the product. Apart, those whose figures are per something else.
fn candidates<'a>(
    lowering: &mut Lowering<'a>,
    rows: &Rows<'a>,
) -> (StandIns<'a>, BTreeMap<usize, CalcError>) {
    let (mut found, mut refused) = (BTreeMap::new(), BTreeMap::new());
    for held in &lowering.catalogue.inventory.publications {
        let publication = &held.statement;
        let fits = publication.status == PublicationStatus::Final
            && publication.batch.is_none()
            && publication.validity.covers(lowering.catalogue.request.period);
        let number = lowering.catalogue.number(&publication.product).filter(|_| fits);
        let Some(number) = number.filter(|number| rows.is_needed(*number)) else { continue };
        let Some((id, product)) = lowering.catalogue.products.get(number).copied() else { continue };
        match lowering.sources.publication(held, id, &product.statement) {
            Ok(Some(source)) => {
                found.insert(number, (source, held));
                refused.remove(&number);
            }
            Ok(None) => {
                found.remove(&number);
                refused.insert(number, per_another(lowering, held, (id, &product.statement)));
            }
            // A publication whose figures do not add up within the exact range stands for nothing.
            Err(_) => {}
        }
    }
    (StandIns(found), refused)
}

fn per_another(
    lowering: &Lowering<'_>,
    held: &Held<Publication>,
    (id, product): (&ProductId, &Product),
) -> CalcError {
    let then = lowering.catalogue.inventory.declared.get(&held.id).copied().flatten();
    let told = |unit: Quantity| format!("{} {}", unit.amount, unit.unit);
    let then = then.map_or_else(|| "a declared unit that is not known here".to_owned(), |of| told(of.unit));
    CalcError::PublishedPer {
        product: id.clone(),
        publication: held.statement.footprint.clone(),
        then: then.into(),
        now: told(product.declared_unit).into(),
    }
}

/// Products judged by what their statements lack, as if every number could be calculated.
struct Judged<'j, 'a> {
    lowering: &'j Lowering<'a>,
    rows: &'j Rows<'a>,
    candidates: &'j StandIns<'a>,
    fails: Vec<bool>,
    /// Those that fail, and not for lack of data alone.
    otherwise: Vec<bool>,
}

impl Judged<'_, '_> {
    fn lacks_data(&self, number: usize) -> bool {
        let of = |flags: &[bool]| flags.get(number).is_some_and(|flag| *flag);
        of(&self.fails) && !of(&self.otherwise)
    }

    /// Judges one product, whose inputs are judged; those inside its own loop do not count.
    fn judge(&mut self, number: u32, inside: &[u32]) -> bool {
        let (mut fails, mut otherwise) = (false, false);
        if !self.rows.is_sound(number as usize) {
            let mut errors = Vec::new();
            let exact = Exact { lowering: self.lowering, rows: self.rows, values: &Nothing };
            exact.gate(number as usize, Side::Gate, None, &mut errors);
            fails = !errors.is_empty();
            otherwise = fails && errors.iter().any(|error| !matches!(error, CalcError::NoData { .. }));
        }
        for input in self.rows.inputs(number as usize) {
            let at = *input as usize;
            let input_fails = inside.binary_search(input).is_err() && self.fails.get(at) == Some(&true);
            if !input_fails {
                continue;
            }
            if !self.lacks_data(at) {
                (fails, otherwise) = (true, true);
            } else if self.candidates.source(at).is_none() {
                fails = true;
            }
        }
        for (flags, flag) in [(&mut self.fails, fails), (&mut self.otherwise, otherwise)] {
            if let Some(slot) = flags.get_mut(number as usize) {
                *slot = flag;
            }
        }
        fails
    }
}

impl Step for Judged<'_, '_> {
    fn one(&mut self, number: u32) {
        self.judge(number, &[]);
    }

    fn several(&mut self, members: &[u32]) -> Vec<u32> {
        members.iter().copied().filter(|number| self.judge(*number, members)).collect()
    }
}

/// True where all that fails is data that is not there, here or in what is consumed.
pub(super) fn is_lack_of_data(
    errors: &[CalcError],
    lacks: impl Fn(&crate::model::ProductId) -> bool,
) -> bool {
    errors.iter().all(|error| match error {
        CalcError::NoData { .. } | CalcError::PublishedPer { .. } => true,
        CalcError::Flow { problem: FlowProblem::InputFails { product }, .. } => lacks(product),
        _ => false,
    })
}

/// Every product as nothing.
struct Nothing;

impl Values for Nothing {
    fn product(&self, _: usize) -> Option<SourceValue> {
        Some(SourceValue::nothing())
    }

    fn stand_in(&self, _: usize) -> Option<LineSource> {
        None
    }

    fn solved(&self, _: usize, _: u32) -> Option<(ByCategory<Co2e>, GwpSets)> {
        None
    }
}
