//! The derived files of a ledger: leaf hashes, entries and index. They only save time: what they say is checked against the store, and
//! where they are missing, damaged or of another history they are thrown away and made again. They are written behind the writer's
//! back, by a thread that the writer owns: nobody waits for them but who flushes or closes.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use super::entries::{self, Kept, Loaded};
use super::postings::{self, Filling, Posting};
use super::{Ledger, LedgerError};
use crate::merkle::{Frontier, Hash};
use crate::store::index::Index;
use crate::store::leaves::Leaves;
use crate::store::runs::Runs;
use crate::store::{Head, Reader};
use crate::stored::{self, StoredRun};

/// How many statements the derived files may lag behind before they are brought up to date.
pub(super) const LAG_MAX: usize = 4096;
/// Batches that wait to be written; who brings more waits too, so that memory stays bounded.
const QUEUE: usize = 4;

/// What is written at one time: everything since the batch before, up to the end of a submission.
struct Batch {
    runs: Vec<StoredRun>,
    leaves: Vec<Hash>,
    postings: Vec<Posting>,
    /// Statements in the log with this batch.
    statements: u32,
    head: Head,
}

enum Job {
    Batch(Batch),
    /// Answered, by being dropped, once all before it is done.
    Barrier(SyncSender<()>),
}

/// What the writer and its thread share.
#[derive(Default)]
struct Status {
    /// None until the thread has opened it, and where it cannot be used.
    index: Mutex<Option<Index>>,
    /// Runs of postings that are complete in the index.
    complete: AtomicU32,
    /// Why the files are no longer kept up; opening the ledger makes them again.
    failure: Mutex<Option<LedgerError>>,
}

/// The derived files of a ledger that is open for writing.
pub(super) struct Derived {
    dir: PathBuf,
    ledger_id: [u8; 32],
    run_statements: u32,
    kept: Kept,
    /// Leaf hashes in their file.
    leaves: usize,
    status: Arc<Status>,
    jobs: Option<SyncSender<Job>>,
    thread: Option<JoinHandle<()>>,
}

/// The files, in the hands of the thread.
struct Files {
    dir: PathBuf,
    ledger_id: [u8; 32],
    runs: Runs,
    leaves: Leaves,
    filling: Filling,
    status: Arc<Status>,
}

/// Reads the derived files beside a store; `None` where they cannot be used.
pub(super) fn read<S: Reader>(dir: &Path, store: &S) -> Option<Loaded> {
    let (dir, ledger_id) = (dir.join("log"), store.ledger_id());
    load(&Runs::open_reader(&dir, &ledger_id).ok()?, &Leaves::open_reader(&dir, &ledger_id).ok()?, store)
}

fn load<S: Reader>(runs: &Runs, leaves: &Leaves, store: &S) -> Option<Loaded> {
    entries::load(runs, leaves.read(0..leaves.len()).ok()?, runs.bytes().ok()?, store)
}

impl Derived {
    /// Opens the files, or begins them, and reads what they hold.
    pub(super) fn open<S: Reader>(
        dir: &Path,
        store: &S,
        run_statements: u32,
    ) -> Result<(Self, Option<Loaded>), LedgerError> {
        let (log, ledger_id) = (dir.join("log"), store.ledger_id());
        // A damaged derived file is not an error: it is made again from the segments.
        let mut runs = Runs::open(&log, &ledger_id).or_else(|_| Runs::reset(&log, &ledger_id))?;
        let mut leaves = Leaves::open(&log, &ledger_id).or_else(|_| Leaves::reset(&log, &ledger_id))?;
        let loaded = load(&runs, &leaves, store);
        let kept = loaded.as_ref().map(|loaded| loaded.kept.clone()).unwrap_or_default();
        match &loaded {
            Some(_) => runs.cut(kept.end)?,
            None => (runs, leaves) = (Runs::reset(&log, &ledger_id)?, Leaves::reset(&log, &ledger_id)?),
        }
        let size = loaded.as_ref().map_or(0, |loaded| loaded.leaves.len());
        leaves.cut(size as u64)?; // OK because a usize has at most 64 bits
        let status = Arc::new(Status::default());
        let filling = Filling::new(run_statements, 0);
        let run_statements = filling.run_statements();
        let files =
            Files { dir: dir.join("index"), ledger_id, runs, leaves, filling, status: Arc::clone(&status) };
        let known = loaded.as_ref().map(|loaded| loaded.postings.clone()).unwrap_or_default();
        let entries = loaded.as_ref().map_or(0, |loaded| loaded.book.entries().len());
        let head = loaded.as_ref().and_then(|loaded| {
            let position = *loaded.ends.last()?;
            Some(Head { size: loaded.book.size(), root: loaded.book.root(), position })
        });
        let statements = u32::try_from(entries).unwrap_or(u32::MAX); // OK: memory ends long before
        let (jobs, queue) = sync_channel(QUEUE);
        let spawned = std::thread::Builder::new().name("pcf-derived".into());
        let thread = spawned.spawn(move || files.work(known, statements, head, &queue));
        let thread = thread.map_err(|cause| LedgerError::Io { path: dir.join("index"), cause })?;
        let (dir, jobs, thread) = (dir.to_path_buf(), Some(jobs), Some(thread));
        Ok((Self { dir, ledger_id, run_statements, kept, leaves: size, status, jobs, thread }, loaded))
    }

