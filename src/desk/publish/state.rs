//! The operator says what holds.

use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Digest, Salt, State, Statement, StatementId};
use pcf_ledger::publish;
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::file::FileStore;
use serde::Serialize;

use crate::DeskError;
use crate::session::Session;

/// A state that was said.
#[derive(Debug, Clone, Serialize)]
pub struct Stated {
    /// The size of the log that it speaks of.
    pub size: u64,
    /// The root over what held.
    pub root: Digest,
    /// The statement.
    pub statement: StatementId,
}

/// Appends a state of each size that calls for one, in one submission, and returns its index and
/// the states.
///
/// # Errors
/// The key is not the operator's; those of appending.
pub fn say(
    session: &dyn Session,
    ledger: &mut Ledger<FileStore>,
    operator: &SigningKey,
) -> Result<(Option<u64>, Vec<Stated>), DeskError> {
    let mut states = Vec::new();
    for size in publish::states_due(ledger)? {
        states.push(publish::state_of(ledger, size, Salt::from_bytes([0; 16]))?);
    }
    if states.is_empty() {
        return Ok((None, Vec::new()));
    }
    let statements = states.iter().cloned().map(Statement::from).collect();
    let receipt = session.append(ledger, operator, statements)?;
    let one = |(state, id): (&State, &StatementId)| Stated {
        size: state.size.as_u64(),
        root: state.root,
        statement: *id,
    };
    Ok((Some(receipt.index), states.iter().zip(&receipt.ids).map(one).collect()))
}
