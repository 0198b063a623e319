//! Writing files that the desk makes: after a crash each is the old one or the new one, never half.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use crate::DeskError;

/// Writes a file, and the directories it lies in where they are missing.
///
/// # Errors
/// What the system says, with the path.
pub fn durably(path: &Path, bytes: &[u8]) -> Result<(), DeskError> {
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(failed("create the directory", parent))?;
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let temporary = parent.join(format!(".{name}.new"));
    let written = fs::File::create(&temporary)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&temporary, path))
        .and_then(|()| fs::File::open(parent)?.sync_all());
    written.map_err(failed("write", path))
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
