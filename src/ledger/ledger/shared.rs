//! One ledger, many who submit: submissions that wait at the same time are admitted one knowing the one before, written together, and
//! share the price of durability. There is no thread of its own: whoever finds the ledger free writes for all who wait, and a few groups more
//! for those who come meanwhile. Groups follow each other, they never overlap.

use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::opened::Opened;
use super::{Ledger, LedgerError, Receipt, Submission};
use crate::limits::{SUBMISSION_BYTES_MAX, wide};
use crate::model::Statement;
use crate::sign::SigningKey;
use crate::store::{AppendError, Store};

/// A ledger that many threads may submit to; cloning gives another handle to the same one.
///
/// A failed write or sync ends it: everyone who waits is told that nothing is known, everyone after is refused, until the ledger is
/// opened again.
pub struct Shared<S> {
    inner: Arc<Inner<S>>,
    ledger_id: [u8; 32],
}

struct Inner<S> {
    state: Mutex<State<S>>,
    /// For those who only look. Whoever submits is told in person.
    changed: Condvar,
}

struct State<S> {
    /// None while somebody writes.
    ledger: Option<Ledger<S>>,
    /// In the order in which they came.
    waiting: Vec<(Opened<Submission>, Sender<Word>)>,
    poisoned: bool,
}

/// What somebody who waits is told.
enum Word {
    /// What became of the submission.
    Answer(Result<Receipt, LedgerError>),
    /// The ledger is free: write for all who wait. It may be gone again when this is heard.
    Free,
}

/// Groups that one writes for all before another takes over. To wake that one takes a fifth of the time in which a group is written, and the
/// one who writes hears its own answer only then.
const GROUPS_MAX: usize = 8;
/// A group with more bytes of statements than this is written by one of those who wait for it: next to writing it the waking takes no time, and
/// the one who wrote before can prepare the next submission beside it.
const OTHERS_BYTES_MAX: u64 = 1 << 17;

impl<S> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), ledger_id: self.ledger_id }
    }
}

impl<S: Store> Shared<S> {
    /// Shares a ledger that is open for writing.
    pub fn new(ledger: Ledger<S>) -> Self {
        let ledger_id = ledger.store.ledger_id();
        let state = State { poisoned: ledger.poisoned, ledger: Some(ledger), waiting: Vec::new() };
        Self { inner: Arc::new(Inner { state: Mutex::new(state), changed: Condvar::new() }), ledger_id }
    }

    /// Appends a submission that somebody signed; returns once it is durable. It lands whole or not at all.
    ///
    /// # Errors
    /// As [`Ledger::submit`]. `Unknown` comes to everyone who waits when a write fails; later ones get `Poisoned`.
    pub fn submit(&self, submission: Submission) -> Result<Receipt, LedgerError> {
        // Hashing, checking and reading need no log: everyone does it for themselves, and alone where others are at work as well.
        let threads = if self.is_writing() { 1 } else { usize::MAX };
        let opened = Opened::open_on(submission, threads)?;
        let (sender, words) = mpsc::channel();
        let mut state = self.lock();
        if state.poisoned {
            return Err(AppendError::Poisoned.into());
        }
        state.waiting.push((opened, sender));
        self.write_for_all(state);
        loop {
            match words.recv() {
                Ok(Word::Answer(answer)) => return answer,
                Ok(Word::Free) => self.write_for_all(self.lock()),
                // Whoever was to write is gone.
                Err(_) => return Err(unknown()),
            }
        }
    }

    /// Signs statements and appends them as one submission.
    ///
    /// # Errors
    /// As [`Shared::submit`], and [`LedgerError::Codec`] for a statement whose parts do not fit.
    pub fn append(
        &self,
        key: &SigningKey,
        signed_at_s: u64,
        statements: &[Statement],
    ) -> Result<Receipt, LedgerError> {
        self.submit(Submission::sign(key, self.ledger_id, signed_at_s, statements)?)
    }

    /// Looks at the ledger between two groups: everything in it is durable.
    ///
    /// # Errors
    /// [`LedgerError::Append`] with `Poisoned` once a write failed.
    pub fn look<T>(&self, look: impl FnOnce(&Ledger<S>) -> T) -> Result<T, LedgerError> {
        let mut state = self.lock();
        loop {
            match &state.ledger {
                _ if state.poisoned => return Err(AppendError::Poisoned.into()),
                Some(ledger) => return Ok(look(ledger)),
                None => state = self.inner.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            }
        }
    }

