//! What needs attention before a footprint is published: the rules of the library on the
//! products of a ledger, with the shipped factors and the place of each statement.

use std::collections::{BTreeMap, BTreeSet};

use pcf_ledger::admission::Turn;
use pcf_ledger::calc::{Inventory, Request};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Date, GwpSet, Period, ProductId};
use pcf_ledger::plausibility::{Asked, Checked, RULES, Severity, Survey};
use pcf_ledger::store::Reader;
use serde::Serialize;

use super::product;
use crate::DeskError;
use crate::plausibility::{Found, asked, by_place, place};

/// What is asked of the products.
#[derive(Debug, Clone, Copy)]
pub struct CheckAsked {
    /// Only this period; absent: every one that has data.
    pub period: Option<Period>,
    /// The set that gases are characterised with.
    pub gwp: GwpSet,
    /// Days from this one on are still to come.
    pub today: Date,
    /// At most so many findings of each rule are listed, the first ones; absent: all.
    pub listed_max: Option<usize>,
}

/// What was looked at and found.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct CheckReport {
    /// The products with their periods.
    pub looked: Vec<Looked>,
    /// Every rule with the number of its findings.
    pub rules: Vec<Rule>,
    /// What was found and is listed: what stops first, then by product and rule.
    pub findings: Vec<Found>,
    /// How many findings there are of each severity, listed or not.
    #[serde(skip)]
    pub found: BTreeMap<Severity, usize>,
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
        self.found.keys().any(|severity| *severity != Severity::Note)
    }
}

/// Runs every rule on these products, by id or name, or on all where none is named.
///
/// # Errors
/// Those of [`product`]; [`DeskError::Ledger`].
pub fn check<S: Reader + Sync>(
    ledger: &Ledger<S>,
    products: &[String],
    of: CheckAsked,
) -> Result<CheckReport, DeskError> {
    let products = products.iter().map(|text| filed(ledger, text)).collect::<Result<BTreeSet<_>, _>>()?;
    let mut seen = Seen::default();
    if products.is_empty() {
        let look = |seen: &mut Seen, turn: Turn| seen.look(ledger, &turn.inventory, turn.products, of);
        for other in ledger.in_turns(ledger.size(), look)? {
            seen.survey.join(other.survey);
            seen.names.extend(other.names);
        }
    } else {
        let inventory = ledger.inventory_of(&products.iter().cloned().collect::<Vec<_>>())?;
        seen.look(ledger, &inventory, products, of)?;
    }
    let Seen { survey, names } = seen;
    Ok(report(ledger, survey.finish(), &names, of.listed_max))
}

/// What was gathered of the products that were looked at.
#[derive(Default)]
struct Seen {
    survey: Survey,
    names: BTreeMap<ProductId, String>,
}

impl Seen {
    fn look<S: Reader>(
        &mut self,
        ledger: &Ledger<S>,
        inventory: &Inventory,
        products: BTreeSet<ProductId>,
        of: CheckAsked,
    ) -> Result<(), DeskError> {
        let CheckAsked { period, gwp, today, .. } = of;
        let name = |id: &ProductId| {
            let held = inventory.products.get(id)?;
            Some((id.clone(), held.statement.name.to_string()))
        };
        self.names.extend(products.iter().filter_map(name));
        let known = asked(ledger, inventory, today)?;
        let wanted = Asked { products: Some(products), period, gwp: Some(gwp), ..known };
        self.survey.look(inventory, &wanted);
        Ok(())
    }
}

fn report<S: Reader>(
    ledger: &Ledger<S>,
    checked: Checked,
    names: &BTreeMap<ProductId, String>,
    listed_max: Option<usize>,
) -> CheckReport {
    let (mut by_rule, mut found): (BTreeMap<&str, usize>, BTreeMap<Severity, usize>) = Default::default();
    let mut listed = Vec::new();
    for finding in &checked.findings {
        let of_rule = by_rule.entry(finding.rule).or_default();
        if listed_max.is_none_or(|most| *of_rule < most) {
            let name = names.get(&finding.about.product).cloned();
            listed.push(Found::new(finding, |id| place(ledger, id)).named(name));
        }
        *of_rule += 1;
        *found.entry(finding.severity).or_default() += 1;
    }
    by_place(&mut listed);
    let count = |rule: &str| by_rule.get(rule).copied().unwrap_or_default();
    CheckReport {
        looked: looked(names, &checked),
        rules: RULES.iter().map(|(rule, asks)| Rule { rule, asks, found: count(rule) }).collect(),
        findings: listed,
        found,
    }
}

fn filed<S: Reader>(ledger: &Ledger<S>, text: &str) -> Result<ProductId, DeskError> {
    let id = product(ledger.book(), text)?;
    Ok(ledger.book().filed_under(&id)?.unwrap_or(id))
}

fn looked(names: &BTreeMap<ProductId, String>, checked: &Checked) -> Vec<Looked> {
    let one = |(product, requests): (&ProductId, &Vec<Request>)| Looked {
        product: product.clone(),
        name: names.get(product).cloned().unwrap_or_default(),
        periods: requests.iter().map(|request| request.period).collect(),
    };
    checked.looked_at.iter().map(one).collect()
}
