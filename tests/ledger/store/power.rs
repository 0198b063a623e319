//! Loss of power: from a record of every change of the disk, any part of what was written since the last sync may be
//! missing. Nothing answered is lost, no half submission appears, and recovery may itself lose power. The rules (a) to (d) of opening are
//! told apart by the bytes on the disk, and each is met: (a) only where a disk lies about what it has synced.

use std::path::Path;
use std::sync::Arc;

use pcf_ledger::store::conformance::{Sample, holds, with_all};
use pcf_ledger::store::file::{FileStore, Options};
use pcf_ledger::store::manifest::Manifest;
use pcf_ledger::store::{Holder, Reader, Store, StoreError};

use super::losing_disk::{Change, Files, Random, Recorder, Syncs, load, lose_power, name, store};

/// How often each rule of opening was met.
#[derive(Default, Debug)]
pub(crate) struct Met {
    /// (a) Both slots bad.
    a: usize,
    /// (b) Both good; nothing behind the head, whole submissions kept, bytes cut.
    b_nothing: usize,
    b_kept: usize,
    b_cut: usize,
    /// (c) One bad.
    c: usize,
    /// (d) Recovery wrote; of these, over more than one segment.
    d: usize,
    d_segments: usize,
}

impl Met {
    /// Counts what there is to open, and what a recovery from there to `size` submissions did.
    fn count(&mut self, before: &Files, recovery: &[Change], size: usize) {
        let head = before.get("head").map(Vec::as_slice).unwrap_or_default();
        match slots(head) {
            [None, None] => self.a += 1,
            [Some(first), Some(second)] => {
                let cuts = recovery.iter().any(|change| match change {
                    Change::Truncate(name, len) => before[name].len() > *len,
                    Change::Remove(_) => true,
                    _ => false,
                });
                self.b_nothing += usize::from(recovery.is_empty());
                self.b_kept += usize::from(size > first.max(second));
                self.b_cut += usize::from(cuts);
            }
            _ => self.c += 1,
        }
        let cut = recovery.iter().filter(|change| matches!(change, Change::Truncate(..))).count();
        self.d += usize::from(!recovery.is_empty());
        self.d_segments += usize::from(cut > 1);
    }

    /// Every rule that honest disks lead to was met.
    pub(crate) fn assert_all_but_a(&self) {
        let counts = [self.b_nothing, self.b_kept, self.b_cut, self.c, self.d, self.d_segments];
        assert!(counts.iter().all(|count| *count > 5), "{self:?}");
        assert_eq!(self.a, 0, "an honest disk never spoils both slots: {self:?}");
    }
}

/// The sizes that the two slots say; none for one that is bad. Read from the bytes anew, by the document of the format.
fn slots(head: &[u8]) -> [Option<usize>; 2] {
    [0, 4096].map(|at| {
        let slot = head.get(at..at + 4096)?;
        let crc = u32::from_be_bytes(slot[104..108].try_into().unwrap());
        let good = crc32c::crc32c(&slot[..104]) == crc && slot[108..].iter().all(|b| *b == 0);
        good.then(|| u64::from_be_bytes(slot[48..56].try_into().unwrap()) as usize)
    })
}

/// Opens what is there with the medium given, holds that it is a prefix of what was appended, and returns its size.
pub(crate) type Check<'a> = dyn Fn(&Path, Arc<Recorder>) -> Result<usize, String> + 'a;

/// Loses power at the end of every prefix of `changes`, `rounds` times each in different ways, and then three times more while recovering.
pub(crate) fn lose_power_everywhere(
    start: &Files,
    changes: &[Change],
    rounds: usize,
    check: &Check<'_>,
) -> Met {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (scratch, mut met) = (tempfile::tempdir().unwrap(), Met::default());
    for end in 0..=changes.len() {
        for _ in 0..rounds {
            let (mut files, mut answered) = lose_power(start, &changes[..end], Syncs::Kept, &mut random);
            // The power goes again while the first recoveries are at work; what they showed must stay as well.
            for _ in 0..3 {
                store(scratch.path(), &files);
                let before = load(scratch.path());
                let medium = Arc::new(Recorder::default());
                let size = check(scratch.path(), Arc::clone(&medium));
                let size = size.unwrap_or_else(|e| panic!("after {end} changes: {e}"));
                assert!(size >= answered, "after {end} changes: answered {answered}, kept {size}");
                let mut recovery = medium.changes.lock().unwrap().clone();
                met.count(&before, &recovery, size);
                recovery.push(Change::Answer(size));
                let stop = random.below(recovery.len() + 1);
                let whole = stop == recovery.len();
                files = lose_power(&before, &recovery[..stop], Syncs::Kept, &mut random).0;
                answered = if whole { size } else { answered };
            }
        }
    }
    met
}

fn holder() -> Holder {
    Holder { label: "pcf test".to_string(), started: "2025-06-01T08:00:00Z".to_string() }
}

fn options(medium: Arc<Recorder>) -> Options {
    Options { segment_bytes_max: 1500, medium }
}

