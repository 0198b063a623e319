//! `pcf redact`: the text of a statement is taken out of the ledger's files; its place in the log stays.

use std::collections::BTreeSet;
use std::io::{IsTerminal as _, Write as _};
use std::path::PathBuf;

use pcf_ledger::calc;
use pcf_ledger::ledger::{Ledger, LedgerError};
use pcf_ledger::model::{ActorId, FootprintId, ProductId, Redaction, StatementId, Text};
use pcf_ledger::publish;
use pcf_ledger::store::Reader;
use serde::Serialize;

use crate::cmd::log;
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::hints;
use crate::keys;
use crate::output::{Format, Page, Report};
use crate::progress::Progress;

/// What no command can erase.
const NOT_ERASED: &str = "Not erased: copies elsewhere. Backups, submission files (*.pcfs), proofs and PACT files that were given out, the files it \
    was recorded from, what other readers keep in memory, and what a disk, above all an SSD, keeps of files that were removed.";

/// Takes the text of a statement out of the ledger's files for ever; its place in the log stays
///
/// The operator signs a statement that says so and why, which everybody can read. Then the text goes, and what stays is who said it, its type and
/// subject, and of an activity products, stage, process, period, batch, scenario and certificates. What was calculated from it can no longer be
/// calculated and says so; proofs that were given out still verify. Of activities, factors, suppliers' footprints and years the text can go; what
/// others rely on, and what says who may sign what, stays.
///
/// Copies elsewhere are not erased: backups, submission files, proofs and PACT files that were given out, the files it was recorded from, and what a
/// disk keeps of removed files.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf redact 20b50ce1 --reason \"names a person\" --dry-run\n  \
    pcf redact 20b50ce1 --reason \"names a person\" --sign-with my-ledger-keys/operator.pem\n\n\
    JSON: {statement, type, by, redacted, redaction?, index?, products: [{product, name}], publications: [{footprint, status, product}], notErased}")]
pub struct Args {
    /// The statement's id, or the first 6 or more of its digits
    statement: String,
    /// Why, for whoever reads the log; it stays for ever
    #[arg(long, value_name = "TEXT")]
    reason: Text,
    /// The operator's key file
    #[arg(long, value_name = "KEY", required_unless_present = "dry_run")]
    sign_with: Option<PathBuf>,
    /// Shows what could no longer be calculated, and changes nothing
    #[arg(long)]
    dry_run: bool,
    /// Does not ask before the text is taken out
    #[arg(long, conflicts_with = "dry_run")]
    yes: bool,
}

/// What is taken out, and what depends on it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Redacted {
    statement: StatementId,
    r#type: String,
    by: ActorId,
    /// False where nothing was changed yet.
    redacted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    redaction: Option<StatementId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    index: Option<u64>,
    products: Vec<Product>,
    publications: Vec<Publication>,
    not_erased: &'static str,
    /// Whether its reader has seen what depends on it.
    #[serde(skip)]
    shown: bool,
}

/// A product whose footprint depends on it.
#[derive(Debug, Serialize)]
struct Product {
    product: ProductId,
    name: String,
}

/// A publication that rests on it.
#[derive(Debug, Serialize)]
struct Publication {
    footprint: FootprintId,
    status: String,
    product: ProductId,
}

/// Redacts the statement.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let Some(file) = args.sign_with.as_ref().filter(|_| !args.dry_run) else {
        let ledger = context.read_ledger()?;
        let (redacted, _) = plan(&args, context, &ledger)?;
        context.output.report(&redacted)?;
        return Ok(Outcome::Done);
    };
    let key = keys::load(context, file)?;
    let mut ledger = context.open_ledger()?;
    let by = context.signer(ledger.book(), &key, None)?;
    if by.as_str() != ActorId::OPERATOR {
        let operator = hints::key_file(&context.dir, "operator.pem");
        let operator =
            operator.map_or_else(|| "operator.pem".into(), |file| file.to_string_lossy().into_owned());
        let cause = format!("the operator redacts, and this key belongs to `{by}`");
        return Err(CliError::no(cause).hint(hints::same_command_with("--sign-with", &operator)));
    }
    let (mut redacted, redaction) = plan(&args, context, &ledger)?;
    if !args.yes {
        if !confirmed(context, &redacted)? {
            context.output.note("nothing was changed");
            return Ok(Outcome::No);
        }
        redacted.shown = true;
    }
    let receipt = ledger.redact(&key, context.now_s()?, redaction)?;
    ledger.flush()?;
    redacted.redacted = true;
    (redacted.redaction, redacted.index) = (receipt.ids.first().copied(), Some(receipt.index));
    context.output.report(&redacted)?;
    Ok(Outcome::Done)
}

