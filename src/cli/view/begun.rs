//! The text of a new project.

use std::path::Path;

use pcf_desk::project::Begun;

use crate::hints;
use crate::output::{Page, Report};

impl Report for Begun {
    fn text(&self, page: &mut Page) {
        let shown = |path: &Path| path.display().to_string();
        page.heading(&format!("Began the project {}", shown(&self.project)));
        let mut pairs = vec![
            ("ledger", shown(&self.created.ledger)),
            ("signer", format!("{}, key {}", self.actor, shown(&self.signer_key))),
            (
                "recovery key",
                format!("{}   (move it to a safe place, offline)", shown(&self.created.keys.recovery)),
            ),
        ];
        pairs.extend(self.product.iter().map(|id| ("first product", id.clone())));
        page.pairs(&pairs);
        page.blank();
        page.line("The verifier key, for whoever checks your footprints:");
        page.line(&self.created.verifier_key);
        page.blank();
        page.line("Next, fill in the workbook and take it in:");
        let dir = self.project.parent().filter(|dir| !dir.as_os_str().is_empty());
        if let Some(dir) = dir {
            page.line(format!("  cd {}", hints::path(dir)));
        }
        let name = self.workbook.file_name().unwrap_or_default().to_string_lossy().into_owned();
        page.line(format!("  pcf import {}", hints::quoted(name)));
        page.line("What stands in which column: pcf guide tables");
    }
}
