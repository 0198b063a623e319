//! JSON lines in, for programs: one statement a line, as the format has it but without `by`, `salt`
//! and `v`, which the caller supplies.

use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

use super::csv::Problems;
use super::{Draft, ExchangeError, file};
use pcf_core::codec::{self, CodecError};
use pcf_core::model::{Activity, ActorId, Annual, Factor, Product, Salt, Statement, StatementKind};

/// Reads the statements of a file of JSON lines. Blank lines are skipped.
///
/// # Errors
/// [`ExchangeError::Unreadable`] for a file that is too long, empty or not UTF-8;
/// [`ExchangeError::Problems`] with all problems, where the column is the path inside the line.
pub fn read_statements(bytes: &[u8], file: &str, by: &ActorId) -> Result<Vec<Draft>, ExchangeError> {
    let text = file::text(bytes, file)?;
    if is_one_document(text) {
        let sentence = "expected one statement a line, got one JSON document over several lines; where it is a PACT file, it is a supplier's footprint";
        return Err(ExchangeError::Unreadable { file: file.into(), sentence: sentence.into() });
    }
    let mut problems = Problems::default();
    let mut drafts = Vec::new();
    for (row, line) in (1_u64..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
        match statement(line.trim(), by) {
            Ok(statement) => drafts.push(Draft::new(statement, vec![row])),
            Err((column, sentence)) => problems.push(row, &column, sentence),
        }
    }
    problems.or(drafts, file).map(|(drafts, _)| drafts)
}

/// True where the lines together are one JSON value, so that none of them is one.
fn is_one_document(text: &str) -> bool {
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    lines > 1 && serde_json::from_str::<IgnoredAny>(text).is_ok()
}

#[derive(Deserialize)]
struct Head {
    r#type: Option<String>,
}

fn statement(line: &str, by: &ActorId) -> Result<Statement, (String, String)> {
    let place = |error: CodecError| match error {
        CodecError::Shape { place, problem } => (place, problem),
        other => (String::new(), other.to_string()),
    };
    codec::refuse_null_and_doubled_keys(line.as_bytes(), |_| false).map_err(place)?;
    let head: Head = serde_json::from_str(line)
        .map_err(|_| (String::new(), "expected a JSON object with the type of the statement".to_owned()))?;
    let kind = head.r#type.ok_or_else(|| ("type".to_owned(), "a value is missing".to_owned()))?;
    let kind: StatementKind = kind.parse().map_err(|e| ("type".to_owned(), format!("{e}")))?;
    let rest = line.strip_prefix('{').map(str::trim_start).unwrap_or_default();
    // The caller's part comes first, so that a line that brings its own is refused as a doubled
    // key.
    let salt = Salt::from_bytes([0; 16]);
    let whole = format!(r#"{{"by":"{by}","salt":"{salt}","v":"1",{rest}"#);
    let statement: Statement = match kind {
        StatementKind::Activity => parse::<Activity>(&whole)?.into(),
        StatementKind::Annual => parse::<Annual>(&whole)?.into(),
        StatementKind::Factor => parse::<Factor>(&whole)?.into(),
        StatementKind::Product => parse::<Product>(&whole)?.into(),
        other => {
            let sentence = format!(
                "expected activity, annual, factor or product, got {other}, which has a verb of its own"
            );
            return Err(("type".into(), sentence));
        }
    };
    codec::encode_draft(&statement).map_err(place)?;
    Ok(statement)
}

fn parse<T: DeserializeOwned>(text: &str) -> Result<T, (String, String)> {
    let mut reader = serde_json::Deserializer::from_str(text);
    serde_path_to_error::deserialize(&mut reader).map_err(|e| {
        let problem = e.inner().to_string();
        let problem = problem.rsplit_once(" at line ").map_or(problem.as_str(), |(text, _)| text);
        let place = if e.path().iter().next().is_none() { String::new() } else { e.path().to_string() };
        match problem.strip_prefix("duplicate field ") {
            Some(field) => {
                let sentence = format!("{field} is supplied when the statement is signed; leave it out");
                (field.trim_matches('`').to_owned(), sentence)
            }
            None => (place, problem.to_owned()),
        }
    })
}
