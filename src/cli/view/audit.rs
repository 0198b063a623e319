//! What an audit found, as text.

use pcf_ledger::audit::{Document, Verdict};

use crate::output::{Page, Report};

impl Report for Document {
    fn text(&self, page: &mut Page) {
        page.heading(&format!("Ledger {}", self.ledger_id));
        page.line(format!(
            "{} submissions, {} statements, {} publications calculated again",
            self.size, self.statements, self.publications
        ));
        if self.redacted > 0 {
            page.line(format!(
                "{} of the statements are redacted: what they said is no longer there",
                self.redacted
            ));
        }
        if self.unread > 0 {
            page.line(format!(
                "{} submissions could not be read, or no more of them than the seal",
                self.unread
            ));
        }
        page.blank();
        for line in &self.checks {
            let mark = match (line.errors, line.looked_at) {
                (0, 0) => "nothing".to_owned(),
                (0, _) => page.verdict(true, "holds  "),
                _ => page.verdict(false, "FAILS  "),
            };
            page.line(format!("{mark}  {} ({} looked at): {}", line.check, line.looked_at, line.asks));
        }
        for found in &self.findings {
            page.blank();
            let weight = if found.weighs { "error" } else { "notice" };
            page.line(format!("{weight}  {}, {}: {}", found.check, found.place, found.message));
        }
        page.blank();
        if self.left_out > 0 {
            page.line(format!("and {} findings more", self.left_out));
        }
        let holds = self.verdict == Verdict::Holds;
        let verdict = page.verdict(holds, if holds { "holds" } else { "does not hold" });
        page.line(verdict);
    }
}
