//! Key files on disk: written once with mode 0600 and made durable, read with a size cap. It owns
//! the files of keys
//! and no others; what stands in them is `pem`'s.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use thiserror::Error;
use zeroize::Zeroizing;

use crate::durable::{self, Access};
use crate::limits::{KEY_FILE_BYTES_MAX, wide};
use crate::sign::SignError;

/// Why a key file was not read or written.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// The operating system refused to read or write the key file.
    #[error("the key file {} could not be {action}: {}", path.display(), crate::store::reason(source))]
    File {
        /// The file.
        path: PathBuf,
        /// What was tried: `read` or `written`.
        action: &'static str,
        /// What the system said.
        source: io::Error,
    },
    /// What stands in it is not a private key.
    #[error(transparent)]
    Sign(#[from] SignError),
}

/// Writes a new key file that only its owner may read, and makes it and its name durable.
///
/// # Errors
///
/// [`KeyFileError::File`]; an existing file is never overwritten.
pub fn write_new(path: &Path, pem: &str) -> Result<(), KeyFileError> {
    let written = durable::create(path, pem.as_bytes(), Access::Owner);
    written.map_err(|source| KeyFileError::File { path: path.to_path_buf(), action: "written", source })
}

/// Reads a key file; the text is overwritten when it is dropped.
///
/// # Errors
///
/// [`KeyFileError::File`], [`SignError::TooLong`], and [`SignError::NotPem`] where it is not UTF-8.
pub fn read(path: &Path) -> Result<Zeroizing<String>, KeyFileError> {
    // Large enough from the start, so that growing leaves no copies of the secret behind.
    let mut bytes = Zeroizing::new(Vec::with_capacity(KEY_FILE_BYTES_MAX + 1));
    let limit = wide(KEY_FILE_BYTES_MAX) + 1;
    File::open(path)
        .and_then(|file| file.take(limit).read_to_end(&mut bytes))
        .map_err(|source| KeyFileError::File { path: path.to_path_buf(), action: "read", source })?;
    if bytes.len() > KEY_FILE_BYTES_MAX {
        return Err(
            SignError::TooLong { what: "a key file", limit: KEY_FILE_BYTES_MAX, got: bytes.len() }.into()
        );
    }
    match std::str::from_utf8(&bytes) {
        Ok(text) => Ok(Zeroizing::new(text.to_owned())),
        Err(_) => Err(SignError::NotPem { got: "bytes that are not UTF-8".into() }.into()),
    }
}

/// Whether others than the owner may read or write the file: worth a warning, not an error, since
/// backups and shared
/// mounts set such modes. Where files have no modes the answer is no.
///
/// # Errors
///
/// [`KeyFileError::File`].
pub fn is_open_to_others(path: &Path) -> Result<bool, KeyFileError> {
    let metadata = path.metadata().map_err(|source| KeyFileError::File {
        path: path.to_path_buf(),
        action: "read",
        source,
    })?;
    Ok(mode(&metadata) & 0o077 != 0)
}

#[cfg(unix)]
fn mode(metadata: &std::fs::Metadata) -> u32 {
    std::os::unix::fs::PermissionsExt::mode(&metadata.permissions())
}

#[cfg(not(unix))]
fn mode(_: &std::fs::Metadata) -> u32 {
    0
}
