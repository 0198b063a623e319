//! What a walk from product to product reads a log through.

use std::convert::Infallible;

use super::{InventoryError, Said, Sought};
use crate::model::StatementId;

/// Statements that held at one size of a log, by their numbers in log order.
pub trait Holdings {
    /// Why a statement could not be read, or what it says not be used.
    type Error: From<InventoryError<Infallible>>;

    /// The numbers of the statements that held and are found by this, ascending. A number too many
    /// does no harm, one too few does.
    ///
    /// # Errors
    /// Where the log cannot be looked up.
    fn held(&self, sought: &Sought<'_>) -> Result<Vec<usize>, Self::Error>;

    /// The same as it was when the log had `size` seals, which is not more than it has here.
    ///
    /// # Errors
    /// Where the log cannot be looked up.
    fn held_then(&self, sought: &Sought<'_>, size: u64) -> Result<Vec<usize>, Self::Error>;

    /// The statement with this number.
    ///
    /// # Errors
    /// Where it cannot be read.
    fn said(&self, number: usize) -> Result<(StatementId, Said), Self::Error>;
}
