//! The text of a redaction.

use pcf_desk::redact::{Publication, Redacted};
use serde::Serialize;

use crate::output::{Page, Report};

/// A redaction, as it is shown before and after.
#[derive(Debug, Serialize)]
pub struct Shown {
    /// The redaction.
    #[serde(flatten)]
    pub redacted: Redacted,
    /// Whether its reader has seen before what depends on it.
    #[serde(skip)]
    pub before: bool,
}

impl Report for Shown {
    fn text(&self, page: &mut Page) {
        let Redacted { statement, r#type, by, .. } = &self.redacted;
        match (self.redacted.redaction, self.redacted.index) {
            (Some(redaction), Some(index)) => {
                page.line(format!(
                    "Redacted the {} {statement} of {by}, as {redaction} at index {index} says",
                    r#type
                ));
            }
            _ => page.line(format!("Not redacted yet: the {} {statement} of {by}", r#type)),
        }
        if self.before {
            return;
        }
        page.blank();
        let when = if self.redacted.redacted { "can no longer" } else { "could no longer" };
        if self.redacted.products.is_empty() && self.redacted.publications.is_empty() {
            page.line("No footprint that is calculated now, and none that was published, rests on it.");
        }
        for product in &self.redacted.products {
            page.line(format!(
                "{when} be calculated, where it is in scope: {} ({})",
                product.name, product.product
            ));
        }
        for publication in &self.redacted.publications {
            let Publication { footprint, status, product } = publication;
            page.line(format!(
                "{when} be calculated again: the {status} {footprint} of {product}; its proofs verify"
            ));
        }
        page.blank();
        for file in &self.redacted.copies.files {
            page.line(format!("still has what it says: {}", file.display()));
        }
        for file in &self.redacted.copies.unread {
            page.line(format!("could not be read, look yourself: {}", file.display()));
        }
        page.sentence(self.redacted.not_erased);
    }
}
