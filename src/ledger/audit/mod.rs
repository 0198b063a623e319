//! Checks a whole ledger again from its segments alone: every frame, seal, rule and root, and every published figure. It trusts neither the
//! index nor anything that was judged before; it writes nothing and repairs nothing. All checks run, and each gives findings: a finding
//! names its check, its place and both sides. After a damaged or refused place the audit goes on as far as it can.

mod beside;
mod difference;
mod examine;
mod finding;
mod log;
mod pinned;
mod publications;
mod reach;
mod redactions;
mod report;
mod scratch;
mod source;

mod walk;

use std::num::NonZero;
use std::path::{Path, PathBuf};

use scratch::Scratch;
use source::{Plain, Source};

use crate::proof::Pins;
use crate::store::manifest::Manifest;
use crate::store::salvage::Salvage;
use crate::store::{Reader, StoreError};

pub use crate::checks::Verdict;
pub use beside::Beside;
pub use finding::{Finding, Place, Severity};
pub use report::{CheckLine, Checked, Document, FINDINGS_MAX, FindingLine, Report};

/// The checks, in the order in which a report lists them.
pub const CHECKS: &[(&str, &str)] = &[
    ("store", "frames, checksums and the chain of commits are whole up to the head"),
    ("seal", "every seal is one"),
    ("ledger-id", "every seal is for this ledger"),
    ("seal-signature", "every seal is signed by the key it names"),
    ("sealed-statements", "count and root in every seal are those of its statements"),
    ("canonical", "every statement is in its one spelling"),
    ("bodies", "every body that is there is the one that its header names"),
    ("rules", "every signer had the right to say what it says, where it stands in the log"),
    ("redactions", "whose body is gone was announced by the operator, and the reverse"),
    ("states", "every state says what held at its size"),
    ("pinned-keys", "actors signed with the keys that the reader has pinned to them"),
    ("log-root", "every commit has the root of the log with its seal"),
    ("head", "the head has size and root of the log"),
    ("manifest", "ledger.toml says what the genesis says"),
    ("signed-checkpoint", "signed checkpoints agree with the log"),
    ("supplier-documents", "suppliers' documents can be read"),
    ("publication-figures", "published figures follow from what held at the log size they rest on"),
    ("publication-used", "publications name the statements that enter them"),
    ("assurance-figures", "assurances name figures that were published"),
];

/// Hears of submissions done out of all, then of publications done out of all; called by one thread at a time.
pub type Progress<'a> = dyn FnMut(u64, u64) + Send + 'a;

/// How an audit is done. What it finds does not depend on the threads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// How many threads work at it.
    pub threads: NonZero<usize>,
    /// Keys of actors that the reader has checked; where there are none, names are the operator's claims.
    pub pins: Pins,
    /// How many statements are remembered in memory, at most; what has to be remembered of those before is put aside. What is found does not depend
    /// on it.
    pub held: usize,
    /// The directory where that is put aside: some 300 bytes of each statement, in files without a
    /// name that are gone when the audit ends.
    pub scratch: PathBuf,
}

/// What seven eighths of a hash table of a power of two hold, some 40 MB.
const HELD: usize = 7 << 15;

impl Default for Options {
    /// As many threads as the machine can run at a time, 229,376 statements in memory, and the directory that `TMPDIR` names, else `/var/tmp`.
    fn default() -> Self {
        let threads = std::thread::available_parallelism().unwrap_or(NonZero::<usize>::MIN);
        Self { threads, pins: Pins::default(), held: HELD, scratch: Scratch::default_dir() }
    }
}

/// Audits a store, and what lies beside it as far as it is given.
///
/// # Errors
/// [`StoreError`] where the audit of a long log cannot put aside what it has to remember. Damage is no error.
pub fn run<R: Reader + Sync>(
    reader: &R,
    beside: &Beside,
    progress: &mut Progress<'_>,
) -> Result<Report, StoreError> {
    run_with(reader, beside, &Options::default(), progress)
}

/// As [`run`], with options.
///
/// # Errors
/// As [`run`].
pub fn run_with<R: Reader + Sync>(
    reader: &R,
    beside: &Beside,
    options: &Options,
    progress: &mut Progress<'_>,
) -> Result<Report, StoreError> {
    all(&Plain(reader), beside, options, Report::new(reader.ledger_id()), progress)
}

/// Audits the ledger in a directory with all that lies there; `checkpoints` are signed ones kept elsewhere, each with a name for it. What is
/// damaged is a finding, and what lies behind it is audited as far as it can be read.
///
/// # Errors
/// [`StoreError`] where there is no ledger, or one of a newer version, or it could not be read, and as [`run`]. Damage is no error.
pub fn directory(
    dir: &Path,
    checkpoints: Vec<(String, Vec<u8>)>,
    progress: &mut Progress<'_>,
) -> Result<Report, StoreError> {
    directory_with(dir, checkpoints, &Options::default(), progress)
}

/// As [`directory`], with options.
///
/// # Errors
/// As [`directory`].
pub fn directory_with(
    dir: &Path,
    checkpoints: Vec<(String, Vec<u8>)>,
    options: &Options,
    progress: &mut Progress<'_>,
) -> Result<Report, StoreError> {
    let (manifest, ledger_id, flaw) = match Manifest::read(dir) {
        Ok(manifest) => (Some(manifest.clone()), manifest.ledger_id, None),
        Err(flaw @ StoreError::Damaged { .. }) => {
            (None, Salvage::ledger_id_of(dir).unwrap_or_default(), Some(flaw))
        }
        Err(error) => return Err(error),
    };
    let mut report = Report::new(ledger_id);
    let salvage = Salvage::open(dir, ledger_id)?;
    for flaw in flaw.iter().chain(salvage.head_flaw()) {
        report.store_error(flaw, None, "");
    }
    let beside = Beside::read(dir, manifest, checkpoints)?;
    all(&salvage, &beside, options, report, progress)
}

fn all(
    source: &dyn Source,
    beside: &Beside,
    options: &Options,
    mut report: Report,
    progress: &mut Progress<'_>,
) -> Result<Report, StoreError> {
    let scratch = Scratch::new(&options.scratch, options.held);
    let log = walk::walk(source, options.threads, &scratch, &mut report, progress);
    scratch.check()?;
    redactions::check(source, &log, &mut report);
    pinned::check(&options.pins, &log, &mut report);
    beside::check(beside, &log, &mut report);
    publications::check(source, options.threads, &log, &mut report, progress);
    scratch.check()?;
    Ok(report)
}
