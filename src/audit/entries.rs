//! The derived entries, from which a ledger is opened: where their checksums hold and they say something else than the segments, somebody wrote
//! them so, and what is opened from them calculates something else. They are read as a prefix: they may lag behind, or be ahead where a writer went on
//! beside the audit.

use super::log::Log;
use super::{Place, Report};
use crate::codec::stored::{self, StoredRun, StoredStatement};
use crate::model::StatementKind;
use crate::rules::Entry;
use crate::store::Position;
use crate::store::runs::Runs;

const CHECK: &str = "derived-entries";

/// Compared only where the whole log could be read and judged: else their places are not known.
pub(super) fn check(runs: &Runs, log: &Log, report: &mut Report) {
    if log.unread.is_some() || !report.holds() {
        return;
    }
    let mut compared = Compared { log, actors: Vec::new(), number: 0, seal: 0, wrong: None };
    let read = runs.each(|bytes, _| match stored::read::<StoredRun>(&bytes) {
        Ok(run) => compared.take(run),
        Err(_) => false, // Not written by this program: opening makes them again.
    });
    let (looked_at, wrong) = (compared.number as u64, compared.wrong); // OK because a usize has at most 64 bits.
    report.looked_at(CHECK, looked_at);
    if let Err(error) = read {
        report.notice(CHECK, Place::file("log/entries"), error.to_string());
    }
    if let Some(what) = wrong {
        let message = format!(
            "the derived entries say something else than the segments of {what}; what is opened from them calculates something else. \
             Delete `log` and `index`: they are made again"
        );
        report.error(CHECK, Place::file("log/entries"), message);
    }
}

struct Compared<'a> {
    log: &'a Log,
    /// By their numbers.
    actors: Vec<String>,
    /// The next statement.
    number: usize,
    /// The next seal.
    seal: u64,
    wrong: Option<String>,
}

impl Compared<'_> {
    /// True where the next run is to be compared too.
    fn take(&mut self, run: StoredRun) -> bool {
        self.actors.extend(run.actors);
        let book = &self.log.book;
        for (seal, index) in run.seals.iter().zip(self.seal..book.size()) {
            let same = book.key_at(index).is_some_and(|key| *key.as_bytes() == seal.signer)
                && book.message_at(index) == Some(seal.message);
            if !same {
                self.wrong.get_or_insert_with(|| format!("seal {index}"));
            }
            self.seal = index + 1; // OK because it is at most the size.
        }
        let known = book.entries().len().saturating_sub(self.number);
        let (mut outputs, mut made) = (run.outputs.iter().peekable(), book.made_from(self.number).peekable());
        let mut entries = book.entries().from(self.number);
        let mut positions = self.log.positions.range(self.number..usize::MAX);
        for (place, statement) in (0_u32..).zip(run.statements.iter().take(known)) {
            let (entry, at, number) = (entries.next(), positions.next(), self.number);
            let mut makes = || made.next_if(|(other, _)| *other == number).map(|(_, product)| product);
            let mut same = entry.zip(at).is_some_and(|(entry, at)| self.is_same(statement, &entry, *at));
            while let Some((_, product)) = outputs.next_if(|(at, _)| *at == place) {
                same &= makes() == Some(product);
            }
            if !same || makes().is_some() {
                self.wrong.get_or_insert_with(|| format!("statement {}", self.number + 1));
            }
            self.number += 1;
        }
        self.wrong.is_none() && run.statements.len() < known
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
