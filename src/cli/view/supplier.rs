//! The text of footprints that suppliers sent.

use pcf_desk::supplier::{Added, Held, Listed};

use crate::output::{Page, Report};

impl Report for Added {
    fn text(&self, page: &mut Page) {
        let place = match self.index {
            Some(index) => format!("Took in {} at index {index}", self.file.display()),
            None if self.already => format!("{} is in the ledger already", self.file.display()),
            None => format!("Would take in {}", self.file.display()),
        };
        page.heading(&place);
        page.pairs(&[
            ("product", self.product.clone()),
            ("supplier", self.company.clone()),
            ("as a source", format!("footprint:{}", self.footprint)),
            ("SHA-256", self.digest.clone()),
            ("statement", self.statement.clone().unwrap_or_default()),
        ]);
        for stale in &self.stale {
            page.line(format!(
                "stale: the flow `{}` of {} still names footprint:{} (statement {}); record it again with footprint:{} and --correct",
                stale.flow,
                stale.products.join(", "),
                stale.footprint,
                stale.statement,
                self.footprint
            ));
        }
    }
}

impl Report for Listed {
    fn text(&self, page: &mut Page) {
        if self.footprints.is_empty() {
            page.line("No supplier's footprint is in this ledger yet.");
            return;
        }
        let row = |f: &Held| {
            let followed =
                f.followed_by.as_ref().map_or_else(String::new, |later| format!("followed by {later}"));
            let flows = f.flows.to_string();
            let (id, company, product) = (f.footprint.clone(), f.company.clone(), f.product.clone());
            vec![id, company, product, f.kg_co2e.clone(), f.per.clone(), flows, followed]
        };
        let rows: Vec<Vec<String>> = self.footprints.iter().map(row).collect();
        page.table(&["footprint", "supplier", "product", ">kg CO2e", "per", ">flows", ""], &rows);
    }
}
