//! Statements to lines, each once: what goes into it, how much, of which source, with what share.
//! What a sum needs of a statement is in these arrays; its names are read again only for what is
//! shown.

mod catalogue;
pub(super) mod factor_use;
mod names;
pub(super) mod source;
mod sources;
mod statement;

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

pub(super) use catalogue::Catalogue;
pub(crate) use source::factor_headline;
pub(super) use sources::{LineSource, Sources};
pub(super) use statement::Work;

use super::amount::Exact;
use super::scope::{self, Known, Made, Sharing};
use super::{CalcError, Held, Inventory, Request, Share};
use crate::model::wide::Wide;
use crate::model::{
    Activity, ActivityHeader, Category, Co2e, DataKind, Output, Product, Quality, Text, ValueError,
};

/// A number of something that is kept in memory one by one.
pub(super) fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX) // OK because memory ends before 2^32 statements or flows.
}

/// A flow, or the upstream of one, in units of its source.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// Source units, as a whole number of 1e-18.
    pub(super) ratio: Wide,
    pub(super) source: LineSource,
    /// Its place in the statement.
    pub(super) flow: u32,
    marks: u8,
}

impl Line {
    /// The amount was measured.
    pub(super) const PRIMARY: u8 = 1;
    const AIRCRAFT: u8 = 2;
    const PACKAGING: u8 = 4;
    const UPSTREAM: u8 = 8;
    const GAS: u8 = 16;

    /// Bits that decide how a line is summed and weighed, below 8.
    pub(super) const fn marks(&self) -> u8 {
        self.marks & (Self::PRIMARY | Self::AIRCRAFT | Self::PACKAGING)
    }

    pub(super) const fn is_upstream(&self) -> bool {
        self.marks & Self::UPSTREAM != 0
    }

    pub(super) const fn is_gas(&self) -> bool {
        self.marks & Self::GAS != 0
    }

    pub(super) fn data(&self) -> Option<DataKind> {
        (self.marks & Self::PRIMARY != 0).then_some(DataKind::Primary)
    }

    /// The of-which line that the flow enters whole.
    pub(super) const fn whole(&self) -> Option<Category> {
        Self::whole_of(self.marks)
    }

    /// The same from the marks alone.
    pub(super) const fn whole_of(marks: u8) -> Option<Category> {
        if marks & Self::AIRCRAFT != 0 {
            Some(Category::Aircraft)
        } else if marks & Self::PACKAGING != 0 {
            Some(Category::Packaging)
        } else {
            None
        }
    }
}

/// One activity statement, as places in the arrays.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    /// Its place in the inventory.
    pub(super) activity: u32,
    lines: Range<u32>,
    outputs: u32,
    excluded: Range<u32>,
    /// Its rating by place, plus one; 0 where it is not rated.
    pub(super) quality: u32,
    /// True where it has errors of its own.
    pub(super) fails: bool,
}

/// What few statements have.
#[derive(Debug, Default)]
pub(super) struct Aside {
    pub(super) notes: Vec<String>,
    /// Products whose mass, or whose product rule, decided the shares.
    pub(super) masses_of: Vec<usize>,
    pub(super) errors: Vec<CalcError>,
    /// Place of each flow that consumes a product, and which; kept where there are errors.
    pub(super) inputs: Vec<(u32, u32)>,
}

/// Statements in the order in which they were needed.
#[derive(Debug, Default)]
pub(super) struct Lowered {
    /// By place in the inventory: the number of the statement plus one; 0 where it is not needed.
    numbers: Vec<u32>,
    statements: Vec<Statement>,
    lines: Vec<Line>,
    /// One per output; none where the statement has no shares.
    shares: Vec<Option<Share>>,
    excluded: Vec<(u32, Co2e)>,
    qualities: Vec<Quality>,
    marks: u8,
    aside: BTreeMap<u32, Aside>,
}

impl Lowered {
    pub(super) fn statement(&self, number: u32) -> Option<&Statement> {
        self.statements.get(number as usize)
    }

    pub(super) fn lines(&self, of: &Statement) -> &[Line] {
        self.lines.get(of.lines.start as usize..of.lines.end as usize).unwrap_or_default()
    }

    pub(super) fn excluded(&self, of: &Statement) -> &[(u32, Co2e)] {
        self.excluded.get(of.excluded.start as usize..of.excluded.end as usize).unwrap_or_default()
    }

