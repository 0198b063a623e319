//! Segment and head: whatever bytes stand there, opening and reading give an error or submissions that were appended, never others and
//! never a panic; and what a writer's recovery has made whole stays whole.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use pcf_ledger::store::conformance::{Sample, with_all};
use pcf_ledger::store::file::{FileReader, FileStore, Options};
use pcf_ledger::store::manifest::Manifest;
use pcf_ledger::store::{Holder, Reader, Store, StoreError};
use tempfile::TempDir;

/// Files of a ledger with five submissions in two segments.
struct Base {
    files: Vec<(&'static str, Vec<u8>)>,
    samples: Vec<Sample>,
}

const FILES: [&str; 4] = ["ledger.toml", "head", "segments/000000", "segments/000001"];

fn holder() -> Holder {
    Holder { label: "a fuzz target".to_owned(), started: "2025-06-01T08:00:00Z".to_owned() }
}

fn options() -> Options {
    Options { segment_bytes_max: 1500, ..Options::default() }
}

fn base() -> &'static Base {
    static BASE: OnceLock<Base> = OnceLock::new();
    BASE.get_or_init(|| {
        let dir = TempDir::new().unwrap();
        let samples: Vec<Sample> = (0..5).map(|n| Sample::new(n, 1 + n % 3)).collect();
        let manifest = Manifest { format: 1, ledger_id: [7; 32], origin: "o".into(), log_key: "k".into() };
        let store =
            samples[0].with(|g| FileStore::create_with(dir.path(), &manifest, g, &holder(), options()));
        let mut store = store.unwrap();
        for group in samples[1..].chunks(2) {
            let head = store.head().unwrap();
            with_all(group, |group| store.append(&head, group)).unwrap();
        }
        let files = FILES.iter().map(|name| (*name, fs::read(dir.path().join(name)).unwrap())).collect();
        Base { files, samples }
    })
}

fn lay_out(dir: &Path, changed: &str, bytes: &[u8]) {
    fs::create_dir(dir.join("segments")).unwrap();
    for (name, whole) in &base().files {
        fs::write(dir.join(name), if *name == changed { bytes } else { whole }).unwrap();
    }
}

/// How many submissions there are, each one that was appended at this place.
fn genuine(reader: &dyn Reader) -> Result<usize, StoreError> {
    let mut size = 0;
    for (submission, sample) in reader.read(None)?.zip(&base().samples) {
        let submission = submission?;
        let whole: Vec<&[u8]> = submission.statements.iter().filter_map(|body| body.statement()).collect();
        assert_eq!(whole, sample.statements, "submission {size} is not what was appended");
        assert_eq!(submission.seal, sample.seal, "seal {size} is not what was appended");
        size += 1;
    }
    assert_eq!(reader.head()?.size as usize, size, "the head reaches further than what was appended");
    Ok(size)
}

/// Reads, opens to write, and reads again. `trusted` is false where the bytes carry checksums made for them: then other statements
/// may stand there, which the store does not find and the audit does. A reader waits for a slot that is bad to become good, which costs
/// time: it comes first only where it is asked for.
fn open(dir: &Path, trusted: bool, reader_first: bool) {
    let read = |reader: &dyn Reader| {
        if trusted { genuine(reader) } else { reader.read(None)?.try_fold(0, |n, s| s.map(|_| n + 1)) }
    };
    let seen = reader_first.then(|| FileReader::open(dir).and_then(|reader| read(&reader)));
    let Ok(store) = FileStore::open_writer_with(dir, &holder(), options()) else { return };
    let recovered = store.head().unwrap();
    let Ok(size) = read(&store) else { return };
    drop(store);
    if let Some(Ok(seen)) = seen {
        assert!(size >= seen, "a reader saw {seen}, the writer keeps {size}");
    }
    let again =
        FileStore::open_writer_with(dir, &holder(), options()).unwrap_or_else(|e| panic!("opened once: {e}"));
    assert_eq!(again.head().unwrap(), recovered, "recovery is not settled");
    drop(again);
    let reader = FileReader::open(dir).unwrap_or_else(|e| panic!("a writer opened it: {e}"));
    assert_eq!(read(&reader).unwrap(), size);
}

/// Puts the checksums right, so that what lies behind them is reached.
pub(crate) fn mend_frames(bytes: &mut [u8]) {
    mend(bytes, 0, 92);
    let mut at = 96;
    while let Some(header) = bytes.get(at..at + 9) {
        let len = u32::from_be_bytes([header[0], header[1], header[2], header[3]]) as usize;
        let Some(body) = bytes.get(at + 9..(at + 9).saturating_add(len)) else { return };
        let crc = crc32c::crc32c_append(crc32c::crc32c(&bytes[at..at + 5]), body);
        bytes[at + 5..at + 9].copy_from_slice(&crc.to_be_bytes());
        at += 9 + len;
    }
}

/// The checksum of `from..to` is put behind it.
pub(crate) fn mend(bytes: &mut [u8], from: usize, to: usize) {
    if bytes.len() >= to + 4 {
        let crc = crc32c::crc32c(&bytes[from..to]);
        bytes[to..to + 4].copy_from_slice(&crc.to_be_bytes());
    }
}

/// The first byte says which segment, whether the checksums are mended, and whether the bytes are edits or the whole.
pub fn segment(data: &[u8]) {
    let Some((how, rest)) = data.split_first() else { return };
    let name = FILES[2 + usize::from(how & 1)];
    let whole = &base().files.iter().find(|(file, _)| *file == name).unwrap().1;
    let mut bytes = if how & 2 == 0 { rest.to_vec() } else { edited(whole, rest) };
    let mended = how & 4 != 0;
    if mended {
        mend_frames(&mut bytes);
    }
    let dir = TempDir::new().unwrap();
    lay_out(dir.path(), name, &bytes);
    open(dir.path(), !mended, true);
}

/// As [`segment`], for the head; with its checksums mended it must still point at a commit that is there.
pub fn head(data: &[u8]) {
    let Some((how, rest)) = data.split_first() else { return };
    let whole = &base().files[1].1;
    let mut bytes = if how & 2 == 0 { rest.to_vec() } else { edited(whole, rest) };
    if how & 4 != 0 {
        mend(&mut bytes, 0, 104);
        mend(&mut bytes, 4096, 4200);
    }
    let dir = TempDir::new().unwrap();
    lay_out(dir.path(), "head", &bytes);
    open(dir.path(), true, how & 0x18 == 0x18);
}

/// `whole` with the edits that `script` holds: each five bytes are an offset, a kind and two operands.
pub(crate) fn edited(whole: &[u8], script: &[u8]) -> Vec<u8> {
    let mut bytes = whole.to_vec();
    for step in script.chunks_exact(5).take(8) {
        let at = usize::from(u16::from_be_bytes([step[0], step[1]])) % (bytes.len() + 1);
        let (left, other) = (bytes.len() - at, usize::from(step[4]));
        match step[2] % 6 {
            0 if left > 0 => bytes[at] = step[3],
            1 if left > 0 => bytes[at] ^= step[3],
            2 => bytes.truncate(at),
            3 => drop(bytes.splice(at..at, std::iter::repeat_n(step[3], other))),
            4 => drop(bytes.drain(at..at + other.min(left))),
            5 => {
                // A piece of the file once more, at another place.
                let from = usize::from(step[3]) * bytes.len() / 256;
                let piece = bytes[from..(from + other * 4).min(bytes.len())].to_vec();
                drop(bytes.splice(at..at, piece));
            }
            _ => {}
        }
    }
    bytes
}
