//! `pcf actor revoke`: a key that no longer counts, from now on or from an earlier index on.

use pcf_desk::actors::{self, Revocation};
use pcf_ledger::model::ActorId;

use super::not_operator;
use crate::context::Context;
use crate::error::CliError;
use crate::hints;
use crate::keys::{self, Role};
use crate::view::WithNext;

/// Revokes a key of an actor: from now on, or from an earlier index of the log on
///
/// A key that was stolen is revoked `--from` the first index that the thief may have signed at: its
/// statements there and after no longer hold, what lies
/// before stands, and nothing that they replaced or withdrew comes back by itself. When the thief
/// says he signed counts for nothing; the place in the log
/// does. `pcf log show` lists who sealed what.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf actor revoke acme --key acme-old.pem --from 12 --sign-with my-ledger-keys/operator.pem\n\n\
    JSON: {actor, key, from, index?, statement?, fallen: [{statement, type, index}], keysLeft, dryRun}"
)]
pub struct Revoke {
    /// The actor's id
    actor: ActorId,
    /// The key: its public key in base64, or its key file
    #[arg(long, value_name = "PUBLIC-KEY|FILE")]
    key: String,
    /// The first index of the log at which statements by this key no longer hold [default: the next
    /// one]
    #[arg(long, value_name = "INDEX")]
    from: Option<u64>,
    /// Shows what would no longer hold, and appends nothing
    #[arg(long)]
    dry_run: bool,
    /// The operator's key file [default: that of pcf.toml]
    #[arg(long, value_name = "KEY")]
    sign_with: Option<std::path::PathBuf>,
}

pub fn run(revoke: &Revoke, context: &Context) -> Result<(), CliError> {
    let key = keys::public_or_file(context, &revoke.key)?;
    let file = keys::file(context, revoke.sign_with.as_ref(), Role::Operator, "--sign-with")?;
    let operator = keys::load(context, &file)?;
    let mut ledger = context.open_ledger()?;
    let wanted = Revocation { actor: revoke.actor.clone(), key, from: revoke.from, dry_run: revoke.dry_run };
    let revoked = actors::revoke(context, &mut ledger, &operator, wanted).map_err(not_operator)?;
    let next = format!("pcf actor add {0} --key {0}-2.pem --sign-with operator.pem", revoke.actor);
    context.output.report(&WithNext { report: revoked, next: hints::fill(&next, context) })
}
