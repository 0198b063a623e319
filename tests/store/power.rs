//! Loss of power: from a record of every change of the disk, any part of what was written since the last sync may be
//! missing. Nothing answered is lost, no half submission appears, and recovery may itself lose power.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex};

use pcf_ledger::store::conformance::{Sample, holds, with_all};
use pcf_ledger::store::file::{FileStore, Options};
use pcf_ledger::store::manifest::Manifest;
use pcf_ledger::store::medium::{Disk, Medium};
use pcf_ledger::store::{Holder, Reader, Store};

#[derive(Clone)]
enum Change {
    Create(String),
    Write(String, usize, Vec<u8>),
    Truncate(String, usize),
    Sync(String),
    SyncDir,
    Remove(String),
    /// So many submissions have been answered.
    Answer(usize),
}

/// The disk, with a record of what was done to it.
#[derive(Default)]
struct Recorder {
    changes: Mutex<Vec<Change>>,
}

impl Recorder {
    fn note(&self, change: Change) {
        self.changes.lock().unwrap().push(change);
    }
}

/// `head`, or a segment's number.
fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

impl Medium for Recorder {
    fn create(&self, path: &Path) -> io::Result<File> {
        self.note(Change::Create(name(path)));
        Disk.create(path)
    }

    fn write_at(&self, path: &Path, file: &File, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.note(Change::Write(name(path), offset as usize, bytes.to_vec()));
        Disk.write_at(path, file, offset, bytes)
    }

    fn truncate(&self, path: &Path, file: &File, len: u64) -> io::Result<()> {
        self.note(Change::Truncate(name(path), len as usize));
        Disk.truncate(path, file, len)
    }

    fn sync(&self, path: &Path, _file: &File) -> io::Result<()> {
        self.note(Change::Sync(name(path)));
        Ok(())
    }

    fn sync_dir(&self, _path: &Path) -> io::Result<()> {
        self.note(Change::SyncDir);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.note(Change::Remove(name(path)));
        Disk.remove(path)
    }
}

struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }
}

#[derive(Clone, Default)]
struct Kept {
    bytes: Vec<u8>,
    pending: Vec<Change>,
    named: bool,
    removed: bool,
}

fn write(bytes: &mut Vec<u8>, offset: usize, new: &[u8]) {
    bytes.resize(bytes.len().max(offset + new.len()), 0);
    bytes[offset..offset + new.len()].copy_from_slice(new);
}

fn settle(file: &mut Kept) {
    for change in std::mem::take(&mut file.pending) {
        match change {
            Change::Write(_, offset, new) => write(&mut file.bytes, offset, &new),
            Change::Truncate(_, len) => file.bytes.resize(len, 0),
            _ => {}
        }
    }
}

/// Applies what survives of a change that was never synced: all, nothing, or pieces of it.
fn survive(bytes: &mut Vec<u8>, change: &Change, random: &mut Random) {
    let fate = random.below(3);
    match change {
        Change::Write(_, offset, new) if fate == 0 => write(bytes, *offset, new),
        Change::Write(_, offset, new) if fate == 1 => {
            // Small pieces tear a slot, which is short; large ones tear between frames.
            let piece = 1 + if random.below(2) == 0 { random.below(40) } else { random.below(new.len()) };
            for (at, part) in (*offset..).step_by(piece).zip(new.chunks(piece)) {
                if random.below(2) == 0 {
                    write(bytes, at, part);
                }
            }
        }
        Change::Truncate(_, len) if fate == 0 => bytes.resize(*len, 0),
        _ => {}
    }
}

type Files = BTreeMap<String, Vec<u8>>;

