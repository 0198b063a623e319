//! One shape of checks, for a proof, the plausibility rules, an audit and the release of a
//! publication: how a check ends, how much a finding weighs, and what it says.

use std::fmt;

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Something does not hold, or the calculation stops here.
    Stops,
    /// There is a figure, and a person must look at it before it is published.
    Attention,
    /// Worth knowing; nothing has to be done.
    Note,
}

impl Severity {
    /// As people read it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Stops => "stops",
            Self::Attention => "attention",
            Self::Note => "note",
        }
    }
}

/// One thing that a rule found. `A` is what it is about: in a calculation a product
/// and its statements, in a log a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding<A> {
    /// The rule's name, as its list of rules has it.
    pub rule: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// What it is about, or where it was found.
    pub about: A,
    /// What was found, with both sides.
    pub sentence: String,
    /// How to mend it; empty where the sentence says all.
    pub remedy: String,
}

impl<A> Finding<A> {
    /// True where somebody has to do something.
    pub fn weighs(&self) -> bool {
        self.severity != Severity::Note
    }
}

/// How a check ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Holds,
    /// It does not hold, and why.
    Fails(String),
    /// It cannot be known from what is there, and why.
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

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// One check with how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// Its stable name.
    pub name: &'static str,
    /// How it ended.
    pub outcome: Outcome,
    /// Where it holds what was seen, else what was asked.
    pub detail: String,
}

impl Check {
    /// A check that ended.
    pub fn new(name: &'static str, outcome: Outcome, detail: impl Into<String>) -> Self {
        Self { name, outcome, detail: detail.into() }
    }

    /// True where it holds.
    pub fn holds(&self) -> bool {
        self.outcome == Outcome::Holds
    }

    /// Why it fails or could not be made; else what was seen.
    pub fn said(&self) -> &str {
        match &self.outcome {
            Outcome::Fails(why) | Outcome::NotChecked(why) => why,
            Outcome::Holds => &self.detail,
        }
    }
}

impl Serialize for Check {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut check = serializer.serialize_struct("Check", 3)?;
        check.serialize_field("check", self.name)?;
        check.serialize_field("outcome", &self.outcome)?;
        check.serialize_field("detail", self.said())?;
        check.end()
    }
}

impl fmt::Display for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: {}", self.name, self.outcome.as_str(), self.said())
    }
}

/// The answer to all checks together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing that could be checked fails.
    Holds,
    /// A check fails.
    Fails,
    /// Nothing fails, but the reader gave neither the log's key nor the ledger id: whose log this is
    /// cannot be known from the file alone.
    Unanchored,
}
