//! Where a footprint comes from: what each flow gave, from the amount as stated to kg CO2e, in the
//! product's own statements and, by one reverse pass over its chain, in those of everything it is
//! made of. Attributes figures; never calculates one.

mod breakdown;
pub(super) mod chain;
mod draft;
pub(super) mod levels;
pub(super) mod own;
mod sankey;
pub(super) mod trace;

use std::fmt;

pub use breakdown::{Breakdown, Group, Grouping};
pub use chain::Chain;
pub use sankey::{Sankey, SankeyKind, SankeyLink, SankeyNode};
pub use trace::{TopFlows, Trace};

use super::allocation::Share;
use super::amount::Ratio;
use crate::model::{
    Amount, ByCategory, Co2e, FactorId, FlowKind, FootprintId, Gas, ProductId, Quantity, Stage, StatementId,
    Text,
};

/// Where the figure of a flow came from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ContributionSource {
    /// An emission factor.
    Factor {
        /// Its id.
        factor: FactorId,
        /// Its statement.
        statement: StatementId,
    },
    /// Another product of the ledger, at its calculated gate footprint.
    Product {
        /// Its id, as it is filed.
        product: ProductId,
        /// Its product statement.
        statement: StatementId,
    },
    /// Another product of the ledger, at the gate footprint it last published, because it has no
    /// data in the period.
    Publication {
        /// Its id, as it is filed.
        product: ProductId,
        /// The published footprint.
        footprint: FootprintId,
        /// The publication's statement.
        statement: StatementId,
    },
    /// A supplier's footprint.
    Footprint {
        /// Its UUID.
        footprint: FootprintId,
        /// The statement that carries it.
        statement: StatementId,
    },
    /// A gas emitted here, characterised with the set asked for.
    Gas(Gas),
}

impl ContributionSource {
    /// The statement that the figure stands in; none for a gas.
    pub const fn statement(&self) -> Option<StatementId> {
        match self {
            Self::Factor { statement, .. }
            | Self::Product { statement, .. }
            | Self::Publication { statement, .. }
            | Self::Footprint { statement, .. } => Some(*statement),
            Self::Gas(_) => None,
        }
    }

    /// The id with its kind before it, as `factor grid` or `publication 3f0a…`.
    pub fn id(&self) -> String {
        match self {
            Self::Factor { factor, .. } => format!("factor {factor}"),
            Self::Product { product, .. } => format!("product {product}"),
            Self::Publication { footprint, .. } => format!("publication {footprint}"),
            Self::Footprint { footprint, .. } => format!("footprint {footprint}"),
            Self::Gas(gas) => format!("gas {gas}"),
        }
    }

    /// What it is and how its figure came about.
    pub fn explained(&self) -> String {
        match self {
            Self::Factor { factor, .. } => format!("factor {factor}"),
            Self::Product { product, .. } => format!("product {product}, calculated here"),
            Self::Publication { product, footprint, .. } => {
                format!("product {product}, as published in {footprint}")
            }
            Self::Footprint { footprint, .. } => format!("supplier's footprint {footprint}"),
            Self::Gas(gas) => format!("gas {gas}, emitted here"),
        }
    }
}

impl fmt::Display for ContributionSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Factor { factor, .. } => write!(f, "factor {factor}"),
            Self::Product { product, .. } => write!(f, "product {product}"),
            Self::Publication { footprint, .. } => write!(f, "published footprint {footprint}"),
            Self::Footprint { footprint, .. } => write!(f, "supplier's footprint {footprint}"),
            Self::Gas(gas) => write!(f, "gas {gas}"),
        }
    }
}

/// One flow's part of a footprint. A flow with an upstream factor has two, the factor's first.
///
/// Only the totals of unit processes are rounded officially: `contribution` is rounded by itself
/// for display, so the sum of many may differ from the process by some 1e-15 kg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contribution {
    /// The product whose flow it is: the one asked for, or one it is made of.
    pub product: ProductId,
    /// Declared units of that product in one declared unit of the asked one, rounded to 1e-18 for
    /// display; 1 for its own flows.
    pub level: Ratio,
    /// The activity statement; the product statement for a term of its recycling.
    pub statement: StatementId,
    /// Its stage.
    pub stage: Stage,
    /// Its unit process.
    pub process: Text,
    /// The flow's place among the statement's flows, or the term's among those of its recycling,
    /// from 0.
    pub flow: usize,
    /// The flow's name.
    pub name: Text,
    /// What it is.
    pub kind: FlowKind,
    /// Where its figure came from.
    pub source: ContributionSource,
    /// True for the upstream factor of a flow that has a direct one.
    pub upstream: bool,
    /// The amount as stated.
    pub amount: Amount,
    /// What the source's figure is per.
    pub source_unit: Quantity,
    /// The amount in source units, to 1e-18.
    pub converted: Ratio,
    /// kg CO2e per source unit, by category.
    pub source_figures: ByCategory<Co2e>,
    /// The product's share of the statement's flows.
    pub share: Share,
    /// Declared units of the product that the whole process served.
    pub declared_units: Ratio,
    /// kg CO2e per declared unit of the asked product, by category, rounded for display.
    pub contribution: ByCategory<Co2e>,
    /// The headline part of it, rounded for display; the weight in the primary data share and the
    /// ratings.
    pub excluding_uptake: Co2e,
}

/// Largest first, by size whatever the sign; then by statement, flow, factor before upstream.
pub(super) fn sort(contributions: &mut [Contribution]) {
    contributions.sort_by(|a, b| {
        let size = |c: &Contribution| c.excluding_uptake.quanta().unsigned_abs();
        let place = |c: &Contribution| (c.statement, c.flow, c.upstream);
        size(b).cmp(&size(a)).then_with(|| place(a).cmp(&place(b)))
    });
}
