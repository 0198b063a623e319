//! Findings of products that are looked at together or in turns. What comes of it does not depend
//! on how the products were divided. Runs the rules and puts their findings in order; judges
//! nothing itself.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::factors::Factors;
use super::view::{self, View};
use super::{Asked, Checked, Finding, RULES, Severity, calculation, rules};
use crate::calc::{Choices, Inventory, Request};
use crate::model::ProductId;

/// Findings of some products of a ledger, to which those of others can be added.
#[derive(Debug, Default)]
pub struct Survey {
    looked_at: BTreeMap<ProductId, Vec<Request>>,
    parts: Vec<Part>,
}

/// Products by what is asked of them, in the order in which that is asked first.
pub(super) type Groups<'a> = Vec<(&'a Request, BTreeSet<&'a ProductId>)>;

/// Which rules found something. Of two equal findings the one of the earlier step stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Statements,
    Calculation,
    Publications,
}

/// What one step found in one product.
#[derive(Debug)]
struct Part {
    step: Step,
    product: ProductId,
    /// What was asked, by place in the list of the product.
    request: usize,
    findings: Vec<Finding>,
}

impl Survey {
    /// Runs every rule on every product and period that is asked for. The inventory holds all that
    /// these products can depend on.
    pub fn look(&mut self, inventory: &Inventory, asked: &Asked) {
        let looked_at = looked_at(inventory, asked);
        let groups = groups(&looked_at);
        let factors = Factors::new(inventory, asked);
        let ever = view::whole_span(inventory);
        let spans: Vec<Option<Request>> =
            groups.iter().map(|(request, _)| Some(Request { period: ever?, ..(*request).clone() })).collect();
        let mut of_span: HashMap<&Request, Choices<'_>> = HashMap::new();
        for ((request, products), span) in groups.iter().zip(&spans) {
            let mut now = Choices::new(inventory, request);
            let mut all = span
                .as_ref()
                .map(|span| of_span.entry(span).or_insert_with(|| Choices::new(inventory, span)));
            for id in products {
                let Some((id, held)) = inventory.products.get_key_value(*id) else { continue };
                let chosen = (now.of(id), all.as_mut().map(|all| all.of(id)).unwrap_or_default());
                let view = View::new((inventory, asked, &factors), (id, &held.statement), request, chosen);
                let mut findings = Vec::new();
                rules(&view, &mut findings);
                self.add(Step::Statements, id, place(&looked_at, id, request), findings);
            }
        }
        drop(of_span);
        for (request, products) in &groups {
            for (id, findings) in calculation::look(inventory, request, products) {
                self.add(Step::Calculation, &id, place(&looked_at, &id, request), findings);
            }
        }
        for (id, finding) in calculation::publications(inventory, asked, &looked_at) {
            self.add(Step::Publications, &id, 0, vec![finding]);
        }
        self.looked_at.extend(looked_at);
    }

    fn add(&mut self, step: Step, product: &ProductId, request: usize, mut findings: Vec<Finding>) {
        if !findings.is_empty() {
            findings.shrink_to_fit();
            self.parts.push(Part { step, product: product.clone(), request, findings });
        }
    }

    /// Adds what was found in other products.
    pub fn join(&mut self, other: Self) {
        self.looked_at.extend(other.looked_at);
        self.parts.extend(other.parts);
    }

    /// Everything that was found, each finding once.
    pub fn finish(self) -> Checked {
        let Self { looked_at, mut parts } = self;
        let mut ranks: HashMap<&Request, usize> = HashMap::new();
        for request in looked_at.values().flatten() {
            let next = ranks.len();
            ranks.entry(request).or_insert(next);
        }
        let rank = |part: &Part| {
            let request = looked_at.get(&part.product).and_then(|requests| requests.get(part.request));
            request.and_then(|request| ranks.get(request)).copied()
        };
        parts.sort_by(|a, b| {
            (a.step, rank(a)).cmp(&(b.step, rank(b))).then_with(|| a.product.cmp(&b.product))
        });
        let findings = parts.into_iter().flat_map(|part| part.findings).collect();
        drop(ranks);
        Checked { looked_at, findings: sorted(once(findings)) }
    }
}

/// What is asked of each product: every period, and each scenario in it.
fn looked_at(inventory: &Inventory, asked: &Asked) -> BTreeMap<ProductId, Vec<Request>> {
    let said = view::said(inventory);
    let mut looked_at = BTreeMap::new();
    for id in inventory.products.keys() {
        if asked.products.as_ref().is_some_and(|only| !only.contains(id)) {
            continue;
        }
        let said = said.get(id).map(Vec::as_slice).unwrap_or_default();
        let periods = match asked.period {
            Some(period) => BTreeSet::from([period]),
            None => view::periods(said),
        };
        let requests = match &asked.request {
            Some(request) => vec![request.clone()],
            None => periods.iter().flat_map(|period| view::requests(said, *period, asked.gwp)).collect(),
        };
        looked_at.insert(id.clone(), requests);
    }
    looked_at
}

fn place(looked_at: &BTreeMap<ProductId, Vec<Request>>, id: &ProductId, request: &Request) -> usize {
    let of = looked_at.get(id).and_then(|requests| requests.iter().position(|known| known == request));
    of.unwrap_or_default()
}

fn groups(looked_at: &BTreeMap<ProductId, Vec<Request>>) -> Groups<'_> {
    grouped(looked_at.iter().flat_map(|(id, requests)| requests.iter().map(move |request| (request, id))))
}

/// Products by what is asked of them.
pub(super) fn grouped<'a>(asked: impl Iterator<Item = (&'a Request, &'a ProductId)>) -> Groups<'a> {
    let (mut groups, mut places) = (Groups::new(), HashMap::new());
    for (request, id) in asked {
        let place = *places.entry(request).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, products)) => drop(products.insert(id)),
            None => groups.push((request, BTreeSet::from([id]))),
        }
    }
    groups
}

/// The first of those that say the same of the same statements.
fn once(mut findings: Vec<Finding>) -> Vec<Finding> {
    let mut seen = HashSet::with_capacity(findings.len());
    let said = findings.iter().map(|f| (f.rule, f.sentence.as_str(), f.about.statements.as_slice()));
    let first: Vec<bool> = said.map(|said| seen.insert(said)).collect();
    let mut first = first.into_iter();
    findings.retain(|_| first.next().unwrap_or_default());
    findings
}

/// What stops first, then by rule, product, period and sentence.
fn sorted(findings: Vec<Finding>) -> Vec<Finding> {
    let places: HashMap<&str, usize> = RULES.iter().enumerate().map(|(at, (rule, _))| (*rule, at)).collect();
    let key = |f: &Finding| -> (Severity, Option<usize>) { (f.severity, places.get(f.rule).copied()) };
    let mut keyed: Vec<_> = findings.into_iter().map(|finding| (key(&finding), finding)).collect();
    keyed.sort_by(|(a_key, a), (b_key, b)| {
        a_key.cmp(b_key).then_with(|| {
            let (one, other) = (&a.about, &b.about);
            (&one.product, one.period, &a.sentence).cmp(&(&other.product, other.period, &b.sentence))
        })
    });
    keyed.into_iter().map(|(_, finding)| finding).collect()
}
