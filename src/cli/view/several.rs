//! The text of several publications, and of one that was only tried.

use pcf_desk::publish::{Asked, Foreseen, Several};
use pcf_desk::words::counted;

use crate::output::{Page, Report};

impl Report for Several {
    fn text(&self, page: &mut Page) {
        for published in &self.published {
            published.text(page);
            page.blank();
        }
        for foreseen in &self.foreseen {
            foreseen.text(page);
            page.blank();
        }
        for unchanged in &self.unchanged {
            page.line(format!("{}: unchanged, {} stands", unchanged.product, unchanged.footprint));
        }
        for stopped in &self.stopped {
            stopped.text(page);
            page.blank();
        }
        for failed in &self.failed {
            page.line(format!("{}: not published: {}", failed.product, failed.problem));
        }
        let done = counted(self.published.len(), "publication");
        let rest = self.stopped.len() + self.failed.len();
        let rest =
            if rest == 0 { String::new() } else { format!(", {} not published", counted(rest, "product")) };
        page.heading(&format!("{done}, {} unchanged{rest}", self.unchanged.len()));
    }
}

impl Report for Foreseen {
    fn text(&self, page: &mut Page) {
        page.heading(&format!("Would publish {}", self.product));
        let mut pairs = vec![("to the gate", format!("{} kg CO2e", self.gate_kg_co2e))];
        pairs.extend(self.grave_kg_co2e.map(|grave| ("to the grave", format!("{grave} kg CO2e"))));
        page.pairs(&pairs);
        page.sentence(&self.reveals);
        if let Some(stands) = &self.stands {
            page.line(format!("Published already, and in force, as {stands}"));
        }
        unmet(&self.gate, page);
    }
}

/// What the release check asks for and has not found.
pub fn unmet(gate: &[Asked], page: &mut Page) {
    for item in gate.iter().filter(|item| !item.met) {
        let weight = if item.required { "required" } else { "advised " };
        page.line(format!("{weight}  {}: {}", item.name, item.detail));
    }
}
