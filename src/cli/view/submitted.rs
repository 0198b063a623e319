//! The text of submission files that were made or appended.

use pcf_desk::submit::{Signed, Submitted};
use pcf_desk::words::counted;

use crate::hints;
use crate::output::{Page, Report};

impl Report for Submitted {
    fn text(&self, page: &mut Page) {
        for landed in &self.submissions {
            let state = if landed.already { "was there already, at" } else { "is in the log at" };
            let count = counted(landed.statements.len(), "statement");
            page.line(format!("{} ({count}) {state} index {}", landed.file.display(), landed.index));
        }
    }
}

impl Report for Signed {
    fn text(&self, page: &mut Page) {
        let count = counted(self.statements.len(), "statement");
        page.line(format!("Signed {count} of `{}` into {}", self.by, self.file.display()));
        page.line(format!("Who has the ledger appends it: pcf submit {}", hints::path(&self.file)));
    }
}
