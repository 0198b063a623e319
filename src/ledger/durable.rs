//! Writing small files whole: after a crash each is the old one or the new one, never half. It owns
//! the one order of temporary file, sync,
//! rename and sync of the directory. The store's own files go through its
//! [`medium`](crate::store::medium), where faults are injected.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// Who may read a new file, where files have modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Whoever the process lets read its files.
    Usual,
    /// Only the owner (mode 0600): the file holds a secret.
    Owner,
}

/// Whether a file has to survive the loss of power.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Survives {
    /// The bytes and the name are synced.
    Power,
    /// A reader finds the old file or the new one, whole; after the loss of power it is written
    /// again from what it was derived from.
    Readers,
}

/// The directory that a file lies in: `.` for a bare name.
pub fn directory(path: &Path) -> &Path {
    path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Writes a file in place of the one that is there, if any, in a directory that is there.
///
/// # Errors
/// What the system says; the old file is then as it was, unless the last sync of its directory
/// failed.
pub fn write(path: &Path, bytes: &[u8], survives: Survives) -> io::Result<()> {
    write_for(path, bytes, survives, Access::Usual)
}

/// As [`write()`], with who may read the file.
///
/// # Errors
/// As [`write()`].
pub fn write_for(path: &Path, bytes: &[u8], survives: Survives, access: Access) -> io::Result<()> {
    let temporary = temporary(path);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    if access == Access::Owner {
        // One that was left behind may have another mode.
        let _ = fs::remove_file(&temporary);
        options.create_new(true);
    }
    restrict(&mut options, access);
    let mut file = options.open(&temporary)?;
    file.write_all(bytes)?;
    if survives == Survives::Readers {
        return fs::rename(&temporary, path);
    }
    file.sync_all()?;
    replace(&temporary, path)
}

/// Writes a new file and makes it and its name durable.
///
/// # Errors
/// What the system says; an existing file is never overwritten, and a half written one is removed.
pub fn create(path: &Path, bytes: &[u8], access: Access) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    restrict(&mut options, access);
    let mut file = options.open(path)?;
    let whole = file.write_all(bytes).and_then(|()| file.sync_all());
    if whole.is_err() {
        // It would stand in the way of the next try. Where it cannot be removed, the first error
        // says more.
        let _ = fs::remove_file(path);
    }
    whole?;
    sync_directory(directory(path))
}

/// Puts a synced file in the place of another one in the same directory.
///
/// # Errors
/// What the system says.
pub fn replace(written: &Path, path: &Path) -> io::Result<()> {
    fs::rename(written, path)?;
    sync_directory(directory(path))
}

/// Makes the names in a directory durable, where directories can be opened; elsewhere the file
/// system alone orders them.
///
/// # Errors
/// What the system says.
pub fn sync_directory(dir: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(dir)?.sync_all() } else { Ok(()) }
}

/// Beside the file and hidden, behind the whole name: two files of one directory never share it.
fn temporary(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".new");
    directory(path).join(name)
}

#[cfg(unix)]
fn restrict(options: &mut OpenOptions, access: Access) {
    if access == Access::Owner {
        std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    }
}

#[cfg(not(unix))]
fn restrict(_: &mut OpenOptions, _: Access) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_whole_and_nothing_stays_beside_it() {
        let dir = tempfile::TempDir::new().unwrap();
        let path = dir.path().join("log.pem");
        for survives in [Survives::Power, Survives::Readers] {
            for bytes in [&b"a longer text"[..], b"short"] {
                write(&path, bytes, survives).unwrap();
                assert_eq!(fs::read(&path).unwrap(), bytes);
                assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
            }
        }
    }

    #[test]
    fn what_a_crash_left_beside_a_file_is_written_over() {
        let dir = tempfile::TempDir::new().unwrap();
        let path = dir.path().join("checkpoint");
        fs::write(temporary(&path), "half of a longer te").unwrap();
        write(&path, b"new", Survives::Power).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
    }

    #[test]
    fn a_new_file_never_replaces_one() {
        let dir = tempfile::TempDir::new().unwrap();
        let path = dir.path().join("key.pem");
        create(&path, b"first", Access::Owner).unwrap();
        assert_eq!(create(&path, b"second", Access::Owner).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"first");
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&path.metadata().unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
