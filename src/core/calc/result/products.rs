//! All products at once: lowered, solved in one pass, and their figures put together one by one.

use std::collections::BTreeMap;

use crate::calc::lower::Lowering;
use crate::calc::rows::Rows;
use crate::calc::solve::{Engine, Graph};
use crate::calc::{CalcError, CalcErrors, Inventory, Request};
use crate::model::{ByCategory, Co2e, Figures, ProductId};

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

impl<'a> Products<'a> {
    /// Lowers every statement that counts for the request, once.
    pub fn lower(inventory: &'a Inventory, request: &'a Request) -> Self {
        let mut lowering = Lowering::new(inventory, request);
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
