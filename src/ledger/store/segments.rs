//! The segment files of one ledger: names, headers, which of them are there, and reading across them up to a head.
//! It never writes.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::limits::SEGMENT_FORMAT;
use crate::store::error::Flaw;
use crate::store::fields::Fields;
use crate::store::frame::{COMMIT_FRAME_LEN, Commit, FRAME_HEADER_LEN, FrameHeader, Kind};
use crate::store::positioned::Positioned as _;
use crate::store::scan::Scanner;
use crate::store::{Body, Head, LogState, Position, StoreError, StoredSubmission};

const MAGIC: [u8; 8] = *b"PCFSEGM1";
/// Magic, version, ledger id, number, starting size and root, CRC-32C.
pub(crate) const SEGMENT_HEADER_LEN: usize = 8 + 4 + 32 + 8 + 8 + 32 + 4;
/// Where a segment's first frame lies.
pub(crate) const FIRST_FRAME: u64 = SEGMENT_HEADER_LEN as u64;

/// How many files are kept open; statements are read from anywhere.
const OPENED_MAX: usize = 64;
/// Bytes that are read at once where a statement begins; most statements are shorter.
const STATEMENT_AHEAD: usize = 2048;

/// The header of segment `number`, which begins after `start`.
pub(crate) fn encode_header(ledger_id: &[u8; 32], number: u64, start: LogState) -> Vec<u8> {
    let mut out = Vec::with_capacity(SEGMENT_HEADER_LEN);
    out.extend_from_slice(&MAGIC);
    out.extend_from_slice(&SEGMENT_FORMAT.to_be_bytes());
    out.extend_from_slice(ledger_id);
    out.extend_from_slice(&number.to_be_bytes());
    out.extend_from_slice(&start.size.to_be_bytes());
    out.extend_from_slice(&start.root);
    let crc = crc32c::crc32c(&out);
    out.extend_from_slice(&crc.to_be_bytes());
    out
}

/// The directory of segments.
#[derive(Debug)]
pub(crate) struct Segments {
    dir: PathBuf,
    ledger_id: [u8; 32],
    /// Files that were opened, by number.
    opened: Mutex<BTreeMap<u64, Arc<File>>>,
}

impl Segments {
    pub(crate) fn new(dir: PathBuf, ledger_id: [u8; 32]) -> Segments {
        Segments { dir, ledger_id, opened: Mutex::default() }
    }

    pub(crate) fn ledger_id(&self) -> [u8; 32] {
        self.ledger_id
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn path(&self, number: u64) -> PathBuf {
        self.dir.join(format!("{number:06}"))
    }

    /// Where a segment lies that nobody may see yet.
    pub(crate) fn staged_path(&self, number: u64) -> PathBuf {
        self.path(number).with_extension("staged")
    }

    /// Where a copy of a segment lies that is to take its place.
    pub(crate) fn copy_path(&self, number: u64) -> PathBuf {
        self.path(number).with_extension("copy")
    }

    /// Numbers of the segments that are there, ascending; other names are none of ours.
    pub(crate) fn numbers(&self) -> Result<Vec<u64>, StoreError> {
        self.numbers_at(|number| self.path(number))
    }

    /// Files of work that a writer began and did not finish: staged segments and copies.
    pub(crate) fn unfinished(&self) -> Result<Vec<PathBuf>, StoreError> {
        let staged = self.numbers_at(|number| self.staged_path(number))?;
        let copies = self.numbers_at(|number| self.copy_path(number))?;
        let staged = staged.into_iter().map(|number| self.staged_path(number));
        Ok(staged.chain(copies.into_iter().map(|number| self.copy_path(number))).collect())
    }

    fn numbers_at(&self, path: impl Fn(u64) -> PathBuf) -> Result<Vec<u64>, StoreError> {
        let mut numbers = Vec::new();
        for entry in std::fs::read_dir(&self.dir).map_err(StoreError::io("list", &self.dir))? {
            let name = entry.map_err(StoreError::io("list", &self.dir))?.file_name();
            let number = name.to_str().and_then(|name| name.split('.').next()?.parse::<u64>().ok());
            numbers.extend(number.filter(|number| path(*number).file_name() == Some(&name)));
        }
        numbers.sort_unstable();
        Ok(numbers)
    }

    /// Forgets the files that were opened: some were removed.
    pub(crate) fn forget(&self) {
        self.opened.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    fn open(&self, number: u64) -> Result<Arc<File>, StoreError> {
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(file) = opened.get(&number) {
            return Ok(Arc::clone(file));
        }
        let path = self.path(number);
        let file = File::open(&path).map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => {
                StoreError::damaged(&path, 0, Flaw::new("a segment", "no such file"))
            }
            _ => StoreError::io("open", &path)(e),
        })?;
        let file = Arc::new(file);
        if opened.len() >= OPENED_MAX {
            opened.pop_first();
        }
        opened.insert(number, Arc::clone(&file));
        Ok(file)
    }

