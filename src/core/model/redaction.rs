//! The erasure of a statement's body: the operator's statement that announces it. The header stays, so that the
//! rules can still judge the statement, and every calculation that needs the body says that it is gone.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::statement::{RedactionType, Version};
use super::{ActorId, Salt, StatementId, StatementKind, Text};

/// The body of an earlier statement is taken out of the files of the ledger; its header stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Redaction {
    /// Always `operator`.
    pub by: ActorId,
    /// Why.
    pub reason: Text,
    /// 16 random bytes.
    pub salt: Salt,
    /// The statement whose body goes.
    pub statement: StatementId,
    /// Always `redaction`.
    pub r#type: RedactionType,
    /// The version of the format.
    pub v: Version,
}

impl StatementKind {
    /// Why statements of this type have no body; none for those that have one.
    pub const fn keeps_its_text(self) -> Option<&'static str> {
        match self {
            Self::Activity | Self::Annual | Self::Factor | Self::SupplierFootprint => None,
            Self::Actor | Self::Authority | Self::Ledger => {
                Some("who may sign what could no longer be judged")
            }
            Self::Product => {
                Some("who owns its ids and who may sign its processes could no longer be judged")
            }
            Self::Assurance | Self::Publication => {
                Some("what was given out for others to rely on stays; it can be withdrawn or replaced")
            }
            Self::Redaction | Self::State | Self::Withdrawal => {
                Some("what became of other statements could no longer be judged")
            }
        }
    }
}
