//! stand-in until merge
use crate::calc::BoughtFootprint;
/// x
#[derive(Debug, thiserror::Error)]
#[error("x")]
pub struct BoughtError;
/// x
/// # Errors
/// x
pub fn bought(_: &[u8]) -> Result<(BoughtFootprint, Vec<String>), BoughtError> {
    Err(BoughtError)
}
