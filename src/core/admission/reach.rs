//! What one product rests on, and no more: all that its footprint can depend on, found statement by
//! statement through a [`Holdings`]. It is for
//! those who cannot hold everything in memory; what a statement becomes in an inventory,
//! [`inventory`](super::inventory) says for both.

use std::collections::{BTreeMap, BTreeSet};
use std::convert::Infallible;

use super::inventory::begins;
use super::{Holdings, InventoryError, Said, Sought, declared};
use crate::calc::{self, Change, Inventory, Request};
use crate::codec::tags_of;
use crate::model::{
    Activity, CertificateId, FactorId, FlowSource, FootprintId, Product, ProductId, ProductTag, Stage,
    Statement, StatementId, StatementKind, Text,
};

/// All that held and that the footprints of `products` can depend on; with a request, without the
/// activities that do not count for that, which
/// are most of them in a log of many years.
///
/// # Errors
/// That of the holdings; [`InventoryError::Document`] as one of them.
pub fn inventory_of<H: Holdings>(
    holdings: &H,
    products: &[ProductId],
    request: Option<&Request>,
) -> Result<Inventory, H::Error> {
    let mut reach = Reach::new(holdings, request);
    reach.open.extend(products.iter().rev().cloned().map(Need::Made));
    reach.close()?;
    Ok(reach.inventory())
}

/// What is still to be looked for.
enum Need {
    /// The statement of a product alone: the shares of what is made together need it.
    Declared(ProductId),
    /// As [`Self::Declared`], by the tag of an id.
    Tagged(ProductTag),
    /// A product with everything that makes it.
    Made(ProductId),
    Factor(FactorId),
    Footprint(FootprintId),
    /// The activity with this number, where it counts for the request, with what goes into it.
    Activity(usize),
    /// What one process of a product made: a reading is shared by it.
    Productions(ProductId, Stage, Text),
    /// The activity with this number, whatever it counts for: it claims a certificate that another
    /// claims.
    Claim(usize),
}

/// What was found so far, and what is still to be looked for.
pub(super) struct Reach<'a, H> {
    holdings: &'a H,
    request: Option<&'a Request>,
    open: Vec<Need>,
    /// Product statements by their numbers, with the id that each product is filed under.
    numbers: BTreeMap<usize, ProductId>,
    /// Products of which everything was looked for, by the id they are filed under.
    made: BTreeSet<ProductId>,
    /// Processes of which everything that was made was looked for.
    shared_by: BTreeSet<(ProductId, Stage, Text)>,
    /// Activities that were looked at, also those that do not count.
    seen: BTreeSet<usize>,
    /// Activities that were looked at for what they claim.
    claims: BTreeSet<usize>,
    /// Activities and publications by their numbers: they enter the inventory in log order.
    ordered: BTreeMap<usize, Change>,
    inventory: Inventory,
}

impl<'a, H: Holdings> Reach<'a, H> {
    pub(super) fn new(holdings: &'a H, request: Option<&'a Request>) -> Self {
        Self {
            holdings,
            request,
            open: Vec::new(),
            numbers: BTreeMap::new(),
            made: BTreeSet::new(),
            shared_by: BTreeSet::new(),
            seen: BTreeSet::new(),
            claims: BTreeSet::new(),
            ordered: BTreeMap::new(),
            inventory: Inventory::default(),
        }
    }

    /// Takes in the product whose statement has this number, with all that it rests on; nothing
    /// where it is taken in already.
    pub(super) fn add(&mut self, number: usize) -> Result<(), H::Error> {
        let filed = match self.numbers.get(&number) {
            Some(filed) => Some(filed.clone()),
            None => {
                let (id, said) = self.holdings.said(number)?;
                self.declare(number, id, said)?
            }
        };
        self.open.extend(filed.map(Need::Made));
        self.close()
    }

    /// Activities and publications that were found.
    pub(super) fn found(&self) -> usize {
        self.ordered.len()
    }

