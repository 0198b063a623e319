//! Recovery keeps the rules (a) to (d): every change of the disk fails once, and hand-made files
//! provoke each rule.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use pcf_ledger::store::conformance::{Sample, holds};
use pcf_ledger::store::fault::{Fault, FaultMedium};
use pcf_ledger::store::file::{FileReader, FileStore, Options};
use pcf_ledger::store::{AppendError, Reader as _};

use super::{append, copy, create, genesis, holder, named, options, small_ledger};

/// Creates, appends three groups and stops at the first error; returns how many submissions were answered.
fn life(dir: &Path, medium: Arc<FaultMedium>, groups: &[&[Sample]]) -> (Option<usize>, bool) {
    let Ok(mut store) = create(dir, Options { segment_bytes_max: 1200, medium }) else {
        return (None, true);
    };
    let mut answered = 1;
    for group in groups {
        match append(&mut store, group) {
            Ok(()) => answered += group.len(),
            Err(AppendError::Unknown(_)) => {
                assert!(matches!(append(&mut store, group), Err(AppendError::Poisoned)));
                return (Some(answered), true);
            }
            Err(e) => panic!("{e}"),
        }
    }
    (Some(answered), false)
}

#[test]
fn whichever_change_of_the_disk_fails_nothing_answered_is_lost() {
    let all = [genesis(), Sample::new(1, 2), Sample::new(2, 4), Sample::new(3, 3), Sample::new(4, 30)];
    let groups: [&[Sample]; 3] = [&all[1..2], &all[2..4], &all[4..]];
    for fault in [Fault::Lost, Fault::Persisted, Fault::Torn] {
        for nth in 1.. {
            let dir = tempfile::tempdir().unwrap();
            let (answered, failed) = life(dir.path(), Arc::new(FaultMedium::new(nth, fault)), &groups);
            if !failed {
                assert!(nth > 20, "expected many changes, got {nth}");
                break;
            }
            // Each recovery may fail at each of its own changes too.
            for again in 1..12 {
                let medium = Arc::new(FaultMedium::new(again, fault));
                let options = Options { segment_bytes_max: 1200, medium };
                let _ = FileStore::open_writer_with(dir.path(), &holder(), options);
            }
            let Some(answered) = answered else {
                assert!(create(dir.path(), Options::default()).is_err() || nth < 3);
                continue;
            };
            let mut store = FileStore::open_writer(dir.path(), &holder()).unwrap();
            let size = store.head().unwrap().size as usize;
            assert!(size >= answered, "change {nth}, {fault:?}: answered {answered}, kept {size}");
            holds(&store, &all[..size]).unwrap();
            append(&mut store, &[Sample::new(9, 1)]).unwrap();
            let reader = FileReader::open(dir.path()).unwrap();
            let mut expected = all[..size].to_vec();
            expected.push(Sample::new(9, 1));
            holds(&reader, &expected).unwrap();
        }
    }
}

/// Spoils one slot (0 or 1) of the head.
fn spoil_slot(dir: &Path, slot: usize) {
    let mut bytes = fs::read(dir.join("head")).unwrap();
    bytes[slot * 4096 + 50] ^= 1;
    fs::write(dir.join("head"), bytes).unwrap();
}

fn add(path: &Path, bytes: &[u8]) {
    let mut all = fs::read(path).unwrap_or_default();
    all.extend_from_slice(bytes);
    fs::write(path, all).unwrap();
}

#[test]
fn rule_a_two_bad_slots_are_an_error() {
    let dir = tempfile::tempdir().unwrap();
    small_ledger(dir.path(), 1 << 20);
    spoil_slot(dir.path(), 0);
    spoil_slot(dir.path(), 1);
    let error = FileStore::open_writer(dir.path(), &holder()).map(drop).unwrap_err();
    assert_eq!(named(&error), "head");
}

