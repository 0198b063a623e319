#![doc = include_str!("../../schemas/ledger-files.md")]

use std::fmt;
use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use crate::store::contract::in_place_of;
use crate::store::frame::{encoded_len, frame_offsets, put_submission};
use crate::store::head::{HeadFile, Slot};
use crate::store::lock::Lock;
use crate::store::manifest::{FILE_NAME, Manifest};
use crate::store::medium::{Disk, Medium};
use crate::store::recover::{open_to_write, recover, write_slot};
use crate::store::redact::{remove_copies, replace_statement};
use crate::store::segments::{FIRST_FRAME, Segments, encode_header};
use crate::store::{
    AppendError, Body, Head, Holder, LogState, Position, Reader, Store, StoreError, Submission, Submissions,
};

pub use crate::store::reader::FileReader;

/// A segment is not made longer than this, so that it stays easy to copy and to check: 256 MiB.
pub const SEGMENT_BYTES_MAX: u64 = 256 << 20;
/// A group is written in pieces of about this size, so that its length does not cost memory.
const WRITE_LEN: usize = 8 << 20;

/// How a store writes.
#[derive(Clone)]
pub struct Options {
    /// A submission that would make a segment longer than this many bytes begins a new one.
    pub segment_bytes_max: u64,
    /// Where the writes go.
    pub medium: Arc<dyn Medium>,
}

impl Default for Options {
    fn default() -> Options {
        Options { segment_bytes_max: SEGMENT_BYTES_MAX, medium: Arc::new(Disk) }
    }
}

/// The embedded store: the one writer of a ledger's directory.
pub struct FileStore {
    manifest: Manifest,
    _lock: Lock,
    options: Options,
    segments: Segments,
    heads: HeadFile,
    slot: Slot,
    /// The segment that the head lies in.
    file: File,
    /// Whether a segment that took the place of another keeps it when the power goes.
    places_synced: bool,
    poisoned: bool,
    /// Memory for what is to be written, kept from group to group: fresh memory costs more than what is written into it.
    buffer: Vec<u8>,
}

impl FileStore {
    /// Creates a ledger in `dir` with its genesis. The directory may be there, but holds no ledger.
    ///
    /// # Errors
    ///
    /// [`StoreError::AlreadyThere`], [`StoreError::Locked`], [`StoreError::Limit`] for a genesis out of range, or
    /// [`StoreError::Io`]; what was written then is no ledger, since `ledger.toml` comes last.
    pub fn create(
        dir: &Path,
        manifest: &Manifest,
        genesis: &Submission<'_>,
        holder: &Holder,
    ) -> Result<FileStore, StoreError> {
        FileStore::create_with(dir, manifest, genesis, holder, Options::default())
    }

