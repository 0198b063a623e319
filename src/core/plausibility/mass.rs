//! Mass in against mass out: up to the gate what goes in must be product or waste, and at the end of life what the product and its packaging
//! weigh must go somewhere. Compares only where every mass that is needed is stated.

use super::amounts::{self, apart, percent, scaled, shown};
use super::view::{Line, View};
use super::{Finding, Severity};
use crate::calc::Share;
use crate::model::wide::Wide;
use crate::model::{
    Allocation, Boundary, Decimal, Dimension, FactorCategory, FlowKind, FlowSource, Stage, StatementId,
};

/// How far apart the masses up to the gate may lie, in percent of the larger.
const BALANCE_PERCENT: i128 = 5;

/// How far apart the masses at the end of life may lie, in percent of the larger.
const END_OF_LIFE_PERCENT: i128 = 2;

/// How many flows of one side are named.
const NAMED_MAX: usize = 5;

/// A product that is declared by its mass weighs that much.
pub(super) fn declared(view: &View<'_>, findings: &mut Vec<Finding>) {
    let Some((declared, stated)) = view.product.mass_apart() else { return };
    let statement = view.inventory.products.get(view.id).map(|held| held.id);
    let sentence =
        format!("a declared unit of the product is {declared} kg, and its mass is stated as {stated} kg");
    let remedy = format!("write {declared} as mass_kg in the product's file and record with --correct");
    findings.push(view.found("declared-mass", Severity::Attention, statement, sentence, remedy));
}

/// Masses of one side, per declared unit.
#[derive(Default)]
pub(super) struct Side<'a> {
    /// In 1e-18 kg.
    pub(super) total: Wide,
    pub(super) flows: Vec<(Wide, &'a str, StatementId)>,
    /// True where a flow of this side has no mass that anybody stated.
    pub(super) unknown: bool,
}

impl<'a> Side<'a> {
    pub(super) fn of<'v>(view: &View<'a>, lines: impl Iterator<Item = Line<'v, 'a>>) -> Self
    where
        'a: 'v,
    {
        let mut side = Self::default();
        for line in lines {
            let mass = amounts::mass(view.inventory, line.flow).and_then(|mass| line.per_unit(mass));
            let Some((mass, total)) = mass.and_then(|m| Some((m, side.total.checked_add(m)?))) else {
                side.unknown |= !is_water(view, &line);
                continue;
            };
            side.total = total;
            side.flows.push((mass, line.flow.name.as_str(), line.statement()));
        }
        side.sort();
        side
    }

    /// With the materials whose content and end of life the product states under `recycling`: they stand in no activity besides.
    fn and_recycled(mut self, view: &View<'a>) -> Self {
        let materials = view.product.recycling.iter().flat_map(|recycling| &recycling.materials);
        let Some(held) = view.inventory.products.get(view.id) else { return self };
        for material in materials {
            let mass = scaled(amounts::ONE, material.kg);
            let Some((mass, total)) = mass.and_then(|m| Some((m, self.total.checked_add(m)?))) else {
                self.unknown = true;
                continue;
            };
            self.total = total;
            self.flows.push((mass, material.material.as_str(), held.id));
        }
        self.sort();
        self
    }

    fn sort(&mut self) {
        self.flows.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| (a.1, a.2).cmp(&(b.1, b.2))));
    }

    /// `billets 0.11 kg, caps 0.025 kg`, largest first.
    fn listed(&self) -> String {
        let one = |(mass, name, _): &(Wide, &str, StatementId)| format!("{name} {} kg", shown(*mass));
        let mut all: Vec<String> = self.flows.iter().take(NAMED_MAX).map(one).collect();
        if self.flows.len() > NAMED_MAX {
            all.push(format!("and {} more", self.flows.len() - NAMED_MAX));
        }
        all.join(", ")
    }

    fn statements(&self) -> impl Iterator<Item = StatementId> {
        self.flows.iter().map(|flow| flow.2)
    }
}

/// Water comes and goes by its own pipes.
fn is_water(view: &View<'_>, line: &Line<'_, '_>) -> bool {
    match &line.flow.source {
        FlowSource::Factor { factor, .. } => {
            let factor = view.factors.get(factor).map(|held| held.statement.category);
            factor == Some(FactorCategory::Water)
                || amounts::amount(line.flow).is_some_and(|(_, unit)| unit.dimension() == Dimension::Volume)
                    && line.flow.name.as_str().to_lowercase().contains("water")
        }
        _ => false,
    }
}

/// Every listed process up to the gate has data, and every statement could be put in: else a comparison would mislead.
pub(super) fn gate_is_whole(view: &View<'_>) -> bool {
    let listed = view.product.processes.iter().filter(|p| p.stage.is_before_gate());
    let has_data = |process: &crate::model::Process| {
        view.processes.iter().any(|p| p.stage == process.stage && *p.name == process.name)
    };
    !view.incomplete && listed.into_iter().all(has_data)
}

/// A material or waste of several products that is shared by what they are worth, or by a key.
fn is_by_value(line: &Line<'_, '_>) -> bool {
    let by_value =
        matches!(line.part.held.statement.allocation, Some(Allocation::Price | Allocation::Key(_)));
    by_value
        && line.part.share != Share::ONE
        && matches!(line.flow.kind, FlowKind::Material | FlowKind::Waste)
}

