#![doc = include_str!("../../../schemas/ledger-files.md")]

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::limits::SEAL_BYTES;
use crate::store::contract::is_to_be_removed;
use crate::store::frame::{frame_offsets, put_submission};
use crate::store::head::{HeadFile, Slot};
use crate::store::lock::Lock;
use crate::store::manifest::{FILE_NAME, Manifest};
use crate::store::medium::{Disk, Medium};
use crate::store::pen::{Paper, Pen, new_segment};
use crate::store::recover::{open_to_write, recover, remove_unfinished, write_slot};
use crate::store::redact::replace_body;
use crate::store::segments::{FIRST_FRAME, Segments};
use crate::store::{
    AppendError, Body, Head, Holder, LogState, Position, Reader, Store, StoreError, Submission, Submissions,
};

pub use crate::store::reader::FileReader;

/// A segment is not made longer than this, so that it stays easy to copy and to check: 256 MiB.
pub const SEGMENT_BYTES_MAX: u64 = 256 << 20;

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
    /// The end of the segments.
    pen: Pen,
    /// The end of what nobody may see yet.
    staged: Option<Pen>,
    /// Whether a segment that took the place of another keeps it when the power goes.
    places_synced: bool,
    poisoned: bool,
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
        let LogState { size, root } = LogState::EMPTY;
        let empty = Head { size, root, position: Position { segment: 0, offset: FIRST_FRAME } };
        let file = new_segment(0, &empty, &paper(&segments, &options))?;
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
            pen: Pen::behind(head, file),
            staged: None,
            places_synced: true,
            poisoned: false,
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
        remove_unfinished(&segments, &*options.medium)?;
        let file = open_to_write(&segments.path(slot.head.position.segment))?;
        let (pen, staged) = (Pen::behind(slot.head, file), None);
        // Whoever wrote before may have ended between renaming a segment and syncing its name.
        let (places_synced, poisoned) = (false, false);
        Ok(FileStore {
            manifest,
            _lock: lock,
            options,
            segments,
            heads,
            slot,
            pen,
            staged,
            places_synced,
            poisoned,
        })
    }

    /// What `ledger.toml` says.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Writes and syncs a group whose limits hold; the new heads are visible once this returns them.
    fn commit(&mut self, group: &[Submission<'_>]) -> Result<Vec<Head>, StoreError> {
        let paper = paper(&self.segments, &self.options);
        let heads = group.iter().map(|one| self.pen.put(one, &paper)).collect::<Result<_, _>>()?;
        self.pen.finish(&paper)?;
        self.publish()?;
        Ok(heads)
    }

    /// Gives the staged segments their names, and makes their last submission the head.
    fn commit_staged(&mut self, mut staged: Pen) -> Result<(), StoreError> {
        staged.name(&paper(&self.segments, &self.options))?;
        self.pen = staged;
        self.publish()
    }

    /// Makes what the pen wrote, which is durable, the head.
    fn publish(&mut self) -> Result<(), StoreError> {
        let slot = self.slot.next(self.pen.head);
        write_slot(&self.heads, &slot, &self.segments, &*self.options.medium)?;
        self.slot = slot;
        Ok(())
    }

    /// Removes what is staged.
    fn unstage(&mut self) {
        if let Some(staged) = self.staged.take() {
            staged.discard(&paper(&self.segments, &self.options));
        }
    }

    /// Checks that `expected` is the last head that was staged, or the head where none was.
    fn check_staged(&self, expected: &Head) -> Result<(), AppendError> {
        let actual = self.staged.as_ref().map_or(self.slot.head, |staged| staged.head);
        match *expected == actual {
            _ if self.poisoned => Err(AppendError::Poisoned),
            true => Ok(()),
            false => Err(AppendError::Conflict { expected: *expected, actual }),
        }
    }

    fn stage_all(&mut self, group: &[Submission<'_>]) -> Result<Vec<Head>, StoreError> {
        let paper = paper(&self.segments, &self.options);
        let staged = match &mut self.staged {
            Some(staged) => staged,
            None => self.staged.insert(Pen::staged(self.slot.head, &paper)?),
        };
        group.iter().map(|one| staged.put(one, &paper)).collect()
    }

    /// Puts `body` in the place of the statement at `at`, if it is not there; what is appended then goes to the new file.
    fn replace(&mut self, at: Position, is_there: bool) -> Result<(), StoreError> {
        let medium = Arc::clone(&self.options.medium);
        if is_there {
            replace_body(&self.segments, at, &*medium)?;
            self.pen.take(open_to_write(&self.segments.path(self.slot.head.position.segment))?);
        } else if !self.places_synced {
            sync_dir(self.segments.dir(), &*medium)?;
        }
        self.places_synced = true;
        Ok(())
    }
}

fn paper<'s>(segments: &'s Segments, options: &'s Options) -> Paper<'s> {
    Paper { segments, medium: &options.medium, segment_bytes_max: options.segment_bytes_max }
}

impl Drop for FileStore {
    fn drop(&mut self) {
        self.unstage();
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

    fn ending(&self, end: Position) -> Result<(LogState, [u8; SEAL_BYTES]), StoreError> {
        let commit = self.segments.commit_ending(end)?;
        Ok((commit.new, commit.seal))
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
        self.unstage();
        self.commit(group).map_err(|e| {
            self.poisoned = true;
            AppendError::Unknown(e)
        })
    }

    fn stage(&mut self, expected: &Head, group: &[Submission<'_>]) -> Result<Option<Vec<Head>>, AppendError> {
        self.check_staged(expected)?;
        group.iter().try_for_each(Submission::check).map_err(AppendError::Refused)?;
        if group.is_empty() {
            return Ok(Some(Vec::new()));
        }
        self.stage_all(group).map(Some).map_err(|e| {
            self.unstage();
            AppendError::Refused(e)
        })
    }

    fn append_staged(&mut self, expected: &Head) -> Result<(), AppendError> {
        self.check_staged(expected)?;
        let Some(mut staged) = self.staged.take() else { return Ok(()) };
        let paper = paper(&self.segments, &self.options);
        if let Err(e) = staged.finish(&paper) {
            staged.discard(&paper);
            return Err(AppendError::Refused(e));
        }
        self.commit_staged(staged).map_err(|e| {
            self.poisoned = true;
            AppendError::Unknown(e)
        })
    }

    fn remove_body(&mut self, at: Position) -> Result<(), AppendError> {
        if self.poisoned {
            return Err(AppendError::Poisoned);
        }
        let open = self.body(at).and_then(|body| is_to_be_removed(&body, at));
        let open = open.map_err(AppendError::Refused)?;
        self.replace(at, open).map_err(|e| {
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

fn sync_dir(dir: &Path, medium: &dyn Medium) -> Result<(), StoreError> {
    medium.sync_dir(dir).map_err(StoreError::io("sync", dir))
}
