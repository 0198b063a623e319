//! `pcf audit`: the whole ledger again, from its segments alone.

use std::num::NonZero;
use std::path::{Path, PathBuf};

use pcf_ledger::audit;
use pcf_ledger::store::StoreError;

use crate::args::trust;
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::hints;
use crate::progress::Progress;

/// Checks the whole ledger again: every hash, seal, right and root, and every published figure
///
/// Trusts neither the index nor anything that was checked before; repairs nothing. Every finding names its check and its place. Exit code 1 where one
/// weighs.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf --ledger my-ledger audit --checkpoint keys/log.pem.checkpoint\n\n\
    JSON: as schemas/audit.schema.json has it: the verdict, every check with what it looked at and found, every finding with its place")]
pub struct Args {
    /// A signed checkpoint kept elsewhere that the ledger must agree with; may be given several times
    #[arg(long = "checkpoint", value_name = "FILE")]
    checkpoints: Vec<PathBuf>,
    /// A file of actors' keys that you have checked (`pcf template trust.toml`): another key under such a name is an error
    #[arg(long, value_name = "FILE")]
    trust: Option<PathBuf>,
    /// How many threads work at it; as many as the machine has where it is not given. The findings are the same
    #[arg(long, value_name = "NUMBER")]
    threads: Option<NonZero<usize>>,
    /// Where the audit of a long ledger puts aside what it has to remember, some 200 bytes of each statement, so that its memory does not grow with the
    /// ledger: in files without a name that are gone when it ends. `TMPDIR`, else /var/tmp, where it is not given
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
}

/// A checkpoint is a short text.
const CHECKPOINT_BYTES_MAX: u64 = 1 << 20;

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let mut elsewhere = Vec::new();
    for path in &args.checkpoints {
        elsewhere.push((path.display().to_string(), context.load(path, CHECKPOINT_BYTES_MAX)?));
    }
    let mut progress = Progress::new(context, "auditing", 0);
    let mut options = audit::Options::default();
    options.threads = args.threads.unwrap_or(options.threads);
    if let Some(path) = &args.trust {
        options.pins = trust::pins(context, path)?;
    }
    options.scratch = args.scratch.unwrap_or(options.scratch);
    let mut heard = |done, total| progress.set(done, total);
    let report = audit::directory_with(&context.dir, elsewhere, &options, &mut heard);
    let report = report.map_err(|error| without_room(error, &options.scratch))?;
    drop(progress);
    context.output.report(&report.document())?;
    Ok(if report.holds() { Outcome::Done } else { Outcome::No })
}

/// An error of the directory for what is put aside says how to name another one.
fn without_room(error: StoreError, scratch: &Path) -> CliError {
    match &error {
        StoreError::Io { file, .. } if file == scratch => {
            CliError::from(error).hint(hints::same_command_with("--scratch", "DIR-WITH-ROOM"))
        }
        _ => error.into(),
    }
}
