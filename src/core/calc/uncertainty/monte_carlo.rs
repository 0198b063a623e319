//! Monte Carlo: every product of a chain drawn together, iteration by iteration, so that products
//! which share a flow or factor move together. Four iterations at a time, because one call of the
//! generator gives four. The work can be divided into ranges of such blocks, which the caller may
//! draw in any order or at once: no thread is started here.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::ops::Range;

use super::model::{Model, ModelLine};
use super::normal::{quantile, uniform};
use super::shown::percent;
use super::spread::Spread;
use super::threefry::threefry;
use crate::calc::{CalcError, CalcErrors, Chain};
use crate::model::{Decimal, ProductId, StatementId, ValueError};

/// How a Monte Carlo calculation runs. The draws depend on the seed alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plan {
    /// How many draws of each product; 1 to 1,000,000.
    pub iterations: u32,
    /// States the draws: the same seed gives the same ones.
    pub seed: u64,
}

/// More than this needs too much memory to keep, and changes nothing that is shown.
const ITERATIONS_MAX: u32 = 1_000_000;

/// Iterations in a block.
const LANES: usize = 4;

/// A loop's values are settled where no sweep changes one by more than this part of it.
const SETTLED: f64 = 1e-13;

/// How many lines of one loop are followed in a block before it counts as not converging.
const STEPS_MAX: usize = 1_000_000_000;

type Lanes = [f64; LANES];

/// The draws of every product of a chain.
#[derive(Debug, Clone, PartialEq)]
pub struct Draws {
    samples: BTreeMap<ProductId, Vec<f64>>,
}

impl Draws {
    /// kg CO2e per declared unit, one a iteration, in their order.
    pub fn of(&self, product: &ProductId) -> Option<&[f64]> {
        self.samples.get(product).map(Vec::as_slice)
    }

    /// Quantiles, mean and geometric standard deviation.
    ///
    /// # Errors
    /// A product that was not drawn; figures beyond the exact range.
    pub fn spread(&self, product: &ProductId) -> Result<Spread, CalcErrors> {
        let draws = self.drawn(product)?;
        Spread::of(draws).map_err(|problem| CalcError::Result { product: product.clone(), problem }.into())
    }

    /// In how many percent of the draws `product` lies below `other`; a draw in which they are
    /// equal counts half.
    ///
    /// # Errors
    /// A product that was not drawn.
    pub fn below(&self, product: &ProductId, other: &ProductId) -> Result<Decimal, CalcErrors> {
        let (ours, theirs) = (self.drawn(product)?, self.drawn(other)?);
        let won = ours.iter().zip(theirs).fold(0.0, |won, (a, b)| match a.total_cmp(b) {
            std::cmp::Ordering::Less => won + 1.0,
            std::cmp::Ordering::Equal => won + 0.5,
            std::cmp::Ordering::Greater => won,
        });
        percent(won, ours.len() as f64)
            .map_err(|problem| CalcError::Result { product: product.clone(), problem }.into())
    }

    fn drawn(&self, product: &ProductId) -> Result<&[f64], CalcErrors> {
        self.of(product).ok_or_else(|| CalcError::UnknownProduct { product: product.clone() }.into())
    }
}

/// Draws every product of a chain, on the caller's thread.
///
/// # Errors
/// Iterations outside 1 to 1,000,000; a loop that in some draw consumes at least as much as it
/// makes.
pub fn monte_carlo(chain: &Chain<'_>, plan: &Plan) -> Result<Draws, CalcErrors> {
    let sampling = Sampling::new(chain, plan)?;
    let ranges = sampling.ranges(NonZeroUsize::MIN);
    let drawn = ranges.into_iter().map(|range| sampling.draw(range)).collect::<Result<Vec<_>, _>>()?;
    Ok(sampling.draws(&drawn))
}

/// A Monte Carlo calculation in ranges of blocks, which may be drawn in any order and on any
/// threads: how it is divided changes no bit.
pub struct Sampling<'c, 'a> {
    chain: &'c Chain<'a>,
    model: Model,
    plan: Plan,
}

/// The draws of one range of blocks.
pub struct DrawnRange(Vec<Lanes>);

