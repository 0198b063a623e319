//! The reading half of the embedded store: follows the head beside a writer in this or another process, takes no lock and repairs nothing.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::limits::SEAL_BYTES;
use crate::store::head::{HeadFile, Slots};
use crate::store::manifest::Manifest;
use crate::store::segments::Segments;
use crate::store::{Body, Head, LogState, Position, Reader, StoreError, Submissions};

/// How often, and how many milliseconds apart, a reader looks again at a slot that a writer may just be writing.
const HEAD_TRIES: u32 = 20;
const HEAD_WAIT_MS: u64 = 2;

/// Reads a ledger's directory, also beside a writer in this or another process. It takes no lock and repairs nothing.
#[derive(Debug)]
pub struct FileReader {
    manifest: Manifest,
    segments: Segments,
    heads: HeadFile,
    /// The furthest head seen; its commit was checked.
    seen: Mutex<Head>,
}

impl FileReader {
    /// Opens the ledger in `dir` for reading.
    ///
    /// # Errors
    ///
    /// [`StoreError::NoLedger`], [`StoreError::Io`] or [`StoreError::Damaged`]. A slot of the head that stays bad is
    /// an error too: only a writer can tell a commit that was interrupted from an accident.
    pub fn open(dir: &Path) -> Result<FileReader, StoreError> {
        let manifest = Manifest::read(dir)?;
        let path: PathBuf = dir.join("head");
        let file = File::open(&path).map_err(StoreError::io("open", &path))?;
        let heads = HeadFile::new(path, file, manifest.ledger_id);
        let segments = Segments::new(dir.join("segments"), manifest.ledger_id);
        let head = settled(&heads)?;
        segments.check_up_to(&head)?;
        Ok(FileReader { manifest, segments, heads, seen: Mutex::new(head) })
    }

    /// What `ledger.toml` says.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }
}

impl FileReader {
    /// A head behind `at`, where there is one.
    fn head_beyond(&self, at: Position) -> Result<Head, StoreError> {
        let seen = *self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if at < seen.position { Ok(seen) } else { self.head() }
    }
}

/// The head, once both slots are good: a writer may be in the middle of writing one.
pub(crate) fn settled(heads: &HeadFile) -> Result<Head, StoreError> {
    let mut tries = 0;
    loop {
        let flaw = match heads.slots() {
            Ok(Slots::Both(slot)) => return Ok(slot.head),
            Ok(Slots::One(_, flaw)) | Err(flaw @ StoreError::Damaged { .. }) => flaw,
            Err(e) => return Err(e),
        };
        tries += 1;
        if tries == HEAD_TRIES {
            return Err(flaw);
        }
        std::thread::sleep(Duration::from_millis(HEAD_WAIT_MS));
    }
}

impl Reader for FileReader {
    fn ledger_id(&self) -> [u8; 32] {
        self.manifest.ledger_id
    }

    fn head(&self) -> Result<Head, StoreError> {
        let found = settled(&self.heads)?;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if found.position > seen.position {
            // A segment that was redacted since goes on in another file.
            self.segments.forget();
            self.segments.check_head(&found, self.segments.commit_ending(found.position)?.new)?;
            *seen = found;
        }
        Ok(*seen)
    }

    fn read(&self, from: Option<Position>) -> Result<Submissions<'_>, StoreError> {
        Ok(Box::new(self.segments.submissions(from, self.head()?)?))
    }

    fn statement(&self, at: Position) -> Result<Vec<u8>, StoreError> {
        let head = self.head_beyond(at)?;
        self.segments.statement(at, &head)
    }

    fn body(&self, at: Position) -> Result<Body, StoreError> {
        let head = self.head_beyond(at)?;
        self.segments.body(at, &head)
    }

    fn ending(&self, end: Position) -> Result<(LogState, [u8; SEAL_BYTES]), StoreError> {
        let commit = self.segments.commit_ending(end)?;
        Ok((commit.new, commit.seal))
    }
}
