//! A proof in memory: made of its parts or read from its file, complete and in its one order. It knows the caps and the order; whether
//! anything in it is true is for the checks.

use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::BundleError;
use super::document::{Document, DocumentSeal, DocumentStatement, DocumentType};
use super::states::{self, HeldState, ShownState};
use crate::admission::Said;
use crate::codec::{CodecError, decode, decode_header, decode_statement, encode, parts_of, statement_id};
use crate::limits::{
    CONSISTENCY_HASHES_MAX, PATH_HASHES_MAX, PROOF_BYTES_MAX, PROOF_KEYS_MAX, PROOF_PLACES_MAX,
    PROOF_REVOCATIONS_MAX, SEAL_BYTES, SEAL_PATH_MAX,
};
use crate::log::{Checkpoint, LogError};
use crate::merkle::Hash;
use crate::model::statement::Version;
use crate::model::{Digest, Publication, Statement, StatementId, Whole};
use crate::sign::{Note, Seal};

/// A statement with its place under its seal, and its seal's place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed {
    /// The statement's text, or its header alone.
    pub bytes: Vec<u8>,
    /// Its place in its submission, from 0.
    pub ordinal: u64,
    /// The path from it to the root in the seal.
    pub path: Vec<Hash>,
    /// The index of the seal in the log.
    pub index: u64,
    /// The seal.
    pub seal: Seal,
    /// The path from the seal to the root of the checkpoint.
    pub log_path: Vec<Hash>,
}

/// What a proof is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parts {
    /// The signed checkpoint with its cosignatures.
    pub checkpoint: String,
    /// Consistency from the log position that the publication rests on to the checkpoint.
    pub consistency: Vec<Hash>,
    /// The id of the publication.
    pub publication: StatementId,
    /// The genesis, the publication, authority and actor statements, assurances, and the used statements that are disclosed; in any order,
    /// and one may be given twice.
    pub statements: Vec<Placed>,
    /// What is shown of states, by size; their statements are among those above.
    pub states: Vec<ShownState>,
    /// The ids of all used statements, in any order.
    pub used: Vec<StatementId>,
}

/// A seal of a proof.
#[derive(Debug, Clone)]
pub(super) struct HeldSeal {
    pub index: u64,
    pub path: Vec<Hash>,
    pub seal: Seal,
}

/// A statement of a proof.
#[derive(Debug, Clone)]
pub(super) struct HeldStatement {
    pub id: StatementId,
    pub bytes: Vec<u8>,
    /// What it says, or its header where its body is not in the proof.
    pub said: Said,
    /// The number of its seal in the proof's table.
    pub seal: usize,
    pub ordinal: u32,
    pub path: Vec<Hash>,
}

/// A footprint proof with everything a verifier needs in its place. Nothing in it holds before [`Proof::verify`] says so.
#[derive(Debug, Clone)]
pub struct Proof {
    pub(super) note: Note,
    pub(super) checkpoint: Checkpoint,
    pub(super) consistency: Vec<Hash>,
    /// Sorted by index, each once.
    pub(super) seals: Vec<HeldSeal>,
    /// Sorted by seal and ordinal; the first is the genesis.
    pub(super) statements: Vec<HeldStatement>,
    pub(super) publication: Publication,
    /// The number of the publication in the statements.
    pub(super) publication_at: usize,
    /// Sorted by size, each once.
    pub(super) states: Vec<HeldState>,
    /// Sorted, each once.
    pub(super) used: Vec<StatementId>,
}

