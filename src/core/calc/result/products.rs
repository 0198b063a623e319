//! All products at once: lowered, solved in one pass, and their figures put together one by one.

use std::collections::BTreeMap;

use crate::calc::lower::Lowering;
use crate::calc::rows::Rows;
use crate::calc::solve::{Engine, Graph};
use crate::calc::{CalcError, CalcErrors, Held, Inventory, Request};
use crate::model::{Activity, ActivityHeader, ByCategory, Co2e, Figures, ProductId};

/// Every product of an inventory as rows in the order of calculation, ready to be solved.
/// [`footprints`] is this, [`Products::solve`] and [`Gates::each`].
///
/// ```
/// use pcf_core::calc::{Inventory, Products, Request};
/// use pcf_core::model::GwpSet;
/// let request =
///     Request { period: "2025".parse()?, boundary: None, scenario: None, batch: None, gwp: GwpSet::Ar6 };
/// let inventory = Inventory::default();
/// let gates = Products::lower(&inventory, &request).solve();
/// assert!(gates.figures(&"urn:gtin:06901234000016".parse()?).is_err(), "nothing is known of it");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Products<'a>(Graph<'a>);

/// The gates of all products of an inventory.
pub struct Gates<'a>(Engine<'a>);

/// Activities that were read, without what no calculation looks at again.
#[derive(Debug, Default)]
pub struct Activities {
    held: Vec<Held<Activity>>,
    redacted: Vec<Held<ActivityHeader>>,
}

/// Every product of an inventory in the making: each activity is lowered as it is read, and most of
/// it is let go. For those who calculate all products of a large ledger once.
pub struct Reading<'a>(Lowering<'a>);

impl<'a> Reading<'a> {
    /// Begins with an inventory that holds everything but activities.
    pub fn new(inventory: &'a Inventory, request: &'a Request) -> Self {
        Self(Lowering::of_products(inventory, request))
    }

    /// Takes in the next activity.
    pub fn activity(&mut self, mut held: Held<Activity>, into: &mut Activities) {
        self.0.ahead(&mut held);
        held.statement.outputs.shrink_to_fit();
        into.held.push(held);
    }

    /// Takes in what stays of a redacted activity.
    pub fn redacted(&mut self, kept: Held<ActivityHeader>, into: &mut Activities) {
        into.redacted.push(kept);
    }

    /// Every product with the activities that were taken in.
    pub fn products(self, activities: &'a Activities) -> Products<'a> {
        let Self(mut lowering) = self;
        lowering.file(&activities.held, &activities.redacted);
        Products::of(lowering)
    }
}

impl<'a> Products<'a> {
    /// Lowers every statement that counts for the request, once.
    pub fn lower(inventory: &'a Inventory, request: &'a Request) -> Self {
        Self::of(Lowering::new(inventory, request))
    }

    fn of(mut lowering: Lowering<'a>) -> Self {
        let rows = Rows::reach(&mut lowering, None);
        Self(Graph::new(lowering, rows))
    }

    /// Calculates every gate, inputs first, on the calling thread. What stops one product is kept
    /// with it.
    pub fn solve(self) -> Gates<'a> {
        Gates(self.0.solve())
    }
}

impl Gates<'_> {
    /// kg CO2e by category per declared unit at the gate of a product, by any of its ids; none
    /// where it has no figures. Of a single batch nothing is told.
    pub fn gate(&self, product: &ProductId) -> Option<ByCategory<Co2e>> {
        self.0.gate_figures(self.0.graph.lowering.catalogue.number(product)?)
    }

    /// Every figure of a product, by any of its ids: what [`footprint`](super::footprint()) gives
    /// for it.
    ///
    /// # Errors
    /// What stops it. A product that fails because of another says only that.
    pub fn figures(&self, product: &ProductId) -> Result<Figures, CalcErrors> {
        let number = self.0.graph.lowering.catalogue.number(product);
        self.0.figures(number.ok_or_else(|| CalcError::UnknownProduct { product: product.clone() })?)
    }

    /// As [`Self::figures`], where a product that fails because of others says why they fail.
    ///
    /// # Errors
    /// All that stops it, as [`footprint`](super::footprint()) says it.
    pub fn explained(&self, product: &ProductId) -> Result<Figures, CalcErrors> {
        self.figures(product).or_else(|errors| match self.0.graph.lowering.catalogue.number(product) {
            Some(number) => self.0.explained(number),
            None => Err(errors),
        })
    }

    /// Hands on the figures of each product, or what stops it, in the order of the ids they are
    /// filed under.
    pub fn each(&self, mut visit: impl FnMut(&ProductId, Result<Figures, CalcErrors>)) {
        for (number, (id, _)) in self.0.graph.lowering.catalogue.products.iter().enumerate() {
            visit(id, self.0.figures(number));
        }
    }
}

/// Calculates the figures of every product in one pass: the same digits as
/// [`footprint`](super::footprint()) gives for each.
///
/// A product that fails because of another says only that
/// ([`FlowProblem::InputFails`](crate::calc::FlowProblem::InputFails)); why, stands at the other
/// product. What lies behind a single footprint (statements, notes, trace) is given by
/// [`footprint`](super::footprint()), because for a chain of products it grows with its square.
///
/// # Errors
/// None of the whole: what stops one product stands at it.
pub fn footprints(
    inventory: &Inventory,
    request: &Request,
) -> Result<BTreeMap<ProductId, Result<Figures, CalcErrors>>, CalcErrors> {
    let mut all = BTreeMap::new();
    Products::lower(inventory, request).solve().each(|id, figures| drop(all.insert(id.clone(), figures)));
    Ok(all)
}

impl<'a> Engine<'a> {
    /// Every product.
    pub(in crate::calc) fn all(inventory: &'a Inventory, request: &'a Request) -> Self {
        Products::lower(inventory, request).solve().0
    }
}
