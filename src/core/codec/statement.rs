#![doc = include_str!("../../../schemas/statement.md")]

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::digest::{Sha256Bytes, sha256};
use super::parted::{Parted, body_digest};
use super::{CodecError, decode, encode};
use crate::limits::STATEMENT_BYTES_MAX;
use crate::model::{
    Activity, ActivityHeader, Actor, Annual, Assurance, Authority, Digest, Factor, Genesis, Header, Product,
    ProductId, ProductTag, Publication, PublicationHeader, Redaction, Salt, State, Statement, StatementId,
    StatementKind, SupplierFootprint, ValueError, Withdrawal,
};

const WHAT: &str = "statement";
const BODY: &str = "body of a statement";

/// What is read first: enough to know which type to read.
#[derive(Deserialize)]
struct Head<'a> {
    #[serde(borrow, rename = "type")]
    kind: std::borrow::Cow<'a, str>,
    #[serde(borrow)]
    v: std::borrow::Cow<'a, str>,
}

/// Writes a statement in its one spelling and checks that its parts fit together: its header and, where it has
/// one, a line feed and its body.
///
/// # Errors
/// [`CodecError::Value`] where the parts do not fit; [`CodecError::TooLong`] above [`STATEMENT_BYTES_MAX`] of
/// either.
pub fn encode_statement(statement: &Statement) -> Result<Vec<u8>, CodecError> {
    let bytes = write_statement(statement)?;
    // Reading it back holds every writer to what the reader accepts, also where a flow was put together by hand.
    decode_statement(&bytes)?;
    Ok(bytes)
}

/// As [`encode_statement`], where whoever reads it next checks it.
///
/// # Errors
/// Those of [`encode`]; [`CodecError::Value`] for a draft of an activity.
pub fn write_statement(statement: &Statement) -> Result<Vec<u8>, CodecError> {
    match statement {
        Statement::Activity(said) => {
            if said.tags.len() != said.products().count() {
                let problem = "is a draft: the tags of its products are not filled in".into();
                return Err(ValueError::Combination { what: "activity", problem }.into());
            }
            in_parts(said.clone())
        }
        Statement::Annual(said) => in_parts(said.clone()),
        Statement::Factor(said) if !said.open => in_parts(said.clone()),
        Statement::SupplierFootprint(said) => in_parts(said.clone()),
        Statement::Publication(said) => in_parts(said.clone()),
        whole => encode(whole),
    }
}

fn in_parts<T: Parted>(statement: T) -> Result<Vec<u8>, CodecError>
where
    T::Header: Serialize,
    T::Body: Serialize,
{
    let (mut header, body) = statement.part()?;
    let body = encode(&body)?;
    T::name_body(&mut header, body_digest(&body));
    let mut text = encode(&header)?;
    text.push(b'\n');
    text.extend_from_slice(&body);
    Ok(text)
}

/// Header and body of a statement's text: what stands before its line feed, and behind it. Neither holds one,
/// since canonical JSON escapes it.
pub fn parts_of(text: &[u8]) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|byte| *byte == b'\n') {
        // OK because the position lies inside.
        Some(at) => (text.get(..at).unwrap_or_default(), text.get(at + 1..)),
        None => (text, None),
    }
}

/// The digest of the body that a header names: it is nothing without it, unless that was taken out.
///
/// # Errors
/// [`CodecError::Shape`] for what is no JSON object, or names a body otherwise.
pub fn named_body(header: &[u8]) -> Result<Option<Digest>, CodecError> {
    #[derive(Deserialize)]
    struct Named {
        body: Option<Digest>,
    }
    let named: Named = serde_json::from_slice(header)
        .map_err(|e| CodecError::Shape { place: format!("column {}", e.column()), problem: e.to_string() })?;
    Ok(named.body)
}

