#![doc = include_str!("../../../schemas/statement.md")]

use serde::{Deserialize, Serialize};

use super::digest::{HashedText, Sha256Bytes, sha256};
use super::{CodecError, decode, encode};
use crate::limits::STATEMENT_BYTES_MAX;
use crate::model::{
    Accepted, Activity, Actor, Annual, Assurance, Authority, Boundary, DataCoverage, Digest, Factor, Figures,
    Genesis, Method, Period, Product, ProductId, Publication, Redaction, State, Statement, StatementId,
    StatementKind, SupplierFootprint, Text, Used, Withdrawal,
};

/// What is read first: enough to know which type to read.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, rename = "type")]
    kind: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    v: std::borrow::Cow<'a, str>,
}

/// Writes a statement in its one spelling and checks that its parts fit together.
///
/// # Errors
/// [`CodecError::Value`] where the parts do not fit; [`CodecError::TooLong`] above [`STATEMENT_BYTES_MAX`].
pub fn encode_statement(statement: &Statement) -> Result<Vec<u8>, CodecError> {
    let bytes = encode(statement)?;
    // Reading it back holds every writer to what the reader accepts, also where a flow was put together by hand.
    decode_statement(&bytes)?;
    Ok(bytes)
}

/// So many flows, certificates, outputs and files of an activity are never too long together. A
/// flow may have five texts of 2,000 bytes, of which each may need an escape, and less than 4,000
/// bytes beside them; the other two have less, and the rest of the statement less than 20,000.
const FEW_PARTS: usize = 16;

/// Holds a statement to the most bytes that one may have, without keeping what it would be written as.
///
/// # Errors
/// [`CodecError::TooLong`] above [`STATEMENT_BYTES_MAX`].
pub fn check_length(statement: &Statement) -> Result<(), CodecError> {
    if let Statement::Activity(said) = statement
        && said.flows.len() + claimed(said) + said.outputs.len() + said.evidence.len() <= FEW_PARTS
    {
        return Ok(());
    }
    let (limit, got) = (STATEMENT_BYTES_MAX, encode(statement)?.len());
    if got > limit { Err(CodecError::TooLong { what: "statement", limit, got }) } else { Ok(()) }
}

fn claimed(said: &Activity) -> usize {
    said.flows.iter().map(|flow| flow.instruments.len()).sum()
}

