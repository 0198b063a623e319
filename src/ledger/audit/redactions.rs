//! Statements whose text was taken out: each is announced by the operator, and what stays in its place is what was announced. What stays was
//! judged with everything else; that the text said so can no longer be seen, and is the operator's claim.

use super::log::Log;
use super::source::Source;
use super::{Place, Report};
use crate::codec::digest::sha256;
use crate::codec::{decode_statement, encode_kept, kept_of, statement_id};
use crate::model::{Digest, StatementId};
use crate::store::Body;

const CHECK: &str = "redactions";

/// A redacted statement that was met.
pub(super) struct Met {
    pub(super) place: Place,
    pub(super) id: StatementId,
    /// SHA-256 of what stays in its place.
    pub(super) kept: Digest,
}

pub(super) fn check(source: &dyn Source, log: &Log, report: &mut Report) {
    report.redacted = log.redacted.len() as u64; // OK because a usize has at most 64 bits.
    for met in &log.redacted {
        report.looked_at(CHECK, 1);
        match log.scratch.answer(log.book.redaction_of(&met.id)).flatten() {
            None => {
                let mut message = "redacted, and no statement of the operator announces it".to_owned();
                if let Some(unread) = log.unread {
                    message.push_str(&format!("; what could not be read from index {unread} on may be why"));
                }
                report.error(CHECK, met.place.clone(), message);
            }
            Some(announced) if announced.kept != met.kept => {
                let (by, expected, got) = (announced.by, announced.kept, met.kept);
                let message =
                    format!("what stays of it is not what {by} announces: expected {expected}, got {got}");
                report.error(CHECK, met.place.clone(), message);
            }
            Some(_) => {}
        }
    }
    pending(source, log, report);
}

/// What was announced and still has its text.
fn pending(source: &dyn Source, log: &Log, report: &mut Report) {
    for (id, announced) in log.scratch.answer(log.book.redactions()).unwrap_or_default() {
        let Some((number, entry)) = log.scratch.answer(log.book.entry(&id)).flatten() else { continue };
        let Some(at) = log.position(number) else { continue };
        let Ok(Body::Statement(bytes)) = source.body(at) else { continue };
        report.looked_at(CHECK, 1);
        let (file, offset) = source.place(at);
        let place = Place { file, offset, statement: Some(id), ..Place::index(entry.index) };
        let by = announced.by;
        match stays(&bytes) {
            Some(expected) if expected != announced.kept => {
                let got = announced.kept;
                let message = format!("{by} announces that {got} stays of it, expected {expected}");
                report.error(CHECK, place, message);
            }
            _ => {
                let message = format!(
                    "{by} announces its redaction, and its text is still there; opening the ledger for writing takes it out"
                );
                report.notice(CHECK, place, message);
            }
        }
    }
}

/// The digest of what should stay of a statement with these bytes.
fn stays(bytes: &[u8]) -> Option<Digest> {
    let kept = kept_of(statement_id(bytes), &decode_statement(bytes).ok()?)?;
    Some(Digest::from_bytes(sha256(&[&encode_kept(&kept).ok()?])))
}
