//! Which products a change touches: those that a statement is about, and those whose statements name it.

use std::collections::BTreeSet;

use super::Statements;
use crate::model::{FactorId, KeptActivity, KeptFacts, ProductId, StatementId};

impl Statements {
    /// The products of an activity, and of those that claim the same certificate.
    pub(super) fn touch_activity(&self, id: &StatementId, dirty: &mut BTreeSet<u32>) {
        let Some(held) = self.activities.get(id) else { return };
        self.touch_all(Some(&vec![*id]), dirty);
        for instrument in held.statement.flows.iter().filter_map(|flow| flow.instrument.as_ref()) {
            self.touch_all(self.instruments.get(&instrument.id), dirty);
        }
    }

    pub(super) fn touch_all(&self, activities: Option<&Vec<StatementId>>, dirty: &mut BTreeSet<u32>) {
        for held in activities.into_iter().flatten().filter_map(|id| self.activities.get(id)) {
            dirty.extend(held.statement.outputs.iter().filter_map(|output| self.number(&output.product)));
        }
    }

    /// A product, what is made beside it, and what consumes it, by any of its ids.
    pub(super) fn touch_product(&self, id: &ProductId, dirty: &mut BTreeSet<u32>) {
        let number = self.numbers.get(id).copied().or_else(|| self.number(id));
        dirty.extend(number);
        let stated = number.and_then(|n| self.product(n)).map(|(_, product)| product.ids.as_slice());
        for name in stated.unwrap_or_default().iter().chain([id]) {
            self.touch_all(self.makers.get(name), dirty);
            self.touch_all(self.takers.get(name), dirty);
        }
    }

    pub(super) fn touch_factor(&self, factor: &FactorId, dirty: &mut BTreeSet<u32>) {
        self.touch_all(self.factors.get(factor), dirty);
        dirty.extend(self.recycled.iter().filter_map(|id| self.number(id)));
    }

    /// What names a statement of which only this stays, and so says something else when it goes or comes.
    pub(super) fn touch_redacted(&self, facts: &KeptFacts, dirty: &mut BTreeSet<u32>) {
        if let Some(activity) = &facts.activity {
            self.touch_kept(activity, dirty);
        }
        if let Some(factor) = &facts.factor {
            self.touch_factor(factor, dirty);
        }
        if let Some(bought) = &facts.footprint {
            self.touch_all(self.bought.get(bought), dirty);
        }
    }

    pub(super) fn touch_kept(&self, activity: &KeptActivity, dirty: &mut BTreeSet<u32>) {
        dirty.extend(activity.products.iter().filter_map(|product| self.number(product)));
        for instrument in &activity.instruments {
            self.touch_all(self.instruments.get(instrument), dirty);
        }
    }
}
