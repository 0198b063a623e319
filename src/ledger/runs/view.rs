//! An immutable view of the runs that one manifest names: opening it, and rows by number. It never
//! writes.

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use crate::merkle::{Frontier, Hash};
use crate::store::Head;

use super::RunsError;
use super::cache::Cache;
use super::file::{Chained, RunFile};
use super::layout::tiles;
use super::manifest::{self, Manifest};
use super::rows::{EndedRow, Row, SealRow, StatementRow};

/// How often a reader that meets a changing set of files begins anew.
const TRIES: usize = 16;

/// The runs that one manifest names. A clone shares files and cache, and threads may share a view.
///
/// It answers from its own files however the writer goes on, until it is dropped.
#[derive(Clone)]
pub struct Runs {
    view: Arc<View>,
}

struct View {
    manifest: Manifest,
    /// In the manifest's order.
    files: Vec<Arc<RunFile>>,
    cache: Arc<Cache>,
}

impl fmt::Debug for Runs {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (statements, seals, runs) = (self.statements(), self.seals(), self.run_count());
        let mut out = f.debug_struct("Runs");
        out.field("statements", &statements)
            .field("seals", &seals)
            .field("runs", &runs)
            .finish_non_exhaustive()
    }
}

impl Runs {
    /// Opens the runs in `dir`; `None` where there are none of this ledger and layout that are
    /// whole as far as opening looks: manifest, headers and lengths. Blocks are checked as they are
    /// read.
    ///
    /// # Errors
    ///
    /// [`RunsError::Io`] where a file is there and cannot be read.
    pub fn open_reader(dir: &Path, ledger_id: &[u8; 32]) -> Result<Option<Runs>, RunsError> {
        let mut before = None;
        for _ in 0..TRIES {
            let Some(bytes) = manifest::read(dir)? else { return Ok(None) };
            let Some(manifest) = Manifest::decode(&bytes, ledger_id) else { return Ok(None) };
            if let Some(runs) = Self::open(dir, ledger_id, manifest)? {
                return Ok(Some(runs));
            }
            // A writer may have merged runs since the manifest was read; else files are missing or
            // damaged.
            if before.replace(bytes.clone()).is_some_and(|before| before == bytes) {
                return Ok(None);
            }
        }
        Ok(None)
    }

    fn open(dir: &Path, ledger_id: &[u8; 32], manifest: Manifest) -> Result<Option<Runs>, RunsError> {
        let mut files = Vec::with_capacity(manifest.runs.len());
        for entry in &manifest.runs {
            let Some(run) = RunFile::open(dir, ledger_id, *entry)? else { return Ok(None) };
            files.push(Arc::new(run));
        }
        Ok(Some(Self::new(manifest, files, Arc::default())))
    }

    pub(super) fn new(manifest: Manifest, files: Vec<Arc<RunFile>>, cache: Arc<Cache>) -> Self {
        Self { view: Arc::new(View { manifest, files, cache }) }
    }

    pub(super) fn manifest(&self) -> &Manifest {
        &self.view.manifest
    }

    pub(super) fn files(&self) -> &[Arc<RunFile>] {
        &self.view.files
    }

    pub(super) fn shared_cache(&self) -> Arc<Cache> {
        Arc::clone(&self.view.cache)
    }

    pub(super) fn cache(&self) -> &Cache {
        &self.view.cache
    }

    /// Number of statements.
    pub fn statements(&self) -> u32 {
        self.files().last().map_or(0, |run| run.entry.end_statement)
    }

    /// Number of seals.
    pub fn seals(&self) -> u64 {
        self.view.manifest.head.size
    }

    /// Number of files.
    pub fn run_count(&self) -> usize {
        self.files().len()
    }

    /// Length of all files in bytes, without the manifest.
    pub fn bytes(&self) -> u64 {
        self.files().iter().map(|run| run.layout.bytes()).sum()
    }

    /// The log that the runs were derived from: the caller compares it with the store's.
    pub fn head(&self) -> Head {
        self.view.manifest.head
    }

    /// The log's tree, to be continued.
    pub fn frontier(&self) -> &Frontier {
        &self.view.manifest.frontier
    }

    /// Ids of the actors who signed, by number: in order of first use.
    pub fn names(&self) -> &[String] {
        &self.view.manifest.names
    }

