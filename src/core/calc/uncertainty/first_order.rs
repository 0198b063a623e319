//! Uncertainty to first order, from one reverse pass: the derivative of a footprint by the
//! logarithm of an amount or factor is its contribution E, so the variance is `sum (E sigma)^2`
//! over everything uncertain, each taken once with all that it contributes.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer};

use super::model::{Uncertain, amount_of, factors_of, float};
use super::shown::{co2e, decimal, percent};
use crate::calc::contribution::chain::Target;
use crate::calc::{CalcErrors, ContributionSource, Trace};
use crate::model::wide::Wide;
use crate::model::{Co2e, Decimal, StatementId, ValueError};

/// How uncertain a footprint is, to first order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct FirstOrder {
    /// The footprint itself, kg CO2e per declared unit.
    #[serde(rename = "kgCo2e")]
    pub kg: Co2e,
    /// Standard deviation, kg CO2e per declared unit, to 6 digits; none where nothing states an
    /// uncertainty, since then it is not known.
    #[serde(rename = "standardDeviationKgCo2e", skip_serializing_if = "Option::is_none")]
    pub standard_deviation: Option<Co2e>,
    /// Squared geometric standard deviation, to 6 digits; none for a footprint of 0, or where
    /// nothing states an uncertainty.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gsd2: Option<Decimal>,
    /// 95 % of the distribution lie between these two, to 6 digits: the footprint divided by and
    /// times `gsd2`.
    #[serde(flatten, serialize_with = "low_and_high")]
    pub interval: Option<(Co2e, Co2e)>,
    /// Percent of the absolute contributions whose amount states an uncertainty; the rest counts as
    /// exact.
    pub amounts_stated_percent: Decimal,
    /// Percent of the absolute contributions whose factor states an uncertainty, gases aside; the
    /// rest counts as exact.
    pub factors_stated_percent: Decimal,
    /// What makes the variance, largest first.
    pub causes: Vec<Cause>,
}

/// One uncertain amount or factor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Cause {
    /// The flow's name, or the factor's id.
    pub name: String,
    /// The flow's place in its statement; none for a factor. JSON has `amount` or `factor`.
    #[serde(rename = "kind", serialize_with = "kind")]
    pub flow: Option<usize>,
    /// Its squared geometric standard deviation, to 6 digits.
    pub gsd2: Decimal,
    /// kg CO2e of the footprint that hang on it, to 6 digits.
    #[serde(rename = "kgCo2e")]
    pub kg: Co2e,
    /// Its part of the variance, in percent.
    #[serde(rename = "variancePercent")]
    pub percent: Decimal,
    /// The activity statement of the flow, or the factor's statement.
    pub statement: StatementId,
}

impl Cause {
    /// `amount` where a flow's amount is uncertain, else `factor`.
    pub const fn kind(&self) -> &'static str {
        kind_of(self.flow)
    }
}

const fn kind_of(flow: Option<usize>) -> &'static str {
    if flow.is_some() { "amount" } else { "factor" }
}

fn kind<S: Serializer>(flow: &Option<usize>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind_of(*flow))
}

fn low_and_high<S: Serializer>(interval: &Option<(Co2e, Co2e)>, serializer: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Interval {
        low_kg_co2e: Co2e,
        high_kg_co2e: Co2e,
    }
    interval.map(|(low_kg_co2e, high_kg_co2e)| Interval { low_kg_co2e, high_kg_co2e }).serialize(serializer)
}

struct Part {
    name: String,
    sigma: f64,
    exact: Wide,
}

#[derive(Default)]
struct Stated {
    amounts: f64,
    factors: f64,
    all: f64,
    with_factor: f64,
}

/// The uncertainty of a traced footprint, to first order.
///
/// # Errors
/// Contributions beyond the exact range.
pub fn first_order(trace: &Trace<'_, '_>) -> Result<FirstOrder, CalcErrors> {
    trace.wrap(calculate(trace))
}

