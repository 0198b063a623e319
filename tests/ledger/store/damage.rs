//! Damage at any byte of a store is found: flipped, cut, missing, of a newer version, of another
//! ledger.

use std::fs;

use pcf_ledger::store::StoreError;
use pcf_ledger::store::file::{FileReader, FileStore};
use pcf_ledger::store::manifest::Manifest;

use super::{copy, genesis, holder, manifest, named, read_all, small_ledger};

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
