//! The derived entries, from which a ledger is opened: where their checksums hold and they say something else than the segments, somebody wrote
//! them so, and what is opened from them calculates something else. They are read beside the log, submission by submission, as a prefix: they may lag behind,
//! or be ahead where a writer went on beside the audit.

use std::iter::Peekable;
use std::vec::IntoIter;

use super::examine::Submission;
use super::{Place, Report};
use crate::admission::{Entry, Fact};
use crate::model::StatementKind;
use crate::store::runs::{Blocks, Runs};
use crate::store::{Position, StoreError};
use crate::stored::{self, StoredRun, StoredSeal, StoredStatement};

const CHECK: &str = "derived-entries";

/// The derived entries as far as they were held against the log.
pub(super) struct Compared<'a> {
    /// The runs that were not read yet; none once nothing more is compared.
    blocks: Option<Blocks<'a>>,
    /// By their numbers.
    actors: Vec<String>,
    /// What is left of the run.
    statements: IntoIter<StoredStatement>,
    seals: IntoIter<StoredSeal>,
    outputs: Peekable<IntoIter<(u32, [u8; 32])>>,
    /// The place of the next statement in its run.
    place: u32,
    number: u64,
    wrong: Option<String>,
    flaw: Option<StoreError>,
}

impl<'a> Compared<'a> {
    pub(super) fn of(runs: Option<&'a Runs>) -> Self {
        Self {
            blocks: runs.map(Runs::blocks),
            actors: Vec::new(),
            statements: Vec::new().into_iter(),
            seals: Vec::new().into_iter(),
            outputs: Vec::new().into_iter().peekable(),
            place: 0,
            number: 0,
            wrong: None,
            flaw: None,
        }
    }

    /// Takes the next submission of the log, which was admitted.
    pub(super) fn take(&mut self, index: u64, submission: &Submission, facts: &[Fact]) {
        for (fact, at) in facts.iter().zip(&submission.stored.positions) {
            let Some(statement) = self.next() else { return };
            if fact.entry.ordinal == 0 && !self.is_same_seal(submission, facts.len()) {
                return self.stop(Some(format!("seal {index}")));
            }
            let mut products = fact.makes.as_slice().iter();
            let mut same = self.is_same(&statement, &fact.entry, *at);
            while let Some((_, product)) = self.outputs.next_if(|(place, _)| *place == self.place) {
                same &= products.next() == Some(&product);
            }
            (self.place, self.number) = (self.place + 1, self.number + 1);
            if !same || products.next().is_some() {
                return self.stop(Some(format!("statement {}", self.number)));
            }
        }
    }

    /// Compares no more.
    pub(super) fn stop(&mut self, wrong: Option<String>) {
        (self.blocks, self.wrong, self.statements) = (None, wrong, Vec::new().into_iter());
    }

    /// Says what came of it: to be asked only where the whole log could be read and judged, else the places in it are not known.
    pub(super) fn tell(self, report: &mut Report) {
        report.looked_at(CHECK, self.number);
        if let Some(error) = self.flaw {
            report.notice(CHECK, Place::file("log/entries"), error.to_string());
        }
        if let Some(what) = self.wrong {
            let message = format!(
                "the derived entries say something else than the segments of {what}; what is opened from them calculates something else. \
                 Delete `log` and `index`: they are made again"
            );
            report.error(CHECK, Place::file("log/entries"), message);
        }
    }

    fn next(&mut self) -> Option<StoredStatement> {
        loop {
            if let Some(statement) = self.statements.next() {
                return Some(statement);
            }
            let run = match self.blocks.as_mut()?.next() {
                // A run that cannot be read was not written by this program: opening makes all of them again.
                Some(Ok((bytes, _))) => stored::read::<StoredRun>(&bytes).ok(),
                Some(Err(error)) => {
                    self.flaw = Some(error);
                    None
                }
                None => None,
            };
            let Some(run) = run else {
                self.stop(None);
                return None;
            };
            self.actors.extend(run.actors);
            (self.statements, self.seals) = (run.statements.into_iter(), run.seals.into_iter());
            (self.outputs, self.place) = (run.outputs.into_iter().peekable(), 0);
        }
    }

    fn is_same_seal(&mut self, submission: &Submission, count: usize) -> bool {
        self.seals.next().is_some_and(|stored| {
            stored.message == submission.message
                && stored.signer == *submission.signer.as_bytes()
                && stored.end == submission.stored.end.to_bytes()
                && usize::try_from(stored.statements) == Ok(count)
        })
    }

    fn is_same(&self, stored: &StoredStatement, entry: &Entry, at: Position) -> bool {
        let by = usize::try_from(stored.by).ok().and_then(|by| self.actors.get(by));
        stored.id == *entry.id.as_bytes()
            && stored.subject == entry.subject
            && StatementKind::ALL.get(usize::from(stored.kind)) == Some(&entry.kind)
            && by.is_some_and(|by| by == entry.by.as_str())
            && stored.replaces == entry.replaces.as_deref().map(|id| *id.as_bytes())
            && Position::from_bytes(stored.position) == at
    }
}
