//! One run's file, open for reading: blocks that are checked as they are read, and rows by number.
//! It knows nothing of other runs and never writes.

use std::fs::File;
use std::io::ErrorKind;
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use crate::limits::wide;
use crate::store::positioned::Positioned as _;
use crate::stored::StoredRunFile;

use super::RunsError;
use super::block::{BLOCK_LEN, Block, RunKey};
use super::cache::Cache;
use super::layout::{LAYOUT, Layout, Section};
use super::rows::{Fence, Row};

/// Blocks that are read at once where rows are read in order.
const AHEAD: u64 = 64;

/// An open run.
#[derive(Debug)]
pub(super) struct RunFile {
    /// No other open file of this process has it.
    id: u64,
    path: PathBuf,
    file: File,
    key: RunKey,
    pub(super) entry: StoredRunFile,
    pub(super) layout: Layout,
    /// Tags of the first postings of the posting blocks; read when first asked for.
    fences: OnceLock<Vec<u64>>,
}

/// The file's name in the directory of the runs.
pub(super) fn file_name(name: &[u8; 16]) -> String {
    format!("{}{SUFFIX}", hex::encode(name))
}

/// The end of every run's file name.
pub(super) const SUFFIX: &str = ".run";

impl RunFile {
    /// A run that was just written.
    pub(super) fn new(path: PathBuf, file: File, ledger_id: &[u8; 32], entry: StoredRunFile) -> Self {
        static OPENED: AtomicU64 = AtomicU64::new(0);
        let id = OPENED.fetch_add(1, Ordering::Relaxed);
        let key = RunKey::new(ledger_id, &entry.name, LAYOUT);
        Self { id, path, file, key, entry, layout: Layout::of(&entry), fences: OnceLock::new() }
    }

    /// Opens the run that a manifest names; `None` where no such file is there or it is not that
    /// run's.
    pub(super) fn open(
        dir: &Path,
        ledger_id: &[u8; 32],
        entry: StoredRunFile,
    ) -> Result<Option<Self>, RunsError> {
        let path = dir.join(file_name(&entry.name));
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(RunsError::io("open", &path)(error)),
        };
        let len = file.metadata().map_err(RunsError::io("read", &path))?.len();
        let run = Self::new(path, file, ledger_id, entry);
        if len != run.layout.bytes() {
            return Ok(None);
        }
        let (mut expected, mut found) = (Vec::new(), [0; BLOCK_LEN]);
        run.key.append(0, &run.layout.header(ledger_id, &entry), &mut expected);
        run.read(0, &mut found)?;
        Ok((expected == found).then_some(run))
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Reads bytes from the block with number `block` on, unchecked.
    fn read(&self, block: u64, into: &mut [u8]) -> Result<(), RunsError> {
        let read = self.file.read_exact_at(into, block.saturating_mul(wide(BLOCK_LEN)));
        read.map_err(|error| match error.kind() {
            ErrorKind::UnexpectedEof => self.damaged(format!("expected the block {block}, got the end")),
            _ => RunsError::io("read", &self.path)(error),
        })
    }

    fn damaged(&self, detail: impl Into<String>) -> RunsError {
        RunsError::damaged(&self.path, detail)
    }

    /// Reads neighbouring blocks and checks each.
    fn checked(&self, block: u64, into: &mut [u8]) -> Result<(), RunsError> {
        self.read(block, into)?;
        let (blocks, _) = into.as_chunks::<BLOCK_LEN>();
        for (number, bytes) in (block..).zip(blocks) {
            if !self.key.holds(number, bytes) {
                return Err(
                    self.damaged(format!("expected the block {number} with its check, got other bytes"))
                );
            }
        }
        Ok(())
    }

    /// The block with number `number`, checked, from the cache where it is there.
    pub(super) fn block(&self, cache: &Cache, number: u64) -> Result<Arc<Block>, RunsError> {
        cache.block((self.id, number), || {
            let mut block = Arc::new([0; BLOCK_LEN]);
            if let Some(bytes) = Arc::get_mut(&mut block) {
                self.checked(number, bytes)?;
            }
            Ok(block)
        })
    }

    /// The row with number `row` of its section.
    pub(super) fn row<T: Row>(&self, cache: &Cache, row: u64) -> Result<T, RunsError> {
        let span = self.layout.span(T::SECTION);
        let per_block = T::SECTION.rows_per_block();
        if row >= span.rows {
            let what = "number of a row of a derived run";
            return Err(RunsError::OutOfRange { what, end: span.rows, got: row });
        }
        let block = self.block(cache, span.block + row / per_block)?;
        row_in(&block[..], row % per_block).ok_or_else(|| self.damaged("expected a row, got a shorter block"))
    }

