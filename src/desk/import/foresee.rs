//! What an import would change: what would be appended, the footprints before and after, and what the plausibility rules find in it. It judges
//! what is already signed and admitted by a copy of the book; it appends nothing.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use pcf_ledger::admission::{self, Book, Said};
use pcf_ledger::calc::{self, Inventory, Request};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{
    Activity, Co2e, Date, Figures, FlowSource, Period, ProductId, Served, Statement, StatementId, Text,
};
use pcf_ledger::plausibility::{self as rules, Asked, Checked, Finding};
use pcf_ledger::store::Reader;
use serde::Serialize;

use super::{Caused, Sourced};
use crate::DeskError;
use crate::plausibility::{Found, asked, by_place, place};
use crate::words::counted;

/// In ledgers of how many statements what an import causes is looked at: all of them are read.
pub(super) const LEDGER_MAX: usize = 20_000;

/// How many products' footprints are calculated before and after.
const COMPARED_MAX: usize = 200;

/// What follows from an import and is no fault of its files: other files may bring the rest, and a new figure is published anew.
const FOLLOWS: &[&str] =
    &["process-missing", "publication-behind", "output-days", "reading-beyond-output", "flow-coverage"];

/// What would come of an import.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Foreseen {
    /// The statements that would be appended.
    pub statements: Vec<Coming>,
    /// The footprints that would change.
    pub footprints: Vec<Change>,
    /// What the plausibility rules find that is new or about these files.
    pub findings: Vec<Found>,
    /// How many findings stood before and are not about these files.
    pub stood_before: usize,
    #[serde(skip)]
    weighs: bool,
}

/// A statement that would be appended.
#[derive(Debug, Serialize)]
pub struct Coming {
    /// Its file and row.
    pub place: String,
    /// What it says, in short.
    pub says: String,
    /// The statement whose place it takes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<StatementId>,
}

/// A footprint before and after, headline to the product's own boundary.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    /// The product.
    pub product: ProductId,
    /// Its name.
    pub name: String,
    /// The period.
    pub period: Period,
    /// The scenario, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scenario: Option<Text>,
    /// The declared unit.
    pub per: String,
    /// The figure as it is; none where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before_kg_co2e: Option<Co2e>,
    /// The figure with the import; none where there would be none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after_kg_co2e: Option<Co2e>,
}

/// Both inventories, and what the rules say of the products that the import touches.
struct Ahead<'a> {
    before: Inventory,
    after: Inventory,
    now: Checked,
    then: Checked,
    coming: HashMap<StatementId, &'a Sourced>,
}

/// Looks ahead: `book` is the ledger's with the submissions in it.
pub fn foresee<S: Reader>(
    ledger: &Ledger<S>,
    book: &Book,
    plan: &[(StatementId, Sourced)],
    today: Date,
) -> Result<Foreseen, DeskError> {
    let ahead = Ahead::of(ledger, book, plan, today)?;
    let (findings, weighs, stood_before) = ahead.findings(ledger);
    Ok(Foreseen {
        statements: plan.iter().map(|(_, sourced)| Coming::new(sourced)).collect(),
        footprints: changes(&ahead.before, &ahead.after, &ahead.now),
        weighs,
        findings,
        stood_before,
    })
}

/// What the statements cause: the findings alone.
pub fn caused<S: Reader>(
    ledger: &Ledger<S>,
    book: &Book,
    plan: &[(StatementId, Sourced)],
    today: Date,
) -> Result<Caused, DeskError> {
    if !plan.iter().any(|(_, sourced)| matters(&sourced.statement)) {
        return Ok(Caused::default());
    }
    let (findings, weighs, _) = Ahead::of(ledger, book, plan, today)?.findings(ledger);
    Ok(Caused::new(findings, weighs))
}

/// Statements of other types cause no finding.
const fn matters(statement: &Statement) -> bool {
    matches!(
        statement,
        Statement::Activity(_)
            | Statement::Factor(_)
            | Statement::Product(_)
            | Statement::SupplierFootprint(_)
            | Statement::Withdrawal(_)
    )
}

impl<'a> Ahead<'a> {
    fn of<S: Reader>(
        ledger: &Ledger<S>,
        book: &Book,
        plan: &'a [(StatementId, Sourced)],
        today: Date,
    ) -> Result<Self, DeskError> {
        let coming: HashMap<StatementId, &Sourced> =
            plan.iter().map(|(id, sourced)| (*id, sourced)).collect();
        let before = ledger.inventory()?;
        let after = admission::inventory(book, book.size(), |_, id| match coming.get(id) {
            Some(sourced) => Ok(Said::Whole(sourced.statement.clone())),
            None => ledger.said(id),
        });
        let after = after.map_err(|error| DeskError::AfterImport(Box::new(error)))?;
        let products = touched((&before, &after), plan);
        let all = asked(ledger, &after, today)?;
        let only = Asked { products: Some(products), ..all };
        let now = rules::check(&after, &only);
        let then = rules::check(&before, &only);
        Ok(Self { before, after, now, then, coming })
    }