impl Proof {
    /// Puts a proof together: sorts its parts and checks that all are there.
    ///
    /// # Errors
    /// Every [`BundleError`]; two different things at one place are a `Structure` error.
    pub fn new(parts: Parts) -> Result<Self, BundleError> {
        let mut seals: BTreeMap<u64, DocumentSeal> = BTreeMap::new();
        let mut statements: BTreeMap<(u64, u64), DocumentStatement> = BTreeMap::new();
        for placed in parts.statements {
            let index = whole("index", placed.index)?;
            let seal = DocumentSeal {
                index,
                path: digests(&placed.log_path),
                seal: BASE64_STANDARD.encode(placed.seal.to_bytes()),
            };
            let text = String::from_utf8(placed.bytes)
                .map_err(|e| structure("statements", "UTF-8", format!("bytes that are not: {e}")))?;
            let (header, body) = match text.split_once('\n') {
                Some((header, body)) => (header.to_owned(), Some(body.to_owned())),
                None => (text, None),
            };
            let ordinal = whole("ordinal", placed.ordinal)?;
            let path = digests(&placed.path);
            let statement = DocumentStatement { body, header, ordinal, path, seal: index };
            if seals.entry(placed.index).or_insert_with(|| seal.clone()) != &seal {
                let got = format!("two at index {}", placed.index);
                return Err(structure("seals", "one seal and path at an index", got));
            }
            let place = (placed.index, placed.ordinal);
            if statements.entry(place).or_insert_with(|| statement.clone()) != &statement {
                let got = format!("two at {} of the seal at index {}", place.1, place.0);
                return Err(structure("statements", "one statement at a place", got));
            }
        }
        let mut used = parts.used;
        used.sort_unstable();
        used.dedup();
        Self::from_document(Document {
            checkpoint: parts.checkpoint,
            consistency: digests(&parts.consistency),
            publication: parts.publication,
            seals: seals.into_values().collect(),
            statements: statements.into_values().collect(),
            states: parts.states.iter().map(states::write).collect::<Result<_, _>>()?,
            r#type: DocumentType::FootprintProof,
            used,
            v: Version,
        })
    }

    /// Reads a proof from its one spelling.
    ///
    /// # Errors
    /// Every [`BundleError`], each naming the place; more than [`PROOF_BYTES_MAX`] bytes are refused before anything is read.
    pub fn parse(bytes: &[u8]) -> Result<Self, BundleError> {
        Self::from_document(decode(bytes, "footprint proof", PROOF_BYTES_MAX)?)
    }

    /// Writes the proof in its one spelling.
    ///
    /// # Errors
    /// [`BundleError::Document`] above [`PROOF_BYTES_MAX`].
    pub fn to_bytes(&self) -> Result<Vec<u8>, BundleError> {
        let bytes = encode(&self.to_document()?)?;
        let (what, limit, got) = ("footprint proof", PROOF_BYTES_MAX, bytes.len());
        if got > limit { Err(CodecError::TooLong { what, limit, got }.into()) } else { Ok(bytes) }
    }

    /// The publication that it proves.
    pub const fn publication(&self) -> &Publication {
        &self.publication
    }

    /// The ids of all used statements, sorted.
    pub fn used(&self) -> &[StatementId] {
        &self.used
    }

    /// The log sizes that its states speak of, smallest first.
    pub fn state_sizes(&self) -> impl Iterator<Item = u64> {
        self.states.iter().map(HeldState::size)
    }

    /// The id of the ledger that it says it comes from: that of its genesis.
    pub fn ledger_id(&self) -> Option<StatementId> {
        self.statements.first().map(|genesis| genesis.id)
    }

    fn to_document(&self) -> Result<Document, BundleError> {
        let mut seals = Vec::with_capacity(self.seals.len());
        for held in &self.seals {
            let seal = BASE64_STANDARD.encode(held.seal.to_bytes());
            seals.push(DocumentSeal { index: whole("index", held.index)?, path: digests(&held.path), seal });
        }
        let mut statements = Vec::with_capacity(self.statements.len());
        for held in &self.statements {
            let index = self.seals.get(held.seal).map_or(0, |s| s.index); // OK because every number was made from the table.
            let (header, body) = parts_of(&held.bytes);
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned(); // OK because it was read as UTF-8.
            statements.push(DocumentStatement {
                body: body.map(text),
                header: text(header),
                ordinal: whole("ordinal", held.ordinal.into())?,
                path: digests(&held.path),
                seal: whole("seal", index)?,
            });
        }
        let publication = self.statements.get(self.publication_at).map(|p| p.id);
        Ok(Document {
            checkpoint: self.note.to_string(),
            consistency: digests(&self.consistency),
            publication: publication.unwrap_or(StatementId::from_bytes([0; 32])), // OK because it was found when it was made.
            seals,
            statements,
            states: self.states.iter().map(|held| states::write(&held.shown)).collect::<Result<_, _>>()?,
            r#type: DocumentType::FootprintProof,
            used: self.used.clone(),
            v: Version,
        })
    }