    /// The products that everything was found of, each with the number of its statement.
    pub(super) fn whole_products(&self) -> impl Iterator<Item = (usize, &ProductId)> {
        self.numbers.iter().filter(|(_, id)| self.made.contains(*id)).map(|(number, id)| (*number, id))
    }

    /// What was found.
    pub(super) fn inventory(mut self) -> Inventory {
        self.inventory.apply(self.ordered.into_values());
        self.inventory
    }

    /// Looks until nothing is open.
    fn close(&mut self) -> Result<(), H::Error> {
        while let Some(need) = self.open.pop() {
            match need {
                Need::Declared(id) => drop(self.declared(&id)?),
                Need::Tagged(tag) => self.tagged(&tag)?,
                Need::Made(id) => self.made(&id)?,
                Need::Factor(id) => self.factor(&id)?,
                Need::Footprint(id) => self.footprint(&id)?,
                Need::Activity(number) => self.activity(number)?,
                Need::Productions(id, stage, process) => self.productions(&id, stage, &process)?,
                Need::Claim(number) => self.claim(number)?,
            }
        }
        Ok(())
    }

    /// The id that a product is filed under.
    fn declared(&mut self, id: &ProductId) -> Result<Option<ProductId>, H::Error> {
        if let Some(filed) = self.inventory.aliases.get(id) {
            return Ok(Some(filed.clone()));
        }
        for number in self.holdings.held(&Sought::Declares(id))? {
            let (statement, said) = self.holdings.said(number)?;
            let Said::Whole(Statement::Product(product)) = &said else { continue };
            if product.ids.contains(id) {
                return self.declare(number, statement, said);
            }
        }
        Ok(None)
    }

    /// Takes in the statement of the product of which an id has this tag.
    fn tagged(&mut self, tag: &ProductTag) -> Result<(), H::Error> {
        for number in self.holdings.held(&Sought::Tagged(tag))? {
            let (statement, said) = self.holdings.said(number)?;
            let Said::Whole(Statement::Product(product)) = &said else { continue };
            if tags_of(product).any(|(_, of)| of == *tag) {
                self.declare(number, statement, said)?;
            }
        }
        Ok(())
    }

    /// Takes in a product statement; the id that its product is filed under.
    fn declare(&mut self, number: usize, id: StatementId, said: Said) -> Result<Option<ProductId>, H::Error> {
        let Said::Whole(Statement::Product(product)) = &said else { return Ok(None) };
        let Some(filed) = product.ids.first().cloned() else { return Ok(None) };
        self.numbers.insert(number, filed.clone());
        self.inventory.apply(change(id, said)?);
        Ok(Some(filed))
    }

    fn made(&mut self, id: &ProductId) -> Result<(), H::Error> {
        let Some(filed) = self.declared(id)? else { return Ok(()) };
        if !self.made.insert(filed.clone()) {
            return Ok(());
        }
        let Some(held) = self.inventory.products.get(&filed) else { return Ok(()) };
        let (ids, processes) = (held.statement.ids.clone(), held.statement.processes.clone());
        let tags: Vec<ProductTag> = tags_of(&held.statement).map(|(_, tag)| tag).collect();
        self.open.extend(factors_of(&held.statement).into_iter().map(Need::Factor));
        for process in &processes {
            let readings = self.holdings.held(&Sought::ReadsAll(process.stage, &process.name))?;
            self.open.extend(readings.into_iter().map(Need::Activity));
        }
        for tag in &tags {
            self.open.extend(self.holdings.held(&Sought::Makes(tag))?.into_iter().map(Need::Activity));
        }
        for id in &ids {
            for number in self.holdings.held(&Sought::Publishes(id))? {
                let (id, said) = self.holdings.said(number)?;
                if let Some(Change::Publication(held)) = change(id, said)? {
                    let is_current = |number| self.numbers.get(&number) == Some(&filed);
                    self.inventory.apply(declared::then(self.holdings, &held, is_current)?);
                    self.ordered.insert(number, Change::Publication(held));
                }
            }
        }
        Ok(())
    }

