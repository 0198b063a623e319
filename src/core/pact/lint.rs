//! What is odd in a document without stopping it from being used: a place, a sentence and a code
//! that stays the same.

use std::fmt;

/// What kind of oddity it is. The spelling is stable, so that a program may sort by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum LintCode {
    /// A total is not the sum of its parts.
    TotalsDiffer,
    /// A key that the specification does not name; it was not read.
    UnknownKey,
    /// More carbon is stated than the product weighs.
    CarbonAboveMass,
    /// More is left out than PACT allows.
    ExemptedAboveLimit,
    /// Packaging emissions are stated and said not to be included.
    PackagingContradicts,
    /// The validity reaches further than PACT allows.
    ValidityTooLong,
    /// The validity ends before it starts.
    ValidityReversed,
    /// One end of the validity is not stated and was taken from the reference period.
    ValidityAssumed,
    /// Ratings that are not on the scale; they were not used.
    RatingsNotUsed,
    /// A field of version 2 that version 3 has no place for.
    NotConverted,
    /// A field of version 2 that was converted by a rule a reader should know.
    Converted,
}

impl LintCode {
    /// The stable spelling.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TotalsDiffer => "totals-differ",
            Self::UnknownKey => "unknown-key",
            Self::CarbonAboveMass => "carbon-above-mass",
            Self::ExemptedAboveLimit => "exempted-above-limit",
            Self::PackagingContradicts => "packaging-contradicts",
            Self::ValidityTooLong => "validity-too-long",
            Self::ValidityReversed => "validity-reversed",
            Self::ValidityAssumed => "validity-assumed",
            Self::RatingsNotUsed => "ratings-not-used",
            Self::NotConverted => "not-converted",
            Self::Converted => "converted",
        }
    }
}

/// Something odd that does not stop a document from being used.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Warning {
    /// What kind of oddity it is.
    pub code: LintCode,
    /// The path inside the document.
    pub place: String,
    /// What is odd.
    pub problem: String,
}

impl Warning {
    /// A warning at a place.
    pub fn new(code: LintCode, place: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { code, place: place.into(), problem: problem.into() }
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "at {}: {} [{}]", self.place, self.problem, self.code.as_str())
    }
}
