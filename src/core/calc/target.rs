//! Targets of an organisation, year by year: intensities against a base year, how much of a change
//! is activity and how much factors, the peak of absolute emissions. It reads yearly statements and
//! electricity already measured; it guesses no missing year and no benchmark.

use std::collections::BTreeMap;

use serde::Serialize;

use super::lower::source;
use super::{FlowProblem, Held, Inventory};
use crate::model::wide::{Wide, narrow, power_of_ten, product, quotient, sum};
use crate::model::{
    ActivityHeader, Annual, Co2e, Decimal, Dimension, Factor, FactorCategory, FactorId, Flow, FlowSource,
    GwpSet, Period, Quantity, RATIO_SCALE, StatementId, Text, Unit, ValueError, Year,
};

mod measure;
mod peak;

pub use measure::{Goal, GoalState, GoalStatus, Measure, yearly_decrease_percent};
pub use peak::{Peak, PeakStatus};

const WHAT: &str = "target";

/// Why no answer can be given.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TargetError {
    /// Nothing was said about the base year.
    #[error("`{subject}`: expected an annual statement of the base year {year}, got those of {got}")]
    NoBaseYear {
        /// The site or line.
        subject: Text,
        /// The base year.
        year: Year,
        /// The years there are.
        got: String,
    },
    /// A goal for a year that is not after the base year.
    #[error("expected a goal for a year after the base year {base}, got {year}")]
    GoalYear {
        /// The base year.
        base: Year,
        /// The goal's.
        year: Year,
    },
    /// A percentage that no decrease can have.
    #[error("expected a decrease from above 0 to below 100 %, got {got} %")]
    GoalPercent {
        /// What was asked.
        got: Decimal,
    },
    /// Two years in units that do not convert.
    #[error(
        "`{subject}` {year}: {what} is in {unit}, in the base year in {base}: state both in one dimension"
    )]
    Unit {
        /// The site or line.
        subject: Text,
        /// The year.
        year: Year,
        /// Energy or output.
        what: &'static str,
        /// The year's unit.
        unit: Unit,
        /// The base year's.
        base: Unit,
    },
    /// An activity that is neither inside a year nor outside it.
    #[error(
        "statement {statement} ({period}) at `{subject}` lies only partly in {year}; it is never prorated"
    )]
    Straddles {
        /// The activity statement.
        statement: StatementId,
        /// Its period.
        period: Period,
        /// The site.
        subject: Text,
        /// The year.
        year: Year,
    },
    /// Electricity that may have been used can no longer be read.
    #[error(
        "`{subject}` {year}: statement {statement} is redacted, and whether it is of this site and how much electricity it took is no longer there; record it again in its place (`replaces`), or withdraw it"
    )]
    Redacted {
        /// The site.
        subject: Text,
        /// The year.
        year: Year,
        /// The redacted activity or factor statement.
        statement: StatementId,
    },
    /// A factor that is not for an organisation's electricity.
    #[error(
        "factor {factor}: expected a direct factor of category electricity.generation per unit of energy, got {scope} of {category} per {unit}"
    )]
    NotDirect {
        /// The factor.
        factor: FactorId,
        /// Its category.
        category: FactorCategory,
        /// Its scope.
        scope: crate::model::Scope,
        /// Its unit.
        unit: Unit,
    },
    /// Electricity was measured and no factor given is of that year or an earlier one.
    #[error("`{subject}` {year}: none of the direct electricity factors given is of {year} or earlier")]
    NoFactor {
        /// The site.
        subject: Text,
        /// The year.
        year: Year,
    },
    /// A factor cannot be used.
    #[error("factor {factor}: {problem}")]
    Factor {
        /// The factor.
        factor: FactorId,
        /// Why.
        problem: FlowProblem,
    },
    /// A value outside the exact range.
    #[error(transparent)]
    Value(#[from] ValueError),
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct TargetRequest<'a> {
    /// The site or product line.
    pub subject: &'a Text,
    /// What is compared with.
    pub base_year: Year,
    /// What is to be reached.
    pub goal: Option<Goal>,
    /// The society's own decrease in the same measure and years, in percent.
    pub benchmark: Option<Decimal>,
    /// Direct electricity factors, of which each year takes the newest that is not of a later year.
    /// Empty: direct emissions alone.
    pub electricity: Vec<&'a Held<Factor>>,
    /// The set that gases are characterised with.
    pub gwp: GwpSet,
}

