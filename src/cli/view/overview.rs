//! The gate figures of every product, as text.

use pcf_desk::questions::{Overview, OverviewLine};

use crate::output::{Page, Report, bar};

impl Report for Overview {
    fn text(&self, page: &mut Page) {
        let size = |line: &OverviewLine| line.gate_kg_co2e.map(|kg| kg.quanta().unsigned_abs());
        let largest = self.products.iter().filter_map(size).max().unwrap_or_default();
        let row = |line: &OverviewLine| {
            let value = line.gate_kg_co2e.map_or_else(|| "none".to_owned(), |v| v.to_string());
            let bar = line.gate_kg_co2e.map_or_else(String::new, |v| bar(v.quanta(), largest));
            vec![line.name.clone(), line.product.to_string(), line.declared_unit.clone(), value, bar]
        };
        let rows: Vec<_> = self.products.iter().map(row).collect();
        page.table(&["product", "id", "per", ">kg CO2e to the gate", "~"], &rows);
        for line in self.products.iter().filter(|l| l.problem.is_some()) {
            page.blank();
            let problem = line.problem.as_deref().unwrap_or_default();
            problem.lines().for_each(|problem| page.sentence(format!("{}: {problem}", line.product)));
        }
    }
}
