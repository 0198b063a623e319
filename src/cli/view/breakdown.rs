//! A footprint by groups, and its network as a file, as text.

use pcf_desk::questions::Groups;
use pcf_ledger::calc::Group;

use crate::output::{Page, Report};

impl Report for Groups {
    fn text(&self, page: &mut Page) {
        page.heading(&format!("{}: {} kg CO2e by {}", self.product, self.kg_co2e, self.by.as_str()));
        page.blank();
        let row = |row: &Group| {
            let kg = [row.burdens, row.credits, row.kg].map(|kg| kg.to_string());
            let [burdens, credits, both] = kg;
            vec![row.name.clone(), burdens, credits, both]
        };
        let mut rows: Vec<Vec<String>> = self.breakdown.groups.iter().map(row).collect();
        if !self.breakdown.rounding.is_zero() {
            rows.push(vec![
                "rounding".to_owned(),
                String::new(),
                String::new(),
                self.breakdown.rounding.to_string(),
            ]);
        }
        rows.push(vec!["together".to_owned(), String::new(), String::new(), self.kg_co2e.to_string()]);
        page.table(&["", ">burdens", ">credits", ">kg CO2e"], &rows);
    }
}
