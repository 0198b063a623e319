//! The witnesses of the kept policy when the log is signed: their view is compared before anything
//! is appended, and their cosignatures are asked for
//! after. The caller gives the network.

use std::path::{Path, PathBuf};

use pcf_ledger::ledger::{CheckpointSource, Ledger, Post};
use pcf_ledger::log::{Policy, SignedCheckpoint};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::file::FileStore;
use serde::Serialize;

use crate::DeskError;

/// What the witnesses said.
#[derive(Debug, Serialize)]
pub struct Witnessed {
    /// What the policy asks for.
    pub rule: String,
    /// The names of those who cosigned.
    pub cosigned: Vec<String>,
    /// False where no witness was asked.
    pub asked: bool,
}

/// What signs the log: its key, with the copy beside it, and the witnesses.
pub struct LogSigner<'a> {
    key: &'a SigningKey,
    beside: CheckpointSource<'a>,
    policy: Option<Policy>,
    /// The size that the witnesses have agreed to, and the way to them; none where they were not
    /// asked.
    asked: Option<(u64, &'a dyn Post)>,
}

impl<'a> LogSigner<'a> {
    /// Compares what was signed before with the ledger, and what the witnesses have seen with that:
    /// to be called before anything is appended.
    /// Without `post` no witness is asked, and the report says so.
    ///
    /// # Errors
    /// [`DeskError::Ledger`] where the ledger is an older copy, or another, than the one that this key has signed; [`DeskError::Unwitnessed`] where a
    /// witness has seen more or another history, or too few answer: then nothing is signed.
    /// [`DeskError::KeptPolicy`].
    pub fn compare(
        ledger: &Ledger<FileStore>,
        key: &'a SigningKey,
        beside: &'a Path,
        post: Option<&'a dyn Post>,
    ) -> Result<Self, DeskError> {
        let policy = ledger.policy().map_err(DeskError::KeptPolicy)?;
        let beside = CheckpointSource { path: beside };
        ledger.newest_signed(&[beside])?;
        let asked = match (&policy, post) {
            (Some(policy), Some(post)) => {
                let compared = ledger.compare_with_witnesses(key, &[beside], policy, post);
                Some((compared.map_err(DeskError::Unwitnessed)?, post))
            }
            _ => None,
        };
        Ok(Self { key, beside, policy, asked })
    }

    /// Signs the log as it is, and has it cosigned.
    ///
    /// # Errors
    /// Those of signing; [`DeskError::Unwitnessed`] for too few cosignatures where a policy is
    /// kept.
    pub fn sign(
        &self,
        ledger: &Ledger<FileStore>,
    ) -> Result<(SignedCheckpoint, Option<Witnessed>), DeskError> {
        let signed = ledger.sign_checkpoint(self.key, &[self.beside])?;
        let Some(policy) = &self.policy else { return Ok((signed, None)) };
        let rule = policy.rule();
        let Some((agreed, post)) = self.asked else {
            return Ok((signed, Some(Witnessed { rule, cosigned: Vec::new(), asked: false })));
        };
        let cosigned = ledger.cosign(&signed, &[self.beside], policy, agreed, post);
        let (signed, cosigned) = cosigned.map_err(DeskError::Unwitnessed)?;
        Ok((signed, Some(Witnessed::by(rule, cosigned))))
    }
}

impl Witnessed {
    /// Returns the report of these cosignatures.
    pub const fn by(rule: String, cosigned: Vec<String>) -> Self {
        Self { rule, cosigned, asked: true }
    }
}

/// Returns where the copy of the newest signed checkpoint lies that is kept beside the log key.
/// Every verb that signs uses this one name: a second
/// one would let a ledger restored from a backup sign a second history.
pub fn beside(key_file: &Path) -> PathBuf {
    let mut name = key_file.as_os_str().to_owned();
    name.push(".checkpoint");
    PathBuf::from(name)
}
