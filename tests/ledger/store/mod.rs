//! The embedded store by its public API: its contract, crashes at every change of the disk, and
//! damage at every byte.

use std::fs;
use std::path::Path;

use pcf_ledger::store::conformance::{Sample, with_all};
use pcf_ledger::store::file::{FileStore, Options};
use pcf_ledger::store::manifest::Manifest;
use pcf_ledger::store::{AppendError, Body, Holder, Reader, Store, StoreError};

mod contract;
mod damage;
mod failing_ledger;
pub(crate) mod losing_disk;
mod power;
mod power_ledger;
mod recovery;
mod redaction;

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

/// The statements, none of which is redacted.
fn whole(bodies: &[Body]) -> Vec<Vec<u8>> {
    bodies.iter().map(|body| body.statement().unwrap().to_vec()).collect()
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
        | StoreError::Removed { file, .. }
        | StoreError::Io { file, .. } => file.file_name().unwrap().to_string_lossy().into_owned(),
        other => panic!("no file in: {other}"),
    }
}
