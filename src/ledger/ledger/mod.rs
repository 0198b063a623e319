//! The one writer: opens a ledger, judges submissions through the rules, appends them, answers queries. Its reading half needs no lock and
//! works beside a writer. It never decides what may be signed (that is `rules`) and never touches a file of the
//! store itself; it owns `signed/`, where the newest signed checkpoint is kept.

pub mod asking;

mod activities;
mod admit;
pub(crate) mod base;
pub(crate) mod batcher;
mod checkpoint;
mod completing;
mod derived;
mod door;
mod error;
mod export;
mod filter;
mod history;
mod leaves;
mod numbered;
mod opened;
pub(crate) mod placed;
mod plan;
mod query;
mod recent;
mod redacting;
mod segments;
mod shared;
mod submission;
mod turns;
mod witnessed;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::admission::{Book, Index, Scope};
use crate::codec::{encode_statement, statement_id};
use crate::limits::LEDGER_FORMAT;
use crate::model::{Digest, Genesis, StatementId};
use crate::sign::{KeyKind, Seal, SigningKey, VerifierKey, VerifyingKey};
use crate::store::file::{self, FileReader, FileStore};
use crate::store::manifest::Manifest;
use crate::store::medium::{Disk, Medium as _};
use crate::store::memory::MemoryStore;
use crate::store::{self, AppendError, Holder, Reader, Store};
use crate::stored::StoredPart;

pub use asking::{Post, Reply, Round, Said};
pub use checkpoint::CheckpointSource;
pub use completing::{Completion, Known};
pub use error::LedgerError;
pub use export::Exported;
pub use leaves::Leaves;
pub use plan::Plan;
pub use query::Sealed;
pub use shared::Shared;
pub use submission::Submission;

use base::Base;
use derived::Derived;
use placed::Placed;

/// Where the derived runs lie, below the ledger's directory.
const RUNS: &str = "log";
/// Where the index of the newest submissions lies.
const INDEX: &str = "index";
/// Statements of one run: 2^16.
const RUN_STATEMENTS: u32 = 1 << 16;

/// How a ledger on disk is written.
#[derive(Clone)]
pub struct Options {
    /// Length of a segment, and where the writes go.
    pub store: file::Options,
    /// Statements behind the derived runs from which on another run is written; a run is written
    /// when a writer closes, too.
    pub run_statements: u32,
    /// Bytes of planned statements that are kept in memory; of more they are staged in the store ([`Plan`]).
    pub held_bytes_max: usize,
}

impl Default for Options {
    fn default() -> Self {
        let (run_statements, held_bytes_max) = (RUN_STATEMENTS, plan::HELD_BYTES_MAX);
        Self { store: file::Options::default(), run_statements, held_bytes_max }
    }
}

/// What a writer is told about a submission that is in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
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
    /// The part of the log that the derived runs hold.
    base: Option<Arc<Base>>,
    /// Where the submissions behind that lie; the book may hold more.
    placed: Placed,
    /// Statements whose redaction is carried out, and durable.
    redacted: BTreeSet<StatementId>,
    /// The digests of their bodies: nothing brings one back.
    erased: BTreeMap<Digest, StatementId>,
    dir: Option<PathBuf>,
    derived: Option<Derived>,
    /// A group of submissions was taken into the book and could not be written: nothing here may be relied on.
    poisoned: bool,
    /// Bytes of planned statements that are kept in memory.
    held_bytes_max: usize,
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
        Self::create_with(dir, genesis, operator, signed_at_s, holder, Options::default())
    }

    /// As [`Ledger::create`], with options.
    ///
    /// # Errors
    /// As [`Ledger::create`].
    pub fn create_with(
        dir: &Path,
        genesis: Genesis,
        operator: &SigningKey,
        signed_at_s: u64,
        holder: &Holder,
        options: Options,
    ) -> Result<Self, LedgerError> {
        let log_key = VerifyingKey::from_bytes(genesis.log_key.as_bytes())?;
        let verifier = VerifierKey::new(genesis.origin.as_str(), KeyKind::Ed25519, log_key)?;
        let origin = genesis.origin.to_string();
        let bytes = encode_statement(&genesis.into())?;
        let ledger_id = *statement_id(&bytes).as_bytes();
        let seal = Seal::sign(operator, ledger_id, signed_at_s, &[ledger_id])?;
        let mut book = Book::new(Scope::Whole);
        book.admit(&seal, &[&bytes])?;
        let manifest = Manifest { format: LEDGER_FORMAT, ledger_id, origin, log_key: verifier.to_string() };
        let first =
            store::Submission { seal: &seal.to_bytes(), statements: &[&bytes], new_root: book.root() };
        drop(FileStore::create_with(dir, &manifest, &first, holder, options.store.clone())?);
        Self::open_with(dir, holder, options)
    }

    /// Opens a ledger for writing: takes its lock, recovers what a crash left, completes redactions that were announced, brings the derived
    /// files up to date.
    ///
    /// # Errors
    /// [`LedgerError::Store`], naming the holder of the lock, or file and offset of what is damaged.
    pub fn open(dir: &Path, holder: &Holder) -> Result<Self, LedgerError> {
        Self::open_with(dir, holder, Options::default())
    }

    /// As [`Ledger::open`], with options.
    ///
    /// # Errors
    /// As [`Ledger::open`].
    pub fn open_with(dir: &Path, holder: &Holder, options: Options) -> Result<Self, LedgerError> {
        let store = FileStore::open_writer_with(dir, holder, options.store)?;
        let mut ledger = Self::over(store, Some(dir.to_path_buf()));
        ledger.held_bytes_max = options.held_bytes_max;
        let (derived, base, recent) = Derived::open(dir, &ledger.store.ledger_id(), options.run_statements)?;
        ledger.resume(base, recent)?;
        ledger.derived = Some(derived);
        // Nothing was handed in yet of which it would not be known whether it was written.
        ledger.complete_redactions().map_err(|error| match error {
            LedgerError::Append(AppendError::Unknown(cause) | AppendError::Refused(cause)) => cause.into(),
            other => other,
        })?;
        ledger.catch_up(true)?;
        Ok(ledger)
    }
}

