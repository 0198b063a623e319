//! Derived files that are damaged in any way are found or rebuilt, and never give a wrong answer.

use std::fs;
use std::path::Path;

use pcf_ledger::store::conformance::Sample;
use pcf_ledger::store::index::{Index, IndexError, VALUE_BYTES_MAX};
use pcf_ledger::store::leaves::Leaves;
use pcf_ledger::store::memory::MemoryStore;
use pcf_ledger::store::{Head, Reader, StoreError};
use pcf_testing::{copy, files, quiet};

const ID: [u8; 32] = [7; 32];

fn head(size: u64) -> Head {
    let store = Sample::new(0, 1).with(|genesis| MemoryStore::new(ID, genesis)).unwrap();
    Head { size, root: [size as u8; 32], ..store.head().unwrap() }
}

fn value(n: u64) -> Vec<u8> {
    (0..600 + n * 13).map(|i| (i * n % 251) as u8).collect()
}

/// The index after `size` batches: entry n is written by batch n, and batch n rewrites the first entry.
fn entries(size: u64) -> Vec<(Vec<u8>, Vec<u8>)> {
    let mut all: Vec<_> = (1..=size).map(|n| (format!("run/{n:04}").into_bytes(), value(n))).collect();
    if let Some(first) = all.first_mut() {
        first.1 = value(size + 1);
    }
    all
}

fn fill(index: &mut Index, from: u64, to: u64) {
    for size in from + 1..=to {
        let changes: Vec<_> = entries(size).into_iter().map(|(key, value)| (key, Some(value))).collect();
        let changes = [changes.first().unwrap().clone(), changes.last().unwrap().clone()];
        let changes = if size == 1 { &changes[..1] } else { &changes[..] };
        index.apply(changes, head(size)).unwrap();
    }
}

/// Fails if the index answers anything but the content of some number of batches, or none.
fn right_or_empty(index: &Index) -> Result<(), IndexError> {
    let size = index.watermark().map_or(0, |watermark| watermark.size);
    let found = index.scan(b"")?;
    assert_eq!(index.watermark(), (size > 0).then(|| head(size)));
    assert!(found == entries(size), "size {size}: {} entries", found.len());
    Ok(())
}

#[test]
fn an_index_keeps_what_was_applied_with_its_watermark() {
    let dir = tempfile::tempdir().unwrap();
    let mut index = Index::open(dir.path(), &ID).unwrap();
    assert_eq!(index.watermark(), None);
    fill(&mut index, 0, 9);
    index.flush().unwrap();
    drop(index);
    let mut index = Index::open(dir.path(), &ID).unwrap();
    right_or_empty(&index).unwrap();
    assert_eq!(index.watermark(), Some(head(9)));
    assert_eq!(index.value(b"run/0003").unwrap(), Some(value(3)));
    assert_eq!(index.value(b"run/").unwrap(), None);
    index.apply(&[(b"run/0003".to_vec(), None), (b"a".to_vec(), Some(vec![]))], head(10)).unwrap();
    assert_eq!(index.scan(b"run/").unwrap().len(), 8);
    drop(index);
    let index = Index::open(dir.path(), &ID).unwrap();
    assert_eq!(index.value(b"a").unwrap(), Some(vec![]));
    assert_eq!(index.value(b"run/0003").unwrap(), None);
}

#[test]
fn a_value_that_is_too_long_is_refused_and_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let mut index = Index::open(dir.path(), &ID).unwrap();
    let changes = [(b"a".to_vec(), Some(vec![1])), (b"b".to_vec(), Some(vec![0; VALUE_BYTES_MAX + 1]))];
    assert!(matches!(index.apply(&changes, head(1)), Err(IndexError::TooLong { .. })));
    assert_eq!((index.watermark(), index.scan(b"").unwrap().len()), (None, 0));
    index.apply(&[(b"b".to_vec(), Some(vec![0; VALUE_BYTES_MAX]))], head(1)).unwrap();
    // Nothing lies in files of its own.
    assert!(files(dir.path()).iter().all(|file| !file.to_string_lossy().contains("blobs/")));
}

#[test]
fn the_index_of_another_ledger_is_not_used() {
    let dir = tempfile::tempdir().unwrap();
    fill(&mut Index::open(dir.path(), &[8; 32]).unwrap(), 0, 2);
    assert!(matches!(Index::open(dir.path(), &ID), Err(IndexError::Damaged { .. })));
    let index = Index::reset(dir.path(), &ID).unwrap();
    assert_eq!(index.watermark(), None);
}

