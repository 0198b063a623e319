//! Graphs of products from a fixed seed, without a loop and with one of 16,184, and the inventories
//! that state them.

use pcf_files::jsonl;
use pcf_ledger::calc::{Held, Inventory, Request};
use pcf_ledger::model::{
    Activity, Amount, Category, Decimal, Factor, FactorId, Flow, FlowSource, GwpSet, Product, ProductId,
    Statement, StatementId,
};

use crate::Fail;

/// Products of the graph with a loop, those in the loop, and inputs of each.
const LOOP_PRODUCTS: usize = 20_000;
const LOOP_MEMBERS: usize = 16_184;
const LOOP_INPUTS: usize = 14;

/// One product: pieces made, and what was taken, in millionths.
pub struct Node {
    pub made: u64,
    pub inputs: Vec<(usize, u64)>,
    pub factors: Vec<(usize, u64)>,
}

pub struct Graph {
    pub products: Vec<Node>,
    /// How many factors there are.
    factors: usize,
}

/// A generator of numbers from a fixed seed (xorshift64).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % end.max(1) as u64) as usize
    }
}

/// Each product from three earlier ones and two factors.
pub fn acyclic(products: usize) -> Graph {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let node = |i: usize| {
        let made = 1 + random.below(1_000) as u64;
        let some = made * 1_000_000 / 4;
        let inputs =
            (0..3.min(i)).map(|_| (random.below(i), 1 + random.below(some as usize) as u64)).collect();
        let factors = (0..2).map(|_| (random.below(1_000), 1 + random.below(10_000_000) as u64)).collect();
        Node { made, inputs, factors }
    };
    Graph { products: (0..products).map(node).collect(), factors: 1_000 }
}

/// Products that consume each other at random, 85 % of each bought from others, and some that only
/// consume.
pub fn looped() -> Graph {
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let node = |i: usize| {
        let made = 1 + random.below(1_000) as u64;
        let most = made * 1_000_000 * 17 / (10 * LOOP_INPUTS as u64);
        let mut inputs: Vec<(usize, u64)> = (1..LOOP_INPUTS)
            .map(|_| (random.below(LOOP_MEMBERS), 1 + random.below(most as usize) as u64))
            .collect();
        inputs.push(((i + 1) % LOOP_MEMBERS, most / 2));
        Node { made, inputs, factors: vec![(random.below(100), 1 + random.below(10_000_000) as u64)] }
    };
    Graph { products: (0..LOOP_PRODUCTS).map(node).collect(), factors: 100 }
}

/// kg CO2e that a factor gives in a category, by its place among those used.
pub fn kg(factor: usize, place: usize) -> Result<Decimal, Fail> {
    Ok(Decimal::from_quanta((factor as i128 + 1) * 7_919_000_037 / (place as i128 + 1))?)
}

/// The categories that are used, in this order.
const USED: [(Category, i8); 8] = [
    (Category::Fossil, 1),
    (Category::LandUseChange, 1),
    (Category::BiogenicNonCo2, 1),
    (Category::LandManagementCo2, 1),
    (Category::LandManagementRemovals, -1),
    (Category::TechnologicalRemovals, -1),
    (Category::CcsCapture, -1),
    (Category::LandManagementFossil, 1),
];

pub fn id(product: usize) -> Result<ProductId, Fail> {
    Ok(format!("urn:pact:b.example:product-id:{product:07}").parse()?)
}

fn statement_id(n: usize, kind: u8) -> StatementId {
    let mut bytes = [kind; 32];
    bytes[..8].copy_from_slice(&(n as u64).to_be_bytes());
    StatementId::from_bytes(bytes)
}

pub fn request() -> Result<Request, Fail> {
    Ok(Request { period: "2025".parse()?, boundary: None, scenario: None, batch: None, gwp: GwpSet::Ar6 })
}

/// What the statements are cloned from: one of each type, and a flow from a factor and one from a
/// product.
struct Templates {
    factor: Factor,
    product: Product,
    activity: Activity,
    flows: [Flow; 2],
}

