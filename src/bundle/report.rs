//! What a verifier trusts beforehand, and what it found: one line a check. It judges nothing itself.

use std::fmt;

use crate::log::Policy;
use crate::model::{
    ActorId, AssuranceLevel, Opinion, PublicKey, Publication, PublicationStatus, StatementId, Text,
};
use crate::sign::VerifierKey;

/// What the reader trusts before reading. The log's key or the ledger id is needed; with neither, nothing is anchored.
#[derive(Debug, Clone, Default)]
pub struct Trust {
    /// The log's verifier key, from a source other than the proof.
    pub log_key: Option<VerifierKey>,
    /// The ledger id, from a source other than the proof.
    pub ledger_id: Option<StatementId>,
    /// Keys of actors whose names the reader has checked.
    pub actor_keys: Vec<PublicKey>,
    /// Witnesses: each of them must have cosigned the checkpoint.
    pub witnesses: Vec<VerifierKey>,
    /// Which witnesses together are enough.
    pub policy: Option<Policy>,
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Holds,
    /// It does not hold, and why.
    Fails(String),
    /// It cannot be known from this file, and why.
    NotChecked(String),
}

impl Outcome {
    /// `holds`, `fails` or `not checked`.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Fails(_) => "fails",
            Self::NotChecked(_) => "not checked",
        }
    }
}

/// One check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Its stable name.
    pub name: &'static str,
    /// What came of it.
    pub outcome: Outcome,
    /// Where it holds what was seen, else what was asked.
    pub detail: String,
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Outcome::Holds => write!(f, "{}: holds: {}", self.name, self.detail),
            Outcome::Fails(why) => write!(f, "{}: fails: {why}", self.name),
            Outcome::NotChecked(why) => write!(f, "{}: not checked: {why}", self.name),
        }
    }
}

/// The answer to the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing that could be checked fails.
    Holds,
    /// A check fails.
    Fails,
}

/// An assurance in the proof.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assured {
    /// Its statement.
    pub id: StatementId,
    /// The auditor.
    pub by: ActorId,
    /// The auditor's name, as the operator claims it.
    pub name: Option<Text>,
    /// How sure the auditor is.
    pub level: AssuranceLevel,
    /// The opinion.
    pub opinion: Opinion,
    /// The standard followed.
    pub standard: Text,
    /// What was found.
    pub findings: Vec<Text>,
    /// True where it names the digest of the figures in this proof.
    pub names_these_figures: bool,
}

/// What a proof says, and check by check what of it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Every check, in a fixed order; all of them ran.
    pub checks: Vec<Check>,
    /// The ledger it says it comes from.
    pub ledger_id: StatementId,
    /// The log's name.
    pub origin: String,
    /// Seals in the log at the checkpoint.
    pub checkpoint_size: u64,
    /// The id of the publication.
    pub publication_id: StatementId,
    /// The index of its seal in the log.
    pub publication_index: u64,
    /// The publication with its figures.
    pub publication: Publication,
    /// The publisher's name, as the operator claims it.
    pub publisher: Option<Text>,
    /// Assurances in the proof.
    pub assurances: Vec<Assured>,
    /// How many statements enter the figures.
    pub used: usize,
    /// How many of them are in the proof.
    pub disclosed: usize,
}

impl Report {
    /// The answer to the whole: what is not checked neither helps nor harms it, and stands beside it.
    pub fn verdict(&self) -> Verdict {
        let fails = self.checks.iter().any(|check| matches!(check.outcome, Outcome::Fails(_)));
        if fails { Verdict::Fails } else { Verdict::Holds }
    }

    /// A check by its name.
    pub fn check(&self, name: &str) -> Option<&Check> {
        self.checks.iter().find(|check| check.name == name)
    }

    /// True where the publisher does not stand by the figures yet.
    pub fn is_draft(&self) -> bool {
        self.publication.status == PublicationStatus::Draft
    }
}
