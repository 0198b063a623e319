//! The log and proofs of places in it, as text.

use pcf_desk::log::{Checkpointed, Cosigned, ExportReport, KeptPolicy, LogKey, Receipt, StateReport};
use pcf_desk::publish::Stated;
use pcf_desk::questions::{Consistency, LogReport, PlaceReport, StatementReport};

use crate::output::{Page, Report};
use crate::view::{WithNext, witnessed};

impl Report for LogKey {
    fn text(&self, page: &mut Page) {
        page.line(&self.verifier_key);
    }
}

impl Report for Checkpointed {
    fn text(&self, page: &mut Page) {
        page.line(self.checkpoint.trim_end());
        page.blank();
        for file in &self.files {
            page.line(format!("kept in {}", file.display()));
        }
        if let Some(witnesses) = &self.witnesses {
            witnessed::show(witnesses, page);
        }
    }
}

impl Report for Cosigned {
    fn text(&self, page: &mut Page) {
        witnessed::show(&self.witnesses, page);
        page.blank();
        page.line(self.checkpoint.trim_end());
    }
}

impl Report for ExportReport {
    fn text(&self, page: &mut Page) {
        page.line(format!(
            "{}: {} submissions in {} tiles, {} of them written now",
            self.dir.display(),
            self.size,
            self.tiles,
            self.written
        ));
        if self.unsigned > 0 {
            page.line(format!(
                "{} newer submissions are durable and not signed yet: pcf log checkpoint",
                self.unsigned
            ));
        }
    }
}

impl Report for KeptPolicy {
    fn text(&self, page: &mut Page) {
        let Some(rule) = &self.rule else {
            page.line("No policy is kept: what is published needs no witness");
            return;
        };
        page.line(format!("What is published needs the cosignatures of {rule}"));
        let rows: Vec<Vec<String>> = self
            .witnesses
            .iter()
            .map(|w| vec![w.name.clone(), w.url.clone().unwrap_or_default(), w.verifier_key.clone()])
            .collect();
        page.table(&["witness", "where", "verifier key"], &rows);
    }
}

impl Report for Receipt {
    fn text(&self, page: &mut Page) {
        page.pairs(&[
            ("statement", self.statement.to_string()),
            ("subject", self.subject.clone()),
            ("place in the log", format!("{} of {} (from 0)", self.index, self.size)),
            ("leaf (hex)", self.leaf.clone()),
        ]);
        page.line(format!("wrote {}", self.file.display()));
    }
}

impl Report for LogReport {
    fn text(&self, page: &mut Page) {
        let signed = match self.signed_size {
            None => "no checkpoint is signed yet".into(),
            Some(size) if size == self.size => "all of it".into(),
            Some(size) => format!("the first {size} of {}", self.size),
        };
        page.heading(&self.origin);
        page.pairs(&[
            ("ledger id", self.ledger_id.clone()),
            ("verifier key", self.verifier_key.clone()),
            ("submissions", self.size.to_string()),
            ("root", self.root.clone()),
            ("signed", signed),
        ]);
        page.blank();
        let rows: Vec<Vec<String>> = self
            .submissions
            .iter()
            .map(|s| {
                let types: Vec<String> = s.types.iter().map(|(kind, n)| format!("{n} {kind}")).collect();
                vec![s.index.to_string(), s.signer.clone(), s.signed_at.clone(), types.join(", ")]
            })
            .collect();
        page.table(&[">index", "signer", "signed (claimed)", "statements"], &rows);
    }
}

impl Report for StatementReport {
    fn text(&self, page: &mut Page) {
        page.line(self.header.to_string());
        page.line(self.body.as_ref().map_or_else(String::new, ToString::to_string));
    }
}

impl Report for Consistency {
    fn text(&self, page: &mut Page) {
        page.pairs(&[
            ("older log", format!("{} submissions, root {}", self.from, self.from_root)),
            ("newer log", format!("{} submissions, root {}", self.to, self.to_root)),
        ]);
        page.blank();
        for hash in &self.proof {
            page.line(hash);
        }
    }
}

impl Report for PlaceReport {
    fn text(&self, page: &mut Page) {
        let mut pairs = Vec::new();
        if let (Some(statement), Some(ordinal)) = (&self.statement, self.ordinal) {
            pairs.push(("statement", statement.to_string()));
            pairs.push(("place in its seal", format!("{ordinal} of {} (from 0)", self.count)));
        }
        pairs.push(("seal", self.seal.clone()));
        pairs.push(("seal's index", self.index.to_string()));
        page.pairs(&pairs);
        page.blank();
        if let Some(path) = &self.path_in_seal {
            page.heading("Path from the statement to the root in the seal (base64)");
            for hash in path {
                page.line(hash);
            }
            page.blank();
        }
        page.heading("Path from the seal to the signed checkpoint");
        page.line(self.tlog_proof.trim_end());
    }
}

impl Report for WithNext<StateReport> {
    fn text(&self, page: &mut Page) {
        match (self.report.index, &self.report.newest) {
            (Some(index), _) => {
                page.line(format!("Stated at index {index}:"));
                let row = |one: &Stated| {
                    vec![one.size.to_string(), one.root.to_string(), one.statement.to_string()]
                };
                let rows: Vec<Vec<String>> = self.report.states.iter().map(row).collect();
                page.table(&[">size", "root", "statement"], &rows);
                page.line("Proofs show it once a checkpoint covers it:");
                page.line(format!("  {}", self.next));
            }
            (None, Some(newest)) => {
                page.line(format!(
                    "Nothing was said since the state of size {}, {}",
                    newest.size, newest.root
                ));
            }
            // Not reached: the genesis alone calls for a state.
            (None, None) => page.line("There is nothing to state"),
        }
    }
}
