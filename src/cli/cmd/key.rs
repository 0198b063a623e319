//! `pcf key`: key files of those who sign.

use std::path::PathBuf;

use clap::Subcommand;
use pcf_desk::keys::{Shown, check_name};

use crate::context::Context;
use crate::error::{CliError, Outcome};
use crate::keys::{self, Protection};

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

/// Makes or shows a key.
pub fn run(args: Args, context: &Context) -> Result<Outcome, CliError> {
    let shown = match args.verb {
        Verb::New { file, no_passphrase, name } => {
            if let Some(name) = &name {
                // Refused before a file is written.
                check_name(name)?;
            }
            let key = keys::create(context, &file, &Protection::ask(no_passphrase)?)?;
            Shown::of(file, name.as_deref(), &key)?
        }
        Verb::ChangePassphrase { file, no_passphrase } => {
            let key = keys::load(context, &file)?;
            keys::protect_anew(context, &file, &key, &Protection::ask_anew(no_passphrase)?)?;
            Shown::of(file, None, &key)?
        }
        Verb::Show { file, name } => {
            let key = keys::load(context, &file)?;
            Shown::of(file, name.as_deref(), &key)?
        }
    };
    context.output.report(&shown)?;
    Ok(Outcome::Done)
}
