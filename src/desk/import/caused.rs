//! What the statements of an import cause: the findings that a person hears of before they are
//! appended and again after, and whether they are appended at all.

use pcf_ledger::plausibility::Severity;
use serde::Serialize;

use crate::plausibility::Found;

/// How many findings are told, one line each.
const LINES_MAX: usize = 10;

/// Findings that statements cause, the worst first.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Caused {
    /// How many stop a calculation.
    pub stops: usize,
    /// How many need attention.
    pub attention: usize,
    /// How many are worth knowing.
    pub notes: usize,
    /// True where one that needs attention, or stops, is a fault of these statements, and not only
    /// something that others may still bring.
    pub weighs: bool,
    /// The findings.
    pub findings: Vec<Found>,
}

impl Caused {
    pub(super) fn new(findings: Vec<Found>, weighs: bool) -> Self {
        let count = |severity| findings.iter().filter(|found| found.severity == severity).count();
        Self {
            stops: count(Severity::Stops),
            attention: count(Severity::Attention),
            notes: count(Severity::Note),
            weighs,
            findings,
        }
    }

    /// The worst of them, one line each: how much it weighs, its rule, product and sentence.
    pub fn lines(&self) -> Vec<String> {
        let line = |found: &Found| {
            format!(
                "{}  {}  {}: {}",
                found.severity.as_str(),
                found.rule,
                found.product_name(),
                found.sentence
            )
        };
        let mut lines: Vec<String> = self.findings.iter().take(LINES_MAX).map(line).collect();
        if self.findings.len() > LINES_MAX {
            lines.push(format!("and {} more", self.findings.len() - LINES_MAX));
        }
        lines
    }

    /// `1 finding that stops a calculation, 2 that need attention, 3 notes`; empty where nothing is
    /// found.
    pub fn counts(&self) -> String {
        let one = |count: usize, one: &str, more: &str| match count {
            0 => None,
            1 => Some(format!("1 {one}")),
            count => Some(format!("{count} {more}")),
        };
        let parts = [
            one(self.stops, "finding that stops a calculation", "findings that stop a calculation"),
            one(self.attention, "finding that needs attention", "findings that need attention"),
            one(self.notes, "note", "notes"),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
    }
}

/// Why an import ends before anything is appended.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AheadError {
    /// What the statements cause stops the import.
    #[error("nothing was appended: the statements cause {}\n{}", .0.counts(), .0.lines().join("\n"))]
    Stopped(Box<Caused>),
    /// The person at the terminal could not be asked.
    #[error("nobody could be asked whether to append: {0}")]
    NotAsked(std::io::Error),
    /// Too many statements to look at before they are appended.
    #[error(
        "--strict looks at an import of at most {most} statements into a ledger of at most {ledger}; look with --dry-run, then record without it"
    )]
    TooMany {
        /// The most of an import.
        most: usize,
        /// The most of a ledger.
        ledger: usize,
    },
}