    /// How many submissions wait for the group that is being written to end.
    pub fn waiting(&self) -> usize {
        self.lock().waiting.len()
    }

    /// Whether a group is being written.
    pub fn is_writing(&self) -> bool {
        self.lock().ledger.is_none()
    }

    /// The ledger itself, where this is its last handle.
    pub fn into_ledger(self) -> Option<Ledger<S>> {
        let inner = Arc::into_inner(self.inner)?;
        inner.state.into_inner().unwrap_or_else(PoisonError::into_inner).ledger
    }

    /// Where the ledger is free: writes and answers for all who wait, and for those who come meanwhile, a few groups long.
    fn write_for_all<'s>(&'s self, mut state: MutexGuard<'s, State<S>>) {
        if state.waiting.is_empty() {
            return;
        }
        let Some(mut ledger) = state.ledger.take() else { return };
        for _ in 0..GROUPS_MAX {
            let group = state.next_group();
            drop(state);
            self.write_group(&mut ledger, group);
            state = self.lock();
            if ledger.poisoned || state.waiting.is_empty() || state.waiting_bytes() > OTHERS_BYTES_MAX {
                break;
            }
        }
        if ledger.poisoned {
            state.end();
        }
        state.ledger = Some(ledger);
        if let Some((_, next)) = state.waiting.first() {
            tell(next, Word::Free);
        }
        drop(state);
        self.inner.changed.notify_all();
    }

    fn write_group(&self, ledger: &mut Ledger<S>, group: Vec<(Opened<Submission>, Sender<Word>)>) {
        let (group, senders): (Vec<_>, Vec<_>) = group.into_iter().unzip();
        // Where this panics, those who wait must hear of it.
        let leader = Leader { shared: self };
        let mut submitted = ledger.submit_group(group);
        std::mem::forget(leader);
        for (sender, answer) in senders.iter().zip(submitted.answers.drain(..)) {
            tell(sender, Word::Answer(answer));
        }
    }

    fn lock(&self) -> MutexGuard<'_, State<S>> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> State<S> {
    /// Takes as many of those who wait as one group may have.
    fn next_group(&mut self) -> Vec<(Opened<Submission>, Sender<Word>)> {
        let count = group_len(&self.waiting);
        self.waiting.drain(..count).collect()
    }

    /// Bytes of the statements that wait.
    fn waiting_bytes(&self) -> u64 {
        self.waiting.iter().map(|(opened, _)| bytes_of(opened)).sum()
    }

    /// Nobody is admitted any more, and whoever waits does not wait for ever.
    fn end(&mut self) {
        self.poisoned = true;
        for (_, sender) in self.waiting.drain(..) {
            tell(&sender, Word::Answer(Err(unknown())));
        }
    }
}

/// Nobody leaves before the answer, so that there is always somebody who hears this.
fn tell(sender: &Sender<Word>, word: Word) {
    drop(sender.send(word));
}

/// Who writes for all. Dropped only where that one panics.
struct Leader<'a, S: Store> {
    shared: &'a Shared<S>,
}

impl<S: Store> Drop for Leader<'_, S> {
    fn drop(&mut self) {
        self.shared.lock().end();
        self.shared.inner.changed.notify_all();
    }
}

/// How many of those who wait make one group: its statements are in memory at the same time.
fn group_len(waiting: &[(Opened<Submission>, Sender<Word>)]) -> usize {
    let mut bytes = 0_u64;
    let fits = |(opened, _): &&(Opened<Submission>, Sender<Word>)| {
        bytes += bytes_of(opened);
        bytes <= wide(SUBMISSION_BYTES_MAX)
    };
    waiting.iter().take_while(fits).count().max(1).min(waiting.len())
}

fn bytes_of(opened: &Opened<Submission>) -> u64 {
    let len: usize = opened.submission.statements.iter().map(Vec::len).sum();
    len as u64 // OK because a usize has at most 64 bits
}

fn unknown() -> LedgerError {
    let cause = std::io::Error::other("the write before it failed");
    let cause =
        crate::store::StoreError::Io { action: "append to", file: "the ledger".into(), source: cause };
    AppendError::Unknown(cause).into()
}
