//! One statement changed among many products: what lies downstream is calculated again, nothing else. The graph is acyclic; each product
//! takes up to five earlier ones of its own block of 10,000, and the first product of a block is the one that changes.

use std::collections::BTreeMap;
use std::time::Instant;

use pcf_ledger::calc::{Change, Held, Incremental, Inventory, Request};
use pcf_files::jsonl;
use pcf_ledger::model::{Amount, FlowSource, GwpSet, ProductId, Statement, StatementId};

use crate::process::{self, Numbers};
use crate::table::Line;
use crate::{Args, Fail};

/// Products that lie downstream of the one that changes, itself included.
const BLOCK: u64 = 10_000;
/// The budget.
const AT_MOST_MS: f64 = 10.0;
const CHANGES: u32 = 15;

pub fn run(args: &Args) -> Result<Vec<Line>, Fail> {
    let mut runs = Vec::new();
    for _ in 0..args.rounds {
        runs.push(process::run(&["incremental", &args.count.to_string()])?);
    }
    let of = |name: &str| {
        let mut all: Vec<f64> = runs.iter().map(|run| run[name]).collect();
        all.sort_by(f64::total_cmp);
        all[all.len() / 2]
    };
    let what = format!(
        "one statement changed among {} products, {} of them downstream",
        crate::table::short(args.count as f64),
        crate::table::short(of("calculated"))
    );
    Ok(vec![
        Line::at_most(&what, of("ms"), "ms", AT_MOST_MS).peak(of("peak_mb")),
        Line::plain(
            "the same products, every gate calculated and kept for the first time",
            of("first_s"),
            "s",
        ),
    ])
}

pub fn child(rest: &[&str]) -> Result<(), Fail> {
    process::print(measure(rest.first().ok_or("count")?.parse()?)?)
}

fn id(n: u64) -> Result<ProductId, Fail> {
    Ok(format!("urn:uuid:00000000-0000-4000-8000-{n:012}").parse()?)
}

fn statement_id(n: u64, kind: u8) -> StatementId {
    let mut bytes = [kind; 32];
    bytes[..8].copy_from_slice(&n.to_be_bytes());
    StatementId::from_bytes(bytes)
}

/// Median milliseconds of a change, products calculated by it, seconds of the first calculation.
pub fn measure(count: u64) -> Result<Numbers, Fail> {
    let by = "acme".parse()?;
    let one = |line: &str| -> Result<Statement, Fail> {
        Ok(jsonl::read_statements(line.as_bytes(), "bench", &by)?.remove(0).statement)
    };
    let product = one(
        r#"{"type":"product","ids":["urn:uuid:00000000-0000-4000-8000-000000000000"],"name":"p","boundary":"cradle-to-gate","declaredUnit":{"amount":"1","unit":"kg"},"processes":[{"name":"make","stage":"production","signers":["acme"]}]}"#,
    )?;
    let activity = one(
        r#"{"type":"activity","stage":"production","process":"make","period":{"start":"2025-01-01","end":"2026-01-01"},"outputs":[{"product":"urn:uuid:00000000-0000-4000-8000-000000000000","amount":"7","unit":"kg"}],"flows":[{"name":"fuel","kind":"emission","amount":"0.37","unit":"kg","gas":"CO2"},{"name":"part","kind":"material","amount":"1.1","unit":"kg","product":"urn:uuid:00000000-0000-4000-8000-000000000000"}]}"#,
    )?;
    let (Statement::Product(product), Statement::Activity(activity)) = (product, activity) else {
        return Err("the templates are a product and an activity".into());
    };
    let mut inventory = Inventory { products: BTreeMap::new(), ..Inventory::default() };
    for n in 0..count {
        let (mut product, mut activity) = (product.clone(), activity.clone());
        product.ids = vec![id(n)?];
        activity.outputs[0].product = id(n)?;
        let part = activity.flows.pop().ok_or("the second flow")?;
        let inside = n % BLOCK;
        for k in 0..5_u64.min(inside) {
            // The first is always an input, so that the whole block lies downstream of it.
            let input = if k == 0 { 0 } else { (inside * (k + 2) * 7919 + k) % inside };
            let mut flow = part.clone();
            flow.source = FlowSource::Product(id(n - inside + input)?);
            activity.flows.push(flow);
        }
        inventory.aliases.insert(id(n)?, id(n)?);
        inventory.products.insert(id(n)?, Held { id: statement_id(n, 1), statement: product });
        inventory.activities.push(Held { id: statement_id(n, 2), statement: activity });
    }
    let first = inventory.activities[0].clone();
    let request =
        Request { period: "2025".parse()?, boundary: None, scenario: None, batch: None, gwp: GwpSet::Ar6 };
    let start = Instant::now();
    let mut all = Incremental::new(inventory, request)?;
    let first_s = start.elapsed().as_secs_f64();
    let (mut times, mut calculated, mut live) = (Vec::new(), 0, first.id);
    for change in 1..=CHANGES {
        let mut next = Held { id: statement_id(u64::from(change), 3), statement: first.statement.clone() };
        if let Some(Amount::Given(quantity)) = &mut next.statement.flows[0].amount {
            quantity.amount = format!("0.{}", 400 + change).trim_end_matches('0').parse()?;
        }
        let changes = [Change::Ends(live), Change::Activity(next.clone())];
        live = next.id;
        let start = Instant::now();
        let done = all.apply(changes)?;
        times.push(start.elapsed().as_secs_f64() * 1000.0);
        calculated = done.calculated;
    }
    times.sort_by(f64::total_cmp);
    let calculated = f64::from(u32::try_from(calculated)?);
    let numbers = [("ms", times[times.len() / 2]), ("calculated", calculated), ("first_s", first_s)];
    Ok(numbers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}
