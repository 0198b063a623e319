//! What `trace` prints of a footprint beside its flows: groups with burdens and credits apart, and the network as a file. No verb of its own.

use std::path::Path;

use clap::ValueEnum;
use pcf_ledger::calc::{Grouping, Sankey, Trace};
use pcf_ledger::model::Co2e;
use serde::Serialize;

use crate::context::Context;
use crate::error::CliError;
use crate::output::{Page, Report};

/// What a footprint is broken down by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum By {
    /// Single flows
    Flow,
    /// Who states the process, or whose footprint was bought
    Supplier,
    /// The stage of the product through which it enters
    Stage,
    /// The unit process, of any product, whose own flow it is
    Process,
    /// The category of CO2e
    Category,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Groups {
    product: String,
    kg_co2e: Co2e,
    by: String,
    groups: Vec<Row>,
    rounding_kg_co2e: Co2e,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    name: String,
    burdens_kg_co2e: Co2e,
    credits_kg_co2e: Co2e,
    kg_co2e: Co2e,
}

/// Prints the `top` largest groups, the others as one.
///
/// # Errors
/// Figures beyond the exact range; standard output that cannot be written.
pub fn report(
    trace: &Trace<'_, '_>,
    grouping: Grouping,
    by: By,
    top: usize,
    context: &Context,
) -> Result<(), CliError> {
    let broken = trace.by(grouping)?;
    let mut groups: Vec<Row> = Vec::new();
    let (shown, left) = broken.groups.split_at(top.min(broken.groups.len()));
    for group in shown {
        groups.push(Row {
            name: group.name.clone(),
            burdens_kg_co2e: group.burdens,
            credits_kg_co2e: group.credits,
            kg_co2e: group.kg,
        });
    }
    if !left.is_empty() {
        groups.push(Row {
            name: format!("{} more", left.len()),
            burdens_kg_co2e: Co2e::total(left.iter().map(|g| g.burdens))?,
            credits_kg_co2e: Co2e::total(left.iter().map(|g| g.credits))?,
            kg_co2e: Co2e::total(left.iter().map(|g| g.kg))?,
        });
    }
    context.output.report(&Groups {
        product: trace.product().map(ToString::to_string).unwrap_or_default(),
        kg_co2e: trace.total(),
        by: by.to_possible_value().map(|v| v.get_name().to_owned()).unwrap_or_default(),
        groups,
        rounding_kg_co2e: broken.rounding,
    })
}

/// The line that makes printed figures add up, where there is something in it.
pub fn rounding(page: &mut Page, kg: Co2e) {
    if !kg.is_zero() {
        page.sentence(format!(
            "{kg} kg CO2e  rounding: every product's figure is rounded before others use it"
        ));
    }
}

impl Report for Groups {
    fn text(&self, page: &mut Page) {
        page.heading(&format!("{}: {} kg CO2e by {}", self.product, self.kg_co2e, self.by));
        page.blank();
        let row = |row: &Row| {
            let kg = [row.burdens_kg_co2e, row.credits_kg_co2e, row.kg_co2e].map(|kg| kg.to_string());
            let [burdens, credits, both] = kg;
            vec![row.name.clone(), burdens, credits, both]
        };
        let mut rows: Vec<Vec<String>> = self.groups.iter().map(row).collect();
        if !self.rounding_kg_co2e.is_zero() {
            rows.push(vec![
                "rounding".to_owned(),
                String::new(),
                String::new(),
                self.rounding_kg_co2e.to_string(),
            ]);
        }
        rows.push(vec!["together".to_owned(), String::new(), String::new(), self.kg_co2e.to_string()]);
        page.table(&["", ">burdens", ">credits", ">kg CO2e"], &rows);
    }
}

/// What was written.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    file: String,
    nodes: usize,
    links: usize,
}

impl Report for Written {
    fn text(&self, page: &mut Page) {
        page.line(format!("{}: {} nodes, {} links", self.file, self.nodes, self.links));
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Network {
    product: String,
    kg_co2e: Co2e,
    nodes: Vec<Node>,
    links: Vec<Link>,
    rounding_kg_co2e: Co2e,
}

#[derive(Serialize)]
struct Node {
    id: String,
    name: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Link {
    source: String,
    target: String,
    kind: &'static str,
    kg_co2e: Co2e,
}

/// Writes the network of the `top` largest links as JSON or CSV, by the file's name.
///
/// # Errors
/// Another ending than `.json` or `.csv`; a file that cannot be written.
pub fn write_sankey(
    trace: &Trace<'_, '_>,
    top: usize,
    file: &Path,
    context: &Context,
) -> Result<(), CliError> {
    let ending = file.extension().and_then(|e| e.to_str()).unwrap_or_default();
    if !matches!(ending, "json" | "csv") {
        let cause =
            format!("{}: expected a name that ends in .json or .csv, got `.{ending}`", file.display());
        return Err(CliError::usage(cause).hint("pcf trace --help"));
    }
    let network = network(trace.sankey(top)?);
    let text = if ending == "json" {
        let mut text = serde_json::to_string_pretty(&network).map_err(CliError::failed)?;
        text.push('\n');
        text
    } else {
        csv(&network)
    };
    std::fs::write(file, text).map_err(|e| CliError::failed(format!("{}: {e}", file.display())))?;
    context.output.report(&Written {
        file: file.display().to_string(),
        nodes: network.nodes.len(),
        links: network.links.len(),
    })
}

fn network(found: Sankey) -> Network {
    let kind = |kg: Co2e| if kg.quanta() < 0 { "credit" } else { "burden" };
    let link = |l: pcf_ledger::calc::SankeyLink| Link {
        source: l.source,
        target: l.target,
        kind: kind(l.kg),
        kg_co2e: l.kg,
    };
    Network {
        product: found.product,
        kg_co2e: found.total,
        nodes: found.nodes.into_iter().map(|n| Node { id: n.id, name: n.name }).collect(),
        links: found.links.into_iter().map(link).collect(),
        rounding_kg_co2e: found.rounding,
    }
}

fn csv(network: &Network) -> String {
    let mut text = "source,target,kind,kg_co2e\r\n".to_owned();
    for link in &network.links {
        let cells = [link.source.as_str(), &link.target, link.kind, &link.kg_co2e.to_string()].map(cell);
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// Quoted where RFC 4180 wants it.
fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}