    fn activity(&mut self, number: usize) -> Result<(), H::Error> {
        if !self.seen.insert(number) {
            return Ok(());
        }
        let Some((id, said)) = self.whole(number)? else { return Ok(()) };
        let Said::Whole(Statement::Activity(activity)) = &said else { return Ok(()) };
        if self.request.is_some_and(|request| !calc::counts(activity, request)) {
            return Ok(());
        }
        self.enters(activity)?;
        self.shared(activity)?;
        self.ordered.extend(change(id, said)?.map(|change| (number, change)));
        Ok(())
    }

    /// Opens everything that decides how a reading is shared.
    fn shared(&mut self, reading: &Activity) -> Result<(), H::Error> {
        if !reading.is_reading() {
            return Ok(());
        }
        for id in self.products_of(reading)? {
            let Some(filed) = self.declared(&id)? else { continue };
            let Some(held) = self.inventory.products.get(&filed) else { continue };
            let product = &held.statement;
            let process = product.process(reading.stage, &reading.process);
            let units = process.and_then(|process| product.process_with_units(process));
            let needs = units.map(|of| Need::Productions(filed.clone(), of.stage, of.name.clone()));
            self.open.extend(needs);
        }
        Ok(())
    }

    /// The products that an activity is about, by one of their ids.
    fn products_of(&self, activity: &Activity) -> Result<Vec<ProductId>, H::Error> {
        let mut products: Vec<ProductId> = activity.products().cloned().collect();
        if activity.is_for_all() {
            for number in self.holdings.held(&Sought::Lists(activity.stage, &activity.process))? {
                let (_, said) = self.holdings.said(number)?;
                let Said::Whole(Statement::Product(product)) = said else { continue };
                products.extend(product.ids.into_iter().next());
            }
        }
        Ok(products)
    }

    fn productions(&mut self, id: &ProductId, stage: Stage, process: &Text) -> Result<(), H::Error> {
        if !self.shared_by.insert((id.clone(), stage, process.clone())) {
            return Ok(());
        }
        let Some(held) = self.inventory.products.get(id) else { return Ok(()) };
        let tags: Vec<ProductTag> = tags_of(&held.statement).map(|(_, tag)| tag).collect();
        for tag in &tags {
            for number in self.holdings.held(&Sought::Makes(tag))? {
                self.production(number, stage, process)?;
            }
        }
        Ok(())
    }

    /// A production of a process, without what goes into it.
    fn production(&mut self, number: usize, stage: Stage, process: &Text) -> Result<(), H::Error> {
        if self.ordered.contains_key(&number) {
            return Ok(());
        }
        let Some((id, said)) = self.whole(number)? else { return Ok(()) };
        let Said::Whole(Statement::Activity(activity)) = &said else { return Ok(()) };
        let of_process = activity.stage == stage && activity.process == *process && !activity.is_reading();
        let counts = self.request.is_none_or(|request| calc::counts(activity, request));
        if of_process && counts {
            self.open.extend(activity.products().cloned().map(Need::Declared));
            self.ordered.extend(change(id, said)?.map(|change| (number, change)));
        }
        Ok(())
    }

    /// Opens everything that enters an activity.
    fn enters(&mut self, activity: &Activity) -> Result<(), H::Error> {
        self.open.extend(activity.products().cloned().map(Need::Declared));
        for flow in &activity.flows {
            match &flow.source {
                FlowSource::Factor { factor, upstream } => {
                    let factors = std::iter::once(factor).chain(upstream).cloned();
                    self.open.extend(factors.map(Need::Factor));
                }
                FlowSource::Product(product) => self.open.push(Need::Made(product.clone())),
                FlowSource::Footprint(footprint) => self.open.push(Need::Footprint(footprint.clone())),
                FlowSource::Gas(_) | FlowSource::Excluded { .. } => {}
            }
            // A certificate covers so much in the whole ledger, whoever else claims it.
            for instrument in &flow.instruments {
                self.claims(&instrument.id)?;
            }
        }
        Ok(())
    }