    /// How many of the section's rows, from the first, satisfy `before`; those that do come first.
    pub(super) fn partition_point<T: Row>(
        &self,
        cache: &Cache,
        before: impl Fn(&T) -> bool,
    ) -> Result<u64, RunsError> {
        let (mut from, mut to) = (0, self.layout.span(T::SECTION).rows);
        while from < to {
            let middle = from + (to - from) / 2;
            if before(&self.row(cache, middle)?) {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        Ok(from)
    }

    /// Tags of the first postings of the posting blocks, in order.
    pub(super) fn fences(self: &Arc<Self>) -> Result<&[u64], RunsError> {
        if let Some(fences) = self.fences.get() {
            return Ok(fences);
        }
        let read = Sequential::<Fence>::new(Arc::clone(self), 0);
        let fences = read.map(|fence| fence.map(|Fence(tag)| tag)).collect::<Result<Vec<_>, _>>()?;
        Ok(self.fences.get_or_init(|| fences))
    }
}

/// The row with number `row` in a block of its section.
pub(super) fn row_in<T: Row>(block: &[u8], row: u64) -> Option<T> {
    let at = usize::try_from(row).ok()?.checked_mul(T::SECTION.row_len())?;
    T::read(block.get(at..)?)
}

/// A section's rows in order, read some blocks at a time past the cache; it ends after an error.
pub(super) struct Sequential<T> {
    run: Arc<RunFile>,
    row: u64,
    end: u64,
    /// Checked blocks, from the block with number `buffered` on.
    buffer: Vec<u8>,
    buffered: u64,
    rows: PhantomData<fn() -> T>,
}

impl<T: Row> Sequential<T> {
    /// All rows from the row with number `from` on.
    pub(super) fn new(run: Arc<RunFile>, from: u64) -> Self {
        let end = run.layout.span(T::SECTION).rows;
        Self { run, row: from, end, buffer: Vec::new(), buffered: 0, rows: PhantomData }
    }

    /// Reads the block with number `block` and some after it.
    fn fill(&mut self, block: u64) -> Result<(), RunsError> {
        let span = self.run.layout.span(T::SECTION);
        let end = span.block + self.end.div_ceil(T::SECTION.rows_per_block());
        let blocks = end.saturating_sub(block).min(AHEAD);
        self.buffered = block;
        self.buffer.resize(blocks as usize * BLOCK_LEN, 0); // OK because blocks is small
        self.run.checked(block, &mut self.buffer)
    }

    fn read(&mut self) -> Result<T, RunsError> {
        let per_block = T::SECTION.rows_per_block();
        let block = self.run.layout.span(T::SECTION).block + self.row / per_block;
        if self.held(block).is_none() {
            self.fill(block)?;
        }
        let row = self.held(block).and_then(|bytes| row_in(bytes, self.row % per_block));
        row.ok_or_else(|| self.run.damaged("expected a row, got a shorter block"))
    }

    /// The block with number `block`, where it was read.
    fn held(&self, block: u64) -> Option<&Block> {
        let at = usize::try_from(block.checked_sub(self.buffered)?).ok()?;
        self.buffer.as_chunks::<BLOCK_LEN>().0.get(at)
    }
}

impl<T: Row> Iterator for Sequential<T> {
    type Item = Result<T, RunsError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.row >= self.end {
            return None;
        }
        let row = self.read();
        self.row = if row.is_ok() { self.row + 1 } else { self.end };
        Some(row)
    }
}

/// Rows of several runs in order: those of a run from a row on, then all of the next run. It ends
/// after an error.
pub(super) struct Chained<T> {
    /// Runs still to be read, in reverse, each with the row it begins at.
    left: Vec<(Arc<RunFile>, u64)>,
    current: Option<Sequential<T>>,
}

impl<T: Row> Chained<T> {
    pub(super) fn new(runs: impl DoubleEndedIterator<Item = (Arc<RunFile>, u64)>) -> Self {
        Self { left: runs.rev().collect(), current: None }
    }
}

impl<T: Row> Iterator for Chained<T> {
    type Item = Result<T, RunsError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(row) = self.current.as_mut().and_then(Iterator::next) {
                if row.is_err() {
                    self.left.clear();
                }
                return Some(row);
            }
            let (run, from) = self.left.pop()?;
            self.current = Some(Sequential::new(run, from));
        }
    }
}

/// Whether the run may hold postings with a tag.
pub(super) fn may_hold(run: &RunFile, cache: &Cache, tag: u64) -> Result<bool, RunsError> {
    let span = run.layout.span(Section::Filter);
    if span.rows == 0 {
        return Ok(false);
    }
    let block = run.block(cache, span.block + super::filter::block_of(tag, span.rows))?;
    Ok(super::filter::may_hold(tag, &block[..]))
}
