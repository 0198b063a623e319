//! Writing one run's file: rows go to their sections block by block, so that memory stays bounded
//! however large the run is. Where the file lies and how long it has to last, the [`Place`] knows.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::limits::wide;
use crate::store::medium::{Disk, Medium};
use crate::stored::StoredRunFile;

use super::RunsError;
use super::block::{BLOCK_LEN, PAYLOAD_LEN, RunKey};
use super::file::{RunFile, file_name};
use super::filter;
use super::layout::{LAYOUT, Layout, Section};
use super::rows::{Fence, Posting, Row};

/// Bytes that are written at once.
const CHUNK_LEN: usize = 256 * BLOCK_LEN;

/// Where runs are written.
pub(super) enum Place {
    /// Files with names that survive the loss of power.
    Kept { dir: PathBuf, medium: Arc<dyn Medium> },
    /// Files without a name that are gone with the process.
    Scratch { dir: PathBuf },
}

impl Place {
    pub(super) fn dir(&self) -> &Path {
        match self {
            Place::Kept { dir, .. } | Place::Scratch { dir } => dir,
        }
    }

    fn medium(&self) -> &dyn Medium {
        match self {
            Place::Kept { medium, .. } => medium.as_ref(),
            Place::Scratch { .. } => &Disk,
        }
    }
}

/// A run that is being written.
pub(super) struct Builder<'a> {
    place: &'a Place,
    ledger_id: &'a [u8; 32],
    entry: StoredRunFile,
    layout: Layout,
    path: PathBuf,
    file: File,
    key: RunKey,
}

impl<'a> Builder<'a> {
    /// Begins the file of a run whose numbers of rows are known.
    pub(super) fn create(
        place: &'a Place,
        ledger_id: &'a [u8; 32],
        entry: StoredRunFile,
    ) -> Result<Self, RunsError> {
        let path = place.dir().join(file_name(&entry.name));
        let created = match place {
            Place::Kept { medium, .. } => medium.create(&path),
            Place::Scratch { dir } => tempfile::tempfile_in(dir),
        };
        let file = created.map_err(RunsError::io("create", &path))?;
        let key = RunKey::new(ledger_id, &entry.name, LAYOUT);
        Ok(Self { place, ledger_id, entry, layout: Layout::of(&entry), path, file, key })
    }

    /// Writes all rows of a section; there are as many as the run's entry says.
    pub(super) fn section<T: Row>(
        &self,
        rows: impl Iterator<Item = Result<T, RunsError>>,
    ) -> Result<(), RunsError> {
        let mut section = SectionWriter::new(self, T::SECTION);
        for row in rows {
            section.push(&row?)?;
        }
        section.finish()
    }

    /// Writes the postings, which ascend, with their fences and their filter.
    pub(super) fn postings(
        &self,
        rows: impl Iterator<Item = Result<Posting, RunsError>>,
    ) -> Result<(), RunsError> {
        let mut postings = SectionWriter::new(self, Section::Postings);
        let mut fences = SectionWriter::new(self, Section::Fences);
        let mut filter = SectionWriter::new(self, Section::Filter);
        let (filter_blocks, mut noted) = (self.layout.span(Section::Filter).rows, 0);
        let mut noting = vec![0; PAYLOAD_LEN];
        for row in rows {
            let row = row?;
            if postings.is_at_block_start() {
                fences.push(&Fence(row.tag))?;
            }
            postings.push(&row)?;
            while noted < filter::block_of(row.tag, filter_blocks) {
                filter.block(&noting)?;
                noting.fill(0);
                noted += 1;
            }
            filter::note(row.tag, &mut noting);
        }
        while noted < filter_blocks {
            filter.block(&noting)?;
            noting.fill(0);
            noted += 1;
        }
        postings.finish()?;
        fences.finish()?;
        filter.finish()
    }

    /// Writes the header, makes the file durable where it is kept, and opens it for reading.
    pub(super) fn finish(self) -> Result<RunFile, RunsError> {
        let mut header = Vec::with_capacity(BLOCK_LEN);
        self.key.append(0, &self.layout.header(self.ledger_id, &self.entry), &mut header);
        self.write_at(0, &header)?;
        if let Place::Kept { medium, .. } = self.place {
            medium.sync(&self.path, &self.file).map_err(RunsError::io("sync", &self.path))?;
        }
        Ok(RunFile::new(self.path, self.file, self.ledger_id, self.entry))
    }

    fn write_at(&self, block: u64, bytes: &[u8]) -> Result<(), RunsError> {
        let offset = block * wide(BLOCK_LEN); // OK because a file is shorter than 2^64 bytes
        let written = self.place.medium().write_at(&self.path, &self.file, offset, bytes);
        written.map_err(RunsError::io("write", &self.path))
    }
}

/// A section that is being written.
struct SectionWriter<'a> {
    run: &'a Builder<'a>,
    section: Section,
    /// Number of the block that is being filled.
    block: u64,
    /// Rows of the block that is being filled.
    payload: Vec<u8>,
    /// Full blocks that are not yet written; they end before `block`.
    chunk: Vec<u8>,
}

impl<'a> SectionWriter<'a> {
    fn new(run: &'a Builder<'a>, section: Section) -> Self {
        let block = run.layout.span(section).block;
        Self { run, section, block, payload: Vec::with_capacity(BLOCK_LEN), chunk: Vec::new() }
    }

    fn is_at_block_start(&self) -> bool {
        self.payload.is_empty()
    }

    fn push(&mut self, row: &impl Row) -> Result<(), RunsError> {
        row.write(&mut self.payload);
        if self.payload.len() + self.section.row_len() > PAYLOAD_LEN { self.seal() } else { Ok(()) }
    }

    /// Writes a row that fills a block.
    fn block(&mut self, payload: &[u8]) -> Result<(), RunsError> {
        self.payload.extend_from_slice(payload);
        self.seal()
    }

    fn seal(&mut self) -> Result<(), RunsError> {
        self.run.key.append(self.block, &self.payload, &mut self.chunk);
        self.payload.clear();
        self.block += 1;
        if self.chunk.len() >= CHUNK_LEN { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> Result<(), RunsError> {
        // OK because the blocks of the chunk are counted in `block`
        let first = self.block - wide(self.chunk.len() / BLOCK_LEN);
        self.run.write_at(first, &self.chunk)?;
        self.chunk.clear();
        Ok(())
    }

    fn finish(mut self) -> Result<(), RunsError> {
        if !self.payload.is_empty() {
            self.seal()?;
        }
        if self.chunk.is_empty() { Ok(()) } else { self.write() }
    }
}
