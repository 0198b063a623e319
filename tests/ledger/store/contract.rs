//! Every store keeps the same contract; the lock, readers beside a writer and the errors in words
//! are tested too.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{fs, io};

use pcf_ledger::store::conformance::{Factory, Sample, holds};
use pcf_ledger::store::fault::{Fault, FaultStore};
use pcf_ledger::store::file::{FileReader, FileStore, Options};
use pcf_ledger::store::manifest::Manifest;
use pcf_ledger::store::medium::{Disk, Medium};
use pcf_ledger::store::memory::MemoryStore;
use pcf_ledger::store::{AppendError, Reader, StoreError, Submission, conformance};
use tempfile::TempDir;

use super::{ID, append, create, genesis, holder, manifest, options, small_ledger, whole};

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
            assert!(
                all.iter().zip(&samples).all(|(found, sample)| whole(&found.statements) == sample.statements)
            );
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
