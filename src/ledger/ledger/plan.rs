//! Many submissions as one undertaking: each is signed and judged knowing all before it, and nobody sees the first before the last was judged.
//! What they say is read once. A few are kept in memory until they are appended; of more the bytes are staged in the store.

use std::collections::VecDeque;

use super::opened::read_all;
use super::redacting::refusal;
use super::{Ledger, LedgerError, Receipt};
use crate::admission::{Readings, Said};
use crate::codec::leaf_hash;
use crate::limits::SEAL_BYTES;
use crate::merkle::Hash;
use crate::model::{Statement, StatementId};
use crate::sign::{Seal, SigningKey};
use crate::store::{self, AppendError, Head, Position, Store};

/// Bytes of planned statements that are kept in memory, unless an option says otherwise.
pub(super) const HELD_BYTES_MAX: usize = 16 << 20;

/// Submissions that are judged and that nobody sees yet, with the ledger that they are for.
///
/// The ledger is taken: its book already holds what is planned, and nobody but [`Plan::carry_out`], which gives it back, may rely on that. A plan
/// that is dropped leaves the ledger on disk as it was.
pub struct Plan<S> {
    ledger: Ledger<S>,
    /// The head behind what is staged; none while nothing is.
    staged: Option<Head>,
    /// Those that are staged, in order, and not yet counted in the ledger.
    placed: VecDeque<Placed>,
    /// Those behind them.
    held: Vec<Held>,
    held_bytes: usize,
    /// The series of the readings that are planned.
    readings: Readings,
}

/// A submission in memory.
struct Held {
    seal: [u8; SEAL_BYTES],
    statements: Vec<Vec<u8>>,
    /// The root of the log with it.
    new_root: Hash,
}

impl Held {
    fn frames(&self) -> Vec<&[u8]> {
        self.statements.iter().map(Vec::as_slice).collect()
    }

    const fn submission<'h>(&'h self, frames: &'h [&'h [u8]]) -> store::Submission<'h> {
        store::Submission { seal: &self.seal, statements: frames, new_root: self.new_root }
    }
}

/// A submission that was written.
struct Placed {
    /// The leaf hash of its seal.
    leaf: Hash,
    positions: Vec<Position>,
    end: Position,
}

impl<S: Store> Ledger<S> {
    /// Begins a plan of nothing yet.
    pub fn plan(self) -> Plan<S> {
        let (placed, readings) = (VecDeque::new(), Readings::default());
        Plan { ledger: self, staged: None, placed, held: Vec::new(), held_bytes: 0, readings }
    }
}

impl<S: Store> Plan<S> {
    /// The ledger. Its book holds what is planned as well; what it reads from the store is there already.
    pub const fn ledger(&self) -> &Ledger<S> {
        &self.ledger
    }

    /// True for a statement that is planned.
    ///
    /// # Errors
    /// [`LedgerError::Lookup`].
    pub fn holds(&self, id: &StatementId) -> Result<bool, LedgerError> {
        let placed = self.ledger.placed.statements();
        Ok(self.ledger.book.entry(id)?.is_some_and(|(number, _)| number >= placed))
    }

