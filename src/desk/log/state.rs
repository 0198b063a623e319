//! The operator states what holds.

use pcf_ledger::ledger::{Ledger, LedgerError};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::file::FileStore;
use serde::Serialize;

use crate::DeskError;
use crate::publish::{Stated, say};
use crate::session::Session;

/// States that were appended, and the newest there is.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct StateReport {
    /// The index of the submission; none where nothing was appended.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// The states that were appended.
    pub states: Vec<Stated>,
    /// The state of the largest size.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newest: Option<Stated>,
}

/// Appends a state of each size that calls for one.
///
/// # Errors
/// Those of [`say`]; [`DeskError::Ledger`].
pub fn state(
    session: &dyn Session,
    ledger: &mut Ledger<FileStore>,
    operator: &SigningKey,
) -> Result<StateReport, DeskError> {
    let (index, states) = say(session, ledger, operator)?;
    let held = ledger.book().states().map_err(LedgerError::from)?;
    let newest = held.last_key_value().map(|(size, (statement, root))| Stated {
        size: *size,
        root: *root,
        statement: *statement,
    });
    Ok(StateReport { index, states, newest })
}