fn life_manifest() -> Manifest {
    Manifest { format: 1, ledger_id: [7; 32], origin: "o".into(), log_key: "k".into() }
}

fn create(dir: &Path, genesis: &Sample, options: Options) -> Result<FileStore, StoreError> {
    genesis.with(|genesis| FileStore::create_with(dir, &life_manifest(), genesis, &holder(), options))
}

/// A ledger's files, and every change while groups of three were appended to it.
fn life(samples: &[Sample]) -> (Files, Vec<Change>) {
    let dir = tempfile::tempdir().unwrap();
    drop(create(dir.path(), &samples[0], Options::default()).unwrap());
    let start = load(dir.path());
    let recorder = Arc::new(Recorder::default());
    let mut writer =
        FileStore::open_writer_with(dir.path(), &holder(), options(Arc::clone(&recorder))).unwrap();
    recorder.note(Change::Answer(1));
    for group in samples[1..].chunks(3) {
        let head = writer.head().unwrap();
        let heads = with_all(group, |group| writer.append(&head, group)).unwrap();
        recorder.note(Change::Answer(heads.last().unwrap().size as usize));
    }
    drop(writer);
    let changes = recorder.changes.lock().unwrap().clone();
    (start, changes)
}

fn samples() -> Vec<Sample> {
    (0..9).map(|n| Sample::new(n, 1 + n % 4)).collect()
}

/// Opens to write, and holds that there is a prefix of the samples.
fn prefix_of(samples: &[Sample], dir: &Path, medium: Arc<Recorder>) -> Result<usize, String> {
    let opened = FileStore::open_writer_with(dir, &holder(), options(medium)).map_err(|e| e.to_string())?;
    let size = opened.head().map_err(|e| e.to_string())?.size as usize;
    holds(&opened, &samples[..size]).map_err(|e| e.to_string())?;
    Ok(size)
}

#[test]
fn whatever_of_the_unsynced_writes_is_lost_everything_answered_stays() {
    let samples = samples();
    let (start, changes) = life(&samples);
    let check = |dir: &Path, medium: Arc<Recorder>| prefix_of(&samples, dir, medium);
    lose_power_everywhere(&start, &changes, 12, &check).assert_all_but_a();
}

#[test]
fn a_disk_that_lies_about_syncs_gives_an_error_or_a_prefix_and_never_half_a_submission() {
    let samples = samples();
    let (start, changes) = life(&samples);
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let (scratch, mut met, mut refused) = (tempfile::tempdir().unwrap(), Met::default(), 0);
    for end in 0..=changes.len() {
        for _ in 0..80 {
            let (files, _) = lose_power(&start, &changes[..end], Syncs::Lied, &mut random);
            store(scratch.path(), &files);
            let before = load(scratch.path());
            let medium = Arc::new(Recorder::default());
            let opened = FileStore::open_writer_with(scratch.path(), &holder(), options(Arc::clone(&medium)));
            let both_bad = slots(&before["head"]) == [None, None];
            match &opened {
                Ok(store) => {
                    let size = store.head().unwrap().size as usize;
                    assert!(!both_bad, "rule (a): both slots are bad, and it opened");
                    // A lost page inside is found in reading, and never passed over.
                    if let Err(violation) = holds(store, &samples[..size]) {
                        assert!(violation.to_string().contains("damaged"), "{violation}");
                    }
                }
                Err(StoreError::Damaged { file, .. }) => {
                    assert!(
                        !both_bad || name(file) == "head",
                        "rule (a) names the head, got {}",
                        file.display()
                    );
                    refused += 1;
                }
                Err(e) => panic!("after {end} changes: {e}"),
            }
            let recovery = medium.changes.lock().unwrap().clone();
            met.count(&before, &recovery, 0);
        }
    }
    assert!(met.a > 5 && refused > met.a, "rule (a) was met {} times of {refused}", met.a);
}

#[test]
fn power_lost_while_a_ledger_is_created_leaves_no_ledger_or_a_whole_one() {
    let (dir, genesis) = (tempfile::tempdir().unwrap(), Sample::new(0, 3));
    let recorder = Arc::new(Recorder::default());
    drop(create(dir.path(), &genesis, options(Arc::clone(&recorder))).unwrap());
    recorder.note(Change::Answer(1));
    let changes = recorder.changes.lock().unwrap().clone();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (scratch, mut none, mut whole) = (tempfile::tempdir().unwrap(), 0, 0);
    for end in 0..=changes.len() {
        for _ in 0..12 {
            let (files, answered) = lose_power(&Files::new(), &changes[..end], Syncs::Kept, &mut random);
            store(scratch.path(), &files);
            match FileStore::open_writer(scratch.path(), &holder()) {
                Ok(opened) => holds(&opened, std::slice::from_ref(&genesis)).unwrap(),
                Err(StoreError::NoLedger { .. }) => {
                    assert_eq!(answered, 0, "it was answered, and there is no ledger");
                    none += 1;
                    continue;
                }
                Err(e) => panic!("after {end} changes: {e}"),
            }
            whole += 1;
        }
    }
    assert!(none > 30 && whole > 10, "{none} without a ledger, {whole} whole");
}
