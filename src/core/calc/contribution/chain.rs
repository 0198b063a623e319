//! The supply chain behind products as flat arrays: nodes (products at their gate, inputs first),
//! parts (their unit processes) and lines (flows, each pointing to another node or to a leaf: a
//! factor, a gas, a bought or published footprint). Made once, read by every reverse pass and every
//! draw. Decides nothing: which statements count and what a flow converts to is decided before.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use super::ContributionSource;
use super::draft::draft;
use crate::calc::allocation::Share;
use crate::calc::lower::source::SourceValue;
use crate::calc::lower::{LineSource, index};
use crate::calc::recycling::Term;
use crate::calc::rows::Side;
use crate::calc::scope::Half;
use crate::calc::solve::{Engine, Status, components};
use crate::calc::{CalcError, CalcErrors, Held, Inventory, Request};
use crate::model::wide::Wide;
use crate::model::{Activity, Boundary, Co2e, Figures, Flow, ProductId, Stage, StatementId, Text};

/// Levels and coefficients are whole numbers of 2^-96.
pub(in crate::calc) const BITS: u32 = 96;

pub(super) const WHAT: &str = "contribution";

/// Where a line leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::calc) enum Target {
    /// A place in the list of leaves.
    Leaf(usize),
    /// A place in the list of nodes.
    Node(usize),
}

/// One flow, or the upstream of one.
#[derive(Debug, Clone)]
pub(in crate::calc) struct ChainLine {
    /// Its statement, by place in the inventory's list; none for a term of the product's own
    /// recycling.
    pub(in crate::calc) activity: Option<usize>,
    /// The flow's place in its statement, or the term's among those of the product.
    pub(in crate::calc) flow: usize,
    pub(in crate::calc) upstream: bool,
    /// Units of the target per declared unit of the product, in 2^-96.
    pub(in crate::calc) coefficient: Wide,
    pub(in crate::calc) share: Share,
    /// Units of the target over the whole statement, in 1e-18.
    pub(in crate::calc) ratio: Wide,
    pub(in crate::calc) target: Target,
}

/// A unit process of a product.
#[derive(Debug, Clone)]
pub(in crate::calc) struct Part<'a> {
    /// The product, by its number.
    pub(in crate::calc) number: usize,
    pub(in crate::calc) stage: Stage,
    pub(in crate::calc) process: Cow<'a, Text>,
    /// Declared units that the process served, in 1e-18.
    pub(in crate::calc) units: Wide,
    pub(in crate::calc) lines: Range<usize>,
}

/// A product at its gate, as others consume it.
#[derive(Debug, Clone)]
pub(in crate::calc) struct Node {
    pub(in crate::calc) number: usize,
    pub(in crate::calc) parts: Range<usize>,
    /// The loop it stands in.
    pub(in crate::calc) looped: Option<usize>,
}

/// A product that was asked for.
#[derive(Debug, Clone)]
pub(in crate::calc) struct Root {
    pub(in crate::calc) number: usize,
    /// Its gate as others consume it; none where one batch was asked for.
    pub(in crate::calc) node: Option<usize>,
    /// What is only in the asked figure: what lies beyond the gate, and the gate of one batch.
    pub(in crate::calc) own: Range<usize>,
    pub(in crate::calc) boundary: Boundary,
    pub(in crate::calc) figures: Figures,
}

/// The supply chains of products, ready to be traced and drawn from.
pub struct Chain<'a> {
    pub(in crate::calc) engine: Engine<'a>,
    pub(in crate::calc) nodes: Vec<Node>,
    pub(in crate::calc) parts: Vec<Part<'a>>,
    pub(in crate::calc) lines: Vec<ChainLine>,
    pub(in crate::calc) leaves: Vec<LineSource>,
    leaf_figures: Vec<Co2e>,
    node_figures: Vec<Co2e>,
    /// Consecutive nodes that consume each other.
    pub(in crate::calc) loops: Vec<Range<usize>>,
    roots: BTreeMap<usize, Root>,
}

/// A product's processes before nodes and leaves have their places.
struct Drafted<'a> {
    number: usize,
    parts: Vec<(Part<'a>, Vec<(ChainLine, LineSource)>)>,
}

impl<'a> Chain<'a> {
    /// The chain behind some products, by any of their ids.
    ///
    /// # Errors
    /// What [`footprint`](crate::calc::footprint()) refuses; and amounts beyond the range of
    /// levels.
    pub fn of(
        inventory: &'a Inventory,
        products: &[&ProductId],
        request: &'a Request,
    ) -> Result<Self, CalcErrors> {
        let engine = match products {
            [one] => Engine::of(inventory, one, request)?.0,
            _ => Engine::all(inventory, request),
        };
        let mut asked = Vec::with_capacity(products.len());
        for product in products {
            let unknown = || CalcError::UnknownProduct { product: (*product).clone() };
            let number = engine.graph.lowering.catalogue.number(product).ok_or_else(unknown)?;
            asked.push((number, engine.boundary(number), engine.explained(number)?));
        }
        Self::build(engine, asked)
    }

