//! Reads on after damage, for the audit: what is whole is given as it is, and of the rest it is said where it lies and why it could not be
//! read. It trusts no head further than that nothing behind a good one is looked at. It repairs nothing and decides nothing.

use std::collections::VecDeque;
use std::fs::File;
use std::path::{Path, PathBuf};

use crate::store::error::Flaw;
use crate::store::frame::{COMMIT_FRAME_LEN, Commit, FRAME_HEADER_LEN};
use crate::store::head::{HeadFile, Slots};
use crate::store::reader::settled;
use crate::store::scan::Scanner;
use crate::store::segments::{FIRST_FRAME, SEGMENT_HEADER_LEN, Segments, say};
use crate::store::{Body, Head, LogState, Position, StoreError, StoredSubmission};

/// How a commit frame begins: its length and its kind.
const COMMIT_BEGIN: [u8; 5] = [0, 0, 1, 16, 2];
/// Look for a commit in this many bytes at once.
const WINDOW: usize = 1 << 20;

/// What was found next.
#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "pieces are handled one at a time, never stored in bulk")]
pub enum Piece {
    /// A submission whose bytes are those that were written.
    Whole(StoredSubmission),
    /// A submission of which the commit can be read and the statements cannot: it comes without them.
    Sealed(StoredSubmission, StoreError),
    /// Bytes that are no submission. What comes next may stand anywhere later in the log.
    Lost {
        /// Where they begin.
        from: Position,
        /// Where the next that can be read begins, or the end.
        to: Position,
        /// Why the first of them could not be read.
        why: StoreError,
    },
    /// Something else that is wrong; nothing is missing because of it alone.
    Flaw(StoreError),
}

/// A ledger's directory, read as far as it goes.
#[derive(Debug)]
pub struct Salvage {
    segments: Segments,
    head: Option<Head>,
    left: Option<Head>,
    head_flaw: Option<StoreError>,
}

impl Salvage {
    /// Opens the directory of the ledger with this id.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] where the segments or the head are there and cannot be opened.
    pub fn open(dir: &Path, ledger_id: [u8; 32]) -> Result<Salvage, StoreError> {
        let path = dir.join("head");
        let segments = Segments::new(dir.join("segments"), ledger_id);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let flaw = StoreError::damaged(&path, 0, Flaw::new("two slots", "no such file"));
                return Ok(Salvage { segments, head: None, left: None, head_flaw: Some(flaw) });
            }
            Err(e) => return Err(StoreError::io("open", &path)(e)),
        };
        let heads = HeadFile::new(path, file, ledger_id);
        match settled(&heads) {
            Ok(head) => Ok(Salvage { segments, head: Some(head), left: None, head_flaw: None }),
            Err(e @ (StoreError::Damaged { .. } | StoreError::OtherLedger { .. })) => {
                let left = match heads.slots() {
                    Ok(Slots::One(slot, _)) => Some(slot.head),
                    _ => None,
                };
                Ok(Salvage { segments, head: None, left, head_flaw: Some(e) })
            }
            Err(e) => Err(e),
        }
    }

    /// The ledger id that the first segment's header carries: for a ledger whose manifest cannot be read.
    pub fn ledger_id_of(dir: &Path) -> Option<[u8; 32]> {
        let segments = Segments::new(dir.join("segments"), [0; 32]);
        let header = segments.bytes(0, 0, SEGMENT_HEADER_LEN).ok()?;
        header.get(12..44)?.try_into().ok()
    }

    /// The head that counts; none where a slot of the head is damaged.
    pub fn head(&self) -> Option<Head> {
        self.head
    }

    /// The head in the slot that is left where the other is damaged: the log reaches at least as far.
    pub fn head_left(&self) -> Option<Head> {
        self.left
    }

    /// What is wrong with the head.
    pub fn head_flaw(&self) -> Option<&StoreError> {
        self.head_flaw.as_ref()
    }

    /// The file that a position lies in.
    pub fn path(&self, at: Position) -> PathBuf {
        self.segments.path(at.segment)
    }

    /// What lies in the place of one statement, redacted or not.
    ///
    /// # Errors
    ///
    /// As [`crate::store::Reader::body`].
    pub fn body(&self, at: Position) -> Result<Body, StoreError> {
        let end = Position { segment: u64::MAX, offset: u64::MAX };
        self.segments.body(at, &Head { size: 0, root: [0; 32], position: end })
    }

    /// Everything from the first segment to the head; to the end of the files where the head cannot be read.
    ///
    /// # Errors
    ///
    /// [`StoreError::Io`] where the segments cannot be listed.
    pub fn pieces(&self) -> Result<Pieces<'_>, StoreError> {
        let present = match self.segments.numbers() {
            Ok(numbers) => numbers,
            Err(StoreError::Io { source, .. }) if source.kind() == std::io::ErrorKind::NotFound => Vec::new(),
            Err(e) => return Err(e),
        };
        let limit = self.head.map(|head| head.position);
        let mut numbers = VecDeque::from(present);
        if let Some(limit) = limit {
            numbers.retain(|number| *number <= limit.segment);
        }
        Ok(Pieces {
            segments: &self.segments,
            limit,
            numbers,
            next_number: 0,
            expected: Some(LogState::EMPTY),
            scanner: None,
            at: 0,
            ended: None,
            ready: VecDeque::new(),
        })
    }
}

