//! Many submissions as one undertaking: each is signed and judged knowing all before it, and the first is written only when the last was
//! judged. What they say is read once; their bytes may lie anywhere meanwhile.

use std::collections::VecDeque;
use std::sync::mpsc::sync_channel;

use super::opened::read_all;
use super::redacting::refusal;
use super::{Ledger, LedgerError, Receipt, Submission, derived};
use crate::codec::leaf_hash;
use crate::merkle::Hash;
use crate::model::{Statement, StatementId};
use crate::rules::Said;
use crate::sign::seal::SEAL_BYTES;
use crate::sign::{Seal, SigningKey};
use crate::store::{self, AppendError, Store};

/// How many submissions may be hashed and wait to be written: their statements are in memory.
const HASHED_MAX: usize = 2;

/// Submissions that are judged and not yet written, with the ledger that they are for.
///
/// The ledger is taken: its book already holds what is planned, and nobody but [`Plan::carry_out`], which gives it back, may rely on that. A plan
/// that is dropped leaves the ledger on disk as it was.
pub struct Plan<S> {
    ledger: Ledger<S>,
    /// The leaf hashes of the seals that are planned, in order.
    planned: VecDeque<Hash>,
}

impl<S: Store> Ledger<S> {
    /// Begins a plan of nothing yet.
    pub const fn plan(self) -> Plan<S> {
        Plan { ledger: self, planned: VecDeque::new() }
    }
}

impl<S: Store> Plan<S> {
    /// The ledger. Its book holds what is planned as well; what it reads from the store is there already.
    pub const fn ledger(&self) -> &Ledger<S> {
        &self.ledger
    }

    /// True for a statement that is planned and not yet written.
    pub fn holds(&self, id: &StatementId) -> bool {
        self.ledger.book.entry(id).is_some_and(|(number, _)| number >= self.ledger.positions.len())
    }

    /// Seals statements, given as their bytes in the one spelling, and judges them as the next submission after all that are planned.
    ///
    /// # Errors
    /// [`LedgerError::Refused`], also for a redaction: it goes alone, by [`Ledger::redact`]. [`LedgerError::Sign`] for none or too many;
    /// [`LedgerError::Append`] where they are too long. On an error the plan is as it was.
    pub fn seal(
        &mut self,
        key: &SigningKey,
        signed_at_s: u64,
        statements: &[Vec<u8>],
    ) -> Result<Seal, LedgerError> {
        // Whoever plans does so beside a thread that reads the files.
        let read = read_all(statements, 1);
        if let Some(refusal) = read.refusal {
            return Err(refusal.into());
        }
        let seal = Seal::sign(key, self.ledger.store.ledger_id(), signed_at_s, &read.leaves)?;
        let bytes = seal.to_bytes();
        let leaf = leaf_hash(&bytes);
        let frames: Vec<&[u8]> = statements.iter().map(Vec::as_slice).collect();
        let checked = store::Submission { seal: &bytes, statements: &frames, new_root: leaf };
        checked.check().map_err(AppendError::Refused)?;
        let facts = self.ledger.book.judge_read(&seal, read.facts, &read.bodies)?;
        if let Some(target) = read.bodies.iter().find_map(redacted) {
            return Err(refusal(target, "a redaction is submitted alone".into()).into());
        }
        self.ledger.book.take_in(&seal, facts);
        self.planned.push_back(leaf);
        Ok(seal)
    }

    /// Writes the planned submissions, which come in their order, each whole and durable before `each` hears of it. It ends with the first one that
    /// cannot be had or cannot be written, is not the one that was planned, or is not planned at all; those before it are in the log. Gives the
    /// ledger back where all that was planned is written.
    ///
    /// # Errors
    /// What `submissions` or `each` give; [`LedgerError::Sign`] for statements that are not those of their seal; [`LedgerError::Unplanned`]; and
    /// [`LedgerError::Append`], of which `Unknown` means that the ledger must be opened again before it is known whether the submission is
    /// there.
    pub fn carry_out<E: From<LedgerError> + Send>(
        mut self,
        submissions: impl Iterator<Item = Result<Submission, E>> + Send,
        mut each: impl FnMut(Receipt) -> Result<(), E>,
    ) -> Result<Ledger<S>, E> {
        if self.ledger.poisoned {
            return Err(E::from(AppendError::Poisoned.into()));
        }
        std::thread::scope(|scope| {
            let (sender, hashed) = sync_channel(HASHED_MAX);
            // While one is written, the next is already being had and hashed.
            scope.spawn(move || {
                for submission in submissions {
                    let hashed = submission.and_then(|submission| Hashed::of(submission).map_err(E::from));
                    let ends = hashed.is_err();
                    if sender.send(hashed).is_err() || ends {
                        return;
                    }
                }
            });
            hashed.into_iter().try_for_each(|hashed| each(self.write(&hashed?)?))
        })?;
        if self.planned.is_empty() { Ok(self.ledger) } else { Err(E::from(self.unplanned())) }
    }

    /// Writes the next one.
    fn write(&mut self, hashed: &Hashed) -> Result<Receipt, LedgerError> {
        let Hashed { submission, seal, leaf, ids } = hashed;
        let index = self.ledger.ends.len() as u64; // OK: at most 64 bits
        let root = self.ledger.book.root_at(index + 1).copied();
        let Some(new_root) = root.filter(|_| self.planned.pop_front() == Some(*leaf)) else {
            return Err(self.unplanned());
        };
        let statements: Vec<&[u8]> = submission.statements.iter().map(Vec::as_slice).collect();
        let head = self.ledger.known_head()?;
        let submission = store::Submission { seal, statements: &statements, new_root };
        let heads = self.ledger.store.append(&head, &[submission])?;
        let first = self.ledger.positions.len();
        self.ledger.place(&head, &heads, [(submission, *leaf)])?;
        self.ledger.post(first);
        self.ledger.catch_up(derived::LAG_MAX);
        Ok(Receipt { index, ids: ids.clone(), already: false })
    }

    fn unplanned(&self) -> LedgerError {
        LedgerError::Unplanned { index: self.ledger.ends.len() as u64 } // OK: at most 64 bits
    }
}

/// A submission whose seal holds for its statements.
struct Hashed {
    submission: Submission,
    seal: [u8; SEAL_BYTES],
    /// The leaf hash of the seal.
    leaf: Hash,
    ids: Vec<StatementId>,
}

impl Hashed {
    fn of(submission: Submission) -> Result<Self, LedgerError> {
        let leaves: Vec<Hash> = submission.statements.iter().map(|bytes| leaf_hash(bytes)).collect();
        submission.seal.check_statements(&leaves)?;
        let seal = submission.seal.to_bytes();
        let ids = leaves.into_iter().map(StatementId::from_bytes).collect();
        Ok(Self { submission, seal, leaf: leaf_hash(&seal), ids })
    }
}

const fn redacted(said: &Said) -> Option<StatementId> {
    match said {
        Said::Whole(Statement::Redaction(redaction)) => Some(redaction.statement),
        _ => None,
    }
}
