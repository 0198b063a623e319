//! What an attacker who owns the files can write into a segment: any frames in any order, with the right
//! checksums, commits and head.

use std::path::Path;

use pcf_ledger::codec::leaf_hash;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::StatementId;
use pcf_testing::audits;
use tempfile::TempDir;

use super::hall::{self, has, on_disk};

pub const HEADER: u8 = 1;
pub const COMMIT: u8 = 2;
pub const BODY: u8 = 3;
pub const REMOVED: u8 = 4;

/// Magic, version, ledger id, number, starting size and root, checksum.
const FIRST: usize = 96;
/// Of a slot of the head: up to its checksum, and the whole of it.
const SLOT: (usize, usize) = (104, 4096);

/// A frame without its length and checksum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    pub kind: u8,
    pub bytes: Vec<u8>,
}

impl Frame {
    pub fn new(kind: u8, bytes: &[u8]) -> Self {
        Self { kind, bytes: bytes.to_vec() }
    }
}

/// The ledger of the hall on disk, closed.
pub fn closed() -> (TempDir, Vec<Frame>) {
    let (dir, mut ledger) = on_disk();
    for submission in hall::submissions(&hall::ledger().into_store()).iter().skip(1) {
        ledger.submit(submission).unwrap();
    }
    drop(ledger);
    let frames = frames(&std::fs::read(dir.path().join("segments/000000")).unwrap());
    (dir, frames)
}

pub fn frames(segment: &[u8]) -> Vec<Frame> {
    let (mut found, mut at) = (Vec::new(), FIRST);
    while at < segment.len() {
        let len = u32::from_be_bytes(segment[at..at + 4].try_into().unwrap()) as usize;
        found.push(Frame::new(segment[at + 4], &segment[at + 9..at + 9 + len]));
        at += 9 + len;
    }
    found
}

/// Where the header of a statement stands among the frames.
pub fn header_of(frames: &[Frame], id: &StatementId) -> usize {
    frames.iter().position(|f| f.kind == HEADER && leaf_hash(&f.bytes) == *id.as_bytes()).unwrap()
}

/// Writes the frames in the place of those that are there, and makes everything right that no key signs.
pub fn write(dir: &Path, frames: &[Frame]) {
    let path = dir.join("segments/000000");
    let mut segment = std::fs::read(&path).unwrap();
    let ends = ends(&self::frames(&segment[..]));
    segment.truncate(FIRST);
    let (mut first, mut moved) = (FIRST, Vec::new());
    for Frame { kind, bytes } in frames {
        let mut bytes = bytes.clone();
        if *kind == COMMIT {
            bytes[..8].copy_from_slice(&(first as u64).to_be_bytes());
        }
        let len = (bytes.len() as u32).to_be_bytes();
        let crc = crc32c::crc32c_append(crc32c::crc32c(&[&len[..], &[*kind]].concat()), &bytes);
        segment.extend([&len[..], &[*kind], &crc.to_be_bytes(), &bytes].concat());
        if *kind == COMMIT {
            (first, moved) = (segment.len(), [moved, vec![segment.len() as u64]].concat());
        }
    }
    std::fs::write(&path, segment).unwrap();
    let mut head = std::fs::read(dir.join("head")).unwrap();
    for slot in head.chunks_mut(SLOT.1) {
        let end = u64::from_be_bytes(slot[96..104].try_into().unwrap());
        let Some(number) = ends.iter().position(|at| *at == end) else { continue };
        slot[96..104].copy_from_slice(&moved[number].to_be_bytes());
        let crc = crc32c::crc32c(&slot[..SLOT.0]);
        slot[SLOT.0..SLOT.0 + 4].copy_from_slice(&crc.to_be_bytes());
    }
    std::fs::write(dir.join("head"), head).unwrap();
    for derived in ["log", "index"] {
        std::fs::remove_dir_all(dir.join(derived)).unwrap();
    }
}

/// Where each commit ends.
fn ends(frames: &[Frame]) -> Vec<u64> {
    let mut at = FIRST;
    let end = |frame: &Frame| {
        at += 9 + frame.bytes.len();
        (frame.kind == COMMIT).then_some(at as u64)
    };
    frames.iter().filter_map(end).collect()
}

/// Where the header of the newest statement of a type stands among the frames.
pub fn newest(frames: &[Frame], kind: &str) -> usize {
    let ends = format!("\"type\":\"{kind}\",\"v\":\"1\"}}");
    let is = |f: &Frame| f.kind == HEADER && f.bytes.ends_with(ends.as_bytes());
    frames.iter().rposition(is).unwrap()
}

/// What a reader, a writer and the audit say of a ledger in which `bend` changed the frames. None may take
/// it.
#[track_caller]
pub fn refused(bend: impl FnOnce(&mut Vec<Frame>), check: &str, words: &str) {
    let (dir, mut frames) = closed();
    bend(&mut frames);
    write(dir.path(), &frames);
    let report = audits::of_directory(dir.path());
    hall::finds(&report, check, words);
    let Err(error) = Ledger::read(dir.path()) else { panic!("a reader opens it") };
    has(&error.to_string(), words);
    let Err(error) = Ledger::open(dir.path(), &pcf_testing::holder()) else { panic!("a writer opens it") };
    has(&error.to_string(), words);
}

#[test]
fn what_is_written_as_it_was_holds() {
    let (dir, frames) = closed();
    let before = std::fs::read(dir.path().join("segments/000000")).unwrap();
    write(dir.path(), &frames);
    assert_eq!(std::fs::read(dir.path().join("segments/000000")).unwrap(), before);
    let report = audits::of_directory(dir.path());
    assert!(report.holds(), "{:?}", report.findings);
    assert_eq!(report.statements, 8);
}