/// The pieces of a ledger in the order in which they lie; see [`Salvage::pieces`].
#[derive(Debug)]
pub struct Pieces<'a> {
    segments: &'a Segments,
    limit: Option<Position>,
    /// Segments that are there and were not begun.
    numbers: VecDeque<u64>,
    next_number: u64,
    /// The log where the next submission begins; none where that is not known.
    expected: Option<LogState>,
    scanner: Option<Scanner>,
    /// Offset of the next submission in the scanner's segment.
    at: u64,
    /// Where the segment before ended.
    ended: Option<Position>,
    ready: VecDeque<Piece>,
}

impl Iterator for Pieces<'_> {
    type Item = Piece;

    fn next(&mut self) -> Option<Piece> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Some(piece);
            }
            match self.scanner.take() {
                Some(mut scanner) if self.at < scanner.end() => {
                    if self.submission(&mut scanner) {
                        self.scanner = Some(scanner);
                    }
                }
                done => {
                    if let Some(scanner) = done {
                        self.ended = Some(Position { segment: scanner.number(), offset: scanner.end() });
                    }
                    if !self.next_segment() {
                        return None;
                    }
                }
            }
        }
    }
}

impl Pieces<'_> {
    /// Goes to the next segment that is there; false after the last.
    fn next_segment(&mut self) -> bool {
        let last = self.limit.map(|limit| limit.segment);
        let Some(number) = self.numbers.pop_front() else {
            // A missing segment at the end is missed only where the head reaches into it.
            if last.is_some_and(|last| self.next_number <= last) {
                self.missing(self.next_number, last.unwrap_or_default().saturating_add(1));
                self.next_number = u64::MAX;
                return true;
            }
            return false;
        };
        if number > self.next_number {
            self.missing(self.next_number, number);
        }
        self.next_number = number.saturating_add(1);
        match self.segments.start(number) {
            Ok(start) if self.expected.is_none_or(|expected| expected == start) => {
                self.expected = Some(start);
            }
            Ok(start) => {
                let flaw = self.expected.and_then(|expected| self.broken(number, expected, start));
                self.ready.extend(flaw.map(Piece::Flaw));
                self.expected = None;
            }
            Err(why @ (StoreError::OtherLedger { .. } | StoreError::NewerVersion { .. })) => {
                self.lost(number, 0, 0, why);
                return true;
            }
            Err(why) => {
                self.ready.push_back(Piece::Flaw(why));
                self.expected = None;
            }
        }
        self.at = FIRST_FRAME;
        match self.bounded(number) {
            Ok(scanner) => self.scanner = Some(scanner),
            Err(why) => self.lost(number, FIRST_FRAME, FIRST_FRAME, why),
        }
        true
    }

    fn bounded(&mut self, number: u64) -> Result<Scanner, StoreError> {
        let len = self.segments.len(number)?;
        let limit = self.limit.filter(|limit| limit.segment == number).map(|limit| limit.offset);
        if let Some(limit) = limit.filter(|limit| *limit > len) {
            let flaw = Flaw::new(format!("at least {limit} bytes"), format!("{len} bytes"));
            let flaw = StoreError::damaged(&self.segments.path(number), len, flaw);
            self.ready.push_back(Piece::Flaw(flaw));
        }
        self.segments.scanner(number, limit.map_or(len, |limit| limit.min(len)))
    }

    /// Says that a segment does not begin where the one before ended: at that end, since that is where something may be missing.
    fn broken(&self, number: u64, expected: LogState, start: LogState) -> Option<StoreError> {
        match self.ended.filter(|ended| ended.segment.checked_add(1) == Some(number)) {
            Some(ended) => {
                let begins = format!("an end at {}, where the next segment begins", say(&start));
                let flaw = Flaw::new(begins, say(&expected));
                Some(StoreError::damaged(&self.segments.path(ended.segment), ended.offset, flaw))
            }
            None => self.segments.check_start(number, expected).err(),
        }
    }

    fn missing(&mut self, from: u64, to: u64) {
        let why = StoreError::damaged(&self.segments.path(from), 0, Flaw::new("a segment", "no such file"));
        let (from, to) = (Position { segment: from, offset: 0 }, Position { segment: to, offset: 0 });
        self.ready.push_back(Piece::Lost { from, to, why });
        self.expected = None;
    }

    fn lost(&mut self, segment: u64, from: u64, to: u64, why: StoreError) {
        let (from, to) = (Position { segment, offset: from }, Position { segment, offset: to });
        self.ready.push_back(Piece::Lost { from, to, why });
        self.expected = None;
    }

    /// Reads the submission at hand, or goes on at the next that has a commit; false where the segment has no more.
    fn submission(&mut self, scanner: &mut Scanner) -> bool {
        let start = self.at;
        let why = match self.expected.map(|expected| scanner.submission(start, expected)) {
            Some(Ok(stored)) => {
                self.take(Piece::Whole(stored));
                return true;
            }
            Some(Err(why)) => Some(why),
            None => None,
        };
        let number = scanner.number();
        let (at, commit) = match next_commit(scanner, start) {
            Ok(Some(found)) => found,
            Ok(None) => {
                let end = scanner.end();
                let none = || scanner.damaged(start, Flaw::new("a submission", "no commit after it"));
                self.lost(number, start, end, why.unwrap_or_else(none));
                return false;
            }
            Err(error) => {
                self.lost(number, start, scanner.end(), why.unwrap_or(error));
                return false;
            }
        };
        if (start + 1..at).contains(&commit.first) {
            // The commit of what lies at `start` is gone; a later submission can be read again.
            let none = || {
                let got = format!("one that begins at byte {}", commit.first);
                scanner.damaged(at, Flaw::new(format!("the commit of what begins at byte {start}"), got))
            };
            self.lost(number, start, commit.first, why.unwrap_or_else(none));
            (self.at, self.expected) = (commit.first, Some(commit.old));
            return true;
        }
        let end = Position { segment: number, offset: at + COMMIT_FRAME_LEN as u64 };
        match scanner.submission(start, commit.old) {
            // Whole in itself: only its place in the chain is wrong.
            Ok(stored) => {
                self.ready.extend(why.map(Piece::Flaw));
                self.take(Piece::Whole(stored));
            }
            Err(error) => {
                let Commit { seal, old, new, .. } = commit;
                let (statements, positions) = (Vec::new(), Vec::new());
                let stored = StoredSubmission { index: old.size, seal, statements, positions, old, new, end };
                self.take(Piece::Sealed(stored, why.unwrap_or(error)));
            }
        }
        true
    }

    fn take(&mut self, piece: Piece) {
        if let Piece::Whole(stored) | Piece::Sealed(stored, _) = &piece {
            (self.at, self.expected) = (stored.end.offset, Some(stored.new));
        }
        self.ready.push_back(piece);
    }
}

