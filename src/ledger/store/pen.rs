//! Writes submissions at the end of the segments, in large pieces, and begins a new segment where one is full. It moves no head: what it
//! wrote counts when a slot says so.
//!
//! Segments that nobody may see yet are written under other names. They get their own when all of them are durable.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::store::beside::Beside;
use crate::store::frame::{encoded_len, put_submission};
use crate::store::medium::Medium;
use crate::store::segments::{FIRST_FRAME, Segments, encode_header};
use crate::store::{Head, Position, StoreError, Submission};

/// Submissions are written in pieces of about this size, so that their number does not cost memory.
const WRITE_LEN: usize = 8 << 20;
/// The same where they are written by another thread, beside the one who makes them: a few such pieces are in memory.
const STAGED_WRITE_LEN: usize = 2 << 20;

/// The end of what is written.
pub(crate) struct Pen {
    /// The head behind the last submission.
    pub(crate) head: Head,
    /// The segment that it lies in.
    file: Arc<File>,
    /// What is to be written next, before the head. Its memory is kept: fresh memory costs more than what is written into it.
    pending: Vec<u8>,
    /// The first segment under another name, where there are such.
    staged_from: Option<u64>,
    /// Who writes those.
    beside: Option<Beside>,
}

/// Where the pen writes, and how long a segment becomes.
pub(crate) struct Paper<'s> {
    pub(crate) segments: &'s Segments,
    pub(crate) medium: &'s Arc<dyn Medium>,
    pub(crate) segment_bytes_max: u64,
}

impl Pen {
    /// Goes on behind a head, in the file that it lies in.
    pub(crate) fn behind(head: Head, file: File) -> Pen {
        Pen { head, file: Arc::new(file), pending: Vec::new(), staged_from: None, beside: None }
    }

    /// Begins a segment behind a head, under another name.
    pub(crate) fn staged(head: Head, paper: &Paper<'_>) -> Result<Pen, StoreError> {
        let number = head.position.segment + 1;
        let file = paper.create_staged(number, &head)?;
        let position = Position { segment: number, offset: FIRST_FRAME };
        let (head, file) = (Head { position, ..head }, Arc::new(file));
        Ok(Pen { head, file, pending: Vec::new(), staged_from: Some(number), beside: None })
    }

    /// Writes the next submission, whose limits hold, or keeps it for the next piece; the head behind it.
    pub(crate) fn put(&mut self, submission: &Submission<'_>, paper: &Paper<'_>) -> Result<Head, StoreError> {
        let len = encoded_len(submission);
        let at = self.head.position;
        if at.offset + len > paper.segment_bytes_max && at.offset > FIRST_FRAME {
            self.finish(paper)?;
            let number = at.segment + 1;
            self.file = Arc::new(match self.staged_from {
                None => new_segment(number, &self.head, paper)?,
                Some(_) => paper.create_staged(number, &self.head)?,
            });
            self.head.position = Position { segment: number, offset: FIRST_FRAME };
        }
        let Head { position, .. } = self.head;
        let state = put_submission(&mut self.pending, submission, position.offset, self.head.state());
        let position = Position { offset: position.offset + len, ..position };
        self.head = Head { size: state.size, root: state.root, position };
        let most = if self.staged_from.is_some() { STAGED_WRITE_LEN } else { WRITE_LEN };
        if self.pending.len() >= most {
            self.write(paper)?;
        }
        Ok(self.head)
    }

    /// Writes what is pending and makes the segment durable.
    pub(crate) fn finish(&mut self, paper: &Paper<'_>) -> Result<(), StoreError> {
        self.write(paper)?;
        self.pending.shrink_to(WRITE_LEN);
        let path = self.path(paper.segments);
        if let Some(beside) = self.beside.take() {
            beside.end().map_err(StoreError::io("write", &path))?;
        }
        paper.medium.sync(&path, &self.file).map_err(StoreError::io("sync", &path))
    }

