//! What a person should look at before a footprint is published: the rules of the library on the products of a ledger, with the shipped
//! factors and the place of each statement.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use pcf_files::library::Library;
use pcf_ledger::admission::Said;
use pcf_ledger::calc::{Inventory, Request};
use pcf_ledger::ledger::Ledger;
use pcf_ledger::model::{
    ActorId, FootprintId, GwpSet, Period, ProductId, Statement, StatementId, StatementKind,
};
use pcf_ledger::pact;
use pcf_ledger::plausibility::{self, Asked, Checked, Finding, Offer, RULES, Severity};
use pcf_ledger::store::Reader;
use serde::Serialize;

use super::product;
use crate::DeskError;

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

/// A finding with the places of its statements.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct Found {
    /// The rule's name.
    pub rule: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// The product it is about.
    pub product: ProductId,
    /// The period that was looked at.
    pub period: Period,
    /// What was found.
    pub sentence: String,
    /// How to mend it.
    pub remedy: String,
    /// What to type, where one command does it or shows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The statements it is about, by place.
    pub statements: Vec<At>,
}

/// A statement and where it lies, for people.
#[derive(Debug, Clone, Serialize)]
#[non_exhaustive]
pub struct At {
    /// The statement.
    pub statement: StatementId,
    /// Where it lies.
    pub place: String,
}

impl CheckReport {
    /// True where something stops the calculation or should be looked at.
    pub fn weighs(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity != Severity::Note)
    }
}

/// Runs every rule on these products, by id or name, or on all where none is named; `command` says what to type against a finding.
///
/// # Errors
/// Those of [`product`]; [`DeskError::Ledger`].
pub fn check<S: Reader>(
    ledger: &Ledger<S>,
    products: &[String],
    (period, gwp): (Option<Period>, GwpSet),
    command: impl Fn(&Finding) -> Option<String>,
) -> Result<CheckReport, DeskError> {
    let inventory = ledger.inventory()?;
    let products = products.iter().map(|text| filed(ledger, text)).collect::<Result<BTreeSet<_>, _>>()?;
    let asked = Asked {
        products: (!products.is_empty()).then_some(products),
        period,
        gwp: Some(gwp),
        ..check_asked(ledger, &inventory)?
    };
    let checked = plausibility::check(&inventory, &asked);
    let count = |rule: &str| checked.findings.iter().filter(|finding| finding.rule == rule).count();
    let found = |finding: &Finding| Found::new(finding, command(finding), |id| place_of(ledger, id));
    Ok(CheckReport {
        looked: looked(&inventory, &checked),
        rules: RULES.iter().map(|(rule, asks)| Rule { rule, asks, found: count(rule) }).collect(),
        findings: checked.findings.iter().map(found).collect(),
    })
}

fn filed<S: Reader>(ledger: &Ledger<S>, text: &str) -> Result<ProductId, DeskError> {
    let id = product(ledger.book(), text)?;
    Ok(ledger.book().filed_under(&id).cloned().unwrap_or(id))
}

fn looked(inventory: &Inventory, checked: &Checked) -> Vec<Looked> {
    let one = |(product, requests): (&ProductId, &Vec<Request>)| Looked {
        product: product.clone(),
        name: inventory.products.get(product).map(|held| held.statement.name.to_string()).unwrap_or_default(),
        periods: requests.iter().map(|request| request.period).collect(),
    };
    checked.looked_at.iter().map(one).collect()
}

