//! From the drafts of files to appended submissions: what is in the ledger already is skipped, what differs is refused or replaced, everything
//! is judged before anything is appended. Used by the verbs that take files; it reads no file format itself.

mod foresee;

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use pcf_ledger::codec::encode_statement;
use pcf_ledger::exchange::{self, Draft, ExchangeError};
use pcf_ledger::ledger::{Ledger, Submission};
use pcf_ledger::model::{ActorId, Salt, Statement, StatementId, StatementKind};
use pcf_ledger::rules::{Book, Refusal};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::file::FileStore;
use pcf_ledger::store::{STATEMENTS_MAX, SUBMISSION_BYTES_MAX};
use serde::Serialize;

use crate::context::Context;
use crate::doubts;
use crate::error::{CliError, Outcome};
use crate::keys::Signing;
use crate::output::{Page, Report};
use crate::progress::Progress;

/// How many sentences about refused rows are printed; further ones are counted.
const SENTENCES_MAX: usize = 50;

/// The options of every verb that takes files of statements.
#[derive(Debug, clap::Args)]
pub struct Options {
    /// Replaces live statements about the same thing that say something else; without it such rows are refused
    #[arg(long)]
    pub correct: bool,
    /// Appends nothing; shows what would be appended, the footprints before and after, and what `pcf check` would find
    #[arg(long)]
    pub dry_run: bool,
    /// The most statements in one submission: each submission is durable, or not there, as a whole
    #[arg(long, value_name = "COUNT", default_value_t = 1000, value_parser = clap::value_parser!(u64).range(1..=STATEMENTS_MAX))]
    pub batch_size: u64,
}

/// A statement and where it came from.
#[derive(Debug)]
pub struct Sourced {
    /// What is to be said.
    pub statement: Statement,
    /// `file:row`, for people.
    pub place: String,
}

/// What came of an import. The JSON of every verb that takes files of statements.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// True where nothing was appended because it was only tried.
    dry_run: bool,
    /// Statements appended, or that would be.
    recorded: usize,
    /// Among them those that replace an earlier one.
    corrected: usize,
    /// Statements equal to a live one, salt aside.
    skipped: usize,
    /// The submissions, in the order of the log.
    submissions: Vec<Landed>,
    /// What flows name and nothing in the ledger is yet, with how many flows name it.
    unresolved: BTreeMap<String, usize>,
    /// With --dry-run, what would change.
    #[serde(skip_serializing_if = "Option::is_none")]
    foreseen: Option<foresee::Foreseen>,
}

/// A submission that is durable.
#[derive(Debug, Serialize)]
struct Landed {
    index: u64,
    statements: Vec<String>,
}

impl Report for Imported {
    fn text(&self, page: &mut Page) {
        if self.recorded == 0 {
            page.line(format!(
                "Nothing is new: the ledger holds {} already",
                counted(self.skipped, "such statement")
            ));
            return;
        }
        let verb = if self.dry_run { "Would record" } else { "Recorded" };
        let mut line = format!("{verb} {}", counted(self.recorded, "statement"));
        if !self.dry_run {
            line.push_str(&format!(" in {}", counted(self.submissions.len(), "submission")));
        }
        if self.corrected > 0 {
            line.push_str(&format!(", {} of them in place of an earlier one", self.corrected));
        }
        if self.skipped > 0 {
            line.push_str(&format!("; skipped {} that the ledger holds already", self.skipped));
        }
        page.line(line);
        if !self.unresolved.is_empty() {
            page.line("Not in the ledger yet; a calculation that needs it stops there:");
            for (name, flows) in &self.unresolved {
                page.line(format!("  {name} ({})", counted(*flows, "flow")));
            }
        }
        if let Some(foreseen) = &self.foreseen {
            foreseen.text(page);
        }
    }
}

/// Reads files; all their problems come at once.
pub fn read(
    files: &[PathBuf],
    by: &ActorId,
    mut reader: impl FnMut(&[u8], &str, &ActorId) -> Result<Vec<Draft>, ExchangeError>,
) -> Result<Vec<Sourced>, CliError> {
    let (mut all, mut problems, mut unread) = (Vec::new(), Vec::new(), false);
    for path in files {
        let name = path.display().to_string();
        match exchange::load(path).and_then(|bytes| reader(&bytes, &name, by)) {
            Ok(drafts) => all.extend(drafts.into_iter().map(|draft| sourced(draft, &name))),
            Err(error) => {
                unread |= matches!(error, ExchangeError::File { .. });
                problems.push(error.to_string());
            }
        }
    }
    if problems.is_empty() { Ok(all) } else { Err(refuse_files(files, &problems, unread)) }
}

fn sourced(draft: Draft, file: &str) -> Sourced {
    let place = draft.rows.first().map_or_else(|| file.to_owned(), |row| format!("{file}:{row}"));
    Sourced { statement: draft.statement, place }
}

