//! `pcf log`: what is in the log, signed checkpoints, and proofs of a statement's place.

mod consistency;
mod cosign;
mod export;
mod policy;
mod prove;
mod receipt;
pub mod state;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use pcf_desk::publish::{LogSigner, Witnessed, beside};
use pcf_ledger::admission::Book;
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Instant, StatementId};
use pcf_ledger::store::file::FileReader;
use pcf_serve::Client;
use serde::Serialize;

use crate::args::Witnessing;
use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::keys;
use crate::output::{Page, Report};
use crate::view::witnessed;

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
        /// The log key's file
        #[arg(long, value_name = "KEY")]
        sign_with: PathBuf,
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

/// The log's verifier key.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Key {
    verifier_key: String,
}

impl Report for Key {
    fn text(&self, page: &mut Page) {
        page.line(&self.verifier_key);
    }
}

/// The log, or a part of it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    ledger_id: String,
    origin: String,
    verifier_key: String,
    size: u64,
    root: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_size: Option<u64>,
    submissions: Vec<Line>,
}

/// One submission.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    index: u64,
    signer: String,
    signed_at: String,
    statements: u64,
    types: BTreeMap<String, u64>,
}

/// One statement.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct One {
    id: String,
    index: u64,
    ordinal: u32,
    by: String,
    r#type: String,
    holds: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<String>,
    statement: serde_json::Value,
}

/// A signed checkpoint.
#[derive(Debug, Serialize)]
struct Signed {
    size: u64,
    root: String,
    checkpoint: String,
    files: Vec<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    witnesses: Option<Witnessed>,
}

/// Runs one of the verbs.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    match args.verb {
        Verb::Show { from, limit } => show(context, from, limit)?,
        Verb::Key => {
            let verifier_key = context.read_ledger()?.verifier_key()?.to_string();
            context.output.report(&Key { verifier_key })?;
        }
        Verb::Statement { id } => statement(context, &id)?,
        Verb::Checkpoint { sign_with, witnessing } => checkpoint(context, &sign_with, &witnessing)?,
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

/// The statement that a full id or the beginning of one names.
///
/// # Errors
/// None or several begin so, or it is no beginning of an id.
pub fn find(book: &Book, text: &str) -> Result<StatementId, CliError> {
    if let Ok(id) = text.parse::<StatementId>() {
        return match book.entry(&id) {
            Some(_) => Ok(id),
            None => Err(CliError::no(format!("no statement {id} is in this ledger")).hint("pcf log show")),
        };
    }
    if text.len() < 6 || !text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b)) {
        let cause = format!("expected a statement id or at least its first 6 hex digits, got `{text}`");
        return Err(CliError::usage(cause).hint("pcf log show"));
    }
    let mut found = book.entries().iter().filter(|entry| entry.id.to_string().starts_with(text));
    match (found.next(), found.next()) {
        (Some(entry), None) => Ok(entry.id),
        (None, _) => Err(CliError::no(format!("no statement's id begins with {text}")).hint("pcf log show")),
        (Some(first), Some(_)) => Err(CliError::usage(format!("several ids begin with {text}"))
            .hint(format!("pcf log statement {}", first.id))),
    }
}

fn show(context: &Context, from: Option<u64>, limit: u64) -> Result<(), CliError> {
    let ledger = context.read_ledger()?;
    let from = from.unwrap_or_else(|| ledger.size().saturating_sub(limit));
    let mut submissions = Vec::new();
    for index in from..ledger.size().min(from.saturating_add(limit)) {
        submissions.push(line(&ledger, index)?);
    }
    let signed_size = ledger.signed_checkpoint()?.map(|signed| signed.checkpoint().size());
    context.output.report(&Shown {
        ledger_id: ledger.id().to_string(),
        origin: ledger.book().origin().map(ToString::to_string).unwrap_or_default(),
        verifier_key: ledger.verifier_key()?.to_string(),
        size: ledger.size(),
        root: hex::encode(ledger.root()),
        signed_size,
        submissions,
    })
}