    /// Seals statements, given as their bytes in the one spelling, and judges them as the next submission after all that are planned. The plan
    /// takes them where they pass, and leaves them where they do not.
    ///
    /// # Errors
    /// [`LedgerError::Refused`], also for a redaction: it goes alone, by [`Ledger::redact`]. [`LedgerError::Sign`] for none or too many, and
    /// [`LedgerError::Append`] where they are too long. On these the plan is as it was. [`LedgerError::Append`] also where they cannot be staged: then
    /// nothing of the plan can be carried out any more.
    pub fn seal(
        &mut self,
        key: &SigningKey,
        signed_at_s: u64,
        statements: &mut Vec<Vec<u8>>,
    ) -> Result<Seal, LedgerError> {
        // Whoever plans does so beside a thread that reads the files.
        let read = read_all(statements, 1);
        if let Some(refusal) = read.refusal {
            return Err(refusal.into());
        }
        let seal = Seal::sign(key, self.ledger.store.ledger_id(), signed_at_s, &read.leaves)?;
        let bytes = seal.to_bytes();
        let new_root = self.ledger.book.root_with(leaf_hash(&bytes));
        let frames: Vec<&[u8]> = statements.iter().map(Vec::as_slice).collect();
        let checked = store::Submission { seal: &bytes, statements: &frames, new_root };
        checked.check().map_err(AppendError::Refused)?;
        let facts = self.ledger.book.judge_read(&seal, read.facts, &read.bodies)?;
        self.ledger.check_bodies(&read.bodies, statements)?;
        if let Some(target) = read.bodies.iter().find_map(redacted) {
            return Err(refusal(target, "a redaction is submitted alone".into()).into());
        }
        self.ledger.check_series(&facts, &mut self.readings)?;
        self.ledger.book.take_in(&seal, facts)?;
        self.held_bytes += statements.iter().map(Vec::len).sum::<usize>();
        self.held.push(Held { seal: bytes, statements: std::mem::take(statements), new_root });
        if self.staged.is_some() || self.held_bytes > self.ledger.held_bytes_max {
            let staged = self.write(S::stage);
            // The book has what nobody may take for planned.
            self.ledger.poisoned |= staged.is_err();
            staged?;
        }
        Ok(seal)
    }

    /// Appends what is planned: all of it is durable when `each` first hears of one, in their order. Gives the ledger back.
    ///
    /// # Errors
    /// What `each` gives; [`LedgerError::Append`], of which `Unknown` means that the ledger must be opened again before it is known how much
    /// of it is there.
    pub fn carry_out<E: From<LedgerError>>(
        mut self,
        mut each: impl FnMut(Receipt) -> Result<(), E>,
    ) -> Result<Ledger<S>, E> {
        self.append().map_err(E::from)?;
        let mut ledger = self.ledger;
        for Placed { leaf, positions, end } in self.placed {
            let (index, first) = (ledger.placed.seals(), ledger.placed.statements());
            let entries = ledger.book.entries(first..first + positions.len());
            let ids: Result<Vec<StatementId>, _> = entries.map(|entry| entry.map(|e| e.id)).collect();
            let ids = ids.map_err(LedgerError::from)?;
            ledger.placed.push(leaf, positions, end);
            ledger.catch_up(false)?;
            each(Receipt { index, ids, already: false })?;
        }
        Ok(ledger)
    }

    fn append(&mut self) -> Result<(), LedgerError> {
        if self.ledger.poisoned {
            return Err(AppendError::Poisoned.into());
        }
        if self.staged.is_none() {
            return self.write(|store, head, group| store.append(head, group).map(Some));
        }
        self.write(S::stage)?;
        let end = self.end()?;
        Ok(self.ledger.store.append_staged(&end)?)
    }

    /// The head behind what is staged, or the ledger's.
    fn end(&self) -> Result<Head, LedgerError> {
        self.staged.map_or_else(|| self.ledger.known_head(), Ok)
    }

    /// Writes what is held in memory, where the store does that.
    fn write(
        &mut self,
        write: impl FnOnce(&mut S, &Head, &[store::Submission<'_>]) -> Result<Option<Vec<Head>>, AppendError>,
    ) -> Result<(), LedgerError> {
        self.held_bytes = 0;
        let mut from = self.end()?;
        let frames: Vec<Vec<&[u8]>> = self.held.iter().map(Held::frames).collect();
        let group: Vec<_> =
            self.held.iter().zip(&frames).map(|(one, frames)| one.submission(frames)).collect();
        let Some(heads) = write(&mut self.ledger.store, &from, &group)? else { return Ok(()) };
        for (submission, head) in group.iter().zip(heads) {
            let positions = self.ledger.store.placed(submission, from.position, &head)?;
            let (leaf, end) = (leaf_hash(submission.seal), head.position);
            self.placed.push_back(Placed { leaf, positions, end });
            from = head;
        }
        self.staged = Some(from);
        self.held.clear();
        Ok(())
    }
}

const fn redacted(said: &Said) -> Option<StatementId> {
    match said {
        Said::Whole(Statement::Redaction(redaction)) => Some(redaction.statement),
        _ => None,
    }
}
