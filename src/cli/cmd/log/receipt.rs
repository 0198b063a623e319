//! `pcf log receipt`: a statement's or a footprint's place in the log, as users of SCITT read it.

use std::path::PathBuf;

use pcf_desk::questions::{named_statement, path_of};
use pcf_desk::write;
use pcf_ledger::ledger::CheckpointSource;
use pcf_ledger::log::receipt;
use pcf_ledger::model::{FootprintId, StatementId};
use serde::Serialize;

use crate::context::Context;
use crate::error::CliError;
use crate::keys;
use crate::output::{Page, Report};

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
    /// The log key's file
    #[arg(long, value_name = "KEY")]
    sign_with: PathBuf,
    /// What the receipt says it is about [default: the statement's id, or the footprint's URN]
    #[arg(long, value_name = "TEXT")]
    subject: Option<String>,
    /// Where the receipt goes
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// A receipt that was written.
#[derive(Debug, Serialize)]
struct Written {
    statement: StatementId,
    subject: String,
    index: u64,
    size: u64,
    leaf: String,
    file: PathBuf,
}

/// Runs the verb.
pub fn run(args: &Args, context: &Context) -> Result<(), CliError> {
    let key = keys::load(context, &args.sign_with)?;
    let ledger = context.read_ledger()?;
    keys::check_log_key(context, &ledger, &key, "--sign-with", &args.sign_with)?;
    let statement = named_statement(&ledger, &args.id)?;
    let sealed = ledger.sealed(&statement)?;
    let beside = super::beside(&args.sign_with);
    let signed = ledger.newest_signed(&[CheckpointSource { path: &beside }])?;
    let (signed, leaf, path) = path_of(&ledger, &sealed.seal, sealed.index, signed)?;
    let subject = args.subject.clone().unwrap_or_else(|| match args.id.parse::<FootprintId>() {
        Ok(footprint) => format!("urn:uuid:{footprint}"),
        Err(_) => statement.to_string(),
    });
    let bytes = receipt(&signed, &leaf, sealed.index, &path, &subject, &key)?;
    write::durably(&args.out, &bytes)?;
    context.output.report(&Written {
        statement,
        subject,
        index: sealed.index,
        size: signed.checkpoint().size(),
        leaf: hex::encode(sealed.seal.to_bytes()),
        file: args.out.clone(),
    })
}

impl Report for Written {
    fn text(&self, page: &mut Page) {
        page.pairs(&[
            ("statement", self.statement.to_string()),
            ("subject", self.subject.clone()),
            ("place in the log", format!("{} of {} (from 0)", self.index, self.size)),
            ("leaf (hex)", self.leaf.clone()),
        ]);
        page.line(format!("wrote {}", self.file.display()));
    }
}
