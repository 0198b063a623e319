//! The text of a withdrawal, and of a submission that was undone.

use pcf_desk::withdraw::{TakenBack, Undone, Withdrawn};
use pcf_desk::words::counted;

use super::witnessed;
use crate::output::{Page, Report};

impl Report for Withdrawn {
    fn text(&self, page: &mut Page) {
        page.line(format!("index {}: withdrew {}", self.index, self.withdrawn));
        if let Some(back) = &self.publication {
            taken_back(back, page);
        }
    }
}

fn taken_back(back: &TakenBack, page: &mut Page) {
    page.heading(&format!("Withdrew the footprint {} of {}", back.footprint, back.product));
    if let Some(earlier) = &back.in_force_again {
        page.line(format!("In force again: {earlier}"));
    }
    for file in &back.files {
        page.line(format!("wrote {}", file.display()));
    }
    for state in &back.states {
        page.line(format!("stated what held at log size {}: {}", state.size, state.root));
    }
    if let Some(size) = back.signed_size {
        page.line(format!("signed the log at size {size}"));
    }
    if let Some(witnesses) = &back.witnesses {
        witnessed::show(witnesses, page);
    }
    for (heading, lines) in [("Still to be done:", &back.left), ("Out of reach from here:", &back.elsewhere)]
    {
        if !lines.is_empty() {
            page.line(heading);
        }
        for line in lines {
            page.line(format!("  {line}"));
        }
    }
}

impl Report for Undone {
    fn text(&self, page: &mut Page) {
        let verb = if self.imported.dry_run { "Would undo" } else { "Undid" };
        page.heading(&format!(
            "{verb} submission {}: {} withdrawn, {} said again",
            self.submission,
            counted(self.withdrawn, "statement"),
            self.restored
        ));
        self.imported.text(page);
    }
}
