//! The text of a publication, or of what the gate stops it for.

use std::path::Path;

use pcf_desk::publish::{Published, Stopped};
use pcf_ledger::model::PublicationStatus;

use super::several::unmet;
use super::witnessed;
use crate::output::{Page, Report};

impl Report for Published {
    fn text(&self, page: &mut Page) {
        let published = if self.stood_already { "Published already:" } else { "Published" };
        page.heading(&format!("{published} {} as {} {}", self.product, self.status, self.footprint));
        if self.stood_already {
            page.line("The same figures and fields stand in the log; only the documents were made anew");
        }
        if self.status == PublicationStatus::Draft {
            page.line("DRAFT: marked so in every document; nobody stands by these figures yet");
        }
        let per = format!("kg CO2e per {}", self.declared_unit);
        let mut pairs = vec![("to the gate", format!("{} {per}", self.gate_kg_co2e))];
        pairs.extend(self.grave_kg_co2e.map(|grave| ("to the grave", format!("{grave} {per}"))));
        pairs.push(("figures digest", self.figures_digest.to_string()));
        pairs.push(("statement", self.statement.to_string()));
        pairs.push(("log index", self.index.to_string()));
        pairs.push(("verifier key", self.verifier_key.clone()));
        page.pairs(&pairs);
        for file in &self.files {
            page.line(format!("wrote {}", file.display()));
        }
        if let Some(partner) = &self.partner {
            page.line(format!("wrote {}, for partners and auditors alone", partner.display()));
        }
        // Files of earlier footprints, marked anew, may be among them.
        let is_pact = |name: &str| name.starts_with(self.footprint.as_str()) && name.ends_with(".json");
        let mut names = self.files.iter().filter_map(|file| file.file_name()?.to_str());
        if !names.any(is_pact) {
            page.line("no PACT file: what it needs is not stated; see the list below");
        }
        for earlier in &self.not_found {
            page.line(format!("no PACT file of {earlier} is there; the one that its receivers have says Active still. To write it anew:"));
            page.line(format!("  pcf prove {earlier} --pact {earlier}.json"));
        }
        for state in &self.states {
            page.line(format!("stated what held at log size {}: {}", state.size, state.root));
        }
        if let Some(witnesses) = &self.witnesses {
            witnessed::show(witnesses, page);
        }
        for item in self.gate.iter().filter(|item| !item.met) {
            let weight = if item.required { "required of a final" } else { "advised" };
            page.line(format!("{weight}: {}: {}", item.name, item.detail));
        }
        if let Some(proof) = self.files.first() {
            page.blank();
            page.line("Whoever receives the figure checks it with");
            page.line(format!("  pcf verify {} --key {}", shell(proof), self.verifier_key));
        }
    }
}

fn shell(path: &Path) -> String {
    let text = path.display().to_string();
    if text.contains(' ') { format!("'{text}'") } else { text }
}

impl Report for Stopped {
    fn text(&self, page: &mut Page) {
        page.heading(&format!("Not published: the gate stops {}", self.product));
        unmet(&self.gate, page);
        page.blank();
        page.line("With --draft it is published as a draft all the same.");
    }
}
