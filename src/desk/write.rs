//! Writing files that are not there yet.

use std::path::Path;

use crate::DeskError;

/// Writes a file that is not there yet.
///
/// # Errors
/// [`DeskError::File`], also where it is there.
pub fn new(path: &Path, bytes: &[u8]) -> Result<(), DeskError> {
    use std::io::Write as _;
    let failed = |source| DeskError::File { action: "create", path: path.to_path_buf(), source };
    let mut file = std::fs::File::create_new(path).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)
}