fn templates() -> Result<Templates, Fail> {
    let by = "acme".parse()?;
    let one = |line: &str| -> Result<Statement, Fail> {
        Ok(jsonl::read_statements(line.as_bytes(), "bench", &by)?.remove(0).statement)
    };
    let factor = one(
        r#"{"type":"factor","factor":"f","name":"F","category":"material","unit":"kg","scope":"life-cycle","year":"2025","source":"generated","licence":"CC0","data":"secondary","gwp":"AR6","values":{"fossilGhgEmissions":"1"}}"#,
    )?;
    let product = one(
        r#"{"type":"product","ids":["urn:pact:b.example:product-id:0000000"],"name":"p","boundary":"cradle-to-gate","declaredUnit":{"amount":"1","unit":"piece"},"processes":[{"name":"make","stage":"production","signers":["acme"]}]}"#,
    )?;
    let activity = one(
        r#"{"type":"activity","stage":"production","process":"make","period":{"start":"2025-01-01","end":"2026-01-01"},"outputs":[{"product":"urn:pact:b.example:product-id:0000000","amount":"7","unit":"piece"}],"flows":[{"name":"material","kind":"material","amount":"1","unit":"kg","factor":"f"},{"name":"part","kind":"material","amount":"1","unit":"piece","product":"urn:pact:b.example:product-id:0000000"}]}"#,
    )?;
    let (Statement::Factor(factor), Statement::Product(product), Statement::Activity(mut activity)) =
        (factor, product, activity)
    else {
        return Err("the templates are a factor, a product and an activity".into());
    };
    let flows = std::mem::take(&mut activity.flows).try_into().map_err(|_| "two flows")?;
    Ok(Templates { factor, product, activity, flows })
}

/// The inventory of a graph, each factor with so many categories.
pub fn inventory(graph: &Graph, categories: usize) -> Result<Inventory, Fail> {
    let templates = templates()?;
    let mut inventory = Inventory::default();
    for number in 0..graph.factors {
        let mut factor = templates.factor.clone();
        factor.factor = factor_id(number)?;
        let used = USED.into_iter().take(categories).enumerate();
        let value = |(place, (category, sign)): (usize, (Category, i8))| {
            let kg = kg(number, place)?;
            let kg = if sign < 0 { Decimal::from_quanta(-kg.quanta())? } else { kg };
            Ok::<_, Fail>((category, kg))
        };
        factor.values = Some(used.map(value).collect::<Result<_, _>>()?);
        inventory
            .factors
            .insert(factor.factor.clone(), Held { id: statement_id(number, 1), statement: factor });
    }
    for (number, node) in graph.products.iter().enumerate() {
        let mut product = templates.product.clone();
        product.ids = vec![id(number)?];
        inventory.aliases.insert(id(number)?, id(number)?);
        inventory.products.insert(id(number)?, Held { id: statement_id(number, 2), statement: product });
        let mut activity = templates.activity.clone();
        activity.outputs[0].product = id(number)?;
        activity.outputs[0].amount = millionths(node.made * 1_000_000)?;
        let [of_factor, of_product] = &templates.flows;
        for (input, amount) in &node.inputs {
            activity.flows.push(flow(of_product, *amount, FlowSource::Product(id(*input)?))?);
        }
        for (factor, amount) in &node.factors {
            let source = FlowSource::Factor { factor: factor_id(*factor)?, upstream: None };
            activity.flows.push(flow(of_factor, *amount, source)?);
        }
        activity.flows.shrink_to_fit();
        inventory.activities.push(Held { id: statement_id(number, 3), statement: activity });
    }
    Ok(inventory)
}

fn factor_id(number: usize) -> Result<FactorId, Fail> {
    Ok(format!("f{number}").parse()?)
}

fn millionths(amount: u64) -> Result<Decimal, Fail> {
    Ok(Decimal::from_quanta(i128::from(amount) * 1_000_000)?)
}

fn flow(template: &Flow, amount: u64, source: FlowSource) -> Result<Flow, Fail> {
    let mut flow = Flow { source, ..template.clone() };
    if let Some(Amount::Given(quantity)) = &mut flow.amount {
        quantity.amount = millionths(amount)?;
    }
    Ok(flow)
}