    /// Length of a segment's file in bytes.
    pub(crate) fn len(&self, number: u64) -> Result<u64, StoreError> {
        let file = self.open(number)?;
        Ok(file.metadata().map_err(StoreError::io("read", &self.path(number)))?.len())
    }

    /// A scanner over the first `end` bytes of a segment.
    pub(crate) fn scanner(&self, number: u64, end: u64) -> Result<Scanner, StoreError> {
        Ok(Scanner::new(self.open(number)?, self.path(number), number, end))
    }

    /// Exactly `len` bytes of a segment.
    pub(crate) fn bytes(&self, number: u64, offset: u64, len: usize) -> Result<Vec<u8>, StoreError> {
        let mut bytes = vec![0; len];
        match self.open(number)?.read_exact_at(&mut bytes, offset) {
            Ok(()) => Ok(bytes),
            Err(e) if e.kind() == std::io::ErrorKind::UnexpectedEof => {
                let flaw = Flaw::new(format!("{len} bytes"), "the end of the file");
                Err(StoreError::damaged(&self.path(number), offset, flaw))
            }
            Err(e) => Err(StoreError::io("read", &self.path(number))(e)),
        }
    }

    /// What the header of segment `number` says the segment begins after.
    pub(crate) fn start(&self, number: u64) -> Result<LogState, StoreError> {
        let path = self.path(number);
        let damaged = |expected: &str, got: String| StoreError::damaged(&path, 0, Flaw::new(expected, got));
        let bytes = self.bytes(number, 0, SEGMENT_HEADER_LEN)?;
        let (checked, crc) = bytes.split_at(SEGMENT_HEADER_LEN - 4); // OK because that many bytes were read
        let mut fields = Fields(checked);
        let magic: [u8; 8] = fields.take().unwrap_or_default();
        if magic != MAGIC {
            return Err(damaged(
                "a segment that begins with PCFSEGM1",
                format!("bytes {}", hex::encode(magic)),
            ));
        }
        if Fields(crc).take_u32() != Some(crc32c::crc32c(checked)) {
            return Err(damaged("a segment header with the CRC-32C it carries", "other bytes".to_string()));
        }
        let found = fields.take_u32().unwrap_or_default();
        if found > SEGMENT_FORMAT {
            return Err(StoreError::NewerVersion {
                file: path,
                found: found.into(),
                readable: SEGMENT_FORMAT.into(),
            });
        }
        if found < SEGMENT_FORMAT {
            return Err(damaged("segment version 1", found.to_string()));
        }
        let ledger_id: [u8; 32] = fields.take().unwrap_or_default();
        if ledger_id != self.ledger_id {
            let (expected, got) = (hex::encode(self.ledger_id), hex::encode(ledger_id));
            return Err(StoreError::OtherLedger { file: path, expected, got });
        }
        let (Some(found), Some(size), Some(root)) = (fields.take_u64(), fields.take_u64(), fields.take())
        else {
            return Err(damaged("a whole header", "a short one".to_string()));
        };
        if found != number {
            return Err(damaged(&format!("segment number {number}"), found.to_string()));
        }
        Ok(LogState { size, root })
    }

