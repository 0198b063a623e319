//! A supplier's PACT file in: checked, linted and pinned by its digest. Whether it is to be believed is the receiver's judgement.

mod problems;

use super::{Draft, ExchangeError};
use pcf_core::codec::digest::sha256;
use pcf_core::model::{ActorId, Digest, Document, Evidence, Salt, SupplierFootprint};
use pcf_core::pact;
use pcf_core::pact::import::bought;

pub use problems::problems;

/// A supplier's document as a draft that carries its bytes unchanged, with what a reader should know of it, one sentence each.
///
/// # Errors
/// [`ExchangeError::Pact`] for what [`bought`] refuses; [`ExchangeError::Value`] for a document that fits in no statement.
pub fn read(
    bytes: &[u8],
    by: &ActorId,
    evidence: Vec<Evidence>,
) -> Result<(Draft, Vec<String>), ExchangeError> {
    let (_, notes) = bought(bytes)?;
    let (footprint, _) = pact::read(bytes)?;
    let statement = SupplierFootprint {
        by: by.clone(),
        digest: Digest::from_bytes(sha256(&[bytes])),
        document: Document::new(bytes.to_vec())?,
        evidence,
        footprint: footprint.id,
        replaces: None,
        salt: Salt::from_bytes([0; 16]),
        r#type: Default::default(),
        v: Default::default(),
    };
    let notes = notes.iter().map(ToString::to_string).collect();
    Ok((Draft::new(statement, Vec::new()), notes))
}
