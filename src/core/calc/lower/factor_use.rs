//! Which factor may stand on which flow: what is direct needs its upstream, what holds it already
//! must not get it twice, a product takes no organisation's electricity, and waste that burns takes
//! no factor without its combustion. Judges; calculates nothing.

use crate::calc::FlowProblem;
use crate::model::{Exclusion, Factor, FactorCategory, Flow, Scope};

/// Whether `factor`, with `upstream` beside it, may give this flow's figure.
pub(super) fn check(flow: &Flow, factor: &Factor, upstream: Option<&Factor>) -> Result<(), FlowProblem> {
    check_factor(factor, upstream)?;
    check_waste(flow, factor)
}

/// Whether `factor`, with `upstream` beside it, holds what a product's figure needs, whatever it is
/// used for.
pub(in crate::calc) fn check_factor(factor: &Factor, upstream: Option<&Factor>) -> Result<(), FlowProblem> {
    if factor.category == FactorCategory::ElectricityGeneration {
        return Err(FlowProblem::DirectElectricity { factor: factor.factor.clone() });
    }
    let id = factor.factor.clone();
    let losses = upstream.filter(|u| u.category == FactorCategory::ElectricityGridLosses);
    if factor.exclusions.contains(&Exclusion::GridLosses) {
        if losses.is_none() {
            let upstream = upstream.map(|u| u.factor.clone());
            return Err(FlowProblem::GridLossesMissing { factor: id, upstream });
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
            Err(FlowProblem::UpstreamMissing { factor: id, category })
        }
        None => Ok(()),
        Some(second) if factor.scope != Scope::Direct || losses.is_some() => {
            let (scope, upstream) = (factor.scope, second.factor.clone());
            Err(FlowProblem::UpstreamTwice { factor: id, scope, upstream })
        }
        Some(second) if second.scope != Scope::Upstream => {
            let (scope, upstream) = (second.scope, second.factor.clone());
            Err(FlowProblem::UpstreamScope { upstream, scope })
        }
        Some(_) => Ok(()),
    }
}

fn check_waste(flow: &Flow, factor: &Factor) -> Result<(), FlowProblem> {
    if !factor.exclusions.contains(&Exclusion::Combustion) {
        return Ok(());
    }
    let id = factor.factor.clone();
    let (fossil, biogenic) = (flow.fossil_carbon, flow.biogenic_carbon);
    if let Some(carbon) = [fossil, biogenic].into_iter().flatten().find(|c| c.is_positive()) {
        let carbon = carbon.to_string();
        return Err(FlowProblem::WasteHoldsCarbon { factor: id, carbon });
    }
    let missing = match (fossil.is_none(), biogenic.is_none()) {
        (false, false) => return Ok(()),
        (true, true) => "fossilCarbon and biogenicCarbon",
        (true, false) => "fossilCarbon",
        (false, true) => "biogenicCarbon",
    };
    Err(FlowProblem::WasteCarbonUnstated { factor: id, missing })
}
