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
    /// Why a statement of this type cannot be redacted, as a sentence; none where its body can be
    /// removed. `is_open` is true for a factor whose header says everything.
    pub fn keeps_body(self, is_open: bool) -> Option<String> {
        let why = match self {
            Self::Factor if is_open => "it is open",
            Self::Activity | Self::Annual | Self::Factor | Self::SupplierFootprint => return None,
            Self::Actor | Self::Authority | Self::Ledger => "who may sign what could no longer be judged",
            Self::Product => "who owns its ids and who may sign its processes could no longer be judged",
            Self::Assurance | Self::Publication => {
                "what was given out for others to rely on stays; it can be withdrawn or replaced"
            }
            Self::Redaction | Self::State | Self::Withdrawal => {
                "what became of other statements could no longer be judged"
            }
        };
        Some(format!("a statement of type `{self}` has no body that could go: {why}"))
    }
}
