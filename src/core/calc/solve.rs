//! All products in one pass, inputs first: which statements each needs, the order, and the gate footprint of each, which then enters the
//! products that consume it as a rounded figure. Products that consume each other are solved together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::gate::{self, GatePart};
use super::looped::{self, Solved};
use super::recycling::Recycled;
use super::scope::{self, Entry, Half, InScope, Selector};
use super::source::{self, SourceValue};
use super::work::{LineSource, Work, Workshop};
use super::{CalcError, ContributionSource, FlowProblem, Held, Inventory, Request, claims, graph};
use crate::model::{
    Activity, Boundary, Product, ProductId, Publication, PublicationStatus, Quantity, Text, ValueError,
};

/// The gate of one product.
pub(super) enum Gate<'a> {
    /// Nothing that is asked for needs it.
    Unneeded,
    /// Part of a loop that is being solved: enters as nothing.
    Open,
    /// Calculated.
    Ready(Box<GatePart<'a>>),
    /// It has errors of its own.
    Failed {
        errors: Vec<CalcError>,
        /// True where all that fails is data that is not there, here or in what it consumes.
        lacks_data: bool,
    },
}

/// A publication that may stand in for a product without data.
struct StandIn<'a> {
    held: &'a Held<Publication>,
    value: SourceValue,
}

/// What is known of a product that is not calculated here.
pub(super) enum Seed {
    /// Its gate.
    Ready(Box<SourceValue>),
    /// That it fails.
    Failed { lacks_data: bool },
}

/// An inventory on its way to footprints.
pub(super) struct Solver<'a> {
    pub(super) shop: Workshop<'a>,
    /// Per product, the outputs that are its.
    entries: Vec<Vec<Entry>>,
    works: Vec<Option<Box<Work>>>,
    claims: HashMap<usize, Vec<CalcError>>,
    gates: Vec<Gate<'a>>,
    stand_ins: HashMap<usize, StandIn<'a>>,
    /// Figures of products in loops.
    pub(super) solved: BTreeMap<usize, Solved<'a>>,
    /// Recycled material of the products that have any.
    recycled: BTreeMap<usize, Vec<Recycled>>,
    nothing: SourceValue,
}

impl<'a> Solver<'a> {
    /// Calculates the gate of every product that `wanted` needs, or of all.
    pub(super) fn new(
        inventory: &'a Inventory,
        request: &'a Request,
        wanted: Option<&ProductId>,
    ) -> Result<Self, CalcError> {
        Self::seeded(inventory, request, wanted, Vec::new())
    }

    /// The same where the gates of some products are known already.
    pub(super) fn seeded(
        inventory: &'a Inventory,
        request: &'a Request,
        wanted: Option<&ProductId>,
        seeds: Vec<(ProductId, Seed)>,
    ) -> Result<Self, CalcError> {
        let shop = Workshop::new(inventory, request);
        let count = shop.products.len();
        let root = match wanted {
            Some(id) => {
                let unknown = || CalcError::UnknownProduct { product: id.clone() };
                Some(shop.number(id).ok_or_else(unknown)?)
            }
            None => None,
        };
        let mut solver = Self {
            entries: vec![Vec::new(); count],
            works: Vec::new(),
            claims: claims::twice(inventory),
            gates: Vec::new(),
            stand_ins: stand_ins(&shop),
            solved: BTreeMap::new(),
            recycled: BTreeMap::new(),
            nothing: SourceValue::nothing(),
            shop,
        };
        solver.works.resize_with(inventory.activities.len(), || None);
        solver.gates.resize_with(count, || Gate::Unneeded);
        for (activity, held) in inventory.activities.iter().enumerate() {
            for (output, made) in held.statement.outputs.iter().enumerate() {
                if let Some(entries) =
                    solver.shop.number(&made.product).and_then(|n| solver.entries.get_mut(n))
                {
                    entries.push(Entry { activity, output });
                }
            }
        }
        for (id, seed) in seeds {
            let Some(number) = solver.shop.number(&id) else { continue };
            let gate = match seed {
                Seed::Ready(value) => {
                    Gate::Ready(Box::new(GatePart { processes: Vec::new(), value: *value }))
                }
                Seed::Failed { lacks_data } => Gate::Failed { errors: Vec::new(), lacks_data },
            };
            solver.place(number, gate);
        }
        solver.run(root);
        Ok(solver)
    }

    fn run(&mut self, root: Option<usize>) {
        let count = self.shop.products.len();
        let mut needed = vec![root.is_none(); count];
        let mut open: Vec<usize> = match root {
            Some(root) => vec![root],
            None => (0..count).collect(),
        };
        if let Some(flag) = root.and_then(|r| needed.get_mut(r)) {
            *flag = true;
        }
        let mut edges = vec![BTreeSet::new(); count];
        while let Some(number) = open.pop() {
            let whole = root.is_none_or(|r| r == number);
            let (at_gate, beyond) = self.inputs(number, whole);
            for input in at_gate.iter().chain(&beyond) {
                if let Some(flag) = needed.get_mut(*input).filter(|flag| !**flag) {
                    *flag = true;
                    open.push(*input);
                }
            }
            if let Some(slot) = edges.get_mut(number) {
                *slot = at_gate;
            }
        }
        let lists: Vec<Vec<usize>> = edges.iter().map(|inputs| inputs.iter().copied().collect()).collect();
        for members in graph::components(&lists) {
            if members.first().and_then(|first| needed.get(*first)).is_some_and(|flag| *flag) {
                self.component(members, &edges);
            }
        }
    }

