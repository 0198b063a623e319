//! The page in the place of a withdrawn footprint's own.

use pcf_ledger::model::{Date, FootprintId, Period, Text};

/// What the page says.
pub(super) struct Notice<'a> {
    pub name: &'a str,
    pub footprint: &'a FootprintId,
    pub period: Period,
    pub reason: &'a Text,
    pub on: Date,
    pub earlier: Option<&'a FootprintId>,
}

impl Notice<'_> {
    /// Returns the page.
    pub fn html(&self) -> String {
        let Self { footprint, period, on, .. } = self;
        let (name, reason) = (escaped(self.name), escaped(self.reason.as_str()));
        let earlier = self
            .earlier
            .map(|earlier| format!("<p>In force again: <a href=\"{earlier}.html\">{earlier}</a></p>\n"));
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
             <meta name=\"robots\" content=\"noindex\">\n<title>Withdrawn: {name}</title>\n</head>\n<body>\n\
             <h1>Withdrawn: {name}</h1>\n\
             <p>The footprint {footprint} of the period {period} was withdrawn on {on}. Its figures no longer count.</p>\n\
             <p>Reason: {reason}</p>\n{}<p><a href=\"index.html\">All footprints</a></p>\n</body>\n</html>\n",
            earlier.unwrap_or_default()
        )
    }
}

/// The text with the five characters that HTML reads as its own written as references.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            c => escaped.push(c),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_become_a_part_of_the_page() {
        let footprint = FootprintId::from_random([7; 16]);
        let notice = Notice {
            name: "<script>alert('1')</script>",
            footprint: &footprint,
            period: "2025".parse().unwrap(),
            reason: &"read \"twice\" & more".parse().unwrap(),
            on: "2026-06-01".parse().unwrap(),
            earlier: None,
        };
        let html = notice.html();
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("&quot;twice&quot; &amp; more"), "{html}");
    }
}
