//! The one writer: opens a ledger, judges submissions through the rules, appends them, answers queries. Its reading half needs no lock and
//! works beside a writer. It never decides what may be signed (that is `rules`) and never touches a file of the
//! store itself; it owns `signed/`, where the newest signed checkpoint is kept.

mod checkpoint;
mod derived;
mod error;
mod export;
mod query;
mod submission;

use std::path::{Path, PathBuf};

use crate::codec::digest::sha256;
use crate::codec::{decode_statement, encode_statement, leaf_hash, statement_id};
use crate::merkle::Hash;
use crate::model::{Genesis, PublicKey, Statement, StatementId};
use crate::rules::{Book, Fact, Scope};
use crate::sign::{KeyKind, Seal, SigningKey, VerifierKey, VerifyingKey};
use crate::store::file::{FileReader, FileStore};
use crate::store::manifest::{FORMAT, Manifest};
use crate::store::memory::MemoryStore;
use crate::store::{self, Head, Holder, Position, Reader, Store, StoredSubmission};

pub use checkpoint::CheckpointSource;
pub use error::LedgerError;
pub use export::Exported;
pub use query::Sealed;
pub use submission::{SUBMISSION_FILE_BYTES_MAX, Submission};

use derived::Derived;

/// What a writer is told about a submission that is in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// Its index in the log.
    pub index: u64,
    /// The ids of its statements, in order.
    pub ids: Vec<StatementId>,
    /// True where the very same submission was there before and nothing was appended.
    pub already: bool,
}

/// A ledger over a store: for writing where the store can be written, for reading in any case.
pub struct Ledger<S> {
    store: S,
    book: Book,
    leaves: Vec<Hash>,
    /// Where each statement of the book's entries lies.
    positions: Vec<Position>,
    /// Where each submission ends.
    ends: Vec<Position>,
    dir: Option<PathBuf>,
    derived: Option<Derived>,
    /// Why the derived files are no longer kept up; opening the ledger makes them again.
    derived_failure: Option<LedgerError>,
}

impl Ledger<FileStore> {
    /// Creates a ledger in a directory with its genesis, sealed by the operator's key.
    ///
    /// # Errors
    /// [`LedgerError::Refused`] for a genesis that does not hold; [`LedgerError::Store`].
    pub fn create(
        dir: &Path,
        genesis: Genesis,
        operator: &SigningKey,
        signed_at_s: u64,
        holder: &Holder,
    ) -> Result<Self, LedgerError> {
        let log_key = VerifyingKey::from_bytes(genesis.log_key.as_bytes())?;
        let verifier = VerifierKey::new(genesis.origin.as_str(), KeyKind::Ed25519, log_key)?;
        let origin = genesis.origin.to_string();
        let bytes = encode_statement(&genesis.into())?;
        let ledger_id = *statement_id(&bytes).as_bytes();
        let seal = Seal::sign(operator, ledger_id, signed_at_s, &[ledger_id])?;
        let mut book = Book::new(Scope::Whole);
        book.admit(&seal, &[&bytes])?;
        let manifest = Manifest { format: FORMAT, ledger_id, origin, log_key: verifier.to_string() };
        let first =
            store::Submission { seal: &seal.to_bytes(), statements: &[&bytes], new_root: book.root() };
        drop(FileStore::create(dir, &manifest, &first, holder)?);
        Self::open(dir, holder)
    }

    /// Opens a ledger for writing: takes its lock, recovers what a crash left, brings the derived files up to date.
    ///
    /// # Errors
    /// [`LedgerError::Store`], naming the holder of the lock, or file and offset of what is damaged.
    pub fn open(dir: &Path, holder: &Holder) -> Result<Self, LedgerError> {
        let store = FileStore::open_writer(dir, holder)?;
        let mut ledger = Self::over(store, Some(dir.to_path_buf()));
        let derived = Derived::open(dir, &ledger.store.ledger_id())?;
        let derived = ledger.replay_with(derived)?;
        ledger.derived = Some(derived);
        Ok(ledger)
    }

