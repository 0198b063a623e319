//! A store in memory: the same contract, durable as long as it lives. For tests and for embedding without a directory.

use crate::codec::parts_of;
use crate::limits::SEAL_BYTES;
use crate::store::contract::is_to_be_removed;
use crate::store::{
    AppendError, Body, Head, LogState, Position, Reader, Store, StoreError, StoredSubmission, Submission,
    Submissions,
};

/// Submissions in a vector.
#[derive(Debug, Clone)]
pub struct MemoryStore {
    ledger_id: [u8; 32],
    /// Never empty: the genesis is the first.
    submissions: Vec<StoredSubmission>,
    head: Head,
}

impl MemoryStore {
    /// A store that holds the genesis.
    ///
    /// # Errors
    ///
    /// [`StoreError::Limit`] for a genesis out of range.
    pub fn new(ledger_id: [u8; 32], genesis: &Submission<'_>) -> Result<MemoryStore, StoreError> {
        genesis.check()?;
        let LogState { size, root } = LogState::EMPTY;
        let head = Head { size, root, position: Position { segment: 0, offset: 0 } };
        let mut store = MemoryStore { ledger_id, submissions: Vec::new(), head };
        store.push(genesis);
        Ok(store)
    }

    /// Every statement and every commit takes one step of the offset.
    fn push(&mut self, submission: &Submission<'_>) -> Head {
        let old = self.head.state();
        let statements: Vec<Body> =
            submission.statements.iter().map(|bytes| Body::Statement(bytes.to_vec())).collect();
        let first = self.head.position.offset;
        let positions: Vec<_> =
            (first..).take(statements.len()).map(|offset| Position { segment: 0, offset }).collect();
        let end = Position { segment: 0, offset: first + positions.len() as u64 + 1 }; // OK: at most 64 bits
        let new = LogState { size: old.size + 1, root: submission.new_root };
        let stored = StoredSubmission {
            index: old.size,
            seal: *submission.seal,
            statements,
            positions,
            old,
            new,
            end,
        };
        self.head = stored.head();
        self.submissions.push(stored);
        self.head
    }

    /// Number of submissions that end at or before `at`.
    fn ended(&self, at: Position) -> usize {
        self.submissions.partition_point(|submission| submission.end <= at)
    }
}

impl Reader for MemoryStore {
    fn ledger_id(&self) -> [u8; 32] {
        self.ledger_id
    }

    fn head(&self) -> Result<Head, StoreError> {
        Ok(self.head)
    }

    fn read(&self, from: Option<Position>) -> Result<Submissions<'_>, StoreError> {
        let skipped = match from {
            None => 0,
            Some(at) => {
                let ended = self.ended(at);
                let last = ended.checked_sub(1).and_then(|last| self.submissions.get(last));
                if last.is_none_or(|last| last.end != at) {
                    return Err(at.missing("the end of a submission"));
                }
                ended
            }
        };
        Ok(Box::new(self.submissions.iter().skip(skipped).cloned().map(Ok)))
    }

    fn statement(&self, at: Position) -> Result<Vec<u8>, StoreError> {
        match self.body(at)? {
            Body::Statement(bytes) => Ok(bytes),
            Body::Removed(_) => Err(removed(at)),
        }
    }

    fn body(&self, at: Position) -> Result<Body, StoreError> {
        let submission = self.submissions.get(self.ended(at));
        let found = submission.and_then(|submission| {
            let index = submission.positions.binary_search(&at).ok()?;
            submission.statements.get(index).cloned()
        });
        found.ok_or_else(|| at.missing("a statement"))
    }

    fn ending(&self, end: Position) -> Result<(LogState, [u8; SEAL_BYTES]), StoreError> {
        let ended = self
            .ended(end)
            .checked_sub(1)
            .and_then(|last| self.submissions.get(last))
            .filter(|stored| stored.end == end);
        ended.map(|stored| (stored.new, stored.seal)).ok_or_else(|| end.missing("the end of a submission"))
    }
}

fn removed(at: Position) -> StoreError {
    StoreError::Removed { file: "the store in memory".into(), offset: at.offset }
}

impl Store for MemoryStore {
    fn append(&mut self, expected: &Head, group: &[Submission<'_>]) -> Result<Vec<Head>, AppendError> {
        if *expected != self.head {
            return Err(AppendError::Conflict { expected: *expected, actual: self.head });
        }
        group.iter().try_for_each(Submission::check).map_err(AppendError::Refused)?;
        Ok(group.iter().map(|submission| self.push(submission)).collect())
    }

    fn remove_body(&mut self, at: Position) -> Result<(), AppendError> {
        let open = self.body(at).and_then(|body| is_to_be_removed(&body, at));
        if !open.map_err(AppendError::Refused)? {
            return Ok(());
        }
        let number = self.ended(at);
        let place = self.submissions.get_mut(number).and_then(|submission| {
            let index = submission.positions.binary_search(&at).ok()?;
            submission.statements.get_mut(index)
        });
        if let Some(place) = place {
            *place = Body::Removed(parts_of(place.text()).0.to_vec());
        }
        Ok(())
    }
}
