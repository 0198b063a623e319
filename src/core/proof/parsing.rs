//! The parts of a proof's file, each read into its place: caps, the order of the tables, and what
//! the statements say.

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::BundleError;
use super::document::{Document, DocumentSeal, DocumentStatement, DocumentUsed};
use super::footprint_proof::{HeldSeal, HeldStatement, at_most, hashes, structure};
use super::named::Named;
use crate::admission::Said;
use crate::codec::{CodecError, decode_header, decode_statement, parts_of, statement_id};
use crate::limits::{
    CONSISTENCY_HASHES_MAX, PATH_HASHES_MAX, PROOF_KEYS_MAX, PROOF_PLACES_MAX, PROOF_REVOCATIONS_MAX,
    SEAL_BYTES, SEAL_PATH_MAX,
};
use crate::model::{Header, Publication, PublicationHeader, Statement, StatementId};
use crate::sign::Seal;

/// The publication: its number among the statements, its header, and what is shown of it.
pub(super) fn published(
    statements: &[HeldStatement],
    id: StatementId,
) -> Result<(usize, PublicationHeader, Publication), BundleError> {
    let found = statements.iter().enumerate().find(|(_, held)| held.id == id);
    let other = || {
        let got = format!("none with the id {id}");
        structure("publication", "the id of a publication in `statements`", got)
    };
    let (place, held) = found.ok_or_else(other)?;
    let unread = |cause: CodecError| BundleError::Statement { place, cause };
    let Header::Publication(header) = decode_header(parts_of(&held.bytes).0).map_err(unread)? else {
        return Err(other());
    };
    let publication = match held.said.statement() {
        Some(Statement::Publication(exact)) => exact.clone(),
        _ => header.rounded().map_err(|cause| unread(cause.into()))?,
    };
    Ok((place, header, publication))
}

/// The used statements that are known: those that are listed; where sources are not, also those
/// among the statements that a shown body names.
pub(super) fn known_used(
    listed: &DocumentUsed,
    statements: &[HeldStatement],
    (publication_at, publication): (usize, &Publication),
) -> Vec<StatementId> {
    let mut used = listed.activities.clone();
    match &listed.sources {
        Some(sources) => used.extend(sources),
        None => {
            let mut named = Named::of_product(publication.product.clone());
            let said = || statements.iter().map(|held| (&held.id, held.said.statement()));
            for (id, statement) in said() {
                match statement {
                    Some(Statement::Activity(said)) if listed.activities.binary_search(id).is_ok() => {
                        named.by_activity(said);
                    }
                    Some(Statement::Product(said)) if said.ids.contains(&publication.product) => {
                        named.by_recycling(said);
                    }
                    _ => {}
                }
            }
            let others = statements.iter().enumerate().filter(|(n, _)| *n != publication_at);
            used.extend(others.filter(|(_, held)| named.names(&held.said)).map(|(_, held)| held.id));
        }
    }
    used.sort_unstable();
    used.dedup();
    used
}

pub(super) fn check_counts(document: &Document) -> Result<(), BundleError> {
    let counts = [
        ("consistency", CONSISTENCY_HASHES_MAX, document.consistency.len()),
        ("seals", PROOF_PLACES_MAX, document.seals.len()),
        ("statements", PROOF_PLACES_MAX, document.statements.len()),
    ];
    let over = counts.into_iter().find(|(_, limit, got)| got > limit);
    over.map_or(Ok(()), |(place, limit, got)| at_most(place.into(), limit, got))
}

/// Bounds what actor and authority statements can cost.
pub(super) fn check_keys(statements: &[HeldStatement]) -> Result<(), BundleError> {
    let (mut keys, mut revocations) = (0_usize, 0_usize);
    for held in statements {
        match held.said.statement() {
            Some(Statement::Actor(actor)) => {
                keys += 1 + actor.keys.len();
                revocations += actor.revoked.len();
            }
            Some(Statement::Authority(_)) => keys += 4,
            _ => {}
        }
    }
    at_most("the keys of all actor and authority statements".into(), PROOF_KEYS_MAX, keys)?;
    at_most("the revocations of all actor statements".into(), PROOF_REVOCATIONS_MAX, revocations)
}

pub(super) fn read_seals(texts: Vec<DocumentSeal>) -> Result<Vec<HeldSeal>, BundleError> {
    let mut seals: Vec<HeldSeal> = Vec::with_capacity(texts.len());
    for (place, text) in texts.into_iter().enumerate() {
        let at = |part: &str| format!("seals[{place}].{part}");
        at_most(at("path"), PATH_HASHES_MAX, text.path.len())?;
        let bytes = BASE64_STANDARD
            .decode(&text.seal)
            .map_err(|e| structure(&at("seal"), &format!("{SEAL_BYTES} bytes in base64"), e.to_string()))?;
        let seal = Seal::parse(&bytes).map_err(|cause| BundleError::Seal { place, cause })?;
        let index = text.index.as_u64();
        if seals.last().is_some_and(|earlier| earlier.index >= index) {
            return Err(structure(&at("index"), "an index above the one before", index.to_string()));
        }
        seals.push(HeldSeal { index, path: hashes(text.path), seal });
    }
    Ok(seals)
}

pub(super) fn read_statements(
    texts: Vec<DocumentStatement>,
    seals: &[HeldSeal],
) -> Result<Vec<HeldStatement>, BundleError> {
    let mut statements: Vec<HeldStatement> = Vec::with_capacity(texts.len());
    let mut next_seal = 0;
    for (place, text) in texts.into_iter().enumerate() {
        let at = |part: &str| format!("statements[{place}].{part}");
        at_most(at("path"), SEAL_PATH_MAX, text.path.len())?;
        let ordinal = u32::try_from(text.ordinal.as_u64())
            .map_err(|_| structure(&at("ordinal"), "less than 2^32", text.ordinal.to_string()))?;
        // Statements go through the seals in order and leave none out.
        let index = text.seal.as_u64();
        let same = statements.last().filter(|s| seals.get(s.seal).is_some_and(|seal| seal.index == index));
        let seal = match same {
            Some(earlier) if earlier.ordinal < ordinal => earlier.seal,
            None if seals.get(next_seal).is_some_and(|seal| seal.index == index) => {
                next_seal += 1;
                next_seal - 1
            }
            _ => {
                let expected = "the statements in the order of `seals` and of their ordinals, none doubled";
                return Err(structure(&at("seal"), expected, format!("{ordinal} of the seal at {index}")));
            }
        };
        let mut bytes = text.header.into_bytes();
        let said = match text.body {
            None => decode_header(&bytes).map(Said::of_header),
            Some(body) => {
                bytes.push(b'\n');
                bytes.extend_from_slice(body.as_bytes());
                decode_statement(&bytes).map(Said::Whole)
            }
        };
        let said = said.map_err(|cause| BundleError::Statement { place, cause })?;
        let id = statement_id(&bytes);
        statements.push(HeldStatement { id, bytes, said, seal, ordinal, path: hashes(text.path) });
    }
    if next_seal < seals.len() {
        let expected = "every seal to have a statement here".to_owned();
        let got = format!("none for seals[{next_seal}]");
        return Err(BundleError::Structure { place: "statements".into(), expected, got });
    }
    Ok(statements)
}
