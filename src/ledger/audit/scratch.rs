//! Where an audit puts aside what it has to remember of a long log: derived runs in files without a
//! name, which nobody else can open and which are gone with the audit, however it ends. A short log
//! needs none.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use crate::admission::{Book, Index, IndexError, Sealing};
use crate::ledger::LedgerError;
use crate::ledger::base::{Base, Texts};
use crate::ledger::batcher::Batcher;
use crate::ledger::placed::Placed;
use crate::model::{ProductTag, PublicKey, Statement};
use crate::runs::Writer;
use crate::store::positioned::Positioned as _;
use crate::store::{Position, StoreError};

/// Key and message hash of one seal.
const SEALING_BYTES: usize = 64;

/// A directory for nameless files, and whether it failed.
#[derive(Debug, Clone)]
pub(super) struct Scratch {
    held: usize,
    dir: Arc<Path>,
    failure: Arc<Failure>,
}

/// Why it failed, first.
#[derive(Debug, Default)]
struct Failure {
    happened: AtomicBool,
    why: Mutex<Option<StoreError>>,
}

impl Scratch {
    pub(super) fn new(dir: &Path, held: usize) -> Self {
        Self { held, dir: dir.into(), failure: Arc::default() }
    }

    /// Where whoever runs the program wants temporary files, `TMPDIR`; else where large ones belong, which is not always `/tmp`: that may be memory.
    pub(super) fn default_dir() -> PathBuf {
        let large = PathBuf::from("/var/tmp");
        if std::env::var_os("TMPDIR").is_none() && large.is_dir() { large } else { std::env::temp_dir() }
    }

    /// True once something could not be put aside or read again: what is made with it is worth nothing.
    pub(super) fn has_failed(&self) -> bool {
        self.failure.happened.load(Ordering::Relaxed)
    }

    pub(super) fn fail(&self, why: StoreError) {
        let mut first = self.failure.why.lock().unwrap_or_else(PoisonError::into_inner);
        first.get_or_insert(why);
        self.failure.happened.store(true, Ordering::Relaxed);
    }

    /// Takes the answer of a question about the log; where there is none, the scratch has failed.
    pub(super) fn answer<T>(&self, answer: Result<T, IndexError>) -> Option<T> {
        answer.map_err(|error| self.fail(self.error(&error))).ok()
    }

    fn error(&self, cause: &dyn std::fmt::Display) -> StoreError {
        let source = std::io::Error::other(cause.to_string());
        StoreError::Io { action: "use temporary files in", file: self.dir.to_path_buf(), source }
    }

    /// # Errors
    /// Why it failed, where it did.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        let mut first = self.failure.why.lock().unwrap_or_else(PoisonError::into_inner);
        first.take().map_or(Ok(()), Err)
    }
}

/// What was put aside.
pub(super) struct Aside {
    scratch: Scratch,
    batcher: Batcher,
    writer: Option<Writer>,
    base: Option<Arc<Base>>,
    remembered: Arc<Remembered>,
}

impl Aside {
    pub(super) fn new(scratch: &Scratch) -> Self {
        Self {
            scratch: scratch.clone(),
            batcher: Batcher::default(),
            writer: None,
            base: None,
            remembered: Arc::default(),
        }
    }

    /// Puts everything aside, where there is more of it than is held in memory.
    pub(super) fn relieve(&mut self, book: &mut Book, placed: &mut Placed) {
        if placed.statements() - self.batcher.statements() < self.scratch.held.max(1)
            || self.scratch.has_failed()
        {
            return;
        }
        if let Err(error) = self.put_aside(book, placed) {
            self.scratch.fail(self.scratch.error(&error));
        }
    }

    fn put_aside(&mut self, book: &mut Book, placed: &mut Placed) -> Result<(), LedgerError> {
        self.remembered.take(&self.scratch.dir, book, self.batcher.statements(), placed)?;
        let batch = self.batcher.batch(book, placed)?;
        let id = book.ledger_id().map(|id| *id.as_bytes()).unwrap_or_default();
        let writer = self.writer.get_or_insert_with(|| Writer::scratch(&self.scratch.dir, &id));
        let mut runs = writer.flush(batch)?;
        while writer.merge_step()? {
            runs = writer.runs().cloned().unwrap_or(runs);
        }
        let remembered = Arc::clone(&self.remembered);
        if let Some(base) = Base::over(runs, Box::new(remembered)).map(Arc::new) {
            if let Some(before) = &self.base {
                base.inherit(before, book);
            }
            placed.forget_before(base.statements(), base.runs().seals());
            book.rest_on(Arc::clone(&base) as Arc<dyn Index>);
            self.base = Some(base);
        }
        Ok(())
    }

