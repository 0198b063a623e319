//! A footprint as a network: what flows from factors, gases, bought footprints and products into
//! products, in kg CO2e per declared unit of the asked one. Draws nothing.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::ContributionSource;
use super::chain::WHAT;
use super::trace::{Met, Trace, printed};
use crate::calc::CalcErrors;
use crate::model::wide::{Wide, sum};
use crate::model::{Co2e, ValueError};

/// A node: a product, or a source outside the ledger's own calculation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SankeyNode {
    /// A product's id, or a source with its kind before it (`factor:…`, `gas:…`, `footprint:…`,
    /// `publication:…`, or `others`).
    pub id: String,
    /// A product's or factor's name; else the id.
    pub name: String,
}

/// What goes from one node to another. Burdens and credits of the same two nodes are two links.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SankeyLink {
    /// Where it comes from.
    pub source: String,
    /// Where it goes: always a product.
    pub target: String,
    /// Whether it adds to the footprint or takes from it.
    pub kind: SankeyKind,
    /// kg CO2e excluding uptake per declared unit of the asked product; below 0 it is a credit.
    #[serde(rename = "kgCo2e")]
    pub kg: Co2e,
}

/// Whether a link adds to a footprint or takes from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SankeyKind {
    /// What is emitted.
    Burden,
    /// What is removed or avoided: below 0 as printed.
    Credit,
}

impl SankeyKind {
    /// `burden` or `credit`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Burden => "burden",
            Self::Credit => "credit",
        }
    }

    const fn of(kg: Co2e) -> Self {
        if kg.quanta() < 0 { Self::Credit } else { Self::Burden }
    }
}

/// The network behind one footprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Sankey {
    /// The asked product.
    pub product: String,
    /// Its footprint, kg CO2e per declared unit.
    #[serde(rename = "kgCo2e")]
    pub total: Co2e,
    /// Sorted by id.
    pub nodes: Vec<SankeyNode>,
    /// Largest first, by size whatever the sign; then by target and source.
    pub links: Vec<SankeyLink>,
    /// The footprint less what arrives at the asked product and does not go back into a loop: what
    /// the roundings leave.
    #[serde(rename = "roundingKgCo2e")]
    pub rounding: Co2e,
}

/// The source of the links that were left out.
const OTHERS: &str = "others";

impl Trace<'_, '_> {
    /// The network with its largest `count` links; what is left out goes into every product from
    /// `others`, burdens and credits apart.
    ///
    /// # Errors
    /// Figures beyond the exact range.
    pub fn sankey(&self, count: usize) -> Result<Sankey, CalcErrors> {
        self.wrap(self.network(count))
    }

    fn network(&self, count: usize) -> Result<Sankey, ValueError> {
        let mut names = BTreeMap::new();
        // Burdens and credits of one source stay apart: the last part is true for a credit.
        let mut exact = BTreeMap::<(String, String, bool), Wide>::new();
        self.each(|met| {
            let (Some(source), Some(target)) = (self.source_node(&met), self.product_node(met.part.number))
            else {
                return Ok(());
            };
            let key = (target.id.clone(), source.id.clone(), met.exact < Wide::ZERO);
            let part = exact.entry(key).or_insert(Wide::ZERO);
            *part = sum(*part, met.exact, WHAT)?;
            names.insert(source.id, source.name);
            names.insert(target.id, target.name);
            Ok(())
        })?;
        let mut sorted: Vec<_> = exact.into_iter().collect();
        sorted.sort_by_key(|(_, kg)| Reverse(kg.abs()));
        let mut left = BTreeMap::<(String, bool), Wide>::new();
        for ((target, _, is_credit), kg) in sorted.iter().skip(count) {
            let so_far = left.entry((target.clone(), *is_credit)).or_insert(Wide::ZERO);
            *so_far = sum(*so_far, *kg, WHAT)?;
        }
        sorted.truncate(count);
        let product = self.product_node(self.root.number).map_or_else(String::new, |node| node.id);
        let shown: BTreeSet<String> =
            sorted.iter().flat_map(|((t, s, _), _)| [t.clone(), s.clone()]).collect();
        left.retain(|(target, _), _| shown.contains(target) || *target == product);
        let others = |((target, is_credit), kg)| ((target, OTHERS.to_owned(), is_credit), kg);
        sorted.extend(left.into_iter().map(others));
        names.insert(OTHERS.to_owned(), OTHERS.to_owned());
        let link = |((target, source, _), kg): ((String, String, bool), Wide)| {
            let kg = printed(kg)?;
            Ok(SankeyLink { source, target, kind: SankeyKind::of(kg), kg })
        };
        let links = sorted.into_iter().map(link).collect::<Result<Vec<_>, ValueError>>()?;
        let arriving = Co2e::total(links.iter().filter(|l| l.target == product).map(|l| l.kg))?;
        let returning = Co2e::total(links.iter().filter(|l| l.source == product).map(|l| l.kg))?;
        let used: BTreeSet<&String> = links.iter().flat_map(|l| [&l.source, &l.target]).collect();
        let nodes =
            names.into_iter().filter(|(id, _)| used.contains(id)).map(|(id, name)| SankeyNode { id, name });
        let total = self.total();
        Ok(Sankey {
            nodes: nodes.collect(),
            rounding: total.plus(returning)?.minus(arriving)?,
            product,
            total,
            links,
        })
    }

    fn product_node(&self, number: usize) -> Option<SankeyNode> {
        let (id, held) = self.chain.engine.graph.lowering.catalogue.products.get(number)?;
        Some(SankeyNode { id: id.to_string(), name: held.statement.name.to_string() })
    }

    fn source_node(&self, met: &Met<'_, '_>) -> Option<SankeyNode> {
        let (_, origin) = self.value(met.line.target)?;
        let id = match origin {
            ContributionSource::Product { product, .. } => {
                let number = self.chain.engine.graph.lowering.catalogue.number(&product)?;
                return self.product_node(number);
            }
            ContributionSource::Factor { factor, .. } => {
                let held = self.chain.engine.graph.lowering.catalogue.inventory.factors.get(&factor)?;
                return Some(SankeyNode {
                    id: format!("factor:{factor}"),
                    name: held.statement.name.to_string(),
                });
            }
            ContributionSource::Publication { footprint, .. } => format!("publication:{footprint}"),
            ContributionSource::Footprint { footprint, .. } => format!("footprint:{footprint}"),
            ContributionSource::Gas(gas) => format!("gas:{gas}"),
        };
        Some(SankeyNode { name: id.clone(), id })
    }
}
