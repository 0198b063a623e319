//! What came of an import, as a person and a program read it.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Serialize;

use super::foresee::Foreseen;
use crate::hints;
use crate::output::{Page, Report};

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
    /// Statements equal to a live one, salt aside.
    pub skipped: usize,
    /// The submissions, in the order of the log.
    pub submissions: Vec<Landed>,
    /// What flows name and nothing in the ledger is yet, with how many flows name it.
    pub unresolved: BTreeMap<String, usize>,
    /// The command that takes in those of them that the shipped library holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// With --dry-run, what would change.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub foreseen: Option<Foreseen>,
}

/// A submission that is durable. Its statements are named with `--format json` only.
#[derive(Debug, Serialize)]
pub struct Landed {
    /// The index in the log.
    pub index: u64,
    /// The ids of its statements.
    pub statements: Vec<String>,
}

impl Imported {
    /// Says how what the shipped library holds comes into the ledger in `dir`.
    pub fn with_next(mut self, dir: &Path) -> Self {
        let factors = self.unresolved.keys().filter_map(|name| name.strip_prefix("factor:"));
        self.next = hints::factors_of_library(factors).map(|command| hints::fill(&command, dir));
        self
    }

    /// Nothing yet.
    pub fn tried(dry_run: bool) -> Self {
        Self { dry_run, ..Self::default() }
    }
}

impl Report for Imported {
    fn text(&self, page: &mut Page) {
        if self.recorded == 0 {
            page.line(format!(
                "Nothing is new: the ledger holds {} already",
                counted(self.skipped, "such statement")
            ));
            return;
        }
        let verb = if self.dry_run { "Would record" } else { "Recorded" };
        let mut line = format!("{verb} {}", counted(self.recorded, "statement"));
        if !self.dry_run {
            line.push_str(&format!(" in {}", counted(self.submissions.len(), "submission")));
        }
        if self.corrected > 0 {
            line.push_str(&format!(", {} of them in place of an earlier one", self.corrected));
        }
        if self.skipped > 0 {
            line.push_str(&format!("; skipped {} that the ledger holds already", self.skipped));
        }
        page.line(line);
        if !self.unresolved.is_empty() {
            page.line("Not in the ledger yet; a calculation that needs it stops there:");
            for (name, flows) in &self.unresolved {
                page.line(format!("  {name} ({})", counted(*flows, "flow")));
            }
            if let Some(command) = &self.next {
                page.line(format!("From the library that comes with the program:\n  {command}"));
            }
        }
        if let Some(foreseen) = &self.foreseen {
            foreseen.text(page);
        }
    }
}

/// `1 statement`, `2 statements`.
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
