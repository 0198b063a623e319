//! What a statement says of the log before it: a size with its root, and what held there.

use super::Pending;
use crate::admission::{Refusal, Scope, WrongState};
use crate::model::{Assurance, Digest, State, StatementId, StatementKind};

impl Pending<'_> {
    /// A position in the log that a statement names must be one the log had.
    pub(super) fn log_position(
        &self,
        kind: StatementKind,
        size: u64,
        root: &[u8; 32],
    ) -> Result<(), Refusal> {
        if self.book.scope == Scope::Part {
            return Ok(());
        }
        if size > self.index {
            let problem = format!("names the log size {size}, the log has {}", self.index);
            return Err(Refusal::Reference { kind, problem });
        }
        if self.book.root_at(size)?.as_ref() == Some(root) {
            return Ok(());
        }
        let problem = format!("names a root that the log did not have at size {size}");
        Err(Refusal::Reference { kind, problem })
    }

    /// An opinion examined a log that there was, and where it speaks of a state, one that the operator stated.
    pub(super) fn assurance(&self, assurance: &Assurance) -> Result<(), Refusal> {
        let (kind, examined) = (StatementKind::Assurance, assurance.log);
        self.log_position(kind, examined.size.as_u64(), examined.root.as_bytes())?;
        let Some(root) = assurance.state_root.filter(|_| self.book.scope == Scope::Whole) else {
            return Ok(());
        };
        if self.book.states()?.values().any(|(_, stated)| *stated == root) {
            return Ok(());
        }
        let problem =
            format!("names the state root {root}, which no state statement before this submission has");
        Err(Refusal::Reference { kind, problem })
    }

    /// A state is one of a size that the log had before this submission, and says what held there. Where only parts of the log are known
    /// its root cannot be made again.
    pub(super) fn state(&self, state: &State, id: StatementId) -> Result<(), Refusal> {
        let (size, stated) = (state.size.as_u64(), state.root);
        if !(1..=self.index).contains(&size) {
            let problem = format!("expected a log size from 1 to {}, got {size}", self.index);
            return Err(Refusal::Reference { kind: StatementKind::State, problem });
        }
        if self.book.scope == Scope::Part {
            return Ok(());
        }
        let expected = Digest::from_bytes(self.book.state_root_at(size)?);
        if expected == stated {
            return Ok(());
        }
        Err(Refusal::State(Box::new(WrongState { id, ordinal: self.ordinal, size, expected, stated })))
    }
}
