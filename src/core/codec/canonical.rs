//! Canonical JSON (RFC 8785) for types whose fields stand in alphabetical order and whose numbers are strings.
//!
//! Under those two conditions `serde_json`'s compact form is the canonical form: it escapes exactly what RFC 8785 section 3.2.2.2 asks for
//! and writes no white space. Reading is strict: what is read is written again and must give the same bytes, so that key order,
//! white space, doubled keys, needless escapes and `null` are all refused.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::spelling::is_spelling_of;
use super::{CodecError, reader};

/// Writes a value in its one spelling.
///
/// # Errors
/// [`CodecError::Shape`] for a value that JSON cannot hold; no type of this project is one.
pub fn encode<T: Serialize>(value: &T) -> Result<Vec<u8>, CodecError> {
    serde_json::to_vec(value)
        .map_err(|e| CodecError::Shape { place: "the value".into(), problem: e.to_string() })
}

/// Reads a value from its one spelling.
///
/// # Errors
/// [`CodecError::TooLong`] above `limit` bytes, checked first; [`CodecError::Shape`] with the path inside the document;
/// [`CodecError::NotCanonical`] with the first byte that differs.
pub fn decode<T: Serialize + DeserializeOwned>(
    bytes: &[u8],
    what: &'static str,
    limit: usize,
) -> Result<T, CodecError> {
    if bytes.len() > limit {
        return Err(CodecError::TooLong { what, limit, got: bytes.len() });
    }
    // What is written as it should be is read faster; other bytes go the slow way, which says where.
    if let Ok(text) = simdutf8::basic::from_utf8(bytes)
        && let Some(value) = reader::read::<T>(text)
        && is_spelling_of(&value, bytes)
    {
        return Ok(value);
    }
    let value: T = serde_json::from_slice(bytes).map_err(|e| locate::<T>(bytes, &e))?;
    if is_spelling_of(&value, bytes) {
        return Ok(value);
    }
    let again = encode(&value)?;
    if again == bytes { Ok(value) } else { Err(first_difference(&again, bytes)) }
}

/// Reads once more, slowly, to say where in the document the error lies.
fn locate<T: DeserializeOwned>(bytes: &[u8], fallback: &serde_json::Error) -> CodecError {
    if !fallback.is_data() {
        return CodecError::Shape {
            place: format!("byte {}", offset_of(bytes, fallback)),
            problem: bare(fallback),
        };
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    match serde_path_to_error::deserialize::<_, T>(&mut reader) {
        Err(e) if e.path().iter().next().is_some() => {
            CodecError::Shape { place: e.path().to_string(), problem: bare(e.inner()) }
        }
        _ => CodecError::Shape {
            place: format!("byte {}", offset_of(bytes, fallback)),
            problem: bare(fallback),
        },
    }
}

/// The message without the line and column, which mean little in a document of one line.
fn bare(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.clone(), |(message, _)| message.to_owned())
}

fn offset_of(bytes: &[u8], error: &serde_json::Error) -> usize {
    let lines = bytes.split_inclusive(|b| *b == b'\n').take(error.line().saturating_sub(1));
    lines.map(<[u8]>::len).sum::<usize>() + error.column().saturating_sub(1)
}

fn first_difference(canonical: &[u8], found: &[u8]) -> CodecError {
    let offset = canonical.iter().zip(found).take_while(|(a, b)| a == b).count();
    let excerpt = |bytes: &[u8]| {
        let rest = bytes.get(offset..).unwrap_or_default();
        if rest.is_empty() {
            return "the end".to_owned();
        }
        String::from_utf8_lossy(rest.get(..24).unwrap_or(rest)).into_owned()
    };
    CodecError::NotCanonical { offset, expected: excerpt(canonical), got: excerpt(found) }
}
