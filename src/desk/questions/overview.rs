//! The gate figures of every product at once.

use pcf_ledger::admission::Said;
use pcf_ledger::calc::{Activities, CalcErrors, Held, Inventory, Reading, Request};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Co2e, Figures, Header, Period, ProductId, Statement};
use pcf_ledger::store::Reader;
use serde::Serialize;

use super::footprint::size;
use crate::DeskError;
use crate::words::declared_unit;

/// The gate figures of every product.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Overview {
    /// The period.
    pub period: Period,
    /// The products, by id.
    pub products: Vec<OverviewLine>,
}

/// One product, with a figure or with what stops it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OverviewLine {
    /// Its id.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// What the figure is per.
    pub declared_unit: String,
    /// kg CO2e to the gate, excluding biogenic uptake.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gate_kg_co2e: Option<Co2e>,
    /// Why there is no figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

impl Overview {
    /// True where every product has a figure.
    pub fn is_whole(&self) -> bool {
        self.products.iter().all(|line| line.problem.is_none())
    }
}

/// Calculates every product of the ledger to the gate.
///
/// # Errors
/// [`LogSize`](super::LogQuestionError::LogSize); what stops a product stands in its line.
pub fn overview<S: Reader + Sync>(
    ledger: &Ledger<S>,
    request: &Request,
    as_of: Option<u64>,
) -> Result<Overview, DeskError> {
    let size = size(ledger, as_of)?;
    let inventory = ledger.inventory_but_activities(size)?;
    let (mut activities, mut reading) = (Activities::default(), Reading::new(&inventory, request));
    ledger.each_activity(size, |id, said| match said {
        Said::Whole(Statement::Activity(statement)) => {
            reading.activity(Held { id, statement }, &mut activities);
        }
        Said::Header(Header::Activity(statement)) => {
            reading.redacted(Held { id, statement }, &mut activities);
        }
        Said::Whole(_) | Said::Header(_) => {} // No activity.
    })?;
    let mut products = Vec::with_capacity(inventory.products.len());
    let gates = reading.products(&activities).solve();
    gates.each(|id, figures| products.push(line(&inventory, id, figures)));
    Ok(Overview { period: request.period, products })
}

fn line(inventory: &Inventory, product: &ProductId, result: Result<Figures, CalcErrors>) -> OverviewLine {
    let stated = inventory.products.get(product).map(|held| &held.statement);
    OverviewLine {
        name: stated.map(|product| product.name.to_string()).unwrap_or_default(),
        declared_unit: stated.map(declared_unit).unwrap_or_default(),
        gate_kg_co2e: result.as_ref().ok().map(|figures| figures.gate.excluding_uptake),
        problem: result.err().map(|errors| errors.to_string()),
        product: product.clone(),
    }
}
