//! Which witnesses must cosign what is published.

use pcf_ledger::ledger::Ledger;
use pcf_ledger::log::Policy;
use pcf_ledger::store::Reader;
use pcf_ledger::store::file::FileStore;
use serde::Serialize;

use crate::DeskError;

/// The policy that a ledger keeps.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct KeptPolicy {
    /// False where none is kept.
    pub kept: bool,
    /// The cosignatures that it asks for, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// Its witnesses.
    pub witnesses: Vec<KeptWitness>,
}

/// A witness of a policy.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct KeptWitness {
    /// Its name in the policy.
    pub name: String,
    /// Its verifier key.
    pub verifier_key: String,
    /// Where it is asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// Returns the policy that the ledger keeps.
///
/// # Errors
/// [`DeskError::Ledger`] for a file that is no policy of this log.
pub fn policy<S: Reader>(ledger: &Ledger<S>) -> Result<KeptPolicy, DeskError> {
    Ok(report(ledger.policy()?.as_ref()))
}

/// Keeps a policy in place of an earlier one.
///
/// # Errors
/// [`DeskError::Ledger`] for what is no policy, is one of other logs, or can never be met.
pub fn keep_policy(ledger: &Ledger<FileStore>, bytes: &[u8]) -> Result<KeptPolicy, DeskError> {
    Ok(report(Some(&ledger.keep_policy(bytes)?)))
}

fn report(policy: Option<&Policy>) -> KeptPolicy {
    let witnesses = policy.into_iter().flat_map(Policy::witnesses);
    KeptPolicy {
        kept: policy.is_some(),
        rule: policy.map(Policy::rule),
        witnesses: witnesses
            .map(|witness| KeptWitness {
                name: witness.name.clone(),
                verifier_key: witness.key.to_string(),
                url: witness.url.clone(),
            })
            .collect(),
    }
}
