//! Checks a whole ledger again from its segments alone: every frame, seal, rule and root, and every published figure. It trusts neither the
//! index nor anything that was judged before; it writes nothing and repairs nothing. All checks run, and each gives findings: a finding
//! names its check, its place and both sides. After a damaged or refused place the audit goes on as far as it can.

mod beside;
mod publications;
mod walk;

use std::path::Path;

use crate::merkle::Hash;
use crate::model::StatementId;
use crate::store::file::FileReader;
use crate::store::manifest::Manifest;
use crate::store::{Reader, StoreError};

pub use beside::Beside;

/// The checks, in the order in which a report lists them.
pub const CHECKS: &[(&str, &str)] = &[
    ("store", "frames, checksums and the chain of commits are whole up to the head"),
    ("seal", "every seal is one"),
    ("ledger-id", "every seal is for this ledger"),
    ("seal-signature", "every seal is signed by the key it names"),
    ("sealed-statements", "count and root in every seal are those of its statements"),
    ("canonical", "every statement is in its one spelling"),
    ("rules", "every signer had the right to say what it says, where it stands in the log"),
    ("log-root", "every commit has the root of the log with its seal"),
    ("head", "the head has size and root of the log"),
    ("manifest", "ledger.toml says what the genesis says"),
    ("leaf-hashes", "the derived leaf hashes are those of the seals"),
    ("signed-checkpoint", "signed checkpoints agree with the log"),
    ("supplier-documents", "suppliers' documents can be read"),
    ("publication-figures", "published figures follow from what held at the log size they rest on"),
    ("publication-used", "publications name the statements that enter them"),
    ("assurance-figures", "assurances name figures that were published"),
];

/// How much a finding weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something does not hold.
    Error,
    /// Nothing is wrong with what was signed; somebody should know all the same.
    Notice,
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The check, as named in [`CHECKS`].
    pub check: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// Where: a log index, a statement id, or a file and an offset.
    pub place: String,
    /// What was expected and what was found.
    pub message: String,
}

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The ledger's id.
    pub ledger_id: StatementId,
    /// Submissions that could be read.
    pub size: u64,
    /// The root of the log over them, calculated anew.
    pub root: Hash,
    /// Statements that could be read.
    pub statements: u64,
    /// Publications that were calculated again.
    pub publications: u64,
    /// Each check with the number of things it looked at, in the order of [`CHECKS`].
    pub checks: Vec<(&'static str, u64)>,
    /// Everything that was found, in the order of the log.
    pub findings: Vec<Finding>,
}

impl Report {
    fn new(ledger_id: [u8; 32]) -> Self {
        Self {
            ledger_id: StatementId::from_bytes(ledger_id),
            size: 0,
            root: crate::merkle::empty_root(),
            statements: 0,
            publications: 0,
            checks: CHECKS.iter().map(|(name, _)| (*name, 0)).collect(),
            findings: Vec::new(),
        }
    }

    /// True where nothing of weight was found.
    pub fn holds(&self) -> bool {
        self.findings.iter().all(|finding| finding.severity != Severity::Error)
    }

    /// Counts things that a check looked at.
    fn looked_at(&mut self, check: &'static str, things: u64) {
        for (_, count) in self.checks.iter_mut().filter(|(name, _)| *name == check) {
            *count += things;
        }
    }

    fn error(&mut self, check: &'static str, place: impl Into<String>, message: impl Into<String>) {
        let (place, message) = (place.into(), message.into());
        self.findings.push(Finding { check, severity: Severity::Error, place, message });
    }

    fn notice(&mut self, check: &'static str, place: impl Into<String>, message: impl Into<String>) {
        let (place, message) = (place.into(), message.into());
        self.findings.push(Finding { check, severity: Severity::Notice, place, message });
    }

    fn store_error(&mut self, error: &StoreError) {
        let place = match error {
            StoreError::Damaged { file, offset, .. } | StoreError::Redacted { file, offset } => {
                format!("{} byte {offset}", file.display())
            }
            StoreError::OtherLedger { file, .. }
            | StoreError::NewerVersion { file, .. }
            | StoreError::Io { file, .. } => file.display().to_string(),
            _ => format!("index {}", self.size),
        };
        self.error("store", place, error.to_string());
    }
}

/// Audits a store, and what lies beside it as far as it is given. `progress` hears of submissions done out of all, then of publications
/// done out of all.
pub fn run<R: Reader>(reader: &R, beside: &Beside, progress: &mut dyn FnMut(u64, u64)) -> Report {
    let mut report = Report::new(reader.ledger_id());
    let log = walk::walk(reader, beside.leaves.as_ref(), &mut report, progress);
    beside::check(beside, &log, &mut report);
    publications::check(reader, &log, &mut report, progress);
    report
}

/// Audits the ledger in a directory with all that lies there; `checkpoints` are signed ones kept elsewhere, each with a name for it.
///
/// # Errors
/// [`StoreError`] where there is no ledger or it could not be read. Damage is no error: it is a finding.
pub fn directory(
    dir: &Path,
    checkpoints: Vec<(String, Vec<u8>)>,
    progress: &mut dyn FnMut(u64, u64),
) -> Result<Report, StoreError> {
    let manifest = Manifest::read(dir)?;
    let reader = match FileReader::open(dir) {
        Ok(reader) => reader,
        Err(error @ (StoreError::Damaged { .. } | StoreError::OtherLedger { .. })) => {
            let mut report = Report::new(manifest.ledger_id);
            report.store_error(&error);
            return Ok(report);
        }
        Err(error) => return Err(error),
    };
    let beside = Beside::read(dir, manifest, checkpoints)?;
    Ok(run(&reader, &beside, progress))
}
