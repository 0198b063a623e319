//! The ledger and its witnesses: the policy that it keeps, the comparison with what they have seen before anything is signed, and their cosignatures
//! on what was. It never reaches the network itself.

use std::path::PathBuf;

use super::asking::{Post, Round};
use super::checkpoint::{read_kept, write_whole};
use super::{CheckpointSource, Ledger, LedgerError};
use crate::durable::Survives;
use crate::log::policy::POLICY_BYTES_MAX;
use crate::log::{Checkpoint, LogError, Policy, SignedCheckpoint};
use crate::merkle::empty_root;
use crate::sign::SigningKey;
use crate::store::Reader;

/// Where the policy lies, below the ledger's directory.
const POLICY: &str = "signed/policy";

impl<S: Reader> Ledger<S> {
    /// The policy that the ledger keeps: who must cosign what is published. None where none is kept.
    ///
    /// # Errors
    /// [`LedgerError::Io`]; [`LedgerError::Log`] for a file that is no policy of this log.
    pub fn policy(&self) -> Result<Option<Policy>, LedgerError> {
        let Some(path) = self.policy_path() else { return Ok(None) };
        let Some(bytes) = read_kept(&path, POLICY_BYTES_MAX)? else { return Ok(None) };
        let policy = Policy::parse(&bytes)?;
        self.check_policy(&policy)?;
        Ok(Some(policy))
    }

    /// Keeps a policy, durably, in place of an earlier one.
    ///
    /// # Errors
    /// [`LedgerError::Log`] for what is no policy, is one of other logs, or can never be met; [`LedgerError::Io`].
    pub fn keep_policy(&self, bytes: &[u8]) -> Result<Policy, LedgerError> {
        let policy = Policy::parse(bytes)?;
        self.check_policy(&policy)?;
        let asked: Vec<bool> = policy.witnesses().iter().map(|witness| witness.url.is_some()).collect();
        if !policy.is_met(&asked) {
            let names = policy.witnesses().iter().filter(|witness| witness.url.is_some());
            let names: Vec<&str> = names.map(|witness| witness.name.as_str()).collect();
            let got = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
            return Err(LogError::PolicyUnreachable { expected: policy.rule(), got }.into());
        }
        if let Some(path) = self.policy_path() {
            write_whole(&path, bytes, Survives::Power)?;
        }
        Ok(policy)
    }

    /// Asks the witnesses what they have seen of this log, by showing them once more the newest size that was signed here, or the empty log. Nothing
    /// new is signed. To be called before anything is appended that is to be published. Returns the size that they were shown.
    ///
    /// # Errors
    /// [`LedgerError::NotLogKey`]; [`LedgerError::Log`] with both sizes where a witness has seen more, or another history, and where not enough of them answer; those of
    /// [`Ledger::newest_signed`].
    pub fn compare_with_witnesses(
        &self,
        key: &SigningKey,
        beside: &[CheckpointSource<'_>],
        policy: &Policy,
        post: &dyn Post,
    ) -> Result<u64, LedgerError> {
        let verifier = self.check_log_key(key)?;
        // Signed again by the key in force, which may have changed since; the tree is the one that was signed.
        let newest = self.newest_signed(beside)?;
        let shown = newest.as_ref().map(|signed| (signed.checkpoint().size(), *signed.checkpoint().root()));
        let (size, root) = shown.unwrap_or_else(|| (0, empty_root()));
        let note = Checkpoint::new(verifier.name(), size, root)?.sign(key)?;
        let signed = SignedCheckpoint::from_note(note, &verifier)?;
        Round::ask(policy, &signed, &self.leaves(), size, post)?.check(policy)?;
        Ok(size)
    }

    /// Asks the witnesses to cosign the newest signed checkpoint, and keeps what came, also where it is not enough. `old` is the size that they are
    /// expected to know. Returns the checkpoint and who cosigned.
    ///
    /// # Errors
    /// As for [`Ledger::compare_with_witnesses`], and those of [`Ledger::keep_cosigned`].
    pub fn cosign(
        &self,
        signed: &SignedCheckpoint,
        beside: &[CheckpointSource<'_>],
        policy: &Policy,
        old: u64,
        post: &dyn Post,
    ) -> Result<(SignedCheckpoint, Vec<String>), LedgerError> {
        let round = Round::ask(policy, signed, &self.leaves(), old, post)?;
        self.keep_cosigned(&round.signed, beside)?;
        let names = round.check(policy)?.into_iter().map(str::to_owned).collect();
        Ok((round.signed, names))
    }

    fn check_policy(&self, policy: &Policy) -> Result<(), LedgerError> {
        let key = self.verifier_key()?;
        if policy.knows_log(&key) {
            return Ok(());
        }
        let names: Vec<&str> = policy.logs().iter().map(|log| log.key.name()).collect();
        Err(LogError::PolicyOfOthers { expected: key.to_string(), got: names.join(", ") }.into())
    }

    fn policy_path(&self) -> Option<PathBuf> {
        self.dir.as_ref().map(|dir| dir.join(POLICY))
    }
}
