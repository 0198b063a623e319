//! Where a footprint comes from: every flow anywhere in its chain that ends in a factor, a gas or a
//! footprint from outside, weighed with the activity level of the product it belongs to. Sums are
//! exact until they are printed: each figure printed is rounded once, and what the roundings leave
//! between them and the footprint is a line of its own, so that what is printed adds up.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::breakdown::Sums;
use super::chain::{BITS, Chain, ChainLine, Part, Root, Target, WHAT};
use super::levels::{Levels, levels, one, scaled};
use super::{Contribution, ContributionSource};
use crate::calc::amount::Ratio;
use crate::calc::lower::source::SourceValue;
use crate::calc::lower::{LineSource, index};
use crate::calc::{CalcError, CalcErrors};
use crate::model::wide::{Wide, narrow, power_of_ten, product, quotient, sum};
use crate::model::{
    Amount, Boundary, ByCategory, Category, Co2e, Figures, FlowKind, ProductId, RATIO_SCALE, StatementId,
    ValueError,
};

/// The largest flows: they, `rest` and `rounding` sum exactly to the footprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TopFlows {
    /// Largest first, by size whatever the sign.
    pub flows: Vec<Contribution>,
    /// How many flows are not shown.
    pub rest_count: usize,
    /// kg CO2e of those.
    pub rest: Co2e,
    /// What is emitted by all flows, kg CO2e per declared unit.
    pub burdens: Co2e,
    /// What is removed or avoided by all flows, kg CO2e per declared unit.
    pub credits: Co2e,
    /// What the roundings on the way leave.
    pub rounding: Co2e,
}

/// One footprint with the activity level of everything behind it.
pub struct Trace<'c, 'a> {
    pub(in crate::calc) chain: &'c Chain<'a>,
    pub(in crate::calc) root: &'c Root,
    levels: Levels,
}

/// A line met on the way, with the level of its product and its exact part in 2^-96 of 1e-15 kg.
pub(in crate::calc) struct Met<'c, 'a> {
    pub(in crate::calc) part: &'c Part<'a>,
    pub(in crate::calc) line: &'c ChainLine,
    pub(in crate::calc) level: Wide,
    pub(in crate::calc) exact: Wide,
}

/// Size, place where the earlier wins, and index among those found.
type Rank = (Wide, Reverse<(Option<StatementId>, usize, bool, usize)>, usize);

impl<'a> Chain<'a> {
    /// Traces one of the chain's products: one pass from it towards its inputs.
    ///
    /// # Errors
    /// A product that is not in the chain; levels beyond the exact range; a loop that converges too
    /// slowly.
    pub fn trace(&self, product: &ProductId) -> Result<Trace<'_, 'a>, CalcErrors> {
        let root = self.root(product)?;
        let levels = levels(self, root.node, self.parts_of(&root.own));
        let levels = levels.map_err(|problem| CalcError::Result { product: product.clone(), problem })?;
        Ok(Trace { chain: self, root, levels })
    }
}

/// To 1e-15 kg, half to even.
pub(super) fn printed(exact: Wide) -> Result<Co2e, ValueError> {
    Co2e::from_quanta(narrow(quotient(exact, one(), WHAT)?, WHAT)?)
}

impl<'c, 'a> Trace<'c, 'a> {
    /// The footprint excluding uptake, within the boundary asked for.
    pub fn total(&self) -> Co2e {
        let figures = &self.root.figures;
        let grave = figures.grave.as_ref().filter(|_| self.root.boundary == Boundary::Grave);
        grave.unwrap_or(&figures.gate).excluding_uptake
    }

