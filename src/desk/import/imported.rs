//! What came of an import, as a program reads it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::foresee::Foreseen;
use super::{Caused, Gone, Place, SplitRow};

/// What came of an import. The JSON of every verb that takes files of statements.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Imported {
    /// True where nothing was appended because it was only tried.
    pub dry_run: bool,
    /// Statements appended, or that would be.
    pub recorded: usize,
    /// Among them those that replace an earlier one.
    pub corrected: usize,
    /// With a correction, the rows of statements that replaced nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub replaced_nothing: Vec<String>,
    /// With a correction, the rows whose production lacks flows of the one that it replaced, each
    /// with their names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taken_away: Vec<String>,
    /// Statements equal to a live one, salt aside.
    pub skipped: usize,
    /// Activities that were recorded together with some of these and are among them no longer.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub gone: Vec<Gone>,
    /// How many of them are withdrawn, or would be.
    #[serde(skip_serializing_if = "is_none")]
    pub withdrawn: usize,
    /// Activities that days have split, in the order of the files.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub split: Vec<SplitRow>,
    /// The submissions, in the order of the log.
    pub submissions: Vec<Landed>,
    /// What flows name and nothing in the ledger is yet, with how many flows name it.
    pub unresolved: BTreeMap<String, usize>,
    /// The command that takes in those of them that the shipped library holds; the caller fills it
    /// in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// What the appended statements cause, where that was looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caused: Option<Caused>,
    /// With --dry-run, what would change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foreseen: Option<Foreseen>,
}

/// A submission that is durable.
#[derive(Debug, Serialize)]
pub struct Landed {
    /// The index in the log.
    pub index: u64,
    /// The ids of its statements, where they were asked for.
    pub statements: Vec<String>,
}

fn is_none(count: &usize) -> bool {
    *count == 0
}

impl Imported {
    /// Keeps the row of a correction that replaces nothing.
    pub(super) fn stand_beside(&mut self, place: &Place) {
        let place = place.to_string();
        if self.replaced_nothing.last() != Some(&place) {
            self.replaced_nothing.push(place);
        }
    }

    /// Returns the report of an import of nothing yet.
    pub(super) fn tried(dry_run: bool) -> Self {
        Self { dry_run, ..Self::default() }
    }
}
