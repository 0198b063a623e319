//! The one writer of a directory of runs: adds runs, merges them, replaces the manifest. It decides
//! the order in which files become durable and visible; what is in them others know.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::codec::digest::sha256;
use crate::store::medium::Medium;
use crate::stored::StoredRunFile;

use super::batch::{Batch, Reach};
use super::build::{Builder, Place};
use super::cache::Cache;
use super::file::{RunFile, SUFFIX};
use super::manifest::{DRAFT_NAME, FILE_NAME, Manifest};
use super::{Runs, RunsError, merge};

/// Writes the runs of one ledger; there is one at a time, which the ledger's lock sees to.
///
/// A failed write or sync ends it: every later call is [`RunsError::Poisoned`] until
/// [`Writer::reset`] or until the directory is opened again. The files are then the old set or the
/// new one.
pub struct Writer {
    place: Place,
    ledger_id: [u8; 32],
    current: Option<Runs>,
    poisoned: bool,
}

impl std::fmt::Debug for Writer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut out = f.debug_struct("Writer");
        out.field("current", &self.current).field("poisoned", &self.poisoned).finish_non_exhaustive()
    }
}

impl Writer {
    /// Opens the runs in `dir`, which is made where it is not there, and removes files of
    /// unfinished work. Where there are no usable runs of this ledger, everything of runs in `dir`
    /// is removed and the view is `None`.
    ///
    /// # Errors
    ///
    /// [`RunsError::Io`].
    pub fn open(
        dir: &Path,
        ledger_id: &[u8; 32],
        medium: Arc<dyn Medium>,
    ) -> Result<(Writer, Option<Runs>), RunsError> {
        medium.create_dir(dir).map_err(RunsError::io("create", dir))?;
        let current = Runs::open_reader(dir, ledger_id)?;
        let place = Place::Kept { dir: dir.to_path_buf(), medium };
        let mut writer = Writer { place, ledger_id: *ledger_id, current, poisoned: false };
        match &writer.current {
            Some(_) => writer.remove_unnamed()?,
            None => writer.reset()?,
        }
        let current = writer.current.clone();
        Ok((writer, current))
    }

    /// Begins runs in files without a name in `dir`, which must be there: nobody else can open
    /// them, and they are gone with this process. Nothing is synced and there is no manifest.
    pub fn scratch(dir: &Path, ledger_id: &[u8; 32]) -> Writer {
        let place = Place::Scratch { dir: dir.to_path_buf() };
        Writer { place, ledger_id: *ledger_id, current: None, poisoned: false }
    }

    /// The runs as they are now; `None` before the first flush.
    pub fn runs(&self) -> Option<&Runs> {
        self.current.as_ref()
    }

    /// Adds one run with all that the batch has, and gives the view with it. An empty batch adds no
    /// run.
    ///
    /// # Errors
    ///
    /// [`RunsError::Batch`] where the batch does not continue the runs: nothing was written.
    /// [`RunsError::Io`], [`RunsError::Manifest`], [`RunsError::Poisoned`].
    pub fn flush(&mut self, mut batch: Batch) -> Result<Runs, RunsError> {
        if self.poisoned {
            return Err(RunsError::Poisoned);
        }
        let from = Reach::of(self.current.as_ref());
        // An audit gives seals without statements: what they seal was refused or is lost.
        let to = batch.arrange(from, matches!(self.place, Place::Kept { .. }))?;
        self.poisoned = true;
        let runs = self.add(batch, from, to)?;
        self.poisoned = false;
        Ok(runs)
    }

    /// Merges eight neighbours of one size class into one run, if there are as many; else it does
    /// nothing and says false. Views that were given out before stay usable.
    ///
    /// # Errors
    ///
    /// [`RunsError::Damaged`] where a run that is merged is damaged; [`RunsError::Io`],
    /// [`RunsError::Manifest`], [`RunsError::Poisoned`].
    pub fn merge_step(&mut self) -> Result<bool, RunsError> {
        if self.poisoned {
            return Err(RunsError::Poisoned);
        }
        let Some(current) = self.current.clone() else { return Ok(false) };
        // OK because the manifest was checked: a run ends after it begins
        let counts = |run: &Arc<RunFile>| run.entry.end_statement - run.entry.first_statement;
        let Some(group) = merge::next_group(&current.files().iter().map(counts).collect::<Vec<_>>()) else {
            return Ok(false);
        };
        let merged = current.files().get(group.clone()).unwrap_or_default();
        let Some(entry) = merge::entry_of(merged) else { return Ok(false) };
        self.poisoned = true;
        let builder = Builder::create(&self.place, &self.ledger_id, self.named(entry, current.head().root))?;
        merge::write(&builder, merged)?;
        let run = builder.finish()?;
        let mut files = current.files().to_vec();
        files.splice(group, [Arc::new(run)]);
        self.publish(current.manifest().clone(), files, current.shared_cache())?;
        if let Place::Kept { medium, .. } = &self.place {
            for run in merged {
                medium.remove(run.path()).map_err(RunsError::io("remove", run.path()))?;
            }
        }
        self.poisoned = false;
        Ok(true)
    }

