//! The arguments of verbs that sign into a ledger at hand.

use std::path::PathBuf;

use pcf_ledger::admission::Book;
use pcf_ledger::model::ActorId;
use pcf_ledger::sign::SigningKey;

use crate::context::Context;
use crate::error::CliError;
use crate::keys::{self, Role};

/// The options of every verb that signs into a ledger at hand.
#[derive(Debug, clap::Args)]
pub struct Signing {
    /// The signer's key file [default: that of pcf.toml]
    #[arg(long, value_name = "KEY")]
    pub sign_with: Option<PathBuf>,
    /// Expected signer; fails if the key belongs to someone else [default: that of pcf.toml, with
    /// its key]
    #[arg(long, value_name = "ACTOR")]
    pub by: Option<ActorId>,
}

impl Signing {
    /// Reads the key.
    ///
    /// # Errors
    /// No key is named; as [`keys::load`].
    pub fn key(&self, context: &Context) -> Result<SigningKey, CliError> {
        keys::load(context, &keys::file(context, self.sign_with.as_ref(), Role::Signer, "--sign-with")?)
    }

    /// Whose the key is.
    ///
    /// # Errors
    /// The key is unknown or revoked, or belongs to another than `--by` or the project names.
    pub fn actor(&self, context: &Context, book: &Book, key: &SigningKey) -> Result<ActorId, CliError> {
        let known = context.project.as_ref().filter(|_| self.sign_with.is_none());
        let expected = self.by.as_ref().or(known.map(|project| &project.signer));
        context.signer(book, key, expected)
    }

    /// Reads the key and finds whose it is.
    ///
    /// # Errors
    /// As [`keys::load`]; the key is unknown or revoked, or belongs to another than `--by` names.
    pub fn signer(&self, context: &Context, book: &Book) -> Result<(SigningKey, ActorId), CliError> {
        let key = self.key(context)?;
        let actor = self.actor(context, book, &key)?;
        Ok((key, actor))
    }
}