    /// The share of an output; none where the statement has none.
    pub(super) fn share(&self, of: &Statement, output: u32) -> Option<Share> {
        self.shares.get((of.outputs + output) as usize).copied().flatten()
    }

    /// The rating with this place plus one.
    pub(super) fn quality(&self, number: u32) -> Option<Quality> {
        self.qualities.get((number as usize).checked_sub(1)?).copied()
    }

    /// Every rating of a statement, by place.
    pub(super) fn qualities(&self) -> &[Quality] {
        &self.qualities
    }

    /// [`Line::marks`] that any line has.
    pub(super) const fn marks(&self) -> u8 {
        self.marks
    }

    pub(super) fn aside(&self, number: u32) -> Option<&Aside> {
        self.aside.get(&number)
    }

    /// Every product that a statement consumes, with the place of the flow.
    pub(super) fn inputs(&self, number: u32) -> impl Iterator<Item = (u32, u32)> {
        let of = self.statement(number);
        let aside = of.filter(|s| s.fails).and_then(|_| self.aside(number)).map(|a| a.inputs.as_slice());
        let lines = of.filter(|s| !s.fails).map(|s| self.lines(s)).unwrap_or_default();
        let of_lines = lines.iter().filter_map(|line| match line.source {
            LineSource::Product(input) => Some((line.flow, input)),
            LineSource::Fixed(_) => None,
        });
        of_lines.chain(aside.into_iter().flatten().copied())
    }

    fn number(&self, activity: usize) -> Option<u32> {
        self.numbers.get(activity)?.checked_sub(1)
    }

    fn push(&mut self, activity: usize, quality: Option<Quality>, work: &mut Work) -> u32 {
        let number = index(self.statements.len());
        let fails = !work.errors.is_empty();
        let (lines, excluded) = (index(self.lines.len()), index(self.excluded.len()));
        self.qualities.extend(quality);
        self.statements.push(Statement {
            activity: index(activity),
            lines: lines..index(self.lines.len() + work.lines.len()),
            outputs: index(self.shares.len()),
            excluded: excluded..index(self.excluded.len() + work.excluded.len()),
            quality: quality.map_or(0, |_| index(self.qualities.len())),
            fails,
        });
        self.marks |= work.lines.iter().fold(0, |marks, line| marks | line.marks());
        self.lines.append(&mut work.lines);
        self.excluded.append(&mut work.excluded);
        self.shares.extend((0..work.outputs).map(|output| work.shares.get(output).copied()));
        if fails || !work.notes.is_empty() || !work.masses_of.is_empty() {
            let (notes, masses_of) = (std::mem::take(&mut work.notes), std::mem::take(&mut work.masses_of));
            let (errors, inputs) = (std::mem::take(&mut work.errors), std::mem::take(&mut work.inputs));
            self.aside.insert(number, Aside { notes, masses_of, errors, inputs });
        }
        if let Some(slot) = self.numbers.get_mut(activity) {
            *slot = number + 1;
        }
        number
    }
}

/// Everything by which statements are lowered, and what came of it.
pub(super) struct Lowering<'a> {
    pub(super) catalogue: Catalogue<'a>,
    pub(super) sources: Sources<'a>,
    pub(super) lowered: Lowered,
    claims: HashMap<usize, Vec<CalcError>>,
    made: Known<'a>,
    shared: HashMap<u32, Sharing>,
    work: Work,
}

impl<'a> Lowering<'a> {
    pub(super) fn new(inventory: &'a Inventory, request: &'a Request) -> Self {
        let mut lowering = Self::of_products(inventory, request);
        lowering.file(&inventory.activities, &inventory.redacted.activities);
        lowering
    }

    /// Products and sources alone, before any activity is known.
    pub(super) fn of_products(inventory: &'a Inventory, request: &'a Request) -> Self {
        Self {
            catalogue: Catalogue::of_products(inventory, request),
            sources: Sources::new(inventory, request),
            lowered: Lowered::default(),
            claims: HashMap::new(),
            made: Known::default(),
            shared: HashMap::new(),
            work: Work::default(),
        }
    }

    /// Takes in all activities, and what stays of redacted ones.
    pub(super) fn file(&mut self, activities: &'a [Held<Activity>], redacted: &'a [Held<ActivityHeader>]) {
        self.catalogue.file(activities, redacted);
        self.lowered.numbers.resize(activities.len(), 0);
        self.claims = scope::claims(&self.catalogue);
    }

