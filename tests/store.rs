//! The embedded store by its public API: the contract, crashes at every change of the disk, damage at every byte.

#![allow(
    clippy::cast_possible_truncation,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a test that cannot go on may panic, and its numbers are small"
)]

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{fs, io};

use pcf_ledger::store::conformance::{self, Factory, Sample, holds, with_all};
use pcf_ledger::store::fault::{Fault, FaultMedium, FaultStore};
use pcf_ledger::store::file::{FileReader, FileStore, Options};
use pcf_ledger::store::manifest::Manifest;
use pcf_ledger::store::medium::{Disk, Medium};
use pcf_ledger::store::memory::MemoryStore;
use pcf_ledger::store::{AppendError, Holder, Reader, Store, StoreError, Submission};
use tempfile::TempDir;

const ID: [u8; 32] = [7; 32];

fn holder() -> Holder {
    Holder { label: "pcf test".to_string(), started: "2025-06-01T08:00:00Z".to_string() }
}

fn manifest() -> Manifest {
    Manifest {
        format: 1,
        ledger_id: ID,
        origin: "ledger.example/\"bottle\"".to_string(),
        log_key: "ledger.example+1234abcd+AQID".to_string(),
    }
}

fn options(segment_bytes_max: u64) -> Options {
    Options { segment_bytes_max, ..Options::default() }
}

fn genesis() -> Sample {
    Sample::new(0, 1)
}

fn create(dir: &Path, options: Options) -> Result<FileStore, StoreError> {
    genesis().with(|genesis| FileStore::create_with(dir, &manifest(), genesis, &holder(), options))
}

fn append(store: &mut dyn Store, group: &[Sample]) -> Result<(), AppendError> {
    let head = store.head().unwrap();
    with_all(group, |group| store.append(&head, group)).map(drop)
}

/// A ledger of four submissions in groups of one and two, in segments of at most `segment_bytes_max` bytes.
fn small_ledger(dir: &Path, segment_bytes_max: u64) -> Vec<Sample> {
    let mut store = create(dir, options(segment_bytes_max)).unwrap();
    let samples = [genesis(), Sample::new(1, 2), Sample::new(2, 1), Sample::new(3, 3)];
    append(&mut store, &samples[1..2]).unwrap();
    append(&mut store, &samples[2..]).unwrap();
    samples.to_vec()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.join("segments")).unwrap();
    for name in ["ledger.toml", "head", "lock"] {
        fs::copy(from.join(name), to.join(name)).unwrap();
    }
    for entry in fs::read_dir(from.join("segments")).unwrap() {
        let entry = entry.unwrap();
        fs::copy(entry.path(), to.join("segments").join(entry.file_name())).unwrap();
    }
}

fn read_all(reader: &dyn Reader) -> Result<usize, StoreError> {
    reader.read(None)?.collect::<Result<Vec<_>, _>>().map(|all| all.len())
}

/// The file that an error names, without its directory.
fn named(error: &StoreError) -> String {
    match error {
        StoreError::Damaged { file, .. }
        | StoreError::OtherLedger { file, .. }
        | StoreError::NewerVersion { file, .. }
        | StoreError::Redacted { file, .. }
        | StoreError::Io { file, .. } => file.file_name().unwrap().to_string_lossy().into_owned(),
        other => panic!("no file in: {other}"),
    }
}

struct Files {
    dirs: Vec<TempDir>,
    segment_bytes_max: u64,
}

impl Factory for Files {
    type Store = FileStore;

    fn create(&mut self, ledger_id: [u8; 32], genesis: &Submission<'_>) -> Result<FileStore, StoreError> {
        let dir = tempfile::tempdir().unwrap();
        let manifest = Manifest { ledger_id, ..manifest() };
        let options = options(self.segment_bytes_max);
        let store = FileStore::create_with(dir.path(), &manifest, genesis, &holder(), options);
        self.dirs.push(dir);
        store
    }

    fn reopen(&mut self, store: FileStore) -> Result<FileStore, StoreError> {
        drop(store);
        let dir = self.dirs.last().unwrap();
        FileStore::open_writer_with(dir.path(), &holder(), options(self.segment_bytes_max))
    }
}

struct Memory;

impl Factory for Memory {
    type Store = FaultStore<MemoryStore>;

    fn create(&mut self, ledger_id: [u8; 32], genesis: &Submission<'_>) -> Result<Self::Store, StoreError> {
        Ok(FaultStore::new(MemoryStore::new(ledger_id, genesis)?, 0, Fault::Lost))
    }

    fn reopen(&mut self, store: Self::Store) -> Result<Self::Store, StoreError> {
        Ok(store.reopen())
    }
}

#[test]
fn every_store_keeps_the_contract() {
    for segment_bytes_max in [1, 700, 256 << 20] {
        conformance::run(&mut Files { dirs: Vec::new(), segment_bytes_max }).unwrap();
    }
    conformance::run(&mut Memory).unwrap();
}

