//! Where a footprint comes from, flow by flow, as text.

use pcf_desk::questions::{FlowTrace, TracedFlow};
use pcf_ledger::model::Co2e;

use crate::output::{Page, Report, bar};

impl Report for FlowTrace {
    fn text(&self, page: &mut Page) {
        page.heading(&format!("{}: {} kg CO2e to the gate", self.product, self.gate_kg_co2e));
        if let Some(grave) = self.grave_kg_co2e {
            page.line(format!("{grave} kg CO2e to the grave"));
        }
        overview(page, &self.flows);
        for flow in &self.flows {
            page.blank();
            page.heading(&format!(
                "{} kg CO2e  {} / {} / {}",
                flow.kg_co2e, flow.stage, flow.process, flow.flow
            ));
            if flow.product != self.product {
                page.sentence(format!(
                    "  in {}, of which {} declared units are needed",
                    flow.product, flow.units_needed
                ));
            }
            page.sentence(format!(
                "  {} over {} declared units, share {}",
                flow.amount, flow.declared_units, flow.share
            ));
            page.sentence(format!("  {} kg CO2e per {}: {}", flow.source_kg_co2e, flow.per, flow.source));
            let time = flow.claimed_time.map(|t| t.to_string()).unwrap_or_default();
            page.sentence(format!(
                "  signed by {} in seal {} (claimed {time})",
                flow.signed_by, flow.seal_index
            ));
            page.line(format!("  statement {}", flow.activity));
            if let Some(statement) = flow.source_statement {
                page.line(format!("  source statement {statement}"));
            }
        }
        page.blank();
        if self.rest_flows > 0 {
            page.line(format!("{} kg CO2e  {} more flows", self.rest_kg_co2e, self.rest_flows));
        }
        rounding(page, self.rounding_kg_co2e);
        page.line(format!("{} kg CO2e  together", self.kg_co2e));
        page.sentence(format!(
            "Burdens {} kg CO2e, credits {} kg CO2e.",
            self.burdens_kg_co2e, self.credits_kg_co2e
        ));
    }
}

/// The flows under each other, before each is told in full.
fn overview(page: &mut Page, flows: &[TracedFlow]) {
    let largest = flows.iter().map(|flow| flow.kg_co2e.quanta().unsigned_abs()).max().unwrap_or_default();
    let row = |flow: &TracedFlow| {
        let place = format!("{} / {}", flow.stage, flow.process);
        vec![flow.flow.clone(), place, flow.kg_co2e.to_string(), bar(flow.kg_co2e.quanta(), largest)]
    };
    let rows: Vec<Vec<String>> = flows.iter().map(row).collect();
    page.blank();
    page.table(&["flow", "stage / process", ">kg CO2e", "~"], &rows);
}

/// The line that makes printed figures add up, where there is something in it.
fn rounding(page: &mut Page, kg: Co2e) {
    if !kg.is_zero() {
        page.sentence(format!(
            "{kg} kg CO2e  rounding: every product's figure is rounded before others use it"
        ));
    }
}
