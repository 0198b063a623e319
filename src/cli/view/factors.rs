//! Factors of a ledger and of the library, as text.

use pcf_desk::questions::{FactorLine, FactorList, LibraryFactor};
use pcf_files::library::Search;

use crate::output::{Page, Report};

/// How many rows a person is shown.
const SHOWN_MAX: usize = 20;

impl Report for FactorList {
    fn text(&self, page: &mut Page) {
        if self.factors.is_empty() {
            page.line("No factor is in this ledger yet.");
            return;
        }
        let row = |f: &FactorLine| {
            let value = format!("{} per {}", f.values, f.unit);
            let place = f.geography.clone().unwrap_or_default();
            vec![f.factor.to_string(), f.name.clone(), value, place, f.year.clone(), f.licence.clone()]
        };
        let rows: Vec<Vec<String>> = self.factors.iter().map(row).collect();
        page.table(&["factor", "name", "value", "where", "year", "licence"], &rows);
    }
}

impl Report for LibraryFactor {
    fn text(&self, page: &mut Page) {
        let row = &self.row;
        page.heading(&row.id);
        let mut pairs = vec![
            ("name", row.name.clone()),
            ("value", format!("{} kg CO2e per {}", row.kgco2e_per_unit, row.unit)),
            ("where, when", format!("{}, {}", row.geography, row.year)),
            ("holds", row.boundary.clone()),
            ("GWP set", row.gwp_set.clone()),
            ("source", format!("{}, {}", row.source, row.source_url)),
            ("licence", row.licence.clone()),
            ("name with it", self.attribution.clone()),
            ("confidence", row.confidence.clone()),
            ("notes", row.notes.clone()),
        ];
        pairs.extend(self.scope.map(|scope| ("scope", scope.to_string())));
        pairs.extend(self.refused.clone().map(|why| ("refused", why)));
        page.pairs(&pairs);
    }
}

impl Report for Search<'_> {
    fn text(&self, page: &mut Page) {
        if self.rows.is_empty() {
            page.line("No factor of the library holds any of that. Other words find more: aluminium, steel, paper, plastic,");
            page.line("electricity, gas, diesel, HGV, waste, in English or Chinese; countries are codes such as CN and GB.");
            return;
        }
        if !self.whole {
            page.line("No factor of the library holds all of that. The nearest:");
            page.blank();
        }
        for (i, f) in self.rows.iter().take(SHOWN_MAX).enumerate() {
            if i > 0 {
                page.blank();
            }
            page.heading(&f.id);
            page.line(format!("  {}", f.name));
            page.line(format!("  {} kg CO2e per {}, {}, {}", f.kgco2e_per_unit, f.unit, f.geography, f.year));
            page.line(format!("  holds: {}", f.boundary));
            page.line(format!("  {}; {}; confidence {}", f.source, f.licence, f.confidence));
        }
        if self.rows.len() > SHOWN_MAX {
            let all = self.rows.len();
            page.blank();
            page.line(format!("{SHOWN_MAX} of {all} factors that hold this; more words, --country or --year leave fewer, --format json has all."));
        }
    }
}
