//! What one publication rests on, and no more: its product with all that goes into it, as it held at the log size that the publication
//! names. Statements are read again one by one, so that neither the log is read twice nor all of it kept.

use std::collections::{BTreeMap, BTreeSet};

use super::log::Log;
use super::postings::Of;
use super::source::Source;
use crate::admission::Said;
use crate::calc::{self, Held, Inventory, Request};
use crate::codec::{decode_kept, decode_statement};
use crate::model::{
    Activity, FactorId, FlowSource, FootprintId, KeptActivity, Product, ProductId, Publication,
    PublicationStatus, Statement, StatementId,
};
use crate::pact::import::bought;
use crate::store::Body;

/// What is still to be looked for.
enum Need {
    /// The statement of a product alone: the shares of what is made together need it.
    Declared(ProductId),
    /// A product with everything that makes it.
    Made(ProductId),
    Factor(FactorId),
    Footprint(FootprintId),
    /// The activity with this number, where it counts for the request, with what goes into it.
    Activity(u32),
    /// The activity with this number, whatever it counts for: it claims a certificate that another claims.
    Claim(u32),
}

struct Reach<'a> {
    log: &'a Log,
    source: &'a dyn Source,
    size: u64,
    request: Option<&'a Request>,
    open: Vec<Need>,
    products: BTreeMap<ProductId, Held<Product>>,
    /// Products of which everything was looked for, by the id they are filed under.
    made: BTreeSet<ProductId>,
    activities: BTreeMap<u32, Held<Activity>>,
    /// Activities that were looked at, also those that do not count.
    seen: BTreeSet<u32>,
    publications: BTreeMap<u32, Held<Publication>>,
    inventory: Inventory,
}

/// All that held at `size` and that the footprint of `product` can depend on; with a request, without the activities that do not count for that, which are
/// most of them in a log of many years. An error says what could not be read.
pub(super) fn inventory(
    log: &Log,
    source: &dyn Source,
    size: u64,
    product: &ProductId,
    request: Option<&Request>,
) -> Result<Inventory, String> {
    let mut reach = Reach {
        log,
        source,
        size,
        request,
        open: vec![Need::Made(product.clone())],
        products: BTreeMap::new(),
        made: BTreeSet::new(),
        activities: BTreeMap::new(),
        seen: BTreeSet::new(),
        publications: BTreeMap::new(),
        inventory: Inventory::default(),
    };
    while let Some(need) = reach.open.pop() {
        match need {
            Need::Declared(id) => drop(reach.declared(&id)?),
            Need::Made(id) => reach.made(&id)?,
            Need::Factor(id) => reach.factor(&id)?,
            Need::Footprint(id) => reach.footprint(&id)?,
            Need::Activity(number) => reach.activity(number)?,
            Need::Claim(number) => reach.claim(number)?,
        }
    }
    let mut inventory = reach.inventory;
    inventory.products = reach.products;
    inventory.activities = reach.activities.into_values().collect();
    inventory.publications = reach.publications.into_values().collect();
    Ok(inventory)
}

