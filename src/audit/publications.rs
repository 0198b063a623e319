//! A second pass, where there are publications: what held at each log size that one rests on is put together again, and the figures are
//! calculated from it. Publications that rest on the same size share the work.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Report;
use super::walk::Log;
use crate::calc::{self, Footprint, Inventory, Request};
use crate::codec::digest::sha256;
use crate::codec::{CodecError, decode_statement, leaf_hash, statement_id};
use crate::merkle::{self, Hash};
use crate::model::{PublicKey, Publication, StatementId};
use crate::rules::{Book, Fact, Scope, inventory};
use crate::sign::Seal;
use crate::store::{Position, Reader, StoreError, StoredSubmission};

/// The version of the calculation that this program can carry out again.
const METHOD_VERSION: u64 = 1;

/// Why a statement could not be read again.
#[derive(Debug, thiserror::Error)]
enum Unreadable {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Codec(#[from] CodecError),
    #[error("its place in the store is not known")]
    Place,
}

/// The log folded anew, up to some size.
struct Replay {
    book: Book,
    /// Where each statement of the book's entries lies.
    positions: Vec<Position>,
}

impl Replay {
    fn take(&mut self, stored: &StoredSubmission, counts: bool) -> Result<(), Unreadable> {
        let mut facts = Vec::new();
        if counts {
            for (n, bytes) in stored.statements.iter().enumerate() {
                let ordinal = u32::try_from(n).unwrap_or(u32::MAX); // OK because a submission has at most 65,536.
                facts.push(Fact::new(statement_id(bytes), decode_statement(bytes)?, stored.index, ordinal));
            }
            self.positions.extend_from_slice(&stored.positions);
        }
        // A seal that is none has no statements that count: its key is never asked for.
        let (message, signer) = Seal::parse(&stored.seal)
            .map_or(([0; 32], [0; 32]), |seal| (sha256(&[&seal.message()]), *seal.signer()));
        self.book.fold(leaf_hash(&stored.seal), message, PublicKey::from_bytes(signer), facts);
        Ok(())
    }

    fn inventory<R: Reader>(&self, reader: &R) -> Result<Inventory, String> {
        let fetch = |id: &StatementId| {
            let (number, _) = self.book.entry(id).ok_or(Unreadable::Place)?;
            let position = self.positions.get(number).ok_or(Unreadable::Place)?;
            Ok::<_, Unreadable>(decode_statement(&reader.statement(*position)?)?)
        };
        inventory(&self.book, fetch).map_err(|error| error.to_string())
    }
}

pub(super) fn check<R: Reader>(
    reader: &R,
    log: &Log,
    report: &mut Report,
    progress: &mut dyn FnMut(u64, u64),
) {
    let mut resting: BTreeMap<u64, Vec<&(StatementId, Publication)>> = BTreeMap::new();
    for publication in &log.publications {
        resting.entry(publication.1.log.size.as_u64()).or_default().push(publication);
    }
    let total = log.publications.len() as u64; // OK because a usize has at most 64 bits.
    let mut replay = Replay { book: Book::new(Scope::Whole), positions: Vec::new() };
    // What cannot be read was found in the first pass, and nothing that rests on it was accepted.
    let Ok(mut submissions) = reader.read(None) else { return };
    for (size, publications) in resting {
        while replay.book.size() < size {
            let index = replay.book.size();
            let Some(Ok(stored)) = submissions.next() else { return };
            if let Err(error) = replay.take(&stored, !log.refused.contains(&index)) {
                return report.error("publication-figures", format!("index {index}"), error.to_string());
            }
        }
        let inventory = replay.inventory(reader);
        for (id, publication) in publications {
            let place = format!("statement {id}");
            match &inventory {
                Ok(inventory) => compare(inventory, &place, publication, report),
                Err(problem) => report.error("publication-figures", place, problem.clone()),
            }
            report.publications += 1;
            progress(report.publications, total);
        }
    }
}

fn compare(inventory: &Inventory, place: &str, publication: &Publication, report: &mut Report) {
    let version = publication.method.version.as_u64();
    if version != METHOD_VERSION {
        let message =
            format!("not checked: this program calculates by version {METHOD_VERSION}, got {version}");
        return report.notice("publication-figures", place, message);
    }
    report.looked_at("publication-figures", 1);
    let request = Request {
        period: publication.period,
        boundary: Some(publication.boundary),
        scenario: publication.scenario.clone(),
        batch: publication.batch.clone(),
        gwp: publication.method.gwp,
    };
    let footprint = match calc::footprint(inventory, &publication.product, &request) {
        Ok(footprint) => footprint,
        Err(errors) => {
            let message = format!("the figures cannot be calculated again: {errors}");
            return report.error("publication-figures", place, message);
        }
    };
    if footprint.figures != publication.figures {
        let message = difference(&footprint, publication);
        report.error("publication-figures", place, message);
    }
    report.looked_at("publication-used", 1);
    let leaves: Vec<Hash> = footprint.used.iter().map(|id| sha256(&[&[0], id.as_bytes()])).collect();
    let (count, root) = (leaves.len() as u64, merkle::root(&leaves)); // OK because a usize has at most 64 bits.
    let used = &publication.used;
    if (count, &root) != (used.count.as_u64(), used.root.as_bytes()) {
        let expected = format!("expected {count} statements with the root {}", hex::encode(root));
        let message = format!("{expected}, got {} with the root {}", used.count, used.root);
        report.error("publication-used", place, message);
    }
}

/// The first figure that differs, with both sides.
fn difference(footprint: &Footprint, publication: &Publication) -> String {
    let values = (serde_json::to_value(&footprint.figures), serde_json::to_value(&publication.figures));
    let (Ok(expected), Ok(got)) = values else {
        return "the figures are not those that follow from the statements".into();
    };
    let mut path = String::new();
    let (expected, got) = first_difference(&expected, &got, &mut path);
    format!("{}: expected {expected}, got {got}", path.trim_start_matches('.'))
}

fn first_difference(expected: &Value, got: &Value, path: &mut String) -> (String, String) {
    match (expected, got) {
        (Value::Object(a), Value::Object(b)) => {
            let keys = a.keys().chain(b.keys());
            if let Some(key) = keys.into_iter().find(|key| a.get(*key) != b.get(*key)) {
                path.push('.');
                path.push_str(key);
                let value = |map: &serde_json::Map<String, Value>| map.get(key).cloned().unwrap_or_default();
                return first_difference(&value(a), &value(b), path);
            }
        }
        (Value::Array(a), Value::Array(b)) => {
            let longest = a.len().max(b.len());
            if let Some(n) = (0..longest).find(|n| a.get(*n) != b.get(*n)) {
                path.push_str(&format!("[{n}]"));
                let value = |list: &[Value]| list.get(n).cloned().unwrap_or_default();
                return first_difference(&value(a), &value(b), path);
            }
        }
        _ => {}
    }
    let say = |value: &Value| if value.is_null() { "nothing".into() } else { value.to_string() };
    (say(expected), say(got))
}
