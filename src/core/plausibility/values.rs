//! Values that no product or factor of this kind has: electricity above any power plant's or below
//! zero, more carbon than mass, a piece that weighs nothing, another A than 1 at the gate, data of
//! days that are still to come.

use std::collections::BTreeSet;

use super::view::View;
use super::{Finding, Severity, amounts};
use crate::calc::factor_headline;
use crate::model::wide::Wide;
use crate::model::{
    Boundary, Date, Decimal, Dimension, FactorId, FlowSource, Period, Quantity, RecyclingMethod, Unit,
};

/// More than any power plant emits for a kilowatt-hour, in kg CO2e.
const ELECTRICITY_KG_MAX: i32 = 2;

/// Quanta of 1e-18 in one quantum of CO2e.
const PER_QUANTUM: Wide = Wide::new(1_000);

pub(super) fn look(view: &View<'_>, findings: &mut Vec<Finding>) {
    electricity(view, findings);
    masses(view, findings);
    recycling_at_gate(view, findings);
    ahead(view, findings);
}

fn electricity(view: &View<'_>, findings: &mut Vec<Finding>) {
    let mut seen: BTreeSet<&FactorId> = BTreeSet::new();
    for line in view.lines() {
        let FlowSource::Factor { factor, .. } = &line.flow.source else { continue };
        let Some(held) = view.factors.get(factor) else { continue };
        if !held.statement.category.is_electricity() || !seen.insert(factor) {
            continue;
        }
        let per = Quantity { amount: Decimal::ONE, unit: held.statement.unit };
        let one_kwh = Quantity { amount: Decimal::ONE, unit: Unit::KilowattHour };
        let (Some(kg), Ok(kwh)) = (factor_headline(held, view.request.gwp), per.per(one_kwh)) else {
            continue;
        };
        // OK because a factor is below 10^33 quanta and a unit of energy below 10^12 kWh.
        let most = kwh * Wide::new(i128::from(ELECTRICITY_KG_MAX));
        if kg.quanta() >= 0 && Wide::new(kg.quanta()) * PER_QUANTUM <= most {
            continue;
        }
        let sentence = format!(
            "the electricity factor {factor} is {kg} kg CO2e per {}: expected from 0 to {ELECTRICITY_KG_MAX} kg per kWh",
            per.unit
        );
        let remedy = "check the unit (kWh or MWh, kg or g) and the decimal point of the factor, and record it with --correct";
        let is_used =
            |source: &FlowSource| matches!(source, FlowSource::Factor { factor: used, .. } if used == factor);
        let statements: Vec<_> =
            view.lines().filter(|line| is_used(&line.flow.source)).map(|line| line.statement()).collect();
        findings.push(view.found("electricity-factor", Severity::Attention, statements, sentence, remedy));
    }
}

/// A thing weighs something, and no more of it is carbon than there is.
fn masses(view: &View<'_>, findings: &mut Vec<Finding>) {
    let product = view.product;
    let thing = matches!(
        product.declared_unit.unit.dimension(),
        Dimension::Mass | Dimension::Count | Dimension::Volume | Dimension::Area
    );
    let statement = view.inventory.products.get(view.id).map(|held| held.id);
    let remedy = "correct mass_kg, fossil_carbon_kg or biogenic_carbon_kg in the product's file and record it with --correct";
    let mut found = |sentence| {
        findings.push(view.found("carbon-and-mass", Severity::Attention, statement, sentence, remedy));
    };
    if thing && product.mass_per_declared_unit.is_some_and(Decimal::is_zero) {
        found(format!(
            "a declared unit of {} {} weighs 0 kg",
            product.declared_unit.amount, product.declared_unit.unit
        ));
        return;
    }
    let (Some(carbon), Some(mass)) = (&product.carbon, amounts::unit_mass(product)) else { return };
    let biogenic = carbon.biogenic.unwrap_or(Decimal::ZERO);
    let parts = [carbon.fossil, biogenic].map(|kg| amounts::scaled(amounts::ONE, kg));
    // OK because a mass is below 10^33 quanta.
    let [Some(fossil), Some(grown)] = parts else { return };
    if fossil + grown > mass {
        found(format!(
            "a declared unit holds {} kg of carbon and weighs {} kg",
            amounts::shown(fossil + grown),
            amounts::shown(mass)
        ));
    }
}

/// To the gate, content counts whole: PEF's default for intermediate products is A = 1.
fn recycling_at_gate(view: &View<'_>, findings: &mut Vec<Finding>) {
    let product = view.product;
    let boundary = view.request.boundary.unwrap_or(product.boundary);
    let Some(recycling) = &product.recycling else { return };
    if boundary != Boundary::Gate || recycling.method != RecyclingMethod::CircularFootprint {
        return;
    }
    let statement = view.inventory.products.get(view.id).map(|held| held.id);
    for material in &recycling.materials {
        let Some(a) = material.A.filter(|a| *a != Decimal::ONE) else { continue };
        let sentence = format!(
            "recycling of `{}`: A is stated as {a}, and a figure cradle-to-gate counts with 1, PEF's default for intermediate products",
            material.material
        );
        let remedy = "state 1 in the product's file and record it with --correct; where a product rule asks for another A, accept this and name the rule in the reason";
        findings.push(view.found("recycling-at-gate", Severity::Attention, statement, sentence, remedy));
    }
}

/// True where a day of the period, today aside, is still to come.
fn ends_after(period: Period, today: Date) -> bool {
    today.next_day().is_ok_and(|tomorrow| period.end() > tomorrow)
}

/// What was measured has happened.
fn ahead(view: &View<'_>, findings: &mut Vec<Finding>) {
    let Some(today) = view.asked.today else { return };
    // Where these days are asked for, all that is measured in them is over; else only the year may
    // be wrong.
    let asked = view.asked.request.is_some() || view.asked.period.is_some();
    let ahead = |period: Period| period.start() > today || (asked && ends_after(period, today));
    for process in
        view.processes.iter().filter(|process| process.stage.is_before_gate() && !process.is_recipe())
    {
        for held in process.statements().filter(|held| ahead(held.statement.period)) {
            let said = &held.statement;
            let sentence = format!(
                "{} process `{}`: the data of {} are of days that are still to come (today is {today})",
                said.stage, said.process, said.period
            );
            let remedy = concat!(
                "where the year or the end is wrong, withdraw the statement first (",
                withdrawing!(),
                "), then record its rows with the right one; else wait for the last day, or ask for the days that are over; what is planned is a scenario"
            );
            findings.push(view.found("period-ahead", Severity::Attention, [held.id], sentence, remedy));
        }
    }
}
