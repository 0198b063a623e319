//! sled behind a wall. sled panics where its files are damaged, so every call runs under `catch_unwind`: this is the
//! one place that turns a panic into an error, and only because what panics is a cache that can be rebuilt. After a
//! panic the database is not touched again and not dropped: its locks may be held for ever.

use std::cell::Cell;
use std::fs::{File, TryLockError};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// sled closes its file in a thread of its own, some milliseconds after it is dropped; at most a second is waited.
const LOCK_TRIES: u32 = 500;
const LOCK_WAIT: Duration = Duration::from_millis(2);

thread_local! {
    static CONTAINED: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic of this thread, now, will be caught and told as an error: a panic hook may then keep quiet.
pub fn panic_is_contained() -> bool {
    CONTAINED.get()
}

/// What sled did, in words.
pub(super) struct Damage(pub(super) String);

/// An open database.
#[derive(Debug)]
pub(super) struct Contained {
    /// `None` only while it is dropped.
    db: Option<sled::Db>,
    broken: Cell<bool>,
    /// sled's own file, which it locks.
    file: PathBuf,
}

impl Contained {
    pub(super) fn open(dir: &Path, cache_bytes: u64) -> Result<Contained, Damage> {
        let config = sled::Config::new().path(dir).cache_capacity(cache_bytes).flush_every_ms(None);
        let db = contain(|| config.open()).ok_or_else(panicked)?;
        let db = db.map_err(|e| Damage(e.to_string()))?;
        Ok(Contained { db: Some(db), broken: Cell::new(false), file: dir.join("db") })
    }

    pub(super) fn run<T>(&self, call: impl FnOnce(&sled::Tree) -> sled::Result<T>) -> Result<T, Damage> {
        let Some(db) = self.db.as_ref().filter(|_| !self.broken.get()) else {
            return Err(panicked());
        };
        match contain(|| call(db)) {
            Some(answer) => answer.map_err(|e| Damage(e.to_string())),
            None => {
                self.broken.set(true);
                Err(panicked())
            }
        }
    }
}

impl Drop for Contained {
    fn drop(&mut self) {
        let db = self.db.take();
        if self.broken.get() {
            std::mem::forget(db);
        } else {
            // Dropping flushes, which may panic; there is nobody to tell, and the index promises no durability.
            contain(move || drop(db));
            wait_for_lock(&self.file);
        }
    }
}

/// Waits until sled's threads have let go of its file, so that it can be opened again, or removed, at once.
fn wait_for_lock(file: &Path) {
    for _ in 0..LOCK_TRIES {
        match File::open(file).map(|file| file.try_lock()) {
            Ok(Err(TryLockError::WouldBlock)) => std::thread::sleep(LOCK_WAIT),
            _ => return,
        }
    }
}

/// The answer of `call`, or `None` if it panicked.
fn contain<T>(call: impl FnOnce() -> T) -> Option<T> {
    let before = CONTAINED.replace(true);
    let answer = catch_unwind(AssertUnwindSafe(call));
    CONTAINED.set(before);
    answer.ok()
}

fn panicked() -> Damage {
    Damage("the database gave up on its files".to_string())
}
