//! The bytes of what stays of a redacted statement: written and read in one spelling, so that their digest can be announced. It knows no
//! frame and no file; whoever keeps the bytes may put zeros behind them.

use super::digest::{Sha256Bytes, sha256};
use super::{CodecError, decode, encode, subject_digest};
use crate::limits::STATEMENT_BYTES_MAX;
use crate::model::{Digest, Kept, KeptFacts, Statement, StatementId};

/// Statement id, SHA-256 of the subject, length of the facts.
const HEAD_BYTES: usize = 32 + 32 + 4;
const WHAT: &str = "what stays of a redacted statement";

/// What stays of a statement; none of a type that keeps its text.
pub fn kept_of(id: StatementId, statement: &Statement) -> Option<Kept> {
    let subject = Digest::from_bytes(subject_digest(statement));
    Kept::of(id, subject, statement)
}

/// Writes what stays: id, SHA-256 of the subject, length of the facts as a big-endian u32, the facts in canonical JSON.
///
/// # Errors
/// [`CodecError::Value`] for facts that do not fit together; [`CodecError::TooLong`] above [`STATEMENT_BYTES_MAX`].
pub fn encode_kept(kept: &Kept) -> Result<Vec<u8>, CodecError> {
    kept.facts.check()?;
    let facts = encode(&kept.facts)?;
    let got = HEAD_BYTES + facts.len();
    let too_long = CodecError::TooLong { what: WHAT, limit: STATEMENT_BYTES_MAX, got };
    let len = u32::try_from(facts.len()).ok().filter(|_| got <= STATEMENT_BYTES_MAX).ok_or(too_long)?;
    Ok([&kept.id.as_bytes()[..], kept.subject.as_bytes(), &len.to_be_bytes(), &facts].concat())
}

/// Reads what stays, with nothing but zeros behind it.
///
/// # Errors
/// [`CodecError::TooLong`] above [`STATEMENT_BYTES_MAX`]; [`CodecError::Shape`] naming the byte; those of [`decode`] and
/// [`CodecError::Value`] for the facts.
pub fn decode_kept(bytes: &[u8]) -> Result<Kept, CodecError> {
    Ok(split(bytes)?.0)
}

/// SHA-256 of what stays, without the zeros behind it: what a redaction announces.
///
/// # Errors
/// Those of [`decode_kept`].
pub fn kept_digest(bytes: &[u8]) -> Result<Digest, CodecError> {
    Ok(Digest::from_bytes(split(bytes)?.1))
}

/// What stays, and the digest of its bytes.
fn split(bytes: &[u8]) -> Result<(Kept, Sha256Bytes), CodecError> {
    let limit = STATEMENT_BYTES_MAX;
    if bytes.len() > limit {
        return Err(CodecError::TooLong { what: WHAT, limit, got: bytes.len() });
    }
    let shape =
        |offset: usize, problem: String| CodecError::Shape { place: format!("byte {offset}"), problem };
    let short = || shape(bytes.len(), format!("expected at least {HEAD_BYTES} bytes, got {}", bytes.len()));
    let (id, rest) = bytes.split_first_chunk::<32>().ok_or_else(short)?;
    let (subject, rest) = rest.split_first_chunk::<32>().ok_or_else(short)?;
    let (len, rest) = rest.split_first_chunk::<4>().ok_or_else(short)?;
    let len = usize::try_from(u32::from_be_bytes(*len)).unwrap_or(usize::MAX);
    let (facts, behind) = rest.split_at_checked(len).ok_or_else(|| {
        shape(HEAD_BYTES, format!("expected {len} bytes of facts, as their length says, got {}", rest.len()))
    })?;
    if let Some(at) = behind.iter().position(|byte| *byte != 0) {
        let at = HEAD_BYTES + len + at;
        return Err(shape(at, "expected nothing but zeros behind the facts".into()));
    }
    let facts: KeptFacts = decode(facts, WHAT, limit)?;
    facts.check()?;
    let (id, subject) = (StatementId::from_bytes(*id), Digest::from_bytes(*subject));
    let used = bytes.get(..HEAD_BYTES + len).unwrap_or_default();
    Ok((Kept { id, subject, facts }, sha256(&[used])))
}