/// Gathers what the rules may know beside the inventory: the shipped factors, and which suppliers' footprints have a successor.
///
/// # Errors
/// [`DeskError::Ledger`]; [`DeskError::Exchange`] where the shipped library cannot be read.
pub fn check_asked<S: Reader>(ledger: &Ledger<S>, inventory: &Inventory) -> Result<Asked, DeskError> {
    let mut superseded: BTreeMap<FootprintId, FootprintId> = BTreeMap::new();
    for (id, held) in &inventory.bought {
        let known =
            ledger.book().entry(&held.id).is_some_and(|(_, e)| e.kind == StatementKind::SupplierFootprint);
        if !known {
            continue; // Not appended yet: its document is not in the ledger.
        }
        let Statement::SupplierFootprint(statement) = ledger.statement(&held.id)? else { continue };
        // A document that the inventory could read can be read again.
        let Ok((document, _)) = pact::read(statement.document.as_bytes()) else { continue };
        // Some documents name themselves, which is no newer version.
        let earlier = document.preceding_pf_ids.into_iter().filter(|old| old != id);
        superseded.extend(earlier.map(|old| (old, id.clone())));
    }
    Ok(Asked { offers: offers()?, superseded, ..Asked::default() })
}

/// The factors of the shipped library.
fn offers() -> Result<Vec<Offer>, DeskError> {
    let by: ActorId = "library".parse()?;
    let library = Library::shipped()?;
    let factors = library.rows().iter().filter_map(|row| row.to_factor(&by).ok());
    Ok(factors
        .map(|f| Offer { factor: f.factor, category: f.category, unit: f.unit, year: f.year })
        .collect())
}

/// Tells where a statement lies: `production / casting, 2024-01-01..2025-01-01, by acme, seal 5`.
pub fn place_of<S: Reader>(ledger: &Ledger<S>, id: &StatementId) -> String {
    let Some((_, entry)) = ledger.book().entry(id) else { return String::new() };
    let what = match ledger.said(id) {
        Ok(Said::Whole(Statement::Activity(a))) => {
            let site = a.site.as_ref().map(|site| format!(", {}", site.name)).unwrap_or_default();
            format!("{} / {}, {}{site}", a.stage, a.process, a.period)
        }
        Ok(Said::Kept(kept)) => format!("redacted {}", kept.facts.r#type),
        _ => entry.kind.to_string(),
    };
    format!("{what}, by {}, seal {}", entry.by, entry.index)
}

impl Found {
    /// A finding with the places of its statements, and what to type against it.
    pub fn new(finding: &Finding, command: Option<String>, place: impl Fn(&StatementId) -> String) -> Self {
        let mut statements: Vec<At> =
            finding.statements.iter().map(|id| At { statement: *id, place: place(id) }).collect();
        // By place, because ids differ from one ledger to the next.
        statements.sort_by(|a, b| a.place.cmp(&b.place).then(a.statement.cmp(&b.statement)));
        Self {
            rule: finding.rule,
            severity: finding.severity,
            product: finding.product.clone(),
            period: finding.period,
            sentence: finding.sentence.clone(),
            remedy: finding.remedy.clone(),
            command,
            statements,
        }
    }

    /// The same with the places of statements in place of their ids, for statements that nobody can look up yet.
    pub fn placed(mut self, places: &BTreeMap<String, String>) -> Self {
        // An import may have a million statements: the few ids that are named are looked for, and not each of those in each sentence.
        for at in ids_in(&self.sentence).into_iter().rev() {
            let Some(place) = self.sentence.get(at.clone()).and_then(|id| places.get(id)) else { continue };
            let word = "statement ";
            let named = self.sentence.get(..at.start).is_some_and(|before| before.ends_with(word));
            let start = if named { at.start - word.len() } else { at.start }; // OK because the word stands before it
            self.sentence.replace_range(start..at.end, place);
        }
        let coming = |command: &str| {
            ids_in(command).into_iter().any(|at| command.get(at).is_some_and(|id| places.contains_key(id)))
        };
        self.command = self.command.filter(|command| !coming(command));
        self
    }
}

/// Where ids of statements stand in a text.
fn ids_in(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for part in text.split(|c: char| !c.is_ascii_hexdigit()) {
        // Each part ends before one character, of as many bytes as it takes.
        let end = start + part.len(); // OK because it lies in the text
        if part.len() == 64 {
            found.push(start..end);
        }
        start = end + text.get(end..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8);
    }
    found
}
