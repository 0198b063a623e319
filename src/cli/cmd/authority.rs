//! `pcf authority`: the three keys that the ledger itself rests on, and new ones in their place.

use std::path::Path;

use clap::Subcommand;
use pcf_desk::publish::beside;
use pcf_ledger::admission::{Book, Signer};
use pcf_ledger::ledger::{CheckpointSource, Ledger};
use pcf_ledger::model::{ActorId, Authority, PublicKey, Salt};
use pcf_ledger::store::file::FileStore;
use serde::Serialize;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::hints;
use crate::keys;
use crate::output::{Page, Report};
use crate::write;

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
    /// The operator's or the recovery key file
    #[arg(long, value_name = "KEY")]
    sign_with: std::path::PathBuf,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    keys: Vec<Line>,
    verifier_key: String,
}

#[derive(Debug, Serialize)]
struct Line {
    role: &'static str,
    key: PublicKey,
    enrolled: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    revoked: Option<u64>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Replaced {
    index: u64,
    statement: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    operator_key: Option<PublicKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    log_key: Option<PublicKey>,
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_key: Option<PublicKey>,
    verifier_key: String,
}

pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    match args.verb {
        Verb::Show => {
            let ledger = context.read_ledger()?;
            let verifier_key = ledger.verifier_key()?.to_string();
            context.output.report(&Shown { keys: lines(ledger.book()), verifier_key })?;
        }
        Verb::Replace(replace) => run_replace(&replace, context)?,
    }
    Ok(Outcome::Done)
}

fn lines(book: &Book) -> Vec<Line> {
    let line = |role| {
        move |(key, signer): (PublicKey, &Signer)| Line {
            role,
            key,
            enrolled: signer.enrolled,
            revoked: signer.revoked,
        }
    };
    let ring = book.keyring();
    let mut lines: Vec<Line> = ring.keys_of(&ActorId::operator()).into_iter().map(line("operator")).collect();
    lines.extend(ring.keys_of(&ActorId::recovery()).into_iter().map(line("recovery")));
    let logs = ring.log_key_history();
    let ends = logs.iter().skip(1).map(|(_, index)| Some(*index)).chain([None]);
    let log = |((key, enrolled), end): (&(PublicKey, u64), Option<u64>)| Line {
        role: "log",
        key: *key,
        enrolled: *enrolled,
        revoked: end.map(|index| index + 1), // OK: far below 2^64.
    };
    lines.extend(logs.iter().zip(ends).map(log));
    lines
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
    let key = keys::load(context, &replace.sign_with)?;
    let mut ledger = context.open_ledger()?;
    let by = context.signer(ledger.book(), &key, None)?;
    if !by.is_reserved() {
        let cause = format!("the operator or recovery key replaces these, and this key belongs to `{by}`");
        return Err(CliError::no(cause).hint(signed_by_recovery(context)));
    }
    if recovery_key.is_some() && by.as_str() != ActorId::RECOVERY {
        let cause = "a new recovery key is named by the recovery key itself, and this is the operator's";
        return Err(CliError::no(cause).hint(signed_by_recovery(context)));
    }
    let authority = Authority {
        by,
        log_key,
        operator_key,
        recovery_key,
        salt: Salt::from_bytes([0; 16]),
        r#type: Default::default(),
        v: Default::default(),
    };
    let receipt = context.append(&mut ledger, &key, vec![authority.into()])?;
    if let Some(file) = replace.log.as_deref().map(Path::new).filter(|file| file.is_file()) {
        keep_checkpoint(&ledger, file)?;
    }
    context.output.report(&Replaced {
        index: receipt.index,
        statement: receipt.ids.first().map(ToString::to_string).unwrap_or_default(),
        operator_key,
        log_key,
        recovery_key,
        verifier_key: ledger.verifier_key()?.to_string(),
    })
}

/// The guard against a second history lies beside the log key: it goes with the new one.
fn keep_checkpoint(ledger: &Ledger<FileStore>, key_file: &Path) -> Result<(), CliError> {
    let path = beside(key_file);
    let source = CheckpointSource { path: &path };
    match ledger.signed_checkpoint()? {
        Some(signed) if !source.path.exists() => {
            Ok(write::durably(&path, signed.note().to_string().as_bytes())?)
        }
        _ => Ok(()),
    }
}

fn signed_by_recovery(context: &Context) -> String {
    let file = hints::key_file(&context.dir, "recovery.pem");
    let file = file.map_or_else(|| "recovery.pem".into(), |file| file.to_string_lossy().into_owned());
    hints::same_command_with("--sign-with", &file)
}

impl Report for Shown {
    fn text(&self, page: &mut Page) {
        let rows: Vec<Vec<String>> = self
            .keys
            .iter()
            .map(|line| {
                let revoked = line.revoked.map_or("-".into(), |index| index.to_string());
                vec![line.role.into(), line.key.to_string(), line.enrolled.to_string(), revoked]
            })
            .collect();
        page.table(&["role", "key", ">enrolled at", ">revoked from"], &rows);
        page.blank();
        page.pairs(&[("verifier key", self.verifier_key.clone())]);
    }
}

impl Report for Replaced {
    fn text(&self, page: &mut Page) {
        let named =
            [("operator", &self.operator_key), ("log", &self.log_key), ("recovery", &self.recovery_key)];
        let roles: Vec<&str> = named.iter().filter(|(_, key)| key.is_some()).map(|(role, _)| *role).collect();
        page.line(format!(
            "New {} key at index {}: it counts from index {} on, the earlier one until then",
            roles.join(" and "),
            self.index,
            self.index + 1
        ));
        if self.log_key.is_some() {
            page.line("Give whoever verifies the new verifier key, by another way than the proof:");
            page.line(format!("  {}", self.verifier_key));
        }
    }
}
