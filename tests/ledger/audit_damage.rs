//! The audit of a damaged directory: every byte flipped and every truncation of every file is found and located, or changes no answer;
//! random damage never makes it panic or hang, and never makes it say that a changed log holds.

use std::fs;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use pcf_ledger::audit::{self, Finding, Options, Report, Severity};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::Statement;
use pcf_ledger::store::StoreError;
use pcf_ledger::store::file::{self, FileStore};
use pcf_ledger::store::manifest::Manifest;
use pcf_ledger::store::{self, Body, Reader as _, Store as _};
use pcf_testing::{ACME, LOG, OPERATOR, factor, genesis, holder, id, key, public, submit, with};
use proptest::prelude::*;
use serde_json::json;
use tempfile::TempDir;

/// The files that an audit reads.
const TRUTH: [&str; 5] = ["ledger.toml", "head", "segments/000000", "segments/000001", "signed/checkpoint"];

/// A ledger of four submissions in two segments, as small as one can be that has activities and a signed checkpoint.
fn tiny(dir: &Path) {
    let genesis = genesis();
    let rights = json!({"types": ["factor"]});
    let small = json!({"type": "actor", "by": "operator", "actor": "a", "name": "a", "keys": [public(ACME)], "rights": rights});
    let tin = |name: &str| with(factor("a", name), "source", "s");
    let mut ledger = Ledger::create(dir, genesis, &key(OPERATOR), 0, &holder()).unwrap();
    submit(&mut ledger, OPERATOR, &[small]);
    submit(&mut ledger, ACME, &[tin("b"), tin("c")]);
    submit(&mut ledger, ACME, &[tin("d")]);
    drop(ledger);
    in_two_segments(dir);
    let mut ledger = Ledger::open(dir, &holder()).unwrap();
    ledger.flush().unwrap();
    ledger.sign_checkpoint(&key(LOG), &[]).unwrap();
    drop(ledger);
    fs::remove_dir_all(dir.join("index")).unwrap();
}

/// Writes the same submissions again into segments of at most 2,400 bytes.
fn in_two_segments(dir: &Path) {
    let manifest = Manifest::read(dir).unwrap();
    let all: Vec<_> = file::FileReader::open(dir).unwrap().read(None).unwrap().map(Result::unwrap).collect();
    for name in ["ledger.toml", "head", "lock"] {
        fs::remove_file(dir.join(name)).unwrap();
    }
    for name in ["segments", "index", "log"] {
        let _ = fs::remove_dir_all(dir.join(name));
    }
    let options = file::Options { segment_bytes_max: 2_400, ..file::Options::default() };
    let mut made: Option<FileStore> = None;
    for stored in &all {
        let statements: Vec<&[u8]> = stored.statements.iter().filter_map(Body::statement).collect();
        let next =
            store::Submission { seal: &stored.seal, statements: &statements, new_root: stored.new.root };
        match &mut made {
            None => {
                let options = options.clone();
                made = Some(FileStore::create_with(dir, &manifest, &next, &holder(), options).unwrap());
            }
            Some(made) => {
                let head = made.head().unwrap();
                made.append(&head, &[next]).unwrap();
            }
        }
    }
}

fn audited(dir: &Path, threads: usize) -> Result<Report, StoreError> {
    let options = Options { threads: NonZero::new(threads).unwrap(), ..Default::default() };
    audit::directory_with(dir, Vec::new(), &options, &mut |_, _| {})
}

fn copy(from: &Path, to: &Path) {
    for name in &TRUTH {
        fs::create_dir_all(to.join(name).parent().unwrap()).unwrap();
        fs::copy(from.join(name), to.join(name)).unwrap();
    }
}

/// Does `one` for each of `cases`, on many threads, each with a copy of the ledger of its own: a bad slot of the head is looked at again
/// for a while, in which others can go on.
fn in_copies<T: Sync>(cases: &[T], one: impl Fn(&Path, &T) + Sync) {
    let dir = TempDir::new().unwrap();
    tiny(dir.path());
    assert_eq!(audited(dir.path(), 1).unwrap().findings, []);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..48 {
            scope.spawn(|| {
                let mine = TempDir::new().unwrap();
                copy(dir.path(), mine.path());
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::SeqCst)) {
                    one(mine.path(), case);
                }
            });
        }
    });
}