    /// As [`FileStore::create`], with options.
    ///
    /// # Errors
    ///
    /// As [`FileStore::create`].
    pub fn create_with(
        dir: &Path,
        manifest: &Manifest,
        genesis: &Submission<'_>,
        holder: &Holder,
        options: Options,
    ) -> Result<FileStore, StoreError> {
        genesis.check()?;
        manifest.encode()?;
        let medium = Arc::clone(&options.medium);
        medium.create_dir(dir).map_err(StoreError::io("create", dir))?;
        let lock = Lock::take(&dir.join("lock"), holder)?;
        if let Some(name) = [FILE_NAME, "segments", "head"].iter().find(|name| dir.join(name).exists()) {
            return Err(StoreError::AlreadyThere { dir: dir.to_path_buf(), found: (*name).to_string() });
        }
        let segments = Segments::new(dir.join("segments"), manifest.ledger_id);
        medium.create_dir(segments.dir()).map_err(StoreError::io("create", segments.dir()))?;
        sync_dir(dir, &*medium)?;
        let file = new_segment(&segments, 0, LogState::EMPTY, &*medium)?;
        let head_path = dir.join("head");
        let mut frames = Vec::new();
        let state = put_submission(&mut frames, genesis, FIRST_FRAME, LogState::EMPTY);
        let path = segments.path(0);
        medium.write_at(&path, &file, FIRST_FRAME, &frames).map_err(StoreError::io("write", &path))?;
        medium.sync(&path, &file).map_err(StoreError::io("sync", &path))?;
        let position = Position { segment: 0, offset: FIRST_FRAME + frames.len() as u64 }; // OK: at most 64 bits
        let head = Head { size: state.size, root: state.root, position };
        let head_file = medium.create(&head_path).map_err(StoreError::io("create", &head_path))?;
        let heads = HeadFile::new(head_path, head_file, manifest.ledger_id);
        let first = Slot { sequence: 1, head };
        let slot = first.next(head);
        write_slot(&heads, &first, &segments, &*medium)?;
        write_slot(&heads, &slot, &segments, &*medium)?;
        sync_dir(dir, &*medium)?;
        manifest.write(dir, &*medium)?;
        if let Some(parent) = dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
            sync_dir(parent, &*medium)?;
        }
        let manifest = manifest.clone();
        Ok(FileStore {
            manifest,
            _lock: lock,
            options,
            segments,
            heads,
            slot,
            file,
            places_synced: true,
            poisoned: false,
            buffer: Vec::new(),
        })
    }

    /// Opens the ledger in `dir` for writing: takes the lock and applies the recovery rules.
    ///
    /// # Errors
    ///
    /// [`StoreError::Locked`] names the other writer; [`StoreError::Damaged`] the file and the offset.
    pub fn open_writer(dir: &Path, holder: &Holder) -> Result<FileStore, StoreError> {
        FileStore::open_writer_with(dir, holder, Options::default())
    }

    /// As [`FileStore::open_writer`], with options.
    ///
    /// # Errors
    ///
    /// As [`FileStore::open_writer`].
    pub fn open_writer_with(dir: &Path, holder: &Holder, options: Options) -> Result<FileStore, StoreError> {
        let manifest = Manifest::read(dir)?;
        let lock = Lock::take(&dir.join("lock"), holder)?;
        let head_path = dir.join("head");
        let head_file = open_to_write(&head_path)?;
        let heads = HeadFile::new(head_path, head_file, manifest.ledger_id);
        let segments = Segments::new(dir.join("segments"), manifest.ledger_id);
        let slot = recover(&segments, &heads, &*options.medium)?;
        remove_copies(&segments, &*options.medium)?;
        let file = open_to_write(&segments.path(slot.head.position.segment))?;
        // Whoever wrote before may have ended between renaming a segment and syncing its name.
        let (places_synced, poisoned, buffer) = (false, false, Vec::new());
        Ok(FileStore {
            manifest,
            _lock: lock,
            options,
            segments,
            heads,
            slot,
            file,
            places_synced,
            poisoned,
            buffer,
        })
    }

    /// What `ledger.toml` says.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Writes and syncs a group whose limits hold; the new heads are visible once this returns them.
    fn commit(&mut self, group: &[Submission<'_>]) -> Result<Vec<Head>, StoreError> {
        let medium = Arc::clone(&self.options.medium);
        let mut heads = Vec::with_capacity(group.len());
        let mut head = self.slot.head;
        let mut pending = std::mem::take(&mut self.buffer);
        for submission in group {
            let len = encoded_len(submission);
            let at = head.position;
            if at.offset + len > self.options.segment_bytes_max && at.offset > FIRST_FRAME {
                self.write(&mut pending, at)?;
                self.sync(at.segment)?;
                let number = at.segment + 1;
                self.file = new_segment(&self.segments, number, head.state(), &*medium)?;
                head.position = Position { segment: number, offset: FIRST_FRAME };
            }
            let state = put_submission(&mut pending, submission, head.position.offset, head.state());
            head.position.offset += len;
            head = Head { size: state.size, root: state.root, position: head.position };
            heads.push(head);
            if pending.len() >= WRITE_LEN {
                self.write(&mut pending, head.position)?;
            }
        }
        self.write(&mut pending, head.position)?;
        pending.shrink_to(WRITE_LEN);
        self.buffer = pending;
        self.sync(head.position.segment)?;
        let slot = self.slot.next(head);
        write_slot(&self.heads, &slot, &self.segments, &*medium)?;
        self.slot = slot;
        Ok(heads)
    }

    /// Writes the pending bytes, which end at `end`.
    fn write(&self, pending: &mut Vec<u8>, end: Position) -> Result<(), StoreError> {
        if pending.is_empty() {
            return Ok(());
        }
        let path = self.segments.path(end.segment);
        let from = end.offset - pending.len() as u64; // OK because the pending bytes lie before `end`
        let written = self.options.medium.write_at(&path, &self.file, from, pending);
        pending.clear();
        written.map_err(StoreError::io("write", &path))
    }

    /// Puts `body` in the place of the statement at `at`, if it is not there; what is appended then goes to the new file.
    fn replace(&mut self, at: Position, body: Option<&[u8]>) -> Result<(), StoreError> {
        let medium = Arc::clone(&self.options.medium);
        if let Some(body) = body {
            replace_statement(&self.segments, at, body, &*medium)?;
            self.file = open_to_write(&self.segments.path(self.slot.head.position.segment))?;
        } else if !self.places_synced {
            sync_dir(self.segments.dir(), &*medium)?;
        }
        self.places_synced = true;
        Ok(())
    }

    fn sync(&self, number: u64) -> Result<(), StoreError> {
        let path = self.segments.path(number);
        self.options.medium.sync(&path, &self.file).map_err(StoreError::io("sync", &path))
    }
}

