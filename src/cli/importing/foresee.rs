//! What an import would change: what would be appended, the footprints before and after, and what the plausibility rules find in it. It judges
//! what is already signed and admitted by a copy of the book; it appends nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use pcf_ledger::admission::{self, Book, Said};
use pcf_ledger::calc::{self, Inventory, Request};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{Co2e, Figures, FlowSource, Period, ProductId, Statement, StatementId, Text};
use pcf_ledger::plausibility::{self, Asked, Checked, Finding};
use pcf_ledger::store::Reader;
use serde::Serialize;

use super::Sourced;
use crate::context::Context;
use crate::error::CliError;
use crate::output::Page;
use crate::view::check;
use pcf_desk::questions::{Found, check_asked, place_of};

/// How many statements are listed; further ones are counted.
const LISTED_MAX: usize = 30;

/// How many products' footprints are calculated before and after.
const COMPARED_MAX: usize = 200;

/// What follows from an import and is no fault of its files: other files may bring the rest, and a new figure is published anew.
const FOLLOWS: &[&str] = &["process-missing", "publication-behind"];

/// What would come of an import.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Foreseen {
    statements: Vec<Coming>,
    footprints: Vec<Change>,
    findings: Vec<Found>,
    /// Findings that stood before and are not about these files.
    stood_before: usize,
    #[serde(skip)]
    weighs: bool,
}

/// A statement that would be appended.
#[derive(Debug, Serialize)]
struct Coming {
    place: String,
    says: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    replaces: Option<StatementId>,
}

/// A footprint before and after, headline to the product's own boundary.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Change {
    product: ProductId,
    name: String,
    period: Period,
    #[serde(skip_serializing_if = "Option::is_none")]
    scenario: Option<Text>,
    per: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    before_kg_co2e: Option<Co2e>,
    #[serde(skip_serializing_if = "Option::is_none")]
    after_kg_co2e: Option<Co2e>,
}

/// Looks ahead: `book` is the ledger's with the submissions in it.
pub fn foresee<S: Reader>(
    context: &Context,
    ledger: &Ledger<S>,
    book: &Book,
    plan: &[(StatementId, Sourced)],
) -> Result<Foreseen, CliError> {
    let coming: HashMap<StatementId, &Sourced> = plan.iter().map(|(id, sourced)| (*id, sourced)).collect();
    let before = ledger.inventory()?;
    let after = admission::inventory(book, |id| match coming.get(id) {
        Some(sourced) => Ok(Said::Whole(sourced.statement.clone())),
        None => ledger.said(id),
    });
    let after = after.map_err(|error| CliError::no(error).within("after this import"))?;
    let products = touched(&after, plan);
    let all = check_asked(ledger, &after)?;
    let only = Asked { products: Some(products), ..all };
    let now = plausibility::check(&after, &only);
    let then = plausibility::check(&before, &only);
    let (findings, stood_before) = news(&now, &then, &coming);
    let places: BTreeMap<String, String> =
        coming.iter().map(|(id, sourced)| (id.to_string(), sourced.place.to_string())).collect();
    let found = |finding: &&Finding| {
        let at =
            |id: &StatementId| places.get(&id.to_string()).cloned().unwrap_or_else(|| place_of(ledger, id));
        Found::new(finding, crate::hints::for_finding(finding, &context.dir), at).placed(&places)
    };
    Ok(Foreseen {
        statements: plan.iter().map(|(_, sourced)| Coming::new(sourced)).collect(),
        footprints: changes(&before, &after, &now),
        weighs: findings.iter().any(|finding| finding.weighs() && !FOLLOWS.contains(&finding.rule)),
        findings: findings.iter().map(found).collect(),
        stood_before,
    })
}

/// The products that the import speaks of, by the ids they are filed under.
fn touched(after: &Inventory, plan: &[(StatementId, Sourced)]) -> BTreeSet<ProductId> {
    let filed = |id: &ProductId| after.aliases.get(id).unwrap_or(id).clone();
    let mut products = BTreeSet::new();
    let mut factors = BTreeSet::new();
    for (_, sourced) in plan {
        match &sourced.statement {
            Statement::Activity(activity) => {
                products.extend(activity.outputs.iter().map(|o| filed(&o.product)))
            }
            Statement::Product(product) => products.extend(product.ids.first().map(filed)),
            Statement::Factor(factor) => drop(factors.insert(&factor.factor)),
            _ => {}
        }
    }
    for held in after.activities.iter().filter(|_| !factors.is_empty()) {
        let uses = held.statement.flows.iter().any(|flow| match &flow.source {
            FlowSource::Factor { factor, upstream } => {
                factors.contains(factor) || upstream.as_ref().is_some_and(|id| factors.contains(id))
            }
            _ => false,
        });
        if uses {
            products.extend(held.statement.outputs.iter().map(|o| filed(&o.product)));
        }
    }
    with_consumers(after, products)
}

