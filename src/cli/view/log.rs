//! The log and proofs of places in it, as text.

use pcf_desk::questions::{Consistency, LogReport, PlaceReport, StatementReport};

use crate::output::{Page, Report};

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
        page.line(self.statement.to_string());
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
