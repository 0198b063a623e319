//! A publication that stands already: the same figures, fields and validity, published before and
//! still in force; or the same figures, withdrawn since. Compares; decides nothing.

use super::found::{ever, finals, find, successor};
use super::{Prepared, PublishError};
use crate::codec::figures_digest;
use crate::ledger::Ledger;
use crate::model::{FootprintId, Publication, PublicationStatus, StatementId};
use crate::store::Reader;

/// What the ledger says already of the figures that are to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Nothing like it is published.
    New,
    /// This publication says the same and is in force.
    Published((StatementId, Box<Publication>)),
    /// This footprint said the same and was withdrawn.
    Withdrawn(FootprintId),
}

/// Whether a publication with these figures and fields is in force, or was withdrawn.
///
/// # Errors
/// [`PublishError::Ledger`] where a statement cannot be read.
pub fn standing<S: Reader>(ledger: &Ledger<S>, prepared: &Prepared) -> Result<Standing, PublishError> {
    let new = &prepared.publication;
    let same_figures = |old: &Publication| Ok::<_, PublishError>(figures_digest(old)? == prepared.digest);
    let finals = finals(ledger, &new.product)?;
    let mut withdrawn = None;
    for (holds, old) in ever(ledger, &new.product, new.status)?.into_iter().rev() {
        if !same_figures(&old)? {
            continue;
        }
        if !holds {
            withdrawn.get_or_insert(old.footprint);
        } else if same_fields(&old, new) && successor(&finals, &old.footprint).is_none() {
            let (id, found) = find(ledger, &old.footprint)?;
            return Ok(Standing::Published((id, Box::new(found))));
        }
    }
    // A draft binds nobody.
    let withdrawn = withdrawn.filter(|_| new.status == PublicationStatus::Final);
    Ok(withdrawn.map_or(Standing::New, Standing::Withdrawn))
}

/// Equal in all that a publisher says beside the figures.
fn same_fields(old: &Publication, new: &Publication) -> bool {
    old.comment == new.comment
        && old.claims == new.claims
        && old.outbound_excluded == new.outbound_excluded
        && old.validity.end() == new.validity.end()
}
