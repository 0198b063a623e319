//! What a proof shows of what lies behind a figure: the headers of all activities that entered, and of their bodies
//! those that the publisher chooses. A factor, a supplier's footprint or another product is shown where a body
//! that is shown names it: together they are the other half of a recipe.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use crate::admission::Said;
use crate::codec::digest::{Sha256Bytes, sha256};
use crate::ledger::{Ledger, LedgerError};
use crate::model::{
    Activity, FactorId, FlowSource, FootprintId, Product, ProductId, Stage, Statement, StatementId, StatementKind,
    Text,
};
use crate::store::Reader;

/// Which bodies a proof shows.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Disclosure {
    /// Those of every used statement: the figures can be calculated again.
    #[default]
    All,
    /// None: product, process, period and signer of everything that entered can be checked, and no amount is given
    /// away.
    None,
    /// Those of the chosen activities.
    Only(Choice),
    /// Those of all activities but the chosen ones.
    Except(Choice),
}

/// Activities, by what they are about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choice {
    /// All of these stages.
    pub stages: BTreeSet<Stage>,
    /// All of processes with these names.
    pub processes: BTreeSet<Text>,
    /// These statements.
    pub statements: BTreeSet<StatementId>,
}

/// One part of a [`Choice`], as it is written: `stage=production`, `process=casting`, `statement=ID`, or `all`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChoicePart {
    /// Everything.
    All,
    /// A stage.
    Stage(Stage),
    /// A process.
    Process(Text),
    /// A statement.
    Statement(StatementId),
}

impl FromStr for ChoicePart {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let value = |error: crate::model::ValueError| error.to_string();
        match text.split_once('=') {
            None if text == "all" => Ok(Self::All),
            Some(("stage", stage)) => stage.parse().map(Self::Stage).map_err(value),
            Some(("process", process)) => process.parse().map(Self::Process).map_err(value),
            Some(("statement", id)) => id.parse().map(Self::Statement).map_err(value),
            _ => Err("expected all, stage=STAGE, process=NAME or statement=ID".to_owned()),
        }
    }
}

impl Choice {
    /// Of parts; `None` where one of them is everything.
    pub fn of(parts: &[ChoicePart]) -> Option<Self> {
        let mut choice = Self::default();
        for part in parts {
            match part {
                ChoicePart::All => return None,
                ChoicePart::Stage(stage) => drop(choice.stages.insert(*stage)),
                ChoicePart::Process(process) => drop(choice.processes.insert(process.clone())),
                ChoicePart::Statement(id) => drop(choice.statements.insert(*id)),
            }
        }
        Some(choice)
    }

    fn holds(&self, id: &StatementId, said: &Activity) -> bool {
        self.stages.contains(&said.stage)
            || self.processes.contains(&said.process)
            || self.statements.contains(id)
    }
}

impl Disclosure {
    fn shows(&self, id: &StatementId, said: &Activity) -> bool {
        match self {
            Self::All => true,
            Self::None => false,
            Self::Only(choice) => choice.holds(id, said),
            Self::Except(choice) => !choice.holds(id, said),
        }
    }
}

/// What is shown of the used statements.
#[derive(Debug, Default)]
pub(super) struct Disclosed {
    /// Those that are shown at all.
    pub(super) statements: BTreeSet<StatementId>,
    /// Those of them whose body is shown where it is there.
    pub(super) bodies: BTreeSet<StatementId>,
}

impl Disclosed {
    /// Of the used statements of a publication of a product.
    pub(super) fn of<S: Reader>(
        ledger: &Ledger<S>,
        product: &ProductId,
        used: &BTreeSet<StatementId>,
        disclosure: &Disclosure,
    ) -> Result<Self, LedgerError> {
        if *disclosure == Disclosure::All {
            return Ok(Self { statements: used.clone(), bodies: used.clone() });
        }
        let (mut disclosed, mut sources, mut named) = (Self::default(), Sources::default(), Named::default());
        for id in used {
            match ledger.said(id)? {
                Said::Whole(Statement::Activity(said)) => {
                    disclosed.statements.insert(*id);
                    if disclosure.shows(id, &said) {
                        disclosed.bodies.insert(*id);
                        named.activity(&said);
                    }
                }
                Said::Header(header) if header.kind() == StatementKind::Activity => {
                    disclosed.statements.insert(*id);
                }
                Said::Whole(Statement::Product(said)) if said.ids.contains(product) => {
                    disclosed.statements.insert(*id);
                    if *disclosure != Disclosure::None {
                        named.recycling(&said);
                    }
                }
                Said::Whole(Statement::Product(said)) => {
                    sources.products.extend(said.ids.into_iter().map(|alias| (alias, *id)));
                }
                Said::Whole(Statement::Publication(said)) => drop(sources.products.insert(said.product, *id)),
                said => drop(sources.others.insert(subject_of(ledger, id, said.kind())?, *id)),
            }
        }
        let shown: Vec<StatementId> = named.found_in(&sources).collect();
        disclosed.statements.extend(&shown);
        disclosed.bodies.extend(shown);
        Ok(disclosed)
    }
}

/// Used statements that flows name.
#[derive(Default)]
struct Sources {
    products: BTreeMap<ProductId, StatementId>,
    /// Factors and suppliers' footprints, by type and SHA-256 of their ids.
    others: BTreeMap<(StatementKind, Sha256Bytes), StatementId>,
}

fn subject_of<S: Reader>(
    ledger: &Ledger<S>,
    id: &StatementId,
    kind: StatementKind,
) -> Result<(StatementKind, Sha256Bytes), LedgerError> {
    let entry = ledger.book().entry(id)?;
    Ok((kind, entry.map(|(_, entry)| entry.subject).unwrap_or_default()))
}

/// What the bodies that are shown name.
#[derive(Default)]
struct Named {
    factors: BTreeSet<FactorId>,
    footprints: BTreeSet<FootprintId>,
    products: BTreeSet<ProductId>,
}

impl Named {
    fn activity(&mut self, said: &Activity) {
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

    fn recycling(&mut self, product: &Product) {
        let materials = product.recycling.iter().flat_map(|recycling| &recycling.materials);
        self.factors.extend(materials.flat_map(|material| material.factors()).cloned());
    }

    fn found_in(&self, sources: &Sources) -> impl Iterator<Item = StatementId> {
        let other = |kind, id: &str| sources.others.get(&(kind, sha256(&[id.as_bytes()]))).copied();
        let factors = self.factors.iter().filter_map(move |id| other(StatementKind::Factor, id.as_str()));
        let bought =
            self.footprints.iter().filter_map(move |id| other(StatementKind::SupplierFootprint, id.as_str()));
        let products = self.products.iter().filter_map(|id| sources.products.get(id).copied());
        factors.chain(bought).chain(products)
    }
}
