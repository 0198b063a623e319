//! Whose the ids are that a statement speaks of, and of which products its signer may speak.

use super::{Case, Pending};
use crate::admission::Refusal;
use crate::admission::lists::Owned;
use crate::admission::said::SaidRef;
use crate::model::{Header, ProductId, Statement, StatementKind};

impl Pending<'_> {
    /// The domain ids that a statement speaks of are its signer's, or nobody's yet.
    pub(super) fn check_owned(&self, said: SaidRef<'_>, case: &Case<'_>) -> Result<(), Refusal> {
        match said {
            SaidRef::Whole(Statement::Product(s)) => {
                s.ids.iter().try_for_each(|id| self.owned(&Owned::Product(id)))
            }
            SaidRef::Whole(Statement::Factor(s)) => self.owned(&Owned::Factor(&s.factor)),
            SaidRef::Whole(Statement::SupplierFootprint(_)) => self.received(case),
            SaidRef::Whole(Statement::Publication(s)) => self.owned(&Owned::Footprint(&s.footprint)),
            SaidRef::Header(Header::Factor(said)) => self.owned(&Owned::Factor(&said.factor)),
            SaidRef::Header(Header::SupplierFootprint(_)) => self.received(case),
            SaidRef::Whole(_) | SaidRef::Header(_) => Ok(()),
        }
    }

    /// A supplier's footprint is the supplier's: who recorded it keeps others from another document of it only as long as that statement
    /// lives, so that a false one goes with the operator's withdrawal.
    fn received(&self, case: &Case<'_>) -> Result<(), Refusal> {
        let Some(live) = self.live_like(case) else { return Ok(()) };
        let Some(held) = self.lookup(&live)? else { return Ok(()) };
        if held.by == self.actor {
            return Ok(());
        }
        Err(Refusal::Recorded { live: held.id, by: held.by.clone(), actor: self.actor.clone() })
    }

    /// A domain id belongs to whom said it first.
    fn owned(&self, owned: &Owned<'_>) -> Result<(), Refusal> {
        let Some(owner) = self.book.owner(owned)?.filter(|owner| *owner != self.actor) else { return Ok(()) };
        let (kind, id) = match owned {
            Owned::Product(id) => (StatementKind::Product, id.to_string()),
            Owned::Factor(id) => (StatementKind::Factor, id.to_string()),
            Owned::Footprint(id) => (StatementKind::Publication, id.to_string()),
        };
        Err(Refusal::Owned { kind, id, owner, actor: self.actor.clone() })
    }

    /// Rights that name products hold for those only.
    pub(super) fn right_to(&self, product: &ProductId) -> Result<(), Refusal> {
        let named = self.rights.as_ref().and_then(|rights| rights.products.as_ref());
        if named.is_none_or(|products| products.contains(product)) {
            return Ok(());
        }
        Err(Refusal::NoProduct { actor: self.actor.clone(), product: product.clone() })
    }
}
