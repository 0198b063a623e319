//! Which products a statement can enter: those that it puts out or is for, or whose activities name
//! it, those that share a reading with them, and all that consume them. Of any period and scenario;
//! it calculates nothing.

use std::collections::BTreeSet;

use super::Inventory;
use crate::model::{Activity, FactorId, Flow, FlowSource, FootprintId, Product, ProductId, StatementId};

/// The products whose footprint can depend on an activity, factor or supplier's footprint that
/// holds, by the ids they are filed under.
pub fn reached(inventory: &Inventory, statement: &StatementId) -> BTreeSet<ProductId> {
    let factor = inventory.factors.iter().find(|(_, held)| held.id == *statement).map(|(id, _)| id);
    let bought = inventory.bought.iter().find(|(_, held)| held.id == *statement).map(|(id, _)| id);
    let mut reached = BTreeSet::new();
    for held in &inventory.activities {
        if held.id == *statement || names(&held.statement, factor, bought) {
            reached.extend(concerned(inventory, &held.statement));
        }
        if held.id == *statement && !held.statement.is_reading() {
            reached.extend(sharing(inventory, &held.statement));
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
                reached.extend(concerned(inventory, &held.statement));
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

/// The products of an activity by the ids they are filed under: its outputs, or those that it is
/// for.
pub fn concerned(inventory: &Inventory, activity: &Activity) -> BTreeSet<ProductId> {
    let named = activity.products().filter_map(|id| filed(inventory, id)).cloned();
    let lists = |product: &Product| {
        let process = product.process(activity.stage, &activity.process);
        process.is_some_and(|process| process.signers.contains(&activity.by))
    };
    let all = inventory.products.iter().filter(|(_, held)| activity.is_for_all() && lists(&held.statement));
    named.chain(all.map(|(id, _)| id.clone())).collect()
}

/// The products that share a reading with those that a production makes: what it made changes their
/// parts.
fn sharing(inventory: &Inventory, production: &Activity) -> BTreeSet<ProductId> {
    let made = concerned(inventory, production);
    // The readings of every process whose units are those of this one.
    let counts_here = |reading: &Activity, id: &ProductId| {
        let product = inventory.products.get(id).map(|held| &held.statement);
        let process = product.and_then(|p| Some((p, p.process(reading.stage, &reading.process)?)));
        let units = process.and_then(|(product, process)| product.process_with_units(process));
        units.is_some_and(|of| of.stage == production.stage && of.name == production.process)
    };
    let mut reached = BTreeSet::new();
    for held in inventory.activities.iter().filter(|held| held.statement.is_reading()) {
        let of = concerned(inventory, &held.statement);
        if of.len() > 1 && of.intersection(&made).any(|id| counts_here(&held.statement, id)) {
            reached.extend(of);
        }
    }
    reached
}

fn filed<'a>(inventory: &'a Inventory, id: &'a ProductId) -> Option<&'a ProductId> {
    inventory.aliases.get(id).or_else(|| inventory.products.get_key_value(id).map(|(filed, _)| filed))
}
