//! Digests of what statements speak of, and of what publications of the same figures share.

use std::fmt::Write as _;

use serde::Serialize;

use super::digest::{HashedText, Sha256Bytes, sha256};
use super::{CodecError, encode};
use crate::model::{
    Accepted, Activity, Boundary, DataCoverage, Digest, Figures, Header, Method, Period, ProductId,
    Publication, Statement, Text, Used, folded,
};

/// SHA-256 of what a statement speaks of, [`Statement::subject`].
pub fn subject_digest(statement: &Statement) -> Sha256Bytes {
    let mut hashed = HashedText::default();
    let _ = statement.write_subject(&mut hashed); // OK because hashing cannot fail.
    hashed.finish()
}

/// As [`subject_digest`], of a header.
pub fn subject_of_header(header: &Header) -> Sha256Bytes {
    let mut hashed = HashedText::default();
    let _ = header.write_subject(&mut hashed); // OK because hashing cannot fail.
    hashed.finish()
}

/// SHA-256 of what a draft speaks of, [`Statement::draft_subject`].
pub fn draft_subject_digest(statement: &Statement) -> Sha256Bytes {
    let mut hashed = HashedText::default();
    let _ = statement.write_draft_subject(&mut hashed); // OK because hashing cannot fail.
    hashed.finish()
}

/// SHA-256 of what the readings of one series have in common: products, process, site, meter, scenario and the
/// names of their flows. None of anything but a reading whose tags are filled in.
pub fn series_place(statement: &Statement) -> Option<Sha256Bytes> {
    let Statement::Activity(said) = statement else { return None };
    if !said.is_reading() {
        return None;
    }
    let mut hashed = HashedText::default();
    let _ = write_series_place(said, &mut hashed); // OK because hashing cannot fail.
    Some(hashed.finish())
}

fn write_series_place(said: &Activity, into: &mut HashedText) -> std::fmt::Result {
    let mut tags = said.tags.clone();
    tags.sort_unstable();
    tags.iter().try_for_each(|tag| write!(into, "{tag}\0"))?;
    let site = said.site.as_ref().map(|site| &site.name);
    for text in [Some(&said.process), site, said.meter.as_ref(), said.scenario.as_ref()] {
        write!(into, "{}\0", text.map_or_else(String::new, |text| folded(text.as_str())))?;
    }
    into.write_str(said.stage.as_str())?;
    said.flow_names().iter().try_for_each(|name| write!(into, "\0{name}"))
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