fn line(ledger: &Ledger<FileReader>, index: u64) -> Result<Line, CliError> {
    let seal = ledger.seal(index)?;
    let entries = ledger.book().entries();
    // Entries are in log order, so one submission's stand together.
    let first = entries.partition_point(|entry| entry.index < index);
    let own = entries.from(first).take_while(|entry| entry.index == index);
    let mut types = BTreeMap::new();
    for entry in own {
        *types.entry(entry.kind.to_string()).or_insert(0) += 1;
    }
    let signer = entries.get(first).map(|entry| entry.by.to_string()).unwrap_or_default();
    let seconds = seal.signed_at_s();
    let signed_at = i64::try_from(seconds).ok().and_then(|s| Instant::from_unix_s(s).ok());
    let signed_at = signed_at.map_or_else(|| format!("{seconds} s"), |at| at.to_string());
    Ok(Line { index, signer, signed_at, statements: seal.count(), types })
}

fn statement(context: &Context, id: &str) -> Result<(), CliError> {
    let ledger = context.read_ledger()?;
    let id = find(ledger.book(), id)?;
    let bytes = ledger.statement_bytes(&id)?;
    let book = ledger.book();
    let Some((_, entry)) = book.entry(&id) else {
        return Err(CliError::no(format!("no statement {id} is in this ledger")));
    };
    let why = book.death(&id).map(|death| death.to_string());
    if context.output.format == crate::output::Format::Text {
        let state = why.as_ref().map_or_else(|| "holds".into(), |why| format!("no longer holds: {why}"));
        context
            .output
            .note(&format!("{id}, {} by `{}` at index {}, {state}", entry.kind, entry.by, entry.index));
        return context.output.bytes(&[bytes.as_slice(), b"\n"].concat());
    }
    context.output.report(&One {
        id: id.to_string(),
        index: entry.index,
        ordinal: entry.ordinal,
        by: entry.by.to_string(),
        r#type: entry.kind.to_string(),
        holds: book.holds(&id),
        why,
        statement: serde_json::from_slice(&bytes).map_err(CliError::failed)?,
    })
}

fn checkpoint(context: &Context, sign_with: &Path, witnessing: &Witnessing) -> Result<(), CliError> {
    let key = keys::load(context, sign_with)?;
    let ledger = context.open_ledger()?;
    let copy = beside(sign_with);
    let client = Client::default();
    let signer = LogSigner::compare(&ledger, &key, &copy, witnessing.through(&client))?;
    let (signed, witnesses) = signer.sign(&ledger)?;
    context.output.report(&Signed {
        size: signed.checkpoint().size(),
        root: hex::encode(signed.checkpoint().root()),
        checkpoint: signed.note().to_string(),
        files: vec![context.dir.join("signed").join("checkpoint"), copy],
        witnesses,
    })
}

/// No checkpoint is there yet.
pub fn nothing_signed(context: &Context) -> CliError {
    let cause = "no checkpoint of this log is signed yet";
    let key = crate::hints::key_file(&context.dir, "log.pem");
    let key = key.map_or_else(|| "log.pem".into(), |file| crate::hints::path(&file));
    CliError::no(cause).hint(format!("pcf log checkpoint --sign-with {key}"))
}

impl Report for Shown {
    fn text(&self, page: &mut Page) {
        let signed = match self.signed_size {
            None => "no checkpoint is signed yet".into(),
            Some(size) if size == self.size => "all of it".into(),
            Some(size) => format!("the first {size} of {}", self.size),
        };
        page.heading(&self.origin);
        page.pairs(&[
            ("ledger id", self.ledger_id.clone()),
            ("verifier key", self.verifier_key.clone()),
            ("submissions", self.size.to_string()),
            ("root", self.root.clone()),
            ("signed", signed),
        ]);
        page.blank();
        let rows: Vec<Vec<String>> = self
            .submissions
            .iter()
            .map(|s| {
                let types: Vec<String> = s.types.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
                vec![s.index.to_string(), s.signer.clone(), s.signed_at.clone(), types.join(", ")]
            })
            .collect();
        page.table(&[">index", "signer", "signed (claimed)", "statements"], &rows);
    }
}

impl Report for One {
    fn text(&self, page: &mut Page) {
        page.line(self.statement.to_string());
    }
}

impl Report for Signed {
    fn text(&self, page: &mut Page) {
        page.line(self.checkpoint.trim_end());
        page.blank();
        for file in &self.files {
            page.line(format!("kept in {}", file.display()));
        }
        if let Some(witnesses) = &self.witnesses {
            witnessed::show(witnesses, page);
        }
    }
}
