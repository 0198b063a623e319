//! One ledger, many who submit: submissions that wait at the same time are admitted one knowing the one before, written together, and
//! share the price of durability. There is no thread of its own: whoever finds the ledger free writes for all who wait. Groups follow
//! each other, they never overlap.

use std::collections::HashMap;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::opened::Opened;
use super::{Ledger, LedgerError, Receipt, Submission};
use crate::model::Statement;
use crate::sign::SigningKey;
use crate::store::{AppendError, SUBMISSION_BYTES_MAX, Store};

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
    changed: Condvar,
}

struct State<S> {
    /// None while somebody writes.
    ledger: Option<Ledger<S>>,
    waiting: Vec<(u64, Opened<Submission>)>,
    answers: HashMap<u64, Result<Receipt, LedgerError>>,
    /// The number of the next who comes.
    next: u64,
    poisoned: bool,
}

impl<S> Clone for Shared<S> {
    fn clone(&self) -> Self {
        Self { inner: Arc::clone(&self.inner), ledger_id: self.ledger_id }
    }
}

impl<S: Store> Shared<S> {
    /// Shares a ledger that is open for writing.
    pub fn new(ledger: Ledger<S>) -> Self {
        let ledger_id = ledger.store.ledger_id();
        let state = State {
            poisoned: ledger.poisoned,
            ledger: Some(ledger),
            waiting: Vec::new(),
            answers: HashMap::new(),
            next: 0,
        };
        Self { inner: Arc::new(Inner { state: Mutex::new(state), changed: Condvar::new() }), ledger_id }
    }

    /// Appends a submission that somebody signed; returns once it is durable. It lands whole or not at all.
    ///
    /// # Errors
    /// As [`Ledger::submit`]. `Unknown` comes to everyone who waits when a write fails; later ones get `Poisoned`.
    pub fn submit(&self, submission: Submission) -> Result<Receipt, LedgerError> {
        // Hashing, checking and reading need no log: everyone does it for themselves.
        let opened = Opened::open(submission)?;
        let mut state = self.lock();
        if state.poisoned {
            return Err(AppendError::Poisoned.into());
        }
        let ticket = state.next;
        state.next += 1; // OK because nobody submits 2^64 times
        state.waiting.push((ticket, opened));
        loop {
            if let Some(answer) = state.answers.remove(&ticket) {
                return answer;
            }
            state = match state.ledger.take() {
                Some(ledger) => self.write_for_all(state, ledger),
                None => self.inner.changed.wait(state).unwrap_or_else(PoisonError::into_inner),
            };
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

    /// Takes who waits, as many as one group may have, and answers them.
    fn write_for_all<'a>(
        &'a self,
        mut state: MutexGuard<'a, State<S>>,
        mut ledger: Ledger<S>,
    ) -> MutexGuard<'a, State<S>> {
        let count = group_len(&state.waiting);
        let (tickets, group): (Vec<u64>, Vec<_>) = state.waiting.drain(..count).unzip();
        drop(state);
        let mut leader = Leader { shared: self, tickets, finished: false };
        let answers = ledger.submit_group(group);
        leader.finished = true;
        let mut state = self.lock();
        state.answers.extend(leader.tickets.iter().copied().zip(answers));
        if ledger.poisoned {
            state.end();
        }
        state.ledger = Some(ledger);
        self.inner.changed.notify_all();
        state
    }

    fn lock(&self) -> MutexGuard<'_, State<S>> {
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S> State<S> {
    /// Nobody is admitted any more, and whoever waits does not wait for ever.
    fn end(&mut self) {
        self.poisoned = true;
        for (ticket, _) in self.waiting.drain(..) {
            self.answers.insert(ticket, Err(unknown()));
        }
    }
}

/// Who writes for all. Where that one panics, the others must hear of it.
struct Leader<'a, S: Store> {
    shared: &'a Shared<S>,
    tickets: Vec<u64>,
    finished: bool,
}

impl<S: Store> Drop for Leader<'_, S> {
    fn drop(&mut self) {
        if self.finished {
            return;
        }
        let mut state = self.shared.lock();
        for ticket in &self.tickets {
            state.answers.insert(*ticket, Err(unknown()));
        }
        state.end();
        self.shared.inner.changed.notify_all();
    }
}

/// How many of those who wait make one group: its statements are in memory at the same time.
fn group_len(waiting: &[(u64, Opened<Submission>)]) -> usize {
    let mut bytes = 0_u64;
    let fits = |(_, opened): &&(u64, Opened<Submission>)| {
        let len: usize = opened.submission.statements.iter().map(Vec::len).sum();
        bytes += len as u64; // OK because a submission has at most 64 MiB
        bytes <= SUBMISSION_BYTES_MAX
    };
    waiting.iter().take_while(fits).count().max(1).min(waiting.len())
}

fn unknown() -> LedgerError {
    let cause = std::io::Error::other("the write before it failed");
    let cause =
        crate::store::StoreError::Io { action: "append to", file: "the ledger".into(), source: cause };
    AppendError::Unknown(cause).into()
}
