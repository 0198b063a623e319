//! The products of one loop: their equations built from the statements, handed to `loops`, and the figures put back. Means over flows
//! (primary share, ratings) are repeated until they settle. Says in words why a loop has no figures.

use std::collections::{BTreeMap, BTreeSet};

use super::CalcError;
use super::amount::plain_decimal;
use super::error::LoopProblem;
use super::gate::{self, Prepared};
use super::loops::{self, System, Unsolved};
use super::quality::Primary;
use super::solve::{Gate, Solver};
use super::source::{GwpSets, SourceValue};
use super::work::LineSource;
use crate::model::wide::{Wide, power_of_ten, product, quotient, sum};
use crate::model::{ByCategory, Category, Co2e, Decimal, FlowKind, ProductId, Stage, Text, ValueError};

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

/// One edge between processes, with what kind of flow it is.
struct Line {
    row: usize,
    column: usize,
    coefficient: Wide,
    kind: FlowKind,
}

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
    match Equations::of(solver, &ready).map_err(Unsolved::Range).and_then(|e| e.solve(&ready).map(|x| (e, x)))
    {
        Ok((_, figures)) => finish(solver, &ready, figures),
        Err(unsolved) => {
            let error = describe(solver, &ready, unsolved);
            for number in members {
                solver.place(*number, Gate::Failed { errors: vec![error.clone()], lacks_data: false });
            }
        }
    }
    Ok(())
}

/// The equations of a loop: a row for each unit process.
struct Equations {
    /// First row of each product.
    lines: Vec<Line>,
    rows: usize,
}

impl Equations {
    fn of(solver: &Solver<'_>, ready: &[Member<'_>]) -> Result<Self, ValueError> {
        let mut first = BTreeMap::new();
        let mut rows = 0;
        for (number, prepared) in ready {
            first.insert(*number, rows..rows + prepared.processes.len());
            rows += prepared.processes.len();
        }
        let mut lines = Vec::new();
        let mut row = 0;
        for (_, prepared) in ready {
            for (selected, _) in &prepared.processes {
                for (entry, _) in &selected.entries {
                    let Some((held, work)) = solver.work(*entry) else { continue };
                    let Some(share) = work.shares.get(entry.output) else { continue };
                    for line in &work.lines {
                        let LineSource::Product(input) = line.source else { continue };
                        let Some(columns) = first.get(&input) else { continue };
                        let Some(flow) = held.statement.flows.get(line.flow) else { continue };
                        let coefficient = product(line.ratio, Wide::new(share.quanta()), WHAT)?;
                        let one = |column| Line { row, column, coefficient, kind: flow.kind };
                        lines.extend(columns.clone().map(one));
                    }
                }
                row += 1;
            }
        }
        Ok(Self { lines, rows })
    }

    /// The rounded figures of every row.
    fn solve(&self, ready: &[Member<'_>]) -> Result<Vec<ByCategory<Co2e>>, Unsolved> {
        let rows: Vec<_> = ready.iter().flat_map(|(_, p)| p.processes.iter().map(|(_, sums)| sums)).collect();
        let doubled = |c: Category| kind_of(c).is_some_and(|kind| self.lines.iter().any(|l| l.kind == kind));
        let (apart, together): (Vec<Category>, Vec<Category>) = Category::ALL
            .iter()
            .copied()
            .filter(|c| doubled(*c) || rows.iter().any(|sums| sums.categories[*c] != 0))
            .partition(|c| doubled(*c));
        let mut figures = vec![ByCategory::<Co2e>::default(); self.rows];
        let diagonal = |row: usize| -> Result<Wide, ValueError> {
            let units = rows.get(row).map_or(Wide::ONE, |sums| sums.units);
            product(units, Wide::new(super::Share::ONE.quanta()), WHAT)
        };
        let mut system = System::default();
        let mut by_row: Vec<Vec<&Line>> = vec![Vec::new(); self.rows];
        for line in &self.lines {
            if let Some(of) = by_row.get_mut(line.row) {
                of.push(line);
            }
        }
        for (row, lines) in by_row.iter().enumerate() {
            system.push(diagonal(row)?, lines.iter().map(|l| (l.column, l.coefficient)))?;
        }
        let rhs =
            rows.iter().flat_map(|sums| together.iter().map(|c| sums.categories[*c])).collect::<Vec<_>>();
        // Without any category the amounts are still judged.
        let lanes = together.len().max(1);
        let rhs = if together.is_empty() { vec![Wide::ZERO; self.rows] } else { rhs };
        let solved = loops::solve(&system, &rhs, lanes)?;
        for (figures, of_row) in figures.iter_mut().zip(solved.chunks(lanes)) {
            for (category, quanta) in together.iter().zip(of_row) {
                figures[*category] = Co2e::from_quanta(*quanta)?;
            }
        }
        for category in apart {
            let Some(kind) = kind_of(category) else { continue };
            let mut system = System::default();
            let mut rhs = Vec::with_capacity(2 * self.rows);
            for (row, lines) in by_row.iter().enumerate() {
                let column = |l: &&Line| if l.kind == kind { l.column + self.rows } else { l.column };
                system.push(diagonal(row)?, lines.iter().map(|l| (column(l), l.coefficient)))?;
                rhs.push(rows.get(row).map_or(Wide::ZERO, |sums| sums.categories[category]));
            }
            for (row, lines) in by_row.iter().enumerate() {
                system.push(diagonal(row)?, lines.iter().map(|l| (l.column + self.rows, l.coefficient)))?;
                let mut whole = Wide::ZERO;
                for counted in Category::ALL.iter().filter(|c| c.counts_excluding_uptake()) {
                    let part = rows.get(row).map_or(Wide::ZERO, |sums| sums.categories[*counted]);
                    whole = sum(whole, part, WHAT)?;
                }
                rhs.push(whole);
            }
            let solved = loops::solve(&system, &rhs, 1)?;
            for (figures, quanta) in figures.iter_mut().zip(solved) {
                figures[category] = Co2e::from_quanta(quanta)?;
            }
        }
        Ok(figures)
    }
}

