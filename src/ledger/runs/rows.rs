//! The rows of the tables and how each is spelt in bytes: fixed lengths, little-endian numbers. It
//! never reads a file.

use crate::merkle::Hash;
use crate::store::Position;

use super::layout::Section;

/// What the runs know of one statement; its number is its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StatementRow {
    /// Its id.
    pub id: [u8; 32],
    /// SHA-256 of its subject.
    pub subject: [u8; 32],
    /// Where it lies in the store.
    pub position: Position,
    /// Log index of its seal.
    pub index: u64,
    /// Its place under the seal, from 0.
    pub ordinal: u32,
    /// Its type, as its number in the list of types.
    pub kind: u8,
    /// Number of the actor who states it, in the list of names.
    pub by: u32,
    /// Number of the statement that it replaces.
    pub replaces: Option<u32>,
}

/// What the runs know of one seal; its log index is its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealRow {
    /// Its leaf hash in the log.
    pub leaf: Hash,
    /// Where its submission ends in the store.
    pub end: Position,
    /// Number of the first statement under it.
    pub first: u32,
}

/// A statement that has a tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Posting {
    /// The first eight bytes of a SHA-256, big-endian: uniformly distributed. Two keys may share a
    /// tag.
    pub tag: u64,
    /// Number of the statement.
    pub number: u32,
}

/// A statement that no longer counts. Rows are ordered by statement, then by cause.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EndedRow {
    /// Number of the statement that ended.
    pub number: u32,
    /// Number of the statement that ended it.
    pub cause: u32,
    /// How it ended, as the caller numbers the ways.
    pub way: u8,
    /// Log index from which it no longer counts.
    pub since: u64,
}

/// A row of a table.
pub(super) trait Row: Sized {
    const SECTION: Section;
    /// Appends exactly [`Section::row_len`] bytes.
    fn write(&self, into: &mut Vec<u8>);
    /// The row in the first bytes of `bytes`; `None` where they are too few.
    fn read(bytes: &[u8]) -> Option<Self>;
}

/// Number of no statement.
const NO_STATEMENT: u32 = u32::MAX;

impl Row for StatementRow {
    const SECTION: Section = Section::Statements;

    fn write(&self, into: &mut Vec<u8>) {
        into.extend_from_slice(&self.id);
        into.extend_from_slice(&self.subject);
        into.extend_from_slice(&self.position.to_bytes());
        into.extend_from_slice(&self.index.to_le_bytes());
        into.extend_from_slice(&self.ordinal.to_le_bytes());
        into.push(self.kind);
        into.extend_from_slice(&self.by.to_le_bytes());
        into.extend_from_slice(&self.replaces.unwrap_or(NO_STATEMENT).to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields(bytes);
        Some(Self {
            id: fields.take()?,
            subject: fields.take()?,
            position: Position::from_bytes(fields.take()?),
            index: fields.take_u64()?,
            ordinal: fields.take_u32()?,
            kind: u8::from_le_bytes(fields.take()?),
            by: fields.take_u32()?,
            replaces: Some(fields.take_u32()?).filter(|number| *number != NO_STATEMENT),
        })
    }
}

impl Row for SealRow {
    const SECTION: Section = Section::Seals;

    fn write(&self, into: &mut Vec<u8>) {
        into.extend_from_slice(&self.leaf);
        into.extend_from_slice(&self.end.to_bytes());
        into.extend_from_slice(&self.first.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields(bytes);
        let (leaf, end) = (fields.take()?, Position::from_bytes(fields.take()?));
        Some(Self { leaf, end, first: fields.take_u32()? })
    }
}

impl Row for Hash {
    const SECTION: Section = Section::Tiles;

    fn write(&self, into: &mut Vec<u8>) {
        into.extend_from_slice(self);
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        Fields(bytes).take()
    }
}

impl Row for Posting {
    const SECTION: Section = Section::Postings;

    fn write(&self, into: &mut Vec<u8>) {
        into.extend_from_slice(&self.tag.to_le_bytes());
        into.extend_from_slice(&self.number.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields(bytes);
        Some(Self { tag: fields.take_u64()?, number: fields.take_u32()? })
    }
}

/// Tag of the first posting of a block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fence(pub(super) u64);

impl Row for Fence {
    const SECTION: Section = Section::Fences;

    fn write(&self, into: &mut Vec<u8>) {
        into.extend_from_slice(&self.0.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        Fields(bytes).take_u64().map(Self)
    }
}

impl Row for EndedRow {
    const SECTION: Section = Section::Ended;

    fn write(&self, into: &mut Vec<u8>) {
        into.extend_from_slice(&self.number.to_le_bytes());
        into.extend_from_slice(&self.cause.to_le_bytes());
        into.push(self.way);
        into.extend_from_slice(&self.since.to_le_bytes());
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let mut fields = Fields(bytes);
        let (number, cause) = (fields.take_u32()?, fields.take_u32()?);
        Some(Self { number, cause, way: u8::from_le_bytes(fields.take()?), since: fields.take_u64()? })
    }
}

/// What is left of a row while its fields are taken one after the other.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk::<N>()?;
        self.0 = rest;
        Some(*first)
    }

    fn take_u32(&mut self) -> Option<u32> {
        self.take().map(u32::from_le_bytes)
    }

    fn take_u64(&mut self) -> Option<u64> {
        self.take().map(u64::from_le_bytes)
    }
}
