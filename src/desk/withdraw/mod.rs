//! An earlier statement no longer holds. Of a publication everything that shows it is written anew.

mod notice;
mod publication;
mod undo;

use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{ActorId, Salt, StatementId, Text, Withdrawal};
use pcf_ledger::store::Store;
use serde::Serialize;

use crate::DeskError;
use crate::import::Signer;
use crate::session::Session;

pub use publication::{TakenBack, TakingBack, publication_of, take_back};
pub use undo::{UndoError, Undone, undo};

/// A withdrawal that was appended.
#[derive(Debug, Serialize)]
pub struct Withdrawn {
    /// The withdrawal.
    pub statement: String,
    /// The statement that no longer holds.
    pub withdrawn: String,
    /// The index of the withdrawal in the log.
    pub index: u64,
    /// What follows for a publication.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub publication: Option<TakenBack>,
}

/// Withdraws a statement.
///
/// # Errors
/// [`DeskError::Ledger`], also where the rules refuse it.
pub fn withdraw<S: Store>(
    session: &dyn Session,
    ledger: &mut Ledger<S>,
    signer: Signer<'_>,
    target: StatementId,
    reason: Text,
) -> Result<Withdrawn, DeskError> {
    let withdrawal = withdrawal_of(target, signer.by, reason);
    let receipt = session.append(ledger, signer.key, vec![withdrawal.into()])?;
    let statement = receipt.ids.first().map(ToString::to_string).unwrap_or_default();
    Ok(Withdrawn { statement, withdrawn: target.to_string(), index: receipt.index, publication: None })
}

/// The statement that withdraws another, not salted yet.
pub(crate) fn withdrawal_of(target: StatementId, by: &ActorId, reason: Text) -> Withdrawal {
    Withdrawal {
        by: by.clone(),
        reason,
        salt: Salt::from_bytes([0; 16]),
        statement: target,
        r#type: Default::default(),
        v: Default::default(),
    }
}