    fn claims(&mut self, instrument: &CertificateId) -> Result<(), H::Error> {
        let mut claims = BTreeSet::new();
        for id in instrument.certificates().ids() {
            claims.extend(self.holdings.held(&Sought::Instrument(&id))?);
        }
        if claims.len() > 1 {
            self.open.extend(claims.into_iter().map(Need::Claim));
        }
        Ok(())
    }

    fn claim(&mut self, number: usize) -> Result<(), H::Error> {
        if !self.claims.insert(number) {
            return Ok(());
        }
        let Some((id, said)) = self.whole(number)? else { return Ok(()) };
        let Said::Whole(Statement::Activity(activity)) = &said else { return Ok(()) };
        if self.request.is_none_or(|request| calc::can_be_replaced(activity, request)) {
            self.rivals(activity)?;
        }
        self.ordered.extend(change(id, said)?.map(|change| (number, change)));
        Ok(())
    }

    /// Takes in everything that can take the place of an activity, without what goes into it.
    fn rivals(&mut self, activity: &Activity) -> Result<(), H::Error> {
        let (stage, process) = (activity.stage, &activity.process);
        for id in self.products_of(activity)? {
            let Some(filed) = self.declared(&id)? else { continue };
            let Some(held) = self.inventory.products.get(&filed) else { continue };
            let tags: Vec<ProductTag> = tags_of(&held.statement).map(|(_, tag)| tag).collect();
            let mut numbers: BTreeSet<usize> =
                self.holdings.held(&Sought::ReadsAll(stage, process))?.into_iter().collect();
            for tag in &tags {
                numbers.extend(self.holdings.held(&Sought::Makes(tag))?);
            }
            for number in numbers {
                if self.ordered.contains_key(&number) {
                    continue;
                }
                let Some((id, said)) = self.whole(number)? else { continue };
                let Said::Whole(Statement::Activity(other)) = &said else { continue };
                if other.stage == stage && other.process == *process {
                    self.open.extend(other.products().cloned().map(Need::Declared));
                    self.ordered.extend(change(id, said)?.map(|change| (number, change)));
                }
            }
        }
        Ok(())
    }

    /// The activity with this number; none where its body is not at hand, and its header is taken in.
    fn whole(&mut self, number: usize) -> Result<Option<(StatementId, Said)>, H::Error> {
        let (id, said) = self.holdings.said(number)?;
        if said.kind() != StatementKind::Activity {
            return Ok(None);
        }
        let known = self.inventory.redacted.activities.iter().any(|held| held.id == id);
        let Some(header) = said.activity_header() else { return Ok(Some((id, said))) };
        if !known {
            // It stops what it entered; which of its products are one, their statements say.
            self.open.extend(header.tags().copied().map(Need::Tagged));
            self.inventory.apply(change(id, said)?);
        }
        Ok(None)
    }

    fn factor(&mut self, factor: &FactorId) -> Result<(), H::Error> {
        if self.inventory.factors.contains_key(factor) {
            return Ok(());
        }
        self.all(&Sought::Factor(factor), StatementKind::Factor)
    }

    fn footprint(&mut self, footprint: &FootprintId) -> Result<(), H::Error> {
        if self.inventory.bought.contains_key(footprint) {
            return Ok(());
        }
        self.all(&Sought::Footprint(footprint), StatementKind::SupplierFootprint)
    }

    fn all(&mut self, sought: &Sought<'_>, kind: StatementKind) -> Result<(), H::Error> {
        for number in self.holdings.held(sought)? {
            let (id, said) = self.holdings.said(number)?;
            if said.kind() == kind {
                self.inventory.apply(change(id, said)?);
            }
        }
        Ok(())
    }
}

/// What a statement that was read already changes.
fn change(id: StatementId, said: Said) -> Result<Option<Change>, InventoryError<Infallible>> {
    begins(id, said)
}

/// The factors that a product statement names for its recycling.
fn factors_of(product: &Product) -> Vec<FactorId> {
    let materials = product.recycling.iter().flat_map(|recycling| &recycling.materials);
    materials.flat_map(|material| material.factors()).cloned().collect()
}