impl<S: Store> Ledger<S> {
    /// Removes the derived files, and forgets what was read from them: they hold hashes of what bodies say. Gives
    /// what [`Self::read_again`] begins them with.
    fn forget_derived(&mut self) -> Result<Option<u32>, LedgerError> {
        let run_statements = self.derived.as_ref().map(Derived::run_statements);
        self.derived = None;
        self.base = None;
        (self.book, self.placed) = (Book::new(Scope::Whole), Placed::from(0, 0));
        if let (Some(dir), Some(_)) = (&self.dir, run_statements) {
            for gone in [dir.join(RUNS), dir.join(INDEX)] {
                let io = |cause| LedgerError::Io { path: gone.clone(), cause };
                match std::fs::remove_dir_all(&gone) {
                    Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => return Err(io(cause)),
                    _ => {}
                }
            }
            Disk.sync_dir(dir).map_err(|cause| LedgerError::Io { path: dir.clone(), cause })?;
        }
        Ok(run_statements)
    }

    /// Reads the whole log again and begins the derived files anew, where there were any.
    fn read_again(&mut self, run_statements: Option<u32>) -> Result<(), LedgerError> {
        let derived = match (self.dir.clone(), run_statements) {
            (Some(dir), Some(run_statements)) => {
                Some(Derived::open(&dir, &self.store.ledger_id(), run_statements)?.0)
            }
            _ => None,
        };
        self.resume(None, Vec::new())?;
        self.derived = derived;
        self.catch_up(true)
    }

    /// Brings the derived files, where there are any, up to what was appended. Losing them costs a
    /// slower opening, nothing else.
    ///
    /// # Errors
    /// [`LedgerError::Store`] or [`LedgerError::Runs`]. Whatever was answered before is durable all
    /// the same.
    pub fn flush(&mut self) -> Result<(), LedgerError> {
        self.catch_up(true)?;
        self.derived.as_ref().map_or(Ok(()), Derived::settle)
    }
}

impl Ledger<FileReader> {
    /// Opens a ledger for reading, also beside a writer. Nothing is repaired and nothing is written.
    ///
    /// # Errors
    /// [`LedgerError::Store`], naming file and offset of what is damaged.
    pub fn read(dir: &Path) -> Result<Self, LedgerError> {
        let mut ledger = Self::over(FileReader::open(dir)?, Some(dir.to_path_buf()));
        let base = Base::read(dir, &ledger.store.ledger_id())?;
        ledger.resume(base, Vec::new())?;
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
        ledger.resume(None, Vec::new())?;
        Ok(ledger)
    }

    fn over(store: S, dir: Option<PathBuf>) -> Self {
        Self {
            store,
            book: Book::new(Scope::Whole),
            base: None,
            placed: Placed::from(0, 0),
            redacted: BTreeSet::new(),
            erased: BTreeMap::new(),
            dir,
            derived: None,
            poisoned: false,
            held_bytes_max: plan::HELD_BYTES_MAX,
        }
    }

    /// The store beneath, once the ledger is no longer needed.
    pub fn into_store(self) -> S {
        self.store
    }

    /// Begins with what the derived runs hold and reads the rest from the store.
    fn resume(&mut self, base: Option<Base>, recent: Vec<StoredPart>) -> Result<(), LedgerError> {
        if let Some(base) = base.map(Arc::new) {
            self.placed = Placed::from(base.statements(), base.runs().seals());
            self.book = Book::over(Arc::clone(&base) as Arc<dyn Index>)?;
            self.base = Some(base);
        }
        recent::fold(recent, &self.store, &mut self.book, &mut self.placed)?;
        let from = match (self.placed.seals().checked_sub(1), &self.base) {
            (Some(last), Some(base)) if last < base.runs().seals() => Some(base.runs().head().position),
            (Some(last), _) => self.placed.end_of(last),
            (None, _) => None,
        };
        self.placed.replay(&self.store, from, &mut self.book, None)
    }
}
