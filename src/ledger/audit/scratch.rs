//! Where an audit puts aside what it has to remember of a long log: files without a name, which nobody else can open and which are gone with
//! the audit, however it ends. A short log needs none.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use crate::admission::shelf::{Record, Shelf, Volume};
use crate::store::positioned::Positioned as _;
use crate::store::{Position, StoreError};

/// A directory for nameless files.
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

    /// # Errors
    /// Why it failed, where it did.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        let mut first = self.failure.why.lock().unwrap_or_else(PoisonError::into_inner);
        first.take().map_or(Ok(()), Err)
    }
}

impl Shelf for Scratch {
    fn held(&self) -> usize {
        self.held
    }

    fn volume(&self) -> Arc<dyn Volume> {
        Arc::new(Nameless { scratch: self.clone(), file: OnceLock::new(), end: Mutex::new(0) })
    }
}

/// A file that is there once something is written.
#[derive(Debug)]
struct Nameless {
    scratch: Scratch,
    file: OnceLock<File>,
    end: Mutex<u64>,
}

impl Nameless {
    fn fail(&self, action: &'static str) -> impl FnOnce(std::io::Error) {
        move |source| {
            self.scratch.fail(StoreError::Io { action, file: self.scratch.dir.to_path_buf(), source })
        }
    }
}

impl Volume for Nameless {
    fn append(&self, bytes: &[u8]) -> Option<u64> {
        let mut end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        if self.file.get().is_none() {
            let made =
                tempfile::tempfile_in(&self.scratch.dir).map_err(self.fail("make a temporary file in"));
            let _ = self.file.set(made.ok()?); // OK because whoever sets it holds the end.
        }
        let at = *end;
        self.file.get()?.write_all_at(bytes, at).map_err(self.fail("write a temporary file in")).ok()?;
        *end += bytes.len() as u64; // OK because a usize has at most 64 bits.
        Some(at)
    }

    fn read(&self, from: u64, into: &mut [u8]) -> bool {
        let Some(file) = self.file.get() else { return into.is_empty() };
        file.read_exact_at(into, from).map_err(self.fail("read a temporary file in")).is_ok()
    }
}

impl Record for Position {
    const BYTES: usize = 16;
    type Names = ();

    fn write(&self, (): &mut (), into: &mut Vec<u8>) {
        into.extend_from_slice(&self.to_bytes());
    }

    fn read(bytes: &[u8], (): &()) -> Option<Self> {
        bytes.try_into().ok().map(Self::from_bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_put_aside_is_read_again_and_leaves_no_name() {
        let dir = tempfile::TempDir::new().unwrap();
        let scratch = Scratch::new(dir.path(), 1);
        let (one, other) = (scratch.volume(), scratch.volume());
        assert_eq!(
            (one.append(b"abc"), other.append(b"xyz"), one.append(b"def")),
            (Some(0), Some(0), Some(3))
        );
        let mut read = [0; 4];
        assert!(one.read(1, &mut read));
        assert_eq!(&read, b"bcde");
        assert!(std::fs::read_dir(dir.path()).unwrap().next().is_none());
        assert!(!scratch.has_failed() && scratch.check().is_ok());
    }

    #[test]
    fn the_first_failure_is_told() {
        let dir = tempfile::TempDir::new().unwrap();
        let gone = dir.path().join("gone");
        let scratch = Scratch::new(&gone, 1);
        assert_eq!(scratch.volume().append(b"abc"), None);
        assert!(scratch.has_failed());
        let why = scratch.check().unwrap_err().to_string();
        assert!(why.contains(&gone.display().to_string()), "{why}");

        let short = Scratch::new(dir.path(), 1);
        let volume = short.volume();
        volume.append(b"abc");
        assert!(!volume.read(1, &mut [0; 4]) && short.has_failed());
    }
}