    /// The chain behind every product that has a footprint; those that have none are left out.
    ///
    /// # Errors
    /// Amounts beyond the range of levels.
    pub fn all(inventory: &'a Inventory, request: &'a Request) -> Result<Self, CalcErrors> {
        let engine = Engine::all(inventory, request);
        let count = engine.graph.rows.products();
        let found = |number| Some((number, engine.boundary(number), engine.figures(number).ok()?));
        let asked = (0..count).filter_map(found).collect();
        Self::build(engine, asked)
    }

    fn build(engine: Engine<'a>, asked: Vec<(usize, Boundary, Figures)>) -> Result<Self, CalcErrors> {
        let mut roots = Vec::with_capacity(asked.len());
        let mut open: Vec<usize> = Vec::new();
        let batch = engine.graph.lowering.catalogue.request.batch.is_some();
        for (number, boundary, figures) in asked {
            let mut own = Vec::new();
            if batch {
                own.extend(draft(&engine, number, Side::Batch)?);
            } else {
                open.push(number);
            }
            if boundary == Boundary::Grave {
                own.extend(draft(&engine, number, Side::Beyond)?);
            }
            open.extend(consumed(&engine, &own));
            roots.push((Drafted { number, parts: own }, boundary, figures));
        }
        let mut drafts: BTreeMap<usize, Drafted<'a>> = BTreeMap::new();
        while let Some(number) = open.pop() {
            if drafts.contains_key(&number) {
                continue;
            }
            let parts = draft(&engine, number, Side::Gate)?;
            open.extend(consumed(&engine, &parts));
            drafts.insert(number, Drafted { number, parts });
        }
        Ok(Self::place(engine, drafts.into_values().collect(), roots))
    }

    /// Gives nodes their places, inputs first, and lines their targets.
    fn place(
        engine: Engine<'a>,
        drafts: Vec<Drafted<'a>>,
        roots: Vec<(Drafted<'a>, Boundary, Figures)>,
    ) -> Self {
        let at: HashMap<usize, usize> = drafts.iter().enumerate().map(|(i, d)| (d.number, i)).collect();
        let place = |number: &usize| at.get(number).copied().map(index);
        let edges: Vec<Vec<u32>> =
            drafts.iter().map(|d| consumed(&engine, &d.parts).iter().filter_map(place).collect()).collect();
        let mut drafts: Vec<Option<Drafted<'a>>> = drafts.into_iter().map(Some).collect();
        let mut chain = Placing { node_of: HashMap::new(), leaf_of: HashMap::new(), leaves: Vec::new() };
        let (mut ordered, mut loops) = (Vec::with_capacity(drafts.len()), Vec::new());
        for members in components::components(&edges).iter() {
            let first = members.first().copied().unwrap_or_default();
            let itself = edges.get(first as usize).is_some_and(|inputs| inputs.contains(&first));
            let looped = (members.len() > 1 || itself).then_some(loops.len());
            if looped.is_some() {
                loops.push(ordered.len()..ordered.len() + members.len());
            }
            for member in members {
                let Some(draft) = drafts.get_mut(*member as usize).and_then(Option::take) else { continue };
                chain.node_of.insert(draft.number, ordered.len());
                ordered.push((draft, looped));
            }
        }
        let (mut parts, mut lines) = (Vec::new(), Vec::new());
        let mut nodes = Vec::with_capacity(ordered.len());
        for (draft, looped) in ordered {
            let number = draft.number;
            nodes.push(Node { number, parts: chain.settle(draft, &mut parts, &mut lines), looped });
        }
        let mut settled = BTreeMap::new();
        for (draft, boundary, figures) in roots {
            let number = draft.number;
            let own = chain.settle(draft, &mut parts, &mut lines);
            let batch = engine.graph.lowering.catalogue.request.batch.is_some();
            let node = chain.node_of.get(&number).copied().filter(|_| !batch);
            settled.insert(number, Root { number, node, own, boundary, figures });
        }
        // OK because every source here has a value: the products that consume it were calculated.
        let exact = engine.exact();
        let figure = |source| exact.value(source).map_or(Co2e::ZERO, |value| value.excluding_uptake);
        let leaf_figures = chain.leaves.iter().map(|source| figure(*source)).collect();
        let node_figures = nodes.iter().map(|node| figure(LineSource::Product(index(node.number)))).collect();
        let leaves = chain.leaves;
        Self { engine, nodes, parts, lines, leaves, leaf_figures, node_figures, loops, roots: settled }
    }

    pub(in crate::calc) fn root(&self, product: &ProductId) -> Result<&Root, CalcErrors> {
        let unknown = || CalcErrors::from(CalcError::UnknownProduct { product: product.clone() });
        let number = self.engine.graph.lowering.catalogue.number(product).ok_or_else(unknown)?;
        self.roots.get(&number).ok_or_else(unknown)
    }

    /// The products that can be traced and drawn, by the ids they are filed under.
    pub fn products(&self) -> impl Iterator<Item = &'a ProductId> {
        self.roots
            .keys()
            .filter_map(|number| self.engine.graph.lowering.catalogue.products.get(*number))
            .map(|(id, _)| *id)
    }

