//! The statements that hold, by what they speak of, so that a change finds those it touches and a few products can be put together as an
//! inventory of their own. It calculates nothing.

use std::collections::{BTreeSet, HashMap};

use crate::calc::change::Change;
use crate::calc::{Held, Inventory};
use crate::model::{Activity, FactorId, FlowSource, FootprintId, Product, ProductId, StatementId, Text};

mod touch;

type Users<K> = HashMap<K, Vec<StatementId>>;

/// Where a statement that is no activity is kept.
#[derive(Debug)]
enum Place {
    Product(ProductId),
    Factor(FactorId),
    Bought(FootprintId),
    Publication(ProductId),
}

/// Everything that holds.
#[derive(Debug, Default)]
pub(super) struct Statements {
    /// All but the activities.
    rest: Inventory,
    activities: HashMap<StatementId, Held<Activity>>,
    places: HashMap<StatementId, Place>,
    /// Number of every product that was ever listed, by the id it is filed under.
    numbers: HashMap<ProductId, u32>,
    ids: Vec<ProductId>,
    /// So many of the first of them are in the order of their ids.
    in_order: usize,
    /// Activities by an id of an output, as they name it.
    makers: Users<ProductId>,
    /// Activities by an id of an input, as they name it.
    takers: Users<ProductId>,
    factors: Users<FactorId>,
    bought: Users<FootprintId>,
    instruments: Users<Text>,
    /// Products whose own statement names factors.
    recycled: BTreeSet<ProductId>,
}

impl Statements {
    pub(super) fn new(mut inventory: Inventory) -> Self {
        let activities = std::mem::take(&mut inventory.activities);
        let mut all = Self { rest: inventory, ..Self::default() };
        for (id, held) in &all.rest.products {
            all.numbers.insert(id.clone(), u32::try_from(all.ids.len()).unwrap_or(u32::MAX));
            all.ids.push(id.clone());
            all.places.insert(held.id, Place::Product(id.clone()));
            if held.statement.recycling.is_some() {
                all.recycled.insert(id.clone());
            }
        }
        all.in_order = all.ids.len();
        let factors = all.rest.factors.iter().map(|(id, held)| (held.id, Place::Factor(id.clone())));
        all.places.extend(factors);
        let bought = all.rest.bought.iter().map(|(id, held)| (held.id, Place::Bought(id.clone())));
        all.places.extend(bought);
        let published = all.rest.publications.iter();
        let published = published.map(|held| (held.id, Place::Publication(held.statement.product.clone())));
        all.places.extend(published);
        for held in activities {
            all.insert(held);
        }
        all
    }

    pub(super) fn count(&self) -> usize {
        self.ids.len()
    }

    pub(super) fn id(&self, number: u32) -> Option<&ProductId> {
        self.ids.get(number as usize)
    }

    /// Products in the order of their ids.
    pub(super) fn sorted(&self, mut numbers: Vec<u32>) -> Vec<&ProductId> {
        numbers.sort_unstable();
        let mut ids: Vec<&ProductId> = numbers.iter().filter_map(|number| self.id(*number)).collect();
        if numbers.last().is_some_and(|last| *last as usize >= self.in_order) {
            ids.sort();
        }
        ids
    }

    /// The number of a product that holds, by any of its ids.
    pub(super) fn number(&self, id: &ProductId) -> Option<u32> {
        let filed = if self.rest.products.contains_key(id) { id } else { self.rest.aliases.get(id)? };
        self.rest.products.get(filed)?;
        self.numbers.get(filed).copied()
    }

    /// A product that holds, with the id it is filed under.
    pub(super) fn product(&self, number: u32) -> Option<(&ProductId, &Product)> {
        let (id, held) = self.rest.products.get_key_value(self.id(number)?)?;
        Some((id, &held.statement))
    }

    /// Every product that the statements of one consume, sorted.
    pub(super) fn inputs(&self, number: u32) -> Vec<u32> {
        let mut inputs: Vec<u32> = self
            .made(number)
            .iter()
            .filter_map(|id| self.activities.get(id))
            .flat_map(|held| &held.statement.flows)
            .filter_map(|flow| match &flow.source {
                FlowSource::Product(input) => self.number(input),
                _ => None,
            })
            .collect();
        inputs.sort_unstable();
        inputs.dedup();
        inputs
    }