/// The products, and all that consume them, directly or through others.
fn with_consumers(after: &Inventory, mut products: BTreeSet<ProductId>) -> BTreeSet<ProductId> {
    let filed = |id: &ProductId| after.aliases.get(id).unwrap_or(id).clone();
    let mut consumers: BTreeMap<ProductId, BTreeSet<ProductId>> = BTreeMap::new();
    for held in &after.activities {
        for flow in &held.statement.flows {
            if let FlowSource::Product(input) = &flow.source {
                let outputs = held.statement.outputs.iter().map(|output| filed(&output.product));
                consumers.entry(filed(input)).or_default().extend(outputs);
            }
        }
    }
    let mut open: Vec<ProductId> = products.iter().cloned().collect();
    while let Some(product) = open.pop() {
        for consumer in consumers.get(&product).into_iter().flatten() {
            if products.insert(consumer.clone()) {
                open.push(consumer.clone());
            }
        }
    }
    products
}

/// What was not found before, or is about the statements that would be appended; and how much stood before.
fn news<'f>(
    now: &'f Checked,
    then: &Checked,
    coming: &HashMap<StatementId, &Sourced>,
) -> (Vec<&'f Finding>, usize) {
    let old: BTreeSet<(&str, &str)> = then.findings.iter().map(|f| (f.rule, f.sentence.as_str())).collect();
    let (news, stood): (Vec<_>, Vec<_>) = now.findings.iter().partition(|finding| {
        !old.contains(&(finding.rule, finding.sentence.as_str()))
            || finding.statements.iter().any(|id| coming.contains_key(id))
    });
    (news, stood.len())
}

/// The footprints of the products that the import speaks of and of those that consume them.
fn changes(before: &Inventory, after: &Inventory, checked: &Checked) -> Vec<Change> {
    let mut changes = Vec::new();
    let asked = checked.looked_at.iter().flat_map(|(id, requests)| requests.iter().map(move |r| (id, r)));
    for (product, request) in asked.take(COMPARED_MAX) {
        let Some(held) = after.products.get(product) else { continue };
        let declared = held.statement.declared_unit;
        changes.push(Change {
            product: product.clone(),
            name: held.statement.name.to_string(),
            period: request.period,
            scenario: request.scenario.clone(),
            per: format!("{} {}", declared.amount, declared.unit),
            before_kg_co2e: headline(before, product, request),
            after_kg_co2e: headline(after, product, request),
        });
    }
    changes
}

fn headline(inventory: &Inventory, product: &ProductId, request: &Request) -> Option<Co2e> {
    let whole = |figures: Figures| figures.grave.unwrap_or(figures.gate).excluding_uptake;
    calc::footprint(inventory, product, request).ok().map(|footprint| whole(footprint.figures))
}

impl Coming {
    fn new(sourced: &Sourced) -> Self {
        let says = match &sourced.statement {
            Statement::Activity(a) => {
                let outputs: Vec<String> =
                    a.outputs.iter().map(|o| format!("{} {} of {}", o.amount, o.unit, o.product)).collect();
                let flows = super::counted(a.flows.len(), "flow");
                format!("{} / {}, {}: {}, {flows}", a.stage, a.process, a.period, outputs.join(", "))
            }
            Statement::Product(p) => format!("product {}", p.name),
            Statement::Factor(f) => format!("factor {}", f.factor),
            other => other.kind().to_string(),
        };
        Self { place: sourced.place.to_string(), says, replaces: sourced.statement.replaces().copied() }
    }
}

impl Foreseen {
    /// True where somebody has to do something about these files before they are appended.
    pub const fn weighs(&self) -> bool {
        self.weighs
    }

    /// Writes it as text.
    pub fn text(&self, page: &mut Page) {
        for coming in self.statements.iter().take(LISTED_MAX) {
            let instead = coming.replaces.map(|id| format!("; in place of {id}")).unwrap_or_default();
            page.paragraph("  ", "    ", &format!("{}  {}{instead}", coming.place, coming.says));
        }
        if self.statements.len() > LISTED_MAX {
            page.line(format!("  and {} more", self.statements.len() - LISTED_MAX));
        }
        if !self.footprints.is_empty() {
            page.blank();
            let kg = |kg: Option<Co2e>| kg.map_or_else(|| "none".to_owned(), |kg| kg.to_string());
            let row = |change: &Change| {
                let scenario = change.scenario.as_ref().map(|s| format!(", {s}")).unwrap_or_default();
                let name = format!("{}{scenario}", change.name);
                let (before, after) = (kg(change.before_kg_co2e), kg(change.after_kg_co2e));
                vec![name, change.period.to_string(), change.per.clone(), before, after]
            };
            let rows: Vec<Vec<String>> = self.footprints.iter().map(row).collect();
            page.table(&["product", "period", "per", ">kg CO2e before", ">kg CO2e after"], &rows);
        }
        check::findings(&self.findings, page);
        if self.stood_before > 0 {
            page.blank();
            page.line(format!(
                "{} about these products stood before; pcf check shows them.",
                super::counted(self.stood_before, "finding")
            ));
        }
    }
}
