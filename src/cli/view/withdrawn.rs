//! The text of a withdrawal.

use pcf_desk::withdraw::Withdrawn;

use crate::output::{Page, Report};

impl Report for Withdrawn {
    fn text(&self, page: &mut Page) {
        page.line(format!("Withdrew {} at index {}", self.withdrawn, self.index));
    }
}
