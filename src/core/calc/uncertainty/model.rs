//! What a chain looks like to a draw: lines with a weight in kg or in units of a node, and the
//! flows and factors that are uncertain, each once, however many products share it.

use std::collections::BTreeMap;

use super::pedigree::{BASIC_DEMAND, basic_of, sigma};
use crate::calc::contribution::chain::{BITS, Chain, ChainLine, Target};
use crate::calc::lower::LineSource;
use crate::calc::{CalcErrors, ContributionSource};
use crate::model::StatementId;
use crate::model::wide::Wide;

/// Something that is drawn: a flow's amount, or a factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Uncertain {
    pub(super) statement: StatementId,
    /// The flow's place in its statement; none for a factor.
    pub(super) flow: Option<usize>,
}

/// A line as a draw sees it. Draws are places in [`Model::sigmas`]; 0 is the one of what is exact.
#[derive(Debug, Clone, Copy)]
pub(super) struct ModelLine {
    /// kg CO2e, or units of the node, per declared unit.
    pub(super) weight: f64,
    /// The node it leads to; none where `weight` is in kg.
    pub(super) node: Option<usize>,
    pub(super) amount: usize,
    pub(super) factor: usize,
}

/// A chain in floats.
pub(super) struct Model {
    /// The draws, the exact one first; then sorted by statement and flow.
    pub(super) draws: Vec<Option<Uncertain>>,
    pub(super) sigmas: Vec<f64>,
    pub(super) lines: Vec<ModelLine>,
}

/// `value` of 2^-96 as the nearest float.
pub(super) fn float(value: Wide) -> f64 {
    const STEP: f64 = 1.0 / 79_228_162_514_264_337_593_543_950_336.0; // 2^-96
    const { assert!(BITS == 96) };
    value.as_f64() * STEP
}

/// kg of a whole number of 1e-15 kg.
pub(super) fn kg(quanta: i128) -> f64 {
    quanta as f64 / 1e15
}

/// The uncertainty of a flow's amount: what is drawn and how far it spreads; none where it states
/// none.
pub(super) fn amount_of(chain: &Chain<'_>, line: &ChainLine) -> Option<(Uncertain, f64)> {
    let (held, flow) = chain.statement(line)?;
    let sigma = sigma(flow.uncertainty.as_ref()?, basic_of(flow.kind, &flow.source));
    Some((Uncertain { statement: held.id, flow: Some(line.flow) }, sigma))
}

/// The uncertainty of the factors among a chain's leaves; none where one states none, or where the
/// leaf is no factor.
pub(super) fn factors_of(chain: &Chain<'_>) -> Vec<Option<(Uncertain, f64)>> {
    let of = |source: &LineSource| {
        let (_, origin) = chain.value(*source)?;
        let ContributionSource::Factor { factor, statement } = origin else { return None };
        let held = chain.engine.graph.lowering.catalogue.inventory.factors.get(&factor)?;
        let sigma = sigma(held.statement.uncertainty.as_ref()?, BASIC_DEMAND);
        Some((Uncertain { statement, flow: None }, sigma))
    };
    chain.leaves.iter().map(of).collect()
}

impl Model {
    pub(super) fn new(chain: &Chain<'_>) -> Result<Self, CalcErrors> {
        let factors = factors_of(chain);
        let factor_of = |line: &ChainLine| match line.target {
            Target::Leaf(at) => factors.get(at).copied().flatten(),
            Target::Node(_) => None,
        };
        let mut spread = BTreeMap::new();
        for line in &chain.lines {
            spread.extend(amount_of(chain, line));
            spread.extend(factor_of(line));
        }
        // What has no spread is exact: drawing it would change nothing.
        spread.retain(|_, sigma| *sigma > 0.0);
        let place: BTreeMap<Uncertain, usize> =
            spread.keys().enumerate().map(|(at, uncertain)| (*uncertain, at + 1)).collect();
        let draw = |stated: Option<(Uncertain, f64)>| {
            stated.and_then(|(uncertain, _)| place.get(&uncertain).copied()).unwrap_or_default()
        };
        let line = |line: &ChainLine| {
            let coefficient = float(line.coefficient);
            let (weight, node) = match line.target {
                Target::Leaf(_) => (coefficient * kg(chain.figure(line.target).quanta()), None),
                Target::Node(at) => (coefficient, Some(at)),
            };
            ModelLine { weight, node, amount: draw(amount_of(chain, line)), factor: draw(factor_of(line)) }
        };
        let lines = chain.lines.iter().map(line).collect();
        let mut draws = vec![None];
        let mut sigmas = vec![0.0];
        for (uncertain, sigma) in spread {
            draws.push(Some(uncertain));
            sigmas.push(sigma);
        }
        Ok(Self { draws, sigmas, lines })
    }
}
