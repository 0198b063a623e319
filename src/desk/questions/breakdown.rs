//! A footprint by groups with burdens and credits apart, and its network as a table.

use pcf_ledger::calc::{Breakdown, Grouping, Sankey};
use pcf_ledger::model::Co2e;
use serde::Serialize;

use super::Tracing;
use crate::DeskError;

/// A footprint by groups; they and the rounding add up to it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Groups {
    /// The product.
    pub product: String,
    /// Its footprint, per declared unit.
    pub kg_co2e: Co2e,
    /// What it is broken down by.
    pub by: Grouping,
    /// The groups.
    #[serde(flatten)]
    pub breakdown: Breakdown,
}

/// Breaks a footprint down to its `top` largest groups and the others as one.
///
/// # Errors
/// [`DeskError::Calc`] where there is no figure; [`DeskError::Value`] for sums beyond the exact range.
pub fn groups(tracing: &Tracing, by: Grouping, top: usize) -> Result<Groups, DeskError> {
    tracing.with(|trace| {
        Ok(Groups {
            product: trace.product().map(ToString::to_string).unwrap_or_default(),
            kg_co2e: trace.total(),
            by,
            breakdown: trace.by(by)?.largest(top)?,
        })
    })
}

/// Draws up the network behind a footprint with its `top` largest links.
///
/// # Errors
/// [`DeskError::Calc`] where there is no figure.
pub fn network(tracing: &Tracing, top: usize) -> Result<Sankey, DeskError> {
    tracing.with(|trace| Ok(trace.sankey(top)?))
}

/// The links of a network as a CSV table.
pub fn network_csv(network: &Sankey) -> String {
    let mut text = "source,target,kind,kg_co2e\r\n".to_owned();
    for link in &network.links {
        let kg = link.kg.to_string();
        let cells = [link.source.as_str(), &link.target, link.kind.as_str(), &kg].map(cell);
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
