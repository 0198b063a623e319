//! Publications of a ledger, and the opinions on them.

use std::collections::BTreeMap;

use super::PublishError;
use crate::admission::{Said, Sought};
use crate::codec::digest::sha256;
use crate::ledger::Ledger;
use crate::model::{
    Digest, FootprintId, ProductId, Publication, PublicationStatus, Statement, StatementId, StatementKind,
};
use crate::store::Reader;

/// A publication that holds by its footprint's UUID.
///
/// # Errors
/// [`PublishError::UnknownPublication`]; [`PublishError::Ledger`].
pub fn find<S: Reader>(
    ledger: &Ledger<S>,
    footprint: &FootprintId,
) -> Result<(StatementId, Publication), PublishError> {
    let unknown = || PublishError::UnknownPublication { footprint: footprint.to_string() };
    let held = ledger.book().live(StatementKind::Publication, footprint.as_str())?;
    let id = held.ok_or_else(unknown)?;
    match ledger.statement(&id)? {
        Statement::Publication(publication) => Ok((id, publication)),
        _ => Err(unknown()),
    }
}

/// The newest publication of a footprint, also where it no longer holds.
///
/// # Errors
/// [`PublishError::UnknownPublication`]; [`PublishError::Ledger`].
pub fn find_ever<S: Reader>(
    ledger: &Ledger<S>,
    footprint: &FootprintId,
) -> Result<(StatementId, Publication), PublishError> {
    let unknown = || PublishError::UnknownPublication { footprint: footprint.to_string() };
    let newest = ledger.book().newest(StatementKind::Publication, sha256(&[footprint.as_str().as_bytes()]));
    let id = newest?.map(|(_, entry)| entry.id).ok_or_else(unknown)?;
    match ledger.statement(&id)? {
        Statement::Publication(publication) => Ok((id, publication)),
        _ => Err(unknown()),
    }
}

/// Every publication that there ever was, drafts and those that no longer hold too, oldest first.
///
/// # Errors
/// [`PublishError::Ledger`] where a statement cannot be read.
pub fn publications<S: Reader>(ledger: &Ledger<S>) -> Result<Vec<Publication>, PublishError> {
    let mut found = Vec::new();
    for (_, entry) in ledger.book().of_kind(StatementKind::Publication)? {
        if let Statement::Publication(publication) = ledger.statement(&entry.id)? {
            found.push(publication);
        }
    }
    Ok(found)
}

/// The publications of a product that hold, drafts or final ones, oldest first.
///
/// # Errors
/// [`PublishError::Ledger`] where a statement cannot be read.
pub fn held<S: Reader>(
    ledger: &Ledger<S>,
    product: &ProductId,
    status: PublicationStatus,
) -> Result<Vec<Publication>, PublishError> {
    let ever = ever(ledger, product, status)?;
    Ok(ever.into_iter().filter_map(|(holds, publication)| holds.then_some(publication)).collect())
}

/// The publications of a product that there ever were, oldest first, each with whether it holds.
pub(super) fn ever<S: Reader>(
    ledger: &Ledger<S>,
    product: &ProductId,
    status: PublicationStatus,
) -> Result<Vec<(bool, Publication)>, PublishError> {
    let held = ledger.book().product(product)?;
    let ids = held.as_ref().map_or(std::slice::from_ref(product), |held| held.statement.ids.as_slice());
    let mut publications = BTreeMap::new();
    for id in ids {
        for number in ledger.book().found(&Sought::Publishes(id))? {
            if let Said::Whole(Statement::Publication(publication)) = ledger.said_of(number)?
                && publication.product == *id
                && publication.status == status
            {
                publications.insert(number, (ledger.book().holds_at(number)?, publication));
            }
        }
    }
    Ok(publications.into_values().collect())
}

/// The final publications of a product that hold, oldest first.
///
/// # Errors
/// As [`held`].
pub fn finals<S: Reader>(ledger: &Ledger<S>, product: &ProductId) -> Result<Vec<Publication>, PublishError> {
    held(ledger, product, PublicationStatus::Final)
}

/// The newest footprint that follows this one. The rules admit none that follows another product's.
pub fn successor<'a>(finals: &'a [Publication], earlier: &FootprintId) -> Option<&'a FootprintId> {
    let follows = |later: &&Publication| later.preceding.contains(earlier);
    finals.iter().rev().find(follows).map(|later| &later.footprint)
}

/// The assurances of figures with this digest that hold, oldest first.
///
/// # Errors
/// [`PublishError::Ledger`] where a statement cannot be read.
pub fn assurances<S: Reader>(
    ledger: &Ledger<S>,
    digest: &Digest,
) -> Result<Vec<(StatementId, crate::model::Assurance)>, PublishError> {
    let mut found = Vec::new();
    let book = ledger.book();
    for number in book.found(&Sought::Assures(digest))? {
        if let Said::Whole(Statement::Assurance(assurance)) = ledger.said_of(number)?
            && assurance.figures == *digest
            && book.holds_at(number)?
        {
            let entry = book.entry_at(number)?;
            found.extend(entry.map(|entry| (entry.id, assurance)));
        }
    }
    Ok(found)
}
