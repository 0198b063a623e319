//! Names of flows that were dropped once their statement was lowered: what tells flows apart, and
//! what an error names.

use std::collections::HashMap;

use super::index;
use crate::model::{Flow, FlowKind, Text};

/// Kinds and names of flows by the place of their activity; each text once.
#[derive(Debug, Default)]
pub(super) struct FlowNames {
    texts: Vec<Text>,
    numbers: HashMap<Text, u32>,
    flows: Vec<(FlowKind, u32)>,
    /// Where the flows of each activity end.
    ends: Vec<u32>,
}

impl FlowNames {
    /// How many activities were added.
    pub(super) fn activities(&self) -> usize {
        self.ends.len()
    }

    /// Adds the next activity with the flows that are let go.
    pub(super) fn push(&mut self, flows: &[Flow]) {
        for flow in flows {
            let number = match self.numbers.get(&flow.name) {
                Some(known) => *known,
                None => {
                    let next = index(self.texts.len());
                    self.texts.push(flow.name.clone());
                    self.numbers.insert(flow.name.clone(), next);
                    next
                }
            };
            self.flows.push((flow.kind, number));
        }
        self.ends.push(index(self.flows.len()));
    }

    /// The flows that an activity let go, in their order.
    pub(super) fn of(&self, activity: u32) -> impl Iterator<Item = (FlowKind, &Text)> {
        let end = |place: usize| self.ends.get(place).map(|end| *end as usize);
        let from = (activity as usize).checked_sub(1).map_or(Some(0), end);
        let range = from.zip(end(activity as usize));
        let flows = range.and_then(|(from, to)| self.flows.get(from..to)).unwrap_or_default();
        flows.iter().filter_map(|(kind, number)| Some((*kind, self.texts.get(*number as usize)?)))
    }
}
