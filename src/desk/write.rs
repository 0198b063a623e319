//! Writing files that the desk makes: after a crash each is the old one or the new one, never half.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use pcf_ledger::durable::{self, Access, Survives};

use crate::DeskError;

/// Writes a file, and the directories it lies in where they are missing.
///
/// # Errors
/// What the system says, with the path.
pub fn durably(path: &Path, bytes: &[u8]) -> Result<(), DeskError> {
    let parent = durable::directory(path);
    fs::create_dir_all(parent).map_err(failed("create the directory", parent))?;
    durable::write(path, bytes, Survives::Power).map_err(failed("write", path))
}

/// As [`durably`], readable for its owner alone.
///
/// # Errors
/// What the system says, with the path.
pub fn privately(path: &Path, bytes: &[u8]) -> Result<(), DeskError> {
    let parent = durable::directory(path);
    fs::create_dir_all(parent).map_err(failed("create the directory", parent))?;
    durable::write_for(path, bytes, Survives::Power, Access::Owner).map_err(failed("write", path))
}

/// Writes a file that is not there yet.
///
/// # Errors
/// [`DeskError::File`], also where it is there.
pub fn new(path: &Path, bytes: &[u8]) -> Result<(), DeskError> {
    let failed = failed("create", path);
    let mut file = fs::File::create_new(path).map_err(&failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)
}

/// What the system says, with the file it says it of.
pub(crate) fn failed(action: &'static str, path: &Path) -> impl Fn(io::Error) -> DeskError {
    move |source| DeskError::File { action, path: path.to_path_buf(), source }
}
