//! What an audit found, and the one JSON object that says it.

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use super::{CHECKS, Finding, Place, Severity};
use crate::checks::Verdict;
use crate::merkle::Hash;
use crate::model::{Digest, StatementId};
use crate::store::StoreError;

/// How many findings a report keeps of each check: a ledger that is wrong everywhere must not need memory for all of it.
pub const FINDINGS_MAX: u64 = 1_000;

/// One check with what it looked at and what it found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Checked {
    /// Its name in [`CHECKS`].
    pub name: &'static str,
    /// How many things it looked at.
    pub looked_at: u64,
    /// How many errors it found, those that the report does not keep too.
    pub errors: u64,
    /// How many notices it gave, likewise.
    pub notices: u64,
}

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The ledger's id.
    pub ledger_id: StatementId,
    /// Submissions that have a place in the log, read or not.
    pub size: u64,
    /// The root of the log over them, calculated anew.
    pub root: Hash,
    /// Statements that could be read.
    pub statements: u64,
    /// Statements among them whose text was redacted.
    pub redacted: u64,
    /// Submissions that could not be read, or of which only the seal could.
    pub unread: u64,
    /// Publications that were calculated again.
    pub publications: u64,
    /// The checks in the order of [`CHECKS`].
    pub checks: Vec<Checked>,
    /// What was found, in the order of the log; at most [`FINDINGS_MAX`] of each check.
    pub findings: Vec<Finding>,
    /// How many findings more there were.
    pub left_out: u64,
}