    /// The statement with a number.
    ///
    /// # Errors
    ///
    /// [`RunsError::OutOfRange`] beyond [`Runs::statements`], [`RunsError::Damaged`],
    /// [`RunsError::Io`].
    pub fn statement(&self, number: u32) -> Result<StatementRow, RunsError> {
        let end = u64::from(self.statements());
        self.row(u64::from(number), "number of a statement", end, statements_of)
    }

    /// The statements from a number on, in order; read past the cache. The iterator ends after an
    /// error.
    pub fn statements_from(
        &self,
        number: u32,
    ) -> impl Iterator<Item = Result<StatementRow, RunsError>> + Send + use<> {
        self.rows_from(u64::from(number), statements_of)
    }

    /// The seal with a log index.
    ///
    /// # Errors
    ///
    /// [`RunsError::OutOfRange`] beyond [`Runs::seals`], [`RunsError::Damaged`], [`RunsError::Io`].
    pub fn seal(&self, index: u64) -> Result<SealRow, RunsError> {
        self.row(index, "log index of a seal", self.seals(), seals_of)
    }

    /// The seals from a log index on, in order; read past the cache. The iterator ends after an
    /// error.
    pub fn seals_from(&self, index: u64) -> impl Iterator<Item = Result<SealRow, RunsError>> + Send + use<> {
        self.rows_from(index, seals_of)
    }

    /// Number of the first statement that is under the seal with this log index or a later one. For
    /// the number of seals it is the number of statements.
    ///
    /// # Errors
    ///
    /// As [`Runs::seal`].
    pub fn first_statement(&self, index: u64) -> Result<u32, RunsError> {
        if index == self.seals() { Ok(self.statements()) } else { Ok(self.seal(index)?.first) }
    }

    /// The leaf hashes of seals, by log index.
    ///
    /// # Errors
    ///
    /// As [`Runs::seal`].
    pub fn leaves(&self, indices: Range<u64>) -> Result<Vec<Hash>, RunsError> {
        if indices.end > self.seals() {
            let (end, got) = (self.seals(), indices.end);
            return Err(RunsError::OutOfRange {
                what: "end of a range of seals",
                end: end.saturating_add(1),
                got,
            });
        }
        let mut seals = self.seals_from(indices.start);
        indices.map_while(|_| seals.next()).map(|seal| seal.map(|seal| seal.leaf)).collect()
    }

    /// The root over the seals 256 `number` to 256 `number` + 255: a complete subtree of the log.
    ///
    /// # Errors
    ///
    /// [`RunsError::OutOfRange`] where the subtree is not complete, [`RunsError::Damaged`],
    /// [`RunsError::Io`].
    pub fn tile(&self, number: u64) -> Result<Hash, RunsError> {
        self.row(number, "number of a complete tile", tiles(self.seals()), tiles_of)
    }

    /// All ended statements: run by run, oldest first, in a run by statement and cause. For a
    /// statement that comes several times, the first row counts.
    pub fn ended_all(&self) -> impl Iterator<Item = Result<EndedRow, RunsError>> + Send + use<> {
        Chained::new(self.files().iter().map(|run| (Arc::clone(run), 0)))
    }

    /// The row with a number over all runs; `range` says which of them a run has.
    fn row<T: Row>(
        &self,
        number: u64,
        what: &'static str,
        end: u64,
        range: fn(&RunFile) -> Range<u64>,
    ) -> Result<T, RunsError> {
        let at = self.files().partition_point(|run| range(run).end <= number);
        match self.files().get(at) {
            Some(run) => run.row(self.cache(), number.saturating_sub(range(run).start)),
            None => Err(RunsError::OutOfRange { what, end, got: number }),
        }
    }

    fn rows_from<T: Row>(&self, number: u64, range: fn(&RunFile) -> Range<u64>) -> Chained<T> {
        let at = self.files().partition_point(|run| range(run).end <= number);
        let runs = self.files().get(at..).unwrap_or_default().iter();
        Chained::new(runs.map(|run| (Arc::clone(run), number.saturating_sub(range(run).start))))
    }
}

fn statements_of(run: &RunFile) -> Range<u64> {
    u64::from(run.entry.first_statement)..u64::from(run.entry.end_statement)
}

fn seals_of(run: &RunFile) -> Range<u64> {
    run.entry.first_seal..run.entry.end_seal
}

fn tiles_of(run: &RunFile) -> Range<u64> {
    tiles(run.entry.first_seal)..tiles(run.entry.end_seal)
}
