//! The lock that makes a writer the only one, and says who it is. It guards writing only: readers never take it.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Write};
use std::path::Path;

use crate::store::StoreError;

/// A lock file longer than this is not one of ours; the rest is not shown.
const HOLDER_BYTES_MAX: u64 = 1024;

/// What a writer says about itself, for the one who meets its lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// What it does, such as `pcf record`.
    pub label: String,
    /// Since when, as the caller's clock has it; free text.
    pub started: String,
}

/// Held as long as it lives; the system frees it when the process ends, however it ends.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Drop for Lock {
    /// Closing alone would leave the lock with a child process that is just being started: it holds a copy until it runs its own program.
    fn drop(&mut self) {
        drop(self.file.unlock());
    }
}

impl Lock {
    /// Takes the lock at `path` or names who has it.
    pub(crate) fn take(path: &Path, holder: &Holder) -> Result<Lock, StoreError> {
        let mut options = OpenOptions::new();
        let mut file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(StoreError::io("open", path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::Locked { file: path.to_path_buf(), holder: describe(&mut file) });
            }
            Err(TryLockError::Error(source)) => return Err(StoreError::io("lock", path)(source)),
        }
        file.set_len(0).map_err(StoreError::io("write", path))?;
        file.write_all(contents(holder).as_bytes()).map_err(StoreError::io("write", path))?;
        Ok(Lock { file })
    }
}

fn contents(holder: &Holder) -> String {
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let host = match host.trim() {
        "" => String::new(),
        name => format!(" on {name}"),
    };
    format!("process {}{host}, {}, since {}\n", std::process::id(), holder.label, holder.started)
}

/// What the holder wrote, one line of printable characters.
fn describe(file: &mut File) -> String {
    let mut bytes = Vec::new();
    if file.take(HOLDER_BYTES_MAX).read_to_end(&mut bytes).is_err() || bytes.is_empty() {
        return "it has not said who it is".to_string();
    }
    String::from_utf8_lossy(&bytes).trim().chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_free_once_dropped_although_a_child_still_holds_a_copy() {
        let dir = tempfile::TempDir::new().unwrap();
        let (path, holder) =
            (dir.path().join("lock"), Holder { label: "test".into(), started: "now".into() });
        let lock = Lock::take(&path, &holder).unwrap();
        // As a process has it between being forked and running its own program.
        let copy = lock.file.try_clone().unwrap();
        assert!(matches!(Lock::take(&path, &holder), Err(StoreError::Locked { .. })));
        drop(lock);
        drop(Lock::take(&path, &holder).unwrap());
        drop(copy);
    }
}
