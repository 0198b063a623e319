//! `pcf withdraw`: an earlier statement or a published footprint no longer holds.

use std::path::PathBuf;

use pcf_desk::import::Signer;
use pcf_desk::publish::beside;
use pcf_desk::questions::{self, StatementReport};
use pcf_desk::withdraw::{TakingBack, publication_of, take_back, withdraw};
use pcf_ledger::model::Text;
use pcf_serve::Client;

use crate::args::Witnessing;
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::keys::{self, Role, Signing};

/// Says that an earlier statement no longer holds; it stays in the log
///
/// Its own actor may, and the operator. What replaces a statement is recorded with --correct instead.
/// Of a published footprint the page, the PACT file, the proof and the index are written anew, and
/// what holds is stated and signed, as far as the keys are here; copies elsewhere are named.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf withdraw 20b50ce1 --reason \"the meter was read twice\"\n  \
    pcf withdraw 3f0a7c3e --reason \"the wrong year\" --dry-run\n\n\
    JSON: {statement, withdrawn, index, publication?: {footprint, product, states?, signedSize?, witnesses?, inForceAgain?, files, left, elsewhere}}; \
    with --dry-run as of `pcf log statement`")]
pub struct Args {
    /// The statement's id, a published footprint's UUID, or the start of either (`pcf list`)
    #[arg(value_name = "ID|UUID")]
    statement: String,
    /// Why, for whoever reads the log
    #[arg(long, value_name = "TEXT")]
    reason: Text,
    /// Shows what would be withdrawn, and appends nothing
    #[arg(long)]
    dry_run: bool,
    /// The log's key file, for a published footprint [default: that of pcf.toml]
    #[arg(long, value_name = "KEY")]
    log_key: Option<PathBuf>,
    /// The operator's key file, for a published footprint [default: that of pcf.toml]
    #[arg(long, value_name = "KEY")]
    operator_key: Option<PathBuf>,
    /// Where the documents of a published footprint lie [default: as pcf.toml has it, else published]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    witnessing: Witnessing,
    #[command(flatten)]
    signing: Signing,
}

/// Withdraws the statement.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    if args.dry_run {
        let ledger = context.read_ledger()?;
        let report = questions::statement(&ledger, &args.statement)?;
        let StatementReport { id, r#type, by, index, holds, .. } = &report;
        let ended = if *holds { "" } else { "; it no longer holds" };
        context.output.note(&format!("would withdraw {id}, {type} by `{by}` at index {index}{ended}"));
        context.output.report(&report)?;
        return Ok(Outcome::Done);
    }
    let key = args.signing.key(context)?;
    let mut ledger = context.open_ledger()?;
    let by = args.signing.actor(context, ledger.book(), &key)?;
    let target = questions::named_statement(&ledger, &args.statement)?;
    let signer = Signer { key: &key, by: &by };
    let Some(publication) = publication_of(&ledger, &target)? else {
        context.output.report(&withdraw(context, &mut ledger, signer, target, args.reason)?)?;
        return Ok(Outcome::Done);
    };
    let log_file = args.log_key.clone().or_else(|| keys::at_hand(context, Role::Log));
    let log_key = log_file.as_ref().map(|file| keys::load(context, file)).transpose()?;
    if let (Some(file), Some(key)) = (&log_file, &log_key) {
        keys::check_log_key(context, &ledger, key, "--log-key", file)?;
    }
    let operator_file = args.operator_key.clone().or_else(|| keys::at_hand(context, Role::Operator));
    let operator = operator_file.as_ref().map(|file| keys::load(context, file)).transpose()?;
    if let (Some(file), Some(key)) = (&operator_file, &operator) {
        keys::check_operator_key(context, ledger.book(), key, "--operator-key", file)?;
    }
    let (client, copy) = (Client::default(), log_file.as_deref().map(beside));
    let known = context.project.as_ref().map(|project| project.out.clone());
    let wanted = TakingBack {
        target,
        reason: args.reason,
        signer,
        log: log_key.as_ref().zip(copy.as_deref()),
        operator: operator.as_ref(),
        post: args.witnessing.through(&client),
        out: &args.out.or(known).unwrap_or_else(|| PathBuf::from("published")),
    };
    context.output.report(&take_back(context, &mut ledger, &publication, &wanted)?)?;
    Ok(Outcome::Done)
}
