//! Values of the index: bincode, rebuildable, never signed, hashed or published.

use bincode::config::{self, BigEndian, Configuration, Fixint, Limit};
use bincode::{Decode, Encode};

use super::CodecError;

/// The most bytes of one stored value: sled keeps larger ones in files that it never syncs.
pub const STORED_BYTES_MAX: usize = 100_000;

const FORM: Configuration<BigEndian, Fixint, Limit<STORED_BYTES_MAX>> =
    config::standard().with_big_endian().with_fixed_int_encoding().with_limit::<STORED_BYTES_MAX>();

/// What the index keeps so that opening a ledger need not parse every statement again: seals and statements in log order.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum LogItem {
    /// A seal; the statements that follow are its.
    Seal {
        /// SHA-256 of its bytes 0..120.
        message: [u8; 32],
        /// The signer's public key.
        signer: [u8; 32],
        /// Where its submission ends in the store.
        end: [u8; 16],
    },
    /// A statement.
    Statement {
        /// Its id.
        id: [u8; 32],
        /// Its type, as its number in the list of types.
        kind: u8,
        /// Who says it.
        by: String,
        /// Its place in its submission.
        ordinal: u32,
        /// What it replaces.
        replaces: Option<[u8; 32]>,
        /// SHA-256 of its subject.
        subject: [u8; 32],
        /// Where it lies in the store.
        position: [u8; 16],
    },
}

/// Writes a stored value.
///
/// # Errors
/// [`CodecError::Stored`] above [`STORED_BYTES_MAX`].
pub fn write<T: Encode>(value: &T) -> Result<Vec<u8>, CodecError> {
    let bytes =
        bincode::encode_to_vec(value, FORM).map_err(|e| CodecError::Stored { problem: e.to_string() })?;
    if bytes.len() > STORED_BYTES_MAX {
        let problem = format!("expected at most {STORED_BYTES_MAX} bytes, got {}", bytes.len());
        return Err(CodecError::Stored { problem });
    }
    Ok(bytes)
}

/// Reads a stored value and requires that it is all there is.
///
/// # Errors
/// [`CodecError::Stored`] for anything this version did not write.
pub fn read<T: Decode<()>>(bytes: &[u8]) -> Result<T, CodecError> {
    let (value, used) =
        bincode::decode_from_slice(bytes, FORM).map_err(|e| CodecError::Stored { problem: e.to_string() })?;
    if used == bytes.len() {
        return Ok(value);
    }
    Err(CodecError::Stored { problem: format!("expected {used} bytes, got {}", bytes.len()) })
}
