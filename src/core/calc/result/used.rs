//! The statements that enter a figure, through all products, and what must be known of them; and
//! the errors behind an error.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::calc::lower::{LineSource, index};
use crate::calc::rows::Side;
use crate::calc::scope::{Half, is_asked};
use crate::calc::solve::{Engine, Status, describe};
use crate::calc::{CalcError, FlowProblem, NamedProduct};
use crate::model::StatementId;

/// What a walk over the rows behind a figure has seen.
#[derive(Default)]
struct Walk {
    /// Statements, by their lowered numbers.
    walked: BTreeSet<u32>,
    used: BTreeSet<StatementId>,
    inputs: Vec<u32>,
}

impl Engine<'_> {
    /// Every statement that enters these halves of a product's figure, through all products; notes
    /// of what they rest on are added.
    pub(super) fn used(
        &self,
        number: usize,
        halves: &[Half],
        notes: &mut BTreeSet<String>,
    ) -> BTreeSet<StatementId> {
        let catalogue = &self.graph.lowering.catalogue;
        let (mut walk, mut seen) = (Walk::default(), BTreeSet::new());
        let mut open = vec![(number, true)];
        while let Some((number, asked)) = open.pop() {
            let Some((id, held)) = catalogue.products.get(number) else { continue };
            walk.used.insert(held.id);
            if let Some(published) = self.graph.stand_ins.publication(number).filter(|_| !asked) {
                walk.used.insert(published.id);
                notes.insert(format!(
                    "product {id} has no data in {}: its published footprint {} enters",
                    catalogue.request.period, published.statement.footprint
                ));
                continue;
            }
            // Of what a product is made of, only the way to its gate enters.
            for half in halves.iter().copied().filter(|half| asked || *half == Half::Gate) {
                self.used_by(number, self.side(half, asked), half, &mut walk, notes);
            }
            for input in walk.inputs.drain(..) {
                if seen.insert(input) {
                    open.push((input as usize, false));
                }
            }
        }
        walk.used
    }

    fn side(&self, half: Half, asked: bool) -> Side {
        let batch = asked && self.graph.lowering.catalogue.request.batch.is_some();
        match half {
            Half::Gate if batch => Side::Batch,
            Half::Gate => Side::Gate,
            Half::Beyond(_) => Side::Beyond,
        }
    }

    /// Adds the statements behind one product's own figures and the products it consumes.
    fn used_by(&self, number: usize, side: Side, half: Half, walk: &mut Walk, notes: &mut BTreeSet<String>) {
        let (rows, lowering) = (&self.graph.rows, &self.graph.lowering);
        for part in rows.recycled(number, half) {
            notes.extend(part.notes.iter().cloned());
            part.terms.iter().for_each(|term| self.use_source(term.source, walk, notes));
        }
        for row in rows.of(number, side).filter_map(|at| rows.row(at)) {
            walk.used.extend(rows.made(row).iter().filter_map(|at| self.activity(*at)));
        }
        let picks = rows.of(number, side).filter_map(|at| rows.row(at)).flat_map(|row| rows.picks(row));
        for pick in picks {
            if pick.is_shared {
                self.use_sharing(pick.statement, walk);
            }
            let Some(statement) = lowering.lowered.statement(pick.statement) else { continue };
            if !walk.walked.insert(pick.statement) {
                continue; // A statement in common with a product that was here before.
            }
            walk.used.extend(lowering.held(pick.statement).map(|held| held.id));
            if let Some(aside) = lowering.lowered.aside(pick.statement) {
                notes.extend(aside.notes.iter().cloned());
                let masses = aside.masses_of.iter().filter_map(|n| lowering.catalogue.products.get(*n));
                walk.used.extend(masses.map(|(_, product)| product.id));
            }
            for line in lowering.lowered.lines(statement) {
                match line.source {
                    LineSource::Product(input) => walk.inputs.push(input),
                    LineSource::Fixed(_) => self.use_source(line.source, walk, notes),
                }
            }
        }
    }

    /// Adds what decides how a reading is shared: the productions that it concerns, and the
    /// statements of their products.
    fn use_sharing(&self, reading: u32, walk: &mut Walk) {
        let lowering = &self.graph.lowering;
        let Some(shared) = lowering.lowered.statement(reading).and_then(|of| lowering.shared(of.activity))
        else {
            return;
        };
        walk.used.extend(shared.productions.iter().filter_map(|at| self.activity(*at)));
        let products = shared.products.iter().filter_map(|number| lowering.catalogue.products.get(*number));
        walk.used.extend(products.map(|(_, product)| product.id));
    }

    fn activity(&self, at: u32) -> Option<StatementId> {
        self.graph.lowering.catalogue.activities.get(at as usize).map(|held| held.id)
    }

    /// The statement of a source that is not calculated here, and what must be known of it.
    fn use_source(&self, source: LineSource, walk: &mut Walk, notes: &mut BTreeSet<String>) {
        if let Some(source) = self.graph.lowering.sources.get(source) {
            walk.used.extend(source.statement);
            notes.extend(source.notes.iter().cloned());
        }
    }

    pub(super) fn knows_scenario(&self, number: usize) -> bool {
        let catalogue = &self.graph.lowering.catalogue;
        let activities = &catalogue.activities;
        let mut of =
            catalogue.entries(number).iter().filter_map(|entry| activities.get(entry.activity as usize));
        of.any(|held| {
            held.statement.scenario.as_ref().is_some_and(|named| is_asked(named, catalogue.request))
        })
    }

    /// The errors behind `errors`, those of product `asked`: where an input fails, its own errors
    /// instead, and so on. A loop is told once, with the way to it.
    pub(super) fn causes(&self, asked: usize, errors: Vec<CalcError>) -> Vec<CalcError> {
        let (mut causes, mut loops) = (Vec::new(), BTreeSet::new());
        let mut open: VecDeque<(CalcError, usize)> = errors.into_iter().map(|error| (error, asked)).collect();
        // Each product whose errors are looked at, with the one that consumes it.
        let mut consumers = BTreeMap::new();
        while let Some((error, of)) = open.pop_front() {
            let input = match &error {
                CalcError::Flow { problem: FlowProblem::InputFails { product }, .. } => {
                    self.graph.lowering.catalogue.number(product)
                }
                _ => None,
            };
            let failed = |n: &usize| matches!(self.solution.status(*n), Status::Failed { .. });
            match (input.filter(failed), error) {
                (Some(number), _) if consumers.contains_key(&number) => {}
                (Some(number), _) => {
                    consumers.insert(number, of);
                    open.extend(self.solution.errors(number).iter().map(|error| (error.clone(), number)));
                }
                (None, CalcError::Loop { products, count, cycle, problem, .. }) => {
                    if !loops.insert(products.first().map(|first| first.id.clone())) {
                        continue;
                    }
                    let is_inside = self.solution.errors(asked).iter().any(|own| own.is_loop_of(&products));
                    let way = if is_inside { Vec::new() } else { self.way(asked, of, &consumers) };
                    let needed_by = way.into();
                    causes.push(CalcError::Loop { products, count, cycle, problem, needed_by });
                }
                (None, error) => causes.push(error),
            }
        }
        causes
    }

    /// The products from `from` to `to`, each consuming the next.
    fn way(&self, from: usize, to: usize, consumers: &BTreeMap<usize, usize>) -> Vec<NamedProduct> {
        let before = |at: &usize| consumers.get(at).copied().filter(|_| *at != from);
        let way = std::iter::successors(Some(to), before);
        let mut way: Vec<NamedProduct> =
            way.filter_map(|number| describe::named(&self.graph, index(number))).collect();
        way.reverse();
        way
    }
}
