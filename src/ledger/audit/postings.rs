//! By what a statement can be found again: 12 bytes for each product that it makes or declares, and for each id or certificate that
//! others name. They are hashes: two texts with the same one only make the audit look at a statement too many.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use crate::admission::shelf::{Shelf, Sorted};
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
pub(super) struct Postings(Sorted<12>);

impl Postings {
    pub(super) fn on(shelf: &Arc<dyn Shelf>) -> Self {
        Self(Sorted::on(Some(shelf)))
    }

    pub(super) fn push(&mut self, key: Key, number: u32) {
        let mut record = [0; 12];
        let (first, last) = record.split_at_mut(8);
        first.copy_from_slice(&key.to_be_bytes());
        last.copy_from_slice(&number.to_be_bytes());
        self.0.push(record);
    }

    /// Makes what was pushed ready to be found.
    pub(super) fn sort(&mut self) {
        self.0.sort();
    }

    /// The numbers of the statements with this key, ascending.
    pub(super) fn find(&self, of: &Of<'_>) -> impl Iterator<Item = u32> {
        let found = self.0.with_prefix(&of.key().to_be_bytes()).into_iter();
        found.map(|[.., a, b, c, d]| u32::from_be_bytes([a, b, c, d]))
    }
}