/// An error that names the file and, for what is found in segments and head, a place in it that is not behind the damage.
fn located(findings: &[Finding], name: &str, at: usize) -> bool {
    findings.iter().any(|finding| {
        let Some(file) = &finding.about.file else { return false };
        // The manifest has one checksum for all of it, and a note one signature.
        let near = match finding.about.offset {
            Some(offset) => offset <= at as u64 || name == "ledger.toml",
            None => name == "ledger.toml" || name == "signed/checkpoint",
        };
        finding.severity == Severity::Stops && file.ends_with(name) && near
    })
}

fn check(dir: &Path, name: &str, at: usize, what: &str) {
    let report = match audited(dir, 1) {
        Ok(report) => report,
        // What no longer looks like a ledger of this version is no finding but an error that says so.
        Err(error) => {
            let known = matches!(error, StoreError::NewerVersion { .. } | StoreError::NoLedger { .. });
            assert!(known, "{name} {what} {at}: {error}");
            return;
        }
    };
    assert!(!report.holds(), "{name} {what} {at} is not found");
    assert!(located(&report.findings, name, at), "{name} {what} {at}: {:?}", report.findings);
}

fn lengths() -> Vec<(&'static str, usize)> {
    let dir = TempDir::new().unwrap();
    tiny(dir.path());
    let len = |name: &str| usize::try_from(fs::metadata(dir.path().join(name)).unwrap().len()).unwrap();
    TRUTH.iter().map(|name| (*name, len(name))).collect()
}

#[test]
fn every_flipped_byte_of_every_file_is_found_and_located_or_changes_no_answer() {
    let cases: Vec<(&str, usize)> =
        lengths().into_iter().flat_map(|(name, len)| (0..len).map(move |at| (name, at))).collect();
    in_copies(&cases, |dir, (name, at)| {
        let path = dir.join(name);
        let whole = fs::read(&path).unwrap();
        let mut bytes = whole.clone();
        bytes[*at] ^= 1 << (at % 7);
        fs::write(&path, bytes).unwrap();
        check(dir, name, *at, "byte");
        fs::write(&path, whole).unwrap();
    });
}

#[test]
fn every_truncation_of_every_file_is_found_and_located_or_changes_no_answer() {
    let cases: Vec<(&str, usize)> = lengths()
        .into_iter()
        .flat_map(|(name, len)| {
            // Between the fields of a slot and the end of its page there are only zeros.
            let step = if name == "head" { 13 } else { 1 };
            (0..len).step_by(step).map(move |at| (name, at))
        })
        .collect();
    in_copies(&cases, |dir, (name, at)| {
        let path = dir.join(name);
        let whole = fs::read(&path).unwrap();
        fs::write(&path, &whole[..*at]).unwrap();
        check(dir, name, *at, "cut at");
        fs::remove_file(&path).unwrap();
        if *at == 0 && *name != "signed/checkpoint" {
            check(dir, name, *at, "missing");
        }
        fs::write(&path, whole).unwrap();
    });
}

/// What stands at an offset of a segment; the frames of the tiny ledger.
fn frames(bytes: &[u8]) -> Vec<(usize, u8, usize)> {
    let (mut at, mut frames) = (96, Vec::new());
    while at + 9 <= bytes.len() {
        let len = u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap()) as usize;
        frames.push((at, bytes[at + 4], len));
        at += 9 + len;
    }
    frames
}

#[test]
fn all_damaged_places_are_found_at_once_and_what_is_whole_between_them_is_audited() {
    let dir = TempDir::new().unwrap();
    tiny(dir.path());
    for name in ["segments/000000", "segments/000001"] {
        let path = dir.path().join(name);
        let mut bytes = fs::read(&path).unwrap();
        let (at, _, _) = *frames(&bytes).iter().rev().find(|(_, kind, _)| *kind == 1).unwrap();
        bytes[at + 20] ^= 1;
        fs::write(path, bytes).unwrap();
    }
    let report = audited(dir.path(), 2).unwrap();
    let stores: Vec<_> = report.findings.iter().filter(|f| f.rule == "store").collect();
    assert_eq!(stores.len(), 2, "{:#?}", report.findings);
    assert_eq!((report.size, report.unread), (4, 2));
    let all = |name: &str| report.check(name).unwrap().looked_at;
    assert_eq!(
        (all("seal-signature"), all("log-root"), all("store")),
        (4, 4, 2),
        "seals are read all the same"
    );
    assert_eq!(report.check("log-root").unwrap().errors, 0);
    assert_eq!(report.check("signed-checkpoint").unwrap().errors, 0, "the roots are known to the end");
}

