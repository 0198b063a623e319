//! The PACT document: one v3 `ProductFootprint` as strict types, its reader and its writer; v2.x is read and converted. Reading is strict about
//! what the specification names and reports what it does not name; nothing here judges whether a footprint is good.

mod check;
pub mod claims;
mod document;
pub mod export;
pub mod import;
mod lint;
mod number;
mod version2;

use crate::limits::DOCUMENT_BYTES_MAX;

pub use document::{
    CarbonFootprint, DataModelExtension, DataQuality, FactorSource, PactStatus, ProductFootprint, SectorRule,
    UnknownKeys, Verification,
};
pub use lint::{LintCode, Warning};
pub use number::{PactDecimal, PactInstant, PactUnit};

/// How the comment of a draft begins: PACT has no status for one.
pub const DRAFT_MARK: &str = "DRAFT:";

/// The version of the specification that is written, and whose OpenAPI document the types follow.
pub const SPEC_VERSION: &str = "3.0.3";

/// Why a document was refused, and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PactError {
    /// Refused before reading.
    #[error("expected a PACT footprint of at most {limit} bytes, got {got}")]
    TooLong {
        /// The cap.
        limit: usize,
        /// The length found.
        got: usize,
    },
    /// The document is of another version or another kind.
    #[error("{problem}")]
    Kind {
        /// What was expected and what was found.
        problem: String,
    },
    /// A field is missing, misspelt or impossible.
    #[error("at {place}: {problem}")]
    Field {
        /// The path inside the document.
        place: String,
        /// What was expected and what was found.
        problem: String,
    },
}

/// Reads one `ProductFootprint` of PACT v3; one of v2.x is converted, and the warnings name what could not be.
///
/// # Errors
/// [`PactError::TooLong`], checked first; [`PactError::Kind`] for another version or a list of footprints; [`PactError::Field`] with
/// the path of a field that is missing, `null`, doubled, misspelt or impossible.
///
/// ```
/// use pcf_core::pact;
/// let error = pact::read(br#"{"specVersion": "3.0.0", "id": null}"#).unwrap_err();
/// assert_eq!(error.to_string(), "at id: expected a value or no key at all, got null");
/// ```
pub fn read(bytes: &[u8]) -> Result<(ProductFootprint, Vec<Warning>), PactError> {
    if bytes.len() > DOCUMENT_BYTES_MAX {
        return Err(PactError::TooLong { limit: DOCUMENT_BYTES_MAX, got: bytes.len() });
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    crate::codec::refuse_null_and_doubled_keys(bytes, is_extension_data).map_err(|e| match e {
        crate::codec::CodecError::Shape { place, problem } => PactError::Field { place, problem },
        other => PactError::Kind { problem: other.to_string() },
    })?;
    let (footprint, mut warnings) = match version(bytes)? {
        3 => (parse::<ProductFootprint>(bytes)?, Vec::new()),
        _ => parse::<version2::Footprint2>(bytes)?.convert()?,
    };
    check::check(&footprint)?;
    warnings.extend(check::warnings(&footprint));
    Ok((footprint, warnings))
}

/// Reads strict types; the error says where in the document.
fn parse<T: serde::de::DeserializeOwned>(bytes: &[u8]) -> Result<T, PactError> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    serde_path_to_error::deserialize(&mut reader).map_err(|e| {
        let problem = e.inner().to_string();
        let problem = problem.rsplit_once(" at line ").map_or(problem.as_str(), |(text, _)| text).to_owned();
        let place =
            if e.path().iter().next().is_none() { "the footprint".into() } else { e.path().to_string() };
        PactError::Field { place, problem }
    })
}

/// Writes a footprint: pretty, in the order of the specification, ended by a line feed.
///
/// # Errors
/// [`PactError::Field`] for what [`read`] would refuse, and for totals that do not add up exactly.
pub fn write(footprint: &ProductFootprint) -> Result<Vec<u8>, PactError> {
    check::check(footprint)?;
    if let Some(odd) = check::totals(&footprint.pcf).into_iter().next() {
        return Err(PactError::Field { place: odd.place, problem: odd.problem });
    }
    let mut bytes = serde_json::to_vec_pretty(footprint)
        .map_err(|e| PactError::Field { place: "the footprint".into(), problem: e.to_string() })?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Extensions follow schemas of their own, which may allow `null`.
fn is_extension_data(path: &[String]) -> bool {
    matches!(path, [extensions, _, data, ..] if extensions == "extensions" && data == "data")
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Kind {
    spec_version: Option<serde_json::Value>,
    data: Option<serde::de::IgnoredAny>,
    pfs: Option<serde::de::IgnoredAny>,
}

/// The major version, 2 or 3.
fn version(bytes: &[u8]) -> Result<u8, PactError> {
    let refuse = |problem: String| Err(PactError::Kind { problem });
    let Ok(kind) = serde_json::from_slice::<Kind>(bytes) else {
        return refuse("expected one PACT ProductFootprint, a JSON object; got another kind of JSON".into());
    };
    if kind.spec_version.is_none() && (kind.data.is_some() || kind.pfs.is_some()) {
        let key = if kind.data.is_some() { "data" } else { "pfs" };
        return refuse(format!(
            "expected one PACT ProductFootprint, got an answer of a PACT server that holds footprints in `{key}`: save each as a file of its own"
        ));
    }
    match kind.spec_version.as_ref().and_then(serde_json::Value::as_str) {
        Some(version) if version.starts_with("3.") => Ok(3),
        Some(version) if version.starts_with("2.") => Ok(2),
        Some(version) => refuse(format!(
            "expected PACT version 3.x or 2.x (specVersion), got {}: ask the supplier for the footprint in version 3",
            version.chars().take(40).collect::<String>()
        )),
        None => {
            refuse("expected a PACT ProductFootprint with its specVersion as a string, found none".into())
        }
    }
}