fn calculate(trace: &Trace<'_, '_>) -> Result<FirstOrder, ValueError> {
    let chain = trace.chain;
    let factors = factors_of(chain);
    let (mut parts, mut absolute) = (BTreeMap::<Uncertain, Part>::new(), BTreeMap::new());
    trace.each(|met| {
        let amount = amount_of(chain, met.line);
        let (factor, leaf) = match met.line.target {
            Target::Leaf(at) => (factors.get(at).copied().flatten(), true),
            Target::Node(_) => (None, false),
        };
        for (uncertain, sigma) in amount.into_iter().chain(factor) {
            let name = || name_of(trace, &met.line.target, uncertain, met.line);
            let part =
                parts.entry(uncertain).or_insert_with(|| Part { name: name(), sigma, exact: Wide::ZERO });
            part.exact = crate::model::wide::sum(part.exact, met.exact, "variance")?;
        }
        if leaf {
            // Per place, so that the order of the floats' sum below is that of statements, not of
            // the pass.
            let statement = chain.statement(met.line).map(|(held, _)| held.id);
            let key = (statement, met.line.flow, met.line.upstream, met.part.number);
            let gas = matches!(trace.value(met.line.target), Some((_, ContributionSource::Gas(_))));
            let size = absolute.entry(key).or_insert((Wide::ZERO, amount.is_some(), factor.is_some(), gas));
            size.0 = crate::model::wide::sum(size.0, met.exact.abs(), "variance")?;
        }
        Ok(())
    })?;
    let mut stated = Stated::default();
    for (exact, amount, factor, gas) in absolute.into_values() {
        let size = kg(exact);
        stated.all += size;
        stated.amounts += if amount { size } else { 0.0 };
        stated.with_factor += if gas { 0.0 } else { size };
        stated.factors += if factor { size } else { 0.0 };
    }
    shown(trace.total(), parts, &stated)
}

fn kg(exact: Wide) -> f64 {
    float(exact) / 1e15
}

fn name_of(
    trace: &Trace<'_, '_>,
    target: &Target,
    uncertain: Uncertain,
    line: &crate::calc::contribution::chain::ChainLine,
) -> String {
    match (uncertain.flow, trace.value(*target)) {
        (None, Some((_, ContributionSource::Factor { factor, .. }))) => factor.to_string(),
        _ => trace.chain.statement(line).map_or_else(String::new, |(_, flow)| flow.name.to_string()),
    }
}

fn shown(total: Co2e, parts: BTreeMap<Uncertain, Part>, stated: &Stated) -> Result<FirstOrder, ValueError> {
    let variance_of = |part: &Part| {
        let deviation = kg(part.exact) * part.sigma;
        deviation * deviation
    };
    let variance = parts.values().map(variance_of).fold(0.0, |sum, more| sum + more);
    let mut causes = Vec::with_capacity(parts.len());
    for (uncertain, part) in parts {
        let own = variance_of(&part);
        let cause = Cause {
            statement: uncertain.statement,
            flow: uncertain.flow,
            gsd2: decimal(libm::exp(2.0 * part.sigma))?,
            kg: co2e(kg(part.exact))?,
            percent: percent(own, variance)?,
            name: part.name,
        };
        causes.push((own, cause));
    }
    causes.sort_by(|a, b| b.0.total_cmp(&a.0)); // Stable: equal ones stay in the order of statement and flow.
    let deviation = libm::sqrt(variance);
    let figure = total.quanta() as f64 / 1e15;
    let gsd2 = libm::exp(2.0 * deviation / figure.abs());
    let stated_any = !causes.is_empty();
    let known = stated_any && figure != 0.0 && gsd2 < 1e6;
    let interval = match (known, figure > 0.0) {
        (false, _) => None,
        (true, true) => Some((co2e(figure / gsd2)?, co2e(figure * gsd2)?)),
        (true, false) => Some((co2e(figure * gsd2)?, co2e(figure / gsd2)?)),
    };
    Ok(FirstOrder {
        kg: total,
        standard_deviation: if stated_any { Some(co2e(deviation)?) } else { None },
        gsd2: if known { Some(decimal(gsd2)?) } else { None },
        interval,
        amounts_stated_percent: percent(stated.amounts, stated.all)?,
        factors_stated_percent: percent(stated.factors, stated.with_factor)?,
        causes: causes.into_iter().map(|(_, cause)| cause).collect(),
    })
}
