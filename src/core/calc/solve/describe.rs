//! Says in words why products have no figures.

use std::collections::BTreeMap;

use super::Graph;
use super::loops::Unsolved;
use crate::calc::amount::plain_decimal;
use crate::calc::lower::LineSource;
use crate::calc::rows::Side;
use crate::calc::{CalcError, LoopProblem};
use crate::model::wide::{Wide, power_of_ten, product, quotient};
use crate::model::{ProductId, ValueError};

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

/// Why a loop has no figures.
pub(super) fn unsolved(graph: &Graph<'_>, members: &[u32], unsolved: Unsolved) -> CalcError {
    let id = |number: &u32| graph.lowering.catalogue.id(*number as usize).cloned();
    let products: Vec<ProductId> = members.iter().take(NAMES_MAX).filter_map(id).collect();
    let problem = match unsolved {
        Unsolved::Consumes => LoopProblem::Consumes,
        Unsolved::Singular => LoopProblem::Singular,
        Unsolved::TooLarge => LoopProblem::TooLarge,
        Unsolved::Undecided => LoopProblem::Undecided,
        Unsolved::Range(problem) => LoopProblem::Range(problem),
    };
    CalcError::Loop { products, count: members.len(), amounts: amounts(graph, members).into(), problem }
}

/// The largest amounts of the loop, as a person reads them.
fn amounts(graph: &Graph<'_>, members: &[u32]) -> String {
    let mut largest: Vec<(Wide, Edge)> =
        taken(graph, members).into_iter().map(|(edge, a)| (a, edge)).collect();
    largest.sort_by(|a, b| b.0.abs().cmp(&a.0.abs()).then(a.1.cmp(&b.1)));
    let more = if largest.len() > NAMES_MAX { ", …" } else { "" };
    let name = |number: u32| graph.lowering.catalogue.id(number as usize).map_or("", ProductId::as_str);
    let said = largest.iter().take(NAMES_MAX).map(|(quanta, (p, q))| {
        format!(
            "{} takes {} declared units of {} for each of its own",
            name(*p),
            plain_decimal(*quanta, 12),
            name(*q)
        )
    });
    format!("{}{more}", said.collect::<Vec<_>>().join(", "))
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
