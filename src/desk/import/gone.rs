//! Rows that a file had when it was recorded and has no longer: an import repeats some activities of
//! a submission and not others. It judges nothing: two files may have been recorded together.

use std::collections::{BTreeSet, HashSet};

use pcf_ledger::admission::Said;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Statement, StatementId, StatementKind};
use pcf_ledger::store::Store;
use serde::Serialize;

use super::{Coming, Place, Sourced};
use crate::DeskError;

/// How many statements that hold already are compared with what was recorded beside them: an import
/// of millions of rows that is finished by running it again is not slowed down.
const COMPARED_MAX: usize = 16_384;

/// How many characters of the names of its flows are shown.
const SHOWN_MAX: usize = 100;

/// A statement that was recorded together with some of an import and is not in it.
#[derive(Debug, Clone, Serialize)]
pub struct Gone {
    /// Its id.
    pub statement: StatementId,
    /// What it says, in short.
    pub says: String,
}

/// What an import says again.
#[derive(Default)]
pub(super) struct Again {
    seen: HashSet<StatementId>,
    submissions: BTreeSet<u64>,
    too_many: bool,
}

impl Again {
    /// Keeps in mind that the import says what a statement says or replaces it.
    pub(super) fn see<S: Store>(&mut self, ledger: &Ledger<S>, live: StatementId) -> Result<(), DeskError> {
        self.too_many |= self.seen.len() >= COMPARED_MAX;
        if !self.too_many
            && let Some((_, entry)) = ledger.book().entry(&live)?
            && entry.kind == StatementKind::Activity
        {
            self.submissions.insert(entry.index);
            self.seen.insert(live);
        }
        Ok(())
    }

    /// True where so much is said again that it was not compared.
    pub(super) const fn is_too_much(&self) -> bool {
        self.too_many
    }

    /// The activities that hold and stand in a submission with some that the import says again.
    pub(super) fn gone<S: Store>(&self, ledger: &Ledger<S>) -> Result<Vec<Gone>, DeskError> {
        let (book, mut gone) = (ledger.book(), Vec::new());
        if self.too_many {
            return Ok(gone);
        }
        for index in &self.submissions {
            let (first, end) = (book.first_of(*index)?, book.first_of(index + 1)?);
            let mut unsaid = Vec::new();
            for entry in book.entries(first..end) {
                let entry = entry?;
                if entry.kind == StatementKind::Activity && !self.seen.contains(&entry.id) {
                    unsaid.push(entry.id);
                }
            }
            for id in unsaid {
                if book.holds(&id)?
                    && let Said::Whole(statement) = ledger.said(&id)?
                {
                    gone.push(Gone { statement: id, says: said(statement) });
                }
            }
        }
        Ok(gone)
    }
}

fn said(statement: Statement) -> String {
    let flows = match &statement {
        Statement::Activity(activity) => {
            activity.flows.iter().map(|flow| flow.name.to_string()).collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    };
    let says = Coming::new(&Sourced { statement, place: Place::new("".into(), None) }).says;
    if flows.is_empty() {
        says
    } else {
        format!("{says} ({})", flows.chars().take(SHOWN_MAX).collect::<String>())
    }
}