impl fmt::Debug for FileStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FileStore").field("segments", &self.segments).finish_non_exhaustive()
    }
}

impl Reader for FileStore {
    fn ledger_id(&self) -> [u8; 32] {
        self.manifest.ledger_id
    }

    fn head(&self) -> Result<Head, StoreError> {
        Ok(self.slot.head)
    }

    fn read(&self, from: Option<Position>) -> Result<Submissions<'_>, StoreError> {
        Ok(Box::new(self.segments.submissions(from, self.slot.head)?))
    }

    fn statement(&self, at: Position) -> Result<Vec<u8>, StoreError> {
        self.segments.statement(at, &self.slot.head)
    }

    fn body(&self, at: Position) -> Result<Body, StoreError> {
        self.segments.body(at, &self.slot.head)
    }
}

impl Store for FileStore {
    fn append(&mut self, expected: &Head, group: &[Submission<'_>]) -> Result<Vec<Head>, AppendError> {
        if self.poisoned {
            return Err(AppendError::Poisoned);
        }
        if *expected != self.slot.head {
            return Err(AppendError::Conflict { expected: *expected, actual: self.slot.head });
        }
        group.iter().try_for_each(Submission::check).map_err(AppendError::Refused)?;
        if group.is_empty() {
            return Ok(Vec::new());
        }
        self.commit(group).map_err(|e| {
            self.poisoned = true;
            AppendError::Unknown(e)
        })
    }

    fn redact(&mut self, at: Position, kept: &[u8]) -> Result<(), AppendError> {
        if self.poisoned {
            return Err(AppendError::Poisoned);
        }
        let body = self.body(at);
        let padded = body.and_then(|body| in_place_of(&body, kept, self.segments.redacted(at)));
        let padded = padded.map_err(AppendError::Refused)?;
        self.replace(at, padded.as_deref()).map_err(|e| {
            self.poisoned = true;
            AppendError::Unknown(e)
        })
    }

    fn placed(
        &self,
        submission: &Submission<'_>,
        _before: Position,
        head: &Head,
    ) -> Result<Vec<Position>, StoreError> {
        let segment = head.position.segment;
        let offsets = frame_offsets(submission, head.position.offset);
        Ok(offsets.into_iter().map(|offset| Position { segment, offset }).collect())
    }
}

/// Creates segment `number`: header, sync, directory, before its first frame.
fn new_segment(
    segments: &Segments,
    number: u64,
    start: LogState,
    medium: &dyn Medium,
) -> Result<File, StoreError> {
    let path = segments.path(number);
    let file = medium.create(&path).map_err(StoreError::io("create", &path))?;
    let header = encode_header(&segments.ledger_id(), number, start);
    medium.write_at(&path, &file, 0, &header).map_err(StoreError::io("write", &path))?;
    medium.sync(&path, &file).map_err(StoreError::io("sync", &path))?;
    sync_dir(segments.dir(), medium)?;
    Ok(file)
}

fn sync_dir(dir: &Path, medium: &dyn Medium) -> Result<(), StoreError> {
    medium.sync_dir(dir).map_err(StoreError::io("sync", dir))
}
