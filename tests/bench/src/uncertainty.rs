//! Monte Carlo over all of 20,000 products with 280,000 flows, without a loop and with one of 16,184, and the contributions of one product among many.
//! The inventories are made from a fixed seed. Wall time: the draws run on two threads.

use std::num::NonZeroUsize;
use std::time::Instant;

use pcf_desk::sampling::monte_carlo;
use pcf_ledger::calc::uncertainty::Plan;
use pcf_ledger::calc::{Chain, Held, Inventory, Request};
use pcf_ledger::model::{Activity, Factor, GwpSet, Product, ProductId, StatementId};
use serde_json::{Value, json};

use crate::table::Line;
use crate::{Args, Fail};

/// Products of the graph, those in its loop, and flows of each.
const PRODUCTS: usize = 20_000;
const LOOP_MEMBERS: usize = 16_184;
const FLOWS: usize = 14;

const FACTORS: usize = 200;

/// Products among which one is traced, at five flows each.
const TRACED: usize = 1_000_000;

/// Draws all of the products, and traces one.
pub fn run(args: &Args) -> Result<Vec<Line>, Fail> {
    let mut lines = Vec::new();
    for (name, members, budget) in [("acyclic", 0, Some(30.0)), ("loop of 16,184", LOOP_MEMBERS, None)] {
        let inventory = inventory(PRODUCTS, FLOWS, members)?;
        let request = request()?;
        let begun = Instant::now();
        let chain = Chain::all(&inventory, &request)?;
        let made = begun.elapsed().as_secs_f64();
        let count = chain.products().count();
        if count != PRODUCTS {
            return Err(format!("{count} of {PRODUCTS} products have a footprint").into());
        }
        let what = format!("Monte Carlo, 1,000 draws of 20,000 products, 280,000 flows, {name}, 2 threads");
        lines.push(Line::plain(&format!("{what}: calculating and compiling before"), made, "s"));
        let threads = NonZeroUsize::new(2).ok_or("no threads")?;
        let plan = Plan { iterations: 1_000, seed: 1 };
        let begun = Instant::now();
        let draws = monte_carlo(&chain, &plan, threads)?;
        for product in chain.products() {
            std::hint::black_box(draws.spread(product)?);
        }
        let seconds = begun.elapsed().as_secs_f64();
        lines.push(match budget {
            Some(budget) => Line::at_most(&what, seconds, "s", budget),
            None => Line::plain(&what, seconds, "s"),
        });
    }
    lines.extend(traced(args.rounds)?);
    Ok(lines)
}

/// The largest 25 flows of single products, from the compiled chain.
fn traced(rounds: u64) -> Result<Vec<Line>, Fail> {
    let inventory = inventory(TRACED, 5, 0)?;
    let request = request()?;
    let begun = Instant::now();
    let chain = Chain::all(&inventory, &request)?;
    let made = begun.elapsed().as_secs_f64();
    let mut times = Vec::new();
    for round in 0..rounds.max(5) as usize {
        let product = id(TRACED - 1 - round)?;
        let begun = Instant::now();
        let top = std::hint::black_box(chain.trace(&product)?.top(25)?);
        times.push(begun.elapsed().as_secs_f64());
        eprintln!("{} flows behind {product}", top.rest_count + top.flows.len());
    }
    times.sort_by(f64::total_cmp);
    let what = "contributions of one product among 1,000,000, top 25";
    Ok(vec![
        Line::plain(&format!("{what}: calculating and compiling before"), made, "s"),
        Line::at_most(what, 1000.0 * times[times.len() / 2], "ms", 50.0),
    ])
}

fn request() -> Result<Request, Fail> {
    Ok(Request { period: "2025".parse()?, boundary: None, scenario: None, batch: None, gwp: GwpSet::Ar6 })
}

fn id(product: usize) -> Result<ProductId, Fail> {
    Ok(format!("urn:pact:b.example:product-id:{product:07}").parse()?)
}

fn statement_id(n: usize) -> StatementId {
    let mut bytes = [7; 32];
    bytes[24..].copy_from_slice(&(n as u64).to_be_bytes());
    StatementId::from_bytes(bytes)
}

/// Products that each take three flows in five from earlier products and the rest from factors; the first `members` take from one
/// another, about a third of a piece in all, so that they consume each other.
fn inventory(products: usize, flows: usize, members: usize) -> Result<Inventory, Fail> {
    let mut random = Random(42);
    let mut inventory = Inventory::default();
    let salt = "AAECAwQFBgcICQoLDA0ODw";
    for n in 0..FACTORS {
        let factor: Factor = serde_json::from_value(
            json!({"v": "1", "type": "factor", "salt": salt, "by": "b", "name": "f",
            "factor": format!("f{n}"), "category": "material", "scope": "life-cycle", "data": "secondary", "unit": "kg", "year": "2025",
            "gwp": "AR6", "licence": "CC0", "source": "generated", "uncertainty": "1.3",
            "values": {"fossilGhgEmissions": format!("1.{:03}1", n)}}),
        )?;
        inventory.factors.insert(factor.factor.clone(), Held { id: statement_id(n), statement: factor });
    }
    for n in 0..products {
        let product: Product = serde_json::from_value(
            json!({"v": "1", "type": "product", "salt": salt, "by": "b", "name": "p",
            "ids": [id(n)?], "boundary": "cradle-to-gate", "declaredUnit": {"amount": "1", "unit": "piece"},
            "processes": [{"stage": "production", "name": "make", "signers": ["b"]}]}),
        )?;
        let inputs = flows * 3 / 5;
        let mut taken: Vec<Value> = Vec::with_capacity(flows);
        for line in 0..flows {
            let from = match members {
                0 => n.max(1),
                members => members.min(if n < members { members } else { n }),
            };
            let source = random.below(from);
            let amount = format!("0.{:03}", 1 + random.below(2 * 700 / (2 * inputs).max(1)));
            let amount = amount.trim_end_matches('0');
            taken.push(if line < inputs && (n > 0 || members > 0) {
                json!({"name": "part", "kind": "material", "amount": amount, "unit": "piece", "product": id(source)?,
                    "uncertainty": "1.05"})
            } else {
                json!({"name": "material", "kind": "material", "amount": amount, "unit": "kg",
                    "factor": format!("f{}", random.below(FACTORS)), "uncertainty": "1.21"})
            });
        }
        let activity: Activity =
            serde_json::from_value(json!({"v": "1", "type": "activity", "salt": salt, "by": "b",
            "stage": "production", "process": "make", "period": {"start": "2025-01-01", "end": "2026-01-01"},
            "outputs": [{"product": id(n)?, "amount": "1", "unit": "piece"}], "flows": taken}))?;
        inventory.activities.push(Held { id: statement_id(FACTORS + products + n), statement: activity });
        inventory.aliases.insert(id(n)?, id(n)?);
        inventory.products.insert(id(n)?, Held { id: statement_id(FACTORS + n), statement: product });
    }
    Ok(inventory)
}

/// SplitMix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % end.max(1) as u64) as usize
    }
}
