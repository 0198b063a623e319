//! Two footprints beside each other, as text.

use pcf_desk::questions::{Comparison, FlowPair, PeriodsCompared, ProductsCompared};
use pcf_ledger::model::Co2e;

use super::difference;
use crate::output::{Page, Report};

/// How many flows are printed as text; JSON has all.
const FLOWS_MAX: usize = 25;

impl Report for Comparison {
    fn text(&self, page: &mut Page) {
        match self {
            Self::Publications(compared) => compared.text(page),
            Self::Periods(compared) => periods(compared, page),
            Self::Products(compared) => products(compared, page),
        }
    }
}

fn periods(compared: &PeriodsCompared, page: &mut Page) {
    page.heading(&format!("{} ({})", compared.name, compared.product));
    let [before, after] = &compared.periods;
    page.line(format!("before: {before}\nafter:  {after}"));
    page.blank();
    difference::text(&compared.difference, page);
}

fn products(compared: &ProductsCompared, page: &mut Page) {
    let rows: Vec<Vec<String>> = compared
        .products
        .iter()
        .map(|side| {
            vec![
                side.name.clone(),
                side.period.to_string(),
                side.declared_unit.clone(),
                side.kg_co2e.to_string(),
            ]
        })
        .collect();
    page.table(&["product", "period", "per", ">kg CO2e"], &rows);
    page.blank();
    let signed = |kg: Co2e| if kg.quanta() > 0 { format!("+{kg}") } else { kg.to_string() };
    let row = |pair: &FlowPair| {
        let (first, second) = (pair.first_kg_co2e.to_string(), pair.second_kg_co2e.to_string());
        vec![pair.flow.clone(), pair.stage.to_string(), first, second, signed(pair.difference_kg_co2e)]
    };
    let rows: Vec<Vec<String>> = compared.flows.iter().take(FLOWS_MAX).map(row).collect();
    page.table(&["flow", "stage", ">first", ">second", ">difference"], &rows);
    if compared.flows.len() > FLOWS_MAX {
        page.line(format!("and {} more; --format json has all", compared.flows.len() - FLOWS_MAX));
    }
}
