//! The products of one loop: their equations built from the statements, handed to `loops`, and the figures put back. Means over flows
//! (primary share, ratings) are repeated until they settle. Says in words why a loop has no figures.

use std::collections::{BTreeMap, BTreeSet};

use super::CalcError;
use super::amount::plain_decimal;
use super::equations::{Equations, Line};
use super::error::LoopProblem;
use super::gate::{self, Prepared};
use super::loops::Unsolved;
use super::process::whole_into;
use super::quality::Primary;
use super::solve::{Gate, Solver};
use super::source::{GwpSets, SourceValue};
use super::work::LineSource;
use crate::model::wide::{Wide, power_of_ten, product, quotient};
use crate::model::{ByCategory, Co2e, Decimal, ProductId, Stage, Text, ValueError};

/// How many products and amounts of a loop an error names.
const NAMES_MAX: usize = 10;

/// How often the means of a loop are taken again until they stay as they are.
const MEANS_MAX: usize = 64;

const WHAT: &str = "loop of products";

/// The figures of one product's processes in a loop, and the GWP sets of the whole loop.
pub(super) struct Solved<'a> {
    pub(super) processes: BTreeMap<(Stage, &'a Text), ByCategory<Co2e>>,
    pub(super) gwp: GwpSets,
}

/// A product of the loop with its processes ready.
type Member<'a> = (usize, Prepared<'a>);

/// Who consumes, and what.
type Edge = (usize, usize);

/// Calculates the gates of `members`, which consume each other, or gives back those that fail by themselves.
pub(super) fn calculate<'a>(solver: &mut Solver<'a>, members: &[usize]) -> Result<(), Vec<usize>> {
    for number in members {
        solver.place(*number, Gate::Open);
    }
    let (mut ready, mut failed) = (Vec::new(), Vec::new());
    for number in members {
        let mut errors = Vec::new();
        match gate::prepare(solver, *number, &mut errors) {
            Some(prepared) => ready.push((*number, prepared)),
            None => failed.push((*number, errors)),
        }
    }
    if !failed.is_empty() {
        let numbers = failed.iter().map(|f| f.0).collect();
        for (number, errors) in failed {
            let gate = solver.failed(errors);
            solver.place(number, gate);
        }
        return Err(numbers);
    }
    let figures = equations(solver, &ready).map_err(Unsolved::Range).and_then(|(all, rhs)| all.solve(&rhs));
    match figures {
        Ok(figures) => finish(solver, &ready, figures),
        Err(unsolved) => {
            let error = describe(solver, &ready, unsolved);
            for number in members {
                solver.place(*number, Gate::Failed { errors: vec![error.clone()], lacks_data: false });
            }
        }
    }
    Ok(())
}