/// One year against the base year. Decreases are in percent, below zero where it is more than in
/// the base year; `None` where nothing can be divided by.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TargetYear {
    /// The year.
    pub year: Year,
    /// At constant prices of the base year.
    pub value_added: Decimal,
    /// As stated.
    pub energy: Quantity,
    /// As stated.
    pub output: Quantity,
    /// Emitted here, kg CO2e.
    pub direct: Co2e,
    /// kWh of electricity in the activity statements of the site.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub electricity_kwh: Option<String>,
    /// The direct factor that the year's electricity took.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub electricity_factor: Option<FactorId>,
    /// Emissions of that electricity, kg CO2e.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub electricity_emissions: Option<Co2e>,
    /// Direct, with electricity where factors are given: the organisation's figure, kg CO2e.
    pub emissions: Co2e,
    /// Energy per value added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub energy_intensity_decrease: Option<Decimal>,
    /// Emissions per value added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emission_intensity_decrease: Option<Decimal>,
    /// Energy per physical output.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub energy_per_output_decrease: Option<Decimal>,
    /// Emissions per physical output.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub emission_per_output_decrease: Option<Decimal>,
    /// Change of the emissions since the base year at its factors, kg CO2e.
    pub change_by_activity: Co2e,
    /// The rest of the change: other factors, kg CO2e.
    pub change_by_factors: Co2e,
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Target {
    /// The site or line.
    pub subject: Text,
    /// What is compared with.
    pub base_year: Year,
    /// The years, in order.
    pub years: Vec<TargetYear>,
    /// The highest year.
    pub peak: Peak,
    /// What came of the goal.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub goal: Option<GoalState>,
    /// What a reader must know.
    pub notes: Vec<String>,
}

/// Answers from the annual statements that hold (those of other subjects are left out) and the
/// site's activity statements.
///
/// # Errors
/// [`TargetError`], the first that is met.
pub fn target(
    annuals: &[Annual],
    inventory: &Inventory,
    request: &TargetRequest<'_>,
) -> Result<Target, TargetError> {
    let own = annuals.iter().filter(|a| a.subject == *request.subject);
    let own: BTreeMap<Year, &Annual> = own.map(|a| (a.year, a)).collect();
    let listed = || own.keys().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let no_base = || {
        let got = if own.is_empty() { "no year".to_owned() } else { listed() };
        TargetError::NoBaseYear { subject: request.subject.clone(), year: request.base_year, got }
    };
    let base = *own.get(&request.base_year).ok_or_else(no_base)?;
    let mut notes = Vec::new();
    let factors = direct_factors(request)?;
    let base_power = power(base, inventory, request, &factors)?;
    let mut years = Vec::new();
    for annual in own.values() {
        let power = power(annual, inventory, request, &factors)?;
        years.push(year((annual, &power), (base, &base_power), request)?);
    }
    if request.electricity.is_empty() {
        notes.push("emissions are the direct ones alone: no direct electricity factor was given".to_owned());
    } else if years.iter().all(|y| y.electricity_kwh.as_deref() == Some("0")) {
        notes.push(format!("no activity statement at the site `{}` names electricity", request.subject));
    }
    let absolute: Vec<(Year, Co2e)> = years.iter().map(|y| (y.year, y.emissions)).collect();
    let peak = peak::find(&absolute).ok_or_else(no_base)?;
    let goal = request.goal.map(|goal| measure::judge(&years, request, goal)).transpose()?;
    Ok(Target { subject: request.subject.clone(), base_year: request.base_year, years, peak, goal, notes })
}

/// A year's electricity: kWh at 1e-18, and kg CO2e per kWh.
struct Power<'a> {
    kwh: Wide,
    factor: Option<(&'a FactorId, Co2e)>,
}

type DirectFactors<'a> = BTreeMap<Year, (&'a FactorId, Co2e)>;

fn direct_factors<'a>(request: &TargetRequest<'a>) -> Result<DirectFactors<'a>, TargetError> {
    let mut found = BTreeMap::new();
    for held in &request.electricity {
        let factor = &held.statement;
        let one = Quantity { amount: Decimal::ONE, unit: factor.unit };
        let fits = factor.category == FactorCategory::ElectricityGeneration
            && factor.scope == crate::model::Scope::Direct
            && factor.unit.dimension() == Dimension::Energy;
        if !fits {
            let (category, scope, unit) = (factor.category, factor.scope, factor.unit);
            return Err(TargetError::NotDirect { factor: factor.factor.clone(), category, scope, unit });
        }
        let fixed = source::from_factor(held, request.gwp)
            .map_err(|problem| TargetError::Factor { factor: factor.factor.clone(), problem })?;
        let units = Quantity { amount: Decimal::ONE, unit: Unit::KilowattHour }.per(one)?;
        let per_kwh = scaled(units, fixed.value.excluding_uptake)?;
        found.insert(factor.year, (&factor.factor, per_kwh));
    }
    Ok(found)
}

