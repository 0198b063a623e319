//! What an import says beside its result: what flows name and is not in the ledger, and what is
//! allowed and yet most often a slip. It refuses nothing.

use std::collections::{BTreeMap, HashSet};

use pcf_ledger::admission::Book;
use pcf_ledger::model::{ActorId, Date, FactorId, FlowSource, Statement, StatementKind};

use super::unlikely;
use crate::session::Session;
use crate::{DeskError, Note};

/// What was seen of an import so far.
#[derive(Debug, Default)]
pub struct Doubts {
    /// The first days after periods that look like last days of months, with the first place of
    /// each.
    ends: BTreeMap<Date, (String, Date)>,
    /// Signers nobody has enrolled, with the first place of each.
    signers: BTreeMap<ActorId, String>,
    /// Factors and products whose numbers are hardly what was meant, with their places.
    unlikely: Vec<(String, String)>,
    /// What this import brings itself.
    coming: HashSet<String>,
    /// Factors that flows name and the ledger was seen to hold: most rows name the same few.
    held: HashSet<FactorId>,
    /// What flows name and the ledger does not hold, with how many flows name it.
    missing: BTreeMap<String, usize>,
}

/// How many slips of one kind are noted one by one.
const NOTED_MAX: usize = 10;

impl Doubts {
    /// Looks at a statement that is to be appended.
    ///
    /// # Errors
    /// [`DeskError::Ledger`].
    pub fn see(
        &mut self,
        book: &Book,
        statement: &Statement,
        place: impl Fn() -> String,
    ) -> Result<(), DeskError> {
        match statement {
            Statement::Activity(activity) => {
                let end = activity.period.end();
                let first = activity.period.start().day() == 1;
                if let Some(next) = end.next_day().ok().filter(|next| first && next.day() == 1) {
                    self.ends.entry(end).or_insert_with(|| (place(), next));
                }
                for flow in &activity.flows {
                    self.need(book, &flow.source)?;
                }
            }
            Statement::Factor(factor) => {
                self.coming.insert(format!("factor:{}", factor.factor));
                self.unlikely.extend(unlikely::factor(factor).map(|sentence| (place(), sentence)));
            }
            Statement::SupplierFootprint(footprint) => {
                self.coming.insert(format!("footprint:{}", footprint.footprint));
            }
            Statement::Product(product) => {
                self.unlikely.extend(unlikely::product(product).map(|sentence| (place(), sentence)));
                self.coming.extend(product.ids.iter().map(|id| format!("product:{id}")));
                let named = product.processes.iter().flat_map(|process| &process.signers);
                for signer in named {
                    if book.actor(signer)?.is_none() {
                        self.signers.entry(signer.clone()).or_insert_with(&place);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn need(&mut self, book: &Book, source: &FlowSource) -> Result<(), DeskError> {
        let mut missing = |name: String| *self.missing.entry(name).or_insert(0) += 1;
        match source {
            FlowSource::Factor { factor, upstream } => {
                for id in std::iter::once(factor).chain(upstream) {
                    if self.held.contains(id) {
                        continue;
                    }
                    match book.factor(id)? {
                        Some(_) => drop(self.held.insert(id.clone())),
                        None => missing(format!("factor:{id}")),
                    }
                }
            }
            FlowSource::Product(id) if book.product(id)?.is_none() => missing(format!("product:{id}")),
            FlowSource::Footprint(id)
                if book.live(StatementKind::SupplierFootprint, id.as_str())?.is_none() =>
            {
                missing(format!("footprint:{id}"));
            }
            _ => {}
        }
        Ok(())
    }

    /// Notes what is allowed and yet is most often a slip: a period that ends with the last day of
    /// a month, a signer nobody has enrolled.
    pub fn note(&self, session: &dyn Session) {
        for (end, (place, next)) in self.ends.iter().take(NOTED_MAX) {
            session.note(&Note::LastDay { place: place.clone(), end: *end, next: *next });
        }
        if let Some(more) = self.ends.len().checked_sub(NOTED_MAX).filter(|more| *more > 0) {
            session.note(&Note::MoreLastDays(more));
        }
        for (place, sentence) in self.unlikely.iter().take(NOTED_MAX) {
            session.note(&Note::Unlikely { place: place.clone(), sentence: sentence.clone() });
        }
        for (signer, place) in &self.signers {
            session.note(&Note::SignerUnknown { place: place.clone(), signer: signer.clone() });
        }
    }

    /// What flows name that is neither in the ledger nor in the import.
    pub fn unresolved(&self) -> BTreeMap<String, usize> {
        let missing = self.missing.iter().filter(|(name, _)| !self.coming.contains(*name));
        missing.map(|(name, flows)| (name.clone(), *flows)).collect()
    }
}
