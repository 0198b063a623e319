//! `pcf redact`: the text of a statement is taken out of the ledger's files; its place in the log stays.

use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use pcf_desk::DeskError;
use pcf_desk::keys::check_operator;
use pcf_desk::publish::partner_dir;
use pcf_desk::questions;
use pcf_desk::redact::{Searched, plan, redact};
use pcf_ledger::model::Text;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::hints;
use crate::keys::{self, Role};
use crate::output::Format;
use crate::view::redacted::Shown;

/// Takes the text of a statement out of the ledger's files for ever; its place in the log stays
///
/// The operator signs a statement that says so and why, which everybody can read. Then the text
/// goes, and what stays is who said it, its type and
/// subject, and of an activity products, stage, process, period, batch, scenario and certificates.
/// What was calculated from it can no longer be
/// calculated and says so; proofs that were given out still verify. Of activities, factors,
/// suppliers' footprints and years the text can go; what
/// others rely on, and what says who may sign what, stays.
///
/// Copies elsewhere are not erased: backups, submission files, proofs and PACT files that were
/// given out, the files it was recorded from, and what a
/// disk keeps of removed files. Files of the project that still have the text are listed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf redact 20b50ce1 --reason \"names a person\" --dry-run\n  \
    pcf redact 20b50ce1 --reason \"names a person\" --sign-with my-ledger-keys/operator.pem\n\n\
    JSON: {statement, type, by, redacted, redaction?, index?, products: [{product, name}], publications: [{footprint, status, product}], copies: {files, unread?}, notErased}")]
pub struct Args {
    /// The statement's id, or the first 6 or more of its digits
    statement: String,
    /// Why, for whoever reads the log; it stays for ever
    #[arg(long, value_name = "TEXT")]
    reason: Text,
    /// The operator's key file [default: that of pcf.toml]
    #[arg(long, value_name = "KEY")]
    sign_with: Option<PathBuf>,
    /// Shows what could no longer be calculated, and changes nothing
    #[arg(long)]
    dry_run: bool,
    /// Does not ask before the text is taken out
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
}

/// Redacts the statement.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let project = project(context);
    let searched = Searched { project: &project, ledger: &context.dir };
    if args.dry_run {
        let ledger = context.read_ledger()?;
        let (redacted, _) = plan(
            context,
            &ledger,
            &questions::statement_id(ledger.book(), &args.statement)?,
            args.reason,
            searched,
        )?;
        context.output.report(&Shown { redacted, before: false })?;
        return Ok(Outcome::Done);
    }
    let file = keys::file(context, args.sign_with.as_ref(), Role::Operator, "--sign-with")?;
    let key = keys::load(context, &file)?;
    let mut ledger = context.open_ledger()?;
    check_operator(ledger.book(), &key).map_err(|error| not_operator(context, error))?;
    let statement = questions::statement_id(ledger.book(), &args.statement)?;
    let (planned, redaction) = plan(context, &ledger, &statement, args.reason, searched)?;
    let mut shown = Shown { redacted: planned, before: false };
    if !args.yes {
        if !confirmed(context, &shown)? {
            context.output.note("nothing was changed");
            return Ok(Outcome::No);
        }
        shown.before = true;
    }
    shown.redacted = redact(context, &mut ledger, &key, shown.redacted, redaction)?;
    context.output.report(&shown)?;
    Ok(Outcome::Done)
}

/// The directories that are searched for copies: the project's; without one, those that documents
/// go to.
fn project(context: &Context) -> Vec<PathBuf> {
    let Some(project) = &context.project else {
        return ["published", "published-partner"].map(PathBuf::from).into();
    };
    let dir = project.file.parent().filter(|dir| !dir.as_os_str().is_empty());
    let dir = dir.map_or_else(|| PathBuf::from("."), PathBuf::from);
    // Documents may go elsewhere.
    let partner = partner_dir(&project.out);
    let elsewhere = [project.out.clone(), partner].into_iter().filter(|out| !out.starts_with(&dir));
    std::iter::once(dir.clone()).chain(elsewhere).collect()
}

fn not_operator(context: &Context, error: DeskError) -> CliError {
    let DeskError::NotOperator { actor } = error else { return error.into() };
    let operator = hints::key_file(&context.dir, "operator.pem");
    let operator = operator.map_or_else(|| "operator.pem".into(), |file| file.to_string_lossy().into_owned());
    let cause = format!("the operator redacts, and this key belongs to `{actor}`");
    CliError::no(cause).hint(hints::same_command_with("--sign-with", &operator))
}

/// Asks on the terminal, where there is one.
fn confirmed(context: &Context, planned: &Shown) -> Result<bool, CliError> {
    if !std::io::stdin().is_terminal() || context.output.format == Format::Json {
        let cause = "the text is taken out for ever, and there is nobody to ask whether it may";
        return Err(CliError::usage(cause).hint(format!("{} --yes", hints::same_command())));
    }
    context.output.report(planned)?;
    let failed = |e: std::io::Error| CliError::failed(format!("cannot ask: {e}"));
    let mut err = std::io::stderr();
    write!(err, "\nTake the text out for ever? Type `yes`: ").and_then(|()| err.flush()).map_err(failed)?;
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(failed)?;
    Ok(answer.trim() == "yes")
}
