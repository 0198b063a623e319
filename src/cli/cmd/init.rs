//! `pcf init`: keys and a new ledger.

use std::path::PathBuf;

use pcf_desk::DeskError;
use pcf_desk::create::{Creation, KeyFiles, create};
use pcf_ledger::model::Text;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::hints;
use crate::keys::Protection;

/// Creates a ledger and its three keys: operator (enrols actors), recovery (replaces a lost
/// operator key) and log (signs checkpoints)
///
/// The keys are not kept in the ledger's directory, so that the ledger can be copied and handed on
/// without them. Nothing is ever overwritten.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf init my-ledger --origin footprints.acme.example --no-passphrase\n\n\
    JSON: {ledger, ledgerId, origin, verifierKey, keys: {operator, recovery, log}}")]
pub struct Args {
    /// The directory to create the ledger in [default: that of --ledger]
    dir: Option<PathBuf>,
    /// The name of the log, for ever: a domain of yours and a path, without a scheme
    #[arg(long, value_name = "NAME")]
    origin: Text,
    /// The directory for the keys [default: the ledger's with `-keys` appended]
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// Writes the keys without a passphrase, protected by the file's mode alone
    #[arg(long)]
    no_passphrase: bool,
}

/// Creates the keys and the ledger.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let dir = args.dir.unwrap_or_else(|| context.dir.clone());
    let key_dir = args.keys.unwrap_or_else(|| hints::key_directory(&dir));
    let creation = Creation { dir, keys: KeyFiles::within(&key_dir), origin: args.origin };
    creation.check().map_err(|error| hinted(error, &creation))?;
    let protection = Protection::ask(args.no_passphrase)?;
    let created = create(context, creation, protection.passphrase(), &context.holder()?)?;
    context.output.report(&created)?;
    Ok(Outcome::Done)
}

/// With the command that helps.
fn hinted(error: DeskError, creation: &Creation) -> CliError {
    let (dir, origin) = (hints::path(&creation.dir), &creation.origin);
    let hint = match &error {
        DeskError::LedgerThere { .. } => format!("pcf --ledger {dir} log show"),
        DeskError::KeyThere { .. } => format!("pcf init {dir} --origin {origin} --keys OTHER-DIR"),
        DeskError::OriginIsAddress { name } => format!("pcf init {dir} --origin {name}"),
        _ => return error.into(),
    };
    CliError::from(error).hint(hint)
}