    /// Calculates products that consume each other, or one. Those that fail by themselves leave the loop, and the rest is looked at again.
    fn component(&mut self, members: Vec<usize>, edges: &[BTreeSet<usize>]) {
        if members.iter().any(|number| self.is_known(*number)) {
            return;
        }
        let mut open = vec![members];
        while let Some(members) = open.pop() {
            let inside: BTreeSet<usize> = members.iter().copied().collect();
            let consumes = |n: &usize| edges.get(*n).is_some_and(|inputs| !inputs.is_disjoint(&inside));
            if members.len() == 1 && !members.iter().any(consumes) {
                for number in members {
                    let gate = self.gate(number);
                    self.place(number, gate);
                }
                continue;
            }
            if let Err(failed) = looped::calculate(self, &members) {
                let left: Vec<usize> = members.into_iter().filter(|n| !failed.contains(n)).collect();
                let place = |to: &usize| left.binary_search(to).ok();
                let within = |n: &usize| edges.get(*n).into_iter().flatten().filter_map(place).collect();
                let parts = graph::components(&left.iter().map(within).collect::<Vec<Vec<usize>>>());
                let named = |part: Vec<usize>| part.iter().filter_map(|i| left.get(*i).copied()).collect();
                open.extend(parts.into_iter().rev().map(named));
            }
        }
    }

    /// Makes the statements of a product ready, and lists the products that they consume: at its gate, and beyond where `whole`.
    fn inputs(&mut self, number: usize, whole: bool) -> (BTreeSet<usize>, BTreeSet<usize>) {
        let (mut at_gate, mut beyond) = (BTreeSet::new(), BTreeSet::new());
        if self.is_known(number) {
            return (at_gate, beyond);
        }
        let Some(product) = self.shop.product(number) else { return (at_gate, beyond) };
        if product.recycling.is_some() {
            self.recycled.insert(number, self.shop.recycled(number));
        }
        let inventory = self.shop.inventory;
        for index in 0..self.entries.get(number).map_or(0, Vec::len) {
            let entry = self.entries.get(number).and_then(|list| list.get(index)).copied();
            let Some(activity) = entry.map(|e| e.activity) else { continue };
            let Some(held) = inventory.activities.get(activity) else { continue };
            let inside = scope::of(&held.statement, self.shop.request);
            let gate = scope::at_gate(product, held.statement.stage);
            if !matches!(inside, InScope::Measured | InScope::Applied) || !(gate || whole) {
                continue;
            }
            let work = self.ready(activity, held);
            let inputs = work.iter().flat_map(|w| &w.inputs).map(|(_, input)| *input);
            if gate { at_gate.extend(inputs) } else { beyond.extend(inputs) }
        }
        (at_gate, beyond)
    }

    fn ready(&mut self, activity: usize, held: &'a Held<Activity>) -> Option<&Work> {
        let empty = self.works.get(activity).is_some_and(Option::is_none);
        if empty {
            let mut work = self.shop.work(held);
            work.errors.extend(self.claims.get(&activity).into_iter().flatten().cloned());
            if let Some(slot) = self.works.get_mut(activity) {
                *slot = Some(Box::new(work));
            }
        }
        self.works.get(activity)?.as_deref()
    }

    /// True before it was calculated only where its gate was given.
    fn is_known(&self, number: usize) -> bool {
        !matches!(self.gates.get(number), Some(Gate::Unneeded))
    }

    /// Keeps the gate of a product.
    pub(super) fn place(&mut self, number: usize, gate: Gate<'a>) {
        if let Some(slot) = self.gates.get_mut(number) {
            *slot = gate;
        }
    }

