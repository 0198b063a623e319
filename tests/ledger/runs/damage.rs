//! Damage: a derived file that is not what was written gives no answer, never another one.

use std::fs::{self, File};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use pcf_ledger::runs::{Runs, RunsError, Writer};

use super::{ID, Model, writer};
use crate::store::losing_disk::Random;

const BLOCK_LEN: usize = 1024;

/// The files of runs in a directory, in the order of their names.
fn run_files(dir: &Path) -> Vec<PathBuf> {
    let files = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<PathBuf> = files.filter(|path| path.extension().is_some_and(|e| e == "run")).collect();
    files.sort();
    files
}

fn small(dir: &Path, salt: u8) -> Model {
    let (mut random, mut model) = (Random(3), Model::new(salt));
    let mut writer = writer(dir);
    writer.flush(model.grow(6, &mut random)).unwrap();
    model
}

fn open(dir: &Path) -> Option<Runs> {
    Runs::open_reader(dir, &ID).unwrap()
}

/// Asks everything of damaged runs: no usable runs, or an error for what is damaged and true
/// answers for the rest.
fn is_found(dir: &Path, model: &Model) -> bool {
    let Some(runs) = open(dir) else { return true };
    let errors = model.ask(&runs);
    assert!(errors.iter().all(|error| matches!(error, RunsError::Damaged { .. })), "{errors:?}");
    !errors.is_empty()
}

fn put(path: &Path, at: usize, byte: u8) {
    let mut file = File::options().write(true).open(path).unwrap();
    file.seek(SeekFrom::Start(at as u64)).unwrap();
    file.write_all(&[byte]).unwrap();
}

#[test]
fn every_flipped_byte_of_a_run_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let model = small(dir.path(), 1);
    let [run] = &run_files(dir.path())[..] else { panic!("expected one run") };
    let bytes = fs::read(run).unwrap();
    assert_eq!(bytes.len() % BLOCK_LEN, 0);
    for (at, byte) in bytes.iter().enumerate() {
        put(run, at, byte ^ (1 << (at % 8)));
        assert!(is_found(dir.path(), &model), "byte {at} of {}", bytes.len());
        put(run, at, *byte);
    }
    model.check(&open(dir.path()).unwrap());
}

#[test]
fn every_flipped_byte_and_every_length_of_a_manifest_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let model = small(dir.path(), 1);
    let path = dir.path().join("manifest");
    let bytes = fs::read(&path).unwrap();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        fs::write(&path, changed).unwrap();
        assert!(open(dir.path()).is_none(), "byte {at}");
        fs::write(&path, &bytes[..at]).unwrap();
        assert!(open(dir.path()).is_none(), "length {at}");
    }
    fs::write(&path, [&bytes[..], &[0]].concat()).unwrap();
    assert!(open(dir.path()).is_none());
    fs::write(&path, bytes).unwrap();
    model.check(&open(dir.path()).unwrap());
}

#[test]
fn a_run_that_is_shorter_or_longer_or_missing_is_found() {
    let dir = tempfile::tempdir().unwrap();
    let model = small(dir.path(), 1);
    let run = &run_files(dir.path())[0];
    let bytes = fs::read(run).unwrap();
    for len in [0, 1, BLOCK_LEN, BLOCK_LEN + 1, bytes.len() - BLOCK_LEN, bytes.len() - 1] {
        fs::write(run, &bytes[..len]).unwrap();
        assert!(open(dir.path()).is_none(), "{len} bytes");
    }
    fs::write(run, [&bytes[..], &[0; BLOCK_LEN]].concat()).unwrap();
    assert!(open(dir.path()).is_none());
    fs::remove_file(run).unwrap();
    assert!(open(dir.path()).is_none());
    // A run that is cut while it is open.
    fs::write(run, &bytes).unwrap();
    let opened = open(dir.path()).unwrap();
    File::options().write(true).open(run).unwrap().set_len(BLOCK_LEN as u64).unwrap();
    let errors = model.ask(&opened);
    assert!(!errors.is_empty() && errors.iter().all(|error| matches!(error, RunsError::Damaged { .. })));
}

#[test]
fn blocks_in_another_place_or_of_another_run_or_ledger_are_found() {
    let (dir, other, foreign) =
        (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let model = small(dir.path(), 1);
    small(other.path(), 2);
    let disk = std::sync::Arc::new(pcf_ledger::store::medium::Disk);
    let (mut writer, _) = Writer::open(foreign.path(), &[8; 32], disk).unwrap();
    writer.flush(Model::new(1).grow(6, &mut Random(3))).unwrap();
    let run = &run_files(dir.path())[0];
    let bytes = fs::read(run).unwrap();
    let blocks = bytes.len() / BLOCK_LEN;
    for strange in [other.path(), foreign.path()] {
        let strange = fs::read(&run_files(strange)[0]).unwrap();
        assert_eq!(strange.len(), bytes.len());
        fs::write(run, &strange).unwrap();
        assert!(open(dir.path()).is_none());
        for block in 1..blocks {
            let mut mixed = bytes.clone();
            let place = block * BLOCK_LEN..(block + 1) * BLOCK_LEN;
            mixed[place.clone()].copy_from_slice(&strange[place]);
            fs::write(run, mixed).unwrap();
            assert!(open(dir.path()).is_some() && is_found(dir.path(), &model), "block {block}");
        }
    }
    let mut swapped = bytes.clone();
    let (first, second) = swapped[BLOCK_LEN..].split_at_mut(BLOCK_LEN);
    first.swap_with_slice(&mut second[..BLOCK_LEN]);
    fs::write(run, swapped).unwrap();
    assert!(open(dir.path()).is_some() && is_found(dir.path(), &model));
}

#[test]
fn the_runs_of_another_ledger_are_not_opened_and_a_writer_makes_them_anew() {
    let dir = tempfile::tempdir().unwrap();
    small(dir.path(), 1);
    assert!(Runs::open_reader(dir.path(), &[8; 32]).unwrap().is_none());
    fs::write(dir.path().join("kept.txt"), "not of the runs").unwrap();
    let disk = std::sync::Arc::new(pcf_ledger::store::medium::Disk);
    let (writer, runs) = Writer::open(dir.path(), &[8; 32], disk).unwrap();
    assert!(runs.is_none() && writer.runs().is_none());
    let left: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["kept.txt"]);
}

#[test]
fn merging_a_damaged_run_fails_and_keeps_the_runs_until_they_are_reset() {
    let (dir, mut random) = (tempfile::tempdir().unwrap(), Random(3));
    let (mut writer, mut model) = (writer(dir.path()), Model::new(1));
    for _ in 0..8 {
        writer.flush(model.grow(3, &mut random)).unwrap();
    }
    let run = &run_files(dir.path())[4];
    let byte = fs::read(run).unwrap()[BLOCK_LEN];
    put(run, BLOCK_LEN, byte ^ 1);
    assert!(matches!(writer.merge_step(), Err(RunsError::Damaged { .. })));
    assert!(matches!(writer.merge_step(), Err(RunsError::Poisoned)));
    assert!(matches!(writer.flush(model.grow(1, &mut random)), Err(RunsError::Poisoned)));
    put(run, BLOCK_LEN, byte);
    assert_eq!(open(dir.path()).unwrap().run_count(), 8);
    writer.reset().unwrap();
    assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
    let mut again = Model::new(2);
    again.check(&writer.flush(again.clone().grow(0, &mut random)).unwrap());
    let batch = again.grow(5, &mut random);
    again.check(&writer.flush(batch).unwrap());
}
