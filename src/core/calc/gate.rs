//! One half of a product's life: its processes' figures, and for the gate what holds there: units that agree,
//! recycled material, biogenic carbon that balances.

use std::collections::BTreeSet;

use super::CalcError;
use super::amount::{Ratio, plain_decimal};
use super::contribution::Contribution;
use super::process::{ProcessResult, ProcessSum, Sums};
use super::quality::{Primary, Weights};
use super::scope::{Half, Selected, Selector};
use super::solve::Solver;
use super::source::{GwpSets, SourceValue};
use crate::model::wide::{Wide, product};
use crate::model::{
    ByCategory, Category, Co2e, Decimal, FigureSet, Product, ProductId, StatementId, Text, ValueError,
};

/// The gate of one product: its processes, and what it gives to those who consume it.
pub(super) struct GatePart<'a> {
    pub(super) processes: Vec<ProcessResult<'a>>,
    pub(super) value: SourceValue,
}

/// How far apart the units of gate processes may lie where a product states nothing, in percent.
const UNIT_TOLERANCE_PERCENT: i32 = 2;

/// How far uptake, release and carbon content may miss each other: 12e-9 kg, in 1e-15 kg.
const BALANCE_TOLERANCE: i128 = 12_000_000;

/// The processes of one half; what is wrong goes to `errors`.
pub(super) fn processes<'a>(
    solver: &Solver<'a>,
    number: usize,
    half: Half,
    batch: Option<&'a Text>,
    mut trace: Option<&mut Vec<Contribution>>,
    notes: &mut BTreeSet<String>,
    errors: &mut Vec<CalcError>,
) -> Vec<ProcessResult<'a>> {
    let Some(selector) = solver.selector(number, batch) else { return Vec::new() };
    let selected = selector.select(solver.entries(number), half, errors, notes);
    let Selector { id, product, .. } = selector;
    let sum = ProcessSum { solver, id, product };
    let mut results = Vec::with_capacity(selected.len());
    for process in &selected {
        results.extend(sum.figures(process, trace.as_deref_mut(), errors));
    }
    // In a loop the figures are already found, from what is not rounded.
    if let (Half::Gate, None, Some(solved)) = (half, batch, solver.solved.get(&number)) {
        for result in &mut results {
            let Some(found) = solved.processes.get(&(result.stage, &*result.process)) else { continue };
            result.gwp = solved.gwp;
            match FigureSet::new(*found) {
                Ok(figures) => result.figures = figures,
                Err(problem) => errors.push(CalcError::Result { product: id.clone(), problem }),
            }
        }
    }
    results.extend(recycled(solver, number, half, trace, errors));
    results
}

/// What comes from no activity: recycled material.
fn recycled<'a>(
    solver: &Solver<'a>,
    number: usize,
    half: Half,
    mut trace: Option<&mut Vec<Contribution>>,
    errors: &mut Vec<CalcError>,
) -> Vec<ProcessResult<'a>> {
    let Some((id, held)) = solver.shop.products.get(number) else { return Vec::new() };
    let mut results = Vec::new();
    for part in solver.recycled(number, half) {
        results.extend(part.result(errors));
        let Some(trace) = trace.as_deref_mut() else { continue };
        let origin: (&ProductId, StatementId) = (id, held.id);
        match part.contributions(&solver.shop, origin) {
            Ok(terms) => trace.extend(terms),
            Err(problem) => errors.push(CalcError::Result { product: (*id).clone(), problem }),
        }
    }
    results
}

/// A product of a loop, with everything but what comes from the loop.
pub(super) struct Prepared<'a> {
    pub(super) processes: Vec<(Selected<'a>, Sums)>,
    /// What comes from no activity: recycled material.
    pub(super) recycled: Vec<ProcessResult<'a>>,
}

/// Makes a product of a loop ready, with the loop's products as nothing; `None` where something was added to `errors`.
pub(super) fn prepare<'a>(
    solver: &Solver<'a>,
    number: usize,
    errors: &mut Vec<CalcError>,
) -> Option<Prepared<'a>> {
    let before = errors.len();
    let stated = check_statement(solver, number, errors)?;
    let selector = solver.selector(number, None)?;
    let id = selector.id;
    let selected = selector.select(solver.entries(number), Half::Gate, errors, &mut BTreeSet::new());
    let sum = ProcessSum { solver, id, product: stated };
    let mut processes = Vec::with_capacity(selected.len());
    let mut results = Vec::with_capacity(selected.len());
    for process in selected {
        let Some(sums) = sum.sums(&process, None, errors) else { continue };
        match ProcessSum::rounded(&process, &sums) {
            Ok(result) => results.push(result),
            Err(problem) => errors.push(CalcError::Result { product: id.clone(), problem }),
        }
        processes.push((process, sums));
    }
    let recycled = recycled(solver, number, Half::Gate, None, errors);
    if errors.len() == before {
        errors.extend(check_units(id, stated, &results).err());
    }
    (errors.len() == before).then_some(Prepared { processes, recycled })
}

/// What a statement must hold whatever its processes give.
fn check_statement<'a>(
    solver: &Solver<'a>,
    number: usize,
    errors: &mut Vec<CalcError>,
) -> Option<&'a Product> {
    let (_, held) = solver.shop.products.get(number)?;
    let stated = &held.statement;
    if let Err(problem) = stated.check() {
        errors.push(CalcError::Value { statement: held.id, problem });
        return None;
    }
    Some(stated)
}

