//! The products of an inventory by number, each with the outputs, readings and redacted statements
//! that are its own. One pass over the ids of what holds; reads no flow.

use std::collections::{BTreeMap, HashMap};

use super::index;
use super::names::FlowNames;
use crate::calc::scope::{Entry, Places, Selector};
use crate::calc::{Held, Inventory, Request};
use crate::codec::tags_of;
use crate::model::{
    Activity, ActivityHeader, ActorId, FlowKind, Product, ProductId, ProductTag, Served, Stage, Text,
};

/// A unit process, whoever has it.
type Process<'a> = (Stage, &'a str);

/// Products by number, in the order of the ids they are filed under.
pub(in crate::calc) struct Catalogue<'a> {
    /// What it rests on but for the activities.
    pub(in crate::calc) inventory: &'a Inventory,
    pub(in crate::calc) activities: &'a [Held<Activity>],
    pub(in crate::calc) redacted_activities: &'a [Held<ActivityHeader>],
    /// Names of the flows that were let go while the activities were read.
    pub(super) names: FlowNames,
    pub(in crate::calc) request: &'a Request,
    pub(in crate::calc) products: Vec<(&'a ProductId, &'a Held<Product>)>,
    pub(in crate::calc) places: Places<'a>,
    /// Every id of every product to its number.
    numbers: HashMap<&'a str, usize>,
    /// First entry of each product, and one end more.
    starts: Vec<usize>,
    entries: Vec<Entry>,
    redacted: BTreeMap<usize, Vec<&'a Held<ActivityHeader>>>,
    /// The products that list a process; empty where no reading is of all that one made.
    listing: HashMap<Process<'a>, Vec<usize>>,
}

impl<'a> Catalogue<'a> {
    /// The products alone, before any activity is known.
    pub(super) fn of_products(inventory: &'a Inventory, request: &'a Request) -> Self {
        let products: Vec<_> = inventory.products.iter().collect();
        let mut numbers: HashMap<&str, usize> =
            products.iter().enumerate().map(|(i, (id, _))| (id.as_str(), i)).collect();
        for (alias, filed) in &inventory.aliases {
            if let Some(&number) = numbers.get(filed.as_str()) {
                numbers.entry(alias.as_str()).or_insert(number);
            }
        }
        Self {
            inventory,
            activities: &[],
            redacted_activities: &[],
            names: FlowNames::default(),
            request,
            products,
            numbers,
            places: Places::new(&[]),
            starts: Vec::new(),
            entries: Vec::new(),
            redacted: BTreeMap::new(),
            listing: HashMap::new(),
        }
    }

    /// Files the activities, and what stays of redacted ones, under their products.
    pub(super) fn file(&mut self, activities: &'a [Held<Activity>], redacted: &'a [Held<ActivityHeader>]) {
        (self.activities, self.redacted_activities) = (activities, redacted);
        self.places = Places::new(activities);
        self.index_processes(redacted);
        self.index_activities();
        if redacted.is_empty() {
            return;
        }
        let tags = self
            .products
            .iter()
            .enumerate()
            .flat_map(|(number, (_, held))| tags_of(&held.statement).map(move |(_, tag)| (tag, number)));
        let tags: BTreeMap<ProductTag, usize> = tags.collect();
        for held in redacted {
            for number in self.of_header(&held.statement, &tags) {
                self.redacted.entry(number).or_default().push(held);
            }
        }
    }

    /// Fills the list of who has a process, where some reading is of all that one made.
    fn index_processes(&mut self, redacted: &[Held<ActivityHeader>]) {
        let whole = self.activities.iter().any(|held| held.statement.is_for_all());
        let redacted = redacted.iter().any(|held| held.statement.is_for_all());
        if !whole && !redacted {
            return;
        }
        for (number, (_, held)) in self.products.iter().enumerate() {
            for process in &held.statement.processes {
                self.listing.entry((process.stage, process.name.as_str())).or_default().push(number);
            }
        }
    }