/// What would be taken out, and the statement that announces it.
fn plan<S: Reader>(
    args: &Args,
    context: &Context,
    ledger: &Ledger<S>,
) -> Result<(Redacted, Redaction), CliError> {
    let book = ledger.book();
    let statement = log::find(book, &args.statement)?;
    let redaction = ledger.redaction(&statement, args.reason.clone(), context.salt()?)?;
    let missing = LedgerError::NoStatement { id: statement };
    let (_, entry) = book.entry(&statement).ok_or(missing)?;
    let reached = if book.holds(&statement) {
        calc::reached(&ledger.inventory()?, &statement)
    } else {
        BTreeSet::new() // What no longer holds enters nothing that is calculated now.
    };
    let name = |id: &ProductId| book.product(id).map(|(_, p)| p.name.to_string()).unwrap_or_default();
    let products = reached.into_iter().map(|product| Product { name: name(&product), product }).collect();
    let redacted = Redacted {
        statement,
        r#type: entry.kind.to_string(),
        by: entry.by.clone(),
        redacted: false,
        redaction: None,
        index: None,
        products,
        publications: publications(context, ledger, &statement, entry.index)?,
        not_erased: NOT_ERASED,
        shown: false,
    };
    Ok((redacted, redaction))
}

/// The publications, also earlier ones, whose figures a statement at this index enters.
fn publications<S: Reader>(
    context: &Context,
    ledger: &Ledger<S>,
    statement: &StatementId,
    index: u64,
) -> Result<Vec<Publication>, CliError> {
    let mut later = publish::publications(ledger)?;
    later.retain(|publication| publication.log.size.as_u64() > index);
    let total = later.len() as u64; // OK because a usize has at most 64 bits.
    let mut progress = Progress::new(context, "looking at publications", total);
    let mut found = Vec::new();
    for (done, publication) in (1..).zip(later) {
        // What cannot be calculated any more rests on something that was redacted before.
        let used = publish::recalculate(ledger, &publication).map(|(_, footprint)| footprint.used);
        if used.is_ok_and(|used| used.contains(statement)) {
            found.push(Publication {
                footprint: publication.footprint,
                status: publication.status.to_string(),
                product: publication.product,
            });
        }
        progress.set(done, total);
    }
    Ok(found)
}

/// Asks on the terminal, where there is one.
fn confirmed(context: &Context, planned: &Redacted) -> Result<bool, CliError> {
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

impl Report for Redacted {
    fn text(&self, page: &mut Page) {
        let Redacted { statement, r#type, by, .. } = self;
        match (self.redaction, self.index) {
            (Some(redaction), Some(index)) => {
                page.line(format!(
                    "Redacted the {} {statement} of {by}, as {redaction} at index {index} says",
                    r#type
                ));
            }
            _ => page.line(format!("Not redacted yet: the {} {statement} of {by}", r#type)),
        }
        if self.shown {
            return;
        }
        page.blank();
        let when = if self.redacted { "can no longer" } else { "could no longer" };
        if self.products.is_empty() && self.publications.is_empty() {
            page.line("No footprint that is calculated now, and none that was published, rests on it.");
        }
        for product in &self.products {
            page.line(format!(
                "{when} be calculated, where it is in scope: {} ({})",
                product.name, product.product
            ));
        }
        for publication in &self.publications {
            let Publication { footprint, status, product } = publication;
            page.line(format!(
                "{when} be calculated again: the {status} {footprint} of {product}; its proofs verify"
            ));
        }
        page.blank();
        page.sentence(self.not_erased);
    }
}
