//! What a calculation needs and no more: from the product asked for to everything that it consumes,
//! or every product.

use std::collections::BTreeMap;

use super::{Rows, Side};
use crate::calc::lower::{Lowering, index};

impl<'a> Rows<'a> {
    /// The rows of one product with both halves of its life and of everything it consumes to the
    /// gate; or of all.
    pub(in crate::calc) fn reach(lowering: &mut Lowering<'a>, root: Option<usize>) -> Self {
        let count = lowering.catalogue.products.len();
        let mut rows = Self {
            ranges: vec![[0..0, 0..0, 0..0]; count],
            needed: vec![root.is_none(); count],
            sound: vec![false; count],
            inputs: vec![0..0; count],
            recycled: BTreeMap::new(),
            ..Self::default()
        };
        let mut open: Vec<usize> = match root {
            Some(root) => vec![root],
            None => (0..count).rev().collect(),
        };
        if let Some(flag) = root.and_then(|r| rows.needed.get_mut(r)) {
            *flag = true;
        }
        let (mut at_gate, mut beyond) = (Vec::new(), Vec::new());
        while let Some(number) = open.pop() {
            let whole = root.is_none_or(|r| r == number);
            rows.enter(lowering, number, whole, (&mut at_gate, &mut beyond));
            for input in at_gate.drain(..).chain(beyond.drain(..)) {
                if let Some(flag) = rows.needed.get_mut(input as usize).filter(|flag| !**flag) {
                    *flag = true;
                    open.push(input as usize);
                }
            }
        }
        rows
    }

    /// The rows of one product; what it consumes, to the gate and beyond, goes to the lists.
    fn enter(
        &mut self,
        lowering: &mut Lowering<'a>,
        number: usize,
        whole: bool,
        (at_gate, beyond): (&mut Vec<u32>, &mut Vec<u32>),
    ) {
        let Some(product) = lowering.catalogue.product(number) else { return };
        if let Err(problem) = product.check() {
            self.invalid.insert(number, problem);
        }
        if product.recycling.is_some() {
            let parts = lowering.recycled(number);
            self.recycled.insert(number, parts);
        }
        self.choose(lowering, number, Side::Gate);
        if whole {
            if lowering.catalogue.request.batch.is_some() {
                self.choose(lowering, number, Side::Batch);
            }
            self.choose(lowering, number, Side::Beyond);
        }
        self.consumed(lowering, number, Side::Gate, at_gate);
        self.consumed(lowering, number, Side::Batch, beyond);
        self.consumed(lowering, number, Side::Beyond, beyond);
        at_gate.sort_unstable();
        at_gate.dedup();
        let first = index(self.targets.len());
        self.targets.extend_from_slice(at_gate);
        if let Some(range) = self.inputs.get_mut(number) {
            *range = first..index(self.targets.len());
        }
        let sound = self.judge(lowering, number);
        if let Some(flag) = self.sound.get_mut(number) {
            *flag = sound;
        }
    }

    /// Adds what the rows of one side consume.
    fn consumed(&self, lowering: &Lowering<'a>, number: usize, side: Side, into: &mut Vec<u32>) {
        let rows = self.of(number, side).filter_map(|at| self.row(at));
        for pick in rows.flat_map(|row| self.picks(row)) {
            into.extend(lowering.lowered.inputs(pick.statement).map(|(_, input)| input));
        }
    }
}
