//! What a verifier found: one line a check, and the answer to the whole. It judges nothing itself.

use std::collections::BTreeSet;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use super::trust::Known;
use crate::checks::{Check, Outcome, Verdict};
use crate::model::{
    ActorId, AssuranceLevel, FootprintId, LogPosition, Opinion, PublicKey, Publication, PublicationStatus,
    RoundedFigures, StatementId, Text,
};

/// The check that the whole rests on.
pub(super) const TRUST_ANCHOR: &str = "trust-anchor";

/// An assurance in the proof.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
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

impl Assured {
    /// True where it is about the figures in this proof and not the publisher's own.
    pub const fn counts(&self) -> bool {
        self.names_these_figures && !self.is_own
    }
}

impl Serialize for Assured {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut assured = serializer.serialize_struct("Assured", 10)?;
        assured.serialize_field("by", &self.by)?;
        match &self.name {
            Some(name) => assured.serialize_field("name", name)?,
            None => assured.skip_field("name")?,
        }
        assured.serialize_field("level", &self.level)?;
        assured.serialize_field("opinion", &self.opinion)?;
        assured.serialize_field("standard", &self.standard)?;
        assured.serialize_field("findings", &self.findings)?;
        assured.serialize_field("examinedSize", &self.log.size.as_u64())?;
        assured.serialize_field("key", &self.key)?;
        assured.serialize_field("known", self.known.as_str())?;
        assured.serialize_field("counts", &self.counts())?;
        assured.end()
    }
}

/// An auditor whose opinion names the root of a state.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Vouched {
    /// The auditor.
    pub by: ActorId,
    /// True where the reader has pinned the auditor's key; else who it is, is the operator's claim like the state.
    pub is_pinned: bool,
}

/// The auditor whose key is pinned: no other lends weight.
fn pinned(vouched: Option<&Vouched>) -> Option<&ActorId> {
    vouched.filter(|vouched| vouched.is_pinned).map(|vouched| &vouched.by)
}

fn is_unpinned(vouched: &Option<Vouched>) -> bool {
    pinned(vouched.as_ref()).is_none()
}

fn vouched_by<S: Serializer>(vouched: &Option<Vouched>, serializer: S) -> Result<S::Ok, S::Error> {
    pinned(vouched.as_ref()).serialize(serializer)
}

/// Whether the figures used everything, as the state of the log size that they rest on says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
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
    #[serde(rename = "vouchedBy", serialize_with = "vouched_by", skip_serializing_if = "is_unpinned")]
    pub vouched: Option<Vouched>,
    /// True where used statements that only withheld bodies name are not spoken of.
    #[serde(rename = "hidesSources", skip_serializing_if = "std::ops::Not::not")]
    pub hides_sources: bool,
}

impl Completeness {
    /// The auditor with a pinned key who says so beside the operator.
    pub fn vouched_by(&self) -> Option<&ActorId> {
        pinned(self.vouched.as_ref())
    }
}

/// What the newest state in a proof says of its publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Standing {
    /// The log size that the state speaks of.
    pub size: u64,
    /// True for a final publication that no other follows and of which every used statement still holds.
    #[serde(rename = "current")]
    pub is_current: bool,
    /// The publication that follows it, and its footprint.
    #[serde(serialize_with = "later", skip_serializing_if = "Option::is_none")]
    pub superseded_by: Option<(StatementId, FootprintId)>,
    /// Used statements that no longer hold.
    pub used_ended: Vec<StatementId>,
    /// How many activities of the products in the figures were said since and hold; 0 where the proof does not show it.
    pub said_since: u64,
    /// Who says so beside the operator.
    #[serde(rename = "vouchedBy", serialize_with = "vouched_by", skip_serializing_if = "is_unpinned")]
    pub vouched: Option<Vouched>,
    /// True where used statements that only withheld bodies name are not spoken of.
    #[serde(rename = "hidesSources", skip_serializing_if = "std::ops::Not::not")]
    pub hides_sources: bool,
}

impl Standing {
    /// The auditor with a pinned key who says so beside the operator.
    pub fn vouched_by(&self) -> Option<&ActorId> {
        pinned(self.vouched.as_ref())
    }
}

fn later<S: Serializer>(
    later: &Option<(StatementId, FootprintId)>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Later<'a> {
        footprint: &'a FootprintId,
        statement: &'a StatementId,
    }
    later.as_ref().map(|(statement, footprint)| Later { footprint, statement }).serialize(serializer)
}

/// What a proof says, and check by check what of it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
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
    /// The publication with its figures; see [`super::Proof::publication`].
    pub publication: Publication,
    /// The intervals that the exact figures lie in, where those are not shown.
    pub rounded: Option<Box<RoundedFigures>>,
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

    /// The answer to the whole, in words.
    pub fn verdict_words(&self) -> &'static str {
        match self.verdict() {
            Verdict::Holds => "verified",
            Verdict::Fails => "not verified",
            Verdict::Unanchored => "not verified: no key was given to compare with",
        }
    }

    /// The publisher's name, as the operator claims it; the id where there is none.
    pub fn publisher_name(&self) -> &str {
        self.publisher.as_ref().map_or_else(|| self.publication.by.as_str(), Text::as_str)
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

impl Serialize for Report {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let publication = &self.publication;
        let figures = &publication.figures;
        let mut report = serializer.serialize_struct("Report", 14)?;
        report.serialize_field("verdict", self.verdict_words())?;
        report.serialize_field("status", &publication.status)?;
        report.serialize_field("footprint", &publication.footprint)?;
        report.serialize_field("product", &publication.product)?;
        report.serialize_field("publisher", self.publisher_name())?;
        report.serialize_field("period", &publication.period.to_string())?;
        match &self.rounded {
            Some(rounded) => {
                report.serialize_field("gateKgCo2eBetween", &rounded.gate.excluding_uptake)?;
                if let Some(grave) = &rounded.grave {
                    report.serialize_field("graveKgCo2eBetween", &grave.excluding_uptake)?;
                }
            }
            None => {
                report.serialize_field("gateKgCo2e", &figures.gate.excluding_uptake)?;
                if let Some(grave) = &figures.grave {
                    report.serialize_field("graveKgCo2e", &grave.excluding_uptake)?;
                }
            }
        }
        report.serialize_field("ledgerId", &self.ledger_id)?;
        report.serialize_field("logSize", &self.checkpoint_size)?;
        report.serialize_field("assurances", &self.assurances)?;
        match &self.completeness {
            Some(completeness) => report.serialize_field("completeness", completeness)?,
            None => report.skip_field("completeness")?,
        }
        match &self.standing {
            Some(standing) => report.serialize_field("standing", standing)?,
            None => report.skip_field("standing")?,
        }
        report.serialize_field("checks", &self.checks)?;
        report.end()
    }
}