    fn from_document(document: Document) -> Result<Self, BundleError> {
        check_counts(&document)?;
        let note = Note::parse(document.checkpoint.as_bytes()).map_err(LogError::from)?;
        if note.to_string() != document.checkpoint {
            return Err(structure("checkpoint", "a note in its one spelling", "another".into()));
        }
        let checkpoint = Checkpoint::parse(note.text())?;
        let seals = read_seals(document.seals)?;
        let statements = read_statements(document.statements, &seals)?;
        check_keys(&statements)?;
        let first =
            statements.first().map(|s| (s.said.statement(), seals.get(s.seal).map(|seal| seal.index)));
        if !matches!(first, Some((Some(Statement::Ledger(_)), Some(0)))) {
            let got = "another statement, or none".into();
            return Err(structure("statements[0]", "the genesis, at index 0 of the log", got));
        }
        let found = statements.iter().enumerate().find(|(_, s)| s.id == document.publication);
        let Some((publication_at, Some(Statement::Publication(publication)))) =
            found.map(|(n, s)| (n, s.said.statement().cloned()))
        else {
            let got = format!("none with the id {}", document.publication);
            return Err(structure("publication", "the id of a publication in `statements`", got));
        };
        if !document.used.is_sorted_by(|a, b| a < b) {
            return Err(structure("used", "ids sorted, each once", "another order".into()));
        }
        let states = states::read(document.states, &statements)?;
        Ok(Self {
            note,
            checkpoint,
            consistency: hashes(document.consistency),
            seals,
            statements,
            publication,
            publication_at,
            states,
            used: document.used,
        })
    }
}

fn check_counts(document: &Document) -> Result<(), BundleError> {
    let counts = [
        ("consistency", CONSISTENCY_HASHES_MAX, document.consistency.len()),
        ("seals", PROOF_PLACES_MAX, document.seals.len()),
        ("statements", PROOF_PLACES_MAX, document.statements.len()),
    ];
    let over = counts.into_iter().find(|(_, limit, got)| got > limit);
    over.map_or(Ok(()), |(place, limit, got)| at_most(place.into(), limit, got))
}

/// Bounds what actor and authority statements can cost.
fn check_keys(statements: &[HeldStatement]) -> Result<(), BundleError> {
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

fn read_seals(texts: Vec<DocumentSeal>) -> Result<Vec<HeldSeal>, BundleError> {
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

fn read_statements(
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

pub(super) fn digests(hashes: &[Hash]) -> Vec<Digest> {
    hashes.iter().map(|hash| Digest::from_bytes(*hash)).collect()
}

pub(super) fn hashes(digests: Vec<Digest>) -> Vec<Hash> {
    digests.iter().map(|digest| *digest.as_bytes()).collect()
}

pub(super) fn whole(place: &str, number: u64) -> Result<Whole, BundleError> {
    Whole::new(number).map_err(|e| structure(place, "less than 10^18", e.to_string()))
}

pub(super) fn at_most(place: String, limit: usize, got: usize) -> Result<(), BundleError> {
    if got <= limit {
        return Ok(());
    }
    Err(BundleError::Structure { place, expected: format!("at most {limit}"), got: got.to_string() })
}

pub(super) fn structure(place: &str, expected: &str, got: String) -> BundleError {
    BundleError::Structure { place: place.to_owned(), expected: expected.to_owned(), got }
}
