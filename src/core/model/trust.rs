//! Statements about keys: the genesis, new authority keys, actors.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::statement::{ActorType, AuthorityType, LedgerType, StatementKind, Version};
use super::{
    ActorId, ProductId, PublicKey, Salt, Stage, StatementId, Text, Urn, ValueError, Whole, is_unseen,
};

/// The first statement of a ledger. Its id is the ledger's id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Genesis {
    /// Always `operator`.
    pub by: ActorId,
    /// What signs checkpoints.
    pub log_key: PublicKey,
    /// Who runs the ledger and enrols.
    pub operator_key: PublicKey,
    /// The name of the log: a URL without its scheme.
    pub origin: Text,
    /// What replaces a lost operator key.
    pub recovery_key: PublicKey,
    /// 16 random bytes.
    pub salt: Salt,
    /// Always `ledger`.
    pub r#type: LedgerType,
    /// The version of the format.
    pub v: Version,
}

/// New authority keys, effective at the next index. What is not named stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Authority {
    /// `operator` or `recovery`.
    pub by: ActorId,
    /// A new log key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_key: Option<PublicKey>,
    /// A new operator key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operator_key: Option<PublicKey>,
    /// A new recovery key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovery_key: Option<PublicKey>,
    /// 16 random bytes.
    pub salt: Salt,
    /// Always `authority`.
    pub r#type: AuthorityType,
    /// The version of the format.
    pub v: Version,
}

/// Somebody with a name, keys and rights. The newest statement of an actor holds all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Actor {
    /// The actor's id.
    pub actor: ActorId,
    /// Always `operator`.
    pub by: ActorId,
    /// Company ids as PACT carries them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub company_ids: Vec<Urn>,
    /// All keys in force; one that is missing here is revoked from this index on.
    pub keys: Vec<PublicKey>,
    /// The actor's name: the operator's claim.
    pub name: Text,
    /// The statement this one replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<StatementId>,
    /// Keys whose statements no longer hold from an earlier index on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub revoked: Vec<Revocation>,
    /// What the actor may sign.
    pub rights: Rights,
    /// 16 random bytes.
    pub salt: Salt,
    /// Always `actor`.
    pub r#type: ActorType,
    /// The version of the format.
    pub v: Version,
}

/// A key whose statements no longer hold from an index on; what lies before stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Revocation {
    /// The first log index whose seal by this key does not count.
    pub from: Whole,
    /// The key.
    pub key: PublicKey,
}

/// What an actor may sign.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rights {
    /// Only these products; absent: every product that lets the actor sign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub products: Option<Vec<ProductId>>,
    /// Activities of these stages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<Stage>,
    /// Statements of these types.
    pub types: Vec<StatementKind>,
}

fn distinct(keys: &[PublicKey]) -> bool {
    // Sorted, because a statement from a stranger may list thousands.
    keys.iter().collect::<BTreeSet<_>>().len() == keys.len()
}

impl Genesis {
    /// What has to hold between its parts.
    ///
    /// # Errors
    /// [`ValueError::Combination`] where two of the three keys are the same or somebody else says it.
    pub fn check(&self) -> Result<(), ValueError> {
        let refuse = |problem: &str| Err(ValueError::Combination { what: "ledger", problem: problem.into() });
        if self.by.as_str() != ActorId::OPERATOR {
            return refuse("is said by `operator`");
        }
        if !distinct(&[self.log_key, self.operator_key, self.recovery_key]) {
            return refuse("needs three different keys: log, operator, recovery");
        }
        if self.origin.as_str().contains(['+', ' ']) || self.origin.as_str().chars().any(char::is_whitespace)
        {
            return refuse("the origin is a key name: no white space, no `+`");
        }
        Ok(())
    }
}

impl Authority {
    /// What has to hold between its parts.
    ///
    /// # Errors
    /// [`ValueError::Combination`] where nothing changes or an actor says it.
    pub fn check(&self) -> Result<(), ValueError> {
        let refuse =
            |problem: &str| Err(ValueError::Combination { what: "authority", problem: problem.into() });
        if !self.by.is_reserved() {
            return refuse("is said by `operator` or `recovery`");
        }
        let keys: Vec<_> =
            [self.log_key, self.operator_key, self.recovery_key].into_iter().flatten().collect();
        // Else whoever steals the operator key takes away what would replace it.
        if self.recovery_key.is_some() && self.by.as_str() != ActorId::RECOVERY {
            return refuse("a new recovery key is named by `recovery` itself");
        }
        if keys.is_empty() {
            return refuse("names no new key");
        }
        if !distinct(&keys) {
            return refuse("names one key twice");
        }
        Ok(())
    }
}

impl Actor {
    /// What has to hold between its parts.
    ///
    /// # Errors
    /// [`ValueError::Combination`] for a reserved id, a doubled key, or a right that only the operator has.
    pub fn check(&self) -> Result<(), ValueError> {
        let refuse = |problem: String| Err(ValueError::Combination { what: "actor", problem });
        if self.by.as_str() != ActorId::OPERATOR {
            return refuse(format!("`{}` is said by `operator`, not by `{}`", self.actor, self.by));
        }
        if self.actor.is_reserved() {
            return refuse(format!("`{}` is a reserved name", self.actor));
        }
        if let Some(unseen) = self.name.as_str().chars().find(|c| is_unseen(*c)) {
            let code = u32::from(unseen);
            return refuse(format!("the name of `{}` holds U+{code:04X}, which nobody sees", self.actor));
        }
        if !distinct(&self.keys) {
            return refuse(format!("`{}` lists one key twice", self.actor));
        }
        if let Some(kind) = self.rights.types.iter().find(|k| k.is_operators()) {
            return refuse(format!(
                "`{}` cannot have the right to sign `{kind}`, which is the operator's",
                self.actor
            ));
        }
        let keys: BTreeSet<_> = self.keys.iter().collect();
        if let Some(both) = self.revoked.iter().find(|r| keys.contains(&r.key)) {
            return refuse(format!("`{}` lists the key {} as in force and as revoked", self.actor, both.key));
        }
        Ok(())
    }
}