#[test]
fn a_store_that_fails_on_purpose_loses_keeps_or_tears_the_group_and_is_poisoned() {
    for (fault, kept) in [(Fault::Lost, 1), (Fault::Persisted, 3), (Fault::Torn, 2)] {
        let memory = genesis().with(|genesis| MemoryStore::new(ID, genesis)).unwrap();
        let mut store = FaultStore::new(memory, 1, fault);
        let group = [Sample::new(1, 1), Sample::new(2, 1)];
        assert!(matches!(append(&mut store, &group), Err(AppendError::Unknown(_))));
        assert!(matches!(append(&mut store, &group), Err(AppendError::Poisoned)));
        let store = store.reopen();
        let all = [genesis(), group[0].clone(), group[1].clone()];
        holds(&store, &all[..kept]).unwrap();
    }
}

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

#[test]
fn every_flipped_byte_is_found_in_its_file_and_never_shortens_the_ledger() {
    let dir = tempfile::tempdir().unwrap();
    let samples = small_ledger(dir.path(), 900);
    let files = ["ledger.toml", "head", "segments/000000", "segments/000001"];
    for name in files {
        let whole = fs::read(dir.path().join(name)).unwrap();
        let step = if name == "head" { 7 } else { 1 };
        for at in (0..whole.len()).filter(|at| at % 4096 < 120 || at % step == 0) {
            let scratch = tempfile::tempdir().unwrap();
            copy(dir.path(), scratch.path());
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (at % 8);
            fs::write(scratch.path().join(name), &bytes).unwrap();
            let answer = FileStore::open_writer(scratch.path(), &holder());
            match answer.and_then(|store| read_all(&store)) {
                Err(e) => assert!(name.ends_with(&named(&e)), "{name} byte {at}: {e}"),
                // A commit's slot that is lost right after the commit is written again.
                Ok(size) => assert!(name == "head" && size == samples.len(), "{name} byte {at}: {size}"),
            }
        }
    }
}

#[test]
fn a_reader_finds_every_flipped_byte_and_names_its_file() {
    let dir = tempfile::tempdir().unwrap();
    small_ledger(dir.path(), 900);
    for (name, step) in [("ledger.toml", 3), ("head", 801), ("segments/000000", 1), ("segments/000001", 1)] {
        let whole = fs::read(dir.path().join(name)).unwrap();
        for at in (0..whole.len()).step_by(step) {
            let mut bytes = whole.clone();
            bytes[at] ^= 1 << (at % 8);
            fs::write(dir.path().join(name), &bytes).unwrap();
            let answer = FileReader::open(dir.path()).and_then(|reader| read_all(&reader));
            let error = answer.expect_err(&format!("{name} byte {at}"));
            assert!(name.ends_with(&named(&error)), "{name} byte {at}: {error}");
        }
        fs::write(dir.path().join(name), &whole).unwrap();
    }
}

#[test]
fn every_truncation_is_found_and_so_is_every_missing_file() {
    let dir = tempfile::tempdir().unwrap();
    small_ledger(dir.path(), 900);
    for (name, step) in [("ledger.toml", 1), ("head", 97), ("segments/000000", 1), ("segments/000001", 1)] {
        let path = dir.path().join(name);
        let whole = fs::read(&path).unwrap();
        for len in (0..whole.len()).step_by(step) {
            fs::write(&path, &whole[..len]).unwrap();
            for answer in [
                FileStore::open_writer(dir.path(), &holder()).map(drop),
                FileReader::open(dir.path()).map(drop),
            ] {
                let error = answer.expect_err(&format!("{name} cut at {len}"));
                assert!(name.ends_with(&named(&error)), "{name} cut at {len}: {error}");
            }
        }
        fs::remove_file(&path).unwrap();
        assert!(FileStore::open_writer(dir.path(), &holder()).is_err(), "{name} missing");
        assert!(FileReader::open(dir.path()).is_err(), "{name} missing");
        fs::write(&path, &whole).unwrap();
    }
    assert_eq!(read_all(&FileReader::open(dir.path()).unwrap()).unwrap(), 4);
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

#[test]
fn a_second_writer_is_refused_and_told_who_holds_the_lock() {
    let dir = tempfile::tempdir().unwrap();
    let store = create(dir.path(), Options::default()).unwrap();
    let error = FileStore::open_writer(dir.path(), &holder()).map(drop).unwrap_err();
    let message = error.to_string();
    assert!(message.contains(&format!("process {}", std::process::id())), "{message}");
    assert!(message.contains("pcf test, since 2025-06-01T08:00:00Z"), "{message}");
    drop(store);
    FileStore::open_writer(dir.path(), &holder()).unwrap();
}

#[test]
fn a_ledger_is_not_created_over_another_and_not_opened_where_there_is_none() {
    let dir = tempfile::tempdir().unwrap();
    assert!(matches!(FileReader::open(dir.path()), Err(StoreError::NoLedger { .. })));
    let samples = small_ledger(dir.path(), 1 << 20);
    assert!(matches!(create(dir.path(), Options::default()), Err(StoreError::AlreadyThere { .. })));
    fs::remove_file(dir.path().join("ledger.toml")).unwrap();
    assert!(matches!(create(dir.path(), Options::default()), Err(StoreError::AlreadyThere { .. })));
    let error = FileStore::open_writer(dir.path(), &holder()).map(drop).unwrap_err();
    assert!(error.to_string().contains("there are segments"), "{error}");
    assert_eq!(samples.len(), 4);
}

#[test]
fn files_of_another_ledger_are_named_as_such() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    small_ledger(dir.path(), 1 << 20);
    let foreign = Manifest { ledger_id: [8; 32], ..manifest() };
    genesis().with(|genesis| FileStore::create(other.path(), &foreign, genesis, &holder())).unwrap();
    for name in ["head", "segments/000000"] {
        let scratch = tempfile::tempdir().unwrap();
        copy(dir.path(), scratch.path());
        fs::copy(other.path().join(name), scratch.path().join(name)).unwrap();
        let error = FileStore::open_writer(scratch.path(), &holder()).map(drop).unwrap_err();
        assert!(matches!(error, StoreError::OtherLedger { .. }), "{error}");
    }
    // Nor is another ledger's segment after the head removed.
    fs::copy(other.path().join("segments/000000"), dir.path().join("segments/000001")).unwrap();
    assert!(FileStore::open_writer(dir.path(), &holder()).is_err());
    assert!(dir.path().join("segments/000001").exists());
}

