//! The text of actors, of their enrolment, and of keys that were revoked.

use pcf_desk::actors::{Enrolled, Listed, Revoked, Shown};

use super::WithNext;
use crate::output::{Page, Report};

impl Report for Enrolled {
    fn text(&self, page: &mut Page) {
        let verb = if self.replaces.is_some() { "Changed" } else { "Enrolled" };
        page.line(format!("{verb} `{}` at index {}: statement {}", self.actor, self.index, self.statement));
    }
}

impl Report for Shown {
    fn text(&self, page: &mut Page) {
        let or = |list: &[String], none: &str| if list.is_empty() { none.into() } else { list.join(", ") };
        page.heading(&format!("{} ({})", self.name, self.actor));
        page.pairs(&[
            ("company ids", or(&self.company_ids, "none")),
            ("may sign", or(&self.types, "nothing")),
            ("of the stages", or(&self.stages, "none")),
            (
                "products",
                self.products.as_ref().map_or("every product that lets it".into(), |p| or(p, "none")),
            ),
            ("statement", self.statement.clone()),
        ]);
        page.blank();
        let rows: Vec<Vec<String>> = self
            .keys
            .iter()
            .map(|k| {
                vec![k.key.clone(), k.enrolled.to_string(), k.revoked.map_or("-".into(), |r| r.to_string())]
            })
            .collect();
        page.table(&["key", ">enrolled at", ">revoked from"], &rows);
    }
}

impl Report for Listed {
    fn text(&self, page: &mut Page) {
        if self.actors.is_empty() {
            page.line("No actor is enrolled yet.");
            return;
        }
        let rows: Vec<Vec<String>> = self
            .actors
            .iter()
            .map(|a| vec![a.actor.clone(), a.name.clone(), a.types.join(", "), a.stages.join(", ")])
            .collect();
        page.table(&["actor", "name", "may sign", "stages"], &rows);
    }
}

impl Report for WithNext<Revoked> {
    fn text(&self, page: &mut Page) {
        let (revoked, next) = (&self.report, &self.next);
        let (actor, key, from) = (&revoked.actor, &revoked.key, revoked.from);
        page.line(match revoked.index {
            Some(index) => format!(
                "Revoked the key {key} of `{actor}` at index {index}: it counts no more from index {from} on"
            ),
            None => {
                format!("Would revoke the key {key} of `{actor}` from index {from} on; nothing was appended")
            }
        });
        match revoked.fallen.len() {
            0 => page.line("Every statement that holds still holds."),
            1 => page.line("1 statement no longer holds:"),
            n => page.line(format!("{n} statements no longer hold:")),
        }
        let rows: Vec<Vec<String>> = revoked
            .fallen
            .iter()
            .map(|f| vec![f.index.to_string(), f.r#type.to_owned(), f.statement.to_string()])
            .collect();
        if !rows.is_empty() {
            page.table(&[">index", "type", "statement"], &rows);
        }
        if revoked.keys_left == 0 && !revoked.dry_run {
            page.line(format!(
                "`{actor}` has no key left; a new one, and the statements again that are true:"
            ));
            page.line(format!("  pcf key new {actor}-2.pem"));
            page.line(format!("  {next}"));
        }
    }
}
