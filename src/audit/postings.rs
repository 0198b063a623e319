//! By what a statement can be found again: 16 bytes for each product that it makes or declares, and for each id or certificate that
//! others name. They are hashes: two texts with the same one only make the audit look at a statement too many.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use crate::model::{FactorId, FootprintId, Kept, ProductId, Statement, Text};

/// A hash of what a statement can be found by.
pub(super) type Key = u64;

/// What a key speaks of.
#[derive(Hash)]
pub(super) enum Of<'a> {
    /// Product statements that list the id.
    Declares(&'a ProductId),
    /// Activities with the output.
    Makes(&'a ProductId),
    /// Publications about the product.
    Publishes(&'a ProductId),
    /// Factor statements.
    Factor(&'a FactorId),
    /// Suppliers' footprints.
    Footprint(&'a FootprintId),
    /// Activities that claim the certificate.
    Instrument(&'a Text),
}

impl Of<'_> {
    pub(super) fn key(&self) -> Key {
        let mut hasher = DefaultHasher::new();
        self.hash(&mut hasher);
        hasher.finish()
    }
}

/// Hands the keys of a statement to `post`.
pub(super) fn of(statement: &Statement, post: &mut dyn FnMut(Key)) {
    match statement {
        Statement::Activity(activity) => {
            for output in &activity.outputs {
                post(Of::Makes(&output.product).key());
            }
            for instrument in activity.flows.iter().filter_map(|flow| flow.instrument.as_ref()) {
                post(Of::Instrument(&instrument.id).key());
            }
        }
        Statement::Product(product) => product.ids.iter().for_each(|id| post(Of::Declares(id).key())),
        Statement::Factor(factor) => post(Of::Factor(&factor.factor).key()),
        Statement::SupplierFootprint(bought) => post(Of::Footprint(&bought.footprint).key()),
        Statement::Publication(publication) => post(Of::Publishes(&publication.product).key()),
        _ => {}
    }
}

/// Hands the keys of a redacted statement to `post`: those that it had before, as far as they stay.
pub(super) fn of_kept(kept: &Kept, post: &mut dyn FnMut(Key)) {
    let facts = &kept.facts;
    if let Some(activity) = &facts.activity {
        activity.products.iter().for_each(|product| post(Of::Makes(product).key()));
        activity.instruments.iter().for_each(|instrument| post(Of::Instrument(instrument).key()));
    }
    facts.factor.iter().for_each(|factor| post(Of::Factor(factor).key()));
    facts.footprint.iter().for_each(|footprint| post(Of::Footprint(footprint).key()));
}

/// Keys with the numbers of the statements in log order.
#[derive(Default)]
pub(super) struct Postings {
    all: Vec<(Key, u32)>,
}

impl Postings {
    pub(super) fn push(&mut self, key: Key, number: u32) {
        self.all.push((key, number));
    }

    /// Makes what was pushed ready to be found.
    pub(super) fn sort(&mut self) {
        self.all.sort_unstable();
    }

    /// The numbers of the statements with this key, ascending.
    pub(super) fn find(&self, of: &Of<'_>) -> impl Iterator<Item = u32> {
        let key = of.key();
        let from = self.all.partition_point(|(k, _)| *k < key);
        self.all.iter().skip(from).take_while(move |(k, _)| *k == key).map(|(_, number)| *number)
    }
}