#[test]
fn a_newer_format_is_refused_by_its_number() {
    let dir = tempfile::tempdir().unwrap();
    small_ledger(dir.path(), 1 << 20);
    let newer = Manifest { format: 2, ..manifest() }.encode().unwrap();
    fs::write(dir.path().join("ledger.toml"), newer).unwrap();
    let error = FileReader::open(dir.path()).map(drop).unwrap_err();
    assert!(error.to_string().contains("version 2, this program reads versions up to 1"), "{error}");
}

#[test]
fn a_reader_beside_a_writer_always_sees_a_whole_prefix() {
    let dir = tempfile::tempdir().unwrap();
    let mut store = create(dir.path(), options(3000)).unwrap();
    let reader = FileReader::open(dir.path()).unwrap();
    let samples: Vec<Sample> = (0..60).map(|n| Sample::new(n, 1 + n % 3)).collect();
    std::thread::scope(|scope| {
        let writing = scope.spawn(|| {
            for group in samples[1..].chunks(2) {
                append(&mut store, group).unwrap();
            }
        });
        let mut last = 0;
        while last < 60 {
            let done = writing.is_finished();
            let all: Vec<_> = reader.read(None).unwrap().collect::<Result<_, _>>().unwrap();
            assert!(all.len() >= last, "expected at least {last} submissions, got {}", all.len());
            assert!(all.iter().zip(&samples).all(|(found, sample)| found.statements == sample.statements));
            last = all.len();
            assert!(last == 60 || !done);
        }
    });
    holds(&reader, &samples).unwrap();
}

/// A disk that answers every write with one kind of error, once there is a ledger.
struct Refusing {
    kind: io::ErrorKind,
    creating: AtomicBool,
}

impl Medium for Refusing {
    fn write_at(&self, path: &Path, file: &fs::File, offset: u64, bytes: &[u8]) -> io::Result<()> {
        if self.creating.load(Ordering::SeqCst) {
            return Disk.write_at(path, file, offset, bytes);
        }
        Err(self.kind.into())
    }
}

#[test]
fn errors_of_the_disk_are_said_in_words_and_poison_the_writer() {
    let cases = [
        (io::ErrorKind::StorageFull, "the disk is full"),
        (io::ErrorKind::QuotaExceeded, "the disk quota is used up"),
        (io::ErrorKind::ReadOnlyFilesystem, "the file system is read-only"),
        (io::ErrorKind::PermissionDenied, "permission denied"),
    ];
    for (kind, words) in cases {
        let dir = tempfile::tempdir().unwrap();
        let medium = Arc::new(Refusing { kind, creating: AtomicBool::new(true) });
        let options = Options { medium: medium.clone(), ..Options::default() };
        let mut store = create(dir.path(), options).unwrap();
        medium.creating.store(false, Ordering::SeqCst);
        let message = append(&mut store, &[Sample::new(1, 1)]).unwrap_err().to_string();
        assert!(message.contains(&format!("segments/000000: {words}")), "{message}");
        assert!(matches!(append(&mut store, &[Sample::new(1, 1)]), Err(AppendError::Poisoned)));
        drop(store);
        holds(&FileStore::open_writer(dir.path(), &holder()).unwrap(), &[genesis()]).unwrap();
    }
}

#[test]
fn a_file_where_the_ledger_should_be_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("file");
    fs::write(&path, "").unwrap();
    let error = genesis().with(|genesis| FileStore::create(&path, &manifest(), genesis, &holder()));
    let message = error.unwrap_err().to_string();
    assert!(message.starts_with(&format!("cannot create {}", path.display())), "{message}");
    assert!(FileReader::open(&path).is_err());
}
