//! Why two footprints of one product differ: flow by flow, how much came from activity (amounts,
//! yields) and how much from factors (what a unit of the source gives). It judges nothing, and its
//! parts sum to the difference to the last digit.

use std::collections::{BTreeMap, BTreeSet};

use serde::ser::SerializeStruct as _;
use serde::{Serialize, Serializer};

use super::scope::at_gate;
use super::{CalcErrors, Contribution, ContributionSource, Footprint, Inventory, Request, footprint};
use crate::model::wide::{Wide, narrow, power_of_ten, product, quotient, sum};
use crate::model::{Boundary, Co2e, Decimal, Dimension, ProductId, Quantity, Stage, Text, Unit, ValueError};

/// How many products made in the ledger are looked into; the rest of a wider tree stays with
/// `inputs`.
pub const PRODUCTS_MAX: usize = 256;

/// Fractional digits of an amount per declared unit here; splits are rounded, their sum is not.
const AMOUNT_SCALE: u32 = 24;
const WHAT: &str = "difference of two footprints";

/// One of the two sides: what holds, and what is asked of it.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// What holds.
    pub inventory: &'a Inventory,
    /// What is asked.
    pub request: &'a Request,
}

/// A change of a figure, split. `activity + factor + inputs` is the whole change, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[non_exhaustive]
pub struct Split {
    /// kg CO2e per declared unit because of amounts and yields, at the earlier side's factors.
    #[serde(rename = "byActivity")]
    pub activity: Co2e,
    /// kg CO2e per declared unit because of what a unit of a source gives, at the later side's
    /// amounts.
    #[serde(rename = "byFactors")]
    pub factor: Co2e,
    /// kg CO2e per declared unit because a product made in the ledger changed that was not looked
    /// into: part of a loop, or beyond [`PRODUCTS_MAX`].
    #[serde(rename = "byInputs")]
    pub inputs: Co2e,
}

impl Split {
    /// The whole change.
    ///
    /// # Errors
    /// [`ValueError::Overflow`] beyond the exact range.
    pub fn total(&self) -> Result<Co2e, ValueError> {
        Co2e::total([self.activity, self.factor, self.inputs])
    }
}

/// One flow on both sides: the lines of one stage, process and name in one dimension.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DifferenceLine {
    /// The stage.
    pub stage: Stage,
    /// The unit process.
    pub process: Text,
    /// The flow.
    pub name: Text,
    /// True for the upstream factor of a flow.
    pub upstream: bool,
    /// kg CO2e per declared unit on the earlier side; `None` where the flow is not there.
    pub before: Option<Co2e>,
    /// kg CO2e per declared unit on the later side; `None` where the flow is not there.
    pub after: Option<Co2e>,
    /// Where the figure came from before: the distinct sources.
    pub sources_before: Vec<ContributionSource>,
    /// Where it comes from after.
    pub sources_after: Vec<ContributionSource>,
    /// The change.
    pub split: Split,
}

impl DifferenceLine {
    /// The flow's name, with a word behind it where its upstream factor is meant.
    pub fn flow(&self) -> String {
        format!("{}{}", self.name, if self.upstream { " (upstream)" } else { "" })
    }
}

impl Serialize for DifferenceLine {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ids = |list: &[ContributionSource]| list.iter().map(ContributionSource::id).collect::<Vec<_>>();
        let mut line = serializer.serialize_struct("DifferenceLine", 10)?;
        line.serialize_field("stage", &self.stage)?;
        line.serialize_field("process", &self.process)?;
        line.serialize_field("flow", &self.flow())?;
        for (key, kg) in [("before", self.before), ("after", self.after)] {
            match kg {
                Some(kg) => line.serialize_field(key, &kg)?,
                None => line.skip_field(key)?,
            }
        }
        line.serialize_field("byActivity", &self.split.activity)?;
        line.serialize_field("byFactors", &self.split.factor)?;
        line.serialize_field("byInputs", &self.split.inputs)?;
        line.serialize_field("sourcesBefore", &ids(&self.sources_before))?;
        line.serialize_field("sourcesAfter", &ids(&self.sources_after))?;
        line.end()
    }
}

/// Two footprints of one product and why they differ. `split` and `rounding` together are `change`,
/// exactly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// How far the compared figures reach: to the grave only where both do.
    pub boundary: Boundary,
    /// The earlier headline, kg CO2e per declared unit excluding biogenic uptake.
    pub before: Co2e,
    /// The later headline.
    pub after: Co2e,
    /// `after` less `before`.
    #[serde(rename = "difference")]
    pub change: Co2e,
    /// All lines together.
    #[serde(flatten)]
    pub split: Split,
    /// What is left because unit processes are rounded, and flows for display: some 1e-15 kg.
    pub rounding: Co2e,
    /// Every flow that is not the same, largest change first.
    #[serde(rename = "flows")]
    pub lines: Vec<DifferenceLine>,
}

