//! A proof in memory: made of its parts or read from its file, complete and in its one order. It knows the caps and the order; whether
//! anything in it is true is for the checks.

use std::collections::BTreeMap;

use base64::prelude::{BASE64_STANDARD, Engine as _};

use super::BundleError;
use super::document::{Document, DocumentSeal, DocumentStatement, DocumentType, DocumentUsed};
use super::parsing::{check_counts, check_keys, known_used, published, read_seals, read_statements};
use super::states::{self, HeldState, ShownState};
use crate::admission::{Said, UsedIds};
use crate::codec::{CodecError, decode, encode, parts_of};
use crate::limits::PROOF_BYTES_MAX;
use crate::log::{Checkpoint, LogError};
use crate::merkle::Hash;
use crate::model::statement::Version;
use crate::model::{Digest, Publication, PublicationHeader, Statement, StatementId, Whole};
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
    /// The used statements; where bodies are withheld, of the sources those that are shown.
    pub used: UsedIds,
    /// True where some sources are not shown, because only withheld bodies name them.
    pub hides_sources: bool,
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
    /// The publication's header.
    pub(super) header: PublicationHeader,
    /// The publication with its exact figures where its body is in the proof, else with rounded
    /// ones.
    pub(super) publication: Publication,
    /// The number of the publication in the statements.
    pub(super) publication_at: usize,
    /// Sorted by size, each once.
    pub(super) states: Vec<HeldState>,
    /// What is listed as used.
    pub(super) listed: DocumentUsed,
    /// Sorted, each once: what is listed, and of sources that are not listed those that a shown
    /// body names.
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
        let UsedIds { activities, sources } = parts.used;
        let sources = (!parts.hides_sources).then(|| sources.into_iter().collect());
        Self::from_document(Document {
            checkpoint: parts.checkpoint,
            consistency: digests(&parts.consistency),
            publication: parts.publication,
            seals: seals.into_values().collect(),
            statements: statements.into_values().collect(),
            states: parts.states.iter().map(states::write).collect::<Result<_, _>>()?,
            r#type: DocumentType::FootprintProof,
            used: DocumentUsed { activities: activities.into_iter().collect(), sources },
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

    /// The publication that it proves, as [`Proof::is_exact`] says: with its exact figures, or as
    /// [`PublicationHeader::rounded`] gives it.
    pub const fn publication(&self) -> &Publication {
        &self.publication
    }

    /// The header of the publication.
    pub const fn publication_header(&self) -> &PublicationHeader {
        &self.header
    }

    /// True where it shows the exact figures.
    pub fn is_exact(&self) -> bool {
        self.statements.get(self.publication_at).is_some_and(|held| held.said.statement().is_some())
    }

    /// The ids of all used statements; none where it does not list all.
    pub fn used(&self) -> Option<UsedIds> {
        let sources = self.listed.sources.as_ref()?;
        let activities = self.listed.activities.iter().copied().collect();
        Some(UsedIds { activities, sources: sources.iter().copied().collect() })
    }

    /// True where it does not list the used statements other than activities.
    pub const fn hides_sources(&self) -> bool {
        self.listed.sources.is_none()
    }

    /// True where it shows all that every used statement says.
    pub fn is_whole(&self) -> bool {
        let whole = |id: &StatementId| {
            self.statements.iter().any(|held| held.id == *id && held.said.statement().is_some())
        };
        !self.hides_sources() && self.used.iter().all(whole)
    }

    /// The used activities whose bodies it shows.
    pub fn activities_shown(&self) -> impl Iterator<Item = &StatementId> {
        let shown = self
            .statements
            .iter()
            .filter(|held| matches!(held.said.statement(), Some(Statement::Activity(_))));
        shown.map(|held| &held.id).filter(|id| self.used.binary_search(id).is_ok())
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
            used: self.listed.clone(),
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
        let (publication_at, header, publication) = published(&statements, document.publication)?;
        let listed = document.used;
        let sources = listed.sources.as_deref().unwrap_or_default();
        for (place, ids) in [("used.activities", listed.activities.as_slice()), ("used.sources", sources)] {
            if !ids.is_sorted_by(|a, b| a < b) {
                return Err(structure(place, "ids sorted, each once", "another order".into()));
            }
        }
        let used = known_used(&listed, &statements, (publication_at, &publication));
        let states = states::read(document.states, &statements)?;
        Ok(Self {
            note,
            checkpoint,
            consistency: hashes(document.consistency),
            seals,
            statements,
            header,
            publication,
            publication_at,
            states,
            listed,
            used,
        })
    }
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
