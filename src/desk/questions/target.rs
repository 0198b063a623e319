//! The years of a site or product line against a base year, and a product's footprint in them.

use pcf_ledger::admission::Said;
use pcf_ledger::calc::explain::{self, Side, Split};
use pcf_ledger::calc::target::{self, Goal, GoalStatus, Target, TargetRequest, TargetYear};
use pcf_ledger::calc::{Inventory, Request};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{
    Annual, Co2e, Decimal, FactorId, GwpSet, Header, ProductId, Statement, StatementKind, Text, Year,
};
use pcf_ledger::store::Reader;
use serde::Serialize;

use super::product;
use crate::DeskError;

/// What is asked of a site or product line.
#[derive(Debug, Clone)]
pub struct TargetAsked {
    /// The site or product line, as its annual statements name it.
    pub subject: Text,
    /// The year that is compared with.
    pub base_year: Year,
    /// What is to be reached.
    pub goal: Option<Goal>,
    /// The society's own decrease in the goal's measure and years, in percent.
    pub benchmark: Option<Decimal>,
    /// Direct electricity factors of the ledger.
    pub electricity: Vec<FactorId>,
    /// A product, by id or name, whose footprint is told year by year.
    pub product: Option<String>,
    /// The set that gases are characterised with.
    pub gwp: GwpSet,
}

/// The years of a site or product line, and those of a product where it was asked for.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct TargetReport {
    /// The years of the subject.
    #[serde(flatten)]
    pub target: Target,
    /// The product's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductYears>,
}

/// A product's footprint in the years of a target.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct ProductYears {
    /// The product.
    pub product: ProductId,
    /// Its years.
    pub years: Vec<ProductYear>,
}

/// A product's footprint in one year and why it differs from the base year's, or why there is none.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct ProductYear {
    /// The year.
    pub year: Year,
    /// Its footprint per declared unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kg_co2e: Option<Co2e>,
    /// What amounts and yields changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_activity: Option<Co2e>,
    /// What factors and suppliers changed, with what roundings leave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_factors: Option<Co2e>,
    /// What inputs inside a loop changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by_inputs: Option<Co2e>,
    /// Why there is no figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

impl TargetReport {
    /// True where the goal was missed.
    pub fn is_missed(&self) -> bool {
        self.target.goal.as_ref().is_some_and(|goal| goal.status == GoalStatus::Missed)
    }
}

/// Compares the years of a site or product line with its base year.
///
/// # Errors
/// [`DeskError::UnknownFactor`]; [`DeskError::Target`]; those of [`product`]; [`DeskError::Ledger`].
pub fn target<S: Reader>(ledger: &Ledger<S>, asked: &TargetAsked) -> Result<TargetReport, DeskError> {
    let inventory = ledger.inventory()?;
    let unknown = |id: &FactorId| DeskError::UnknownFactor { factor: id.clone() };
    let factor = |id: &FactorId| inventory.factors.get(id).ok_or_else(|| unknown(id));
    let request = TargetRequest {
        subject: &asked.subject,
        base_year: asked.base_year,
        goal: asked.goal,
        benchmark: asked.benchmark,
        electricity: asked.electricity.iter().map(factor).collect::<Result<_, _>>()?,
        gwp: asked.gwp,
    };
    let annuals = annuals(ledger, &asked.subject)?;
    let target = target::target(&annuals, &inventory, &request)?;
    let product = match &asked.product {
        Some(text) => {
            let id = product(ledger.book(), text)?;
            Some(product_years(&inventory, id, &target, asked.gwp)?)
        }
        None => None,
    };
    Ok(TargetReport { target, product })
}

/// The annual statements that hold; one of this subject that was redacted is missed, and never
/// passed over.
fn annuals<S: Reader>(ledger: &Ledger<S>, subject: &Text) -> Result<Vec<Annual>, DeskError> {
    let book = ledger.book();
    let mut annuals = Vec::new();
    for (number, entry) in book.of_kind(StatementKind::Annual)? {
        if !book.holds_at(number)? {
            continue;
        }
        match ledger.said(&entry.id)? {
            Said::Whole(Statement::Annual(annual)) => annuals.push(annual),
            Said::Header(Header::Annual(annual)) if annual.subject == *subject => {
                ledger.statement_bytes(&entry.id)?;
            }
            Said::Whole(_) | Said::Header(_) => {}
        }
    }
    Ok(annuals)
}

fn product_years(
    inventory: &Inventory,
    product: ProductId,
    target: &Target,
    gwp: GwpSet,
) -> Result<ProductYears, DeskError> {
    let request = |year: Year| -> Result<Request, DeskError> {
        let period = year.to_string().parse()?;
        Ok(Request { period, boundary: None, scenario: None, batch: None, gwp })
    };
    let base = request(target.base_year)?;
    let mut years = Vec::new();
    for TargetYear { year, .. } in &target.years {
        let later = request(*year)?;
        let sides = [&base, &later].map(|request| Side { inventory, request });
        let [before, after] = sides;
        let line = match explain::difference(&product, before, after) {
            Ok(found) => {
                let Split { activity, factor, inputs, .. } = found.split;
                ProductYear {
                    year: *year,
                    kg_co2e: Some(found.after),
                    by_activity: Some(activity),
                    by_factors: Some(factor.plus(found.rounding)?),
                    by_inputs: Some(inputs),
                    problem: None,
                }
            }
            Err(errors) => ProductYear {
                year: *year,
                kg_co2e: None,
                by_activity: None,
                by_factors: None,
                by_inputs: None,
                problem: Some(errors.to_string()),
            },
        };
        years.push(line);
    }
    Ok(ProductYears { product, years })
}
