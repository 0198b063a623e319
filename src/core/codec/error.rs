//! Why bytes were refused, and where.

use crate::model::ValueError;

/// Why bytes are not the canonical JSON of what was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CodecError {
    /// Refused before reading.
    #[error("{what}: expected at most {limit} bytes, got {got}")]
    TooLong {
        /// The kind of document.
        what: &'static str,
        /// The cap.
        limit: usize,
        /// The length found.
        got: usize,
    },
    /// Not JSON, or not JSON of this shape.
    #[error("at {place}: {problem}")]
    Shape {
        /// The path inside the document, or `byte N`.
        place: String,
        /// What was expected and what was found.
        problem: String,
    },
    /// The document says the right thing in a second spelling.
    #[error("at byte {offset}: not canonical JSON (RFC 8785): expected `{expected}`, got `{got}`")]
    NotCanonical {
        /// The first byte that differs.
        offset: usize,
        /// The canonical text from there, shortened.
        expected: String,
        /// The text found there, shortened.
        got: String,
    },
    /// The parts of the document do not fit together.
    #[error(transparent)]
    Value(#[from] ValueError),
}
