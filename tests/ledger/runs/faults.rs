//! Crashes at every change of the disk: after each, readers find the runs as they were or as they
//! should be, and a writer goes on from there.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use pcf_ledger::runs::{Batch, Runs, RunsError, Writer};
use pcf_ledger::store::fault::{Fault, FaultMedium};
use pcf_ledger::store::medium::{Disk, Medium};

use super::{ID, Model, writer};
use crate::store::losing_disk::Random;

/// What is done when the disk fails.
type Act = dyn Fn(&mut Writer) -> Result<(), RunsError>;

/// Seven small runs and the batch of an eighth.
fn seven(dir: &Path) -> (Model, Model, Batch) {
    let (mut writer, mut model, mut random) = (writer(dir), Model::new(1), Random(3));
    for _ in 0..7 {
        writer.flush(model.grow(2, &mut random)).unwrap();
    }
    let before = model.clone();
    let batch = model.grow(3, &mut random);
    (before, model, batch)
}

/// Readers and a new writer find one of the models, and the writer goes on.
fn recovers(dir: &Path, before: &Model, after: &Model, batch: &Batch, what: &str) -> bool {
    let runs = Runs::open_reader(dir, &ID).unwrap().unwrap_or_else(|| panic!("{what}: no runs"));
    let is_new = runs.seals() == after.seals.len() as u64;
    let (model, len) = if is_new { (after, after.seals.len()) } else { (before, before.seals.len()) };
    assert_eq!(runs.seals() as usize, len, "{what}");
    model.check(&runs);
    let (mut writer, opened) = Writer::open(dir, &ID, Arc::new(Disk)).unwrap();
    model.check(&opened.unwrap());
    if !is_new {
        writer.flush(batch.clone()).unwrap();
    }
    while writer.merge_step().unwrap() {}
    after.check(&Runs::open_reader(dir, &ID).unwrap().unwrap());
    assert_eq!(fs::read_dir(dir).unwrap().count(), 2, "{what}: a manifest and one run");
    is_new
}

#[test]
fn a_flush_or_a_merge_that_fails_at_any_change_leaves_the_old_runs_or_the_new_ones() {
    for fault in [Fault::Lost, Fault::Persisted, Fault::Torn] {
        let (mut old, mut new) = (0, 0);
        for nth in 1.. {
            let dir = tempfile::tempdir().unwrap();
            let (before, after, batch) = seven(dir.path());
            let medium = Arc::new(FaultMedium::new(nth, fault));
            let done = Writer::open(dir.path(), &ID, medium.clone()).and_then(|(mut writer, _)| {
                writer.flush(batch.clone())?;
                writer.merge_step()
            });
            if recovers(dir.path(), &before, &after, &batch, &format!("{fault:?} {nth}")) {
                new += 1;
            } else {
                old += 1;
            }
            if done.is_ok() {
                // Fewer changes than that would not be all of a flush and a merge.
                assert!(medium.changes() > 30 && nth > medium.changes(), "{} changes", medium.changes());
                break;
            }
        }
        assert!(old > 5 && new > 5, "{old} and {new}");
    }
}

#[test]
fn a_reset_or_an_opening_that_fails_leaves_whole_runs_or_none() {
    let acts: [(&str, &Act); 2] = [("reset", &|writer| writer.reset()), ("open", &|_| Ok(()))];
    for (name, act) in acts {
        for fault in [Fault::Lost, Fault::Persisted] {
            for nth in 1.. {
                let dir = tempfile::tempdir().unwrap();
                let (model, ..) = seven(dir.path());
                fs::write(dir.path().join("manifest.new"), "half a mani").unwrap();
                fs::write(dir.path().join("00.run"), "half a run").unwrap();
                let medium = Arc::new(FaultMedium::new(nth, fault));
                let opened = Writer::open(dir.path(), &ID, medium.clone());
                let done = opened.and_then(|(mut writer, _)| {
                    act(&mut writer)?;
                    Ok(writer)
                });
                match Runs::open_reader(dir.path(), &ID).unwrap() {
                    Some(runs) => model.check(&runs),
                    None => assert_eq!(name, "reset"),
                }
                let (mut again, _) = Writer::open(dir.path(), &ID, Arc::new(Disk)).unwrap();
                again.reset().unwrap();
                assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 0);
                if done.is_ok() {
                    assert!(nth > medium.changes() && medium.changes() >= 3);
                    break;
                }
            }
        }
    }
}

/// A disk without power from a change on: what was written and not synced is gone, and so may be a
/// rename that was not synced with its directory.
#[derive(Default)]
struct Unpowered {
    last: u64,
    done: AtomicU64,
    unsynced: Mutex<BTreeSet<PathBuf>>,
    /// What a renamed file replaced.
    replaced: Mutex<BTreeMap<PathBuf, Vec<u8>>>,
}

impl Unpowered {
    fn run<T>(&self, change: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        let has_power = self.done.fetch_add(1, Ordering::SeqCst) < self.last;
        if has_power { change() } else { Err(io::Error::other("no power")) }
    }

    /// What is on the disk when the power is back.
    fn lose(&self, loses_names: bool) {
        if loses_names {
            for (path, bytes) in self.replaced.lock().unwrap().iter() {
                fs::write(path, bytes).unwrap();
            }
        }
        for path in self.unsynced.lock().unwrap().iter() {
            if let Ok(file) = File::options().write(true).open(path) {
                file.set_len(0).unwrap();
            }
        }
    }
}

impl Medium for Unpowered {
    fn create(&self, path: &Path) -> io::Result<File> {
        self.run(|| Disk.create(path))
    }

    fn write_at(&self, path: &Path, file: &File, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.unsynced.lock().unwrap().insert(path.to_path_buf());
        self.run(|| Disk.write_at(path, file, offset, bytes))
    }

    fn sync(&self, path: &Path, _: &File) -> io::Result<()> {
        self.run(|| {
            self.unsynced.lock().unwrap().remove(path);
            Ok(())
        })
    }

    fn sync_dir(&self, _: &Path) -> io::Result<()> {
        self.run(|| {
            self.replaced.lock().unwrap().clear();
            Ok(())
        })
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.run(|| {
            let was_unsynced = self.unsynced.lock().unwrap().remove(from);
            if was_unsynced {
                self.unsynced.lock().unwrap().insert(to.to_path_buf());
            }
            self.replaced.lock().unwrap().insert(to.to_path_buf(), fs::read(to)?);
            Disk.rename(from, to)
        })
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.run(|| Disk.remove(path))
    }
}

#[test]
fn without_power_at_any_change_the_old_runs_or_the_new_ones_are_there() {
    for loses_names in [false, true] {
        for last in 0.. {
            let dir = tempfile::tempdir().unwrap();
            let (before, after, batch) = seven(dir.path());
            let medium = Arc::new(Unpowered { last, ..Unpowered::default() });
            let done = Writer::open(dir.path(), &ID, medium.clone()).and_then(|(mut writer, _)| {
                writer.flush(batch.clone())?;
                writer.merge_step()
            });
            medium.lose(loses_names);
            recovers(dir.path(), &before, &after, &batch, &format!("{last} changes"));
            if done.is_ok() {
                assert!(last > 30);
                break;
            }
        }
    }
}