/// Writes a draft: header and body in one document, as programs hand it in.
///
/// # Errors
/// [`CodecError::Value`] where the parts do not fit; [`CodecError::TooLong`] above [`STATEMENT_BYTES_MAX`].
pub fn encode_draft(statement: &Statement) -> Result<Vec<u8>, CodecError> {
    let bytes = encode(statement)?;
    decode_draft(&bytes)?;
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

/// Reads a draft, header and body in one document, from its one spelling.
///
/// # Errors
/// Every [`CodecError`] but `Stored`; each names the place. Unknown keys, types and versions are refused.
///
/// ```
/// use pcf_core::codec::decode_draft;
/// let typo = br#"{"by":"acme","reson":"typo","type":"withdrawal","v":"1"}"#;
/// assert!(decode_draft(typo).unwrap_err().to_string().contains("reson"));
/// ```
pub fn decode_draft(bytes: &[u8]) -> Result<Statement, CodecError> {
    let head = head_of(bytes)?;
    let limit = STATEMENT_BYTES_MAX;
    let statement = match head {
        StatementKind::Activity => decode::<Activity>(bytes, WHAT, limit)?.into(),
        StatementKind::Annual => decode::<Annual>(bytes, WHAT, limit)?.into(),
        StatementKind::Factor => decode::<Factor>(bytes, WHAT, limit)?.into(),
        StatementKind::SupplierFootprint => decode::<SupplierFootprint>(bytes, WHAT, limit)?.into(),
        kind => whole(kind, bytes)?,
    };
    check(&statement)?;
    Ok(statement)
}

/// The type of a document of at most [`STATEMENT_BYTES_MAX`].
fn head_of(bytes: &[u8]) -> Result<StatementKind, CodecError> {
    let limit = STATEMENT_BYTES_MAX;
    if bytes.len() > limit {
        return Err(CodecError::TooLong { what: WHAT, limit, got: bytes.len() });
    }
    let head: Head<'_> = serde_json::from_slice(bytes)
        .map_err(|e| CodecError::Shape { place: format!("column {}", e.column()), problem: e.to_string() })?;
    if head.v != "1" {
        let problem = format!("this program reads version 1 of the statement format, got version {}", head.v);
        return Err(CodecError::Shape { place: "v".into(), problem });
    }
    Ok(head.kind.parse()?)
}

/// A statement of a type that never has a body, or an open factor.
fn whole(kind: StatementKind, bytes: &[u8]) -> Result<Statement, CodecError> {
    macro_rules! read {
        ($body:ty) => {
            decode::<$body>(bytes, WHAT, STATEMENT_BYTES_MAX).map(Statement::from)
        };
    }
    match kind {
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
    }
}

fn check(statement: &Statement) -> Result<(), CodecError> {
    statement.check()?;
    match statement {
        Statement::SupplierFootprint(said) => check_document(said),
        _ => Ok(()),
    }
}

/// Reads a header from its one spelling.
///
/// # Errors
/// Every [`CodecError`]; each names the place. A body is refused like everything that is no header.
pub fn decode_header(bytes: &[u8]) -> Result<Header, CodecError> {
    let limit = STATEMENT_BYTES_MAX;
    // Nearly all statements are activities, whose header ends with their type: it need not be looked through
    // for it. What is wrong with one is said by the way that all others go.
    if bytes.ends_with(br#","type":"activity","v":"1"}"#)
        && bytes.len() <= limit
        && let Ok(header) = decode::<ActivityHeader>(bytes, WHAT, limit)
        && header.check().is_ok()
    {
        return Ok(Header::Activity(header));
    }
    Ok(match head_of(bytes)? {
        StatementKind::Activity => {
            let header = decode::<ActivityHeader>(bytes, WHAT, limit)?;
            header.check()?;
            Header::Activity(header)
        }
        StatementKind::Annual => Header::Annual(decode(bytes, WHAT, limit)?),
        StatementKind::SupplierFootprint => Header::SupplierFootprint(decode(bytes, WHAT, limit)?),
        StatementKind::Publication => {
            let header = decode::<PublicationHeader>(bytes, WHAT, limit)?;
            header.check()?;
            Header::Publication(header)
        }
        StatementKind::Factor if named_body(bytes)?.is_some() => Header::Factor(decode(bytes, WHAT, limit)?),
        kind => {
            let statement = whole(kind, bytes)?;
            check(&statement)?;
            check_whole(&statement)?;
            Header::Whole(statement)
        }
    })
}

/// What a header without a body needs and a draft need not have.
fn check_whole(statement: &Statement) -> Result<(), CodecError> {
    let (what, problem) = match statement {
        Statement::Product(said) if said.tag_salt.is_none() => ("product", "needs its `tagSalt`"),
        Statement::Factor(said) if !said.open => ("factor", "needs a body, or to be `open`"),
        _ => return Ok(()),
    };
    Err(ValueError::Combination { what, problem: problem.into() }.into())
}

/// Reads a statement, header and body, from its one spelling.
///
/// # Errors
/// Every [`CodecError`]; each names the place. Unknown keys, types and versions are refused, and so are a header
/// without the body that it names, another body, and a body that no header names.
pub fn decode_statement(text: &[u8]) -> Result<Statement, CodecError> {
    let (header, body) = parts_of(text);
    let header = decode_header(header)?;
    let unfit = |problem: String| CodecError::Shape { place: "body".into(), problem };
    let body = match (header.body(), body) {
        (None, None) => &[],
        (None, Some(_)) => return Err(unfit("expected none, as the header names none".into())),
        (Some(digest), None) => {
            return Err(unfit(format!("expected the one with the digest {digest}, got none")));
        }
        (Some(digest), Some(body)) => {
            if body.len() > STATEMENT_BYTES_MAX {
                return Err(CodecError::TooLong { what: BODY, limit: STATEMENT_BYTES_MAX, got: body.len() });
            }
            let got = body_digest(body);
            if got != *digest {
                return Err(unfit(format!("expected the digest {digest}, as the header has it, got {got}")));
            }
            body
        }
    };
    let statement = match header {
        Header::Activity(header) => join::<Activity>(header, body)?.into(),
        Header::Annual(header) => join::<Annual>(header, body)?.into(),
        Header::Factor(header) => join::<Factor>(header, body)?.into(),
        Header::SupplierFootprint(header) => join::<SupplierFootprint>(header, body)?.into(),
        Header::Publication(header) => join::<Publication>(header, body)?.into(),
        Header::Whole(statement) => return Ok(statement),
    };
    check(&statement)?;
    Ok(statement)
}

fn join<T: Parted>(header: T::Header, body: &[u8]) -> Result<T, CodecError>
where
    T::Body: Serialize + DeserializeOwned,
{
    T::join(header, decode(body, BODY, STATEMENT_BYTES_MAX)?)
}

fn check_document(statement: &SupplierFootprint) -> Result<(), CodecError> {
    let got = Digest::from_bytes(sha256(&[statement.document.as_bytes()]));
    if got == statement.digest {
        return Ok(());
    }
    let problem = format!("expected the digest of the document, {got}, got {}", statement.digest);
    Err(CodecError::Shape { place: "digest".into(), problem })
}

/// `SHA-256(0x00 || bytes)`: the leaf hash of RFC 6962, for headers and seals.
pub fn leaf_hash(bytes: &[u8]) -> Sha256Bytes {
    sha256(&[&[0], bytes])
}

/// The leaf hash of the statement with this text: that of its header, `SHA-256(0x00 || header)`.
pub fn statement_leaf(text: &[u8]) -> Sha256Bytes {
    leaf_hash(parts_of(text).0)
}

/// The id of the statement with this text: its leaf hash.
pub fn statement_id(text: &[u8]) -> StatementId {
    StatementId::from_bytes(statement_leaf(text))
}

/// The tag of a product's id: `SHA-256(0x03 || tagSalt || product id)`.
pub fn product_tag(salt: &Salt, id: &ProductId) -> ProductTag {
    ProductTag::from_bytes(sha256(&[&[3], salt.as_bytes(), id.as_str().as_bytes()]))
}

/// The ids of a product with their tags; none of a draft.
pub fn tags_of(product: &Product) -> impl Iterator<Item = (&ProductId, ProductTag)> {
    product.ids.iter().filter_map(|id| Some((id, product_tag(product.tag_salt.as_ref()?, id))))
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
        let statement = decode_draft(text.as_bytes()).unwrap();
        check_length(&statement).unwrap();
        // Two texts that no flow has beside the others, a reason and what it substitutes, leave
        // room as well. A certificate is a part by itself, and shorter than a flow.
        assert!(encode(&statement).unwrap().len() + FEW_PARTS * 2 * (4_000 + 50) < STATEMENT_BYTES_MAX);
    }
}
