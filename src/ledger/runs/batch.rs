//! What one flush adds, and whether it continues the runs that there are. It writes nothing.

use crate::merkle::{Frontier, Hash};
use crate::store::Head;

use super::layout::tiles;
use super::rows::{EndedRow, Posting, SealRow, StatementRow};
use super::{Runs, RunsError};

/// Statements, seals and what was derived from them, from the end of the runs up to the end of a
/// submission.
#[derive(Debug, Clone)]
pub struct Batch {
    /// The next statements, in order.
    pub statements: Vec<StatementRow>,
    /// The next seals, in order.
    pub seals: Vec<SealRow>,
    /// Roots of the complete subtrees of 256 seals that these seals complete, in order.
    pub tiles: Vec<Hash>,
    /// Tags of these statements, in any order; one that comes twice counts once.
    pub postings: Vec<Posting>,
    /// Statements, also earlier ones, that these statements end, in any order.
    pub ended: Vec<EndedRow>,
    /// Ids of actors that come for the first time, in order: they continue [`Runs::names`].
    pub new_names: Vec<String>,
    /// The log with these seals.
    pub head: Head,
    /// The log's tree with these seals.
    pub frontier: Frontier,
}

/// How far the runs reach.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Reach {
    pub(super) statements: u32,
    pub(super) seals: u64,
    pub(super) names: usize,
}

impl Reach {
    pub(super) fn of(runs: Option<&Runs>) -> Self {
        runs.map_or_else(Self::default, |runs| Self {
            statements: runs.statements(),
            seals: runs.seals(),
            names: runs.names().len(),
        })
    }
}

impl Batch {
    /// Puts postings and ended rows in order, and where it is `strict` checks that the batch
    /// continues runs of this reach, and gives the reach with it.
    ///
    /// # Errors
    ///
    /// [`RunsError::Batch`] says what does not fit.
    pub(super) fn arrange(&mut self, from: Reach, strict: bool) -> Result<Reach, RunsError> {
        self.postings.sort_unstable();
        self.postings.dedup();
        self.ended.sort_unstable();
        self.ended.dedup();
        let refuse = |what: &str, expected: u64, got: u64| {
            Err(RunsError::batch(format!("{expected} as {what}"), got.to_string()))
        };
        let wide = |len: usize| len as u64; // OK because a usize has at most 64 bits
        let statements = u64::from(from.statements).saturating_add(wide(self.statements.len()));
        // The greatest number stands for no statement.
        let Some(end) = u32::try_from(statements).ok().filter(|end| *end < u32::MAX) else {
            return refuse("the greatest number of statements", u64::from(u32::MAX) - 1, statements);
        };
        let seals = from.seals.saturating_add(wide(self.seals.len()));
        if self.head.size != seals {
            return refuse("size of the log", seals, self.head.size);
        }
        if strict && self.statements.is_empty() != self.seals.is_empty() {
            return refuse("number of seals, none without statements", 0, wide(self.seals.len()));
        }
        if (self.frontier.size(), self.frontier.root()) != (self.head.size, self.head.root) {
            let got = format!("{} of {} seals", hex::encode(self.frontier.root()), self.frontier.size());
            return Err(RunsError::batch(
                format!("a tree with the root {}", hex::encode(self.head.root)),
                got,
            ));
        }
        let new_tiles = tiles(seals).saturating_sub(tiles(from.seals));
        if wide(self.tiles.len()) != new_tiles {
            return refuse("number of tiles that are completed", new_tiles, wide(self.tiles.len()));
        }
        if strict {
            self.check_rows(from, end)?;
        }
        Ok(Reach { statements: end, seals, names: from.names + self.new_names.len() })
    }

    /// Checks what rows say of each other: a run answers by position, and merging relies on the
    /// ranges.
    fn check_rows(&self, from: Reach, end: u32) -> Result<(), RunsError> {
        let refuse = |what: &str, got: String| Err(RunsError::batch(what, got));
        if let Some(seal) = self.seals.first()
            && seal.first != from.statements
        {
            return refuse("the first seal at the next statement", format!("one at {}", seal.first));
        }
        let mut seals = (from.seals..).zip(&self.seals).peekable();
        for (number, row) in (from.statements..).zip(&self.statements) {
            if seals.peek().is_some_and(|(_, next)| next.first < number) {
                return refuse("seals in the order of their statements", format!("another before {number}"));
            }
            let sealed = seals.next_if(|(_, next)| next.first == number).map(|(index, _)| index);
            if sealed.is_some_and(|index| index != row.index) || (sealed.is_some() != (row.ordinal == 0)) {
                let got =
                    format!("the index {} and the place {} of statement {number}", row.index, row.ordinal);
                return refuse("the index and the place that the seals give", got);
            }
            if row.by as usize >= from.names + self.new_names.len() {
                return refuse("a named actor for each statement", format!("the actor {}", row.by));
            }
        }
        if let Some((_, seal)) = seals.next() {
            return refuse("seals of these statements", format!("one at {}", seal.first));
        }
        let added = from.statements..end;
        if let Some(posting) = self.postings.iter().find(|posting| !added.contains(&posting.number)) {
            return refuse("tags of the new statements", format!("one of statement {}", posting.number));
        }
        let strange = |row: &&EndedRow| !added.contains(&row.cause) || row.number >= end;
        if let Some(row) = self.ended.iter().find(strange) {
            let got = format!("statement {} ended by {}", row.number, row.cause);
            return refuse("statements that the new ones end", got);
        }
        Ok(())
    }
}
