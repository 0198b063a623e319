//! What needs attention before a footprint is published: the rules of the library on the
//! products of a ledger, with the shipped
//! factors and the place of each statement.

use std::collections::BTreeSet;

use pcf_ledger::calc::{Inventory, Request};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Date, GwpSet, Period, ProductId};
use pcf_ledger::plausibility::{self, Asked, Checked, Finding, RULES, Severity};
use pcf_ledger::store::Reader;
use serde::Serialize;

use super::product;
use crate::DeskError;
use crate::plausibility::{Found, asked, place};

/// What was looked at and found.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct CheckReport {
    /// The products with their periods.
    pub looked: Vec<Looked>,
    /// Every rule with the number of its findings.
    pub rules: Vec<Rule>,
    /// What was found: what stops first, then by product and rule.
    pub findings: Vec<Found>,
}

/// A product that was looked at.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Looked {
    /// Its id.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// The periods that were looked at.
    pub periods: BTreeSet<Period>,
}

/// A rule with the number of its findings.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Rule {
    /// Its name.
    pub rule: &'static str,
    /// What it asks, with its threshold.
    pub asks: &'static str,
    /// How many findings it has.
    pub found: usize,
}

impl CheckReport {
    /// True where something stops the calculation or should be looked at.
    pub fn weighs(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity != Severity::Note)
    }
}

/// Runs every rule on these products, by id or name, or on all where none is named.
///
/// # Errors
/// Those of [`product`]; [`DeskError::Ledger`].
pub fn check<S: Reader>(
    ledger: &Ledger<S>,
    products: &[String],
    (period, gwp): (Option<Period>, GwpSet),
    today: Date,
) -> Result<CheckReport, DeskError> {
    let products = products.iter().map(|text| filed(ledger, text)).collect::<Result<BTreeSet<_>, _>>()?;
    let inventory = match products.is_empty() {
        true => ledger.inventory()?,
        false => ledger.inventory_of(&products.iter().cloned().collect::<Vec<_>>())?,
    };
    let wanted = Asked {
        products: (!products.is_empty()).then_some(products),
        period,
        gwp: Some(gwp),
        ..asked(ledger, &inventory, today)?
    };
    let checked = plausibility::check(&inventory, &wanted);
    let count = |rule: &str| checked.findings.iter().filter(|finding| finding.rule == rule).count();
    let found = |finding: &Finding| Found::new(finding, |id| place(ledger, id));
    Ok(CheckReport {
        looked: looked(&inventory, &checked),
        rules: RULES.iter().map(|(rule, asks)| Rule { rule, asks, found: count(rule) }).collect(),
        findings: checked.findings.iter().map(found).collect(),
    })
}

fn filed<S: Reader>(ledger: &Ledger<S>, text: &str) -> Result<ProductId, DeskError> {
    let id = product(ledger.book(), text)?;
    Ok(ledger.book().filed_under(&id)?.unwrap_or(id))
}

fn looked(inventory: &Inventory, checked: &Checked) -> Vec<Looked> {
    let one = |(product, requests): (&ProductId, &Vec<Request>)| Looked {
        product: product.clone(),
        name: inventory.products.get(product).map(|held| held.statement.name.to_string()).unwrap_or_default(),
        periods: requests.iter().map(|request| request.period).collect(),
    };
    checked.looked_at.iter().map(one).collect()
}
