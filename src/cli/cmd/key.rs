//! `pcf key`: key files of those who sign.

use std::path::PathBuf;

use clap::Subcommand;
use pcf_ledger::sign::{KeyKind, SigningKey, VerifierKey};
use serde::Serialize;

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::keys::{self, Protection};
use crate::output::{Page, Report};

/// Makes and shows signing keys: PKCS#8 PEM, as `openssl genpkey -algorithm ed25519` writes them
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  pcf key new acme.pem --name acme.example --no-passphrase\n  pcf key show acme.pem"
)]
pub struct Args {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Makes a new key, mode 0600; an existing file is never overwritten
    #[command(after_help = "Example:\n  pcf key new acme.pem\n\nJSON: {file, publicKey, verifierKey?}")]
    New {
        /// The file to write
        file: PathBuf,
        /// Writes the key without a passphrase, protected by the file's mode alone
        #[arg(long)]
        no_passphrase: bool,
        /// Prints the verifier key under this name, as for a witness
        #[arg(long)]
        name: Option<String>,
    },
    /// Gives a key file another passphrase, or its first; the key stays the same
    ///
    /// The passphrases are asked for, or read from the files that PCF_PASSPHRASE_FILE and PCF_NEW_PASSPHRASE_FILE name. Copies of the file keep the old one.
    #[command(after_help = "Example:\n  pcf key change-passphrase acme.pem\n\nJSON: {file, publicKey}")]
    ChangePassphrase {
        /// The key file
        file: PathBuf,
        /// Takes the passphrase away; the file's mode alone protects the key then
        #[arg(long)]
        no_passphrase: bool,
    },
    /// Shows the public half of a key
    #[command(
        after_help = "Example:\n  pcf key show acme.pem --name acme.example\n\nJSON: {file, publicKey, verifierKey?}"
    )]
    Show {
        /// The key file
        file: PathBuf,
        /// Prints the verifier key under this name
        #[arg(long)]
        name: Option<String>,
    },
}

/// The public half of a key.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    /// The key file.
    file: PathBuf,
    /// The key in base64, as statements carry it.
    public_key: String,
    /// `name+id+base64`, where a name was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    verifier_key: Option<String>,
}

impl Report for Shown {
    fn text(&self, page: &mut Page) {
        let mut pairs =
            vec![("key file", self.file.display().to_string()), ("public key", self.public_key.clone())];
        pairs.extend(self.verifier_key.clone().map(|key| ("verifier key", key)));
        page.pairs(&pairs);
    }
}

/// Makes or shows a key.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let shown = match args.verb {
        Verb::New { file, no_passphrase, name } => {
            if let Some(name) = &name {
                // Refused before a file is written.
                verifier(name, &SigningKey::generate([1; 32]))?;
            }
            let key = keys::create(context, &file, &Protection::ask(no_passphrase)?)?;
            show(file, name.as_deref(), &key)?
        }
        Verb::ChangePassphrase { file, no_passphrase } => {
            let key = keys::load(context, &file)?;
            keys::protect_anew(context, &file, &key, &Protection::ask_anew(no_passphrase)?)?;
            show(file, None, &key)?
        }
        Verb::Show { file, name } => {
            let key = keys::load(context, &file)?;
            show(file, name.as_deref(), &key)?
        }
    };
    context.output.report(&shown)?;
    Ok(Outcome::Done)
}

fn show(file: PathBuf, name: Option<&str>, key: &SigningKey) -> Result<Shown, CliError> {
    let verifier_key = name.map(|name| verifier(name, key)).transpose()?;
    Ok(Shown { file, public_key: keys::public(key).to_string(), verifier_key })
}

fn verifier(name: &str, key: &SigningKey) -> Result<String, CliError> {
    let key = VerifierKey::new(name, KeyKind::Ed25519, key.verifying_key());
    Ok(key.map_err(CliError::usage)?.to_string())
}
