//! `pcf init`: keys and a new ledger.

use std::path::{Path, PathBuf};

use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{ActorId, Genesis, Text};
use pcf_ledger::sign::{KeyKind, SigningKey, VerifierKey};
use pcf_ledger::store::manifest;
use serde::Serialize;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::hints;
use crate::keys::{self, Protection};
use crate::output::{Page, Report};

/// Creates a ledger and its three keys: operator (enrols actors), recovery (replaces a lost operator key) and log (signs checkpoints)
///
/// The keys are not kept in the ledger's directory, so that the ledger can be copied and handed on without them. Nothing is ever overwritten.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf init my-ledger --origin footprints.acme.example --no-passphrase\n\n\
    JSON: {ledger, ledgerId, origin, verifierKey, keys: {operator, recovery, log}}")]
pub struct Args {
    /// The directory to create the ledger in [default: that of --ledger]
    dir: Option<PathBuf>,
    /// The name of the log, for ever: a domain of yours and a path, without a scheme
    #[arg(long, value_name = "NAME")]
    origin: Text,
    /// The directory for the keys [default: the ledger's with `-keys` appended]
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// Writes the keys without a passphrase, protected by the file's mode alone
    #[arg(long)]
    no_passphrase: bool,
}

/// The new ledger.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    /// Its directory.
    ledger: PathBuf,
    /// The statement id of its genesis.
    ledger_id: String,
    /// The log's name.
    origin: String,
    /// What verifies its checkpoints; give it to whoever verifies.
    verifier_key: String,
    /// The key files.
    keys: KeyFiles,
}

/// Where the keys are.
#[derive(Debug, Serialize)]
struct KeyFiles {
    operator: PathBuf,
    recovery: PathBuf,
    log: PathBuf,
}

impl Report for Created {
    fn text(&self, page: &mut Page) {
        let shown = |path: &Path| path.display().to_string();
        page.heading(&format!("Created the ledger {}", shown(&self.ledger)));
        page.pairs(&[
            ("ledger id", self.ledger_id.clone()),
            ("verifier key", self.verifier_key.clone()),
            ("operator key", shown(&self.keys.operator)),
            ("recovery key", format!("{}   (move it to a safe place, offline)", shown(&self.keys.recovery))),
            ("log key", shown(&self.keys.log)),
        ]);
        page.blank();
        page.line("Next, a key for the first actor, and its enrolment:");
        page.line("  pcf key new acme.pem");
        page.line(format!(
            "  pcf --ledger {} actor add acme --name \"Acme Ltd\" --key acme.pem --type product --type factor \\\n    \
             --type activity --type publication --stage procurement --stage production --sign-with {}",
            hints::path(&self.ledger),
            hints::path(&self.keys.operator)
        ));
    }
}

/// Creates the keys and the ledger.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let dir = args.dir.unwrap_or_else(|| context.dir.clone());
    let key_dir = args.keys.unwrap_or_else(|| hints::key_directory(&dir));
    if dir.join(manifest::FILE_NAME).exists() {
        let cause = format!("{} holds a ledger already; nothing was changed", dir.display());
        return Err(CliError::failed(cause).hint(format!("pcf --ledger {} log show", hints::path(&dir))));
    }
    let files = KeyFiles {
        operator: key_dir.join("operator.pem"),
        recovery: key_dir.join("recovery.pem"),
        log: key_dir.join("log.pem"),
    };
    for file in [&files.operator, &files.recovery, &files.log] {
        if file.exists() {
            let cause = format!("the key file {} is there already; nothing was changed", file.display());
            let hint = format!("pcf init {} --origin {} --keys OTHER-DIR", hints::path(&dir), args.origin);
            return Err(CliError::failed(cause).hint(hint));
        }
    }
    if let Some((_, name)) = args.origin.as_str().split_once("://") {
        let hint = format!("pcf init {} --origin {name}", hints::path(&dir));
        return Err(CliError::usage("the origin is a name and no address: leave out what stands before ://")
            .hint(hint));
    }
    // A name that no log can have is refused before a key is written.
    let example = SigningKey::generate([1; 32]).verifying_key();
    VerifierKey::new(args.origin.as_str(), KeyKind::Ed25519, example).map_err(CliError::usage)?;
    let protection = Protection::ask(args.no_passphrase)?;
    let operator = keys::create(context, &files.operator, &protection)?;
    let recovery = keys::create(context, &files.recovery, &protection)?;
    let log = keys::create(context, &files.log, &protection)?;
    let genesis = Genesis {
        by: ActorId::operator(),
        log_key: keys::public(&log),
        operator_key: keys::public(&operator),
        origin: args.origin.clone(),
        recovery_key: keys::public(&recovery),
        salt: context.salt()?,
        r#type: Default::default(),
        v: Default::default(),
    };
    let created = Ledger::create(&dir, genesis, &operator, context.now_s()?, &context.holder()?);
    let ledger = created.inspect_err(|_| {
        // Keys of a ledger that does not exist would only stand in the way of the next attempt.
        for file in [&files.operator, &files.recovery, &files.log] {
            let _ = std::fs::remove_file(file);
        }
    })?;
    context.output.report(&Created {
        ledger_id: ledger.id().to_string(),
        origin: args.origin.to_string(),
        verifier_key: ledger.verifier_key()?.to_string(),
        ledger: dir,
        keys: files,
    })?;
    Ok(Outcome::Done)
}