    /// Hands what was appended since the last time to the thread, once at least `lag` statements are missing.
    pub(super) fn catch_up<S>(&mut self, ledger: &mut Ledger<S>, lag: usize) {
        let Ledger { book, leaves, positions, ends, recent, .. } = ledger;
        // The book may hold more than what is written.
        let (entries, size) = (positions.len(), ends.len() as u64); // OK: at most 64 bits
        if entries.saturating_sub(self.kept.entries) < lag.max(1) {
            return;
        }
        let Some((position, root)) = ends.last().zip(book.root_at(size)) else { return };
        let head = Head { size, root, position: *position };
        let from = recent.all().partition_point(|(_, number)| (*number as usize) < self.kept.entries);
        let (runs, kept) = entries::runs_after(&self.kept, book, positions, ends);
        let batch = Batch {
            runs,
            leaves: leaves.get(self.leaves..).unwrap_or_default().to_vec(),
            postings: recent.all().get(from..).unwrap_or_default().to_vec(),
            statements: u32::try_from(entries).unwrap_or(u32::MAX), // OK: memory ends long before
            head,
        };
        (self.kept, self.leaves) = (kept, leaves.len());
        if let Some(jobs) = &self.jobs {
            // A thread that is gone has said why.
            let _ = jobs.send(Job::Batch(batch));
        }
        // What the index holds need not be kept in memory.
        recent.forget_before(self.complete().saturating_mul(self.run_statements));
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
                let cause = std::io::Error::other("the thread that writes the derived files ended");
                Err(LedgerError::Io { path: self.dir.join("index"), cause })
            }
            None => Ok(()),
        }
    }

    fn complete(&self) -> u32 {
        self.status.complete.load(Ordering::Acquire)
    }

    /// The numbers of the statements with a tag that are no longer in memory; which those are, the caller knows.
    pub(super) fn numbers(&self, tag: u64) -> Result<Vec<u32>, LedgerError> {
        if self.complete() == 0 {
            return Ok(Vec::new());
        }
        if let Some(index) = held(&self.status.index).as_ref()
            && let Ok(Some(numbers)) = postings::numbers_in(index, self.run_statements, tag)
        {
            return Ok(numbers);
        }
        // The index broke since it was opened. The entries say the same, more slowly.
        self.settle()?;
        let runs = Runs::open_reader(&self.dir.join("log"), &self.ledger_id)?;
        Ok(entries::numbers_with(&runs, tag)?)
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

impl Files {
    /// The thread's whole life.
    fn work(mut self, known: Vec<Posting>, statements: u32, head: Option<Head>, queue: &Receiver<Job>) {
        let mut done = self.begin(&known, statements, head);
        drop(known);
        loop {
            if let Err(failure) = done {
                *held(&self.status.failure) = Some(failure);
                // Nothing more is written: what comes is thrown away, so that nobody waits.
                while queue.recv().is_ok() {}
                return;
            }
            done = match queue.recv() {
                Ok(Job::Batch(batch)) => self.take(&batch),
                Ok(Job::Barrier(done)) => {
                    drop(done);
                    Ok(())
                }
                Err(_) => return,
            };
        }
    }

    /// Opens the index, compares it with the log, and brings it to where the other files are.
    fn begin(&mut self, known: &[Posting], statements: u32, head: Option<Head>) -> Result<(), LedgerError> {
        let usable = Index::open(&self.dir, &self.ledger_id).ok().and_then(|index| {
            let complete = postings::complete_in(&index).ok()?;
            self.fits(&index, complete, statements).then_some((index, complete))
        });
        let (index, complete) = match usable {
            Some(usable) => usable,
            None => (Index::reset(&self.dir, &self.ledger_id)?, 0),
        };
        self.filling = Filling::new(self.filling.run_statements(), complete);
        *held(&self.status.index) = Some(index);
        self.status.complete.store(complete, Ordering::Release);
        match head {
            Some(head) => self.post(known, statements, head),
            None => Ok(()),
        }
    }

    /// Whether the index is one of this very history, and not of a longer one.
    fn fits(&self, index: &Index, complete: u32, statements: u32) -> bool {
        let Some(watermark) = index.watermark() else { return complete == 0 };
        let Ok(leaves) = self.leaves.read(0..watermark.size) else { return false };
        let same = Frontier::from_leaves(&leaves).root() == watermark.root;
        same && complete <= statements / self.filling.run_statements()
    }

    fn take(&mut self, batch: &Batch) -> Result<(), LedgerError> {
        self.leaves.append(&batch.leaves)?;
        for run in &batch.runs {
            self.runs.append(&stored::write(run)?)?;
        }
        self.post(&batch.postings, batch.statements, batch.head)
    }

    /// Takes in postings; complete runs go to the index, with the watermark in the same batch.
    fn post(&mut self, postings: &[Posting], statements: u32, head: Head) -> Result<(), LedgerError> {
        let changes = self.filling.take(postings, statements)?;
        if changes.is_empty() {
            return Ok(());
        }
        if let Some(index) = held(&self.status.index).as_mut() {
            index.apply(&changes, head)?;
            index.flush()?;
        }
        self.status.complete.store(self.filling.complete(), Ordering::Release);
        Ok(())
    }
}

/// What a mutex guards; a thread that panicked with it left whole values.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
