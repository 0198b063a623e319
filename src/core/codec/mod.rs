//! The only place that fixes bytes: canonical JSON (RFC 8785), digests. What is signed or hashed is
//! made
//! and read here and nowhere else; nothing here knows what a statement is for.

mod canonical;
pub mod digest;
mod error;
mod kept;
mod plain;
mod reader;
pub mod settings;
mod spelling;
pub mod statement;
mod strict;

pub use canonical::{decode, encode};
pub use error::CodecError;
pub use kept::{decode_kept, encode_kept, kept_digest, kept_of};
pub use statement::{
    check_length, decode_statement, encode_statement, figures_digest, leaf_hash, statement_id, subject_digest,
};
pub use strict::refuse_null_and_doubled_keys;
