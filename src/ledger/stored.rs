//! Values of the derived files: bincode, rebuildable, never signed, hashed or published.

use bincode::config::{self, BigEndian, Configuration, Fixint, Limit};
use bincode::error::{DecodeError, EncodeError};
use bincode::{Decode, Encode};

/// Why a stored value was not written or read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StoredValueError {
    /// A value that is too large, or of a kind that cannot be written.
    #[error("stored value: {problem}")]
    Unwritable {
        /// What was expected and what was found.
        problem: String,
    },
    /// Bytes that this version did not write.
    #[error("stored value: {problem}")]
    Unreadable {
        /// What was expected and what was found.
        problem: String,
    },
}

/// The most bytes of one stored value.
pub const STORED_BYTES_MAX: usize = 8 << 20;

const FORM: Configuration<BigEndian, Fixint, Limit<STORED_BYTES_MAX>> =
    config::standard().with_big_endian().with_fixed_int_encoding().with_limit::<STORED_BYTES_MAX>();

/// Some statements of one submission behind the derived runs, so that a writer that opens the
/// ledger need not parse them again.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct StoredPart {
    /// SHA-256 of bytes 0..120 of the seal.
    pub message: [u8; 32],
    /// The signer's public key.
    pub signer: [u8; 32],
    /// Leaf hash of the seal.
    pub leaf: [u8; 32],
    /// Where the submission ends in the store.
    pub end: [u8; 16],
    /// True for the last part of the submission.
    pub last: bool,
    /// The statements, in order.
    pub statements: Vec<StoredStatement>,
}

/// A statement.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct StoredStatement {
    /// Its id.
    pub id: [u8; 32],
    /// SHA-256 of its subject.
    pub subject: [u8; 32],
    /// Where it lies in the store.
    pub position: [u8; 16],
    /// Its type, as its number in the list of types.
    pub kind: u8,
    /// Who states it.
    pub by: String,
    /// What it replaces.
    pub replaces: Option<[u8; 32]>,
    /// SHA-256 of the ids of the products that it puts out.
    pub makes: Vec<[u8; 32]>,
    /// What else it is found by.
    pub tags: Vec<u64>,
}

/// Manifest of the derived runs: the log they were derived from, and the files.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub struct StoredRuns {
    /// Seals in the log.
    pub size: u64,
    /// Root of the log over those seals.
    pub root: [u8; 32],
    /// Where the last submission ends in the store.
    pub position: [u8; 16],
    /// Roots of the log's complete subtrees, largest first: one for each one bit of the size.
    pub peaks: Vec<[u8; 32]>,
    /// Actors, by number.
    pub names: Vec<String>,
    /// The runs, oldest first.
    pub runs: Vec<StoredRunFile>,
}

/// One run of the derived runs: what its file holds. The file's header block is a function of this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode, Decode)]
pub struct StoredRunFile {
    /// The file's name; no other run of this ledger has it.
    pub name: [u8; 16],
    /// Number of its first statement.
    pub first_statement: u32,
    /// One more than the number of its last statement.
    pub end_statement: u32,
    /// Index of its first seal.
    pub first_seal: u64,
    /// One more than the index of its last seal.
    pub end_seal: u64,
    /// Rows of its posting table.
    pub postings: u64,
    /// Rows of its table of ended statements.
    pub ended: u64,
}

/// Writes a stored value.
///
/// # Errors
/// [`StoredValueError::Unwritable`] above [`STORED_BYTES_MAX`].
pub fn write<T: Encode>(value: &T) -> Result<Vec<u8>, StoredValueError> {
    let bytes = bincode::encode_to_vec(value, FORM).map_err(|e| unwritten(&e))?;
    if bytes.len() > STORED_BYTES_MAX {
        let problem = format!("expected at most {STORED_BYTES_MAX} bytes, got {}", bytes.len());
        return Err(StoredValueError::Unwritable { problem });
    }
    Ok(bytes)
}

fn unwritten(error: &EncodeError) -> StoredValueError {
    let problem = match error {
        EncodeError::UnexpectedEnd => "expected more room for it than there was".to_owned(),
        _ => format!("expected a value of at most {STORED_BYTES_MAX} bytes, got one that cannot be written"),
    };
    StoredValueError::Unwritable { problem }
}

fn unread(error: &DecodeError, got: usize) -> StoredValueError {
    let problem = match error {
        DecodeError::UnexpectedEnd { additional } => {
            format!("expected at least {additional} more bytes, got the end after {got}")
        }
        DecodeError::LimitExceeded => {
            format!("expected a length of at most {STORED_BYTES_MAX} bytes, got a larger one")
        }
        DecodeError::Utf8 { .. } => "expected a text in UTF-8, got other bytes".to_owned(),
        _ => format!("expected a value of this version, got {got} bytes that are none"),
    };
    StoredValueError::Unreadable { problem }
}

/// Reads a stored value and requires that it is all there is.
///
/// # Errors
/// [`StoredValueError::Unreadable`] for anything this version did not write.
pub fn read<T: Decode<()>>(bytes: &[u8]) -> Result<T, StoredValueError> {
    let (value, used) = bincode::decode_from_slice(bytes, FORM).map_err(|e| unread(&e, bytes.len()))?;
    if used == bytes.len() {
        return Ok(value);
    }
    Err(StoredValueError::Unreadable { problem: format!("expected {used} bytes, got {}", bytes.len()) })
}