    /// The activities that make a product.
    fn made(&self, number: u32) -> BTreeSet<StatementId> {
        let Some((filed, product)) = self.product(number) else { return BTreeSet::new() };
        let ids = product.ids.iter().chain([filed]).filter(|id| self.number(id) == Some(number));
        ids.filter_map(|id| self.makers.get(id)).flatten().copied().collect()
    }

    /// Carries out one change; the numbers of the products whose statements it touches go to `dirty`.
    pub(super) fn apply(&mut self, change: Change, dirty: &mut BTreeSet<u32>) {
        match change {
            Change::Activity(held) => {
                let id = held.id;
                self.insert(held);
                self.touch_activity(&id, dirty);
            }
            Change::Ends(id) => self.end(id, dirty),
            Change::Product(held) => {
                let Some(filed) = held.statement.ids.first().cloned() else { return };
                self.touch_product(&filed, dirty);
                if !self.numbers.contains_key(&filed) {
                    self.numbers.insert(filed.clone(), u32::try_from(self.ids.len()).unwrap_or(u32::MAX));
                    self.ids.push(filed.clone());
                }
                if held.statement.recycling.is_some() {
                    self.recycled.insert(filed.clone());
                }
                self.places.insert(held.id, Place::Product(filed.clone()));
                self.rest.apply([Change::Product(held)]);
                self.touch_product(&filed, dirty);
            }
            Change::Factor(held) => {
                let factor = held.statement.factor.clone();
                self.places.insert(held.id, Place::Factor(factor.clone()));
                self.rest.apply([Change::Factor(held)]);
                self.touch_factor(&factor, dirty);
            }
            Change::Bought(id, held) => {
                self.places.insert(held.id, Place::Bought(id.clone()));
                self.rest.apply([Change::Bought(id.clone(), held)]);
                self.touch_all(self.bought.get(&id), dirty);
            }
            Change::Publication(held) => {
                let product = held.statement.product.clone();
                self.places.insert(held.id, Place::Publication(product.clone()));
                self.rest.apply([Change::Publication(held)]);
                self.touch_product(&product, dirty);
            }
            Change::Redacted(kept) => {
                self.touch_redacted(&kept.facts, dirty);
                self.rest.apply([Change::Redacted(kept)]);
            }
        }
    }

    fn end(&mut self, id: StatementId, dirty: &mut BTreeSet<u32>) {
        if self.activities.contains_key(&id) {
            self.touch_activity(&id, dirty);
            self.remove(&id);
            return;
        }
        let gone = &self.rest.redacted;
        if let Some(held) = gone.activities.iter().find(|held| held.id == id) {
            // It said nothing any more, and what it stopped can be calculated again.
            self.touch_kept(&held.statement, dirty);
            self.rest.apply([Change::Ends(id)]);
            return;
        }
        if gone.factors.values().chain(gone.bought.values()).any(|statement| *statement == id) {
            // What named it says something else now: that it is not there.
            let named = |of: &&FactorId| gone.factors.get(*of) == Some(&id);
            let factor = gone.factors.keys().find(named).cloned();
            let bought = gone.bought.iter().find(|(_, statement)| **statement == id);
            self.touch_all(bought.and_then(|(bought, _)| self.bought.get(bought)), dirty);
            if let Some(factor) = factor {
                self.touch_factor(&factor, dirty);
            }
            self.rest.apply([Change::Ends(id)]);
            return;
        }
        match self.places.remove(&id) {
            Some(Place::Product(filed)) if self.rest.products.get(&filed).is_some_and(|h| h.id == id) => {
                self.touch_product(&filed, dirty);
                self.rest.apply([Change::Ends(id)]);
                self.recycled.remove(&filed);
            }
            Some(Place::Factor(factor)) if self.rest.factors.get(&factor).is_some_and(|h| h.id == id) => {
                self.rest.factors.remove(&factor);
                self.touch_factor(&factor, dirty);
            }
            Some(Place::Bought(bought)) if self.rest.bought.get(&bought).is_some_and(|h| h.id == id) => {
                self.rest.bought.remove(&bought);
                self.touch_all(self.bought.get(&bought), dirty);
            }
            Some(Place::Publication(product)) => {
                self.rest.publications.retain(|held| held.id != id);
                self.touch_product(&product, dirty);
            }
            _ => {}
        }
    }

