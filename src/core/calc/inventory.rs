//! What a calculation starts from: every statement that holds, as of one log size, already judged
//! by the rules.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::{
    Activity, ActivityHeader, Boundary, ByCategory, Co2e, Decimal, Factor, FactorId, Figures, FootprintId,
    GwpSet, Header, Period, Product, ProductId, Publication, Quality, Quantity, StatedGwp, StatementId, Text,
};

/// A statement that holds, with its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held<T> {
    /// The statement's id: its leaf hash.
    pub id: StatementId,
    /// What it says.
    pub statement: T,
}

/// A supplier's footprint, read from the document that a `supplierFootprint` statement carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoughtFootprint {
    /// What the figures are per: the document's declared unit and amount.
    pub declared_unit: Quantity,
    /// kg per declared unit, where the document states it above zero; links mass and declared unit.
    pub mass_per_declared_unit: Option<Decimal>,
    /// kg CO2e per declared unit and category; their sum is the document's headline excluding
    /// uptake.
    pub categories: ByCategory<Co2e>,
    /// Headline excluding uptake minus the named categories, already counted into fossil; shown
    /// where it is not zero.
    pub unexplained: Co2e,
    /// The document's primary data share, 0 to 100.
    pub primary_data_share: Option<Decimal>,
    /// The document's ratings.
    pub quality: Option<Quality>,
    /// The GWP sets the document names.
    pub gwp: Vec<StatedGwp>,
    /// The span it may be used in; absent where the document states none.
    pub validity: Option<Period>,
}

/// Every statement that holds, as of one log size. The order of the activities does not matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inventory {
    /// Products by the id they are filed under.
    pub products: BTreeMap<ProductId, Held<Product>>,
    /// Every id of every product, to the id it is filed under.
    pub aliases: BTreeMap<ProductId, ProductId>,
    /// Factors by id.
    pub factors: BTreeMap<FactorId, Held<Factor>>,
    /// Activities that hold.
    pub activities: Vec<Held<Activity>>,
    /// Suppliers' footprints by UUID.
    pub bought: BTreeMap<FootprintId, Held<BoughtFootprint>>,
    /// Final publications that hold, in log order.
    pub publications: Vec<Held<Publication>>,
    /// What the figures of a publication are per, by its statement, where that is not said by the
    /// product statement that holds now; none where it is not known.
    pub declared: BTreeMap<StatementId, Option<Declared>>,
    /// What holds and can no longer be read.
    pub redacted: Redacted,
}

/// What figures of a product are per.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Declared {
    /// The declared unit.
    pub unit: Quantity,
    /// kg per declared unit, where it is stated.
    pub mass: Option<Decimal>,
}

impl Declared {
    /// As a product statement says.
    pub const fn by(product: &Product) -> Self {
        Self { unit: product.declared_unit, mass: product.mass_per_declared_unit }
    }
}

/// Statements that hold and whose text was taken out: what needs one of them cannot be calculated
/// and says so.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Redacted {
    /// Headers of activities.
    pub activities: Vec<Held<ActivityHeader>>,
    /// Factors by id, with the statement.
    pub factors: BTreeMap<FactorId, StatementId>,
    /// Suppliers' footprints by UUID, with the statement.
    pub bought: BTreeMap<FootprintId, StatementId>,
}

impl Redacted {
    pub(super) fn take(&mut self, id: StatementId, header: Header) {
        match header {
            Header::Activity(statement) => self.activities.push(Held { id, statement }),
            Header::Factor(said) => {
                self.factors.insert(said.factor, id);
            }
            Header::SupplierFootprint(said) => {
                self.bought.insert(said.footprint, id);
            }
            Header::Annual(_) | Header::Publication(_) | Header::Whole(_) => {}
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Request {
    /// The period asked for.
    pub period: Period,
    /// How far; absent: as each product's statement says.
    pub boundary: Option<Boundary>,
    /// One scenario of use and recycling beside the statements that name none.
    pub scenario: Option<Text>,
    /// Only this batch of the product asked for.
    pub batch: Option<Text>,
    /// The set that gases are characterised with.
    pub gwp: GwpSet,
}

impl Request {
    /// The question that a publication answers.
    pub fn of(publication: &Publication) -> Self {
        Self {
            period: publication.period,
            boundary: Some(publication.boundary),
            scenario: publication.scenario.clone(),
            batch: publication.batch.clone(),
            gwp: publication.method.gwp,
        }
    }
}

/// A calculated footprint of one product.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Footprint {
    /// The product, by the id it is filed under.
    pub product: ProductId,
    /// How far the figures reach.
    pub boundary: Boundary,
    /// Every figure, per declared unit.
    pub figures: Figures,
    /// The statements that enter any figure, also through other products of the ledger: activities,
    /// products, factors, supplier footprints, publications.
    pub used: BTreeSet<StatementId>,
    /// Those of them that enter the figure at the gate.
    pub used_to_gate: BTreeSet<StatementId>,
    /// kg CO2e per declared unit that is left out to the gate, by the estimates of what is excluded.
    pub excluded: Co2e,
    /// What a reader must know: sentences, sorted and distinct.
    pub notes: Vec<String>,
    /// Every flow that enters this product's own figures, largest first.
    pub contributions: Vec<super::Contribution>,
}