/// Reads a statement from its one spelling.
///
/// # Errors
/// Every [`CodecError`] but `Stored`; each names the place. Unknown keys, types and versions are refused.
///
/// ```
/// use pcf_core::codec::decode_statement;
/// let typo = br#"{"by":"acme","reson":"typo","type":"withdrawal","v":"1"}"#;
/// assert!(decode_statement(typo).unwrap_err().to_string().contains("reson"));
/// ```
pub fn decode_statement(bytes: &[u8]) -> Result<Statement, CodecError> {
    let limit = STATEMENT_BYTES_MAX;
    if bytes.len() > limit {
        return Err(CodecError::TooLong { what: "statement", limit, got: bytes.len() });
    }
    // Nearly all statements are activities, whose canonical form ends with their type: they need not be looked through for it. What is
    // wrong with one is said by the way that all others go.
    if bytes.ends_with(br#","type":"activity","v":"1"}"#)
        && let Ok(activity) = decode::<Activity>(bytes, "statement", limit)
        && activity.check().is_ok()
    {
        return Ok(Statement::from(activity));
    }
    let head: Head<'_> = serde_json::from_slice(bytes)
        .map_err(|e| CodecError::Shape { place: format!("column {}", e.column()), problem: e.to_string() })?;
    if head.v != "1" {
        let problem = format!("this program reads version 1 of the statement format, got version {}", head.v);
        return Err(CodecError::Shape { place: "v".into(), problem });
    }
    macro_rules! read {
        ($body:ty) => {
            decode::<$body>(bytes, "statement", limit).map(Statement::from)
        };
    }
    let statement = match head.kind.parse::<StatementKind>()? {
        StatementKind::Activity => read!(Activity),
        StatementKind::Actor => read!(Actor),
        StatementKind::Annual => read!(Annual),
        StatementKind::Assurance => read!(Assurance),
        StatementKind::Authority => read!(Authority),
        StatementKind::Factor => read!(Factor),
        StatementKind::Ledger => read!(Genesis),
        StatementKind::Product => read!(Product),
        StatementKind::Publication => read!(Publication),
        StatementKind::Redaction => read!(Redaction),
        StatementKind::State => read!(State),
        StatementKind::SupplierFootprint => read!(SupplierFootprint),
        StatementKind::Withdrawal => read!(Withdrawal),
    }?;
    statement.check()?;
    if let Statement::SupplierFootprint(s) = &statement {
        check_document(s)?;
    }
    Ok(statement)
}

fn check_document(statement: &SupplierFootprint) -> Result<(), CodecError> {
    let got = Digest::from_bytes(sha256(&[statement.document.as_bytes()]));
    if got == statement.digest {
        return Ok(());
    }
    let problem = format!("expected the digest of the document, {got}, got {}", statement.digest);
    Err(CodecError::Shape { place: "digest".into(), problem })
}

/// `SHA-256(0x00 || bytes)`: the leaf hash of RFC 6962, for statements and seals.
pub fn leaf_hash(bytes: &[u8]) -> Sha256Bytes {
    sha256(&[&[0], bytes])
}

/// The id of the statement with these bytes: its leaf hash.
pub fn statement_id(bytes: &[u8]) -> StatementId {
    StatementId::from_bytes(leaf_hash(bytes))
}

/// SHA-256 of what a statement speaks of, [`Statement::subject`]: what is kept of it where it is looked for.
pub fn subject_digest(statement: &Statement) -> Sha256Bytes {
    let mut hashed = HashedText::default();
    let _ = statement.write_subject(&mut hashed); // OK because hashing cannot fail.
    hashed.finish()
}

/// SHA-256 over what a draft and its final share: everything but log size, root, status, UUID and dates of publishing.
///
/// # Errors
/// Those of [`encode`].
pub fn figures_digest(publication: &Publication) -> Result<Digest, CodecError> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Shared<'a> {
        #[serde(skip_serializing_if = "is_none")]
        accepted: &'a [Accepted],
        #[serde(skip_serializing_if = "Option::is_none")]
        batch: Option<&'a Text>,
        boundary: Boundary,
        #[serde(skip_serializing_if = "Option::is_none")]
        coverage: Option<DataCoverage>,
        figures: &'a Figures,
        method: &'a Method,
        period: Period,
        product: &'a ProductId,
        #[serde(skip_serializing_if = "Option::is_none")]
        scenario: Option<&'a Text>,
        used: Used,
    }
    let shared = Shared {
        accepted: &publication.accepted,
        batch: publication.batch.as_ref(),
        boundary: publication.boundary,
        coverage: publication.coverage,
        figures: &publication.figures,
        method: &publication.method,
        period: publication.period,
        product: &publication.product,
        scenario: publication.scenario.as_ref(),
        used: publication.used,
    };
    Ok(Digest::from_bytes(sha256(&[&encode(&shared)?])))
}

fn is_none(accepted: &&[Accepted]) -> bool {
    accepted.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_parts_are_never_too_long() {
        let long = r#"\""#.repeat(2_000);
        let number = format!("-{}.{}", "9".repeat(18), "9".repeat(12));
        let measure = format!(r#"{{"amount":"{number}","name":"{long}","unit":"Mbit.s"}}"#);
        let period = r#"{"end":"2026-01-01","start":"2025-01-01"}"#;
        let flow = format!(
            r#"{{"biogenicCarbon":"{0}","data":"secondary","delivered":true,"factor":"{2}","fossilCarbon":"{0}","kind":"infrastructure","name":"{1}","of":[{measure},{measure}],"upstream":"{2}"}}"#,
            number.trim_start_matches('-'),
            long,
            "f".repeat(127)
        );
        let parts = [vec![flow; FEW_PARTS - 1].join(","), period.to_owned(), long];
        let [flows, period, long] = &parts;
        let product = format!("urn:pact:{}:product-id:{}", "a".repeat(253), "b".repeat(200));
        let text = format!(
            r#"{{"appliesTo":{period},"batch":"{long}","by":"maker","flows":[{flows}],"outputs":[{{"amount":"1","product":"{product}","unit":"piece"}}],"period":{period},"process":"{long}","salt":"AAAAAAAAAAAAAAAAAAAAAA","scenario":"{long}","site":{{"name":"{long}"}},"stage":"production","type":"activity","v":"1"}}"#
        );
        let statement = decode_statement(text.as_bytes()).unwrap();
        check_length(&statement).unwrap();
        // Two texts that no flow has beside the others, a reason and what it substitutes, leave
        // room as well. A certificate is a part by itself, and shorter than a flow.
        assert!(encode(&statement).unwrap().len() + FEW_PARTS * 2 * (4_000 + 50) < STATEMENT_BYTES_MAX);
    }
}