    /// The commit whose frame ends exactly at `end`.
    pub(crate) fn commit_ending(&self, end: Position) -> Result<Commit, StoreError> {
        let path = self.path(end.segment);
        let len = COMMIT_FRAME_LEN as u64;
        let at = end.offset.checked_sub(len).filter(|at| *at > FIRST_FRAME).ok_or_else(|| {
            StoreError::damaged(&path, end.offset, Flaw::new("the end of a commit", "no place for one"))
        })?;
        let commit = Commit::decode_frame(&self.bytes(end.segment, at, COMMIT_FRAME_LEN)?);
        let commit = commit.map_err(|flaw| StoreError::damaged(&path, at, flaw))?;
        if !(FIRST_FRAME..at).contains(&commit.first) {
            let flaw = Flaw::new("a first frame before its commit", format!("byte {}", commit.first));
            return Err(StoreError::damaged(&path, at, flaw));
        }
        Ok(commit)
    }

    /// Checks headers, lengths and last commits of all segments up to `head`, and that its commit ends there.
    pub(crate) fn check_up_to(&self, head: &Head) -> Result<(), StoreError> {
        self.check_start(0, LogState::EMPTY)?;
        for (number, next) in (0..head.position.segment).zip(1..) {
            let start = self.start(next)?;
            let end = self.len(number)?;
            let last = self.commit_ending(Position { segment: number, offset: end })?.new;
            if last != start {
                let flaw = Flaw::new(
                    format!("an end at {}, where the next segment begins", say(&start)),
                    say(&last),
                );
                return Err(StoreError::damaged(&self.path(number), end, flaw));
            }
        }
        let (len, path) = (self.len(head.position.segment)?, self.path(head.position.segment));
        if len < head.position.offset {
            let flaw = Flaw::new(format!("at least {} bytes", head.position.offset), format!("{len} bytes"));
            return Err(StoreError::damaged(&path, len, flaw));
        }
        self.check_head(head, self.commit_ending(head.position)?.new)
    }

    pub(crate) fn check_start(&self, number: u64, state: LogState) -> Result<(), StoreError> {
        let start = self.start(number)?;
        if start == state {
            return Ok(());
        }
        let flaw = Flaw::new(format!("a segment that begins after {}", say(&state)), say(&start));
        Err(StoreError::damaged(&self.path(number), 0, flaw))
    }

    pub(crate) fn check_head(&self, head: &Head, state: LogState) -> Result<(), StoreError> {
        if state == head.state() {
            return Ok(());
        }
        let flaw = Flaw::new(format!("the commit of {}, as the head says", say(&head.state())), say(&state));
        let at = head.position.offset.saturating_sub(COMMIT_FRAME_LEN as u64);
        Err(StoreError::damaged(&self.path(head.position.segment), at, flaw))
    }

    /// All submissions after `from` up to `head`.
    pub(crate) fn submissions(&self, from: Option<Position>, head: Head) -> Result<Walk<'_>, StoreError> {
        let start = Position { segment: 0, offset: FIRST_FRAME };
        let (at, state) = match from {
            None => {
                self.check_start(0, LogState::EMPTY)?;
                (start, LogState::EMPTY)
            }
            Some(at) if at > head.position => return Err(at.missing("the end of a submission")),
            Some(at) => (at, self.commit_ending(at)?.new),
        };
        let scanner = self.bounded(at.segment, &head)?;
        Ok(Walk { segments: self, head, scanner, at, state, done: false })
    }

    fn bounded(&self, number: u64, head: &Head) -> Result<Scanner, StoreError> {
        let last = number == head.position.segment;
        self.scanner(number, if last { head.position.offset } else { self.len(number)? })
    }

    /// The statement whose frame begins at `at`, before `head`.
    pub(crate) fn statement(&self, at: Position, head: &Head) -> Result<Vec<u8>, StoreError> {
        match self.body(at, head)? {
            Body::Statement(bytes) => Ok(bytes),
            Body::Removed(_) => Err(self.removed(at)),
        }
    }

    pub(crate) fn removed(&self, at: Position) -> StoreError {
        StoreError::Removed { file: self.path(at.segment), offset: at.offset }
    }

    /// What lies in the place of the statement whose frame begins at `at`, before `head`.
    pub(crate) fn body(&self, at: Position, head: &Head) -> Result<Body, StoreError> {
        if at >= head.position || at.offset < FIRST_FRAME {
            return Err(at.missing("a statement"));
        }
        let mut ahead = [0; STATEMENT_AHEAD];
        let read = self.open(at.segment)?.read_at(&mut ahead, at.offset);
        let read = read.map_err(|e| StoreError::io("read", &self.path(at.segment))(e))?;
        let ahead = Ahead { segments: self, at, bytes: ahead.get(..read).unwrap_or_default() };
        let (kind, header) = ahead.frame(0)?;
        if kind != Kind::Header {
            return Err(at.missing("a statement"));
        }
        let behind = FRAME_HEADER_LEN + header.len();
        let begun = Body::of_header(header);
        let mut body = begun.map_err(|expected| ahead.damaged(0, Flaw::new(expected, "another frame")))?;
        // Something always follows: a body, another header or the commit.
        if matches!(ahead.kind(behind)?, Kind::Body | Kind::Removed) {
            let (kind, frame) = ahead.frame(behind)?;
            let taken = body.take_frame(kind, &frame);
            taken.map_err(|expected| ahead.damaged(behind, Flaw::new(expected, "another frame")))?;
        }
        Ok(body)
    }

    /// Where the body's frame of the statement at `at` begins, and the length of the body.
    pub(crate) fn body_frame(&self, at: Position) -> Result<(u64, usize), StoreError> {
        let ahead = Ahead { segments: self, at, bytes: &[] };
        let (_, header) = ahead.frame(0)?;
        let behind = FRAME_HEADER_LEN + header.len();
        let (_, body) = ahead.frame(behind)?;
        Ok((at.offset + behind as u64, body.len())) // OK because usize has at most 64 bits
    }
}

