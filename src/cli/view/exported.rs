//! The text of an exported workbook.

use pcf_desk::export::Exported;
use pcf_desk::words::counted;

use crate::output::{Page, Report};

impl Report for Exported {
    fn text(&self, page: &mut Page) {
        let held = self.statements.iter().filter(|(_, count)| *count > 0);
        let in_words = |(kind, count): &(&str, usize)| match *kind {
            "activity" if *count > 1 => format!("{count} activities"),
            kind => counted(*count, kind),
        };
        let held: Vec<String> = held.map(in_words).collect();
        let held = if held.is_empty() { "nothing".to_owned() } else { held.join(", ") };
        page.line(format!("wrote {}: {held} by `{}`", self.file.display(), self.by));
        if !self.left_out.is_empty() {
            page.line("Not in it, because no table says it in the same words:");
            self.left_out.iter().for_each(|says| page.paragraph("  ", "    ", says));
        }
    }
}