/// Mass in against product and waste, up to the gate. Packaging stays out on both sides, as it does of the product's mass.
pub(super) fn balance(view: &View<'_>, findings: &mut Vec<Finding>) {
    let Some(product) = amounts::unit_mass(view.product).filter(|_| gate_is_whole(view)) else { return };
    if view.gate_lines().any(|line| is_by_value(&line)) {
        return; // What falls to a product by its price is not what is in it.
    }
    let of = |kind| view.gate_lines().filter(move |line| line.flow.kind == kind);
    let goes_in = Side::of(view, of(FlowKind::Material)).and_recycled(view);
    let waste = Side::of(view, of(FlowKind::Waste));
    let Some(comes_out) = product.checked_add(waste.total) else { return };
    if goes_in.flows.is_empty() || !apart(goes_in.total, comes_out, BALANCE_PERCENT) {
        return;
    }
    let more_in = goes_in.total > comes_out;
    if (more_in && waste.unknown) || (!more_in && goes_in.unknown) {
        return;
    }
    let wasted =
        if waste.flows.is_empty() { "no waste".to_owned() } else { format!("waste: {}", waste.listed()) };
    let sentence = format!(
        "per {} {} go in {} kg ({}) and come out {} kg (product {} kg; {wasted}); the smaller is {} % of the larger, expected at least {} %",
        view.product.declared_unit.amount,
        view.product.declared_unit.unit,
        shown(goes_in.total),
        goes_in.listed(),
        shown(comes_out),
        shown(product),
        percent(goes_in.total.min(comes_out), goes_in.total.max(comes_out)),
        100 - BALANCE_PERCENT,
    );
    let remedy = if more_in {
        "look for a material in t that was meant in kg, a material stated twice, or scrap and waste that are not stated; correct the rows and record them with --correct"
    } else {
        "look for a material that is not stated, a waste or an output in the wrong unit, or scrap that was counted as good output; correct the rows and record them with --correct"
    };
    let statements: Vec<StatementId> = goes_in.statements().chain(waste.statements()).collect();
    findings.push(view.found("mass-balance", Severity::Attention, statements, sentence, remedy));
}

/// What is treated at the end of life against what product and packaging weigh.
pub(super) fn end_of_life(view: &View<'_>, findings: &mut Vec<Finding>) {
    let Some(product) = amounts::unit_mass(view.product).filter(|_| !view.incomplete) else { return };
    let packaging =
        view.lines().filter(|l| l.flow.kind == FlowKind::Packaging && l.process.stage != Stage::Recycling);
    let packaging = Side::of(view, packaging);
    let Some(packed) = product.checked_add(packaging.total) else { return };
    let mut treated = Side::default();
    let mut whole_processes = false;
    for process in view.processes.iter().filter(|p| p.stage == Stage::Recycling) {
        let mut of_process = Wide::ZERO;
        for line in
            view.lines().filter(|l| std::ptr::eq(l.process, process) && l.flow.kind == FlowKind::Waste)
        {
            let Some(mass) = waste_mass(view, &line).and_then(|mass| line.per_unit(mass)) else {
                treated.unknown = true;
                continue;
            };
            of_process = of_process.checked_add(mass).unwrap_or(of_process);
            treated.flows.push((mass, line.flow.name.as_str(), line.statement()));
        }
        whole_processes |= fits(of_process, product, packed);
        treated.total = treated.total.checked_add(of_process).unwrap_or(treated.total);
    }
    if view.product.boundary == Boundary::Grave {
        treated = treated.and_recycled(view);
    }
    if treated.flows.is_empty() || treated.unknown || whole_processes || fits(treated.total, product, packed)
    {
        return;
    }
    let nearer = if treated.total < product { product } else { packed };
    let weighs = if packaging.flows.is_empty() {
        format!("the product weighs {} kg", shown(product))
    } else {
        format!("product and packaging weigh {} kg", shown(packed))
    };
    let sentence = format!(
        "at the end of life {} kg of each {} {} are treated ({}), but {weighs}: the shares sum to {} %, expected 100 %",
        shown(treated.total),
        view.product.declared_unit.amount,
        view.product.declared_unit.unit,
        treated.listed(),
        percent(treated.total, nearer),
    );
    let remedy = "state where all of it goes: recycling, incineration, landfill and what is never collected are flows of kind waste; correct the rows and record them with --correct";
    findings.push(view.found(
        "end-of-life-shares",
        Severity::Attention,
        treated.statements(),
        sentence,
        remedy,
    ));
}

fn fits(treated: Wide, product: Wide, packed: Wide) -> bool {
    (treated >= product && treated <= packed)
        || !apart(treated, product, END_OF_LIFE_PERCENT)
        || !apart(treated, packed, END_OF_LIFE_PERCENT)
}

/// The mass of a waste: stated, or so many declared units of the product itself.
fn waste_mass(view: &View<'_>, line: &Line<'_, '_>) -> Option<Wide> {
    if let Some(mass) = amounts::mass(view.inventory, line.flow) {
        return Some(mass);
    }
    let declared = view.product.declared_unit;
    let (amount, unit) = amounts::amount(line.flow)?;
    let units = crate::model::Quantity { amount: Decimal::ONE, unit }.per(declared).ok()?;
    let units = amount.checked_mul(units)? / amounts::ONE; // OK because a comparison to 2 % needs no rounding.
    let kg = view.product.mass_per_declared_unit?;
    scaled(units, kg)
}
