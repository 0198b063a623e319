//! All gates kept up to date: after a change of what holds, only what depends on it is calculated again, with the digits of a full run. What
//! changed itself is judged from its statements by the code of every calculation; what only consumes it takes its kept sums.
//!
//! For a program that stays open: after an append it hands on what `Ledger::changes_since` gives. A command begins
//! anew each time and calculates only the product it is asked for, which is less than all gates once.

use std::collections::BTreeSet;

use super::change::Change;
use super::quality::Primary;
use super::solve::{Gate, Seed, Solver};
use super::source::SourceValue;
use super::{CalcError, CalcErrors, Inventory, Request, footprint, graph};
use crate::model::{ByCategory, Co2e, Figures, ProductId};

mod pass;
mod rows;
mod statements;

use pass::Pass;
use rows::Rows;
use statements::Statements;

/// The gate of one product, as those need it that consume it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum State {
    /// It has no product statement.
    Absent,
    /// Calculated.
    Ready(Box<SourceValue>),
    /// Something stops it.
    Failed { lacks_data: bool },
}

/// One product.
#[derive(Debug)]
struct Node {
    state: State,
    /// Its sums, where its inputs alone can change its figures.
    rows: Option<Box<Rows>>,
    /// Every product that its statements name as an input, sorted.
    inputs: Vec<u32>,
    /// Every product whose statements name it.
    consumers: Vec<u32>,
    /// Itself and those that it consumes and that consume it; empty where there are none.
    group: Vec<u32>,
}

/// Every product of an inventory with its gate, kept up to date change by change.
///
/// ```
/// use pcf_core::calc::{Incremental, Inventory, Request};
/// use pcf_core::model::GwpSet;
/// let request =
///     Request { period: "2025".parse()?, boundary: None, scenario: None, batch: None, gwp: GwpSet::Ar6 };
/// let all = Incremental::new(Inventory::default(), request)?;
/// assert!(all.figures(&"urn:gtin:06901234000016".parse()?).is_err(), "nothing is known of it");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Incremental {
    request: Request,
    statements: Statements,
    nodes: Vec<Node>,
    /// Place of each product in the set that is looked at, plus one; zero elsewhere.
    marks: Vec<u32>,
}

/// What a change came to.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recalculated<'i> {
    /// Products whose gate was calculated again.
    pub calculated: usize,
    /// Products whose gate is another than before, sorted.
    pub changed: Vec<&'i ProductId>,
}

impl Incremental {
    /// Calculates every gate once.
    ///
    /// # Errors
    /// As [`footprints`](super::footprints): what fails in one product is kept with it.
    pub fn new(inventory: Inventory, request: Request) -> Result<Self, CalcErrors> {
        let mut all =
            Self { request, statements: Statements::default(), nodes: Vec::new(), marks: Vec::new() };
        {
            let solver = Solver::new(&inventory, &all.request, None)?;
            let count = solver.shop.products.len();
            for number in 0..count {
                let state = state_of(&solver, number);
                let rows =
                    matches!(state, State::Ready(_)).then(|| Rows::of(&solver, number, |n| n)).flatten();
                let node = Node {
                    state,
                    rows: rows.map(Box::new),
                    inputs: Vec::new(),
                    consumers: Vec::new(),
                    group: Vec::new(),
                };
                all.nodes.push(node);
            }
        }
        all.statements = Statements::new(inventory);
        for number in 0..u32::try_from(all.nodes.len()).unwrap_or(u32::MAX) {
            all.link(number);
        }
        let every: Vec<u32> = (0..u32::try_from(all.nodes.len()).unwrap_or(u32::MAX)).collect();
        for members in all.components(&every) {
            all.group(&members);
        }
        all.marks.resize(all.nodes.len(), 0);
        Ok(all)
    }

    /// The gate of a product per declared unit, by any of its ids; `None` where it has none or something stops it.
    pub fn gate(&self, product: &ProductId) -> Option<&ByCategory<Co2e>> {
        match &self.node(self.statements.number(product)?)?.state {
            State::Ready(value) => Some(&value.categories),
            _ => None,
        }
    }

    /// Every figure of a product, by any of its ids: what [`footprints`](super::footprints) gives for it.
    ///
    /// # Errors
    /// What stops it. A product that fails because of another says only that.
    pub fn figures(&self, product: &ProductId) -> Result<Figures, CalcErrors> {
        let unknown = || CalcError::UnknownProduct { product: product.clone() };
        let number = self.statements.number(product).ok_or_else(unknown)?;
        let node = self.node(number).ok_or_else(unknown)?;
        let members = if node.group.is_empty() { vec![number] } else { node.group.clone() };
        let part = self.statements.part(&members);
        let solver = Solver::seeded(&part, &self.request, self.statements.id(number), self.seeds(&members))?;
        let place = solver.shop.number(product).ok_or_else(unknown)?;
        footprint::figures_of(&solver, place)
    }

