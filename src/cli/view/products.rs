//! Products, as text.

use pcf_desk::questions::{ProductList, ProductReport};

use crate::output::{Page, Report};

impl Report for ProductReport {
    fn text(&self, page: &mut Page) {
        page.heading(&self.name);
        let mut pairs = vec![
            ("ids", self.ids.join(", ")),
            ("said by", self.by.clone()),
            ("footprint per", self.declared_unit.clone()),
            ("boundary", self.boundary.clone()),
        ];
        pairs.extend(self.description.clone().map(|d| ("description", d)));
        pairs.push(("statement", self.statement.clone()));
        page.pairs(&pairs);
        page.blank();
        let rows: Vec<Vec<String>> = self
            .processes
            .iter()
            .map(|p| vec![p.stage.clone(), p.process.clone(), p.signers.join(", ")])
            .collect();
        page.table(&["stage", "process", "may be signed by"], &rows);
    }
}

impl Report for ProductList {
    fn text(&self, page: &mut Page) {
        if self.products.is_empty() {
            page.line("No product is in this ledger yet.");
            return;
        }
        let rows: Vec<Vec<String>> = self
            .products
            .iter()
            .map(|p| vec![p.product.clone(), p.name.clone(), p.declared_unit.clone(), p.by.clone()])
            .collect();
        page.table(&["product", "name", "footprint per", "said by"], &rows);
    }
}
