//! Two footprints beside each other: two publications, two periods of one product, or two products.

use std::collections::BTreeMap;

use pcf_ledger::calc::explain::{self, Difference, Side};
use pcf_ledger::calc::{self, Footprint, Inventory, Request};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Co2e, Period, ProductId, Stage};
use pcf_ledger::store::Reader;
use serde::Serialize;

use super::{Compared, named_footprint, product, publications};
use crate::words::declared_unit;
use crate::{AskError, DeskError, periods};

/// Two footprints beside each other.
#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub enum Comparison {
    /// Two publications of one product.
    Publications(Compared),
    /// Two periods of one product.
    Periods(PeriodsCompared),
    /// Two products.
    Products(ProductsCompared),
}

/// Two periods of one product and why they differ.
#[derive(Debug, Clone, Serialize)]
pub struct PeriodsCompared {
    /// The product.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// The periods.
    pub periods: [Period; 2],
    /// Why their headlines differ.
    pub difference: Difference,
}

/// Two products, flow by flow.
#[derive(Debug, Clone, Serialize)]
pub struct ProductsCompared {
    /// The products.
    pub products: [ProductSide; 2],
    /// The flows of both, the largest difference first.
    pub flows: Vec<FlowPair>,
}

/// One of two products.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductSide {
    /// Its id.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// Its period.
    pub period: Period,
    /// What its figure is per.
    pub declared_unit: String,
    /// Its figure.
    pub kg_co2e: Co2e,
}

/// A flow of either product, or of both.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlowPair {
    /// Its stage.
    pub stage: Stage,
    /// Its name.
    pub flow: String,
    /// What it makes of the first.
    pub first_kg_co2e: Co2e,
    /// What it makes of the second.
    pub second_kg_co2e: Co2e,
    /// The second less the first.
    pub difference_kg_co2e: Co2e,
}

/// Compares what two texts name: publications by their UUIDs or the starts of them, periods of
/// `of`, or products by id or name.
///
/// # Errors
/// [`AskError::NoProduct`] for two periods without a product; those of [`publications`] and
/// [`product`]; [`DeskError::Calc`] where one has no figure; those of `request`, which gives the
/// question of a period, or of the one in use.
pub fn compare<S: Reader, E: From<DeskError>>(
    ledger: &Ledger<S>,
    (first, second): (&str, &str),
    of: Option<&str>,
    request: impl Fn(Option<Period>) -> Result<Request, E>,
) -> Result<Comparison, E> {
    if let (Ok(before), Ok(after)) = (periods::read(first), periods::read(second)) {
        let of = of.ok_or_else(|| DeskError::from(AskError::NoProduct))?;
        let requests = [request(Some(before))?, request(Some(after))?];
        return Ok(Comparison::Periods(of_periods(ledger, of, &requests)?));
    }
    let products = [product(ledger.book(), first), product(ledger.book(), second)];
    match products {
        [Ok(first), Ok(second)] => {
            Ok(Comparison::Products(of_products(ledger, [first, second], &request(None)?)?))
        }
        [Err(unknown), _] | [_, Err(unknown)] => {
            // What is no product may be the start of a UUID.
            let published = [named_footprint(ledger, first), named_footprint(ledger, second)];
            let [Ok(first), Ok(second)] = published else { return Err(unknown.into()) };
            Ok(Comparison::Publications(publications(ledger, &first, &second)?))
        }
    }
}

fn of_periods<S: Reader>(
    ledger: &Ledger<S>,
    of: &str,
    [before, after]: &[Request; 2],
) -> Result<PeriodsCompared, DeskError> {
    let id = product(ledger.book(), of)?;
    let inventory = ledger.inventory_of(std::slice::from_ref(&id))?;
    let [old, new] = [before, after].map(|request| Side { inventory: &inventory, request });
    let difference = explain::difference(&id, old, new)?;
    Ok(PeriodsCompared {
        name: name(&inventory, &id),
        product: id,
        periods: [before.period, after.period],
        difference,
    })
}

fn name(inventory: &Inventory, id: &ProductId) -> String {
    let filed = inventory.aliases.get(id).unwrap_or(id);
    inventory.products.get(filed).map(|held| held.statement.name.to_string()).unwrap_or_default()
}

fn of_products<S: Reader>(
    ledger: &Ledger<S>,
    ids: [ProductId; 2],
    request: &Request,
) -> Result<ProductsCompared, DeskError> {
    let inventory = ledger.inventory_of(&ids)?;
    let [first, second] = ids;
    let footprints =
        [calc::footprint(&inventory, &first, request)?, calc::footprint(&inventory, &second, request)?];
    let mut pairs: BTreeMap<(Stage, String), [Co2e; 2]> = BTreeMap::new();
    for (at, footprint) in footprints.iter().enumerate() {
        for part in &footprint.contributions {
            let pair = pairs.entry((part.stage, part.name.to_string())).or_insert([Co2e::ZERO; 2]);
            if let Some(side) = pair.get_mut(at) {
                *side = side.plus(part.excluding_uptake)?;
            }
        }
    }
    let mut flows = Vec::with_capacity(pairs.len());
    for ((stage, flow), [first, second]) in pairs {
        let difference = second.minus(first)?;
        flows.push(FlowPair {
            stage,
            flow,
            first_kg_co2e: first,
            second_kg_co2e: second,
            difference_kg_co2e: difference,
        });
    }
    flows.sort_by_key(|pair| std::cmp::Reverse(pair.difference_kg_co2e.quanta().unsigned_abs()));
    let [one, other] = &footprints;
    let products = [side(&inventory, one, request), side(&inventory, other, request)];
    Ok(ProductsCompared { products, flows })
}

fn side(inventory: &Inventory, footprint: &Footprint, request: &Request) -> ProductSide {
    let stated = inventory.products.get(&footprint.product).map(|held| &held.statement);
    let set = footprint.figures.grave.as_ref().unwrap_or(&footprint.figures.gate);
    ProductSide {
        product: footprint.product.clone(),
        name: name(inventory, &footprint.product),
        period: request.period,
        declared_unit: stated.map(declared_unit).unwrap_or_default(),
        kg_co2e: set.excluding_uptake,
    }
}