    pub(in crate::calc) fn roots(&self) -> impl Iterator<Item = &Root> {
        self.roots.values()
    }

    /// kg CO2e excluding uptake per declared amount of what a line leads to.
    pub(in crate::calc) fn figure(&self, target: Target) -> Co2e {
        let figure = match target {
            Target::Leaf(at) => self.leaf_figures.get(at),
            Target::Node(at) => self.node_figures.get(at),
        };
        figure.copied().unwrap_or(Co2e::ZERO) // OK because every target was placed here.
    }

    /// The figure of a source, and where it comes from.
    pub(in crate::calc) fn value(&self, source: LineSource) -> Option<(SourceValue, ContributionSource)> {
        let exact = self.engine.exact();
        Some((exact.value(source)?, exact.origin(source)?))
    }

    /// The activity statement and flow behind a line; none for a term of recycling.
    pub(in crate::calc) fn statement(&self, line: &ChainLine) -> Option<(&'a Held<Activity>, &'a Flow)> {
        let held = self.engine.graph.lowering.catalogue.activities.get(line.activity?)?;
        Some((held, held.statement.flows.get(line.flow)?))
    }

    /// The term of recycling behind a line.
    pub(in crate::calc) fn term(&self, part: &Part<'a>, line: &ChainLine) -> Option<&Term> {
        let halves = [Half::Gate, Half::Beyond(Boundary::Grave)];
        let mut terms =
            halves.into_iter().flat_map(|half| self.engine.graph.rows.recycled(part.number, half));
        terms.find_map(|r| r.terms.iter().find(|t| line.activity.is_none() && t.place == line.flow))
    }

    /// The statement a line stands in: an activity, or the product's own for a term of recycling.
    pub(in crate::calc) fn stated_in(&self, part: &Part<'a>, line: &ChainLine) -> Option<StatementId> {
        let product = self.engine.graph.lowering.catalogue.products.get(part.number).map(|(_, held)| held.id);
        self.statement(line).map(|(held, _)| held.id).or(product)
    }

    pub(in crate::calc) fn lines_of(&self, part: &Part<'a>) -> &[ChainLine] {
        self.lines.get(part.lines.clone()).unwrap_or_default()
    }

    pub(in crate::calc) fn parts_of(&self, range: &Range<usize>) -> &[Part<'a>] {
        self.parts.get(range.clone()).unwrap_or_default()
    }
}

/// Places in the making.
struct Placing {
    node_of: HashMap<usize, usize>,
    leaf_of: HashMap<LineSource, usize>,
    leaves: Vec<LineSource>,
}

impl Placing {
    fn settle<'a>(
        &mut self,
        draft: Drafted<'a>,
        parts: &mut Vec<Part<'a>>,
        lines: &mut Vec<ChainLine>,
    ) -> Range<usize> {
        let first = parts.len();
        for (mut part, drafted) in draft.parts {
            let begin = lines.len();
            for (mut line, source) in drafted {
                line.target = self.target(source);
                lines.push(line);
            }
            part.lines = begin..lines.len();
            parts.push(part);
        }
        first..parts.len()
    }

    fn target(&mut self, source: LineSource) -> Target {
        if let LineSource::Product(number) = source
            && let Some(node) = self.node_of.get(&(number as usize))
        {
            return Target::Node(*node);
        }
        let leaves = &mut self.leaves;
        Target::Leaf(*self.leaf_of.entry(source).or_insert_with(|| {
            leaves.push(source);
            leaves.len() - 1
        }))
    }
}

/// The products that are consumed at their calculated gate.
fn consumed(engine: &Engine<'_>, parts: &[(Part<'_>, Vec<(ChainLine, LineSource)>)]) -> BTreeSet<usize> {
    let sources = parts.iter().flat_map(|(_, lines)| lines).map(|(_, source)| *source);
    let calculated = |source| match source {
        LineSource::Product(n) => Some(n as usize).filter(|n| engine.solution.status(*n) == Status::Ready),
        LineSource::Fixed(_) => None,
    };
    sources.filter_map(calculated).collect()
}