/// Frames from one position on, of which the first bytes were read together.
struct Ahead<'a> {
    segments: &'a Segments,
    at: Position,
    bytes: &'a [u8],
}

impl Ahead<'_> {
    fn damaged(&self, from: usize, flaw: Flaw) -> StoreError {
        // OK because usize has at most 64 bits
        StoreError::damaged(&self.segments.path(self.at.segment), self.at.offset + from as u64, flaw)
    }

    fn bytes(&self, from: usize, len: usize) -> Result<Vec<u8>, StoreError> {
        match self.bytes.get(from..from + len) {
            Some(bytes) => Ok(bytes.to_vec()),
            // OK because usize has at most 64 bits
            None => self.segments.bytes(self.at.segment, self.at.offset + from as u64, len),
        }
    }

    fn header(&self, from: usize) -> Result<FrameHeader, StoreError> {
        let header = FrameHeader::decode(&self.bytes(from, FRAME_HEADER_LEN)?);
        header.map_err(|flaw| self.damaged(from, flaw))
    }

    /// The kind of the frame so many bytes behind the position.
    fn kind(&self, from: usize) -> Result<Kind, StoreError> {
        Ok(self.header(from)?.kind)
    }

    /// The frame so many bytes behind the position, its CRC checked.
    fn frame(&self, from: usize) -> Result<(Kind, Vec<u8>), StoreError> {
        let header = self.header(from)?;
        let frame = self.bytes(from + FRAME_HEADER_LEN, header.len)?;
        header.check(&frame).map_err(|flaw| self.damaged(from, flaw))?;
        Ok((header.kind, frame))
    }
}

pub(crate) fn say(state: &LogState) -> String {
    format!("size {} and root {}", state.size, hex::encode(state.root))
}

/// Submissions one after the other, across segments, up to a head.
pub(crate) struct Walk<'a> {
    segments: &'a Segments,
    head: Head,
    scanner: Scanner,
    at: Position,
    state: LogState,
    done: bool,
}

impl Walk<'_> {
    fn step(&mut self) -> Result<Option<StoredSubmission>, StoreError> {
        while self.at.segment < self.head.position.segment && self.at.offset == self.scanner.end() {
            self.at = Position { segment: self.at.segment + 1, offset: FIRST_FRAME };
            self.segments.check_start(self.at.segment, self.state)?;
            self.scanner = self.segments.bounded(self.at.segment, &self.head)?;
        }
        if self.at == self.head.position {
            self.segments.check_head(&self.head, self.state)?;
            return Ok(None);
        }
        let submission = self.scanner.submission(self.at.offset, self.state)?;
        (self.at, self.state) = (submission.end, submission.new);
        Ok(Some(submission))
    }
}

impl Iterator for Walk<'_> {
    type Item = Result<StoredSubmission, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.done {
            return None;
        }
        let item = self.step().transpose();
        self.done = !matches!(item, Some(Ok(_)));
        item
    }
}
