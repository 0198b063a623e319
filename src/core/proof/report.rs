//! What a verifier found: one line a check, and the answer to the whole. It judges nothing itself.

use std::collections::BTreeSet;
use std::fmt;

use super::trust::Known;
use crate::model::{
    ActorId, AssuranceLevel, FootprintId, LogPosition, Opinion, PublicKey, Publication, PublicationStatus,
    StatementId, Text,
};

/// The check that the whole rests on.
pub(super) const TRUST_ANCHOR: &str = "trust-anchor";

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
    /// Nothing fails, but the reader gave neither the log's key nor the ledger id: whose log this is cannot be known from the file alone.
    Unanchored,
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
    /// The size and root of the log that the auditor examined.
    pub log: LogPosition,
    /// The key that sealed it.
    pub key: PublicKey,
    /// What the reader knows of that key.
    pub known: Known,
    /// True where it names the digest of the figures in this proof.
    pub names_these_figures: bool,
    /// True where it is the publisher's own, which does not count.
    pub is_own: bool,
}

/// An auditor whose opinion names the root of a state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// The auditor.
    pub by: ActorId,
    /// True where the reader has pinned the auditor's key; else who it is, is the operator's claim like the state.
    pub is_pinned: bool,
}

/// Whether the figures used everything, as the state of the log size that they rest on says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Completeness {
    /// That size.
    pub size: u64,
    /// How many statements the figures used.
    pub used: u64,
    /// How many there were: these, and the activities of their products that were not used.
    pub all: u64,
    /// Activities that were not used, as far as the proof lists them.
    pub missing: BTreeSet<StatementId>,
    /// Who says so beside the operator.
    pub vouched: Option<Vouched>,
}

/// What the newest state in a proof says of its publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The log size that the state speaks of.
    pub size: u64,
    /// True for a final publication that no other follows and of which every used statement still holds.
    pub is_current: bool,
    /// The publication that follows it, and its footprint.
    pub superseded_by: Option<(StatementId, FootprintId)>,
    /// Used statements that no longer hold.
    pub used_ended: Vec<StatementId>,
    /// How many activities of the products in the figures were said since and hold; 0 where the proof does not show it.
    pub said_since: u64,
    /// Who says so beside the operator.
    pub vouched: Option<Vouched>,
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
    /// What the state says of the size that the figures rest on; none where the proof cannot show it, or any check fails.
    pub completeness: Option<Completeness>,
    /// What the newest state says of the publication; none where the proof cannot show it, or any check fails.
    pub standing: Option<Standing>,
}

impl Report {
    /// The answer to the whole: what is not checked neither helps nor harms it, and stands beside it.
    pub fn verdict(&self) -> Verdict {
        let fails = self.checks.iter().any(|check| matches!(check.outcome, Outcome::Fails(_)));
        let anchor = self.check(TRUST_ANCHOR).map(|check| &check.outcome);
        match anchor {
            _ if fails => Verdict::Fails,
            Some(Outcome::Holds) => Verdict::Holds,
            _ => Verdict::Unanchored,
        }
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