impl Report {
    pub(super) fn new(ledger_id: [u8; 32]) -> Self {
        let checked = |(name, _): &(&'static str, _)| Checked { name, looked_at: 0, errors: 0, notices: 0 };
        Self {
            ledger_id: StatementId::from_bytes(ledger_id),
            size: 0,
            root: crate::merkle::empty_root(),
            statements: 0,
            redacted: 0,
            unread: 0,
            publications: 0,
            checks: CHECKS.iter().map(checked).collect(),
            findings: Vec::new(),
            left_out: 0,
        }
    }

    /// True where no finding is an error.
    pub fn holds(&self) -> bool {
        self.checks.iter().all(|check| check.errors == 0)
    }

    /// What one check looked at and found.
    pub fn check(&self, name: &str) -> Option<&Checked> {
        self.checks.iter().find(|check| check.name == name)
    }

    /// The report as its documented JSON object.
    pub fn document(&self) -> Document {
        let asks = |name: &str| CHECKS.iter().find(|(n, _)| *n == name).map_or("", |(_, asks)| *asks);
        Document {
            verdict: if self.holds() { Verdict::Holds } else { Verdict::Fails },
            ledger_id: self.ledger_id,
            size: self.size,
            root: Digest::from_bytes(self.root),
            statements: self.statements,
            redacted: self.redacted,
            unread: self.unread,
            publications: self.publications,
            checks: self.checks.iter().map(|c| CheckLine::of(c, asks(c.name))).collect(),
            findings: self.findings.iter().map(FindingLine::of).collect(),
            left_out: self.left_out,
        }
    }

    /// Counts things that a check looked at.
    pub(super) fn looked_at(&mut self, check: &'static str, things: u64) {
        for checked in self.checks.iter_mut().filter(|checked| checked.name == check) {
            checked.looked_at += things;
        }
    }

    pub(super) fn error(&mut self, check: &'static str, place: Place, message: impl Into<String>) {
        self.add(found(check, Severity::Stops, place, message));
    }

    pub(super) fn notice(&mut self, check: &'static str, place: Place, message: impl Into<String>) {
        self.add(found(check, Severity::Note, place, message));
    }

    pub(super) fn add(&mut self, finding: Finding) {
        let mut before = 0;
        for checked in self.checks.iter_mut().filter(|checked| checked.name == finding.rule) {
            before = checked.errors + checked.notices;
            match finding.weighs() {
                true => checked.errors += 1,
                false => checked.notices += 1,
            }
        }
        if before < FINDINGS_MAX { self.findings.push(finding) } else { self.left_out += 1 }
    }

    /// A finding of the check `store` at the place that the error names, and at an index of the log.
    pub(super) fn store_error(&mut self, error: &StoreError, index: Option<u64>, rest: &str) {
        let mut place = match error {
            StoreError::Damaged { file, offset, .. } | StoreError::Removed { file, offset } => {
                Place { file: Some(file.clone()), offset: Some(*offset), ..Place::default() }
            }
            StoreError::OtherLedger { file, .. }
            | StoreError::NewerVersion { file, .. }
            | StoreError::Io { file, .. } => Place::file(file.clone()),
            _ => Place::default(),
        };
        place.index = index;
        self.error("store", place, format!("{error}{rest}"));
    }
}

/// A finding without a remedy of its own: the sentence says what was expected.
pub(super) fn found(
    check: &'static str,
    severity: Severity,
    place: Place,
    message: impl Into<String>,
) -> Finding {
    Finding { rule: check, severity, about: place, sentence: message.into(), remedy: String::new() }
}

/// `holds` or `does not hold`.
fn words<S: Serializer>(verdict: &Verdict, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(WORDS[usize::from(*verdict != Verdict::Holds)])
}

fn words_schema(_: &mut SchemaGenerator) -> Schema {
    json_schema!({ "type": "string", "enum": WORDS })
}

/// What a [`Document`] says of the ledger.
const WORDS: [&str; 2] = ["holds", "does not hold"];

/// What `pcf audit --format json` prints.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "Audit")]
pub struct Document {
    /// Whether the ledger holds: no check found an error.
    #[serde(serialize_with = "words")]
    #[schemars(schema_with = "words_schema")]
    pub verdict: Verdict,
    /// The ledger's id.
    pub ledger_id: StatementId,
    /// Submissions that have a place in the log, read or not.
    pub size: u64,
    /// The root of the log over them, calculated anew.
    pub root: Digest,
    /// Statements that could be read.
    pub statements: u64,
    /// Statements among them whose text was redacted.
    pub redacted: u64,
    /// Submissions that could not be read, or of which only the seal could.
    pub unread: u64,
    /// Publications that were calculated again.
    pub publications: u64,
    /// Every check, in the order in which they are listed.
    pub checks: Vec<CheckLine>,
    /// What was found, in the order of the log; at most 1,000 of each check.
    pub findings: Vec<FindingLine>,
    /// How many findings more there were.
    pub left_out: u64,
}

/// One check in a [`Document`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "AuditCheck")]
pub struct CheckLine {
    /// Its name.
    pub check: &'static str,
    /// What has to hold.
    pub asks: &'static str,
    /// How many things it looked at.
    pub looked_at: u64,
    /// How many errors it found.
    pub errors: u64,
    /// How many notices it gave: nothing is wrong with what was signed, and somebody should know all the same.
    pub notices: u64,
}

impl CheckLine {
    fn of(checked: &Checked, asks: &'static str) -> Self {
        let Checked { name: check, looked_at, errors, notices } = *checked;
        Self { check, asks, looked_at, errors, notices }
    }
}

/// One finding in a [`Document`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(rename = "AuditFinding")]
pub struct FindingLine {
    /// The check that found it.
    pub check: &'static str,
    /// True for an error, false for a notice.
    pub weighs: bool,
    /// Where, as a person reads it.
    pub place: String,
    /// The file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Where in the file, in bytes from its start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// The index of the seal in the log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
    /// The statement's place in its submission, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ordinal: Option<u64>,
    /// The statement's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statement: Option<StatementId>,
    /// What was expected and what was found.
    pub message: String,
}

impl FindingLine {
    fn of(finding: &Finding) -> Self {
        let Place { file, offset, index, ordinal, statement } = finding.about.clone();
        Self {
            check: finding.rule,
            weighs: finding.weighs(),
            place: finding.about.to_string(),
            file: file.map(|file| file.display().to_string()),
            offset,
            index,
            ordinal,
            statement,
            message: finding.sentence.clone(),
        }
    }
}
