//! How uncertain a footprint is, as text.

use pcf_desk::questions::{Drawn, SpreadReport};
use pcf_ledger::calc::uncertainty::{Cause, FirstOrder};

use crate::output::Page;

/// Writes what was asked about the uncertainty; nothing where nothing was.
pub fn text(report: &SpreadReport, page: &mut Page) {
    if report.not_known {
        page.blank();
        page.line("Uncertainty: not known. No flow and no factor states any.");
        return;
    }
    if let Some(found) = &report.uncertainty {
        first_order(found, page);
    }
    if let Some(found) = &report.monte_carlo {
        drawn(found, page);
    }
}

fn first_order(found: &FirstOrder, page: &mut Page) {
    page.blank();
    page.heading("uncertainty, to first order");
    let mut pairs = Vec::new();
    pairs.extend(found.gsd2.map(|gsd2| ("squared geometric standard deviation", gsd2.to_string())));
    if let Some((low, high)) = found.interval {
        pairs.push(("95 % of the distribution", format!("{low} to {high} kg CO2e")));
    }
    pairs.extend(found.standard_deviation.map(|kg| ("standard deviation", format!("{kg} kg CO2e"))));
    let stated = format!("{} % of the contributions", found.amounts_stated_percent);
    pairs.push(("amounts with a stated uncertainty", stated));
    let stated = format!("{} % of the contributions", found.factors_stated_percent);
    pairs.push(("factors with a stated uncertainty", stated));
    page.pairs(&pairs);
    page.sentence("What states no uncertainty counts as exact.");
    if found.causes.is_empty() {
        return;
    }
    page.blank();
    let row = |c: &Cause| {
        let (percent, gsd2, kg) = (format!("{} %", c.percent), c.gsd2.to_string(), c.kg.to_string());
        vec![c.name.clone(), c.kind().to_owned(), gsd2, kg, percent]
    };
    let rows: Vec<_> = found.causes.iter().map(row).collect();
    page.table(&["what makes the variance", "", ">GSD2", ">kg CO2e that hang on it", ">part"], &rows);
}

fn drawn(drawn: &Drawn, page: &mut Page) {
    let spread = &drawn.spread;
    page.blank();
    page.heading(&format!("Monte Carlo, {} draws with seed {}", drawn.iterations, drawn.seed));
    let mut pairs = vec![
        ("2.5 % lie below", format!("{} kg CO2e", spread.low)),
        ("50 % lie below", format!("{} kg CO2e", spread.median)),
        ("97.5 % lie below", format!("{} kg CO2e", spread.high)),
        ("mean", format!("{} kg CO2e", spread.mean)),
    ];
    pairs.extend(spread.gsd.map(|gsd| ("geometric standard deviation", gsd.to_string())));
    page.pairs(&pairs);
    if let Some(against) = &drawn.against {
        page.line(format!(
            "Below {} (median {} kg CO2e) in {} % of the draws.",
            against.product, against.median_kg_co2e, against.below_percent
        ));
    }
}