/// The kind of flow that enters an of-which line whole.
fn kind_of(category: Category) -> Option<FlowKind> {
    match category {
        Category::Aircraft => Some(FlowKind::Aircraft),
        Category::Packaging => Some(FlowKind::Packaging),
        _ => None,
    }
}

/// Puts the figures where the other products find them, and takes the means.
fn finish<'a>(solver: &mut Solver<'a>, ready: &[Member<'a>], figures: Vec<ByCategory<Co2e>>) {
    let mut gwp = GwpSets::default();
    for (_, sums) in ready.iter().flat_map(|(_, prepared)| &prepared.processes) {
        gwp.add(sums.gwp);
    }
    let mut figures = figures.into_iter();
    for (number, prepared) in ready {
        let keys = prepared.processes.iter().map(|(s, _)| (s.stage, s.process));
        let processes: BTreeMap<_, _> = keys.zip(&mut figures).collect();
        let total = processes.values().try_fold(ByCategory::<Co2e>::default(), |sum, of| sum.plus(of));
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
    let problem = match unsolved {
        Unsolved::Consumes => LoopProblem::Consumes,
        Unsolved::Singular => LoopProblem::Singular,
        Unsolved::TooLarge => LoopProblem::TooLarge,
        Unsolved::Undecided => LoopProblem::Undecided,
        Unsolved::Range(problem) => LoopProblem::Range(problem),
    };
    CalcError::Loop { products, count: ready.len(), amounts: amounts(solver, ready).into(), problem }
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
                    let millionths = product(line.ratio, Wide::new(share.quanta()), WHAT)
                        .and_then(|a| product(a, power_of_ten(6)?, WHAT))
                        .and_then(|a| quotient(a, product(sums.units, power_of_ten(15)?, WHAT)?, WHAT));
                    *found.entry((*number, input)).or_insert(Wide::ZERO) += millionths.unwrap_or(Wide::ZERO);
                }
            }
        }
    }
    let mut largest: Vec<(Wide, Edge)> = found.into_iter().map(|(edge, a)| (a, edge)).collect();
    largest.sort_by(|a, b| b.0.abs().cmp(&a.0.abs()).then(a.1.cmp(&b.1)));
    let more = if largest.len() > NAMES_MAX { ", …" } else { "" };
    let name = |number: usize| solver.shop.products.get(number).map_or("", |(id, _)| id.as_str());
    let said = largest.iter().take(NAMES_MAX).map(|(millionths, (p, q))| {
        format!(
            "{} takes {} declared units of {} for each of its own",
            name(*p),
            plain_decimal(*millionths, 6),
            name(*q)
        )
    });
    format!("{}{more}", said.collect::<Vec<_>>().join(", "))
}
