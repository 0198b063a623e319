//! `pcf log receipt`: a statement's or a footprint's place in the log, as users of SCITT read it.

use std::path::PathBuf;

use pcf_desk::log::{ReceiptAsked, receipt};

use crate::context::Context;
use crate::error::CliError;
use crate::keys::{self, Role};

/// Writes a COSE receipt (RFC 9942) of a statement's or a footprint's seal under the newest signed checkpoint, for users of SCITT
///
/// The leaf that it is about is the seal, whose bytes go with it. The log key signs the root that it has signed before, and no other.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf log receipt 0a6e54a3 --sign-with my-ledger-keys/log.pem --out statement.cose\n\n\
    JSON: {statement, subject, index, size, leaf, file}"
)]
pub struct Args {
    /// The statement's id, the first 6 or more of its digits, or a published footprint's UUID
    #[arg(value_name = "ID|UUID")]
    id: String,
    /// The log key's file [default: that of pcf.toml]
    #[arg(long, value_name = "KEY")]
    sign_with: Option<PathBuf>,
    /// What the receipt says it is about [default: the statement's id, or the footprint's URN]
    #[arg(long, value_name = "TEXT")]
    subject: Option<String>,
    /// Where the receipt goes
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Runs the verb.
pub fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let file = keys::file(context, args.sign_with.as_ref(), Role::Log, "--sign-with")?;
    let key = keys::load(context, &file)?;
    let ledger = context.read_ledger()?;
    keys::check_log_key(context, &ledger, &key, "--sign-with", &file)?;
    let asked = ReceiptAsked {
        of: &args.id,
        subject: args.subject.as_deref(),
        key: &key,
        key_file: &file,
        out: &args.out,
    };
    context.output.report(&receipt(&ledger, &asked)?)
}
