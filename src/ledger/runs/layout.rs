//! Where the tables of a run lie in its file, computed from the numbers of their rows. It owns the
//! header block and never reads a file.

use crate::limits::{TILE_WIDTH, wide};
use crate::stored::StoredRunFile;

use super::block::{BLOCK_LEN, PAYLOAD_LEN};

/// Version of the layout of runs and manifest, and of what the callers derive: another one is made
/// again.
pub(super) const LAYOUT: u32 = 2;
const MAGIC: [u8; 8] = *b"PCFRUNF1";

/// A table of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Section {
    Statements,
    Seals,
    Tiles,
    Postings,
    Fences,
    Filter,
    Ended,
}

/// In the order of the file.
const SECTIONS: [Section; 7] = [
    Section::Statements,
    Section::Seals,
    Section::Tiles,
    Section::Postings,
    Section::Fences,
    Section::Filter,
    Section::Ended,
];

impl Section {
    /// Bytes of a row.
    pub(super) const fn row_len(self) -> usize {
        match self {
            Section::Statements => 32 + 32 + 16 + 8 + 4 + 1 + 4 + 4,
            Section::Seals => 32 + 16 + 4,
            Section::Tiles => 32,
            Section::Postings => 8 + 4,
            Section::Fences => 8,
            Section::Filter => PAYLOAD_LEN,
            Section::Ended => 4 + 4 + 1 + 8,
        }
    }

    /// Rows of a block: none straddles two.
    pub(super) const fn rows_per_block(self) -> u64 {
        (PAYLOAD_LEN / self.row_len()) as u64 // OK because a usize has at most 64 bits
    }
}

/// Complete tiles of a log of `seals` seals.
pub(super) fn tiles(seals: u64) -> u64 {
    seals / wide(TILE_WIDTH)
}

/// Rows of each section of a run.
fn rows_of(run: &StoredRunFile, section: Section) -> u64 {
    let posting_blocks = run.postings.div_ceil(Section::Postings.rows_per_block());
    match section {
        Section::Statements => u64::from(run.end_statement.saturating_sub(run.first_statement)),
        Section::Seals => run.end_seal.saturating_sub(run.first_seal),
        Section::Tiles => tiles(run.end_seal).saturating_sub(tiles(run.first_seal)),
        Section::Postings => run.postings,
        Section::Fences => posting_blocks,
        // A byte of filter for each posting.
        Section::Filter => run.postings.div_ceil(wide(PAYLOAD_LEN)),
        Section::Ended => run.ended,
    }
}

/// A section's place in a run.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Span {
    /// Number of its first block.
    pub(super) block: u64,
    /// Number of its rows.
    pub(super) rows: u64,
}

/// The places of a run's sections.
#[derive(Debug, Clone, Copy)]
pub(super) struct Layout {
    spans: [Span; SECTIONS.len()],
    /// Blocks of the file.
    blocks: u64,
}

impl Layout {
    pub(super) fn of(run: &StoredRunFile) -> Self {
        let mut spans = [Span::default(); SECTIONS.len()];
        let mut block = 1; // behind the header
        for (span, section) in spans.iter_mut().zip(SECTIONS) {
            let rows = rows_of(run, section);
            *span = Span { block, rows };
            block += rows.div_ceil(section.rows_per_block());
        }
        Self { spans, blocks: block }
    }

    pub(super) fn span(&self, section: Section) -> Span {
        self.spans.get(section as usize).copied().unwrap_or_default()
    }

    /// Bytes of the file.
    pub(super) fn bytes(&self) -> u64 {
        self.blocks * wide(BLOCK_LEN)
    }

    /// What the first block says of a run. Readers know it from the manifest and compare.
    pub(super) fn header(&self, ledger_id: &[u8; 32], run: &StoredRunFile) -> Vec<u8> {
        let mut header = [&MAGIC[..], &LAYOUT.to_le_bytes(), ledger_id, &run.name].concat();
        header.extend_from_slice(&run.first_statement.to_le_bytes());
        header.extend_from_slice(&run.end_statement.to_le_bytes());
        header.extend_from_slice(&run.first_seal.to_le_bytes());
        header.extend_from_slice(&run.end_seal.to_le_bytes());
        for Span { block, rows } in &self.spans {
            header.extend_from_slice(&block.to_le_bytes());
            header.extend_from_slice(&rows.to_le_bytes());
        }
        header
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::merkle::Hash;
    use crate::runs::rows::{EndedRow, Fence, Posting, Row, SealRow, StatementRow};

    fn written_len<T: Row>() -> (usize, usize) {
        let row = T::read(&[7; PAYLOAD_LEN]).unwrap();
        let mut bytes = Vec::new();
        row.write(&mut bytes);
        assert!(bytes.iter().all(|byte| *byte == 7));
        (bytes.len(), T::SECTION.row_len())
    }

    #[test]
    fn each_row_has_the_length_that_its_section_states() {
        let lengths = [
            written_len::<StatementRow>(),
            written_len::<SealRow>(),
            written_len::<Hash>(),
            written_len::<Posting>(),
            written_len::<Fence>(),
            written_len::<EndedRow>(),
        ];
        assert!(lengths.iter().all(|(written, stated)| written == stated), "{lengths:?}");
    }
}
