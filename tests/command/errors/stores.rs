//! Catalogue cases of the embedded store and its index: damage, foreign ledgers, limits, a second
//! writer and failed writes.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use pcf_ledger::store::conformance::Sample;
use pcf_ledger::store::fault::{Fault, FaultMedium};
use pcf_ledger::store::file::{FileReader, FileStore, Options};
use pcf_ledger::store::index::{Index, VALUE_BYTES_MAX};
use pcf_ledger::store::manifest::Manifest;
use pcf_ledger::store::{AppendError, Holder, Position, Reader, Store, StoreError};
use tempfile::TempDir;

use super::catalogue::Catalogue;

fn holder() -> Holder {
    Holder { label: "pcf record".to_owned(), started: "2025-06-01T08:00:00Z".to_owned() }
}

fn manifest(id: u8) -> Manifest {
    Manifest { format: 1, ledger_id: [id; 32], origin: "o".into(), log_key: "k".into() }
}

fn create(dir: &Path, id: u8) -> Result<FileStore, StoreError> {
    Sample::new(0, 1).with(|genesis| FileStore::create(dir, &manifest(id), genesis, &holder()))
}

fn ledger() -> TempDir {
    let dir = TempDir::new().unwrap();
    create(dir.path(), 7).unwrap();
    dir
}

fn append(store: &mut FileStore, sample: &Sample) -> Result<(), AppendError> {
    let head = store.head().unwrap();
    sample.with(|submission| store.append(&head, &[*submission])).map(drop)
}

pub fn provoke(c: &mut Catalogue) {
    let empty = TempDir::new().unwrap();
    c.case("a folder without a ledger", FileReader::open(empty.path()));
    let dir = ledger();
    c.case("`init` where a ledger is", create(dir.path(), 7));
    let held = FileStore::open_writer(dir.path(), &holder()).unwrap();
    c.case("a second writer", FileStore::open_writer(dir.path(), &holder()).map_err(without_process));
    let nowhere = Position::from_bytes([0xff; 16]);
    c.case("a position far behind the end", held.statement(nowhere));
    drop(held);

    let segment = dir.path().join("segments/000000");
    let whole = fs::read(&segment).unwrap();
    let mut flipped = whole.clone();
    flipped[105] ^= 1; // the genesis' one byte
    fs::write(&segment, &flipped).unwrap();
    let reader = FileReader::open(dir.path()).unwrap();
    c.case("one flipped bit in a segment", reader.read(None).unwrap().collect::<Result<Vec<_>, _>>());
    fs::write(&segment, &whole[..100]).unwrap();
    c.case("a segment that was cut off", FileReader::open(dir.path()));
    fs::remove_file(&segment).unwrap();
    c.case("a segment that is missing", FileReader::open(dir.path()));
    let other = TempDir::new().unwrap();
    create(other.path(), 8).unwrap();
    fs::copy(other.path().join("segments/000000"), &segment).unwrap();
    c.case("another ledger's segment", FileReader::open(dir.path()));
    fs::write(&segment, &whole).unwrap();
    let newer = Manifest { format: 2, ..manifest(7) }.encode().unwrap();
    fs::write(dir.path().join("ledger.toml"), newer).unwrap();
    c.case("a ledger of a newer program", FileReader::open(dir.path()));
    fs::remove_file(dir.path().join("ledger.toml")).unwrap();
    fs::create_dir(dir.path().join("ledger.toml")).unwrap();
    c.case("a folder named ledger.toml", FileReader::open(dir.path()));
    appends(c);
    index(c);
}

fn without_process(error: StoreError) -> StoreError {
    match error {
        StoreError::Locked { file, .. } => StoreError::Locked {
            file,
            holder: "process 4711 on host, pcf record, since 2025-06-01T08:00:00Z".into(),
        },
        other => other,
    }
}

fn appends(c: &mut Catalogue) {
    let dir = ledger();
    let mut store = FileStore::open_writer(dir.path(), &holder()).unwrap();
    let old = store.head().unwrap();
    let none = Sample { statements: Vec::new(), ..Sample::new(1, 1) };
    c.case("a submission without statements", append(&mut store, &none));
    c.case("the same, to the store", none.with(|submission| submission.check()));
    append(&mut store, &Sample::new(1, 1)).unwrap();
    let late = Sample::new(2, 1).with(|submission| store.append(&old, &[*submission]));
    c.case("an append that knows an older head", late);
    drop(store);
    let options = Options { medium: Arc::new(FaultMedium::new(1, Fault::Lost)), ..Options::default() };
    let mut store = FileStore::open_writer_with(dir.path(), &holder(), options).unwrap();
    c.case("a write that fails", append(&mut store, &Sample::new(2, 1)));
    c.case("an append after a write that failed", append(&mut store, &Sample::new(2, 1)));
}

fn index(c: &mut Catalogue) {
    let dir = TempDir::new().unwrap();
    let head = create(&dir.path().join("store"), 7).unwrap().head().unwrap();
    let path = dir.path().join("index");
    let mut index = Index::open(&path, &[7; 32]).unwrap();
    c.case(
        "an index value that is too long",
        index.apply(&[(b"key".to_vec(), Some(vec![0; VALUE_BYTES_MAX + 1]))], head),
    );
    index.apply(&[(b"key".to_vec(), Some(vec![1]))], head).unwrap();
    index.flush().unwrap();
    drop(index);
    c.case("the index of another ledger", Index::open(&path, &[8; 32]).map(drop));
    fs::write(dir.path().join("file"), "").unwrap();
    c.case("a file where the index should be", Index::open(&dir.path().join("file"), &[7; 32]).map(drop));
}
