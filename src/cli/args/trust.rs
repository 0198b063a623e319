//! Keys that a reader has checked.

use std::path::Path;

use pcf_ledger::proof::{Pins, TRUST_FILE_BYTES_MAX};

use crate::context::Context;
use crate::error::CliError;

/// The keys that the reader has checked.
///
/// # Errors
/// The file cannot be read, or is no trust file.
pub fn pins(context: &Context, path: &Path) -> Result<Pins, CliError> {
    let bytes = context.load(path, TRUST_FILE_BYTES_MAX as u64)?; // OK because a usize has at most 64 bits.
    let unread =
        |e: &dyn std::fmt::Display| CliError::usage(e).within(path.display()).hint("pcf template trust.toml");
    let text = String::from_utf8(bytes).map_err(|e| unread(&e))?;
    Pins::from_toml(&text).map_err(|e| unread(&e))
}
