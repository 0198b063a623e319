//! The text of a new ledger.

use std::path::Path;

use pcf_desk::create::Created;

use crate::hints;
use crate::output::{Page, Report};

impl Report for Created {
    fn text(&self, page: &mut Page) {
        let shown = |path: &Path| path.display().to_string();
        page.heading(&format!("Created the ledger {}", shown(&self.ledger)));
        page.pairs(&[
            ("ledger id", self.ledger_id.clone()),
            ("verifier key", self.verifier_key.clone()),
            ("operator key", shown(&self.keys.operator)),
            ("recovery key", format!("{}   (move it to a safe place, offline)", shown(&self.keys.recovery))),
            ("log key", shown(&self.keys.log)),
        ]);
        page.blank();
        page.line("Next, a key for the first actor, and its enrolment:");
        page.line("  pcf key new acme.pem");
        page.line(format!(
            "  pcf --ledger {} actor add acme --name \"Acme Ltd\" --key acme.pem --type product --type factor \\\n    \
             --type activity --type publication --stage procurement --stage production --sign-with {}",
            hints::path(&self.ledger),
            hints::path(&self.keys.operator)
        ));
    }
}
