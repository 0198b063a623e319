//! Every change the embedded store makes to the disk, as a trait small enough to inject faults through. It owns no
//! file and decides no order: the store calls, the medium does. Reading needs no medium.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;

use crate::durable;
use crate::store::positioned::Positioned as _;

/// The operations that change a ledger's files; each is done on the disk unless a method is replaced.
pub trait Medium: Send + Sync {
    /// Creates a directory and its parents; one that is there already is fine.
    ///
    /// # Errors
    ///
    /// Whatever the system answers; so for every method here.
    fn create_dir(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    /// Creates a new file for reading and writing; one that is there already is an error.
    ///
    /// # Errors
    ///
    /// Whatever the system answers.
    fn create(&self, path: &Path) -> io::Result<File> {
        OpenOptions::new().read(true).write(true).create_new(true).open(path)
    }

    /// Writes all of `bytes` at `offset`.
    ///
    /// # Errors
    ///
    /// Whatever the system answers; some of the bytes may then be written.
    fn write_at(&self, _path: &Path, file: &File, offset: u64, bytes: &[u8]) -> io::Result<()> {
        file.write_all_at(bytes, offset)
    }

    /// Cuts the file to `len` bytes.
    ///
    /// # Errors
    ///
    /// Whatever the system answers.
    fn truncate(&self, _path: &Path, file: &File, len: u64) -> io::Result<()> {
        file.set_len(len)
    }

    /// Makes the file's bytes and length durable (`fdatasync`).
    ///
    /// # Errors
    ///
    /// Whatever the system answers; nothing may then be assumed about any byte written since the last sync.
    fn sync(&self, _path: &Path, file: &File) -> io::Result<()> {
        file.sync_data()
    }

    /// Makes the names in a directory durable.
    ///
    /// # Errors
    ///
    /// Whatever the system answers.
    fn sync_dir(&self, path: &Path) -> io::Result<()> {
        durable::sync_directory(path)
    }

    /// Renames a file over another.
    ///
    /// # Errors
    ///
    /// Whatever the system answers.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    /// Removes a file.
    ///
    /// # Errors
    ///
    /// Whatever the system answers.
    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }
}

/// The disk itself.
#[derive(Debug, Clone, Copy, Default)]
pub struct Disk;

impl Medium for Disk {}