#[test]
fn a_lost_commit_leaves_the_log_behind_it_to_be_audited() {
    let dir = TempDir::new().unwrap();
    tiny(dir.path());
    let path = dir.path().join("segments/000000");
    let whole = fs::read(&path).unwrap();
    let commits: Vec<_> = frames(&whole).into_iter().filter(|(_, kind, _)| *kind == 2).collect();
    let mut bytes = whole.clone();
    bytes[commits[1].0 + 200] ^= 1;
    fs::write(&path, &bytes).unwrap();
    // The seal is lost, so that the roots are not known from there on.
    let report = audited(dir.path(), 1).unwrap();
    let lost = report.findings.iter().find(|f| f.rule == "store").unwrap();
    assert!(lost.sentence.contains("the 1 submissions from index 1 on could not be read"), "{lost:?}");
    assert_eq!(report.size, 4, "{:#?}", report.findings);
    let unknown = report.findings.iter().find(|f| f.rule == "log-root").unwrap();
    assert_eq!((unknown.severity, unknown.about.index), (Severity::Note, Some(1)));
    assert!(report.findings.iter().any(|f| f.rule == "rules" && f.sentence.contains("may be why")));
    assert!(!report.holds());
    // A whole segment that is gone.
    fs::write(&path, whole).unwrap();
    fs::remove_file(&path).unwrap();
    let report = audited(dir.path(), 1).unwrap();
    assert!(report.findings[0].sentence.contains("no such file"), "{:#?}", report.findings);
    assert!(report.size == 4 && !report.holds());
}

#[test]
fn a_statement_that_is_only_called_redacted_is_none() {
    let dir = TempDir::new().unwrap();
    tiny(dir.path());
    let path = dir.path().join("segments/000000");
    let mut bytes = fs::read(&path).unwrap();
    let (at, _, len) = *frames(&bytes).iter().rev().find(|(_, kind, _)| *kind == 3).unwrap();
    bytes[at + 4] = 4;
    bytes[at + 9..at + 9 + len].fill(0);
    mend(&mut bytes, at, len);
    fs::write(&path, bytes).unwrap();
    let report = audited(dir.path(), 1).unwrap();
    let finding = report.findings.iter().find(|finding| finding.rule == "redactions").unwrap();
    assert!(finding.sentence.contains("no statement of the operator announces"), "{finding:?}");
    assert_eq!(report.size, 4);
}

/// Makes the checksum of a frame right.
fn mend(bytes: &mut [u8], at: usize, len: usize) {
    let crc = crc32c(&[&bytes[at..at + 5], &bytes[at + 9..at + 9 + len]].concat());
    bytes[at + 5..at + 9].copy_from_slice(&crc.to_be_bytes());
}

/// CRC-32C, bit by bit.
fn crc32c(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |c, _| if c & 1 == 1 { c >> 1 ^ 0x82f6_3b78 } else { c >> 1 })
    })
}

#[test]
fn segments_that_changed_places_are_found() {
    let dir = TempDir::new().unwrap();
    tiny(dir.path());
    let (first, second) = (dir.path().join("segments/000000"), dir.path().join("segments/000001"));
    let (a, b) = (fs::read(&first).unwrap(), fs::read(&second).unwrap());
    fs::write(&first, &b).unwrap();
    fs::write(&second, &a).unwrap();
    let report = audited(dir.path(), 2).unwrap();
    assert!(!report.holds() && report.findings.iter().any(|f| f.rule == "store"), "{:#?}", report.findings);
    // With headers and checksums that fit their new places, the commits and the roots still tell.
    let with_number = |bytes: &[u8], number: u64, start: &[u8]| {
        let mut bytes = bytes.to_vec();
        bytes[44..52].copy_from_slice(&number.to_be_bytes());
        bytes[52..92].copy_from_slice(start);
        let crc = crc32c(&bytes[..92]);
        bytes[92..96].copy_from_slice(&crc.to_be_bytes());
        bytes
    };
    fs::write(&first, with_number(&b, 0, &a[52..92])).unwrap();
    fs::write(&second, with_number(&a, 1, &b[52..92])).unwrap();
    let report = audited(dir.path(), 2).unwrap();
    assert!(!report.holds() && report.findings.iter().any(|f| f.rule == "store"), "{:#?}", report.findings);
}