    pub(super) fn gate(&self, number: usize) -> Gate<'a> {
        let mut errors = Vec::new();
        match gate::calculate(self, number, None, None, &mut BTreeSet::new(), &mut errors) {
            Some(part) => Gate::Ready(Box::new(part)),
            None => self.failed(errors),
        }
    }

    /// A gate with errors.
    pub(super) fn failed(&self, errors: Vec<CalcError>) -> Gate<'a> {
        let lacks_data = errors.iter().all(|error| self.is_lack_of_data(error));
        Gate::Failed { errors, lacks_data }
    }

    fn is_lack_of_data(&self, error: &CalcError) -> bool {
        match error {
            CalcError::NoData { .. } => true,
            CalcError::Flow { problem: FlowProblem::InputFails { product }, .. } => {
                self.shop.number(product).is_some_and(|number| {
                    matches!(self.gates.get(number), Some(Gate::Failed { lacks_data: true, .. }))
                })
            }
            _ => false,
        }
    }

    /// The figure of a line's source, and where it comes from; `None` where the product it names has none.
    pub(super) fn value(&self, source: LineSource) -> Option<(&SourceValue, ContributionSource)> {
        let number = match source {
            LineSource::Fixed(at) => return self.shop.sources.get(at).map(|s| (&s.value, s.origin.clone())),
            LineSource::Product(number) => number,
        };
        let (id, held) = self.shop.products.get(number)?;
        let own = match self.gates.get(number)? {
            Gate::Ready(part) => Some(&part.value),
            Gate::Open => Some(&self.nothing),
            _ => None,
        };
        if let Some(value) = own {
            let origin = ContributionSource::Product { product: (*id).clone(), statement: held.id };
            return Some((value, origin));
        }
        let stand_in = self.stand_in(number)?;
        let origin = ContributionSource::Publication {
            product: (*id).clone(),
            footprint: stand_in.held.statement.footprint.clone(),
            statement: stand_in.held.id,
        };
        Some((&stand_in.value, origin))
    }

    fn stand_in(&self, number: usize) -> Option<&StandIn<'a>> {
        match self.gates.get(number)? {
            Gate::Failed { lacks_data: true, .. } => self.stand_ins.get(&number),
            _ => None,
        }
    }

    /// The publication that stands in for a product without data.
    pub(super) fn published(&self, number: usize) -> Option<&'a Held<Publication>> {
        self.stand_in(number).map(|stand_in| stand_in.held)
    }

    pub(super) fn gate_of(&self, number: usize) -> Option<&Gate<'a>> {
        self.gates.get(number)
    }

    pub(super) fn entries(&self, number: usize) -> &[Entry] {
        self.entries.get(number).map_or(&[], Vec::as_slice)
    }

    /// What a product's recycled material gives in one half of its life.
    pub(super) fn recycled(&self, number: usize, half: Half) -> impl Iterator<Item = &Recycled> {
        self.recycled.get(&number).into_iter().flatten().filter(move |part| part.is_of(half))
    }

    pub(super) fn work(&self, entry: Entry) -> Option<(&'a Held<Activity>, &Work)> {
        let held = self.shop.inventory.activities.get(entry.activity)?;
        Some((held, self.works.get(entry.activity)?.as_deref()?))
    }

    pub(super) fn declared(&self, source: LineSource) -> Quantity {
        self.shop.declared(source).0
    }

    /// What decides which statements of a product count.
    pub(super) fn selector(&self, number: usize, batch: Option<&'a Text>) -> Option<Selector<'a>> {
        let (id, held): &(&'a ProductId, &'a Held<Product>) = self.shop.products.get(number)?;
        let (request, activities) = (self.shop.request, self.shop.inventory.activities.as_slice());
        let is_ours = |made: &ProductId| self.shop.number(made) == Some(number);
        let redacted = self.shop.inventory.redacted.activities.iter();
        let redacted = redacted.filter(|held| held.statement.products.iter().any(is_ours)).collect();
        Some(Selector { id, product: &held.statement, activities, request, batch, redacted })
    }

    pub(super) fn input_fails(&self, source: LineSource) -> FlowProblem {
        let product = match source {
            LineSource::Product(number) => self.shop.products.get(number),
            LineSource::Fixed(_) => None,
        };
        match product {
            Some((id, _)) => FlowProblem::InputFails { product: (*id).clone() },
            None => ValueError::Overflow { what: "source" }.into(), // Not reached: every number was made here.
        }
    }

    /// The errors behind `errors`: where an input fails, its own errors instead, and so on.
    pub(super) fn causes(&self, errors: Vec<CalcError>) -> Vec<CalcError> {
        let (mut causes, mut open, mut seen) = (Vec::new(), errors, BTreeSet::new());
        while let Some(error) = open.pop() {
            let input = match &error {
                CalcError::Flow { problem: FlowProblem::InputFails { product }, .. } => {
                    self.shop.number(product)
                }
                _ => None,
            };
            match input.map(|number| (number, self.gates.get(number))) {
                Some((number, Some(Gate::Failed { errors, .. }))) => {
                    if seen.insert(number) {
                        open.extend_from_slice(errors);
                    }
                }
                _ => causes.push(error),
            }
        }
        causes
    }

    /// Looks at the halves of a product's life that its footprint has.
    pub(super) fn halves(&self, boundary: Boundary) -> [Half; 2] {
        [Half::Gate, Half::Beyond(boundary)]
    }
}

/// The newest final publication of each product whose validity covers the period; one of a single batch never stands for the product.
fn stand_ins<'a>(shop: &Workshop<'a>) -> HashMap<usize, StandIn<'a>> {
    let mut found = HashMap::new();
    for held in &shop.inventory.publications {
        let publication = &held.statement;
        let fits = publication.status == PublicationStatus::Final
            && publication.batch.is_none()
            && publication.validity.covers(shop.request.period);
        if let (true, Some(number)) = (fits, shop.number(&publication.product)) {
            // A publication whose figures do not add up within the exact range stands for nothing.
            if let Ok(value) = source::from_publication(publication) {
                found.insert(number, StandIn { held, value });
            }
        }
    }
    found
}