    /// Removes all runs and the manifest; the next batch begins with the genesis.
    ///
    /// # Errors
    ///
    /// [`RunsError::Io`]; the writer is then poisoned.
    pub fn reset(&mut self) -> Result<(), RunsError> {
        (self.current, self.poisoned) = (None, true);
        if let Place::Kept { dir, medium } = &self.place {
            let manifest = dir.join(FILE_NAME);
            match medium.remove(&manifest) {
                Err(error) if error.kind() != ErrorKind::NotFound => {
                    return Err(RunsError::io("remove", &manifest)(error));
                }
                _ => medium.sync_dir(dir).map_err(RunsError::io("sync", dir))?,
            }
        }
        self.remove_unnamed()?;
        self.poisoned = false;
        Ok(())
    }

    /// Writes a batch that was checked.
    fn add(&mut self, batch: Batch, from: Reach, to: Reach) -> Result<Runs, RunsError> {
        let current = self.current.as_ref();
        let mut files = current.map(|runs| runs.files().to_vec()).unwrap_or_default();
        let cache = current.map(Runs::shared_cache).unwrap_or_default();
        let mut names = current.map(|runs| runs.names().to_vec()).unwrap_or_default();
        names.extend(batch.new_names);
        let manifest = Manifest { head: batch.head, frontier: batch.frontier, names, runs: Vec::new() };
        if !batch.statements.is_empty() {
            let entry = StoredRunFile {
                name: [0; 16],
                first_statement: from.statements,
                end_statement: to.statements,
                first_seal: from.seals,
                end_seal: to.seals,
                postings: batch.postings.len() as u64, // OK because a usize has at most 64 bits
                ended: batch.ended.len() as u64,       // OK, as above
            };
            let builder =
                Builder::create(&self.place, &self.ledger_id, self.named(entry, manifest.head.root))?;
            builder.section(batch.statements.into_iter().map(Ok))?;
            builder.section(batch.seals.into_iter().map(Ok))?;
            builder.section(batch.tiles.into_iter().map(Ok))?;
            builder.postings(batch.postings.into_iter().map(Ok))?;
            builder.section(batch.ended.into_iter().map(Ok))?;
            files.push(Arc::new(builder.finish()?));
        }
        self.publish(manifest, files, cache)
    }

    /// Names the files in the manifest, unless it says the same, and makes them the current view.
    fn publish(
        &mut self,
        mut manifest: Manifest,
        files: Vec<Arc<RunFile>>,
        cache: Arc<Cache>,
    ) -> Result<Runs, RunsError> {
        manifest.runs = files.iter().map(|run| run.entry).collect();
        if self.current.as_ref().is_none_or(|current| *current.manifest() != manifest)
            && let Place::Kept { dir, medium } = &self.place
        {
            manifest.write(dir, &self.ledger_id, medium.as_ref())?;
        }
        let runs = Runs::new(manifest, files, cache);
        self.current = Some(runs.clone());
        Ok(runs)
    }

    /// The run with its name: one history of the log gives the same name only to the same run.
    fn named(&self, run: StoredRunFile, root: [u8; 32]) -> StoredRunFile {
        let statements = [run.first_statement.to_le_bytes(), run.end_statement.to_le_bytes()].concat();
        let seals = [run.first_seal.to_le_bytes(), run.end_seal.to_le_bytes()].concat();
        let sum = sha256(&[b"pcf run name", &self.ledger_id, &statements, &seals, &root]);
        StoredRunFile { name: sum.first_chunk().copied().unwrap_or_default(), ..run }
    }

    /// Removes runs that the manifest does not name, and a draft of a manifest.
    fn remove_unnamed(&self) -> Result<(), RunsError> {
        let Place::Kept { dir, medium } = &self.place else { return Ok(()) };
        let named: Vec<&Path> = match &self.current {
            Some(current) => current.files().iter().map(|run| run.path()).collect(),
            None => Vec::new(),
        };
        let mut unnamed: Vec<PathBuf> = Vec::new();
        for file in fs::read_dir(dir).map_err(RunsError::io("read", dir))? {
            let path = file.map_err(RunsError::io("read", dir))?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if (name.ends_with(SUFFIX) || name == DRAFT_NAME) && !named.contains(&path.as_path()) {
                unnamed.push(path);
            }
        }
        unnamed.sort();
        unnamed.iter().try_for_each(|path| medium.remove(path).map_err(RunsError::io("remove", path)))
    }
}