    /// Brings the derived files up to what was appended. Losing them costs a slower opening, nothing else.
    ///
    /// # Errors
    /// [`LedgerError::Store`] or [`LedgerError::Index`].
    pub fn flush(&mut self) -> Result<(), LedgerError> {
        if let Some(error) = self.derived_failure.take() {
            return Err(error);
        }
        match &mut self.derived {
            Some(derived) => derived.catch_up(&self.book, &self.leaves, &self.positions, &self.ends, 1),
            None => Ok(()),
        }
    }
}

impl Ledger<FileReader> {
    /// Opens a ledger for reading, also beside a writer. Nothing is repaired and nothing is written.
    ///
    /// # Errors
    /// [`LedgerError::Store`], naming file and offset of what is damaged.
    pub fn read(dir: &Path) -> Result<Self, LedgerError> {
        let mut ledger = Self::over(FileReader::open(dir)?, Some(dir.to_path_buf()));
        ledger.replay(None)?;
        Ok(ledger)
    }
}

impl Ledger<MemoryStore> {
    /// A ledger that lives in memory.
    ///
    /// # Errors
    /// As [`Ledger::create`].
    pub fn in_memory(genesis: Genesis, operator: &SigningKey, signed_at_s: u64) -> Result<Self, LedgerError> {
        let bytes = encode_statement(&genesis.into())?;
        let ledger_id = *statement_id(&bytes).as_bytes();
        let seal = Seal::sign(operator, ledger_id, signed_at_s, &[ledger_id])?;
        let mut book = Book::new(Scope::Whole);
        book.admit(&seal, &[&bytes])?;
        let first =
            store::Submission { seal: &seal.to_bytes(), statements: &[&bytes], new_root: book.root() };
        Self::over_store(MemoryStore::new(ledger_id, &first)?)
    }
}

impl<S: Reader> Ledger<S> {
    /// A ledger over any store that holds one, without derived files and without a place for signed checkpoints.
    ///
    /// # Errors
    /// [`LedgerError::Store`]; [`LedgerError::Damaged`] where the store's submissions are not a ledger's.
    pub fn over_store(store: S) -> Result<Self, LedgerError> {
        let mut ledger = Self::over(store, None);
        ledger.replay(None)?;
        Ok(ledger)
    }

    fn over(store: S, dir: Option<PathBuf>) -> Self {
        Self {
            store,
            book: Book::new(Scope::Whole),
            leaves: Vec::new(),
            positions: Vec::new(),
            ends: Vec::new(),
            dir,
            derived: None,
            derived_failure: None,
        }
    }

    /// The store beneath, once the ledger is no longer needed.
    pub fn into_store(self) -> S {
        self.store
    }

    /// Folds every submission after `from`. Signatures and rules were judged when they were appended; the audit judges them again.
    fn replay(&mut self, from: Option<Position>) -> Result<(), LedgerError> {
        let (store, mut parts) = (
            &self.store,
            Parts {
                book: &mut self.book,
                leaves: &mut self.leaves,
                positions: &mut self.positions,
                ends: &mut self.ends,
            },
        );
        for submission in store.read(from)? {
            parts.take(&submission?)?;
        }
        Ok(())
    }
}

/// The parts of a ledger that grow with each submission, apart from its store.
struct Parts<'a> {
    book: &'a mut Book,
    leaves: &'a mut Vec<Hash>,
    positions: &'a mut Vec<Position>,
    ends: &'a mut Vec<Position>,
}

