//! Opinions on published figures.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::error::word_list;
use super::statement::{AssuranceType, Version};
use super::{ActorId, Digest, LogPosition, Salt, StatementId, Text};

/// An auditor's opinion on figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Assurance {
    /// The auditor.
    pub by: ActorId,
    /// The digest of the figures, as a draft and its final share it.
    pub figures: Digest,
    /// What was found, one sentence each.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Text>,
    /// How sure the auditor is.
    pub level: AssuranceLevel,
    /// The log size and root that was examined.
    pub log: LogPosition,
    /// The opinion.
    pub opinion: Opinion,
    /// The statement this one replaces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<StatementId>,
    /// 16 random bytes.
    pub salt: Salt,
    /// What was examined.
    pub scope: Text,
    /// The standard followed, such as ISO 14064-3.
    pub standard: Text,
    /// The root of a state that the auditor recomputed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state_root: Option<Digest>,
    /// Always `assurance`.
    pub r#type: AssuranceType,
    /// The version of the format.
    pub v: Version,
}

word_list! {
    /// How sure an auditor is.
    pub enum AssuranceLevel as "assurance level", "limited or reasonable" {
        /// Nothing came to attention.
        Limited = "limited",
        /// Positively confirmed.
        Reasonable = "reasonable",
    }
}

word_list! {
    /// An auditor's opinion.
    pub enum Opinion as "opinion", "one of adverse, qualified, unmodified" {
        /// The figures are wrong.
        Adverse = "adverse",
        /// Right except for the findings.
        Qualified = "qualified",
        /// Right.
        Unmodified = "unmodified",
    }
}
