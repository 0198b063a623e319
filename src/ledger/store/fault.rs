//! Fails on purpose, for the tests of everything above a store: a store whose n-th change ends in `Unknown`, and a
//! medium whose n-th change of the disk fails. Each fault comes in both kinds: lost, and persisted all the same.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::limits::SEAL_BYTES;
use crate::store::medium::{Disk, Medium};
use crate::store::{
    AppendError, Body, Head, LogState, Position, Reader, Store, StoreError, Submission, Submissions,
};

/// What becomes of the call that fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing of it happens.
    Lost,
    /// It happens, and the error comes all the same.
    Persisted,
    /// A first part of it happens: half of the bytes of a write, the first half (rounded down) of a group.
    Torn,
}

/// A store whose n-th change, an append or a redaction, fails; after that it is poisoned until [`FaultStore::reopen`].
#[derive(Debug)]
pub struct FaultStore<S> {
    inner: S,
    changes_left: u64,
    fault: Fault,
    poisoned: bool,
}

impl<S: Store> FaultStore<S> {
    /// Wraps `inner`; change number `nth`, counted from 1, fails. With 0 none does.
    pub fn new(inner: S, nth: u64, fault: Fault) -> FaultStore<S> {
        FaultStore { inner, changes_left: nth, fault, poisoned: false }
    }

    /// What opening the store again would give; no further change fails.
    pub fn reopen(self) -> FaultStore<S> {
        FaultStore { changes_left: 0, poisoned: false, ..self }
    }

    /// Counts a change; true where it is the one that fails.
    fn fails(&mut self) -> Result<bool, AppendError> {
        if self.poisoned {
            return Err(AppendError::Poisoned);
        }
        let fails = self.changes_left == 1;
        self.changes_left = self.changes_left.saturating_sub(1);
        Ok(fails)
    }

    /// What the change that fails answers.
    fn unknown(&mut self) -> AppendError {
        self.poisoned = true;
        let place = Path::new("a store that fails on purpose");
        AppendError::Unknown(StoreError::io("write", place)(broken()))
    }
}

impl<S: Store> Reader for FaultStore<S> {
    fn ledger_id(&self) -> [u8; 32] {
        self.inner.ledger_id()
    }

    fn head(&self) -> Result<Head, StoreError> {
        self.inner.head()
    }

    fn read(&self, from: Option<Position>) -> Result<Submissions<'_>, StoreError> {
        self.inner.read(from)
    }

    fn statement(&self, at: Position) -> Result<Vec<u8>, StoreError> {
        self.inner.statement(at)
    }

    fn body(&self, at: Position) -> Result<Body, StoreError> {
        self.inner.body(at)
    }

    fn ending(&self, end: Position) -> Result<(LogState, [u8; SEAL_BYTES]), StoreError> {
        self.inner.ending(end)
    }
}

impl<S: Store> Store for FaultStore<S> {
    fn append(&mut self, expected: &Head, group: &[Submission<'_>]) -> Result<Vec<Head>, AppendError> {
        if !self.fails()? {
            return self.inner.append(expected, group);
        }
        let part = match self.fault {
            Fault::Lost => 0,
            Fault::Persisted => group.len(),
            Fault::Torn => group.len() / 2,
        };
        self.inner.append(expected, group.get(..part).unwrap_or_default())?;
        Err(self.unknown())
    }

    /// Torn, nothing of it happens: a body is there whole or not at all.
    fn remove_body(&mut self, at: Position) -> Result<(), AppendError> {
        if !self.fails()? {
            return self.inner.remove_body(at);
        }
        if self.fault == Fault::Persisted {
            self.inner.remove_body(at)?;
        }
        Err(self.unknown())
    }
}

/// A disk whose n-th change fails, and every one after it too.
#[derive(Debug)]
pub struct FaultMedium {
    nth: u64,
    fault: Fault,
    done: AtomicU64,
}

impl FaultMedium {
    /// Change number `nth`, counted from 1, fails. With 0 none does.
    pub fn new(nth: u64, fault: Fault) -> FaultMedium {
        FaultMedium { nth, fault, done: AtomicU64::new(0) }
    }

    /// Number of changes asked for so far.
    pub fn changes(&self) -> u64 {
        self.done.load(Ordering::SeqCst)
    }

    /// Runs `change`, or only `torn`, or nothing, and fails when it is time to.
    fn run<T>(
        &self,
        change: impl FnOnce() -> io::Result<T>,
        torn: impl FnOnce() -> io::Result<()>,
    ) -> io::Result<T> {
        let count = self.done.fetch_add(1, Ordering::SeqCst) + 1;
        if self.nth == 0 || count < self.nth {
            return change();
        }
        if count == self.nth {
            match self.fault {
                Fault::Lost => {}
                Fault::Persisted => drop(change()?),
                Fault::Torn => torn()?,
            }
        }
        Err(broken())
    }
}

/// What a broken disk answers.
fn broken() -> io::Error {
    io::Error::other("input/output error")
}

impl Medium for FaultMedium {
    fn create_dir(&self, path: &Path) -> io::Result<()> {
        self.run(|| Disk.create_dir(path), || Ok(()))
    }

    fn create(&self, path: &Path) -> io::Result<File> {
        self.run(|| Disk.create(path), || Ok(()))
    }

    fn write_at(&self, path: &Path, file: &File, offset: u64, bytes: &[u8]) -> io::Result<()> {
        let half = bytes.get(..bytes.len() / 2).unwrap_or_default();
        self.run(|| Disk.write_at(path, file, offset, bytes), || Disk.write_at(path, file, offset, half))
    }

    fn truncate(&self, path: &Path, file: &File, len: u64) -> io::Result<()> {
        self.run(|| Disk.truncate(path, file, len), || Ok(()))
    }

    fn sync(&self, path: &Path, file: &File) -> io::Result<()> {
        self.run(|| Disk.sync(path, file), || Ok(()))
    }

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.run(|| Disk.sync_dir(path), || Ok(()))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.run(|| Disk.rename(from, to), || Ok(()))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.run(|| Disk.remove(path), || Ok(()))
    }
}