impl Parts<'_> {
    fn take(&mut self, stored: &StoredSubmission) -> Result<(), LedgerError> {
        let damaged = |problem: String| LedgerError::Damaged { index: stored.index, problem };
        let seal = Seal::parse(&stored.seal).map_err(|e| damaged(e.to_string()))?;
        let mut facts = Vec::with_capacity(stored.statements.len());
        for (n, bytes) in stored.statements.iter().enumerate() {
            let statement =
                decode_statement(bytes).map_err(|e| damaged(format!("statement {}: {e}", n + 1)))?;
            let ordinal = u32::try_from(n).unwrap_or(u32::MAX); // OK because a submission has at most 65,536.
            facts.push(Fact::new(statement_id(bytes), statement, stored.index, ordinal));
        }
        self.fold(&seal, facts, &stored.positions, stored.end);
        if self.book.root() == stored.new.root {
            return Ok(());
        }
        Err(damaged("the root in its commit is not the root of the log with its seal".into()))
    }

    fn fold(&mut self, seal: &Seal, facts: Vec<Fact>, positions: &[Position], end: Position) {
        let leaf = leaf_hash(&seal.to_bytes());
        self.leaves.push(leaf);
        self.positions.extend_from_slice(positions);
        self.ends.push(end);
        self.book.fold(leaf, sha256(&[&seal.message()]), PublicKey::from_bytes(*seal.signer()), facts);
    }
}

impl<S: Store> Ledger<S> {
    /// Appends a submission that somebody signed. It lands whole or not at all, and is durable when this returns.
    ///
    /// # Errors
    /// [`LedgerError::Refused`] with who and why; [`LedgerError::Append`], of which `Unknown` means that the ledger must be opened again
    /// before it is known whether the submission is there.
    pub fn submit(&mut self, submission: &Submission) -> Result<Receipt, LedgerError> {
        let Submission { seal, statements } = submission;
        if let Some(index) = self.book.index_of_seal(&sha256(&[&seal.message()])) {
            // The seal alone is no answer: what came with it must be what it seals.
            let leaves: Vec<Hash> = statements.iter().map(|bytes| leaf_hash(bytes)).collect();
            seal.check_statements(&leaves)?;
            seal.verify_signature()?;
            let ids = statements.iter().map(|bytes| statement_id(bytes)).collect();
            return Ok(Receipt { index, ids, already: true });
        }
        let facts = self.book.judge(seal, statements)?;
        let ids = facts.iter().map(|fact| fact.entry.id).collect();
        let leaf = leaf_hash(&seal.to_bytes());
        let bytes: Vec<&[u8]> = statements.iter().map(Vec::as_slice).collect();
        let head = self.known_head()?;
        let next = store::Submission {
            seal: &seal.to_bytes(),
            statements: &bytes,
            new_root: self.book.root_with(leaf),
        };
        self.store.append(&head, &[next])?;
        let index = self.book.size();
        let stored = self.store.read(Some(head.position))?.next();
        let Some(stored) = stored.transpose()? else {
            return Err(LedgerError::Damaged { index, problem: "what was appended cannot be read".into() });
        };
        let mut parts = Parts {
            book: &mut self.book,
            leaves: &mut self.leaves,
            positions: &mut self.positions,
            ends: &mut self.ends,
        };
        parts.fold(seal, facts, &stored.positions, stored.end);
        if let Some(derived) = &mut self.derived {
            let (book, leaves) = (&self.book, &self.leaves);
            let caught_up = derived.catch_up(book, leaves, &self.positions, &self.ends, derived::LAG_MAX);
            // The submission is durable whatever becomes of the derived files: `flush` says what did.
            if let Err(error) = caught_up {
                (self.derived, self.derived_failure) = (None, Some(error));
            }
        }
        Ok(Receipt { index, ids, already: false })
    }

    /// The head as this ledger knows it: where the store has another one, appending is a conflict.
    fn known_head(&self) -> Result<Head, LedgerError> {
        let (index, problem) = (self.size(), "the ledger holds no submission");
        let position = *self.ends.last().ok_or(LedgerError::Damaged { index, problem: problem.into() })?;
        Ok(Head { size: self.size(), root: self.root(), position })
    }

    /// Signs statements and appends them as one submission.
    ///
    /// # Errors
    /// As [`Ledger::submit`], and [`LedgerError::Codec`] for a statement whose parts do not fit.
    pub fn append(
        &mut self,
        key: &SigningKey,
        signed_at_s: u64,
        statements: &[Statement],
    ) -> Result<Receipt, LedgerError> {
        let submission = Submission::sign(key, self.store.ledger_id(), signed_at_s, statements)?;
        self.submit(&submission)
    }
}