    /// The products whose statements let somebody sign this process, ascending.
    pub(in crate::calc) fn listing<'c>(
        &'c self,
        stage: Stage,
        process: &'c Text,
        by: &'c ActorId,
    ) -> impl Iterator<Item = usize> + use<'c, 'a> {
        let listing = self.listing.get(&(stage, process.as_str())).into_iter().flatten().copied();
        listing.filter(move |number| {
            let of = self.product(*number).and_then(|product| product.process(stage, process));
            of.is_some_and(|process| process.signers.contains(by))
        })
    }

    /// The products that an activity without its body is about, ascending.
    fn of_header(&self, said: &ActivityHeader, tags: &BTreeMap<ProductTag, usize>) -> Vec<usize> {
        let mut of: Vec<usize> = said.tags().filter_map(|tag| tags.get(tag).copied()).collect();
        if said.is_for_all() {
            of.extend(self.listing(said.stage, &said.process, &said.by));
        }
        of.sort_unstable();
        of.dedup();
        of
    }

    fn index_activities(&mut self) {
        let mut found = Vec::with_capacity(self.activities.len());
        let mut counts = vec![0_usize; self.products.len() + 1];
        for (activity, held) in self.activities.iter().enumerate() {
            let first = found.len();
            self.entries_of(index(activity), &held.statement, &mut found);
            for (number, _) in found.iter().skip(first) {
                if let Some(count) = counts.get_mut(number + 1) {
                    *count += 1;
                }
            }
        }
        let mut total = 0;
        for count in &mut counts {
            total += *count;
            *count = total;
        }
        let mut next = counts.clone();
        let mut entries = vec![Entry { activity: 0, output: None }; found.len()];
        for (number, entry) in found {
            let Some(place) = next.get_mut(number) else { continue };
            if let Some(slot) = entries.get_mut(*place) {
                *slot = entry;
            }
            *place += 1;
        }
        (self.starts, self.entries) = (counts, entries);
    }

    /// The products that an activity is about, each with its place there; a reading names one once.
    fn entries_of(&self, activity: u32, said: &Activity, into: &mut Vec<(usize, Entry)>) {
        for (output, made) in (0..).zip(&said.outputs) {
            let entry = Entry { activity, output: Some(output) };
            into.extend(self.number(&made.product).map(|number| (number, entry)));
        }
        let entry = Entry { activity, output: None };
        let first = into.len();
        for served in &said.r#for {
            match served {
                Served::Product(id) => into.extend(self.number(id).map(|number| (number, entry))),
                Served::All => {
                    let all = self.listing(said.stage, &said.process, &said.by);
                    into.extend(all.map(|number| (number, entry)));
                }
            }
        }
        if into.len() > first + 1 {
            let mut tail = into.split_off(first);
            tail.sort_unstable_by_key(|(number, _)| *number);
            tail.dedup_by_key(|(number, _)| *number);
            into.append(&mut tail);
        }
    }

    pub(in crate::calc) fn number(&self, product: &ProductId) -> Option<usize> {
        self.numbers.get(product.as_str()).copied()
    }

    pub(in crate::calc) fn product(&self, number: usize) -> Option<&'a Product> {
        self.products.get(number).map(|(_, held)| &held.statement)
    }

    pub(in crate::calc) fn id(&self, number: usize) -> Option<&'a ProductId> {
        self.products.get(number).map(|(id, _)| *id)
    }

    /// The outputs and readings of any period and scenario that are a product's.
    pub(in crate::calc) fn entries(&self, number: usize) -> &[Entry] {
        let range = self.starts.get(number).zip(self.starts.get(number + 1));
        range.and_then(|(from, to)| self.entries.get(*from..*to)).unwrap_or_default()
    }

    /// Kind and name of every flow of an activity, in their order.
    pub(in crate::calc) fn flows(&self, activity: u32) -> impl Iterator<Item = (FlowKind, &Text)> {
        let held = self.activities.get(activity as usize);
        let own = held.into_iter().flat_map(|held| &held.statement.flows);
        own.map(|flow| (flow.kind, &flow.name)).chain(self.names.of(activity))
    }

    /// The redacted activities that are about a product.
    pub(in crate::calc) fn redacted(&self, number: usize) -> &[&'a Held<ActivityHeader>] {
        self.redacted.get(&number).map_or(&[], Vec::as_slice)
    }

    /// What decides which statements of a product count.
    pub(in crate::calc) fn selector<'c>(
        &'c self,
        number: usize,
        batch: Option<&'a Text>,
    ) -> Option<Selector<'c, 'a>> {
        let (id, held) = *self.products.get(number)?;
        Some(Selector { catalogue: self, number, id, product: &held.statement, batch })
    }
}
