//! The arguments of verbs that sign into a ledger at hand.

use std::path::PathBuf;

use pcf_ledger::admission::Book;
use pcf_ledger::model::ActorId;
use pcf_ledger::sign::SigningKey;

use crate::context::Context;
use crate::error::CliError;
use crate::keys;

/// The options of every verb that signs into a ledger at hand.
#[derive(Debug, clap::Args)]
pub struct Signing {
    /// The signer's key file
    #[arg(long, value_name = "KEY")]
    pub sign_with: PathBuf,
    /// Who says it; the ledger knows whose key it is, so this only guards against taking the wrong
    /// one
    #[arg(long, value_name = "ACTOR")]
    pub by: Option<ActorId>,
}

impl Signing {
    /// Reads the key and finds whose it is.
    ///
    /// # Errors
    /// As [`keys::load`]; the key is unknown or revoked, or belongs to another than `--by` names.
    pub fn signer(&self, context: &Context, book: &Book) -> Result<(SigningKey, ActorId), CliError> {
        let key = keys::load(context, &self.sign_with)?;
        let actor = context.signer(book, &key, self.by.as_ref())?;
        Ok((key, actor))
    }
}
