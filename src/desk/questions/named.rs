//! Statements and publications by what a person types: a whole id, a UUID, or the shortest start of
//! either that means one alone.

use std::collections::BTreeSet;

use pcf_ledger::codec::digest::sha256;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{FootprintId, StatementId, StatementKind};
use pcf_ledger::publish::{self, PublishError};
use pcf_ledger::store::Reader;

use super::LogQuestionError;
use crate::DeskError;

/// The fewest characters of an id that are taken.
const START_CHARS_MIN: usize = 6;

/// The fewest characters of an id that are shown.
const SHOWN_CHARS_MIN: usize = 8;

/// Finds the statement that an id, the UUID of a published footprint, or the start of either names.
/// A publication that no longer holds is found too.
///
/// # Errors
/// [`LogQuestionError::UnknownStatement`]; [`LogQuestionError::StatementStart`] for fewer than 6
/// characters or others than those of ids; [`LogQuestionError::NoStatementStarts`];
/// [`LogQuestionError::AmbiguousStatement`]; [`DeskError::Publish`] for an unknown footprint.
pub fn named_statement<S: Reader>(ledger: &Ledger<S>, text: &str) -> Result<StatementId, DeskError> {
    let book = ledger.book();
    if let Ok(id) = text.parse::<StatementId>() {
        return book.entry(&id)?.map(|_| id).ok_or(LogQuestionError::UnknownStatement { id }.into());
    }
    if let Ok(footprint) = text.parse::<FootprintId>() {
        return published(ledger, &footprint);
    }
    let start = text.to_owned();
    let of_an_id = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b) || b == b'-';
    if text.len() < START_CHARS_MIN || !text.bytes().all(of_an_id) {
        return Err(LogQuestionError::StatementStart { got: start }.into());
    }
    let mut found: BTreeSet<StatementId> = BTreeSet::new();
    for entry in book.all_entries() {
        let id = entry?.id;
        if id.to_string().starts_with(text) {
            found.insert(id);
        }
    }
    for publication in publish::publications(ledger)? {
        if publication.footprint.as_str().starts_with(text) {
            found.insert(published(ledger, &publication.footprint)?);
        }
    }
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(id), None) => Ok(id),
        (None, _) => Err(LogQuestionError::NoStatementStarts { start }.into()),
        (Some(first), Some(_)) => Err(LogQuestionError::AmbiguousStatement { start, first }.into()),
    }
}

/// Finds the footprint that a UUID, its start, or the statement that publishes it names.
///
/// # Errors
/// As [`named_statement`]; [`PublishError::UnknownPublication`] for a statement that publishes none.
pub fn named_footprint<S: Reader>(ledger: &Ledger<S>, text: &str) -> Result<FootprintId, DeskError> {
    if let Ok(footprint) = text.parse::<FootprintId>() {
        return Ok(footprint);
    }
    let id = named_statement(ledger, text)?;
    let unknown = || PublishError::UnknownPublication { footprint: text.to_owned() };
    match ledger.statement(&id)? {
        pcf_ledger::model::Statement::Publication(publication) => Ok(publication.footprint),
        _ => Err(unknown().into()),
    }
}

/// The newest statement that publishes a footprint.
fn published<S: Reader>(ledger: &Ledger<S>, footprint: &FootprintId) -> Result<StatementId, DeskError> {
    let subject = sha256(&[footprint.as_str().as_bytes()]);
    let newest = ledger.book().newest(StatementKind::Publication, subject)?;
    let unknown = || PublishError::UnknownPublication { footprint: footprint.to_string() };
    Ok(newest.map(|(_, entry)| entry.id).ok_or_else(unknown)?)
}

/// The ids of a ledger, to find out how much of one is enough.
#[derive(Debug, Default)]
pub struct Starts(Vec<String>);

impl Starts {
    /// Returns all ids of statements, and the UUIDs of published footprints.
    ///
    /// # Errors
    /// [`DeskError::Ledger`].
    pub fn of<S: Reader>(ledger: &Ledger<S>) -> Result<Self, DeskError> {
        let mut all = Vec::new();
        for entry in ledger.book().all_entries() {
            all.push(entry?.id.to_string());
        }
        for publication in publish::publications(ledger)? {
            all.push(publication.footprint.to_string());
        }
        all.sort_unstable();
        all.dedup();
        Ok(Self(all))
    }

    /// Returns the shortest start of an id, of 8 characters or more, that begins no other.
    pub fn shortest<'i>(&self, id: &'i str) -> &'i str {
        let at = self.0.partition_point(|other| other.as_str() < id);
        let before = at.checked_sub(1).and_then(|before| self.0.get(before));
        let after = self.0.iter().skip(at).find(|other| *other != id);
        let shared = |other: &String| other.bytes().zip(id.bytes()).take_while(|(a, b)| a == b).count();
        let needed = before.into_iter().chain(after).map(shared).max().unwrap_or_default();
        let mut length = needed.saturating_add(1).max(SHOWN_CHARS_MIN);
        // A start that ends in a hyphen reads like a slip.
        if id.as_bytes().get(length.saturating_sub(1)) == Some(&b'-') {
            length += 1;
        }
        id.get(..length.min(id.len())).unwrap_or(id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shortest_start_of_an_id_means_it_alone() {
        let starts = Starts(
            ["0123456789", "012345678a", "5f0c1e0a-6f86", "5f0c1e0a-6f87", "ff"].map(str::to_owned).into(),
        );
        assert_eq!(starts.shortest("0123456789"), "0123456789");
        assert_eq!(starts.shortest("5f0c1e0a-6f86"), "5f0c1e0a-6f86");
        assert_eq!(starts.shortest("ff"), "ff");
        let starts = Starts(vec!["0123456789".into(), "5f0c1e0a-6f86".into()]);
        assert_eq!(starts.shortest("5f0c1e0a-6f86"), "5f0c1e0a");
        assert_eq!(starts.shortest("0123456789"), "01234567");
    }
}