    /// Every figure of the asked product.
    pub fn figures(&self) -> &'c Figures {
        &self.root.figures
    }

    /// The asked product, by the id it is filed under.
    pub fn product(&self) -> Option<&'a ProductId> {
        self.product_id(self.root.number)
    }

    /// Every line with its level; inputs made in the ledger too, at their figure.
    pub(in crate::calc) fn each(
        &self,
        mut meet: impl FnMut(Met<'c, 'a>) -> Result<(), ValueError>,
    ) -> Result<(), ValueError> {
        let chain = self.chain;
        self.each_of(&self.levels, chain.parts_of(&self.root.own), &mut meet)
    }

    pub(super) fn each_of(
        &self,
        levels: &Levels,
        own: impl IntoIterator<Item = &'c Part<'a>>,
        meet: &mut impl FnMut(Met<'c, 'a>) -> Result<(), ValueError>,
    ) -> Result<(), ValueError> {
        let chain = self.chain;
        let nodes = levels.nodes.iter().filter_map(|(at, level)| Some((chain.nodes.get(*at)?, *level)));
        let of_nodes =
            nodes.flat_map(|(node, level)| chain.parts_of(&node.parts).iter().map(move |p| (p, level)));
        for (part, level) in of_nodes.chain(own.into_iter().map(|part| (part, one()))) {
            for line in chain.lines_of(part) {
                let figure = Wide::new(chain.figure(line.target).quanta());
                let exact = product(scaled(level, line.coefficient)?, figure, WHAT)?;
                meet(Met { part, line, level, exact })?;
            }
        }
        Ok(())
    }

    /// The largest `count` flows of all.
    ///
    /// # Errors
    /// Figures beyond the exact range.
    pub fn top(&self, count: usize) -> Result<TopFlows, CalcErrors> {
        self.wrap(self.top_of(count))
    }

    fn top_of(&self, count: usize) -> Result<TopFlows, ValueError> {
        let mut sums = Sums::default();
        // Smallest of the kept on top; ties are decided by statement, flow and product, so that
        // they never depend on places.
        let mut kept = BinaryHeap::<Reverse<Rank>>::new();
        let (mut found, mut all) = (Vec::new(), 0_usize);
        self.each(|met| {
            if matches!(met.line.target, Target::Node(_)) {
                return Ok(());
            }
            all += 1;
            sums.add(met.exact)?;
            let size = met.exact.abs();
            if kept.len() >= count && kept.peek().is_none_or(|Reverse((least, ..))| size < *least) {
                return Ok(());
            }
            let statement = self.chain.stated_in(met.part, met.line);
            kept.push(Reverse((
                size,
                Reverse((statement, met.line.flow, met.line.upstream, met.part.number)),
                found.len(),
            )));
            found.push(Some(met));
            if kept.len() > count
                && let Some(Reverse((.., at))) = kept.pop()
                && let Some(slot) = found.get_mut(at)
            {
                *slot = None;
            }
            Ok(())
        })?;
        let mut flows = Vec::with_capacity(kept.len());
        for Reverse((.., at)) in kept.into_sorted_vec() {
            let met = found.get_mut(at).and_then(Option::take);
            flows.extend(met.map(|met| self.contribution(&met)).transpose()?.flatten());
        }
        let shown = Co2e::total(flows.iter().map(|f| f.excluding_uptake))?;
        let exact = sum(sums.burdens, sums.credits, WHAT)?;
        let whole = printed(exact)?;
        let group = sums.group(String::new())?;
        Ok(TopFlows {
            rest_count: all - flows.len(),
            flows,
            rest: whole.minus(shown)?,
            burdens: group.burdens,
            credits: group.credits,
            rounding: self.rounding(whole, 1)?,
        })
    }

    /// The product's own flows, largest first: what it consumes stands at its figure and is not
    /// looked into.
    ///
    /// # Errors
    /// Figures beyond the exact range.
    pub fn own(&self) -> Result<TopFlows, CalcErrors> {
        self.wrap(self.own_of())
    }

    fn own_of(&self) -> Result<TopFlows, ValueError> {
        let (mut flows, mut sums) = (Vec::new(), Sums::default());
        let parts = self.own_parts();
        self.each_of(&Levels::default(), parts, &mut |met| {
            sums.add(met.exact)?;
            flows.extend(self.contribution(&met)?);
            Ok(())
        })?;
        super::sort(&mut flows);
        let shown = Co2e::total(flows.iter().map(|f| f.excluding_uptake))?;
        let group = sums.group(String::new())?;
        Ok(TopFlows {
            flows,
            rest_count: 0,
            rest: Co2e::ZERO,
            burdens: group.burdens,
            credits: group.credits,
            rounding: self.total().minus(shown)?,
        })
    }

    /// What lies between the footprint and the sum of `count` figures that were each rounded once.
    ///
    /// # Errors
    /// More than the roundings of every process, category and figure can leave: then something has
    /// no place in the chain.
    pub(super) fn rounding(&self, shown: Co2e, count: usize) -> Result<Co2e, ValueError> {
        let left = self.total().minus(shown)?;
        let parts = |range: &std::ops::Range<usize>| Wide::from(range.len() as u64); // OK because u64 holds every length.
        let mut levels = product(parts(&self.root.own), one(), WHAT)?;
        for (at, level) in &self.levels.nodes {
            let Some(node) = self.chain.nodes.get(*at) else { continue };
            levels = sum(levels, product(level.abs(), parts(&node.parts), WHAT)?, WHAT)?;
        }
        // Half of 1e-15 kg for each of at most twelve categories, and what a loop leaves
        // unfollowed.
        let half = product(levels, Wide::new(6), WHAT)? >> BITS;
        let allowed =
            half + Wide::from(count as u64) + Wide::new(self.total().quanta().abs() >> 60) + Wide::new(2);
        if Wide::new(left.quanta()).abs() > allowed {
            let problem = format!(
                "its parts sum to {shown} kg CO2e, the footprint is {}: {left} kg have no place",
                self.total()
            );
            return Err(ValueError::Combination { what: WHAT, problem });
        }
        Ok(left)
    }

    pub(super) fn own_parts(&self) -> impl Iterator<Item = &'c Part<'a>> {
        let chain = self.chain;
        let gate = self.root.node.and_then(|at| chain.nodes.get(at)).map(|node| chain.parts_of(&node.parts));
        gate.into_iter().flatten().chain(chain.parts_of(&self.root.own))
    }

    pub(super) fn product_id(&self, number: usize) -> Option<&'a ProductId> {
        self.chain.engine.graph.lowering.catalogue.id(number)
    }

    pub(in crate::calc) fn value(&self, target: Target) -> Option<(SourceValue, ContributionSource)> {
        self.chain.value(self.source(target)?)
    }

    fn source(&self, target: Target) -> Option<LineSource> {
        match target {
            Target::Leaf(at) => self.chain.leaves.get(at).copied(),
            Target::Node(at) => self.chain.nodes.get(at).map(|node| LineSource::Product(index(node.number))),
        }
    }

    /// A line with all that belongs to it; none only where it names nothing, which its making
    /// excludes.
    fn contribution(&self, met: &Met<'c, 'a>) -> Result<Option<Contribution>, ValueError> {
        let flow = self.chain.statement(met.line).map(|(_, flow)| flow);
        let said = match (flow, self.chain.term(met.part, met.line)) {
            (Some(flow), _) => flow.amount.as_ref().map(|amount| (&flow.name, flow.kind, amount.clone())),
            (None, Some(term)) => Some((&term.name, term.kind, Amount::Given(term.amount))),
            (None, None) => None,
        };
        let (Some((name, kind, amount)), Some((value, source)), Some(statement)) =
            (said, self.value(met.line.target), self.chain.stated_in(met.part, met.line))
        else {
            return Ok(None);
        };
        let (Some(id), Some(origin)) = (self.product_id(met.part.number), self.source(met.line.target))
        else {
            return Ok(None);
        };
        let units = scaled(met.level, met.line.coefficient)?;
        let whole = match kind {
            FlowKind::Aircraft => Some(Category::Aircraft),
            FlowKind::Packaging => Some(Category::Packaging),
            _ => None,
        };
        let of = |category, kg: &Co2e| {
            let kg = if whole == Some(category) { value.excluding_uptake } else { *kg };
            printed(product(units, Wide::new(kg.quanta()), WHAT)?)
        };
        let contribution: ByCategory<Co2e> = value.categories.try_map(of)?;
        Ok(Some(Contribution {
            product: id.clone(),
            level: Ratio::from_quanta(quotient(
                product(met.level, power_of_ten(RATIO_SCALE)?, WHAT)?,
                Wide::ONE << BITS,
                WHAT,
            )?),
            statement,
            stage: met.part.stage,
            process: met.part.process.clone().into_owned(),
            flow: met.line.flow,
            name: name.clone(),
            kind,
            source,
            upstream: met.line.upstream,
            amount,
            source_unit: self.chain.engine.graph.lowering.declared(origin).0,
            converted: Ratio::from_quanta(met.line.ratio),
            source_figures: value.categories,
            share: met.line.share,
            declared_units: Ratio::from_quanta(met.part.units),
            contribution,
            excluding_uptake: printed(met.exact)?,
        }))
    }

    pub(in crate::calc) fn wrap<T>(&self, result: Result<T, ValueError>) -> Result<T, CalcErrors> {
        result.map_err(|problem| {
            let product = self.product_id(self.root.number).cloned();
            product.map_or_else(
                || CalcErrors::new(Vec::new()),
                |product| CalcError::Result { product, problem }.into(),
            )
        })
    }
}
