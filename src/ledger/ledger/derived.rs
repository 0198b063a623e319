//! The derived runs of a ledger that is open for writing. They only save time: what they say is
//! checked, and where they are missing, damaged or of another history they are made again. A thread
//! that the writer owns writes them: nobody waits for it but who flushes or closes.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::base::Base;
use super::batcher::{Batcher, head_of};
use super::placed::Placed;
use super::recent::{Parts, Recent};
use super::segments::Segments;
use super::{INDEX, LedgerError, RUNS};
use crate::admission::Book;
use crate::runs::{Batch, Runs, Writer};
use crate::store::medium::Disk;
use crate::stored::StoredPart;

/// Batches that wait to be written; who brings more waits too, so that memory stays bounded.
const QUEUE: usize = 1;
/// Statements that are handed to the index at one time, at least.
const RECENT_MIN: usize = 1024;

enum Job {
    Batch(Box<Batch>),
    /// Submissions behind the last batch.
    Recent(Parts),
    /// Answered, by being dropped, once all before it is done.
    Barrier(SyncSender<()>),
}

/// What the writer and its thread share.
#[derive(Default)]
struct Status {
    /// The runs with the last batch, until the writer takes them.
    latest: Mutex<Option<Runs>>,
    /// True while the thread is at work; only a hint, so nothing is ordered by it.
    busy: AtomicBool,
    /// Why the files are no longer kept up; opening the ledger makes them again.
    failure: Mutex<Option<LedgerError>>,
}

/// The derived runs of a ledger that is open for writing.
pub(super) struct Derived {
    dir: PathBuf,
    run_statements: u32,
    /// What was handed to the thread for the runs, and for the index.
    batcher: Batcher,
    recent: (usize, u64),
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
    ) -> Result<(Self, Option<Base>, Vec<StoredPart>), LedgerError> {
        let (mut writer, runs) = Writer::open(&dir.join(RUNS), ledger_id, Arc::new(Disk))?;
        let base = match runs {
            Some(runs) => Segments::open(dir)?.base(runs)?,
            None => None,
        };
        if base.is_none() {
            writer.reset()?;
        }
        let recent = Recent::open(&dir.join(INDEX), ledger_id)?;
        let parts = recent.parts();
        let batcher = base.as_ref().map(Batcher::behind).transpose()?.unwrap_or_default();
        let status = Arc::new(Status::default());
        let (jobs, queue) = sync_channel(QUEUE);
        let shared = Arc::clone(&status);
        let spawned = std::thread::Builder::new().name("pcf-derived".into());
        let thread = spawned.spawn(move || work(writer, recent, &shared, &queue));
        let thread = thread.map_err(|cause| LedgerError::Io { path: dir.join(RUNS), cause })?;
        let derived = Self {
            dir: dir.to_path_buf(),
            run_statements,
            recent: (batcher.statements(), batcher.seals()),
            batcher,
            status,
            jobs: Some(jobs),
            thread: Some(thread),
        };
        Ok((derived, base, parts))
    }

    /// After how many statements a run is written.
    pub(super) const fn run_statements(&self) -> u32 {
        self.run_statements
    }

    /// Hands what was appended since the last time to the thread, once that fills a run, or at all
    /// where `all` is asked for.
    pub(super) fn catch_up(&mut self, book: &Book, placed: &Placed, all: bool) -> Result<(), LedgerError> {
        let new = placed.statements().saturating_sub(self.batcher.statements());
        if new == 0 {
            return Ok(());
        }
        if !all && new < self.run_statements.max(1) as usize {
            return self.hand_over_recent(book, placed);
        }
        let batch = self.batcher.batch(book, placed)?;
        if let Some(jobs) = &self.jobs {
            // A thread that is gone has said why.
            let _ = jobs.send(Job::Batch(Box::new(batch)));
        }
        Ok(())
    }

    /// Hands the newest submissions to the thread for the index, where there are enough of them and
    /// it has time.
    fn hand_over_recent(&mut self, book: &Book, placed: &Placed) -> Result<(), LedgerError> {
        let (statements, seals) =
            (self.recent.0.max(self.batcher.statements()), self.recent.1.max(self.batcher.seals()));
        if placed.statements() - statements < RECENT_MIN || self.status.busy.load(Ordering::Relaxed) {
            return Ok(());
        }
        let parts = Parts::of(book, placed, seals, head_of(placed, book)?)?;
        self.recent = (placed.statements(), placed.seals());
        if let Some(jobs) = &self.jobs {
            // A thread that is gone has said why.
            let _ = jobs.send(Job::Recent(parts));
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
fn work(mut writer: Writer, mut recent: Recent, status: &Status, queue: &Receiver<Job>) {
    while let Ok(job) = queue.recv() {
        status.busy.store(true, Ordering::Relaxed);
        let done = match job {
            Job::Batch(batch) => write(&mut writer, &mut recent, *batch, status),
            Job::Recent(parts) => recent.add(&parts),
            Job::Barrier(done) => {
                drop(done);
                Ok(())
            }
        };
        status.busy.store(false, Ordering::Relaxed);
        if let Err(failure) = done {
            *held(&status.failure) = Some(failure);
            // Nothing more is written: what comes is thrown away, so that nobody waits.
            while queue.recv().is_ok() {}
            return;
        }
    }
}

/// Adds a run and merges what there is to merge; the index need not keep any longer what the runs
/// hold.
fn write(writer: &mut Writer, recent: &mut Recent, batch: Batch, status: &Status) -> Result<(), LedgerError> {
    let head = batch.head;
    let mut runs = writer.flush(batch)?;
    while writer.merge_step()? {
        runs = writer.runs().cloned().unwrap_or(runs);
    }
    *held(&status.latest) = Some(runs);
    recent.clear(head)
}

/// What a mutex guards; a thread that panicked with it left whole values.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
