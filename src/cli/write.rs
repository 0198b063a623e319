//! Writing files that the command makes: after a crash each is the old one or the new one, never half.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use crate::error::CliError;

/// Writes a file, and the directories it lies in where they are missing.
///
/// # Errors
/// What the system says, with the path.
pub fn durably(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(parent).map_err(|e| CliError::io("create the directory", parent, &e))?;
    let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    let temporary = parent.join(format!(".{name}.new"));
    let written = fs::File::create(&temporary)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&temporary, path))
        .and_then(|()| fs::File::open(parent)?.sync_all());
    written.map_err(|e| CliError::io("write", path, &e))
}