/// The electricity of the site in a year, with the factor for it.
fn power<'a>(
    annual: &Annual,
    inventory: &Inventory,
    request: &TargetRequest<'a>,
    factors: &DirectFactors<'a>,
) -> Result<Power<'a>, TargetError> {
    if factors.is_empty() {
        return Ok(Power { kwh: Wide::ZERO, factor: None });
    }
    let span: Period = annual.year.to_string().parse()?;
    let (mut kwh, one) = (Wide::ZERO, Quantity { amount: Decimal::ONE, unit: Unit::KilowattHour });
    let here = |held: &&Held<crate::model::Activity>| {
        held.statement.site.as_ref().is_some_and(|site| site.name == *request.subject)
            && held.statement.scenario.is_none()
            && held.statement.period.overlaps(span)
    };
    let gone =
        |statement| TargetError::Redacted { subject: request.subject.clone(), year: annual.year, statement };
    let without_body = |held: &&Held<ActivityHeader>| {
        let ActivityHeader { site, scenario, period, .. } = &held.statement;
        site.as_ref() == Some(request.subject) && scenario.is_none() && period.overlaps(span)
    };
    if let Some(held) = inventory.redacted.activities.iter().find(without_body) {
        return Err(gone(held.id));
    }
    for held in inventory.activities.iter().filter(here) {
        if let Some(statement) = held.statement.flows.iter().find_map(|flow| redacted_factor(inventory, flow))
        {
            return Err(gone(statement));
        }
        for flow in held.statement.flows.iter().filter(|flow| is_electricity(inventory, &flow.source)) {
            if !span.covers(held.statement.period) {
                let (statement, period) = (held.id, held.statement.period);
                let subject = request.subject.clone();
                return Err(TargetError::Straddles { statement, period, subject, year: annual.year });
            }
            let amount = flow.amount.as_ref().map(super::amount::Exact::of).transpose()?.flatten();
            if let Some(used) = amount.map(|exact| exact.per(one)).transpose()?.flatten() {
                kwh = sum(kwh, used, WHAT)?;
            }
        }
    }
    let factor = factors.range(..=annual.year).next_back().map(|(_, found)| *found);
    if factor.is_none() && kwh != 0 {
        return Err(TargetError::NoFactor { subject: request.subject.clone(), year: annual.year });
    }
    Ok(Power { kwh, factor })
}

/// The statement of a flow's factor where it was redacted: it may have been one of electricity.
fn redacted_factor(inventory: &Inventory, flow: &Flow) -> Option<StatementId> {
    let FlowSource::Factor { factor, .. } = &flow.source else { return None };
    inventory.redacted.factors.get(factor).copied()
}

fn is_electricity(inventory: &Inventory, source: &FlowSource) -> bool {
    let FlowSource::Factor { factor, .. } = source else { return false };
    let category = inventory.factors.get(factor).map(|held| held.statement.category);
    matches!(category, Some(FactorCategory::ElectricityLifecycle | FactorCategory::ElectricityGeneration))
}

/// `units` (1e-18) times kg, rounded once.
fn scaled(units: Wide, kg: Co2e) -> Result<Co2e, ValueError> {
    let exact = product(units, Wide::new(kg.quanta()), WHAT)?;
    Co2e::from_quanta(narrow(quotient(exact, power_of_ten(RATIO_SCALE)?, WHAT)?, WHAT)?)
}

fn year(
    (annual, power): (&Annual, &Power<'_>),
    (base, base_power): (&Annual, &Power<'_>),
    request: &TargetRequest<'_>,
) -> Result<TargetYear, TargetError> {
    let emitted = |kwh: Wide, factor: Option<(&FactorId, Co2e)>| match factor {
        Some((_, per_kwh)) => scaled(kwh, per_kwh),
        None => Ok(Co2e::ZERO),
    };
    let indirect = emitted(power.kwh, power.factor)?;
    let at_base = emitted(power.kwh, base_power.factor.or(power.factor))?;
    let before = base.direct_emissions.plus(emitted(base_power.kwh, base_power.factor)?)?;
    let emissions = annual.direct_emissions.plus(indirect)?;
    let change_by_activity = annual.direct_emissions.plus(at_base)?.minus(before)?;
    let in_base_unit = |what, of: Quantity, base: Quantity| {
        let one = Quantity { amount: Decimal::ONE, unit: base.unit };
        of.per(one).map_err(|_| TargetError::Unit {
            subject: request.subject.clone(),
            year: annual.year,
            what,
            unit: of.unit,
            base: base.unit,
        })
    };
    let energy = (
        in_base_unit("energy", annual.energy, base.energy)?,
        in_base_unit("energy", base.energy, base.energy)?,
    );
    let output = (
        in_base_unit("output", annual.output, base.output)?,
        in_base_unit("output", base.output, base.output)?,
    );
    let wide = |kg: Co2e| Wide::new(kg.quanta());
    let carbon = (wide(emissions), wide(before));
    let value = (Wide::new(annual.value_added.quanta()), Wide::new(base.value_added.quanta()));
    let asked = power.factor.is_some();
    Ok(TargetYear {
        year: annual.year,
        value_added: annual.value_added,
        energy: annual.energy,
        output: annual.output,
        direct: annual.direct_emissions,
        electricity_kwh: asked.then(|| super::Ratio::from_quanta(power.kwh).to_string()),
        electricity_factor: power.factor.map(|(id, _)| id.clone()),
        electricity_emissions: asked.then_some(indirect),
        emissions,
        energy_intensity_decrease: measure::decrease_percent(energy, value)?,
        emission_intensity_decrease: measure::decrease_percent(carbon, value)?,
        energy_per_output_decrease: measure::decrease_percent(energy, output)?,
        emission_per_output_decrease: measure::decrease_percent(carbon, output)?,
        change_by_activity,
        change_by_factors: emissions.minus(before)?.minus(change_by_activity)?,
    })
}
