//! What the states in a proof say, as `pcf verify` shows it. Whose word it is stands in the checks below it, and with the auditor here.

use std::collections::BTreeSet;

use pcf_ledger::model::{ActorId, FootprintId, StatementId};
use pcf_ledger::proof::{self, Vouched};
use serde::Serialize;

/// Whether the figures used everything.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Completeness {
    size: u64,
    used: u64,
    all: u64,
    missing: BTreeSet<StatementId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vouched_by: Option<ActorId>,
}

/// What became of the publication.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Standing {
    size: u64,
    current: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    superseded_by: Option<Later>,
    used_ended: Vec<StatementId>,
    said_since: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    vouched_by: Option<ActorId>,
}

/// The publication that follows.
#[derive(Serialize)]
struct Later {
    footprint: FootprintId,
    statement: StatementId,
}

impl Completeness {
    /// From what the proof shows.
    pub fn of(found: &proof::Completeness) -> Self {
        let proof::Completeness { size, used, all, missing, vouched } = found.clone();
        Self { size, used, all, missing, vouched_by: pinned(vouched) }
    }

    /// For a person.
    pub fn sentence(&self) -> String {
        let Self { size, used, all, .. } = self;
        let complete = if used == all { "complete: " } else { "" };
        format!(
            "{complete}{used} of {all} statements, as of size {size}; {}",
            whose(self.vouched_by.as_ref())
        )
    }
}

impl Standing {
    /// From what the proof shows.
    pub fn of(found: &proof::Standing) -> Self {
        let proof::Standing { size, is_current: current, superseded_by, used_ended, said_since, vouched } =
            found.clone();
        let later = |(statement, footprint)| Later { footprint, statement };
        Self {
            size,
            current,
            superseded_by: superseded_by.map(later),
            used_ended,
            said_since,
            vouched_by: pinned(vouched),
        }
    }

    /// For a person.
    pub fn sentence(&self) -> String {
        let size = self.size;
        let said = match &self.superseded_by {
            Some(later) => format!("superseded by {}, as of size {size}", later.footprint),
            None if self.current => format!("current as of size {size}"),
            None if self.used_ended.is_empty() => format!("not taken back as of size {size}"),
            None => format!(
                "not taken back as of size {size}, but {} used statements no longer hold",
                self.used_ended.len()
            ),
        };
        format!("{said}; {}", whose(self.vouched_by.as_ref()))
    }
}

/// Only a pinned key lends weight.
fn pinned(vouched: Option<Vouched>) -> Option<ActorId> {
    vouched.filter(|vouched| vouched.is_pinned).map(|vouched| vouched.by)
}

fn whose(vouched_by: Option<&ActorId>) -> String {
    match vouched_by {
        Some(by) => format!("the operator’s claim, vouched for by `{by}`"),
        None => "the operator’s claim".to_owned(),
    }
}
