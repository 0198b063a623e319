//! Factors of the shipped library into the ledger.

use pcf_files::library::{Library, Row};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::store::Store;

use super::{Imported, Options, Place, Signer, Sourced, append};
use crate::DeskError;
use crate::session::Session;

/// Checks that the shipped library has these factors.
///
/// # Errors
/// [`DeskError::NotInLibrary`] with the nearest id.
pub fn check_library(ids: &[String]) -> Result<(), DeskError> {
    rows(Library::shipped()?, ids).map(drop)
}

/// Appends factors of the shipped library, with their source and licence.
///
/// # Errors
/// As [`check_library`] and [`append`].
pub fn adopt<S: Store>(
    session: &dyn Session,
    ledger: Ledger<S>,
    signer: Signer<'_>,
    ids: &[String],
    options: &Options,
) -> Result<(Imported, Ledger<S>), DeskError> {
    let library = Library::shipped()?;
    let mut statements = Vec::with_capacity(ids.len());
    for row in rows(library, ids)? {
        let place = Place::new(row.id.as_str().into(), None);
        statements.push(Sourced { statement: row.to_factor(signer.by)?.into(), place });
    }
    append(session, ledger, signer.key, statements, options)
}

fn rows<'l>(library: &'l Library, ids: &'l [String]) -> Result<Vec<&'l Row>, DeskError> {
    let bare = |id: &'l str| id.strip_prefix("factor:").unwrap_or(id);
    ids.iter().map(|id| library.find(bare(id)).ok_or_else(|| unknown(library, id))).collect()
}

fn unknown(library: &Library, id: &str) -> DeskError {
    // The id that shares most of its beginning and its end with what was typed.
    let shared = |row: &&Row| {
        let front = row.id.bytes().zip(id.bytes()).take_while(|(a, b)| a == b).count();
        let back = row.id.bytes().rev().zip(id.bytes().rev()).take_while(|(a, b)| a == b).count();
        (front + back).min(row.id.len())
    };
    let nearest = library.rows().iter().max_by_key(shared);
    let near = nearest.filter(|row| shared(row) * 4 >= id.len() * 3);
    DeskError::NotInLibrary { id: id.to_owned(), near: near.map(|row| (row.id.clone(), row.name.clone())) }
}
