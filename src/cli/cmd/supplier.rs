//! `pcf supplier`: footprints that suppliers sent.

use std::path::{Path, PathBuf};

use clap::Subcommand;
use pcf_desk::DeskError;
use pcf_desk::import::Signer;
use pcf_desk::supplier::{Adding, Received, add as add_received, list};
use pcf_files::supplier::problems;
use pcf_ledger::model::{ActorId, Document};

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::keys::Signing;

/// Takes in footprints of suppliers (PACT files, v3 or v2) and lists them; flows name them as
/// footprint:UUID
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  pcf supplier add cap.json --sign-with acme.pem\n  pcf supplier list")]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Checks a PACT file (v3, or v2, which is converted when it is read), pins it by its digest,
    /// and appends it as it was received
    ///
    /// What is odd in it is a warning with a code. A document whose totals are not the sum of their
    /// parts, rounding aside, is not appended unless --as-it-is says so. Where it follows a
    /// footprint that flows still name, those are listed: their figures are stale until they name
    /// the new one.
    #[command(after_help = "Example:\n  pcf supplier add cap.json --sign-with acme.pem\n\n\
        JSON: {file, footprint, product, company, digest, already, index?, statement?, warnings, stale: [{footprint, statement, products, flow}]}\n\n\
        With --dry-run the exit code is 1 where the document contradicts itself.")]
    Add {
        /// The file as the supplier sent it
        file: PathBuf,
        #[command(flatten)]
        signing: Signing,
        /// Replaces an earlier document with the same footprint id
        #[arg(long)]
        correct: bool,
        /// Appends nothing; shows what is odd in the document, and which flows it would make stale
        #[arg(long)]
        dry_run: bool,
        /// Takes in a document whose totals are not the sum of their parts
        #[arg(long)]
        as_it_is: bool,
    },
    /// Lists the suppliers' footprints that hold
    #[command(after_help = "Example:\n  pcf supplier list\n\n\
        JSON: {footprints: [{footprint, product, company, kgCo2e, per, by, digest, statement, specVersion, followedBy?, flows}]}")]
    List,
}

/// Runs one of the verbs.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    match args.verb {
        Verb::Add { file, signing, correct, dry_run, as_it_is } => {
            return add(context, &file, &signing, Adding { correct, dry_run }, as_it_is);
        }
        Verb::List => {
            let ledger = context.read_ledger()?;
            context.output.report(&list(context, &ledger)?)?;
        }
    }
    Ok(Outcome::Done)
}

fn add(
    context: &Context,
    file: &Path,
    signing: &Signing,
    adding: Adding,
    as_it_is: bool,
) -> Result<Outcome, CliError> {
    let limit = u64::try_from(Document::BYTES_MAX).unwrap_or(u64::MAX);
    let bytes = context.load(file, limit)?;
    let problems = problems(&bytes);
    if !problems.is_empty() {
        let lines: Vec<String> = problems.iter().map(|e| format!("{}: {e}", file.display())).collect();
        return Err(CliError::no(lines.join("\n")));
    }
    let received = Received::read(bytes).map_err(|e| CliError::no(e).within(file.display()))?;
    if received.totals_contradict() && !as_it_is {
        let said: Vec<String> =
            received.warnings().iter().map(|w| format!("{}: {w}", file.display())).collect();
        let problem = "its totals are not the sum of their parts, and it is not appended: ask the supplier for one that adds up, or take it as it stands with --as-it-is";
        return Err(CliError::no(format!("{}: {problem}\n{}", file.display(), said.join("\n"))));
    }
    received.warn(context);
    let key = signing.key(context)?;
    let mut ledger = context.open_ledger()?;
    let by: ActorId = signing.actor(context, ledger.book(), &key)?;
    let signer = Signer { key: &key, by: &by };
    let contradicts = adding.dry_run && received.contradicts();
    let added = add_received(context, &mut ledger, signer, file, received, adding);
    context.output.report(&added.map_err(|error| match error {
        DeskError::AnotherDocument { .. } => CliError::from(error).within(file.display()),
        _ => error.into(),
    })?)?;
    Ok(if contradicts { Outcome::No } else { Outcome::Done })
}