/// The first commit frame at or after `from` whose checksum holds, with its offset.
fn next_commit(scanner: &mut Scanner, from: u64) -> Result<Option<(u64, Commit)>, StoreError> {
    let mut at = from;
    loop {
        let left = usize::try_from(scanner.end().saturating_sub(at)).unwrap_or(usize::MAX);
        if left < COMMIT_FRAME_LEN {
            return Ok(None);
        }
        let window = scanner.bytes(at, left.min(WINDOW))?;
        let mut next = 0;
        while let Some(begin) = begin_of_commit(window.get(next..).unwrap_or_default()) {
            let begin = next + begin;
            match window.get(begin..begin + COMMIT_FRAME_LEN).map(Commit::decode_frame) {
                Some(Ok(commit)) => return Ok(Some((at + begin as u64, commit))),
                Some(Err(_)) => {}
                None => break,
            }
            next = begin + 1;
        }
        // What could begin a commit near the end of this window is looked at again in the next.
        at += (window.len() - COMMIT_FRAME_LEN + 1) as u64;
    }
}

fn begin_of_commit(bytes: &[u8]) -> Option<usize> {
    const { assert!(COMMIT_FRAME_LEN - FRAME_HEADER_LEN == 272) };
    bytes.windows(COMMIT_BEGIN.len()).position(|window| window == COMMIT_BEGIN)
}
