//! The derived runs of a ledger that is open for writing. They only save time: what they say is checked, and where they are missing, damaged or of
//! another history they are made again. A thread that the writer owns writes them: nobody waits for it but who flushes or closes.

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::base::{Base, Segments};
use super::batcher::Batcher;
use super::placed::Placed;
use super::{LedgerError, RUNS};
use crate::admission::Book;
use crate::runs::{Batch, Runs, Writer};
use crate::store::medium::Medium;

/// Batches that wait to be written; who brings more waits too, so that memory stays bounded.
const QUEUE: usize = 1;

enum Job {
    Batch(Box<Batch>),
    /// Answered, by being dropped, once all before it is done.
    Barrier(SyncSender<()>),
}

/// What the writer and its thread share.
#[derive(Default)]
struct Status {
    /// The runs with the last batch, until the writer takes them.
    latest: Mutex<Option<Runs>>,
    /// Why the files are no longer kept up; opening the ledger makes them again.
    failure: Mutex<Option<LedgerError>>,
}

/// The derived runs of a ledger that is open for writing.
pub(super) struct Derived {
    dir: PathBuf,
    run_statements: usize,
    /// What was handed to the thread.
    batcher: Batcher,
    status: Arc<Status>,
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

impl Derived {
    /// Opens the runs, or begins them; the base over them, where they are of this log.
    pub(super) fn open(
        dir: &Path,
        ledger_id: &[u8; 32],
        run_statements: u32,
        medium: Arc<dyn Medium>,
    ) -> Result<(Self, Option<Base>), LedgerError> {
        let (mut writer, runs) = Writer::open(&dir.join(RUNS), ledger_id, medium)?;
        let base = match runs {
            Some(runs) => Segments::open(dir)?.base(runs)?,
            None => None,
        };
        if base.is_none() {
            writer.reset()?;
        }
        let batcher = base.as_ref().map(Batcher::behind).transpose()?.unwrap_or_default();
        let status = Arc::new(Status::default());
        let (jobs, queue) = sync_channel(QUEUE);
        let shared = Arc::clone(&status);
        let spawned = std::thread::Builder::new().name("pcf-derived".into());
        let thread = spawned.spawn(move || work(writer, &shared, &queue));
        let thread = thread.map_err(|cause| LedgerError::Io { path: dir.join(RUNS), cause })?;
        let derived = Self {
            dir: dir.to_path_buf(),
            run_statements: run_statements as usize,
            batcher,
            status,
            jobs: Some(jobs),
            thread: Some(thread),
        };
        Ok((derived, base))
    }

    /// Hands what was appended since the last time to the thread, once that fills a run, or at all where `all` is asked for.
    pub(super) fn catch_up(&mut self, book: &Book, placed: &Placed, all: bool) -> Result<(), LedgerError> {
        let new = placed.statements().saturating_sub(self.batcher.statements());
        if new == 0 || (!all && new < self.run_statements.max(1)) {
            return Ok(());
        }
        let batch = self.batcher.batch(book, placed)?;
        if let Some(jobs) = &self.jobs {
            // A thread that is gone has said why.
            let _ = jobs.send(Job::Batch(Box::new(batch)));
        }
        Ok(())
    }

    /// The base with the runs that were written since the last time.
    pub(super) fn newer_base(&self) -> Result<Option<Base>, LedgerError> {
        let Some(runs) = held(&self.status.latest).take() else { return Ok(None) };
        Ok(Segments::open(&self.dir)?.base(runs)?)
    }

    /// Waits until everything that was handed over is written.
    pub(super) fn settle(&self) -> Result<(), LedgerError> {
        let (done, wait) = sync_channel(0);
        if let Some(jobs) = &self.jobs
            && jobs.send(Job::Barrier(done)).is_ok()
        {
            // An error means that the barrier was dropped: all before it is done.
            let _ = wait.recv();
        }
        let thread_is_gone = self.thread.as_ref().is_none_or(JoinHandle::is_finished);
        match held(&self.status.failure).take() {
            Some(failure) => Err(failure),
            None if thread_is_gone => {
                let cause = std::io::Error::other("the thread that writes the derived runs ended");
                Err(LedgerError::Io { path: self.dir.join(RUNS), cause })
            }
            None => Ok(()),
        }
    }
}

impl Drop for Derived {
    fn drop(&mut self) {
        self.jobs.take();
        if let Some(thread) = self.thread.take() {
            // There is nobody to tell, and the files promise no durability.
            let _ = thread.join();
        }
    }
}

/// The thread's whole life.
fn work(mut writer: Writer, status: &Status, queue: &Receiver<Job>) {
    while let Ok(job) = queue.recv() {
        let batch = match job {
            Job::Batch(batch) => batch,
            Job::Barrier(done) => {
                drop(done);
                continue;
            }
        };
        let written = writer.flush(*batch).and_then(|mut runs| {
            while writer.merge_step()? {
                if let Some(merged) = writer.runs() {
                    runs = merged.clone();
                }
            }
            Ok(runs)
        });
        match written {
            Ok(runs) => *held(&status.latest) = Some(runs),
            Err(failure) => {
                *held(&status.failure) = Some(failure.into());
                // Nothing more is written: what comes is thrown away, so that nobody waits.
                while queue.recv().is_ok() {}
                return;
            }
        }
    }
}

/// What a mutex guards; a thread that panicked with it left whole values.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