/// The files after the power went at the end of `changes`, and how many submissions had been answered.
fn lose_power(start: &Files, changes: &[Change], random: &mut Random) -> (Files, usize) {
    let kept = |bytes: &Vec<u8>| Kept { bytes: bytes.clone(), named: true, ..Kept::default() };
    let mut files: BTreeMap<String, Kept> = start.iter().map(|(name, b)| (name.clone(), kept(b))).collect();
    let mut answered = 0;
    for change in changes {
        match change {
            Change::Create(name) => drop(files.insert(name.clone(), Kept::default())),
            Change::Write(name, ..) | Change::Truncate(name, _) => {
                files.get_mut(name).unwrap().pending.push(change.clone());
            }
            Change::Sync(name) => settle(files.get_mut(name).unwrap()),
            Change::SyncDir => {
                files.retain(|_, file| !file.removed);
                files.values_mut().for_each(|file| file.named = true);
            }
            Change::Remove(name) => files.get_mut(name).unwrap().removed = true,
            Change::Answer(size) => answered = *size,
        }
    }
    files.retain(|_, file| (file.named && !file.removed) || random.below(2) == 0);
    for file in files.values_mut() {
        let pending = std::mem::take(&mut file.pending);
        pending.iter().for_each(|change| survive(&mut file.bytes, change, random));
    }
    (files.into_iter().map(|(name, file)| (name, file.bytes)).collect(), answered)
}

fn path_of(dir: &Path, name: &str) -> std::path::PathBuf {
    if name == "head" { dir.join(name) } else { dir.join("segments").join(name) }
}

fn load(dir: &Path) -> Files {
    let segments = fs::read_dir(dir.join("segments")).unwrap();
    let names = segments.map(|entry| name(&entry.unwrap().path())).chain(["head".to_string()]);
    names.map(|name| (name.clone(), fs::read(path_of(dir, &name)).unwrap())).collect()
}

fn store(dir: &Path, files: &Files, ledger: &[u8]) {
    let _ = fs::remove_dir_all(dir);
    fs::create_dir_all(dir.join("segments")).unwrap();
    fs::write(dir.join("ledger.toml"), ledger).unwrap();
    for (name, bytes) in files {
        fs::write(path_of(dir, name), bytes).unwrap();
    }
}

fn holder() -> Holder {
    Holder { label: "pcf test".to_string(), started: "2025-06-01T08:00:00Z".to_string() }
}

fn options(medium: Arc<Recorder>) -> Options {
    Options { segment_bytes_max: 1500, medium }
}

#[test]
fn whatever_of_the_unsynced_writes_is_lost_everything_answered_stays() {
    let dir = tempfile::tempdir().unwrap();
    let samples: Vec<Sample> = (0..9).map(|n| Sample::new(n, 1 + n % 4)).collect();
    let manifest = Manifest { format: 1, ledger_id: [7; 32], origin: "o".into(), log_key: "k".into() };
    let recorder = Arc::new(Recorder::default());
    let created = samples[0].with(|genesis| {
        FileStore::create_with(dir.path(), &manifest, genesis, &holder(), Options::default())
    });
    drop(created.unwrap());
    let (start, ledger) = (load(dir.path()), fs::read(dir.path().join("ledger.toml")).unwrap());
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
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let scratch = tempfile::tempdir().unwrap();
    let (mut kept_more, mut slots_lost) = (0, 0);
    for end in 0..=changes.len() {
        for _ in 0..12 {
            let (mut files, mut answered) = lose_power(&start, &changes[..end], &mut random);
            // The power goes again while the first recoveries are at work; what they showed must stay as well.
            for _ in 0..3 {
                store(scratch.path(), &files, &ledger);
                let before = load(scratch.path());
                let medium = Arc::new(Recorder::default());
                let opened =
                    FileStore::open_writer_with(scratch.path(), &holder(), options(Arc::clone(&medium)));
                let opened = opened.unwrap_or_else(|e| panic!("after {end} changes: {e}"));
                let size = opened.head().unwrap().size as usize;
                assert!(size >= answered, "after {end} changes: answered {answered}, kept {size}");
                holds(&opened, &samples[..size]).unwrap_or_else(|e| panic!("after {end} changes: {e}"));
                kept_more += usize::from(size > answered);
                drop(opened);
                let mut recovery = medium.changes.lock().unwrap().clone();
                slots_lost += usize::from(!recovery.is_empty());
                recovery.push(Change::Answer(size));
                let stop = random.below(recovery.len() + 1);
                let whole = stop == recovery.len();
                files = lose_power(&before, &recovery[..stop], &mut random).0;
                answered = if whole { size } else { answered };
            }
        }
    }
    assert!(kept_more > 30 && slots_lost > 30, "{kept_more} kept more, {slots_lost} recoveries wrote");
}