    fn insert(&mut self, held: Held<Activity>) {
        let id = held.id;
        self.users(&held.statement, |list| list.push(id));
        self.activities.insert(id, held);
    }

    fn remove(&mut self, id: &StatementId) {
        if let Some(held) = self.activities.remove(id) {
            self.users(&held.statement, |list| list.retain(|other| other != id));
        }
    }

    /// Looks at every list that an activity stands in, once for each time it is named.
    fn users(&mut self, activity: &Activity, mut each: impl FnMut(&mut Vec<StatementId>)) {
        for output in &activity.outputs {
            each(self.makers.entry(output.product.clone()).or_default());
        }
        for flow in &activity.flows {
            match &flow.source {
                FlowSource::Product(id) => each(self.takers.entry(id.clone()).or_default()),
                FlowSource::Footprint(id) => each(self.bought.entry(id.clone()).or_default()),
                FlowSource::Factor { factor, upstream } => {
                    for id in std::iter::once(factor).chain(upstream) {
                        each(self.factors.entry(id.clone()).or_default());
                    }
                }
                FlowSource::Gas(_) | FlowSource::Excluded { .. } => {}
            }
            if let Some(instrument) = &flow.instrument {
                each(self.instruments.entry(instrument.id.clone()).or_default());
            }
        }
    }

    /// What is needed to calculate `members` where everything else that they consume is known.
    pub(super) fn part(&self, members: &[u32]) -> Inventory {
        let mut part = Inventory::default();
        let mut activities: BTreeSet<StatementId> = members.iter().flat_map(|n| self.made(*n)).collect();
        let mut claimed = BTreeSet::new();
        let mut products: BTreeSet<u32> = members.iter().copied().collect();
        for held in activities.iter().filter_map(|id| self.activities.get(id)) {
            products.extend(held.statement.outputs.iter().filter_map(|o| self.number(&o.product)));
            for flow in &held.statement.flows {
                self.source(&flow.source, &mut part, &mut products);
                let claims = flow.instrument.as_ref().and_then(|i| self.instruments.get(&i.id));
                claimed.extend(claims.into_iter().flatten().copied());
            }
        }
        activities.extend(claimed);
        part.activities = activities.iter().filter_map(|id| self.activities.get(id)).cloned().collect();
        for (filed, held) in products.iter().filter_map(|n| self.rest.products.get_key_value(self.id(*n)?)) {
            for id in held.statement.ids.iter().filter(|id| self.rest.aliases.get(*id) == Some(filed)) {
                part.aliases.insert(id.clone(), filed.clone());
            }
            let materials = held.statement.recycling.iter().flat_map(|r| &r.materials);
            for id in materials.flat_map(|material| material.factors()) {
                self.factor(id, &mut part);
            }
            part.products.insert(filed.clone(), held.clone());
        }
        part.redacted = self.rest.redacted.clone();
        let standing = self.rest.publications.iter();
        let standing = standing
            .filter(|held| self.number(&held.statement.product).is_some_and(|n| products.contains(&n)));
        part.publications = standing.cloned().collect();
        part
    }

    fn source(&self, source: &FlowSource, part: &mut Inventory, products: &mut BTreeSet<u32>) {
        match source {
            FlowSource::Product(id) => products.extend(self.number(id)),
            FlowSource::Factor { factor, upstream } => {
                for id in std::iter::once(factor).chain(upstream) {
                    self.factor(id, part);
                }
            }
            FlowSource::Footprint(id) => {
                if let Some(held) = self.rest.bought.get(id) {
                    part.bought.insert(id.clone(), held.clone());
                }
            }
            FlowSource::Gas(_) | FlowSource::Excluded { .. } => {}
        }
    }

    fn factor(&self, id: &FactorId, part: &mut Inventory) {
        if let Some(held) = self.rest.factors.get(id) {
            part.factors.insert(id.clone(), held.clone());
        }
    }
}