/// Calculates a product on both sides and splits the difference.
///
/// # Errors
/// What stops the calculation on either side; [`ValueError::Overflow`] as a
/// [`CalcError`](super::CalcError) of the product.
pub fn difference(product: &ProductId, before: Side<'_>, after: Side<'_>) -> Result<Difference, CalcErrors> {
    let mut walk = Walk { before, after, known: BTreeMap::new(), open: BTreeSet::new() };
    walk.product(product)
}

/// The same flow on both sides.
type Key = (Stage, Text, Text, bool, Dimension);

/// What one side says of a flow.
#[derive(Debug, Clone, Default)]
struct Total {
    /// Units of the source per declared unit of the product, at 1e-24, in the base unit of the
    /// dimension.
    amount: Wide,
    kg: Co2e,
    sources: Vec<ContributionSource>,
}

struct Walk<'a> {
    before: Side<'a>,
    after: Side<'a>,
    known: BTreeMap<ProductId, Split>,
    open: BTreeSet<ProductId>,
}

impl Walk<'_> {
    fn product(&mut self, id: &ProductId) -> Result<Difference, CalcErrors> {
        let before = footprint(self.before.inventory, id, self.before.request)?;
        let after = footprint(self.after.inventory, id, self.after.request)?;
        self.open.insert(after.product.clone());
        let found = self.compare(&before, &after);
        self.open.remove(&after.product);
        found.map_err(|problem| match problem {
            Stop::Value(problem) => {
                super::CalcError::Result { product: after.product.clone(), problem }.into()
            }
            Stop::Calc(errors) => errors,
        })
    }

    fn compare(&mut self, before: &Footprint, after: &Footprint) -> Result<Difference, Stop> {
        let whole = before.boundary == Boundary::Grave && after.boundary == Boundary::Grave;
        let boundary = if whole { Boundary::Grave } else { Boundary::Gate };
        let sides =
            [totals(before, self.before.inventory, whole)?, totals(after, self.after.inventory, whole)?];
        let keys: BTreeSet<&Key> = sides.iter().flat_map(BTreeMap::keys).collect();
        let mut lines = Vec::new();
        let mut all = Split::default();
        for key in keys {
            let [old, new] = [sides[0].get(key), sides[1].get(key)];
            let split = self.split(old, new)?;
            all = add(all, split)?;
            if old.map(|t| (t.amount, t.kg, &t.sources)) != new.map(|t| (t.amount, t.kg, &t.sources)) {
                lines.push(line(key, old, new, split));
            }
        }
        lines.sort_by_key(|line| std::cmp::Reverse(size(line)));
        let [before, after] = [headline(before, whole), headline(after, whole)];
        let change = after.minus(before)?;
        let rounding = change.minus(all.total()?)?;
        Ok(Difference { boundary, before, after, change, split: all, rounding, lines })
    }

    fn split(&mut self, old: Option<&Total>, new: Option<&Total>) -> Result<Split, Stop> {
        let (Some(old), Some(new)) = (old, new) else {
            let [gone, come] = [old, new].map(|t| t.map_or(Co2e::ZERO, |t| t.kg));
            return Ok(Split { activity: come.minus(gone)?, ..Split::default() });
        };
        let change = new.kg.minus(old.kg)?;
        if old.amount == 0 {
            return Ok(Split { activity: change, ..Split::default() });
        }
        let at_old = product(Wide::new(old.kg.quanta()), new.amount, WHAT)?;
        let at_old = Co2e::from_quanta(narrow(quotient(at_old, old.amount, WHAT)?, WHAT)?)?;
        let activity = at_old.minus(old.kg)?;
        let source = change.minus(activity)?;
        let split = Split { activity, factor: source, inputs: Co2e::ZERO };
        let (Some(id), Some(same)) = (made(&old.sources), made(&new.sources)) else { return Ok(split) };
        if id != same || source.is_zero() && old.kg == new.kg {
            return Ok(split);
        }
        self.through(same, new.amount, split)
    }

    /// Splits what a product made here changed by into the activity and the factors behind it.
    fn through(&mut self, id: &ProductId, amount: Wide, split: Split) -> Result<Split, Stop> {
        let Some(behind) = self.behind(id)? else {
            return Ok(Split { factor: Co2e::ZERO, inputs: split.factor, ..split });
        };
        let part = |kg: Co2e| -> Result<Co2e, ValueError> {
            let scaled = product(Wide::new(kg.quanta()), amount, WHAT)?;
            Co2e::from_quanta(narrow(quotient(scaled, power_of_ten(AMOUNT_SCALE)?, WHAT)?, WHAT)?)
        };
        let activity = part(behind.activity)?;
        let inputs = part(behind.inputs)?;
        let factor = split.factor.minus(activity)?.minus(inputs)?;
        Ok(Split { activity: split.activity.plus(activity)?, factor, inputs })
    }

    fn behind(&mut self, id: &ProductId) -> Result<Option<Split>, Stop> {
        if let Some(known) = self.known.get(id) {
            return Ok(Some(*known));
        }
        if self.open.contains(id) || self.known.len() >= PRODUCTS_MAX {
            return Ok(None);
        }
        // An input is always taken at its gate, whatever is asked of the product itself.
        let gate = |request: &Request| Request {
            boundary: Some(Boundary::Gate),
            batch: None,
            ..Request::clone(request)
        };
        let [old, new] = [gate(self.before.request), gate(self.after.request)];
        let mut inner = Walk {
            before: Side { inventory: self.before.inventory, request: &old },
            after: Side { inventory: self.after.inventory, request: &new },
            known: std::mem::take(&mut self.known),
            open: std::mem::take(&mut self.open),
        };
        let found = inner.product(id);
        (self.known, self.open) = (inner.known, inner.open);
        let found = found?;
        // Rounding stays where it is a factor's: it is some 1e-15 kg and belongs to no amount.
        let split = Split { factor: found.split.factor.plus(found.rounding)?, ..found.split };
        self.known.insert(id.clone(), split);
        Ok(Some(split))
    }
}

