//! The only place that fixes bytes: canonical JSON (RFC 8785), digests. What is signed or hashed is
//! made
//! and read here and nowhere else; nothing here knows what a statement is for.

mod body;
mod canonical;
pub mod digest;
mod error;
mod parted;
mod parted_publication;
mod plain;
mod reader;
pub mod settings;
mod spelling;
pub mod statement;
mod strict;
mod subject;

pub use body::{ActivityBody, AnnualBody, Body, FactorBody, PublicationBody, SupplierFootprintBody};
pub use canonical::{decode, encode};
pub use error::CodecError;
pub use parted::body_digest;
pub use parted_publication::rounded;
pub use statement::{
    check_length, decode_draft, decode_header, decode_statement, encode_draft, encode_statement, leaf_hash,
    named_body, parts_of, product_tag, statement_id, statement_leaf, tags_of, write_statement,
};
pub use strict::refuse_null_and_doubled_keys;
pub use subject::{
    derived_salt, draft_subject_digest, figures_digest, series_place, shared_figures, subject_digest,
    subject_of_header,
};
