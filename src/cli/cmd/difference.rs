//! Why two footprints differ, as `pcf footprint` prints it for `--difference` and `--what-if`. No verb of its own; it calculates nothing.

use pcf_ledger::calc::ContributionSource;
use pcf_ledger::calc::explain::{Difference, DifferenceLine, Split};
use pcf_ledger::model::{Boundary, Co2e};
use serde::Serialize;

use crate::output::Page;

/// How many lines are printed as text; JSON has all.
const LINES_MAX: usize = 25;

/// The difference of two footprints, in kg CO2e per declared unit. `activity + factors + inputs + rounding` is `difference`, exactly.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Explained {
    boundary: Boundary,
    before: Co2e,
    after: Co2e,
    difference: Co2e,
    by_activity: Co2e,
    by_factors: Co2e,
    by_inputs: Co2e,
    rounding: Co2e,
    flows: Vec<Flow>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Flow {
    stage: String,
    process: String,
    flow: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<Co2e>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after: Option<Co2e>,
    by_activity: Co2e,
    by_factors: Co2e,
    by_inputs: Co2e,
    sources_before: Vec<String>,
    sources_after: Vec<String>,
}

impl Explained {
    /// From what the library found.
    pub fn new(found: &Difference) -> Result<Self, crate::error::CliError> {
        let Split { activity, factor, inputs } = found.split;
        Ok(Self {
            boundary: found.boundary,
            before: found.before,
            after: found.after,
            difference: found.after.minus(found.before)?,
            by_activity: activity,
            by_factors: factor,
            by_inputs: inputs,
            rounding: found.rounding,
            flows: found.lines.iter().map(flow).collect(),
        })
    }

    /// The totals and the flows that changed most.
    pub fn text(&self, page: &mut Page) {
        page.table(
            &["kg CO2e per declared unit", ">value"],
            &[
                vec![format!("before, {}", self.boundary), self.before.to_string()],
                vec!["after".to_owned(), self.after.to_string()],
                vec!["difference".to_owned(), signed(self.difference)],
                vec!["  by activity (amounts, yields)".to_owned(), signed(self.by_activity)],
                vec!["  by factors and suppliers".to_owned(), signed(self.by_factors)],
                vec!["  by inputs inside a loop".to_owned(), signed(self.by_inputs)],
                vec!["  by rounding".to_owned(), signed(self.rounding)],
            ],
        );
        if self.flows.is_empty() {
            return;
        }
        page.blank();
        let mut headers = vec!["flow", "process", ">before", ">after", ">by activity", ">by factors"];
        let looped = self.flows.iter().any(|f| !f.by_inputs.is_zero());
        headers.extend(looped.then_some(">by inputs"));
        headers.push("source");
        let rows: Vec<_> = self.flows.iter().take(LINES_MAX).map(|f| row(f, looped)).collect();
        page.table(&headers, &rows);
        let more = self.flows.len().saturating_sub(LINES_MAX);
        if more > 0 {
            page.line(format!("and {more} smaller changes (--format json has all)"));
        }
    }
}

fn flow(line: &DifferenceLine) -> Flow {
    let sources = |list: &[ContributionSource]| list.iter().map(source).collect();
    let upstream = if line.upstream { " (upstream)" } else { "" };
    Flow {
        stage: line.stage.to_string(),
        process: line.process.to_string(),
        flow: format!("{}{upstream}", line.name),
        before: line.before,
        after: line.after,
        by_activity: line.split.activity,
        by_factors: line.split.factor,
        by_inputs: line.split.inputs,
        sources_before: sources(&line.sources_before),
        sources_after: sources(&line.sources_after),
    }
}

fn row(flow: &Flow, looped: bool) -> Vec<String> {
    let value = |kg: Option<Co2e>| kg.map_or_else(|| "none".to_owned(), |kg| kg.to_string());
    let mut row = vec![flow.flow.clone(), format!("{}: {}", flow.stage, flow.process)];
    row.extend([value(flow.before), value(flow.after), signed(flow.by_activity), signed(flow.by_factors)]);
    row.extend(looped.then(|| signed(flow.by_inputs)));
    let [before, after] = [&flow.sources_before, &flow.sources_after].map(|list| list.join(", "));
    row.push(match (before == after, before.is_empty(), after.is_empty()) {
        (true, ..) | (_, _, true) => before,
        (_, true, _) => after,
        _ => format!("{before} -> {after}"),
    });
    row
}

fn signed(kg: Co2e) -> String {
    if kg.quanta() > 0 { format!("+{kg}") } else { kg.to_string() }
}

fn source(source: &ContributionSource) -> String {
    match source {
        ContributionSource::Factor { factor, .. } => format!("factor {factor}"),
        ContributionSource::Product { product, .. } => format!("product {product}"),
        ContributionSource::Publication { footprint, .. } => format!("publication {footprint}"),
        ContributionSource::Footprint { footprint, .. } => format!("footprint {footprint}"),
        ContributionSource::Gas(gas) => format!("gas {gas}"),
        _ => "another source".to_owned(),
    }
}
