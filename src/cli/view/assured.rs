//! The text of an opinion that was signed.

use pcf_desk::assure::Assured;

use crate::output::{Page, Report};

impl Report for Assured {
    fn text(&self, page: &mut Page) {
        page.line(format!("Assured by {}: {} assurance, {} opinion", self.by, self.level, self.opinion));
        let mut pairs = vec![("figures digest", self.figures_digest.to_string())];
        pairs.extend(self.state_root.map(|root| ("state root", root.to_string())));
        pairs.push(("statement", self.statement.to_string()));
        pairs.push(("log index", self.index.to_string()));
        page.pairs(&pairs);
    }
}
