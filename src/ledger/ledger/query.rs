//! Questions to a ledger.

use std::convert::Infallible;

use super::{Leaves, Ledger, LedgerError, Submission, base};
use crate::admission::{
    Book, Holdings, InventoryError, Said, Sought, changes_since, inventory, inventory_of,
};
use crate::calc::{Change, Inventory, Request};
use crate::codec::decode_statement;
use crate::log::Checkpoint;
use crate::merkle::{Hash, inclusion_proof};
use crate::model::{ProductId, Statement, StatementId};
use crate::sign::Seal;
use crate::store::{Body, Position, Reader, StoreError, StoredSubmission};

/// A statement with its place under its seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// The statement's text; its header alone where the body was taken out.
    pub bytes: Vec<u8>,
    /// Its place in the submission, from 0.
    pub ordinal: u64,
    /// The path from it to the root in the seal.
    pub path: Vec<Hash>,
    /// The index of the seal in the log.
    pub index: u64,
    /// The seal.
    pub seal: Seal,
}

impl<S: Reader> Ledger<S> {
    /// The ledger's id: the statement id of its genesis.
    pub fn id(&self) -> StatementId {
        StatementId::from_bytes(self.store.ledger_id())
    }

    /// What holds.
    pub const fn book(&self) -> &Book {
        &self.book
    }

    /// Submissions in the log.
    pub fn size(&self) -> u64 {
        self.book.size()
    }

    /// The root of the log.
    pub fn root(&self) -> Hash {
        self.book.root()
    }

