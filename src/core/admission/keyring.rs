//! Which key belongs to whom, from which index of the log to which.

use std::collections::BTreeMap;

use super::Refusal;
use crate::model::{Actor, ActorId, Authority, Genesis, PublicKey, Statement, StatementId};
use crate::sign::VerifyingKey;

/// Whose key it is, and when it counts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Signer {
    /// The actor, `operator` or `recovery`. A key belongs to one for ever.
    pub actor: ActorId,
    /// The index of the seal that enrols it; it counts after that. The genesis' own keys count from 0.
    pub enrolled: u64,
    /// The first index at which it no longer counts.
    pub revoked: Option<u64>,
    /// The statement that enrols it.
    pub statement: StatementId,
}

/// Every key that was ever enrolled.
#[derive(Debug, Clone, Default)]
pub struct Keyring {
    keys: BTreeMap<PublicKey, Signer>,
    /// Every log key there ever was, oldest first, with the index at which it was named: none of them can become anything else.
    log_keys: Vec<(PublicKey, u64)>,
}

impl Keyring {
    /// The signer whose key counts at `index`.
    ///
    /// # Errors
    /// [`Refusal::UnknownKey`] or [`Refusal::RevokedKey`].
    pub fn signer_at(&self, key: &PublicKey, index: u64) -> Result<&Signer, Refusal> {
        let signer = self.keys.get(key).ok_or(Refusal::UnknownKey { key: *key })?;
        if signer.enrolled > 0 && index <= signer.enrolled {
            return Err(Refusal::UnknownKey { key: *key });
        }
        match signer.revoked {
            Some(since) if index >= since => {
                Err(Refusal::RevokedKey { key: *key, actor: signer.actor.clone(), since })
            }
            _ => Ok(signer),
        }
    }

    /// Whose key it is or was.
    pub fn owner(&self, key: &PublicKey) -> Option<&Signer> {
        self.keys.get(key)
    }

    /// The key that signs checkpoints now.
    pub fn log_key(&self) -> Option<&PublicKey> {
        self.log_keys.last().map(|(key, _)| key)
    }

    /// Every key that signed checkpoints at some time, oldest first: what an earlier one signed still binds the log.
    pub fn log_keys(&self) -> impl DoubleEndedIterator<Item = &PublicKey> {
        self.log_keys.iter().map(|(key, _)| key)
    }

    /// Every key that an actor ever had, in the order of their enrolment.
    pub fn keys_of(&self, actor: &ActorId) -> Vec<(PublicKey, &Signer)> {
        let mut keys: Vec<_> =
            self.keys.iter().filter(|(_, s)| s.actor == *actor).map(|(key, s)| (*key, s)).collect();
        keys.sort_by_key(|(_, signer)| signer.enrolled);
        keys
    }

    /// Every log key there ever was, oldest first, with the index of the statement that names it; it counts after that.
    pub fn log_key_history(&self) -> &[(PublicKey, u64)] {
        &self.log_keys
    }

    /// The keys of an actor that count at `index`.
    pub fn in_force(&self, actor: &ActorId, index: u64) -> Vec<PublicKey> {
        let begun = |s: &Signer| s.enrolled == 0 || s.enrolled < index;
        let counts =
            |s: &Signer| &s.actor == actor && begun(s) && s.revoked.is_none_or(|since| index < since);
        self.keys.iter().filter(|(_, s)| counts(s)).map(|(key, _)| *key).collect()
    }

    /// The keys of an actor that are not revoked, also those that this very submission enrols.
    fn unrevoked(&self, actor: &ActorId, index: u64) -> Vec<PublicKey> {
        let stands = |s: &Signer| &s.actor == actor && s.revoked.is_none_or(|since| index < since);
        self.keys.iter().filter(|(_, s)| stands(s)).map(|(key, _)| *key).collect()
    }

    fn was_log_key(&self, key: &PublicKey) -> bool {
        self.log_keys().any(|earlier| earlier == key)
    }

    /// Takes over what a statement says of keys; of other types it says nothing.
    pub(super) fn take(&mut self, statement: &Statement, index: u64, id: StatementId) {
        match statement {
            Statement::Ledger(genesis) => self.begin(genesis, id),
            Statement::Authority(authority) => self.set_authority(authority, index, id),
            Statement::Actor(actor) => self.set_actor(actor, index, id),
            _ => {}
        }
    }