enum Stop {
    Value(ValueError),
    Calc(CalcErrors),
}

impl From<ValueError> for Stop {
    fn from(problem: ValueError) -> Self {
        Self::Value(problem)
    }
}

impl From<CalcErrors> for Stop {
    fn from(errors: CalcErrors) -> Self {
        Self::Calc(errors)
    }
}

fn made(sources: &[ContributionSource]) -> Option<&ProductId> {
    match sources {
        [ContributionSource::Product { product, .. }] => Some(product),
        _ => None,
    }
}

fn line(key: &Key, old: Option<&Total>, new: Option<&Total>, split: Split) -> DifferenceLine {
    let (stage, process, name, upstream, _) = key.clone();
    let sources = |total: Option<&Total>| total.map(|t| t.sources.clone()).unwrap_or_default();
    DifferenceLine {
        stage,
        process,
        name,
        upstream,
        before: old.map(|t| t.kg),
        after: new.map(|t| t.kg),
        sources_before: sources(old),
        sources_after: sources(new),
        split,
    }
}

/// How much a line says: its change, or, where parts cancel, the largest of them.
fn size(line: &DifferenceLine) -> u128 {
    let Split { activity, factor, inputs } = line.split;
    [activity, factor, inputs].iter().map(|kg| kg.quanta().unsigned_abs()).max().unwrap_or_default()
}

fn headline(footprint: &Footprint, whole: bool) -> Co2e {
    let figures = &footprint.figures;
    figures.grave.as_ref().filter(|_| whole).unwrap_or(&figures.gate).excluding_uptake
}

/// One side's flows, those of one name together.
fn totals(
    footprint: &Footprint,
    inventory: &Inventory,
    whole: bool,
) -> Result<BTreeMap<Key, Total>, ValueError> {
    let stated = inventory.products.get(&footprint.product).map(|held| &held.statement);
    let counts = |c: &&Contribution| whole || stated.is_some_and(|product| at_gate(product, c.stage));
    let mut totals: BTreeMap<Key, Total> = BTreeMap::new();
    for part in footprint.contributions.iter().filter(counts) {
        let dimension = part.source_unit.unit.dimension();
        let key = (part.stage, part.process.clone(), part.name.clone(), part.upstream, dimension);
        let total = totals.entry(key).or_default();
        total.amount = sum(total.amount, amount(part)?, WHAT)?;
        total.kg = total.kg.plus(part.excluding_uptake)?;
        if !total.sources.contains(&part.source) {
            total.sources.push(part.source.clone());
        }
    }
    Ok(totals)
}

/// Source units per declared unit at 1e-24; those of one dimension are brought to its first unit, a
/// made product's stay its declared units.
fn amount(part: &Contribution) -> Result<Wide, ValueError> {
    let served = product(part.converted.quanta(), Wide::new(part.share.quanta()), WHAT)?;
    // 1e-48 over 1e-18 is 1e-30.
    let digits = super::Share::SCALE - AMOUNT_SCALE;
    let units = product(part.declared_units.quanta(), power_of_ten(digits)?, WHAT)?;
    let per_unit = quotient(served, units, WHAT)?;
    if matches!(part.source, ContributionSource::Product { .. }) {
        return Ok(per_unit);
    }
    let Quantity { amount, unit } = part.source_unit;
    let (n, d) = Unit::ALL.iter().find_map(|other| unit.ratio_to(*other)).unwrap_or((1, 1));
    let based = quotient(product(per_unit, Wide::from(n), WHAT)?, Wide::from(d), WHAT)?;
    quotient(product(based, Wide::new(amount.quanta()), WHAT)?, Wide::new(Decimal::ONE_QUANTA), WHAT)
}

fn add(a: Split, b: Split) -> Result<Split, ValueError> {
    Ok(Split {
        activity: a.activity.plus(b.activity)?,
        factor: a.factor.plus(b.factor)?,
        inputs: a.inputs.plus(b.inputs)?,
    })
}
