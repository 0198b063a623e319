//! Which factor may stand on which flow: what is direct needs its upstream, what holds it already must not get it twice, a product takes no
//! organisation's electricity, and waste that burns takes no factor without its combustion. Judges; calculates nothing.

use crate::model::{Exclusion, Factor, FactorCategory, Flow, Scope, StatementId};

use super::CalcError;

/// Whether `factor`, with `upstream` beside it, may give this flow's figure.
pub(super) fn check(
    statement: StatementId,
    flow: &Flow,
    factor: &Factor,
    upstream: Option<&Factor>,
) -> Result<(), CalcError> {
    if factor.category == FactorCategory::ElectricityGeneration {
        let (flow, factor) = (flow.name.clone(), factor.factor.clone());
        return Err(CalcError::DirectElectricity { statement, flow, factor });
    }
    check_upstream(statement, flow, factor, upstream)?;
    check_waste(statement, flow, factor)
}

fn check_upstream(
    statement: StatementId,
    flow: &Flow,
    factor: &Factor,
    upstream: Option<&Factor>,
) -> Result<(), CalcError> {
    let (name, id) = (flow.name.clone(), factor.factor.clone());
    let losses = upstream.filter(|u| u.category == FactorCategory::ElectricityGridLosses);
    if factor.exclusions.contains(&Exclusion::GridLosses) {
        if losses.is_none() {
            let upstream = upstream.map(|u| u.factor.clone());
            return Err(CalcError::GridLossesMissing { statement, flow: name, factor: id, upstream });
        }
        return Ok(());
    }
    let needed = factor.scope == Scope::Direct
        && matches!(
            factor.category,
            FactorCategory::FuelCombustion | FactorCategory::Freight | FactorCategory::Heat
        );
    match upstream {
        None if needed => {
            let category = factor.category;
            Err(CalcError::UpstreamMissing { statement, flow: name, factor: id, category })
        }
        None => Ok(()),
        Some(second) if factor.scope != Scope::Direct || losses.is_some() => {
            let (scope, upstream) = (factor.scope, second.factor.clone());
            Err(CalcError::UpstreamTwice { statement, flow: name, factor: id, scope, upstream })
        }
        Some(second) if second.scope != Scope::Upstream => {
            let (scope, upstream) = (second.scope, second.factor.clone());
            Err(CalcError::UpstreamScope { statement, flow: name, upstream, scope })
        }
        Some(_) => Ok(()),
    }
}

fn check_waste(statement: StatementId, flow: &Flow, factor: &Factor) -> Result<(), CalcError> {
    if !factor.exclusions.contains(&Exclusion::Combustion) {
        return Ok(());
    }
    let (name, id) = (flow.name.clone(), factor.factor.clone());
    let (fossil, biogenic) = (flow.fossil_carbon, flow.biogenic_carbon);
    if let Some(carbon) = [fossil, biogenic].into_iter().flatten().find(|c| c.is_positive()) {
        let carbon = carbon.to_string();
        return Err(CalcError::WasteHoldsCarbon { statement, flow: name, factor: id, carbon });
    }
    let missing = match (fossil.is_none(), biogenic.is_none()) {
        (false, false) => return Ok(()),
        (true, true) => "fossilCarbon and biogenicCarbon",
        (true, false) => "fossilCarbon",
        (false, true) => "biogenicCarbon",
    };
    Err(CalcError::WasteCarbonUnstated { statement, flow: name, factor: id, missing })
}