/// The gate of one product; `None` where something was added to `errors`.
pub(super) fn calculate<'a>(
    solver: &Solver<'a>,
    number: usize,
    batch: Option<&'a Text>,
    trace: Option<&mut Vec<Contribution>>,
    notes: &mut BTreeSet<String>,
    errors: &mut Vec<CalcError>,
) -> Option<GatePart<'a>> {
    let before = errors.len();
    let (id, _) = solver.shop.products.get(number)?;
    let stated = check_statement(solver, number, errors)?;
    let processes = processes(solver, number, Half::Gate, batch, trace, notes, errors);
    if errors.len() > before {
        return None;
    }
    let result = |problem| CalcError::Result { product: (*id).clone(), problem };
    let checked = check_units(id, stated, &processes)
        .and_then(|()| value(&processes).map_err(result))
        .and_then(|value| check_carbon(id, stated, &value).map(|()| value));
    match checked {
        Ok(value) => Some(GatePart { processes, value }),
        Err(error) => {
            errors.push(error);
            None
        }
    }
}

fn value(processes: &[ProcessResult<'_>]) -> Result<SourceValue, ValueError> {
    let (figures, weights, gwp) = totals(processes)?;
    let primary = Primary::Percent(weights.primary_data_share()?.unwrap_or(Decimal::ZERO));
    SourceValue::new(figures.categories, gwp, primary, weights.ratings()?)
}

/// Sums over processes: figures, weights, GWP sets.
pub(super) fn totals<'p, 'a: 'p>(
    processes: impl IntoIterator<Item = &'p ProcessResult<'a>>,
) -> Result<(FigureSet, Weights, GwpSets), ValueError> {
    let mut figures = ByCategory::<Co2e>::default();
    let (mut weights, mut gwp) = (Weights::default(), GwpSets::default());
    for process in processes {
        figures = figures.plus(&process.figures.categories)?;
        weights.add(&process.weights)?;
        gwp.add(process.gwp);
    }
    Ok((FigureSet::new(figures)?, weights, gwp))
}

/// Second guard: what is measured inside the period must have gone through the same number of units, within the tolerance.
fn check_units(id: &ProductId, stated: &Product, processes: &[ProcessResult<'_>]) -> Result<(), CalcError> {
    let counted = processes.iter().filter(|p| p.stage.is_before_gate());
    let units: Vec<(Wide, &Text)> =
        counted.filter_map(|p| p.measured_units.map(|units| (units, &*p.process))).collect();
    let (Some(fewer), Some(more)) = (units.iter().min(), units.iter().max()) else { return Ok(()) };
    let tolerance = stated.unit_tolerance_percent.unwrap_or(Decimal::from_i32(UNIT_TOLERANCE_PERCENT));
    let result = |problem| CalcError::Result { product: id.clone(), problem };
    let what = "comparison of units";
    let hundred = Wide::new(Decimal::from_i32(100).quanta());
    let apart = product(more.0 - fewer.0, hundred, what).map_err(result)?; // OK because both are above zero.
    let allowed = product(more.0, Wide::new(tolerance.quanta()), what).map_err(result)?;
    if apart <= allowed {
        return Ok(());
    }
    Err(CalcError::UnitsApart {
        product: id.clone(),
        tolerance: tolerance.to_string(),
        more_process: more.1.clone(),
        more: Ratio::from_quanta(more.0).to_string(),
        fewer_process: fewer.1.clone(),
        fewer: Ratio::from_quanta(fewer.0).to_string(),
    })
}

/// Third guard: the biogenic carbon that goes in and out up to the gate must be what is in product and packaging.
fn check_carbon(id: &ProductId, stated: &Product, gate: &SourceValue) -> Result<(), CalcError> {
    let carbon = carbon_held(stated);
    if carbon_balances(carbon, gate) {
        return Ok(());
    }
    let (uptake, released) =
        (gate.categories[Category::BiogenicUptake], gate.categories[Category::BiogenicReleased]);
    let product = id.clone();
    let decimal = |quanta| plain_decimal(Wide::new(quanta), Co2e::SCALE as usize);
    Err(match carbon {
        // OK because both are below 10^33.
        None => CalcError::CarbonUnstated { product, balance: decimal(uptake.quanta() + released.quanta()) },
        Some(carbon) => CalcError::CarbonBalance {
            product,
            uptake: uptake.to_string(),
            released: released.to_string(),
            carbon: decimal(carbon),
        },
    })
}

/// `|12 (uptake + released) + 44 C| <= 12e-9 kg` with C the biogenic carbon in product and packaging; where C is not stated, nothing may be left.
pub(super) fn carbon_balances(carbon: Option<i128>, gate: &SourceValue) -> bool {
    let (uptake, released) =
        (gate.categories[Category::BiogenicUptake], gate.categories[Category::BiogenicReleased]);
    let balance = uptake.quanta() + released.quanta(); // OK because both are below 10^33.
    // OK because all are below 2 * 10^33 and i128 ends at 1.7 * 10^38.
    carbon.map_or(balance == 0, |carbon| (12 * balance + 44 * carbon).abs() <= BALANCE_TOLERANCE)
}

/// Biogenic carbon in product and packaging as the product states it, in 1e-15 kg.
pub(super) fn carbon_held(stated: &Product) -> Option<i128> {
    let in_product = stated.carbon.as_ref().and_then(|c| c.biogenic)?;
    let packed = stated.packaging.as_ref().and_then(|p| p.biogenic_carbon).unwrap_or(Decimal::ZERO);
    // OK because both are below 10^33.
    Some(Co2e::from_kg(in_product).quanta() + Co2e::from_kg(packed).quanta())
}
