//! The text of a proof that was made.

use pcf_desk::publish::Made;

use crate::hints;
use crate::output::{Page, Report};

impl Report for Made {
    fn text(&self, page: &mut Page) {
        for file in std::iter::once(&self.file).chain(&self.pact) {
            page.line(format!("wrote {}", file.display()));
        }
        let states = match self.states.as_slice() {
            [] => "none; pcf log state".to_owned(),
            sizes => sizes.iter().map(|size| format!("of size {size}")).collect::<Vec<_>>().join(", "),
        };
        page.pairs(&[("log size", self.log_size.to_string()), ("states", states)]);
        page.line("Whoever receives the figure checks it with");
        page.line(format!("  pcf verify {} --key {}", hints::path(&self.file), self.verifier_key));
    }
}
