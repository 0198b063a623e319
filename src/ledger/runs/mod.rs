//! Tables derived from the log, kept in files so that opening a ledger and looking something up
//! need not read the log. This room owns the directory of the runs: it writes runs, merges them and
//! answers from them. It never reads a segment, never judges a statement, and what it holds is
//! never believed where it is damaged: the caller resets it and derives it again.
//!
//! A *run* is one immutable file over neighbouring statements and the seals over them. The runs are
//! adjacent and reach from the genesis to the head that the *manifest* names; the manifest is
//! replaced whole, after the runs that it names are durable. [`Writer`] adds a run for each batch
//! and merges eight neighbours of about the same size into one; [`Runs`] is an immutable view that
//! stays usable while the writer goes on.
//!
//! # Layout, version 1
//!
//! A run is a file of blocks of 1,024 bytes: 1,016 of payload and 8 of check. The check is the
//! first 8 bytes of SHA-256(run key, number of the block as u64, payload); the run key is
//! SHA-256(`pcf run`, ledger id, name of the run, layout version as u32). Numbers are
//! little-endian; a store position keeps its 16 bytes. Block 0 is the header: `PCFRUNF1`, layout
//! version u32, ledger id, name (16 bytes), first statement and end u32, first seal and end u64,
//! then for each table, in this order, its first block u64 and its rows u64. Each table begins with
//! a block; rows do not straddle blocks; what is left of a payload is zero.
//!
//! | table | bytes of a row | row |
//! |---|---|---|
//! | statements, by number | 101 | id 32, SHA-256 of the subject 32, position 16, index u64, ordinal u32, type u8, actor u32, replaced statement u32 (2^32 - 1: none) |
//! | seals, by index | 52 | leaf hash 32, position of the end 16, first statement u32 |
//! | tiles | 32 | root of a complete subtree of 256 seals, of each that is completed in this run |
//! | postings, by tag and number | 12 | tag u64, statement u32 |
//! | fences | 8 | tag of the first posting of each block of postings u64 |
//! | filter | 1,016 | Bloom filter over the tags, as many blocks as hold a byte for each posting; see below |
//! | ended, by statement and cause | 17 | statement u32, cause u32, way u8, since u64 |
//!
//! A tag *t* is noted in the filter's block *t* · blocks / 2^64, in three bits: for *k* in 0 to 2,
//! the bit *p* · 8,128 / 2^15 where *p* are bits 15 *k* to 15 *k* + 14 of *t*; bit *b* is bit *b*
//! mod 8 of byte *b* / 8.
//!
//! The manifest is `PCFRUNS1`, layout version u32, ledger id, the value
//! [`StoredRuns`](crate::stored::StoredRuns), and the SHA-256 of all that. A run lies in `<name in
//! hex>.run`; the name is the first 16 bytes of SHA-256(`pcf run name`, ledger id, first and end of
//! statements and seals, root of the log when it was written).

mod batch;
mod block;
mod build;
mod cache;
mod error;
mod file;
mod filter;
mod hashes;
mod layout;
mod lookup;
mod manifest;
mod merge;
mod postings;
mod rows;
mod view;
mod writer;

pub use batch::Batch;
pub use error::RunsError;
pub use lookup::Newest;
pub use rows::{EndedRow, Posting, SealRow, StatementRow};
pub use view::Runs;
pub use writer::Writer;
