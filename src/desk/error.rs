//! Why a verb could not be carried out.

use pcf_ledger::calc::CalcErrors;
use pcf_ledger::codec::CodecError;
use pcf_ledger::ledger::LedgerError;
use pcf_ledger::model::ValueError;
use pcf_ledger::publish::PublishError;
use pcf_pages::PageError;

/// Why a verb could not be carried out. Each variant wraps the error of the crate that found it and says nothing of its own.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DeskError {
    /// The figures could not be calculated.
    #[error(transparent)]
    Calc(#[from] CalcErrors),
    /// Bytes that are not what they should be.
    #[error(transparent)]
    Codec(#[from] CodecError),
    /// The ledger could not be read or written.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The page could not be written.
    #[error(transparent)]
    Page(#[from] PageError),
    /// The publication is not there, or could not be made.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// A value is out of range.
    #[error(transparent)]
    Value(#[from] ValueError),
}