    /// Lowers an activity before all are known, and lets its flows go where nothing but their names
    /// is needed any more. Activities come in the order in which they are filed later.
    pub(super) fn ahead(&mut self, held: &mut Held<Activity>) {
        let (place, request) = (self.catalogue.names.activities(), self.catalogue.request);
        self.lowered.numbers.push(0);
        if !scope::is_lowered_alone(&held.statement, request) {
            self.catalogue.names.push(&[]);
            return;
        }
        if scope::counts(&held.statement, request) {
            let mut work = std::mem::take(&mut self.work);
            self.read(held, &mut work);
            self.lowered.push(place, held.statement.quality, &mut work);
            self.work = work;
        }
        self.catalogue.names.push(&std::mem::take(&mut held.statement.flows));
    }

    /// The name of a flow of the statement with a number.
    pub(super) fn flow_name(&self, number: u32, flow: u32) -> Option<&Text> {
        let statement = self.lowered.statement(number)?;
        self.catalogue.flows(statement.activity).nth(flow as usize).map(|(_, name)| name)
    }

    /// The number of the statement at a place in the inventory, which is lowered now where it was
    /// not before.
    pub(super) fn statement(&mut self, activity: u32) -> Option<u32> {
        let place = activity as usize;
        if let Some(known) = self.lowered.number(place) {
            return Some(known);
        }
        let held: &'a Held<Activity> = self.catalogue.activities.get(place)?;
        let mut work = std::mem::take(&mut self.work);
        self.read(held, &mut work);
        work.errors.extend(self.claims.get(&place).into_iter().flatten().cloned());
        let number = self.lowered.push(place, held.statement.quality, &mut work);
        self.work = work;
        Some(number)
    }

    /// Decides how the reading at a place in the inventory is shared, once.
    pub(super) fn share_out(&mut self, reading: u32) -> &Sharing {
        let (catalogue, made) = (&self.catalogue, &mut self.made);
        self.shared.entry(reading).or_insert_with(|| catalogue.share_out(reading, None, made))
    }

    /// The part of a reading that one batch of a product takes; none where it cannot be shared.
    pub(super) fn share_of_batch(&mut self, reading: u32, batch: (usize, u32)) -> Option<Share> {
        let sharing = self.catalogue.share_out(reading, Some((batch.0, Some(batch.1))), &mut self.made);
        sharing.faults.is_empty().then(|| sharing.share(batch.0))
    }

    /// How a reading was shared before.
    pub(super) fn shared(&self, reading: u32) -> Option<&Sharing> {
        self.shared.get(&reading)
    }

    /// Declared units of an output of a product, in 1e-18; none where there is no such output.
    ///
    /// # Errors
    /// Where they do not convert, or leave the exact range.
    pub(super) fn units(&self, number: usize, made: &Made) -> Result<Option<Wide>, CalcError> {
        let Some(product) = self.catalogue.product(number) else { return Ok(None) };
        let held = self.catalogue.activities.get(made.activity as usize);
        let Some((held, output)) =
            held.and_then(|h| Some((h, h.statement.outputs.get(made.output as usize)?)))
        else {
            return Ok(None);
        };
        units_of(held, output, product).map(Some)
    }

    /// The statement with a number, as it was recorded.
    pub(super) fn held(&self, number: u32) -> Option<&'a Held<Activity>> {
        let statement = self.lowered.statement(number)?;
        self.catalogue.activities.get(statement.activity as usize)
    }
}

/// Declared units of a product that an output is, in 1e-18.
///
/// # Errors
/// Where they do not convert, or leave the exact range.
pub(super) fn units_of(held: &Held<Activity>, output: &Output, product: &Product) -> Result<Wide, CalcError> {
    let exact = Exact::from(output.quantity());
    let (declared, mass) = (product.declared_unit, product.mass_per_declared_unit);
    let value = |problem| CalcError::Value { statement: held.id, problem };
    if exact.is_lost(declared, mass).map_err(value)? {
        let problem = format!(
            "its amount of {}, {} {}, is less than 0.000000000001 declared units ({} {}), so digits of it would be lost; state the statement for more of the output, such as for 1,000 pieces in place of one, with 1,000 times every amount",
            output.product, output.amount, output.unit, declared.amount, declared.unit
        );
        return Err(value(ValueError::Combination { what: "output", problem }));
    }
    exact.per_declared(declared, mass).map_err(value)?.ok_or_else(|| CalcError::OutputUnit {
        statement: held.id,
        product: output.product.clone(),
        unit: output.unit,
        declared: declared.unit,
    })
}