/// The equations of the processes, and what comes from outside the loop.
fn equations(
    solver: &Solver<'_>,
    ready: &[Member<'_>],
) -> Result<(Equations, Vec<ByCategory<Wide>>), ValueError> {
    let (mut first, mut equations, mut rhs) = (BTreeMap::new(), Equations::default(), Vec::new());
    let mut rows = Vec::new();
    for (number, prepared) in ready {
        let start = rhs.len();
        for (selected, sums) in &prepared.processes {
            rows.push((rhs.len(), selected));
            equations.diagonals.push(product(sums.units, Wide::new(super::Share::ONE.quanta()), WHAT)?);
            rhs.push(sums.categories);
        }
        for part in &prepared.recycled {
            // Rounded already: it enters as it is.
            equations.diagonals.push(Wide::ONE);
            rhs.push(part.figures.categories.try_map(|_, kg| Ok::<_, ValueError>(Wide::new(kg.quanta())))?);
        }
        first.insert(*number, start..rhs.len());
    }
    for (row, selected) in rows {
        for (entry, _) in &selected.entries {
            let Some((held, work)) = solver.work(*entry) else { continue };
            let Some(share) = work.shares.get(entry.output) else { continue };
            for line in &work.lines {
                let LineSource::Product(input) = line.source else { continue };
                let Some(columns) = first.get(&input) else { continue };
                let Some(flow) = held.statement.flows.get(line.flow) else { continue };
                let coefficient = product(line.ratio, Wide::new(share.quanta()), WHAT)?;
                let whole = whole_into(flow.kind);
                equations.lines.extend(columns.clone().map(|column| Line {
                    row,
                    column,
                    coefficient,
                    whole,
                }));
            }
        }
    }
    Ok((equations, rhs))
}

/// Puts the figures where the other products find them, and takes the means.
fn finish<'a>(solver: &mut Solver<'a>, ready: &[Member<'a>], figures: Vec<ByCategory<Co2e>>) {
    let mut gwp = GwpSets::default();
    for (_, sums) in ready.iter().flat_map(|(_, prepared)| &prepared.processes) {
        gwp.add(sums.gwp);
    }
    for part in ready.iter().flat_map(|(_, prepared)| &prepared.recycled) {
        gwp.add(part.gwp);
    }
    let mut figures = figures.into_iter();
    for (number, prepared) in ready {
        let keys = prepared.processes.iter().map(|(s, _)| (s.stage, s.process));
        let processes: BTreeMap<_, _> = keys.zip(&mut figures).collect();
        let recycled: Vec<_> = (&mut figures).take(prepared.recycled.len()).collect();
        let mut all = processes.values().chain(&recycled);
        let total = all.try_fold(ByCategory::<Co2e>::default(), |sum, of| sum.plus(of));
        let value = total.and_then(|t| SourceValue::new(t, gwp, Primary::Percent(Decimal::ZERO), None));
        let gate = match value {
            Ok(value) => Gate::Ready(Box::new(gate::GatePart { processes: Vec::new(), value })),
            Err(problem) => {
                let product = solver.shop.products.get(*number).map(|(id, _)| (*id).clone());
                let errors = product.map(|product| CalcError::Result { product, problem });
                Gate::Failed { errors: errors.into_iter().collect(), lacks_data: false }
            }
        };
        solver.place(*number, gate);
        solver.solved.insert(*number, Solved { processes, gwp });
    }
    means(solver, ready);
}

/// Calculates every gate with the figures of the others in place, until the means stay as they are; what fails takes the others with it.
fn means<'a>(solver: &mut Solver<'a>, ready: &[Member<'a>]) {
    let mut round = 0;
    while round < MEANS_MAX {
        let mut next = Vec::with_capacity(ready.len());
        for (number, _) in ready {
            if matches!(solver.gate_of(*number), Some(Gate::Ready(_))) {
                next.push((*number, solver.gate(*number)));
            }
        }
        let fails = next.iter().any(|(_, gate)| !matches!(gate, Gate::Ready(_)));
        let mut settled = true;
        for (number, gate) in next {
            settled &= match (solver.gate_of(number), &gate) {
                (Some(Gate::Ready(before)), Gate::Ready(now)) => {
                    (before.value.primary, before.value.quality) == (now.value.primary, now.value.quality)
                }
                _ => true,
            };
            solver.place(number, gate);
        }
        if settled && !fails && round > 0 {
            return;
        }
        round += usize::from(!fails);
    }
}

fn describe(solver: &Solver<'_>, ready: &[Member<'_>], unsolved: Unsolved) -> CalcError {
    let id = |number: usize| solver.shop.products.get(number).map(|(id, _)| (*id).clone());
    let products: Vec<ProductId> = ready.iter().take(NAMES_MAX).filter_map(|(n, _)| id(*n)).collect();
    let problem = problem(unsolved);
    CalcError::Loop { products, count: ready.len(), amounts: amounts(solver, ready).into(), problem }
}

/// Why a loop has no figures, in words.
pub(super) fn problem(unsolved: Unsolved) -> LoopProblem {
    match unsolved {
        Unsolved::Consumes => LoopProblem::Consumes,
        Unsolved::Singular => LoopProblem::Singular,
        Unsolved::TooLarge => LoopProblem::TooLarge,
        Unsolved::Undecided => LoopProblem::Undecided,
        Unsolved::Range(problem) => LoopProblem::Range(problem),
    }
}

/// The largest amounts of the loop, as a person reads them.
fn amounts(solver: &Solver<'_>, ready: &[Member<'_>]) -> String {
    let inside: BTreeSet<usize> = ready.iter().map(|(number, _)| *number).collect();
    let mut found: BTreeMap<Edge, Wide> = BTreeMap::new();
    for (number, prepared) in ready {
        for (selected, sums) in &prepared.processes {
            for (entry, _) in &selected.entries {
                let Some((_, work)) = solver.work(*entry) else { continue };
                for line in &work.lines {
                    let LineSource::Product(input) = line.source else { continue };
                    let share = work.shares.get(entry.output).filter(|_| inside.contains(&input));
                    let Some(share) = share else { continue };
                    let quanta = product(line.ratio, Wide::new(share.quanta()), WHAT)
                        .and_then(|a| product(a, power_of_ten(12)?, WHAT))
                        .and_then(|a| quotient(a, product(sums.units, power_of_ten(15)?, WHAT)?, WHAT));
                    *found.entry((*number, input)).or_insert(Wide::ZERO) += quanta.unwrap_or(Wide::ZERO);
                }
            }
        }
    }
    let mut largest: Vec<(Wide, Edge)> = found.into_iter().map(|(edge, a)| (a, edge)).collect();
    largest.sort_by(|a, b| b.0.abs().cmp(&a.0.abs()).then(a.1.cmp(&b.1)));
    let more = if largest.len() > NAMES_MAX { ", …" } else { "" };
    let name = |number: usize| solver.shop.products.get(number).map_or("", |(id, _)| id.as_str());
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
