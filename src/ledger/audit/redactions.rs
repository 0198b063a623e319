//! Statements whose body was taken out: each is announced by the operator. The header was judged with everything
//! else; what the body said can no longer be seen.

use std::collections::BTreeSet;

use super::log::Log;
use super::source::Source;
use super::{Place, Report};
use crate::model::{Digest, StatementId};
use crate::store::Body;

const CHECK: &str = "redactions";

/// A redacted statement that was met.
pub(super) struct Met {
    pub(super) place: Place,
    pub(super) id: StatementId,
    /// The digest of the body that is gone.
    pub(super) body: Digest,
}

pub(super) fn check(source: &dyn Source, log: &Log, report: &mut Report) {
    report.redacted = log.redacted.len() as u64; // OK because a usize has at most 64 bits.
    let announced = |met: &&Met| log.scratch.answer(log.book.redaction_of(&met.id)).flatten().is_some();
    // The same body behind another header goes with it.
    let gone: BTreeSet<Digest> = log.redacted.iter().filter(announced).map(|met| met.body).collect();
    for met in &log.redacted {
        report.looked_at(CHECK, 1);
        if !gone.contains(&met.body) {
            let mut message = "its body is gone, and no statement of the operator announces that".to_owned();
            if let Some(unread) = log.unread {
                message.push_str(&format!("; what could not be read from index {unread} on may be why"));
            }
            report.error(CHECK, met.place.clone(), message);
        }
    }
    pending(source, log, report);
}

/// What was announced and still has its body.
fn pending(source: &dyn Source, log: &Log, report: &mut Report) {
    for (id, announced) in log.scratch.answer(log.book.redactions()).unwrap_or_default() {
        let Some((number, entry)) = log.scratch.answer(log.book.entry(&id)).flatten() else { continue };
        let Some(at) = log.position(number) else { continue };
        let Ok(Body::Statement(_)) = source.body(at) else { continue };
        report.looked_at(CHECK, 1);
        let (file, offset) = source.place(at);
        let place = Place { file, offset, statement: Some(id), ..Place::index(entry.index) };
        let by = announced.by;
        let message = format!(
            "{by} announces its redaction, and its body is still there; opening the ledger for writing takes it out"
        );
        report.error(CHECK, place, message);
    }
}
