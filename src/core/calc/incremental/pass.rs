//! One pass over what a change may reach, inputs first: what is open is calculated again, and opens what consumes it. It keeps nothing of its own.

use std::collections::{BTreeSet, VecDeque};

use super::rows::Rows;
use super::{Incremental, Recalculated, State, state_of};
use crate::calc::CalcErrors;
use crate::calc::solve::Solver;
use crate::calc::source::SourceValue;

/// One run over what a change may reach.
pub(super) struct Pass<'i> {
    all: &'i mut Incremental,
    /// By the place of what is reached: true where its own statements changed, or one of its inputs did.
    open: Vec<bool>,
    changed: Vec<u32>,
    calculated: usize,
}

impl<'i> Pass<'i> {
    pub(super) fn new(all: &'i mut Incremental) -> Self {
        Self { all, open: Vec::new(), changed: Vec::new(), calculated: 0 }
    }

    /// Calculates again what `dirty` products and those downstream of them need.
    ///
    /// # Errors
    /// As [`Incremental::apply`].
    pub(super) fn run(mut self, dirty: &BTreeSet<u32>) -> Result<Recalculated<'i>, CalcErrors> {
        let reached = self.reached(dirty);
        self.open.resize(reached.len(), false);
        dirty.iter().for_each(|number| self.reopen(*number));
        let mut waits: Vec<u32> = Vec::with_capacity(reached.len());
        for number in &reached {
            let inputs = self.all.node(*number).map_or(&[][..], |node| &node.inputs);
            let inside = inputs.iter().filter(|n| self.mark(**n) != 0).count();
            waits.push(u32::try_from(inside).unwrap_or(u32::MAX));
        }
        let free = reached.iter().zip(&waits).filter(|(_, waits)| **waits == 0).map(|(n, _)| *n);
        let mut queue: VecDeque<u32> = free.collect();
        while let Some(number) = queue.pop_front() {
            self.one(number)?;
            for consumer in self.all.node(number).map_or(&[][..], |node| &node.consumers) {
                let Some(left) = self.place(*consumer).and_then(|p| waits.get_mut(p)) else { continue };
                *left = left.saturating_sub(1);
                if *left == 0 {
                    queue.push_back(*consumer);
                }
            }
        }
        // What is left consumes itself, or something that does.
        let left: Vec<u32> =
            reached.iter().zip(&waits).filter(|(_, waits)| **waits > 0).map(|(n, _)| *n).collect();
        if !left.is_empty() {
            for members in self.all.components(&left) {
                if self.all.group(&members) {
                    self.several(&members)?;
                } else if let Some(number) = members.first() {
                    self.one(*number)?;
                }
            }
        }
        for number in &reached {
            if let Some(mark) = self.all.marks.get_mut(*number as usize) {
                *mark = 0;
            }
        }
        let Self { all, changed, calculated, .. } = self;
        Ok(Recalculated { calculated, changed: all.statements.sorted(changed) })
    }

    /// The place of a product among what is reached.
    fn place(&self, number: u32) -> Option<usize> {
        (self.mark(number) as usize).checked_sub(1)
    }

    fn is_open(&self, number: u32) -> bool {
        self.place(number).and_then(|place| self.open.get(place)).is_some_and(|open| *open)
    }

    fn reopen(&mut self, number: u32) {
        if let Some(open) = self.place(number).and_then(|place| self.open.get_mut(place)) {
            *open = true;
        }
    }

    fn mark(&self, number: u32) -> u32 {
        self.all.marks.get(number as usize).copied().unwrap_or_default()
    }

    /// Everything downstream of what changed, marked with its place.
    fn reached(&mut self, dirty: &BTreeSet<u32>) -> Vec<u32> {
        let mut reached: Vec<u32> = Vec::new();
        let mut stack: Vec<u32> = dirty.iter().copied().collect();
        while let Some(number) = stack.pop() {
            let Some(mark) = self.all.marks.get_mut(number as usize).filter(|mark| **mark == 0) else {
                continue;
            };
            reached.push(number);
            *mark = u32::try_from(reached.len()).unwrap_or(u32::MAX);
            if let Some(node) = self.all.node(number) {
                stack.extend(&node.consumers);
            }
        }
        reached
    }

    /// One product that is in no loop, where something it rests on changed.
    fn one(&mut self, number: u32) -> Result<(), CalcErrors> {
        if !self.is_open(number) {
            return Ok(());
        }
        if let Some(node) = self.all.nodes.get_mut(number as usize) {
            node.group.clear();
        }
        self.calculated += 1;
        let value = self.all.node(number).and_then(|node| node.rows.as_ref()).and_then(|rows| {
            let value = |input: u32| match &self.all.node(input)?.state {
                State::Ready(value) => Some(&**value),
                _ => None,
            };
            rows.value(value)
        });
        match value {
            Some(value) => self.keep_value(number, value),
            None => return self.judge(&[number]),
        }
        Ok(())
    }

    fn several(&mut self, members: &[u32]) -> Result<(), CalcErrors> {
        if members.iter().any(|number| self.is_open(*number)) {
            self.calculated += members.len();
            self.judge(members)?;
        }
        Ok(())
    }

    /// Calculates products from their statements.
    fn judge(&mut self, members: &[u32]) -> Result<(), CalcErrors> {
        let here: Vec<u32> =
            members.iter().copied().filter(|n| self.all.statements.product(*n).is_some()).collect();
        for number in members.iter().filter(|n| !here.contains(n)) {
            self.keep(*number, State::Absent);
        }
        let Some(root) = here.first() else { return Ok(()) };
        let mut found = Vec::with_capacity(here.len());
        {
            let (statements, request) = (&self.all.statements, &self.all.request);
            let part = statements.part(&here);
            let solver = Solver::seeded(&part, request, statements.id(*root), self.all.seeds(&here))?;
            for number in &here {
                let place = statements.id(*number).and_then(|id| solver.shop.number(id));
                let Some(place) = place else { continue };
                let state = state_of(&solver, place);
                // A part has numbers of its own.
                let numbers: Vec<Option<u32>> =
                    solver.shop.products.iter().map(|(id, _)| statements.number(id)).collect();
                let whole = |n: usize| numbers.get(n).copied().flatten().unwrap_or(u32::MAX) as usize;
                let plain = matches!(state, State::Ready(_)) && members.len() == 1;
                let rows = plain.then(|| Rows::of(&solver, place, whole)).flatten();
                found.push((*number, state, rows));
            }
        }
        for (number, state, rows) in found {
            let looped = self.all.node(number).is_some_and(|node| !node.group.is_empty());
            if let Some(node) = self.all.nodes.get_mut(number as usize) {
                node.rows = rows.filter(|_| !looped).map(Box::new);
            }
            self.keep(number, state);
        }
        Ok(())
    }

    /// Keeps a gate that was calculated from sums, in the place of the one before.
    fn keep_value(&mut self, number: u32, value: SourceValue) {
        match self.all.nodes.get_mut(number as usize).map(|node| &mut node.state) {
            Some(State::Ready(before)) if **before == value => {}
            Some(State::Ready(before)) => {
                **before = value;
                self.spread(number, false);
            }
            _ => self.keep(number, State::Ready(Box::new(value))),
        }
    }

    /// Keeps a gate; where it is another one, those that consume it are open now.
    fn keep(&mut self, number: u32, state: State) {
        let Some(node) = self.all.nodes.get_mut(number as usize) else { return };
        if node.state == state {
            return;
        }
        let other_kind = std::mem::discriminant(&node.state) != std::mem::discriminant(&state)
            || !matches!(state, State::Ready(_));
        node.state = state;
        self.spread(number, other_kind);
    }

    /// Opens what consumes a product that has another gate now; where that is of another kind, the sums it entered are other sums: with a
    /// publication in place of the product, or the other way round.
    fn spread(&mut self, number: u32, other_kind: bool) {
        let Some(node) = self.all.nodes.get_mut(number as usize) else { return };
        let consumers = std::mem::take(&mut node.consumers);
        self.changed.push(number);
        for consumer in &consumers {
            self.reopen(*consumer);
            if let Some(node) = self.all.nodes.get_mut(*consumer as usize).filter(|_| other_kind) {
                node.rows = None;
            }
        }
        if let Some(node) = self.all.nodes.get_mut(number as usize) {
            node.consumers = consumers;
        }
    }
}
