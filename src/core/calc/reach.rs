//! Which products a statement can enter: those that it puts out, or whose activities name it, and
//! all that consume them. Of any period and scenario; it calculates nothing.

use std::collections::BTreeSet;

use super::Inventory;
use crate::model::{Activity, FactorId, Flow, FlowSource, FootprintId, ProductId, StatementId};

/// The products whose footprint can depend on an activity, factor or supplier's footprint that
/// holds, by the ids they are filed under.
pub fn reached(inventory: &Inventory, statement: &StatementId) -> BTreeSet<ProductId> {
    let factor = inventory.factors.iter().find(|(_, held)| held.id == *statement).map(|(id, _)| id);
    let bought = inventory.bought.iter().find(|(_, held)| held.id == *statement).map(|(id, _)| id);
    let mut reached = BTreeSet::new();
    for held in &inventory.activities {
        if held.id == *statement || names(&held.statement, factor, bought) {
            reached.extend(outputs(inventory, &held.statement));
        }
    }
    for (id, held) in &inventory.products {
        let materials = held.statement.recycling.iter().flat_map(|recycling| &recycling.materials);
        if factor.is_some_and(|factor| materials.flat_map(|m| m.factors()).any(|named| named == factor)) {
            reached.insert(id.clone());
        }
    }
    let mut grown = 0;
    while reached.len() > grown {
        grown = reached.len();
        for held in &inventory.activities {
            let consumes = |flow: &Flow| match &flow.source {
                FlowSource::Product(input) => filed(inventory, input).is_some_and(|id| reached.contains(id)),
                _ => false,
            };
            if held.statement.flows.iter().any(consumes) {
                reached.extend(outputs(inventory, &held.statement));
            }
        }
    }
    reached
}

fn names(activity: &Activity, factor: Option<&FactorId>, bought: Option<&FootprintId>) -> bool {
    activity.flows.iter().any(|flow| match &flow.source {
        FlowSource::Factor { factor: named, upstream } => {
            factor.is_some_and(|factor| named == factor || upstream.as_ref() == Some(factor))
        }
        FlowSource::Footprint(named) => bought == Some(named),
        _ => false,
    })
}

fn outputs<'a>(
    inventory: &'a Inventory,
    activity: &'a Activity,
) -> impl Iterator<Item = ProductId> + use<'a> {
    activity.outputs.iter().filter_map(|output| filed(inventory, &output.product)).cloned()
}

fn filed<'a>(inventory: &'a Inventory, id: &'a ProductId) -> Option<&'a ProductId> {
    inventory.aliases.get(id).or_else(|| inventory.products.get_key_value(id).map(|(filed, _)| filed))
}
