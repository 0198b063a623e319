//! A footprint with statements that are only tried, as text.

use pcf_desk::questions::Tried;

use super::{difference, footprint};
use crate::importing::counted;
use crate::output::{Page, Report};

impl Report for Tried {
    fn text(&self, page: &mut Page) {
        page.heading(&format!("{}, {}, with what is tried", self.product, self.period));
        let replaced = match self.replaced.len() {
            0 => String::new(),
            count => format!(", {count} of them in place of a live one"),
        };
        page.line(format!("Nothing was recorded. Added {}{replaced}.", counted(self.added, "statement")));
        page.blank();
        if let Some(found) = &self.difference {
            difference::text(found, page);
        } else {
            footprint::figures(page, &self.after);
        }
        if let Some(problem) = &self.problem {
            page.blank();
            page.line(format!("Before, there is no figure: {problem}"));
        }
    }
}
