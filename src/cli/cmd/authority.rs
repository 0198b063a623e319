//! `pcf authority`: the three keys that the ledger itself rests on, and new ones in their place.

use std::path::Path;

use clap::Subcommand;
use pcf_desk::DeskError;
use pcf_desk::authority::{self, Replacement};

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::hints;
use crate::keys::{self, Role};

/// Shows the operator, recovery and log keys, and replaces lost or stolen ones
///
/// The operator key enrols actors, the recovery key replaces a lost operator key, the log key signs checkpoints. What the earlier keys signed stands.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf key new operator-2.pem\n  \
    pcf authority replace --operator operator-2.pem --sign-with my-ledger-keys/recovery.pem\n  pcf authority show")]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Shows every operator, recovery and log key there was, with the indices of the log between which it counts
    #[command(after_help = "Example:\n  pcf authority show\n\n\
        JSON: {keys: [{role, key, enrolled, revoked?}], verifierKey}")]
    Show,
    Replace(Replace),
}

/// Puts new keys in the place of the operator, log or recovery key, from the next index of the log on
///
/// The operator key or the recovery key signs. A new recovery key can be named by the recovery key alone, so that whoever steals the operator key cannot
/// take away what would replace it. A key that is or was in use is refused.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf key new log-2.pem\n  pcf authority replace --log log-2.pem --sign-with my-ledger-keys/operator.pem\n\n\
    JSON: {index, statement, operatorKey?, logKey?, recoveryKey?, verifierKey}"
)]
struct Replace {
    /// The new operator key: its public key in base64, or its key file
    #[arg(long, value_name = "PUBLIC-KEY|FILE")]
    operator: Option<String>,
    /// The new log key
    #[arg(long, value_name = "PUBLIC-KEY|FILE")]
    log: Option<String>,
    /// The new recovery key
    #[arg(long, value_name = "PUBLIC-KEY|FILE")]
    recovery: Option<String>,
    /// The operator's or the recovery key file [default: the operator's of pcf.toml]
    #[arg(long, value_name = "KEY")]
    sign_with: Option<std::path::PathBuf>,
}

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    match args.verb {
        Verb::Show => {
            let ledger = context.read_ledger()?;
            context.output.report(&authority::show(&ledger)?)?;
        }
        Verb::Replace(replace) => run_replace(&replace, context)?,
    }
    Ok(Outcome::Done)
}

fn run_replace(replace: &Replace, context: &Context) -> Result<(), CliError> {
    let given =
        |text: &Option<String>| text.as_deref().map(|text| keys::public_or_file(context, text)).transpose();
    let (operator_key, log_key, recovery_key) =
        (given(&replace.operator)?, given(&replace.log)?, given(&replace.recovery)?);
    if operator_key.is_none() && log_key.is_none() && recovery_key.is_none() {
        let cause = "no new key is named: --operator, --log or --recovery";
        return Err(
            CliError::usage(cause).hint(format!("{} --operator operator-2.pem", hints::same_command()))
        );
    }
    let file = keys::file(context, replace.sign_with.as_ref(), Role::Operator, "--sign-with")?;
    let key = keys::load(context, &file)?;
    let mut ledger = context.open_ledger()?;
    let log_file = replace.log.as_deref().map(Path::new).filter(|file| file.is_file());
    let wanted = Replacement { operator_key, log_key, recovery_key, log_file };
    let replaced = authority::replace(context, &mut ledger, &key, wanted);
    context.output.report(&replaced.map_err(|error| match error {
        DeskError::NotAuthority { .. } | DeskError::RecoveryAlone => {
            CliError::from(error).hint(signed_by_recovery(context))
        }
        _ => error.into(),
    })?)
}

fn signed_by_recovery(context: &Context) -> String {
    let file = hints::key_file(&context.dir, "recovery.pem");
    let file = file.map_or_else(|| "recovery.pem".into(), |file| file.to_string_lossy().into_owned());
    hints::same_command_with("--sign-with", &file)
}