    /// Carries out changes and calculates again what depends on them.
    ///
    /// # Errors
    /// Only where a product that was listed a moment ago is not found; never for what a product itself lacks.
    pub fn apply(
        &mut self,
        changes: impl IntoIterator<Item = Change>,
    ) -> Result<Recalculated<'_>, CalcErrors> {
        let mut dirty = BTreeSet::new();
        for change in changes {
            self.statements.apply(change, &mut dirty);
        }
        while self.nodes.len() < self.statements.count() {
            let (inputs, consumers, group) = (Vec::new(), Vec::new(), Vec::new());
            self.nodes.push(Node { state: State::Absent, rows: None, inputs, consumers, group });
        }
        self.marks.resize(self.nodes.len(), 0);
        for number in &dirty {
            self.link(*number);
            if let Some(node) = self.nodes.get_mut(*number as usize) {
                node.rows = None;
            }
        }
        Pass::new(self).run(&dirty)
    }

    fn node(&self, number: u32) -> Option<&Node> {
        self.nodes.get(number as usize)
    }

    /// Brings a product's inputs, and theirs to it, up to its statements.
    fn link(&mut self, number: u32) {
        let inputs = self.statements.inputs(number);
        let Some(node) = self.nodes.get_mut(number as usize) else { return };
        let before = std::mem::replace(&mut node.inputs, inputs.clone());
        for gone in before.iter().filter(|n| inputs.binary_search(n).is_err()) {
            if let Some(input) = self.nodes.get_mut(*gone as usize) {
                input.consumers.retain(|consumer| *consumer != number);
            }
        }
        for new in inputs.iter().filter(|n| before.binary_search(n).is_err()) {
            if let Some(input) = self.nodes.get_mut(*new as usize) {
                input.consumers.push(number);
            }
        }
    }

    /// Products that consume each other among `numbers`, inputs first.
    fn components(&self, numbers: &[u32]) -> Vec<Vec<u32>> {
        let mut sorted = numbers.to_vec();
        sorted.sort_unstable();
        let inside = |n: &u32| sorted.binary_search(n).ok();
        let inputs = |n: &u32| -> Vec<usize> {
            self.node(*n).map_or(&[][..], |node| &node.inputs).iter().filter_map(inside).collect()
        };
        let edges: Vec<Vec<usize>> = sorted.iter().map(inputs).collect();
        let named = |members: Vec<usize>| members.iter().filter_map(|i| sorted.get(*i).copied()).collect();
        graph::components(&edges).into_iter().map(named).collect()
    }

    /// Keeps who consumes each other; gives true for a loop.
    fn group(&mut self, members: &[u32]) -> bool {
        let itself = |n: &u32| self.node(*n).is_some_and(|node| node.inputs.binary_search(n).is_ok());
        let looped = members.len() > 1 || members.first().is_some_and(itself);
        for number in members {
            if let Some(node) = self.nodes.get_mut(*number as usize) {
                node.group = if looped { members.to_vec() } else { Vec::new() };
                if looped {
                    node.rows = None;
                }
            }
        }
        looped
    }

    /// The known gates of everything that `members` consume.
    fn seeds(&self, members: &[u32]) -> Vec<(ProductId, Seed)> {
        let inputs: BTreeSet<u32> = members
            .iter()
            .filter_map(|n| self.node(*n))
            .flat_map(|node| node.inputs.iter().copied())
            .collect();
        let members: BTreeSet<u32> = members.iter().copied().collect();
        let outside = inputs.into_iter().filter(|n| !members.contains(n));
        let seed = |n: u32| {
            let seed = match &self.node(n)?.state {
                State::Absent => return None,
                State::Ready(value) => Seed::Ready(value.clone()),
                State::Failed { lacks_data } => Seed::Failed { lacks_data: *lacks_data },
            };
            Some((self.statements.id(n)?.clone(), seed))
        };
        outside.filter_map(seed).collect()
    }
}

fn state_of(solver: &Solver<'_>, number: usize) -> State {
    match solver.gate_of(number) {
        Some(Gate::Ready(part)) => State::Ready(Box::new(part.value.clone())),
        Some(Gate::Failed { lacks_data, .. }) => State::Failed { lacks_data: *lacks_data },
        _ => State::Absent,
    }
}

/// The primary share that a product passes on.
pub(super) fn passed_on(share: Option<crate::model::Decimal>) -> Primary {
    Primary::Percent(share.unwrap_or(crate::model::Decimal::ZERO))
}
