//! Where the newest submissions lie in the store: those behind the base that the derived runs hold.
//! It reads the segments and never writes.

use std::ops::Range;

use super::{LedgerError, opened};
use crate::admission::{Book, Fact, Refusal};
use crate::codec::digest::sha256;
use crate::codec::leaf_hash;
use crate::merkle::Hash;
use crate::model::PublicKey;
use crate::sign::Seal;
use crate::store::{Position, Reader, StoredSubmission};

/// Places from a statement and a seal on.
#[derive(Debug, Clone)]
pub(crate) struct Placed {
    first_statement: usize,
    first_seal: u64,
    /// Where each statement lies.
    positions: Vec<Position>,
    /// Where each submission ends.
    ends: Vec<Position>,
    /// The leaf hash of each seal.
    leaves: Vec<Hash>,
}

impl Placed {
    /// None yet, behind so many statements and seals.
    pub const fn from(first_statement: usize, first_seal: u64) -> Self {
        Self { first_statement, first_seal, positions: Vec::new(), ends: Vec::new(), leaves: Vec::new() }
    }

    /// The number behind the last statement.
    pub const fn statements(&self) -> usize {
        self.first_statement + self.positions.len() // OK because statements are counted in 32 bits
    }

    /// The index behind the last seal.
    pub const fn seals(&self) -> u64 {
        self.first_seal + self.ends.len() as u64 // OK because a usize has at most 64 bits
    }

    pub const fn first_seal(&self) -> u64 {
        self.first_seal
    }

    pub fn push(&mut self, leaf: Hash, positions: Vec<Position>, end: Position) {
        self.positions.extend(positions);
        self.ends.push(end);
        self.leaves.push(leaf);
    }

    pub fn position(&self, number: usize) -> Option<Position> {
        self.positions.get(number.checked_sub(self.first_statement)?).copied()
    }

    pub fn end_of(&self, index: u64) -> Option<Position> {
        self.ends.get(self.place(index)?).copied()
    }

    pub fn leaf(&self, index: u64) -> Option<Hash> {
        self.leaves.get(self.place(index)?).copied()
    }

    pub fn leaves(&self, indices: Range<u64>) -> Option<&[Hash]> {
        self.leaves.get(self.place(indices.start)?..self.place(indices.end)?)
    }

    fn place(&self, index: u64) -> Option<usize> {
        usize::try_from(index.checked_sub(self.first_seal)?).ok()
    }

    /// Forgets what lies before this statement and this seal: a base has it now.
    pub fn forget_before(&mut self, statement: usize, seal: u64) {
        let statements = statement.saturating_sub(self.first_statement).min(self.positions.len());
        let seals = self.place(seal).unwrap_or(0).min(self.ends.len());
        self.positions.drain(..statements);
        self.ends.drain(..seals);
        self.leaves.drain(..seals);
        self.first_statement += statements;
        self.first_seal += seals as u64; // OK because a usize has at most 64 bits
    }

    /// Folds every submission after `from`, up to a size of the log where one is given. Signatures
    /// and rules were judged when they were appended; the audit judges them again.
    pub fn replay<S: Reader + ?Sized>(
        &mut self,
        store: &S,
        from: Option<Position>,
        book: &mut Book,
        until: Option<u64>,
    ) -> Result<(), LedgerError> {
        for submission in store.read(from)? {
            if until.is_some_and(|until| book.size() >= until) {
                break;
            }
            let stored = submission?;
            let (seal, facts) = reopened(&stored)?;
            let leaf = leaf_hash(&stored.seal);
            book.fold(leaf, sha256(&[&seal.message()]), PublicKey::from_bytes(*seal.signer()), facts)?;
            if book.root() != stored.new.root {
                let problem = "the root in its commit is not the root of the log with its seal".into();
                return Err(LedgerError::Damaged { index: stored.index, problem });
            }
            self.push(leaf, stored.positions, stored.end);
        }
        Ok(())
    }
}

/// Reads a stored submission again; nothing is judged.
fn reopened(stored: &StoredSubmission) -> Result<(Seal, Vec<Fact>), LedgerError> {
    let damaged = |problem: String| LedgerError::Damaged { index: stored.index, problem };
    let seal = Seal::parse(&stored.seal).map_err(|e| damaged(e.to_string()))?;
    let read = opened::read_all(&stored.statements, usize::MAX);
    if let Some(Refusal::Statement { ordinal, cause }) = &read.refusal {
        return Err(damaged(format!("statement {ordinal}: {cause}")));
    }
    let index = |mut fact: Fact| {
        fact.entry.index = stored.index;
        fact
    };
    Ok((seal, read.facts.into_iter().map(index).collect()))
}
