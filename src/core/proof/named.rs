//! What the bodies that a proof shows name: the factors, suppliers' footprints and products behind
//! their flows. Of what enters a figure beside activities, a proof that withholds bodies shows this
//! and nothing else.

use std::collections::BTreeSet;

use crate::admission::Said;
use crate::model::{Activity, FactorId, FlowSource, FootprintId, Header, Product, ProductId, Statement};

/// What is named.
#[derive(Debug, Clone, Default)]
pub struct Named {
    factors: BTreeSet<FactorId>,
    footprints: BTreeSet<FootprintId>,
    products: BTreeSet<ProductId>,
}

impl Named {
    /// A product alone.
    pub fn of_product(product: ProductId) -> Self {
        Self { products: BTreeSet::from([product]), ..Self::default() }
    }

    /// Adds what an activity names.
    pub fn by_activity(&mut self, said: &Activity) {
        self.products.extend(said.products().cloned());
        for flow in &said.flows {
            match &flow.source {
                FlowSource::Factor { factor, upstream } => {
                    self.factors.extend(std::iter::once(factor).chain(upstream).cloned());
                }
                FlowSource::Product(product) => drop(self.products.insert(product.clone())),
                FlowSource::Footprint(footprint) => drop(self.footprints.insert(footprint.clone())),
                FlowSource::Gas(_) | FlowSource::Excluded { .. } => {}
            }
        }
    }

    /// Adds the factors of a product's recycling.
    pub fn by_recycling(&mut self, product: &Product) {
        let materials = product.recycling.iter().flat_map(|recycling| &recycling.materials);
        self.factors.extend(materials.flat_map(|material| material.factors()).cloned());
    }

    /// True for a statement that is named: a factor, a supplier's footprint, a product, or a
    /// publication of one.
    pub fn names(&self, said: &Said) -> bool {
        match said {
            Said::Whole(Statement::Factor(factor)) => self.factors.contains(&factor.factor),
            Said::Header(Header::Factor(factor)) => self.factors.contains(&factor.factor),
            Said::Whole(Statement::SupplierFootprint(held)) => self.footprints.contains(&held.footprint),
            Said::Header(Header::SupplierFootprint(held)) => self.footprints.contains(&held.footprint),
            Said::Whole(Statement::Product(product)) => {
                product.ids.iter().any(|id| self.products.contains(id))
            }
            Said::Whole(Statement::Publication(publication)) => self.products.contains(&publication.product),
            Said::Header(Header::Publication(publication)) => self.products.contains(&publication.product),
            _ => false,
        }
    }
}
