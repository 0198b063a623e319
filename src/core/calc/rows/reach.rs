//! What a calculation needs and no more: from the product asked for to everything that it consumes,
//! or every product.

use std::collections::BTreeMap;

use super::{Rows, Side};
use crate::calc::lower::{Lowering, index};
use crate::calc::scope::{self, InScope};

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
        for place in 0..lowering.catalogue.entries(number).len() {
            let Some(entry) = lowering.catalogue.entries(number).get(place).copied() else { continue };
            let Some(held) = lowering.catalogue.inventory.activities.get(entry.activity) else { continue };
            let inside = scope::of(&held.statement, lowering.catalogue.request);
            let gate = scope::at_gate(product, held.statement.stage);
            if !matches!(inside, InScope::Measured | InScope::Applied) || !(gate || whole) {
                continue;
            }
            let Some(statement) = lowering.statement(entry) else { continue };
            let into = if gate { &mut *at_gate } else { &mut *beyond };
            into.extend(lowering.lowered.inputs(statement).map(|(_, input)| input));
        }
        at_gate.sort_unstable();
        at_gate.dedup();
        let first = index(self.targets.len());
        self.targets.extend_from_slice(at_gate);
        if let Some(range) = self.inputs.get_mut(number) {
            *range = first..index(self.targets.len());
        }
        self.choose(lowering, number, Side::Gate);
        if whole {
            if lowering.catalogue.request.batch.is_some() {
                self.choose(lowering, number, Side::Batch);
            }
            self.choose(lowering, number, Side::Beyond);
        }
        let sound = self.judge(lowering, number);
        if let Some(flag) = self.sound.get_mut(number) {
            *flag = sound;
        }
    }
}
