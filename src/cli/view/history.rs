//! What was ever said about a product, as text.

use pcf_desk::questions::History;

use crate::output::{Page, Report};

impl Report for History {
    fn text(&self, page: &mut Page) {
        page.heading(&format!("{}: {}", self.product, self.name));
        for said in &self.statements {
            page.blank();
            page.line(format!("index {}  {} by {}", said.index, said.r#type, said.by));
            page.sentence(format!("  {}", said.what));
            page.sentence(match (&said.ended, &said.followed_by) {
                (Some(ended), _) => format!("  no longer holds: {ended}"),
                (None, Some(later)) => format!("  holds; superseded by {later}"),
                (None, None) => "  holds".to_owned(),
            });
            let time = said.claimed_time.map(|time| format!(" (signed {time}, as its seal claims)"));
            page.line(format!("  statement {}{}", said.statement, time.unwrap_or_default()));
        }
    }
}