    fn begin(&mut self, genesis: &Genesis, id: StatementId) {
        self.log_keys.push((genesis.log_key, 0));
        self.enrol(genesis.operator_key, ActorId::operator(), 0, id);
        self.enrol(genesis.recovery_key, ActorId::recovery(), 0, id);
    }

    fn enrol(&mut self, key: PublicKey, actor: ActorId, index: u64, statement: StatementId) {
        let signer = Signer { actor, enrolled: index, revoked: None, statement };
        self.keys.entry(key).or_insert(signer);
    }

    fn revoke(&mut self, key: &PublicKey, from: u64) {
        if let Some(signer) = self.keys.get_mut(key) {
            signer.revoked = Some(signer.revoked.map_or(from, |earlier| earlier.min(from)));
        }
    }

    /// What has to hold before an actor's keys are taken over.
    pub(super) fn check_actor(&self, actor: &Actor, index: u64) -> Result<(), Refusal> {
        let refuse = |key: PublicKey, problem: String| Err(Refusal::Key { key, problem });
        for key in &actor.keys {
            check_key(key)?;
            if self.was_log_key(key) {
                return refuse(*key, "is or was the log key, which no actor can have".into());
            }
            match self.keys.get(key) {
                Some(signer) if signer.actor != actor.actor => {
                    return refuse(*key, format!("belongs to `{}` for ever", signer.actor));
                }
                Some(Signer { revoked: Some(since), .. }) => {
                    return refuse(*key, format!("is revoked since index {since} and cannot come back"));
                }
                _ => {}
            }
        }
        for revocation in &actor.revoked {
            match self.keys.get(&revocation.key) {
                Some(signer) if signer.actor == actor.actor => {}
                _ => return refuse(revocation.key, format!("was never a key of `{}`", actor.actor)),
            }
            if revocation.from.as_u64() > index {
                let from = revocation.from;
                return refuse(
                    revocation.key,
                    format!("cannot be revoked from index {from}: the log has {index}"),
                );
            }
        }
        Ok(())
    }

    /// Takes over an actor's keys: those listed are enrolled, those missing are revoked from `index` on.
    pub(super) fn set_actor(&mut self, actor: &Actor, index: u64, statement: StatementId) {
        for key in self.unrevoked(&actor.actor, index) {
            if !actor.keys.contains(&key) {
                self.revoke(&key, index);
            }
        }
        for revocation in &actor.revoked {
            self.revoke(&revocation.key, revocation.from.as_u64());
        }
        for key in &actor.keys {
            self.enrol(*key, actor.actor.clone(), index, statement);
        }
    }

    /// What has to hold before authority keys are replaced.
    pub(super) fn check_authority(&self, authority: &Authority) -> Result<(), Refusal> {
        for key in [authority.log_key, authority.operator_key, authority.recovery_key].into_iter().flatten() {
            check_key(&key)?;
            if self.keys.contains_key(&key) || self.was_log_key(&key) {
                return Err(Refusal::Key { key, problem: "is or was in use; authority keys are new".into() });
            }
        }
        Ok(())
    }

    /// Replaces authority keys, effective at the next index.
    pub(super) fn set_authority(&mut self, authority: &Authority, index: u64, statement: StatementId) {
        if let Some(key) = authority.log_key {
            self.log_keys.push((key, index));
        }
        let roles =
            [(authority.operator_key, ActorId::operator()), (authority.recovery_key, ActorId::recovery())];
        for (key, role) in roles {
            let Some(key) = key else { continue };
            for old in self.unrevoked(&role, index) {
                self.revoke(&old, index + 1);
            }
            self.enrol(key, role, index, statement);
        }
    }
}

/// A key that anybody can sign with, or that nobody can, enrols nobody.
pub(super) fn check_key(key: &PublicKey) -> Result<(), Refusal> {
    match VerifyingKey::from_bytes(key.as_bytes()) {
        Ok(_) => Ok(()),
        Err(error) => Err(Refusal::Key { key: *key, problem: format!("is no signer's: {error}") }),
    }
}