impl<'c, 'a> Sampling<'c, 'a> {
    /// Prepares the draws of every product of a chain.
    ///
    /// # Errors
    /// Iterations outside 1 to 1,000,000.
    pub fn new(chain: &'c Chain<'a>, plan: &Plan) -> Result<Self, CalcErrors> {
        if let Some(first) = chain.products().next()
            && (plan.iterations == 0 || plan.iterations > ITERATIONS_MAX)
        {
            let (what, expected, got) = ("iterations", "from 1 to 1000000", plan.iterations.to_string());
            let problem = ValueError::Range { what, expected, got };
            return Err(CalcError::Result { product: first.clone(), problem }.into());
        }
        Ok(Self { chain, model: Model::new(chain)?, plan: *plan })
    }

    /// Divides the work into at most `parts` ranges of about the same length, in their order; none
    /// where the chain has no products.
    pub fn ranges(&self, parts: NonZeroUsize) -> Vec<Range<usize>> {
        if self.chain.products().next().is_none() {
            return Vec::new();
        }
        let blocks = (self.plan.iterations as usize).div_ceil(LANES); // OK because a million fits.
        let each = blocks.div_ceil(parts.get().min(blocks));
        (0..blocks).step_by(each).map(|from| from..(from + each).min(blocks)).collect()
    }

    /// Draws one range.
    ///
    /// # Errors
    /// A loop that in some draw consumes at least as much as it makes.
    pub fn draw(&self, range: Range<usize>) -> Result<DrawnRange, CalcErrors> {
        let Some(first) = self.chain.products().next() else { return Ok(DrawnRange(Vec::new())) };
        let drawn = Sampler::new(self.chain, &self.model, self.plan.seed).run(range);
        drawn.map(DrawnRange).map_err(|problem| CalcError::Result { product: first.clone(), problem }.into())
    }

    /// Joins what was drawn for all ranges, in their order.
    pub fn draws(&self, drawn: &[DrawnRange]) -> Draws {
        let (count, iterations) = (self.chain.roots().count(), self.plan.iterations as usize);
        let mut samples = BTreeMap::new();
        for (root, id) in self.chain.products().enumerate() {
            let of_root = drawn.iter().flat_map(|range| range.0.iter().skip(root).step_by(count));
            samples.insert(id.clone(), of_root.flatten().copied().take(iterations).collect());
        }
        Draws { samples }
    }
}

/// The tables of one range, used again for each block.
struct Sampler<'m, 'a> {
    chain: &'m Chain<'a>,
    model: &'m Model,
    seed: u64,
    /// Per draw, what its median is multiplied with.
    factors: Vec<Lanes>,
    /// Per node, kg per declared unit.
    nodes: Vec<Lanes>,
    /// Per line of the loop at hand that stays in it.
    inner: Vec<(usize, usize, Lanes)>,
}

impl<'m, 'a> Sampler<'m, 'a> {
    fn new(chain: &'m Chain<'a>, model: &'m Model, seed: u64) -> Self {
        let (factors, nodes) =
            (vec![[1.0; LANES]; model.sigmas.len()], vec![[0.0; LANES]; chain.nodes.len()]);
        Self { chain, model, seed, factors, nodes, inner: Vec::new() }
    }

    /// Every root in every block, block by block.
    fn run(mut self, blocks: Range<usize>) -> Result<Vec<Lanes>, ValueError> {
        let mut drawn = Vec::with_capacity(blocks.len() * self.chain.roots().count());
        for block in blocks {
            self.draw(block as u64); // OK because there are at most 250,000.
            let mut node = 0;
            while let Some(at) = self.chain.nodes.get(node) {
                match at.looped.and_then(|looped| self.chain.loops.get(looped)) {
                    None => {
                        let value = self.lines(at.parts.clone(), |_| true);
                        if let Some(slot) = self.nodes.get_mut(node) {
                            *slot = value;
                        }
                        node += 1;
                    }
                    Some(members) => {
                        self.settle(members.clone())?;
                        node = members.end;
                    }
                }
            }
            for root in self.chain.roots() {
                let gate = root.node.and_then(|at| self.nodes.get(at)).copied().unwrap_or_default();
                let own = self.lines(root.own.clone(), |_| true);
                drawn.push(std::array::from_fn(|lane| gate[lane] + own[lane]));
            }
        }
        Ok(drawn)
    }

