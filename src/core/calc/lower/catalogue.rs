//! The products of an inventory by number, each with the outputs and redacted statements that are
//! its own. One pass over the ids of what holds; reads no flow.

use std::collections::{BTreeMap, HashMap};

use crate::calc::scope::{Entry, Selector};
use crate::calc::{Held, Inventory, Request};
use crate::model::{KeptActivity, Product, ProductId, Text};

/// Products by number, in the order of the ids they are filed under.
pub(in crate::calc) struct Catalogue<'a> {
    pub(in crate::calc) inventory: &'a Inventory,
    pub(in crate::calc) request: &'a Request,
    pub(in crate::calc) products: Vec<(&'a ProductId, &'a Held<Product>)>,
    /// Every id of every product to its number.
    numbers: HashMap<&'a str, usize>,
    /// First entry of each product, and one end more.
    starts: Vec<usize>,
    entries: Vec<Entry>,
    redacted: BTreeMap<usize, Vec<&'a Held<KeptActivity>>>,
}

impl<'a> Catalogue<'a> {
    pub(super) fn new(inventory: &'a Inventory, request: &'a Request) -> Self {
        let products: Vec<_> = inventory.products.iter().collect();
        let mut numbers: HashMap<&str, usize> =
            products.iter().enumerate().map(|(i, (id, _))| (id.as_str(), i)).collect();
        for (alias, filed) in &inventory.aliases {
            if let Some(&number) = numbers.get(filed.as_str()) {
                numbers.entry(alias.as_str()).or_insert(number);
            }
        }
        let mut catalogue = Self {
            inventory,
            request,
            products,
            numbers,
            starts: Vec::new(),
            entries: Vec::new(),
            redacted: BTreeMap::new(),
        };
        catalogue.index_outputs();
        for held in &inventory.redacted.activities {
            let mut of: Vec<usize> =
                held.statement.products.iter().filter_map(|id| catalogue.number(id)).collect();
            of.sort_unstable();
            of.dedup();
            for number in of {
                catalogue.redacted.entry(number).or_default().push(held);
            }
        }
        catalogue
    }

    fn index_outputs(&mut self) {
        let mut found = Vec::with_capacity(self.inventory.activities.len());
        let mut counts = vec![0_usize; self.products.len() + 1];
        for (activity, held) in self.inventory.activities.iter().enumerate() {
            for (output, made) in held.statement.outputs.iter().enumerate() {
                let Some(number) = self.number(&made.product) else { continue };
                found.push((number, Entry { activity, output }));
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
        let mut entries = vec![Entry { activity: 0, output: 0 }; found.len()];
        for (number, entry) in found {
            let Some(place) = next.get_mut(number) else { continue };
            if let Some(slot) = entries.get_mut(*place) {
                *slot = entry;
            }
            *place += 1;
        }
        (self.starts, self.entries) = (counts, entries);
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

    /// The outputs of any period and scenario that are a product's.
    pub(in crate::calc) fn entries(&self, number: usize) -> &[Entry] {
        let range = self.starts.get(number).zip(self.starts.get(number + 1));
        range.and_then(|(from, to)| self.entries.get(*from..*to)).unwrap_or_default()
    }

    /// What decides which statements of a product count.
    pub(in crate::calc) fn selector(&self, number: usize, batch: Option<&'a Text>) -> Option<Selector<'a>> {
        let (id, held): &(&'a ProductId, &'a Held<Product>) = self.products.get(number)?;
        let (request, activities) = (self.request, self.inventory.activities.as_slice());
        let redacted = self.redacted.get(&number).cloned().unwrap_or_default();
        Some(Selector { id, product: &held.statement, activities, request, batch, redacted })
    }
}