    /// The leaf hashes of the seals, for proofs.
    pub fn leaves(&self) -> Leaves<'_> {
        Leaves { base: self.base.as_deref(), placed: &self.placed }
    }

    /// Where the statement with a number lies in the store; none beyond what is written.
    pub(super) fn position(&self, number: usize) -> Result<Option<Position>, LedgerError> {
        Ok(match &self.base {
            Some(base) if number < base.runs().statements() as usize => Some(base.position(number)?),
            _ => self.placed.position(number),
        })
    }

    /// Where the submission at an index ends in the store.
    fn end_of(&self, index: u64) -> Result<Option<Position>, LedgerError> {
        Ok(match &self.base {
            Some(base) if index < base.runs().seals() => Some(base.end_of(index)?),
            _ => self.placed.end_of(index),
        })
    }

    /// Where a statement lies in the store.
    fn position_of(&self, id: &StatementId) -> Result<Position, LedgerError> {
        let missing = || LedgerError::NoStatement { id: *id };
        let (number, _) = self.book.entry(id)?.ok_or_else(missing)?;
        self.position(number)?.ok_or_else(missing)
    }

    /// The unsigned checkpoint of the log as it is.
    ///
    /// # Errors
    /// [`LedgerError::Log`] for an origin that no checkpoint can have.
    pub fn checkpoint(&self) -> Result<Checkpoint, LedgerError> {
        let origin = self.book.origin().map(ToString::to_string).unwrap_or_default();
        Ok(Checkpoint::new(&origin, self.size(), self.root())?)
    }

    /// A statement's bytes.
    ///
    /// # Errors
    /// [`LedgerError::NoStatement`]; [`LedgerError::Redacted`]; [`LedgerError::Store`] where its bytes are damaged.
    pub fn statement_bytes(&self, id: &StatementId) -> Result<Vec<u8>, LedgerError> {
        match self.store.statement(self.position_of(id)?) {
            Ok(bytes) => Ok(bytes),
            Err(StoreError::Removed { .. }) => {
                let by = self.book.redaction_of(id)?.map(|announced| announced.by);
                Err(LedgerError::Redacted { id: *id, by })
            }
            Err(other) => Err(other.into()),
        }
    }

    /// A statement's text, or its header alone where the body was taken out.
    ///
    /// # Errors
    /// [`LedgerError::NoStatement`]; [`LedgerError::Store`] where its bytes are damaged.
    pub fn text(&self, id: &StatementId) -> Result<Vec<u8>, LedgerError> {
        Ok(match self.store.body(self.position_of(id)?)? {
            Body::Statement(text) | Body::Removed(text) => text,
        })
    }

    /// A statement.
    ///
    /// # Errors
    /// As [`Self::statement_bytes`], and [`LedgerError::Codec`].
    pub fn statement(&self, id: &StatementId) -> Result<Statement, LedgerError> {
        Ok(decode_statement(&self.statement_bytes(id)?)?)
    }

    /// A statement, or what stays of it where it was redacted.
    ///
    /// # Errors
    /// As [`Self::statement`].
    pub fn said(&self, id: &StatementId) -> Result<Said, LedgerError> {
        self.said_at(self.position_of(id)?)
    }

    fn said_at(&self, at: Position) -> Result<Said, LedgerError> {
        Ok(base::said_at(&self.store, at)?)
    }

    /// The statement with a number, or what stays of it.
    pub(crate) fn said_of(&self, number: usize) -> Result<Said, LedgerError> {
        let problem =
            || LedgerError::Damaged { index: self.size(), problem: format!("no statement {number}") };
        self.said_at(self.position(number)?.ok_or_else(problem)?)
    }

    /// A whole submission.
    ///
    /// # Errors
    /// [`LedgerError::NoSubmission`]; [`LedgerError::Store`], also where a statement of it was redacted.
    pub fn submission(&self, index: u64) -> Result<Submission, LedgerError> {
        let stored = self.stored(index)?;
        let mut statements = Vec::with_capacity(stored.statements.len());
        for (body, at) in stored.statements.into_iter().zip(stored.positions) {
            statements.push(match body {
                Body::Statement(bytes) => bytes,
                Body::Removed(_) => self.store.statement(at)?,
            });
        }
        Ok(Submission { seal: Seal::parse(&stored.seal)?, statements })
    }

    /// The seal of a submission.
    ///
    /// # Errors
    /// [`LedgerError::NoSubmission`]; [`LedgerError::Store`].
    pub fn seal(&self, index: u64) -> Result<Seal, LedgerError> {
        let missing = || LedgerError::NoSubmission { index, size: self.size() };
        let (_, bytes) = self.store.ending(self.end_of(index)?.ok_or_else(missing)?)?;
        Ok(Seal::parse(&bytes)?)
    }

    fn stored(&self, index: u64) -> Result<StoredSubmission, LedgerError> {
        let missing = || LedgerError::NoSubmission { index, size: self.size() };
        if index >= self.size() {
            return Err(missing());
        }
        let before = index.checked_sub(1);
        let from: Option<Position> = before.map(|i| self.end_of(i)).transpose()?.flatten();
        self.store.read(from)?.next().transpose()?.ok_or_else(missing)
    }

    /// A statement with its place under its seal, for a proof.
    ///
    /// # Errors
    /// As [`Self::sealed_together`], and [`LedgerError::NoStatement`].
    pub fn sealed(&self, id: &StatementId) -> Result<Sealed, LedgerError> {
        let (_, entry) = self.book.entry(id)?.ok_or(LedgerError::NoStatement { id: *id })?;
        let sealed = self.sealed_together(entry.index, &[entry.ordinal])?.pop();
        sealed.ok_or(LedgerError::NoStatement { id: *id })
    }

    /// Statements of one submission, by their places in it, each with its place under the seal. A redacted one has its place all the same.
    ///
    /// # Errors
    /// [`LedgerError::NoSubmission`]; [`LedgerError::Store`]; [`LedgerError::Merkle`] for a place that the submission does not have.
    pub fn sealed_together(&self, index: u64, ordinals: &[u32]) -> Result<Vec<Sealed>, LedgerError> {
        let seal = self.seal(index)?;
        let first = self.book.first_of(index)?;
        let count = usize::try_from(seal.count()).unwrap_or(usize::MAX);
        let mut leaves: Vec<Hash> = Vec::with_capacity(count);
        for entry in self.book.entries(first..first.saturating_add(count)) {
            leaves.push(*entry?.id.as_bytes());
        }
        let mut sealed = Vec::with_capacity(ordinals.len());
        for ordinal in ordinals.iter().copied() {
            let path = inclusion_proof(leaves.as_slice(), u64::from(ordinal), seal.count())?;
            let number = first + ordinal as usize; // OK because the proof found it below the count
            let at = self.position(number)?;
            let at =
                at.ok_or_else(|| LedgerError::Damaged { index, problem: format!("no statement {number}") })?;
            let (Body::Statement(bytes) | Body::Removed(bytes)) = self.store.body(at)?;
            sealed.push(Sealed { bytes, ordinal: u64::from(ordinal), path, index, seal });
        }
        Ok(sealed)
    }

    /// Everything that holds, as a calculation needs it.
    ///
    /// # Errors
    /// [`LedgerError::Inventory`], naming the statement.
    pub fn inventory(&self) -> Result<Inventory, LedgerError> {
        self.everything_at(self.size())
    }

    /// As [`Self::inventory`] as it was at a size of the log.
    ///
    /// # Errors
    /// As [`Self::inventory`]; [`LedgerError::NoSubmission`] beyond the present size.
    pub fn everything_at(&self, size: u64) -> Result<Inventory, LedgerError> {
        self.check_size(size)?;
        Ok(inventory(&self.book, size, |number, _| self.said_of(number))?)
    }

    pub(super) fn check_size(&self, size: u64) -> Result<(), LedgerError> {
        match size > self.size() {
            true => Err(LedgerError::NoSubmission { index: size.saturating_sub(1), size: self.size() }),
            false => Ok(()),
        }
    }

    /// What came to hold and what ended since the log had `size` seals, for who keeps the inventory
    /// of then up to date ([`Inventory::apply`](crate::calc::Inventory::apply)): of all statements
    /// only the new ones are read.
    ///
    /// # Errors
    /// As [`Self::inventory`].
    pub fn changes_since(&self, size: u64) -> Result<Vec<Change>, LedgerError> {
        Ok(changes_since(&self.book, size, |number, _| self.said_of(number))?)
    }

    /// All that holds and that the footprints of these products can depend on: of a large ledger a
    /// small part. Figures, errors and findings are those of [`Self::inventory`].
    ///
    /// # Errors
    /// As [`Self::inventory`].
    pub fn inventory_of(&self, products: &[ProductId]) -> Result<Inventory, LedgerError> {
        self.inventory_at(products, self.size(), None)
    }

    /// As [`Self::inventory_of`] as it was at a size of the log, with a request without the
    /// activities that do not count for that: what a publication rests on can be calculated again
    /// for ever.
    ///
    /// # Errors
    /// As [`Self::inventory`]; [`LedgerError::NoSubmission`] beyond the present size.
    pub fn inventory_at(
        &self,
        products: &[ProductId],
        size: u64,
        request: Option<&Request>,
    ) -> Result<Inventory, LedgerError> {
        self.check_size(size)?;
        inventory_of(&HeldAt { ledger: self, size }, products, request)
    }
}