    /// Where a statement lies in the store.
    pub(super) fn position(&self, placed: &Placed, number: usize) -> Option<Position> {
        match &self.base {
            Some(base) if number < base.statements() => self.scratch.answer(base.position(number)),
            _ => placed.position(number),
        }
    }
}

/// Of the statements that were put aside: what those say that are looked up again, and who sealed
/// them.
#[derive(Debug, Default)]
struct Remembered {
    bodies: RwLock<BTreeMap<usize, Arc<Statement>>>,
    seals: Mutex<Option<File>>,
}

impl Remembered {
    fn take(&self, dir: &Path, book: &Book, first: usize, placed: &Placed) -> Result<(), LedgerError> {
        let mut bodies = self.bodies.write().unwrap_or_else(PoisonError::into_inner);
        bodies.extend(book.bodies_behind(first));
        let io = |cause| LedgerError::Io { path: dir.to_path_buf(), cause };
        let mut rows = Vec::new();
        for index in placed.first_seal()..placed.seals() {
            let Some(sealing) = book.sealing(index)? else { continue };
            rows.extend_from_slice(sealing.key.as_bytes());
            rows.extend_from_slice(&sealing.message);
        }
        let mut seals = self.seals.lock().unwrap_or_else(PoisonError::into_inner);
        if seals.is_none() {
            *seals = Some(tempfile::tempfile_in(dir).map_err(io)?);
        }
        let Some(file) = seals.as_ref() else { return Ok(()) };
        file.write_all_at(&rows, placed.first_seal() * SEALING_BYTES as u64).map_err(io) // OK: 64 bits hold what a disk holds
    }
}

/// Why something that was put aside cannot be read.
#[derive(Debug, thiserror::Error)]
enum Unread {
    #[error("two products have ids whose hashes begin alike, and the text at {0:?} was not put aside")]
    Text(Position),
    #[error("a log that is audited is read once")]
    Once,
    #[error("what was put aside cannot be read: {0}")]
    Io(#[from] std::io::Error),
}

impl Texts for Arc<Remembered> {
    fn body(&self, number: usize, _: Position) -> Result<Option<Arc<Statement>>, IndexError> {
        let bodies = self.bodies.read().unwrap_or_else(PoisonError::into_inner);
        Ok(bodies.get(&number).cloned())
    }

    fn makes(&self, at: Position, _: &ProductTag) -> Result<bool, IndexError> {
        Err(IndexError::new(Unread::Text(at)))
    }

    fn sealing(&self, index: u64, _: Position) -> Result<Sealing, IndexError> {
        let (mut row, seals) =
            ([0; SEALING_BYTES], self.seals.lock().unwrap_or_else(PoisonError::into_inner));
        let file = seals.as_ref().ok_or_else(|| IndexError::new(Unread::Once))?;
        let at = index.saturating_mul(SEALING_BYTES as u64); // OK because 64 fits
        file.read_exact_at(&mut row, at).map_err(|error| IndexError::new(Unread::Io(error)))?;
        let halves =
            row.split_first_chunk::<32>().and_then(|(key, rest)| Some((*key, rest.try_into().ok()?)));
        let (key, message) = halves.ok_or_else(|| IndexError::new(Unread::Once))?; // OK because it has 64 bytes
        Ok(Sealing { index, key: PublicKey::from_bytes(key), message })
    }

    fn read_again(&self, _: u64) -> Result<(Book, Placed), IndexError> {
        Err(IndexError::new(Unread::Once))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_failure_is_told() {
        let dir = tempfile::TempDir::new().unwrap();
        let scratch = Scratch::new(dir.path(), 1);
        assert!(!scratch.has_failed() && scratch.check().is_ok());
        assert_eq!(
            scratch.answer::<()>(Err(IndexError::new(Unread::Io(std::io::Error::other("no room"))))),
            None
        );
        assert_eq!(scratch.answer::<()>(Err(IndexError::new(Unread::Once))), None);
        assert!(scratch.has_failed());
        let why = scratch.check().unwrap_err().to_string();
        assert!(why.contains(&dir.path().display().to_string()) && why.contains("no room"), "{why}");
    }
}
