//! A footprint broken down by supplier, stage, process or category, burdens and credits apart.
//! Every group is an exact sum, rounded once.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::Serialize;

use super::ContributionSource;
use super::chain::{Part, Target, WHAT};
use super::levels::{levels, scaled};
use super::trace::{Met, Trace, printed};
use crate::calc::CalcErrors;
use crate::model::wide::{Wide, product, sum};
use crate::model::{Co2e, Stage, ValueError};

/// What a footprint is broken down by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Grouping {
    /// Who states the process, or whose footprint was bought.
    Supplier,
    /// The stage of the asked product through which it enters.
    Stage,
    /// The unit process, of any product, whose own flow it is.
    Process,
    /// The category of CO2e.
    Category,
}

impl Grouping {
    /// `supplier`, `stage`, `process` or `category`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Supplier => "supplier",
            Self::Stage => "stage",
            Self::Process => "process",
            Self::Category => "category",
        }
    }
}

/// One line of a breakdown; burdens and credits add up to `kg`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Group {
    /// What it is of: an actor, a stage, a process with its product, a category.
    pub name: String,
    /// What is emitted, kg CO2e per declared unit; at least 0.
    #[serde(rename = "burdensKgCo2e")]
    pub burdens: Co2e,
    /// What is removed or avoided, kg CO2e per declared unit; at most 0.
    #[serde(rename = "creditsKgCo2e")]
    pub credits: Co2e,
    /// Both together.
    #[serde(rename = "kgCo2e")]
    pub kg: Co2e,
}

/// A footprint broken down: the groups and `rounding` sum exactly to the footprint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Breakdown {
    /// Largest first, by size whatever the sign; then by name.
    pub groups: Vec<Group>,
    /// What the roundings on the way leave: each product's figure is rounded before others use it.
    #[serde(rename = "roundingKgCo2e")]
    pub rounding: Co2e,
}

impl Breakdown {
    /// The `count` largest groups, all others as one that says how many they are.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] beyond the exact range.
    pub fn largest(mut self, count: usize) -> Result<Self, ValueError> {
        let left = self.groups.split_off(count.min(self.groups.len()));
        if !left.is_empty() {
            self.groups.push(Group {
                name: format!("{} more", left.len()),
                burdens: Co2e::total(left.iter().map(|group| group.burdens))?,
                credits: Co2e::total(left.iter().map(|group| group.credits))?,
                kg: Co2e::total(left.iter().map(|group| group.kg))?,
            });
        }
        Ok(self)
    }
}

/// Exact sums of what is emitted and of what is removed or avoided.
pub(super) struct Sums {
    pub(super) burdens: Wide,
    pub(super) credits: Wide,
}

impl Default for Sums {
    fn default() -> Self {
        Self { burdens: Wide::ZERO, credits: Wide::ZERO }
    }
}

impl Sums {
    pub(super) fn add(&mut self, exact: Wide) -> Result<(), ValueError> {
        let side = if exact < 0 { &mut self.credits } else { &mut self.burdens };
        *side = sum(*side, exact, WHAT)?;
        Ok(())
    }

    pub(super) fn group(&self, name: String) -> Result<Group, ValueError> {
        let burdens = printed(self.burdens)?;
        let credits = printed(self.credits)?;
        Ok(Group { name, burdens, credits, kg: burdens.plus(credits)? })
    }
}

impl<'c, 'a> Trace<'c, 'a> {
    /// The footprint by supplier, stage, process or category.
    ///
    /// # Errors
    /// Figures beyond the exact range.
    pub fn by(&self, grouping: Grouping) -> Result<Breakdown, CalcErrors> {
        let groups = match grouping {
            Grouping::Supplier => self.by_key(|met| vec![(self.supplier(met), met.exact)]),
            Grouping::Process => self.by_key(|met| vec![(self.process(met.part), met.exact)]),
            Grouping::Stage => self.by_stage(),
            Grouping::Category => self.by_category(),
        };
        self.wrap(groups.and_then(|groups| self.breakdown(groups)))
    }

    fn breakdown(&self, groups: BTreeMap<String, Sums>) -> Result<Breakdown, ValueError> {
        let count = groups.len();
        let groups = groups.into_iter().map(|(name, sums)| sums.group(name));
        let mut groups = groups.collect::<Result<Vec<_>, _>>()?;
        groups.sort_by_key(|group| Reverse(group.kg.quanta().unsigned_abs()));
        let shown = Co2e::total(groups.iter().map(|group| group.kg))?;
        Ok(Breakdown { groups, rounding: self.rounding(shown, 2 * count)? })
    }

    fn by_key<K: IntoIterator<Item = (String, Wide)>>(
        &self,
        key: impl Fn(&Met<'c, 'a>) -> K,
    ) -> Result<BTreeMap<String, Sums>, ValueError> {
        let mut groups = BTreeMap::<String, Sums>::new();
        self.each(|met| {
            if matches!(met.line.target, Target::Leaf(_)) {
                for (name, exact) in key(&met) {
                    groups.entry(name).or_default().add(exact)?;
                }
            }
            Ok(())
        })?;
        Ok(groups)
    }

    /// One pass a stage: what enters through the stage's own flows.
    fn by_stage(&self) -> Result<BTreeMap<String, Sums>, ValueError> {
        let mut groups = BTreeMap::<String, Sums>::new();
        for stage in Stage::ALL {
            let parts: Vec<&Part<'a>> = self.own_parts().filter(|part| part.stage == *stage).collect();
            if parts.is_empty() {
                continue;
            }
            let sums = groups.entry(stage.to_string()).or_default();
            let levels = levels(self.chain, None, parts.iter().copied())?;
            self.each_of(&levels, parts, &mut |met| match met.line.target {
                Target::Leaf(_) => sums.add(met.exact),
                Target::Node(_) => Ok(()),
            })?;
        }
        Ok(groups)
    }

    fn by_category(&self) -> Result<BTreeMap<String, Sums>, ValueError> {
        let mut groups = BTreeMap::<String, Sums>::new();
        self.each(|met| {
            let Some((value, _)) =
                self.value(met.line.target).filter(|_| matches!(met.line.target, Target::Leaf(_)))
            else {
                return Ok(());
            };
            let amount = scaled(met.level, met.line.coefficient)?;
            for (category, kg) in
                value.categories.iter().filter(|(c, kg)| c.counts_excluding_uptake() && !kg.is_zero())
            {
                let exact = product(amount, Wide::new(kg.quanta()), WHAT)?;
                groups.entry(category.to_string()).or_default().add(exact)?;
            }
            Ok(())
        })?;
        Ok(groups)
    }

    fn supplier(&self, met: &Met<'c, 'a>) -> String {
        match self.value(met.line.target) {
            Some((_, ContributionSource::Footprint { footprint, .. })) => format!("footprint {footprint}"),
            Some((_, ContributionSource::Publication { footprint, .. })) => {
                format!("publication {footprint}")
            }
            _ => {
                let activity = self.chain.statement(met.line).map(|(held, _)| &held.statement.by);
                let product = || {
                    self.chain
                        .engine
                        .graph
                        .lowering
                        .catalogue
                        .product(met.part.number)
                        .map(|product| &product.by)
                };
                activity.or_else(product).map_or_else(String::new, ToString::to_string)
            }
        }
    }

    fn process(&self, part: &Part<'a>) -> String {
        let id = self.product_id(part.number).map(ToString::to_string).unwrap_or_default();
        format!("{} / {} / {id}", part.stage, part.process)
    }
}
