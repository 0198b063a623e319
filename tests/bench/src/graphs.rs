//! Graphs of products from a fixed seed: without a loop, and with one of 16,184.

use pcf_ledger::calc::{Builder, Compiled, Input, Line, Share};
use pcf_ledger::model::wide::Wide;
use pcf_ledger::model::{ByCategory, Category, Co2e};

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

/// Products that consume each other at random, 85 % of each bought from others, and some that only consume.
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

pub fn figures(factor: usize, categories: usize) -> Result<ByCategory<Co2e>, Fail> {
    const USED: [Category; 8] = [
        Category::Fossil,
        Category::LandUseChange,
        Category::BiogenicNonCo2,
        Category::LandManagementCo2,
        Category::LandManagementRemovals,
        Category::TechnologicalRemovals,
        Category::BiogenicUptake,
        Category::BiogenicReleased,
    ];
    let mut figures = ByCategory::<Co2e>::default();
    for (n, category) in USED.into_iter().take(categories).enumerate() {
        figures[category] = Co2e::from_quanta((factor as i128 + 1) * 7_919_000_000_037 / (n as i128 + 1))?;
    }
    Ok(figures)
}

pub fn compile(graph: &Graph, categories: usize) -> Result<Compiled, Fail> {
    let mut builder = Builder::new(u32::try_from(graph.products.len())?);
    let factors: Vec<Input> = (0..graph.factors)
        .map(|f| Ok(builder.source(figures(f, categories)?)))
        .collect::<Result<_, Fail>>()?;
    let millionth = Wide::new(10_i128.pow(12));
    let mut lines = Vec::new();
    for (number, node) in graph.products.iter().enumerate() {
        lines.clear();
        let line = |millionths: u64, from: Input| Line {
            ratio: millionth * Wide::from(millionths),
            share: Share::ONE,
            from,
            whole: None,
        };
        for (input, amount) in &node.inputs {
            lines.push(line(*amount, Input::Product(u32::try_from(*input)?)));
        }
        lines.extend(node.factors.iter().map(|(factor, amount)| line(*amount, factors[*factor])));
        builder.process(u32::try_from(number)?, millionth * Wide::from(node.made * 1_000_000), &lines)?;
    }
    Ok(builder.compile()?)
}