    /// What every uncertain amount and factor is multiplied with in these four iterations.
    fn draw(&mut self, block: u64) {
        let uncertain = self.model.draws.iter().zip(&self.model.sigmas);
        for (factor, (draw, sigma)) in self.factors.iter_mut().zip(uncertain) {
            let Some(draw) = draw else { continue };
            // A factor stands where no flow can: flows count from one.
            let place = draw.flow.map_or(0, |flow| flow as u64 + 1);
            let bits = threefry(words(&draw.statement), [block, place, self.seed, 0]);
            *factor = bits.map(|bits| libm::exp(sigma * quantile(uniform(bits))));
        }
    }

    /// The sum over the lines of some parts that `wanted` lets in.
    fn lines(&self, parts: Range<usize>, wanted: impl Fn(&ModelLine) -> bool) -> Lanes {
        let mut sum = [0.0; LANES];
        for part in self.chain.parts_of(&parts) {
            for line in self.model.lines.get(part.lines.clone()).unwrap_or_default() {
                if !wanted(line) {
                    continue;
                }
                let weight = self.weight(line);
                match line.node.and_then(|node| self.nodes.get(node)) {
                    Some(input) => add(&mut sum, |lane| weight[lane] * input[lane]),
                    None => add(&mut sum, |lane| weight[lane]),
                }
            }
        }
        sum
    }

    fn weight(&self, line: &ModelLine) -> Lanes {
        let of = |at: usize| self.factors.get(at).copied().unwrap_or([1.0; LANES]);
        let (amount, factor) = (of(line.amount), of(line.factor));
        std::array::from_fn(|lane| line.weight * amount[lane] * factor[lane])
    }

    /// The values of a loop: Gauss-Seidel in the order of its nodes, until no lane of any moves.
    fn settle(&mut self, members: Range<usize>) -> Result<(), ValueError> {
        let mut outer = Vec::with_capacity(members.len());
        let mut inner = std::mem::take(&mut self.inner);
        inner.clear();
        let inside = |line: &ModelLine| line.node.filter(|node| members.contains(node));
        for at in members.clone() {
            let Some(node) = self.chain.nodes.get(at) else { continue };
            outer.push(self.lines(node.parts.clone(), |line| inside(line).is_none()));
            for part in self.chain.parts_of(&node.parts) {
                let lines = self.model.lines.get(part.lines.clone()).unwrap_or_default();
                inner.extend(lines.iter().filter_map(|l| Some((at, inside(l)?, self.weight(l)))));
            }
        }
        for (at, value) in members.clone().zip(&outer) {
            if let Some(slot) = self.nodes.get_mut(at) {
                *slot = *value;
            }
        }
        let mut steps = 0_usize;
        loop {
            let (mut moved, mut next) = (false, inner.iter().peekable());
            for (at, outer) in members.clone().zip(&outer) {
                let mut value = *outer;
                while let Some((_, input, weight)) = next.next_if(|line| line.0 == at) {
                    let input = self.nodes.get(*input).copied().unwrap_or_default();
                    add(&mut value, |lane| weight[lane] * input[lane]);
                }
                let Some(slot) = self.nodes.get_mut(at) else { continue };
                // Not finite is never settled.
                moved |= (0..LANES).any(|l| {
                    let change = (value[l] - slot[l]).abs();
                    change.is_nan() || change > SETTLED * value[l].abs()
                });
                *slot = value;
            }
            steps += inner.len().max(1);
            let lost =
                self.nodes.get(members.start).is_some_and(|lanes| lanes.iter().any(|x| !x.is_finite()));
            if !moved {
                break;
            }
            if lost || steps > STEPS_MAX {
                let problem = "in some draw a loop of products consumes at least as much as it makes: its uncertainties are \
                               too large for it to have a footprint";
                return Err(ValueError::Combination { what: "Monte Carlo", problem: problem.to_owned() });
            }
        }
        self.inner = inner;
        Ok(())
    }
}

fn add(sum: &mut Lanes, of: impl Fn(usize) -> f64) {
    for (lane, sum) in sum.iter_mut().enumerate() {
        *sum += of(lane);
    }
}

/// A statement id as the key of the generator, big-endian.
fn words(id: &StatementId) -> [u64; 4] {
    let mut words = [0; 4];
    for (word, bytes) in words.iter_mut().zip(id.as_bytes().chunks_exact(8)) {
        *word = bytes.iter().fold(0, |word, byte| word << 8 | u64::from(*byte));
    }
    words
}
