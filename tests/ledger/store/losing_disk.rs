//! A disk of which every change is recorded, and what may be left of it when the power goes: any part of what was written since the last sync,
//! and names that were not synced with their directory or not.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::Mutex;

use pcf_ledger::store::medium::{Disk, Medium};

#[derive(Clone)]
pub(crate) enum Change {
    Create(String),
    Write(String, usize, Vec<u8>),
    Truncate(String, usize),
    Sync(String),
    /// The names in the directory of segments, or in the ledger's own.
    SyncDir {
        of_segments: bool,
    },
    Rename(String, String),
    Remove(String),
    /// So many submissions have been answered.
    Answer(usize),
}

/// The disk, with a record of what was done to it.
#[derive(Default)]
pub(crate) struct Recorder {
    pub(crate) changes: Mutex<Vec<Change>>,
}

impl Recorder {
    pub(crate) fn note(&self, change: Change) {
        self.changes.lock().unwrap().push(change);
    }
}

/// `head`, or a segment's number.
pub(crate) fn name(path: &Path) -> String {
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

    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        self.note(Change::SyncDir { of_segments: name(path) == "segments" });
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.note(Change::Rename(name(from), name(to)));
        Disk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.note(Change::Remove(name(path)));
        Disk.remove(path)
    }
}

pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
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
    /// Its name before, and what had this name before, as long as that may come back.
    before: Option<(String, Option<Box<Kept>>)>,
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

pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// Segments, and copies of them, have names that begin with their number.
fn is_segment(name: &str) -> bool {
    name.bytes().next().is_some_and(|b| b.is_ascii_digit())
}

/// What a disk does with a sync.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Syncs {
    /// What it is asked to.
    Kept,
    /// Nothing, and says otherwise.
    Lied,
}

/// The files after the power went at the end of `changes`, and how many submissions had been answered.
pub(crate) fn lose_power(
    start: &Files,
    changes: &[Change],
    syncs: Syncs,
    random: &mut Random,
) -> (Files, usize) {
    let kept = |bytes: &Vec<u8>| Kept { bytes: bytes.clone(), named: true, ..Kept::default() };
    let mut files: BTreeMap<String, Kept> = start.iter().map(|(name, b)| (name.clone(), kept(b))).collect();
    let mut answered = 0;
    for change in changes {
        match change {
            Change::Create(name) => drop(files.insert(name.clone(), Kept::default())),
            Change::Write(name, ..) | Change::Truncate(name, _) => {
                files.get_mut(name).unwrap().pending.push(change.clone());
            }
            Change::Sync(name) if syncs == Syncs::Kept => settle(files.get_mut(name).unwrap()),
            Change::SyncDir { of_segments } if syncs == Syncs::Kept => {
                files.retain(|name, file| !file.removed || is_segment(name) != *of_segments);
                let synced = files.iter_mut().filter(|(name, _)| is_segment(name) == *of_segments);
                synced.for_each(|(_, file)| (file.named, file.before) = (true, None));
            }
            Change::Sync(_) | Change::SyncDir { .. } => {}
            Change::Rename(from, to) => {
                let (mut file, old) = (files.remove(from).unwrap(), files.remove(to));
                file.before = Some((from.clone(), old.map(Box::new)));
                files.insert(to.clone(), file);
            }
            Change::Remove(name) => files.get_mut(name).unwrap().removed = true,
            Change::Answer(size) => answered = *size,
        }
    }
    let names: Vec<String> = files.keys().cloned().collect();
    for name in names {
        let mut file = files.remove(&name).unwrap();
        match file.before.take() {
            // Both names as they were; a new name that took the place of another is there as long as that one is not.
            Some((from, old)) if random.below(2) == 0 => {
                files.extend(old.map(|old| (name, *old)));
                files.insert(from, file);
            }
            Some((_, Some(_))) => drop(files.insert(name, Kept { named: true, ..file })),
            _ => drop(files.insert(name, file)),
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
    if is_segment(name) { dir.join("segments").join(name) } else { dir.join(name) }
}

pub(crate) fn load(dir: &Path) -> Files {
    let segments = fs::read_dir(dir.join("segments")).unwrap();
    let names = segments.map(|entry| name(&entry.unwrap().path()));
    let names = names.chain(["head".to_string(), "ledger.toml".to_string()]);
    names.map(|name| (name.clone(), fs::read(path_of(dir, &name)).unwrap())).collect()
}

pub(crate) fn store(dir: &Path, files: &Files) {
    let _ = fs::remove_dir_all(dir);
    fs::create_dir_all(dir.join("segments")).unwrap();
    for (name, bytes) in files {
        fs::write(path_of(dir, name), bytes).unwrap();
    }
}