    fn write(&mut self, paper: &Paper<'_>) -> Result<(), StoreError> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let path = self.path(paper.segments);
        // OK because the pending bytes lie before the head.
        let from = self.head.position.offset - self.pending.len() as u64;
        let written = match self.staged_from {
            None => paper.medium.write_at(&path, &self.file, from, &self.pending),
            Some(_) => self.write_beside(&path, from, paper),
        };
        self.pending.clear();
        written.map_err(StoreError::io("write", &path))
    }

    fn write_beside(&mut self, path: &Path, from: u64, paper: &Paper<'_>) -> io::Result<()> {
        let mut beside = match self.beside.take() {
            Some(beside) => beside,
            None => Beside::new(path.to_path_buf(), Arc::clone(&self.file), Arc::clone(paper.medium))?,
        };
        if !beside.write(from, &mut self.pending) {
            let lost = || io::Error::other("the thread that writes it ended");
            return Err(beside.end().err().unwrap_or_else(lost));
        }
        self.beside = Some(beside);
        Ok(())
    }

    /// Gives the segments under other names their own and makes that durable. They are [finished](Self::finish).
    pub(crate) fn name(&mut self, paper: &Paper<'_>) -> Result<(), StoreError> {
        for number in self.staged_numbers() {
            let (from, to) = (paper.segments.staged_path(number), paper.segments.path(number));
            paper.medium.rename(&from, &to).map_err(StoreError::io("rename", &from))?;
        }
        self.staged_from = None;
        paper.sync_dir()
    }

    /// Removes the segments under other names, as far as that can be done.
    pub(crate) fn discard(mut self, paper: &Paper<'_>) {
        // What could not be written is to be removed anyway.
        let _ = self.beside.take().map(Beside::end);
        for number in self.staged_numbers() {
            // What stays is removed when the store is opened again.
            let _ = paper.medium.remove(&paper.segments.staged_path(number));
        }
    }

    /// Changes the file below: another one has taken the name of its segment.
    pub(crate) fn take(&mut self, file: File) {
        self.file = Arc::new(file);
    }

    fn staged_numbers(&self) -> impl Iterator<Item = u64> + use<> {
        let last = self.head.position.segment;
        self.staged_from.into_iter().flat_map(move |first| first..=last)
    }

    fn path(&self, segments: &Segments) -> PathBuf {
        let number = self.head.position.segment;
        if self.staged_from.is_some() { segments.staged_path(number) } else { segments.path(number) }
    }
}

impl Paper<'_> {
    /// Creates the file of segment `number`, which begins behind `head`, with its header.
    fn create(&self, path: PathBuf, number: u64, head: &Head) -> Result<File, StoreError> {
        let file = self.medium.create(&path).map_err(StoreError::io("create", &path))?;
        let header = encode_header(&self.segments.ledger_id(), number, head.state());
        self.medium.write_at(&path, &file, 0, &header).map_err(StoreError::io("write", &path))?;
        Ok(file)
    }

    /// The same, under a name that nobody sees; where that fails, nothing is left of it.
    fn create_staged(&self, number: u64, head: &Head) -> Result<File, StoreError> {
        let path = self.segments.staged_path(number);
        self.create(path.clone(), number, head).inspect_err(|_| {
            let _ = self.medium.remove(&path);
        })
    }

    fn sync_dir(&self) -> Result<(), StoreError> {
        let dir = self.segments.dir();
        self.medium.sync_dir(dir).map_err(StoreError::io("sync", dir))
    }
}

/// Creates segment `number` behind `head`: header, sync, directory, before its first frame.
pub(crate) fn new_segment(number: u64, head: &Head, paper: &Paper<'_>) -> Result<File, StoreError> {
    let path = paper.segments.path(number);
    let file = paper.create(path.clone(), number, head)?;
    paper.medium.sync(&path, &file).map_err(StoreError::io("sync", &path))?;
    paper.sync_dir()?;
    Ok(file)
}