/// What held in a ledger at a size of its log.
pub(super) struct HeldAt<'a, S> {
    pub(super) ledger: &'a Ledger<S>,
    pub(super) size: u64,
}

impl<S: Reader> Holdings for HeldAt<'_, S> {
    type Error = LedgerError;

    fn held(&self, sought: &Sought<'_>) -> Result<Vec<usize>, LedgerError> {
        self.held_then(sought, self.size)
    }

    fn held_then(&self, sought: &Sought<'_>, size: u64) -> Result<Vec<usize>, LedgerError> {
        let book = &self.ledger.book;
        let mut held = Vec::new();
        for number in book.found(sought)? {
            if let Some(entry) = book.entry_at(number)?
                && book.held_at(number, &entry, size)?
            {
                held.push(number);
            }
        }
        Ok(held)
    }

    fn said(&self, number: usize) -> Result<(StatementId, Said), LedgerError> {
        let missing = || LedgerError::Damaged { index: self.size, problem: format!("no statement {number}") };
        let id = self.ledger.book.entry_at(number)?.ok_or_else(missing)?.id;
        Ok((id, self.ledger.said_of(number)?))
    }
}

impl From<InventoryError<Infallible>> for LedgerError {
    fn from(error: InventoryError<Infallible>) -> Self {
        Self::Inventory(Box::new(error.widened()))
    }
}