/// With a file that could not be read, the answer is not known.
fn refuse_files(files: &[PathBuf], problems: &[String], unread: bool) -> CliError {
    let sentences = problems.join("\n");
    let error = if unread { CliError::failed(sentences) } else { CliError::no(sentences) };
    let shown = files.iter().any(|f| f.extension().is_some_and(|e| e.eq_ignore_ascii_case("csv")));
    // The name of a file that is not there yet can be typed as it is.
    let absent = files.iter().find(|file| !file.exists());
    let example = absent.map_or_else(|| "example.csv".to_owned(), |file| crate::hints::path(file));
    if shown { error.hint(format!("pcf template {example}")) } else { error }
}

/// Refuses statements of another type than the verb is for.
pub fn only(kind: StatementKind, statements: &[Sourced]) -> Result<(), CliError> {
    match statements.iter().find(|s| s.statement.kind() != kind) {
        None => Ok(()),
        Some(other) => Err(CliError::no(format!(
            "{}: expected a {kind}, got a statement of type `{}`",
            other.place,
            other.statement.kind()
        ))
        .hint({
            let file = other.place.rsplit_once(':').map_or("", |(file, _)| file);
            format!("pcf record {} --sign-with KEY", crate::hints::quoted(file))
        })),
    }
}

/// Opens the ledger, finds the signer, reads the files and appends what they say.
pub fn run(
    context: &Context,
    files: &[PathBuf],
    kind: Option<StatementKind>,
    signing: &Signing,
    options: &Options,
) -> Result<Outcome, CliError> {
    let key = crate::keys::load(context, &signing.sign_with)?;
    let mut ledger = context.open_ledger()?;
    let by = context.signer(ledger.book(), &key, signing.by.as_ref())?;
    let statements = read(files, &by, exchange::read_statements)?;
    if let Some(kind) = kind {
        only(kind, &statements)?;
    }
    append(context, &mut ledger, &key, statements, options)
}

/// Appends statements: skips those that hold already, replaces or refuses those that differ, judges everything first.
pub fn append(
    context: &Context,
    ledger: &mut Ledger<FileStore>,
    key: &SigningKey,
    statements: Vec<Sourced>,
    options: &Options,
) -> Result<Outcome, CliError> {
    let mut imported = Imported { dry_run: options.dry_run, ..Imported::default() };
    let plan = plan(ledger, statements, options.correct, &mut imported)?;
    imported.unresolved = doubts::unresolved(ledger.book(), &plan);
    imported.recorded = plan.len();
    doubts::note(context, ledger.book(), &plan);
    let submissions = sign(context, ledger, key, &plan, options.batch_size)?;
    let after = judge(ledger.book(), &submissions, &plan)?;
    if options.dry_run {
        imported.foreseen = Some(foresee::foresee(context, ledger, &after, &submissions, &plan)?);
    } else {
        let total = u64::try_from(plan.len()).unwrap_or(u64::MAX);
        let mut progress = Progress::new(context, "recording", total);
        for submission in &submissions {
            let receipt = ledger.submit(submission)?;
            let count = receipt.ids.len();
            context.output.line(&format!("index {}: {}", receipt.index, counted(count, "statement")))?;
            progress.advance(submission.seal.count());
            let statements = receipt.ids.iter().map(ToString::to_string).collect();
            imported.submissions.push(Landed { index: receipt.index, statements });
        }
        ledger.flush()?;
    }
    context.output.report(&imported)?;
    let weighs = imported.foreseen.is_some_and(|foreseen| foreseen.weighs());
    Ok(if weighs { Outcome::No } else { Outcome::Done })
}

/// The statements to append, factors and products first, each naming the one it replaces.
fn plan(
    ledger: &Ledger<FileStore>,
    statements: Vec<Sourced>,
    correct: bool,
    imported: &mut Imported,
) -> Result<Vec<Sourced>, CliError> {
    let mut plan: Vec<Sourced> = Vec::with_capacity(statements.len());
    let mut planned: HashMap<(StatementKind, String), usize> = HashMap::new();
    let (mut changed, mut doubled) = (Vec::new(), Vec::new());
    for mut sourced in statements {
        let (kind, subject) = (sourced.statement.kind(), sourced.statement.subject());
        if let Some(earlier) = planned.get(&(kind, subject.clone())).and_then(|n| plan.get(*n)) {
            if bare(earlier.statement.clone()) == bare(sourced.statement.clone()) {
                imported.skipped += 1;
            } else {
                doubled.push(format!(
                    "{}: says something else about the same {kind} as {}",
                    sourced.place, earlier.place
                ));
            }
            continue;
        }
        if let Some(live) = ledger.book().live(kind, &subject) {
            let held = ledger.statement(&live)?;
            if bare(held.clone()) == bare(sourced.statement.clone()) {
                imported.skipped += 1;
                continue;
            }
            if held.by() != sourced.statement.by() {
                doubled.push(format!("{}: `{}` has said this already, in {live}", sourced.place, held.by()));
                continue;
            }
            if !correct {
                changed.push((sourced.place, kind, live));
                continue;
            }
            imported.corrected += 1;
            sourced.statement = sourced.statement.replacing(Some(live));
        }
        planned.insert((kind, subject), plan.len());
        plan.push(sourced);
    }
    if !doubled.is_empty() {
        return Err(CliError::no(listed(doubled)));
    }
    if !changed.is_empty() {
        return Err(refuse_changed(changed));
    }
    plan.sort_by_key(|s| match s.statement.kind() {
        StatementKind::Factor => 0,
        StatementKind::Product => 1,
        _ => 2,
    });
    Ok(plan)
}