#[test]
fn a_ledger_whose_manifest_is_damaged_is_audited_under_the_id_of_its_segments() {
    let dir = TempDir::new().unwrap();
    tiny(dir.path());
    let path = dir.path().join("ledger.toml");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("example.com/log", "example.com/lag")).unwrap();
    let report = audited(dir.path(), 1).unwrap();
    assert_eq!(report.findings.len(), 1, "{:#?}", report.findings);
    assert!(report.findings[0].about.file.as_ref().unwrap().ends_with("ledger.toml"));
    assert_eq!((report.size, report.check("signed-checkpoint").unwrap().looked_at), (4, 1));
    let Statement::Ledger(genesis) = Statement::from(genesis()) else { unreachable!() };
    assert_eq!(report.ledger_id, id(&Statement::from(genesis)));
}

/// One thing that may happen to a file.
#[derive(Debug, Clone)]
enum Harm {
    Flip(usize, u8),
    Cut(usize),
    Zero(usize, usize),
    Repeat(usize, usize),
    Remove(usize, usize),
}

fn harms() -> impl Strategy<Value = Vec<(usize, Harm)>> {
    let harm = prop_oneof![
        (any::<usize>(), 1..=255_u8).prop_map(|(at, by)| Harm::Flip(at, by)),
        any::<usize>().prop_map(Harm::Cut),
        (any::<usize>(), 1..400_usize).prop_map(|(at, len)| Harm::Zero(at, len)),
        (any::<usize>(), 1..900_usize).prop_map(|(at, len)| Harm::Repeat(at, len)),
        (any::<usize>(), 1..900_usize).prop_map(|(at, len)| Harm::Remove(at, len)),
    ];
    prop::collection::vec((0..TRUTH.len(), harm), 1..6)
}

fn harm(path: &PathBuf, harm: &Harm) {
    let mut bytes = fs::read(path).unwrap();
    let len = bytes.len().max(1);
    match *harm {
        Harm::Flip(at, by) => {
            if let Some(byte) = bytes.get_mut(at % len) {
                *byte ^= by;
            }
        }
        Harm::Cut(at) => bytes.truncate(at % len),
        Harm::Zero(at, count) => bytes.iter_mut().skip(at % len).take(count).for_each(|byte| *byte = 0),
        Harm::Repeat(at, count) => {
            let part: Vec<u8> = bytes.iter().skip(at % len).take(count).copied().collect();
            let at = (at % len).min(bytes.len());
            bytes.splice(at..at, part);
        }
        Harm::Remove(at, count) => {
            let (from, to) = ((at % len).min(bytes.len()), (at % len + count).min(bytes.len()));
            bytes.drain(from..to);
        }
    }
    fs::write(path, bytes).unwrap();
}

#[test]
fn random_damage_never_panics_never_hangs_and_is_found_the_same_by_any_number_of_threads() {
    let made = TempDir::new().unwrap();
    tiny(made.path());
    let names: Vec<&str> = TRUTH.to_vec();
    let mut runner = proptest::test_runner::TestRunner::new(ProptestConfig::with_cases(150));
    let ran = runner.run(&harms(), |list| {
        let dir = TempDir::new().unwrap();
        copy(made.path(), dir.path());
        for (file, what) in &list {
            harm(&dir.path().join(names[*file]), what);
        }
        let changed = TRUTH.iter().any(|name| {
            let (now, before) =
                (fs::read(dir.path().join(name)).unwrap(), fs::read(made.path().join(name)).unwrap());
            // What lies behind the head is no part of the ledger yet.
            now != before && !(*name == "segments/000001" && now.starts_with(&before))
        });
        let (one, three) = (audited(dir.path(), 1), audited(dir.path(), 3));
        match (one, three) {
            (Ok(one), Ok(three)) => {
                prop_assert_eq!(&one, &three);
                prop_assert!(!(changed && one.holds()), "{:?}", list);
            }
            (Err(one), Err(three)) => prop_assert_eq!(one.to_string(), three.to_string()),
            (one, three) => prop_assert!(false, "{:?} {:?}", one.is_ok(), three.is_ok()),
        }
        Ok(())
    });
    ran.unwrap();
}
