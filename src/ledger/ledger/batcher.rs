//! What a writer adds to the derived runs, taken from the book and the places of the statements. It
//! writes nothing.

use std::collections::BTreeMap;
use std::ops::Range;

use super::LedgerError;
use super::base::Base;
use super::leaves::TILE;
use super::placed::Placed;
use crate::admission::{Book, IndexError, Sought};
use crate::merkle::Frontier;
use crate::model::{ActorId, StatementId};
use crate::runs::{Batch, EndedRow, Posting, SealRow, StatementRow};
use crate::store::Head;

/// How far the runs reach that were made, and what the next one continues.
#[derive(Debug, Default)]
pub(crate) struct Batcher {
    statements: usize,
    seals: u64,
    /// By their numbers.
    actors: BTreeMap<ActorId, u32>,
    /// The tree over these seals, and that over those behind its last complete subtree of 256.
    tree: Frontier,
    rest: Frontier,
}

impl Batcher {
    /// Goes on behind a base.
    pub(crate) fn behind(base: &Base) -> Result<Self, IndexError> {
        let (tree, mut rest) = (base.runs().frontier().clone(), Frontier::new());
        let leaves = base.leaves(tree.size() - tree.size() % TILE..tree.size())?;
        leaves.into_iter().for_each(|leaf| rest.push(leaf));
        let actors = base.actors().iter().cloned().zip(0..).collect();
        Ok(Self { statements: base.runs().statements() as usize, seals: tree.size(), actors, tree, rest })
    }

    /// Statements that were handed over.
    pub(crate) const fn statements(&self) -> usize {
        self.statements
    }

    /// Seals that were handed over.
    pub(crate) const fn seals(&self) -> u64 {
        self.seals
    }

    /// Everything behind what was handed over, up to the last submission that is placed.
    pub(crate) fn batch(&mut self, book: &Book, placed: &Placed) -> Result<Batch, LedgerError> {
        let (first, end) = (self.statements, placed.statements());
        let mut batch = Batch {
            statements: Vec::with_capacity(end - first),
            seals: Vec::new(),
            tiles: Vec::new(),
            postings: Vec::new(),
            ended: Vec::new(),
            new_names: Vec::new(),
            head: head_of(placed, book)?,
            frontier: Frontier::new(),
        };
        self.rows(book, placed, &mut batch)?;
        let number = |n: usize| u32::try_from(n).unwrap_or(u32::MAX); // OK: more are refused
        for index in self.seals..placed.seals() {
            let (Some(leaf), Some(end)) = (placed.leaf(index), placed.end_of(index)) else { continue };
            self.tree.push(leaf);
            self.rest.push(leaf);
            if self.rest.size() == TILE {
                batch.tiles.push(std::mem::take(&mut self.rest).root());
            }
            let first = number(book.first_of(index)?);
            batch.seals.push(SealRow { leaf, end, first });
            if let Some(sealing) = book.sealing(index)? {
                batch.postings.push(Posting { tag: Sought::Seal(&sealing.message).tag(), number: first });
            }
        }
        batch.postings.extend(book.tags(first, end).map(|(tag, number)| Posting { tag, number }));
        batch.ended = ended(book, first..end)?;
        batch.frontier = self.tree.clone();
        (self.statements, self.seals) = (placed.statements(), placed.seals());
        Ok(batch)
    }

    fn rows(&mut self, book: &Book, placed: &Placed, batch: &mut Batch) -> Result<(), LedgerError> {
        let (first, end) = (self.statements, placed.statements());
        for (number, entry) in (first..).zip(book.entries(first..end)) {
            let entry = entry?;
            let next = u32::try_from(self.actors.len()).unwrap_or(u32::MAX); // OK: each has a statement
            let by = match self.actors.get(&entry.by) {
                Some(by) => *by,
                None => {
                    batch.new_names.push(entry.by.to_string());
                    self.actors.insert(entry.by.clone(), next);
                    next
                }
            };
            let replaces = match entry.replaces.as_deref() {
                Some(id) => book.entry(id)?.and_then(|(number, _)| u32::try_from(number).ok()),
                None => None,
            };
            let Some(position) = placed.position(number) else { continue };
            batch.statements.push(StatementRow {
                id: *entry.id.as_bytes(),
                subject: entry.subject,
                position,
                index: entry.index,
                ordinal: entry.ordinal,
                kind: entry.kind as u8,
                by,
                replaces,
            });
        }
        Ok(())
    }
}

/// The head of the log with the last submission that is placed; the book may hold more.
pub(super) fn head_of(placed: &Placed, book: &Book) -> Result<Head, LedgerError> {
    let size = placed.seals();
    let position = placed.end_of(size.saturating_sub(1));
    let found = position.zip(book.root_at(size)?).map(|(position, root)| Head { size, root, position });
    let problem = "the ledger holds no submission";
    found.ok_or_else(|| LedgerError::Damaged { index: size, problem: problem.into() })
}

/// What these statements ended.
fn ended(book: &Book, causes: Range<usize>) -> Result<Vec<EndedRow>, LedgerError> {
    let mut rows = Vec::new();
    let number_of = |id: &StatementId| -> Result<Option<u32>, IndexError> {
        Ok(book.entry(id)?.and_then(|(number, _)| u32::try_from(number).ok()))
    };
    for (id, ended) in book.ended_behind() {
        let (Some(number), Some(cause)) = (number_of(&id)?, number_of(&ended.death.cause())?) else {
            continue;
        };
        if causes.contains(&(cause as usize)) {
            rows.push(EndedRow { number, cause, way: ended.death.way(), since: ended.since });
        }
    }
    Ok(rows)
}
