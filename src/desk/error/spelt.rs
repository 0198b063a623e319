//! Sentences and conversions of errors that are too long for their list.

use pcf_ledger::admission::IndexError;
use pcf_ledger::ledger::LedgerError;
use pcf_ledger::model::{FootprintId, StatementId};

use super::DeskError;

/// The name that was meant, where one is near.
pub(super) fn meant(near: Option<&str>) -> String {
    near.map(|near| format!("; did you mean {near}?")).unwrap_or_default()
}

/// What is said of another document of a footprint than the one that is held.
pub(super) fn another(footprint: &FootprintId, live: &StatementId, redacted: bool) -> String {
    match redacted {
        true => format!("the document of footprint {footprint} that is held, in {live}, is redacted"),
        false => format!("another document of footprint {footprint} is held, in {live}"),
    }
}

impl From<IndexError> for DeskError {
    fn from(error: IndexError) -> Self {
        LedgerError::from(error).into()
    }
}
