//! Writing files that the command makes: after a crash each is the old one or the new one, never half.

use std::fs;
use std::path::Path;

use pcf_ledger::durable::{self, Survives};

use crate::error::CliError;

/// Writes a file, and the directories it lies in where they are missing.
///
/// # Errors
/// What the system says, with the path.
pub fn durably(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    let parent = durable::directory(path);
    fs::create_dir_all(parent).map_err(|e| CliError::io("create the directory", parent, &e))?;
    durable::write(path, bytes, Survives::Power).map_err(|e| CliError::io("write", path, &e))
}