    /// The findings that are new or about these statements, whether one of them is a fault of these
    /// statements, and how many stood before.
    fn findings<S: Reader>(&self, ledger: &Ledger<S>) -> (Vec<Found>, bool, usize) {
        let (findings, stood_before) = news(&self.now, &self.then, &self.coming);
        let places: BTreeMap<String, String> =
            self.coming.iter().map(|(id, sourced)| (id.to_string(), sourced.place.to_string())).collect();
        let found = |finding: &&Finding| {
            let at =
                |id: &StatementId| places.get(&id.to_string()).cloned().unwrap_or_else(|| place(ledger, id));
            let held = self.after.products.get(&finding.about.product);
            let name = held.map(|held| held.statement.name.to_string());
            Found::new(finding, at).placed(&places).named(name)
        };
        let weighs = findings.iter().any(|finding| finding.weighs() && !FOLLOWS.contains(&finding.rule));
        let mut found: Vec<Found> = findings.iter().map(found).collect();
        by_place(&mut found);
        (found, weighs, stood_before)
    }
}

/// The products that the import speaks of, by the ids they are filed under.
fn touched(
    (before, after): (&Inventory, &Inventory),
    plan: &[(StatementId, Sourced)],
) -> BTreeSet<ProductId> {
    let filed = |id: &ProductId| after.aliases.get(id).unwrap_or(id).clone();
    let mut products = BTreeSet::new();
    let (mut factors, mut footprints, mut withdrawn) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
    for (_, sourced) in plan {
        match &sourced.statement {
            Statement::Activity(activity) => products.extend(calc::concerned(after, activity)),
            Statement::Product(product) => products.extend(product.ids.first().map(filed)),
            Statement::Factor(factor) => drop(factors.insert(&factor.factor)),
            Statement::SupplierFootprint(held) => drop(footprints.insert(&held.footprint)),
            Statement::Withdrawal(withdrawal) => drop(withdrawn.insert(withdrawal.statement)),
            _ => {}
        }
    }
    for held in before.activities.iter().filter(|held| withdrawn.contains(&held.id)) {
        products.extend(calc::concerned(before, &held.statement));
    }
    let gone = before.factors.values().filter(|held| withdrawn.contains(&held.id));
    factors.extend(gone.map(|held| &held.statement.factor));
    let gone = before.bought.iter().filter(|(_, held)| withdrawn.contains(&held.id));
    footprints.extend(gone.map(|(id, _)| id));
    let of_sources = !factors.is_empty() || !footprints.is_empty();
    for held in after.activities.iter().filter(|_| of_sources) {
        let uses = held.statement.flows.iter().any(|flow| match &flow.source {
            FlowSource::Factor { factor, upstream } => {
                factors.contains(factor) || upstream.as_ref().is_some_and(|id| factors.contains(id))
            }
            FlowSource::Footprint(footprint) => footprints.contains(footprint),
            _ => false,
        });
        if uses {
            products.extend(calc::concerned(after, &held.statement));
        }
    }
    with_consumers(after, with_partners(after, products))
}

/// The products, and all that share a reading with one of them: what one made changes the parts of
/// the others.
fn with_partners(after: &Inventory, mut products: BTreeSet<ProductId>) -> BTreeSet<ProductId> {
    let shared = |activity: &Activity| activity.is_for_all() || activity.r#for.len() > 1;
    for held in after.activities.iter().filter(|held| shared(&held.statement)) {
        let of = calc::concerned(after, &held.statement);
        if !of.is_disjoint(&products) {
            products.extend(of);
        }
    }
    products
}

/// The products, and all that consume them, directly or through others.
fn with_consumers(after: &Inventory, mut products: BTreeSet<ProductId>) -> BTreeSet<ProductId> {
    let filed = |id: &ProductId| after.aliases.get(id).unwrap_or(id).clone();
    let mut consumers: BTreeMap<ProductId, BTreeSet<ProductId>> = BTreeMap::new();
    for held in &after.activities {
        for flow in &held.statement.flows {
            if let FlowSource::Product(input) = &flow.source {
                let of = calc::concerned(after, &held.statement);
                consumers.entry(filed(input)).or_default().extend(of);
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
            || finding.about.statements.iter().any(|id| coming.contains_key(id))
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
    pub(super) fn new(sourced: &Sourced) -> Self {
        let says = Self::of(&sourced.statement);
        Self { place: sourced.place.to_string(), says, replaces: sourced.statement.replaces().copied() }
    }

    /// What a statement says, in short.
    pub(crate) fn of(statement: &Statement) -> String {
        match statement {
            Statement::Activity(a) => {
                let outputs = a.outputs.iter().map(|o| format!("{} {} of {}", o.amount, o.unit, o.product));
                let served = a.r#for.iter().map(|served| match served {
                    Served::All => "read for all that the process made".to_owned(),
                    Served::Product(id) => format!("read for {id}"),
                });
                let of: Vec<String> = outputs.chain(served).collect();
                let flows = counted(a.flows.len(), "flow");
                format!("{} / {}, {}: {}, {flows}", a.stage, a.process, a.period, of.join(", "))
            }
            Statement::Product(p) => format!("product {}", p.name),
            Statement::Factor(f) => format!("factor {}", f.factor),
            Statement::SupplierFootprint(s) => format!("supplier's footprint {}", s.footprint),
            other => other.kind().to_string(),
        }
    }
}

impl Foreseen {
    /// Returns true where somebody has to do something about these files before they are appended.
    pub const fn weighs(&self) -> bool {
        self.weighs
    }
}