#[test]
fn rule_b_after_two_good_slots_whole_submissions_are_kept_and_the_rest_is_cut() {
    // Each source is a longer life of the same ledger; its segments beside an older head are an interrupted commit.
    for segment_bytes_max in [400, 1 << 20] {
        let dir = tempfile::tempdir().unwrap();
        let mut samples = small_ledger(dir.path(), segment_bytes_max);
        let head = fs::read(dir.path().join("head")).unwrap();
        let mut store =
            FileStore::open_writer_with(dir.path(), &holder(), options(segment_bytes_max)).unwrap();
        append(&mut store, &[Sample::new(4, 2)]).unwrap();
        samples.push(Sample::new(4, 2));
        let kept = store.head().unwrap().position;
        append(&mut store, &[Sample::new(5, 2), Sample::new(6, 1)]).unwrap();
        drop(store);
        fs::write(dir.path().join("head"), &head).unwrap();
        // The second of the three lost submissions is torn: a page of it never reached the disk.
        let broken = if segment_bytes_max == 400 { "000005" } else { "000000" };
        let path = dir.path().join("segments").join(broken);
        let mut bytes = fs::read(&path).unwrap();
        let offset = u64::from_be_bytes(kept.to_bytes()[8..].try_into().unwrap()) as usize;
        let at = if segment_bytes_max == 400 { 120 } else { offset + 30 };
        bytes[at] ^= 0x40;
        fs::write(&path, &bytes).unwrap();
        let mut store = FileStore::open_writer(dir.path(), &holder()).unwrap();
        holds(&store, &samples).unwrap();
        append(&mut store, &[Sample::new(8, 1)]).unwrap();
        samples.push(Sample::new(8, 1));
        drop(store);
        holds(&FileReader::open(dir.path()).unwrap(), &samples).unwrap();
    }
}

#[test]
fn rule_b_extra_bytes_and_headerless_segments_after_the_head_are_removed() {
    let dir = tempfile::tempdir().unwrap();
    let samples = small_ledger(dir.path(), 1 << 20);
    let segment = dir.path().join("segments/000000");
    let len = fs::metadata(&segment).unwrap().len();
    add(&segment, &[0; 5000]);
    add(&dir.path().join("segments/000001"), &[0; 40]);
    let reader = FileReader::open(dir.path()).unwrap();
    holds(&reader, &samples).unwrap();
    let store = FileStore::open_writer(dir.path(), &holder()).unwrap();
    holds(&store, &samples).unwrap();
    assert_eq!(fs::metadata(&segment).unwrap().len(), len);
    assert!(!dir.path().join("segments/000001").exists());
}

#[test]
fn rule_b_a_head_whose_commit_does_not_match_is_an_error() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    small_ledger(dir.path(), 1 << 20);
    let mut store = create(other.path(), Options::default()).unwrap();
    let mut sample = Sample::new(1, 2);
    append(&mut store, &[sample.clone()]).unwrap();
    let mut last = Sample::new(3, 3);
    last.new_root = [1; 32];
    sample = Sample::new(2, 1);
    append(&mut store, &[sample, last]).unwrap();
    drop(store);
    fs::copy(other.path().join("head"), dir.path().join("head")).unwrap();
    let error = FileStore::open_writer(dir.path(), &holder()).map(drop).unwrap_err();
    assert_eq!(named(&error), "000000");
}

#[test]
fn rule_c_with_one_bad_slot_what_follows_must_be_whole_submissions_and_at_least_one() {
    let dir = tempfile::tempdir().unwrap();
    let samples = small_ledger(dir.path(), 1 << 20); // sequences 1 to 4: the newest slot is the second
    let open = |path: &Path| FileStore::open_writer(path, &holder()).map(|store| holds(&store, &samples));
    let case = |slot: usize, garbage: &[u8]| {
        let scratch = tempfile::tempdir().unwrap();
        copy(dir.path(), scratch.path());
        spoil_slot(scratch.path(), slot);
        add(&scratch.path().join("segments/000000"), garbage);
        let first = open(scratch.path()).map_err(|e| named(&e));
        first.map(|held| (held, open(scratch.path()).unwrap(), FileReader::open(scratch.path()).unwrap()))
    };
    let (first, second, reader) = case(1, &[]).unwrap();
    first.unwrap();
    second.unwrap();
    holds(&reader, &samples).unwrap();
    assert_eq!(case(0, &[]).unwrap_err(), "head");
    assert_eq!(case(1, &[0; 9]).unwrap_err(), "000000");
    assert_eq!(case(0, &[0; 9]).unwrap_err(), "000000");
}

#[test]
fn rule_d_what_is_kept_is_written_again_and_synced_before_the_slot() {
    let dir = tempfile::tempdir().unwrap();
    small_ledger(dir.path(), 1 << 20);
    spoil_slot(dir.path(), 1);
    let medium = Arc::new(FaultMedium::new(0, Fault::Lost));
    let counted = Options { medium: medium.clone(), ..Options::default() };
    drop(FileStore::open_writer_with(dir.path(), &holder(), counted).unwrap());
    // Rewrite, cut, sync, sync of the directory, slot, sync.
    assert_eq!(medium.changes(), 6);
    let medium = Arc::new(FaultMedium::new(0, Fault::Lost));
    let counted = Options { medium: medium.clone(), ..Options::default() };
    drop(FileStore::open_writer_with(dir.path(), &holder(), counted).unwrap());
    assert_eq!(medium.changes(), 0);
}
