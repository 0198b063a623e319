//! What every verb that signs the log does with the witnesses of the kept policy: their view is compared before anything is appended, and their
//! cosignatures are asked for after. The rules stand in the library; here it is given the network.

use std::path::Path;

use pcf_ledger::ledger::{CheckpointSource, Ledger, LedgerError};
use pcf_ledger::log::{LogError, Policy, SignedCheckpoint};
use pcf_ledger::sign::SigningKey;
use pcf_ledger::store::file::FileStore;
use pcf_serve::Client;
use serde::Serialize;

use crate::error::CliError;
use crate::output::Page;

/// Whether the witnesses are asked.
#[derive(Debug, clap::Args)]
pub struct Witnessing {
    /// Signs without asking the witnesses of the kept policy (`pcf log policy`); the result says so, and whoever asks for them refuses it
    #[arg(long)]
    without_witnesses: bool,
}

/// What the witnesses said.
#[derive(Debug, Serialize)]
pub struct Witnessed {
    rule: String,
    cosigned: Vec<String>,
    asked: bool,
}

/// What signs the log: its key, with the copy beside it, and the witnesses.
#[derive(Debug)]
pub struct LogSigner<'a> {
    key: &'a SigningKey,
    beside: CheckpointSource<'a>,
    policy: Option<Policy>,
    /// The size that the witnesses have agreed to; none where they were not asked.
    agreed: Option<u64>,
}

impl Witnessing {
    /// Compares what was signed before with the ledger, and what the witnesses have seen with that: before anything is appended.
    ///
    /// # Errors
    /// The ledger is an older copy, or another, than the one that this key has signed; a witness has seen more or another history, or too few answer:
    /// then nothing is signed.
    pub fn compare<'a>(
        &self,
        ledger: &Ledger<FileStore>,
        key: &'a SigningKey,
        beside: &'a Path,
    ) -> Result<LogSigner<'a>, CliError> {
        let policy = ledger.policy().map_err(|e| CliError::from(e).within("the kept policy"))?;
        let beside = CheckpointSource { path: beside };
        ledger.newest_signed(&[beside])?;
        let agreed = match &policy {
            Some(policy) if !self.without_witnesses => {
                let compared = ledger.compare_with_witnesses(key, &[beside], policy, &Client::default());
                Some(compared.map_err(unwitnessed)?)
            }
            _ => None,
        };
        Ok(LogSigner { key, beside, policy, agreed })
    }
}

impl LogSigner<'_> {
    /// Signs the log as it is, and has it cosigned.
    ///
    /// # Errors
    /// Those of signing; too few cosignatures where a policy is kept.
    pub fn sign(
        &self,
        ledger: &Ledger<FileStore>,
    ) -> Result<(SignedCheckpoint, Option<Witnessed>), CliError> {
        let signed = ledger.sign_checkpoint(self.key, &[self.beside])?;
        let Some(policy) = &self.policy else { return Ok((signed, None)) };
        let rule = policy.rule();
        let Some(agreed) = self.agreed else {
            return Ok((signed, Some(Witnessed { rule, cosigned: Vec::new(), asked: false })));
        };
        let cosigned = ledger.cosign(&signed, &[self.beside], policy, agreed, &Client::default());
        let (signed, cosigned) = cosigned.map_err(unwitnessed)?;
        Ok((signed, Some(Witnessed::by(rule, cosigned))))
    }
}

/// What stands in the way of a cosignature.
pub fn unwitnessed(error: LedgerError) -> CliError {
    match error {
        LedgerError::Log(error @ (LogError::WitnessAhead { .. } | LogError::WitnessDisagrees { .. })) => {
            CliError::failed(error).hint("pcf log show")
        }
        LedgerError::Log(error) => CliError::failed(error).hint("pcf log policy"),
        other => other.into(),
    }
}

impl Witnessed {
    /// With these cosignatures.
    pub const fn by(rule: String, cosigned: Vec<String>) -> Self {
        Self { rule, cosigned, asked: true }
    }

    /// One line of the report.
    pub fn show(&self, page: &mut Page) {
        if self.asked {
            let names = if self.cosigned.is_empty() { "nobody".to_owned() } else { self.cosigned.join(", ") };
            page.sentence(format!("cosigned by {names}; the policy asks for {}", self.rule));
        } else {
            page.sentence(format!(
                "NOT WITNESSED: no witness was asked, and the policy asks for {}; pcf log cosign",
                self.rule
            ));
        }
    }
}
