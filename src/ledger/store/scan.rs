//! Reads frames and whole submissions out of one segment, in large chunks, every CRC and link of the chain checked.
//! It follows no head and repairs nothing: who calls says where to begin and where the segment's bytes end.

use std::fs::File;
use std::path::PathBuf;
use std::sync::Arc;

use crate::limits::{STATEMENTS_MAX, SUBMISSION_BYTES_MAX, wide};
use crate::store::error::Flaw;
use crate::store::frame::{Commit, FRAME_HEADER_LEN, FrameHeader, Kind};
use crate::store::positioned::Positioned as _;
use crate::store::{Body, LogState, Position, StoreError, StoredSubmission};

/// Read at least this much at once.
const CHUNK_LEN: usize = 1 << 20;

/// One segment, read forwards.
#[derive(Debug)]
pub(crate) struct Scanner {
    file: Arc<File>,
    path: PathBuf,
    number: u64,
    /// No byte from here on is read.
    end: u64,
    chunk: Vec<u8>,
    /// Offset in the file of the chunk's first byte.
    chunk_at: u64,
}

/// A frame whose CRC holds.
pub(crate) struct Frame<'a> {
    pub(crate) kind: Kind,
    pub(crate) body: &'a [u8],
}

const NO_HEADER: &str = "a header before a body";

impl Scanner {
    pub(crate) fn new(file: Arc<File>, path: PathBuf, number: u64, end: u64) -> Scanner {
        Scanner { file, path, number, end, chunk: Vec::new(), chunk_at: 0 }
    }

    /// Where the segment's bytes end.
    pub(crate) fn end(&self) -> u64 {
        self.end
    }

    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    pub(crate) fn damaged(&self, offset: u64, flaw: Flaw) -> StoreError {
        StoreError::damaged(&self.path, offset, flaw)
    }

    /// The frame at `offset`, whole and with the CRC it carries.
    pub(crate) fn frame(&mut self, offset: u64) -> Result<Frame<'_>, StoreError> {
        let header = FrameHeader::decode(self.bytes(offset, FRAME_HEADER_LEN)?);
        let header = header.map_err(|flaw| self.damaged(offset, flaw))?;
        self.bytes(offset, FRAME_HEADER_LEN + header.len)?;
        let checked = header.check(self.bytes(offset + FRAME_HEADER_LEN as u64, header.len)?);
        checked.map_err(|flaw| self.damaged(offset, flaw))?;
        Ok(Frame { kind: header.kind, body: self.bytes(offset + FRAME_HEADER_LEN as u64, header.len)? })
    }

    /// The whole submission that begins at `start` and continues the log after `old`.
    pub(crate) fn submission(&mut self, start: u64, old: LogState) -> Result<StoredSubmission, StoreError> {
        let (mut statements, mut positions) = (Vec::new(), Vec::new());
        let (mut at, mut total) = (start, 0_u64);
        loop {
            let frame = self.frame(at)?;
            let len = frame.body.len() as u64; // OK because usize has at most 64 bits
            match frame.kind {
                Kind::Commit => {
                    let commit = Commit::decode(frame.body);
                    let commit = commit.and_then(|commit| chained(commit, start, old, statements.len()));
                    let commit = commit.map_err(|flaw| self.damaged(at, flaw))?;
                    let end = Position { segment: self.number, offset: at + FRAME_HEADER_LEN as u64 + len };
                    let Commit { seal, new, .. } = commit;
                    return Ok(StoredSubmission {
                        index: old.size,
                        seal,
                        statements,
                        positions,
                        old,
                        new,
                        end,
                    });
                }
                Kind::Header => {
                    let header = Body::of_header(frame.body.to_vec());
                    let damaged = |expected| self.damaged(at, Flaw::new(expected, "another frame"));
                    statements.push(header.map_err(damaged)?);
                    positions.push(Position { segment: self.number, offset: at });
                }
                kind => {
                    let taken = statements
                        .last_mut()
                        .map_or(Err(NO_HEADER), |last: &mut Body| last.take_frame(kind, frame.body));
                    taken.map_err(|expected| self.damaged(at, Flaw::new(expected, "another frame")))?;
                }
            }
            total += len;
            if wide(statements.len()) > STATEMENTS_MAX || total > wide(SUBMISSION_BYTES_MAX) {
                let mebibytes = SUBMISSION_BYTES_MAX >> 20;
                let expected =
                    format!("a commit after at most {STATEMENTS_MAX} statements and {mebibytes} MiB");
                let flaw = Flaw::new(expected, "another statement");
                return Err(self.damaged(at, flaw));
            }
            at += FRAME_HEADER_LEN as u64 + len;
        }
    }

    /// `len` bytes at `offset`, from the chunk or from the file.
    pub(crate) fn bytes(&mut self, offset: u64, len: usize) -> Result<&[u8], StoreError> {
        let left = self.end.saturating_sub(offset);
        if left < len as u64 {
            let flaw = Flaw::new(format!("{len} bytes of a frame"), format!("only {left}"));
            return Err(self.damaged(offset, flaw));
        }
        let held = offset.checked_sub(self.chunk_at).and_then(|from| usize::try_from(from).ok());
        let held = held.filter(|from| from.checked_add(len).is_some_and(|to| to <= self.chunk.len()));
        let from = match held {
            Some(from) => from,
            None => {
                self.fill(offset, usize::try_from(left).unwrap_or(usize::MAX).min(len.max(CHUNK_LEN)))?;
                0
            }
        };
        let found = self.chunk.get(from..from + len); // OK because `held` and `fill` keep it inside the chunk
        found.ok_or_else(|| {
            StoreError::damaged(&self.path, offset, Flaw::new(format!("{len} bytes"), "the end of the file"))
        })
    }

    fn fill(&mut self, offset: u64, len: usize) -> Result<(), StoreError> {
        self.chunk.resize(len, 0);
        self.chunk_at = offset;
        let read = self.file.read_exact_at(&mut self.chunk, offset);
        if let Err(e) = read {
            self.chunk.clear();
            if e.kind() == std::io::ErrorKind::UnexpectedEof {
                let flaw = Flaw::new(format!("a file of {} bytes", self.end), "a shorter one");
                return Err(self.damaged(offset, flaw));
            }
            return Err(StoreError::io("read", &self.path)(e));
        }
        Ok(())
    }
}

/// The commit, if it closes the submission that began at `start` and continues `old`.
fn chained(commit: Commit, start: u64, old: LogState, statements: usize) -> Result<Commit, Flaw> {
    if statements == 0 {
        return Err(Flaw::new("at least one statement before a commit", "none"));
    }
    if commit.first != start {
        return Err(Flaw::new(format!("a submission that begins at byte {start}"), commit.first.to_string()));
    }
    if commit.old != old {
        let state = |state: &LogState| format!("size {} and root {}", state.size, hex::encode(state.root));
        return Err(Flaw::new(format!("a commit after {}", state(&old)), state(&commit.old)));
    }
    Ok(commit)
}