/// The statement without what differs between two that say the same.
fn bare(statement: Statement) -> Statement {
    statement.with_salt(Salt::from_bytes([0; 16])).replacing(None)
}

fn refuse_changed(changed: Vec<(String, StatementKind, StatementId)>) -> CliError {
    let sentence = |(place, kind, live): (String, StatementKind, StatementId)| {
        format!("{place}: differs from the live {kind} statement {live}; nothing was appended")
    };
    CliError::no(listed(changed.into_iter().map(sentence).collect()))
        .hint(format!("{} --correct", crate::hints::same_command()))
}

fn listed(mut sentences: Vec<String>) -> String {
    let more = sentences.len().saturating_sub(SENTENCES_MAX);
    sentences.truncate(SENTENCES_MAX);
    if more > 0 {
        sentences.push(format!("and {more} more"));
    }
    sentences.join("\n")
}

/// Salts and seals the plan in submissions of at most `batch_size` statements and of at most what a submission may hold.
fn sign(
    context: &Context,
    ledger: &Ledger<FileStore>,
    key: &SigningKey,
    plan: &[Sourced],
    batch_size: u64,
) -> Result<Vec<Submission>, CliError> {
    let (mut submissions, mut batch, mut bytes) = (Vec::new(), Vec::new(), 0_u64);
    let (id, now_s) = (*ledger.id().as_bytes(), context.now_s()?);
    let seal = |batch: &mut Vec<Statement>| Submission::sign(key, id, now_s, &std::mem::take(batch));
    for sourced in plan {
        let statement = context.salted(sourced.statement.clone())?;
        let encoded = encode_statement(&statement).map_err(|e| CliError::from(e).within(&sourced.place))?;
        let length = u64::try_from(encoded.len()).unwrap_or(u64::MAX);
        let full = u64::try_from(batch.len()).unwrap_or(u64::MAX) >= batch_size;
        if full || bytes.saturating_add(length) > SUBMISSION_BYTES_MAX {
            submissions.push(seal(&mut batch)?);
            bytes = 0;
        }
        bytes = bytes.saturating_add(length);
        batch.push(statement);
    }
    if !batch.is_empty() {
        submissions.push(seal(&mut batch)?);
    }
    Ok(submissions)
}

/// Judges every submission as if those before it were in the log, so that nothing is appended where one would be refused; the book with all of
/// them in it.
fn judge(book: &Book, submissions: &[Submission], plan: &[Sourced]) -> Result<Book, CliError> {
    let mut book = book.clone();
    let mut before = 0;
    for submission in submissions {
        if let Err(refusal) = book.admit(&submission.seal, &submission.statements) {
            let own = plan.get(before..).unwrap_or_default();
            return Err(refused(&refusal, submission, own));
        }
        before += submission.statements.len();
    }
    Ok(book)
}

/// Names the row where the refusal tells which statement it is about; else the rows of the submission.
fn refused(refusal: &Refusal, submission: &Submission, own: &[Sourced]) -> CliError {
    let ordinal = match refusal {
        Refusal::Statement { ordinal, .. } | Refusal::OtherSigner { ordinal, .. } => {
            Some(ordinal.saturating_sub(1))
        }
        _ => own.iter().take(submission.statements.len()).position(|s| speaks_of(&s.statement, refusal)),
    };
    let cause = format!("{refusal}; nothing was appended");
    let place = ordinal.and_then(|n| own.get(n)).map(|s| s.place.clone());
    CliError::refused(refusal, &cause).within(place.unwrap_or_else(|| "refused".into()))
}

/// True where the refusal is about this statement, as far as its fields tell.
fn speaks_of(statement: &Statement, refusal: &Refusal) -> bool {
    match (refusal, statement) {
        (Refusal::NoRight { kind, .. }, _) => statement.kind() == *kind,
        (Refusal::NoStage { stage, .. }, Statement::Activity(a)) => a.stage == *stage,
        (Refusal::NoProcess { process, product, .. }, Statement::Activity(a)) => {
            a.process == *process && a.outputs.iter().any(|o| o.product == *product)
        }
        (
            Refusal::NoProduct { product, .. } | Refusal::UnknownProduct { product },
            Statement::Activity(a),
        ) => a.outputs.iter().any(|o| o.product == *product),
        (Refusal::NoProduct { product, .. }, Statement::Product(p)) => p.ids.contains(product),
        (Refusal::Owned { id, .. }, Statement::Product(p)) => p.ids.iter().any(|own| own.as_str() == id),
        (Refusal::Owned { id, .. }, Statement::Factor(f)) => f.factor.as_str() == id,
        _ => false,
    }
}

/// `1 statement`, `2 statements`.
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// Writes a file that is not there yet.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    use std::io::Write as _;
    let failed = |e: std::io::Error| CliError::io("create", path, &e);
    let mut file = std::fs::File::create_new(path).map_err(failed)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(failed)
}
