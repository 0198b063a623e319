//! Says in words why products have no figures.

use std::collections::BTreeMap;

use super::Graph;
use super::loops::{Unsolved, cycle};
use crate::calc::amount::plain_decimal;
use crate::calc::lower::LineSource;
use crate::calc::rows::Side;
use crate::calc::{CalcError, LoopProblem, NamedProduct};
use crate::model::wide::{Wide, power_of_ten, product, quotient};
use crate::model::{Decimal, ValueError};

/// How many products and amounts of a loop an error names.
const NAMES_MAX: usize = 10;

const WHAT: &str = "loop of products";

/// Who consumes, and what.
type Edge = (u32, u32);

/// A result of a product that leaves the exact range.
pub(super) fn result(graph: &Graph<'_>, number: u32, problem: ValueError) -> Option<CalcError> {
    let product = graph.lowering.catalogue.id(number as usize)?.clone();
    Some(CalcError::Result { product, problem })
}

/// A product by number, as an error names it.
pub(in crate::calc) fn named(graph: &Graph<'_>, number: u32) -> Option<NamedProduct> {
    let (id, held) = graph.lowering.catalogue.products.get(number as usize)?;
    Some(NamedProduct { id: (*id).clone(), name: held.statement.name.clone() })
}

/// Why a loop has no figures.
pub(super) fn unsolved(graph: &Graph<'_>, members: &[u32], unsolved: Unsolved) -> CalcError {
    let strongest = Cycle::strongest(members, &taken(graph, members));
    let in_cycle: Vec<u32> =
        strongest.iter().flat_map(|cycle| &cycle.steps).map(|((from, _), _)| *from).collect();
    let others = members.iter().filter(|number| !in_cycle.contains(number));
    let listed = in_cycle.iter().chain(others).take(NAMES_MAX);
    let products: Box<[NamedProduct]> = listed.filter_map(|number| named(graph, *number)).collect();
    let grows = strongest.as_ref().is_some_and(Cycle::grows);
    let problem = match unsolved {
        Unsolved::Consumes => LoopProblem::Consumes,
        // A cycle that gains is a proof of its own where nothing is avoided.
        Unsolved::TooLarge if grows && is_positive(graph, members) => LoopProblem::Consumes,
        Unsolved::TooLarge if grows => LoopProblem::Credits,
        Unsolved::Credits => LoopProblem::Credits,
        Unsolved::Singular => LoopProblem::Singular,
        Unsolved::TooLarge => LoopProblem::TooLarge,
        Unsolved::Undecided => LoopProblem::Undecided,
        Unsolved::Range(problem) => LoopProblem::Range(problem),
    };
    let consumes = matches!(problem, LoopProblem::Consumes | LoopProblem::Credits);
    let cycle = match strongest {
        Some(cycle) => cycle.described(graph, &products, consumes),
        None => format!("no amount of it reaches {}", plain_decimal(Wide::ONE, Decimal::SCALE as usize)),
    };
    CalcError::Loop {
        products,
        count: members.len(),
        cycle: cycle.into(),
        problem,
        needed_by: Box::default(),
    }
}

/// True where no product of the loop takes less than nothing of another.
fn is_positive(graph: &Graph<'_>, members: &[u32]) -> bool {
    taken(graph, members).values().all(|quanta| *quanta >= 0)
}

/// Products that need each other in turn, the last one the first.
struct Cycle {
    /// Who needs how much (1e-12 declared units) of whom.
    steps: Vec<(Edge, Wide)>,
    /// What one declared unit needs of itself, 1e-12; none where it is too large to be printed.
    gain: Option<Wide>,
}

impl Cycle {
    fn strongest(members: &[u32], taken: &BTreeMap<Edge, Wide>) -> Option<Self> {
        let mut edges: Vec<Vec<(usize, Wide)>> = vec![Vec::new(); members.len()];
        for ((from, to), quanta) in taken {
            let (Ok(from), Ok(to)) = (members.binary_search(from), members.binary_search(to)) else {
                continue;
            };
            if let Some(of) = edges.get_mut(from) {
                of.push((to, *quanta));
            }
        }
        let nodes: Vec<u32> =
            cycle::strongest(&edges)?.into_iter().filter_map(|at| members.get(at).copied()).collect();
        let next = nodes.iter().cycle().skip(1);
        let step = |(from, to): (&u32, &u32)| Some(((*from, *to), *taken.get(&(*from, *to))?));
        let steps = nodes.iter().zip(next).map(step).collect::<Option<Vec<_>>>()?;
        let one = Wide::new(Decimal::ONE.quanta());
        let times =
            |gain: Wide, (_, quanta): &(Edge, Wide)| quotient(product(gain, *quanta, WHAT)?, one, WHAT);
        let gain = steps.iter().try_fold(one, times).ok();
        Some(Self { steps, gain })
    }

    /// True where one declared unit needs at least one of itself, credits counted as use.
    fn grows(&self) -> bool {
        self.gain.is_none_or(|gain| gain.abs() >= Wide::new(Decimal::ONE.quanta()))
    }

    /// The cycle as a person reads it; products that are not in `known`, or share their name with
    /// another, by their ids too.
    fn described(&self, graph: &Graph<'_>, known: &[NamedProduct], consumes: bool) -> String {
        let short = |number: u32| {
            let Some(named) = named(graph, number) else { return String::new() };
            let alike = known.iter().filter(|other| other.name == named.name).count();
            let is_known = known.iter().any(|other| other.id == named.id);
            if alike == 1 && is_known { format!("`{}`", named.name) } else { named.to_string() }
        };
        let said = self.steps.iter().take(NAMES_MAX).map(|((from, to), quanta)| {
            format!(
                "{} needs {} of {}",
                short(*from),
                plain_decimal(*quanta, Decimal::SCALE as usize),
                short(*to)
            )
        });
        let said = said.collect::<Vec<_>>().join(", ");
        let more = if self.steps.len() > NAMES_MAX { ", …" } else { "" };
        let gain = match self.gain {
            None => "too large to be printed".to_owned(),
            Some(gain) if gain == 0 => format!("below {}", plain_decimal(Wide::ONE, Decimal::SCALE as usize)),
            Some(gain) => plain_decimal(gain, Decimal::SCALE as usize),
        };
        let alone =
            if consumes && !self.grows() { "; other cycles through the same products add to it" } else { "" };
        format!("for one declared unit each, {said}{more}: a gain of {gain}{alone}")
    }
}

/// Declared units that each takes of another for each of its own, in 1e-12.
fn taken(graph: &Graph<'_>, members: &[u32]) -> BTreeMap<Edge, Wide> {
    let (lowered, mut found) = (&graph.lowering.lowered, BTreeMap::new());
    for number in members {
        for row in graph.rows.of(*number as usize, Side::Gate).filter_map(|at| graph.rows.row(at)) {
            let Some(units) = row.units else { continue };
            for pick in graph.rows.picks(row) {
                let Some(statement) = lowered.statement(pick.statement) else { continue };
                let Some(taken) = pick.taken else { continue };
                for line in lowered.lines(statement) {
                    let LineSource::Product(input) = line.source else { continue };
                    if members.binary_search(&input).is_err() {
                        continue;
                    }
                    let quanta = product(line.ratio, Wide::new(taken), WHAT)
                        .and_then(|a| product(a, power_of_ten(12)?, WHAT))
                        .and_then(|a| quotient(a, product(units, Wide::new(row.parts), WHAT)?, WHAT));
                    *found.entry((*number, input)).or_insert(Wide::ZERO) += quanta.unwrap_or(Wide::ZERO);
                }
            }
        }
    }
    found
}
