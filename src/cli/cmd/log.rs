//! `pcf log`: what is in the log, signed checkpoints, and proofs of a statement's place.

mod consistency;
mod cosign;
mod export;
mod policy;
mod prove;
mod receipt;
pub mod state;

use std::path::PathBuf;

use clap::Subcommand;
use pcf_desk::log;
use pcf_desk::questions::{self, StatementReport};
use pcf_serve::Client;

use crate::args::Witnessing;
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::keys::{self, Role};
use crate::output::Format;

/// Shows the log and its statements, signs checkpoints, and proves a statement's place
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf log show\n  pcf log checkpoint --sign-with my-ledger-keys/log.pem")]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Shows submissions in the order of the log: the newest 20, or those from an index on
    #[command(after_help = "Example:\n  pcf log show --from 0 --limit 10\n\n\
        JSON: {ledgerId, origin, verifierKey, size, root, signedSize?, submissions: [{index, signer, signedAt, statements, types}]}")]
    Show {
        /// The first index to show
        #[arg(long, value_name = "INDEX")]
        from: Option<u64>,
        /// How many to show
        #[arg(long, default_value_t = 20, value_name = "COUNT")]
        limit: u64,
    },
    /// Prints the log's verifier key, which `pcf verify --key` asks for
    #[command(
        after_help = "Example:\n  pcf verify FILE.pcfproof --key \"$(pcf log key)\"\n\nJSON: {verifierKey}"
    )]
    Key,
    /// Prints a statement: its canonical JSON, byte for byte
    #[command(after_help = "Example:\n  pcf log statement 0a6e54a3\n\n\
        JSON: {id, index, ordinal, by, type, holds, why?, statement}")]
    Statement {
        /// The statement's id, or the first 6 or more of its digits
        id: String,
    },
    /// Signs the log as it is, after checking that it extends every checkpoint signed before; a copy is kept beside the key
    #[command(after_help = "Example:\n  pcf log checkpoint --sign-with my-ledger-keys/log.pem\n\n\
        JSON: {size, root, checkpoint, files, witnesses?: {rule, cosigned, asked}}")]
    Checkpoint {
        /// The log key's file [default: that of pcf.toml]
        #[arg(long, value_name = "KEY")]
        sign_with: Option<PathBuf>,
        #[command(flatten)]
        witnessing: Witnessing,
    },
    Prove(prove::Args),
    Receipt(receipt::Args),
    Policy(policy::Args),
    Cosign(cosign::Args),
    Export(export::Args),
    Consistency(consistency::Args),
    State(state::Args),
}

/// Runs one of the verbs.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    match args.verb {
        Verb::Show { from, limit } => {
            let ledger = context.read_ledger()?;
            context.output.report(&questions::log(&ledger, from, limit)?)?;
        }
        Verb::Key => context.output.report(&log::key(&context.read_ledger()?)?)?,
        Verb::Statement { id } => statement(context, &id)?,
        Verb::Checkpoint { sign_with, witnessing } => checkpoint(context, sign_with.as_ref(), &witnessing)?,
        Verb::Prove(args) => prove::run(&args, context)?,
        Verb::Receipt(args) => receipt::run(&args, context)?,
        Verb::Policy(args) => policy::run(&args, context)?,
        Verb::Cosign(_) => cosign::run(context)?,
        Verb::Export(args) => export::run(&args, context)?,
        Verb::Consistency(args) => consistency::run(&args, context)?,
        Verb::State(args) => state::run(&args, context)?,
    }
    Ok(Outcome::Done)
}

fn statement(context: &Context, id: &str) -> Result<(), CliError> {
    let ledger = context.read_ledger()?;
    let report = questions::statement(&ledger, id)?;
    if context.output.format == Format::Json {
        return context.output.report(&report);
    }
    let state = report.why.as_ref().map_or_else(|| "holds".into(), |why| format!("no longer holds: {why}"));
    let StatementReport { id, r#type, by, index, bytes, .. } = &report;
    let gone = report.body_removed_by.map(|by| format!("; its body was removed, as {by} announces"));
    let gone = gone.unwrap_or_default();
    context.output.note(&format!("{id}, {type} by `{by}` at index {index}, {state}{gone}"));
    context.output.bytes(&[bytes.as_slice(), b"\n"].concat())
}

fn checkpoint(
    context: &Context,
    sign_with: Option<&PathBuf>,
    witnessing: &Witnessing,
) -> Result<(), CliError> {
    let file = keys::file(context, sign_with, Role::Log, "--sign-with")?;
    let key = keys::load(context, &file)?;
    let ledger = context.open_ledger()?;
    let client = Client::default();
    let (of, signer, post) = ((&ledger, &*context.dir), (&key, file.as_path()), witnessing.through(&client));
    context.output.report(&log::checkpoint(of, signer, post)?)
}