impl Reach<'_> {
    /// The numbers of what held and has this key.
    fn held(&self, of: &Of<'_>) -> Vec<u32> {
        self.log.postings.find(of).filter(|number| self.holds(*number)).collect()
    }

    /// Whether a statement was in the log and counted at the size that is asked for.
    fn holds(&self, number: u32) -> bool {
        let book = &self.log.book;
        let entry = usize::try_from(number).ok().and_then(|number| book.entries().get(number));
        entry.is_some_and(|entry| book.held_at(&entry, self.size))
    }

    fn fetch(&self, number: u32) -> Result<(StatementId, Said), String> {
        let number = usize::try_from(number).unwrap_or(usize::MAX);
        let entry = self.log.book.entries().get(number).ok_or("its place in the log is not known")?;
        let at = self.log.positions.get(number).ok_or("its place in the store is not known")?;
        let wrong = |error: String| format!("statement {}: {error}", entry.id);
        let said = match self.source.body(*at).map_err(|error| wrong(error.to_string()))? {
            Body::Statement(bytes) => decode_statement(&bytes).map(Said::Whole),
            Body::Redacted(bytes) => decode_kept(&bytes).map(Said::Kept),
        };
        Ok((entry.id, said.map_err(|error| wrong(error.to_string()))?))
    }

    /// The id that a product is filed under.
    fn declared(&mut self, id: &ProductId) -> Result<Option<ProductId>, String> {
        if let Some(filed) = self.inventory.aliases.get(id) {
            return Ok(Some(filed.clone()));
        }
        for number in self.held(&Of::Declares(id)) {
            let (statement_id, statement) = self.fetch(number)?;
            let Said::Whole(Statement::Product(statement)) = statement else { continue };
            let Some(filed) = statement.ids.first().filter(|_| statement.ids.contains(id)).cloned() else {
                continue;
            };
            for alias in &statement.ids {
                self.inventory.aliases.insert(alias.clone(), filed.clone());
            }
            self.products.insert(filed.clone(), Held { id: statement_id, statement });
            return Ok(Some(filed));
        }
        Ok(None)
    }

    fn made(&mut self, id: &ProductId) -> Result<(), String> {
        let Some(filed) = self.declared(id)? else { return Ok(()) };
        if !self.made.insert(filed.clone()) {
            return Ok(());
        }
        let Some(held) = self.products.get(&filed) else { return Ok(()) };
        let ids = held.statement.ids.clone();
        self.open.extend(factors_of(&held.statement).into_iter().map(Need::Factor));
        for id in &ids {
            self.open.extend(self.held(&Of::Makes(id)).into_iter().map(Need::Activity));
            for number in self.held(&Of::Publishes(id)) {
                if let (id, Said::Whole(Statement::Publication(statement))) = self.fetch(number)?
                    && statement.status == PublicationStatus::Final
                {
                    self.publications.insert(number, Held { id, statement });
                }
            }
        }
        Ok(())
    }

    fn activity(&mut self, number: u32) -> Result<(), String> {
        if !self.seen.insert(number) {
            return Ok(());
        }
        let Some(Held { id, statement }) = self.whole(number)? else { return Ok(()) };
        if self.request.is_some_and(|request| !calc::counts(&statement, request)) {
            return Ok(());
        }
        self.open.extend(statement.outputs.iter().map(|output| Need::Declared(output.product.clone())));
        for flow in &statement.flows {
            match &flow.source {
                FlowSource::Factor { factor, upstream } => {
                    let factors = std::iter::once(factor).chain(upstream).cloned();
                    self.open.extend(factors.map(Need::Factor));
                }
                FlowSource::Product(product) => self.open.push(Need::Made(product.clone())),
                FlowSource::Footprint(footprint) => self.open.push(Need::Footprint(footprint.clone())),
                FlowSource::Gas(_) | FlowSource::Excluded { .. } => {}
            }
            // A certificate counts once in the whole ledger, whoever else claims it.
            if let Some(instrument) = &flow.instrument {
                let claims = self.held(&Of::Instrument(&instrument.id));
                self.open.extend(claims.into_iter().map(Need::Claim));
            }
        }
        self.activities.insert(number, Held { id, statement });
        Ok(())
    }

    fn claim(&mut self, number: u32) -> Result<(), String> {
        if !self.activities.contains_key(&number)
            && let Some(held) = self.whole(number)?
        {
            self.activities.insert(number, held);
        }
        Ok(())
    }

    /// The activity with this number; none where it is redacted, and what stays of it is taken in.
    fn whole(&mut self, number: u32) -> Result<Option<Held<Activity>>, String> {
        match self.fetch(number)? {
            (id, Said::Whole(Statement::Activity(statement))) => Ok(Some(Held { id, statement })),
            (_, Said::Whole(_)) => Ok(None),
            (id, Said::Kept(kept)) => {
                self.redacted_activity(id, kept.facts.activity);
                Ok(None)
            }
        }
    }

    /// A redacted activity stops what it entered; which of its products are one, their statements say.
    fn redacted_activity(&mut self, id: StatementId, stays: Option<KeptActivity>) {
        let known = self.inventory.redacted.activities.iter().any(|held| held.id == id);
        let Some(statement) = stays.filter(|_| !known) else { return };
        self.open.extend(statement.products.iter().cloned().map(Need::Declared));
        for instrument in &statement.instruments {
            let claims = self.held(&Of::Instrument(instrument));
            self.open.extend(claims.into_iter().map(Need::Claim));
        }
        self.inventory.redacted.activities.push(Held { id, statement });
    }

    fn factor(&mut self, factor: &FactorId) -> Result<(), String> {
        if self.inventory.factors.contains_key(factor) {
            return Ok(());
        }
        for number in self.held(&Of::Factor(factor)) {
            match self.fetch(number)? {
                (id, Said::Whole(Statement::Factor(statement))) => {
                    self.inventory.factors.insert(statement.factor.clone(), Held { id, statement });
                }
                (id, Said::Kept(kept)) => {
                    self.inventory.redacted.factors.extend(kept.facts.factor.map(|factor| (factor, id)));
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn footprint(&mut self, footprint: &FootprintId) -> Result<(), String> {
        if self.inventory.bought.contains_key(footprint) {
            return Ok(());
        }
        for number in self.held(&Of::Footprint(footprint)) {
            match self.fetch(number)? {
                (id, Said::Whole(Statement::SupplierFootprint(supplied))) => {
                    let read = bought(supplied.document.as_bytes());
                    let (statement, _) =
                        read.map_err(|error| format!("the supplier's document in statement {id}: {error}"))?;
                    self.inventory.bought.insert(supplied.footprint, Held { id, statement });
                }
                (id, Said::Kept(kept)) => {
                    self.inventory.redacted.bought.extend(kept.facts.footprint.map(|bought| (bought, id)));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The factors that a product statement names for its recycling.
fn factors_of(product: &Product) -> Vec<FactorId> {
    let materials = product.recycling.iter().flat_map(|recycling| &recycling.materials);
    materials.flat_map(|material| material.factors()).cloned().collect()
}