/// Opens a damaged copy; whatever comes is right, empty or `Damaged`, and resetting makes it usable.
fn survives(dir: &Path, what: &str) -> bool {
    let answer = Index::open(dir, &ID).and_then(|index| right_or_empty(&index).map(|()| index.watermark()));
    let found = match answer {
        Ok(watermark) => watermark != Some(head(30)),
        Err(IndexError::Damaged { .. }) => true,
        Err(e) => panic!("{what}: {e}"),
    };
    let mut index = Index::reset(dir, &ID).unwrap_or_else(|e| panic!("{what}: {e}"));
    fill(&mut index, 0, 2);
    right_or_empty(&index).unwrap();
    found
}

#[test]
fn a_damaged_index_is_found_or_empty_and_never_wrong() {
    quiet();
    let dir = tempfile::tempdir().unwrap();
    let mut index = Index::open(dir.path(), &ID).unwrap();
    fill(&mut index, 0, 30);
    index.flush().unwrap();
    drop(index);
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let mut found = 0;
    for file in files(dir.path()) {
        let name = file.strip_prefix(dir.path()).unwrap();
        let whole = fs::read(&file).unwrap();
        for round in 0..100 {
            let mut bytes = whole.clone();
            match round % 4 {
                0 => bytes.truncate(random(bytes.len().max(1))),
                1 => {
                    let at = random(bytes.len().max(1));
                    bytes.iter_mut().skip(at).take(512).for_each(|byte| *byte = 0);
                }
                _ if bytes.is_empty() => bytes.push(1),
                _ => {
                    let at = random(bytes.len());
                    bytes[at] ^= 1 << random(8);
                }
            }
            let scratch = tempfile::tempdir().unwrap();
            copy(dir.path(), scratch.path());
            fs::write(scratch.path().join(name), &bytes).unwrap();
            found += u32::from(survives(scratch.path(), &format!("{} round {round}", name.display())));
        }
        let scratch = tempfile::tempdir().unwrap();
        copy(dir.path(), scratch.path());
        fs::remove_file(scratch.path().join(name)).unwrap();
        survives(scratch.path(), &format!("{} missing", name.display()));
    }
    assert!(found > 20, "expected most damage to be noticed, got {found}");
}

#[test]
fn leaf_hashes_are_read_as_written_or_the_damaged_one_is_named() {
    let dir = tempfile::tempdir().unwrap();
    let hashes: Vec<[u8; 32]> = (0..10).map(|n| [n; 32]).collect();
    let mut leaves = Leaves::open(dir.path(), &ID).unwrap();
    assert!(leaves.is_empty());
    leaves.append(&hashes[..4]).unwrap();
    leaves.append(&hashes[4..]).unwrap();
    assert_eq!(leaves.read(3..7).unwrap(), hashes[3..7]);
    assert!(matches!(leaves.read(3..11), Err(StoreError::Limit { .. })));
    drop(leaves);
    let path = dir.path().join("leaves");
    let whole = fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut bytes = whole.clone();
        bytes[at] ^= 0x10;
        fs::write(&path, &bytes).unwrap();
        for opened in [Leaves::open(dir.path(), &ID), Leaves::open_reader(dir.path(), &ID)] {
            let error = opened.and_then(|leaves| leaves.read(0..leaves.len())).unwrap_err();
            assert!(
                matches!(&error, StoreError::Damaged { file, .. } if *file == path),
                "byte {at}: {error}"
            );
        }
    }
    for len in 44..whole.len() {
        fs::write(&path, &whole[..len]).unwrap();
        let leaves = Leaves::open(dir.path(), &ID).unwrap();
        let count = (len - 44) / 36;
        assert_eq!(leaves.read(0..leaves.len()).unwrap(), hashes[..count]);
    }
    assert!(Leaves::open(dir.path(), &[8; 32]).is_err());
    let mut leaves = Leaves::reset(dir.path(), &[8; 32]).unwrap();
    leaves.append(&hashes).unwrap();
    assert_eq!(Leaves::open(dir.path(), &[8; 32]).unwrap().read(0..10).unwrap(), hashes);
}
