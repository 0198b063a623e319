//! What a PACT document says in words about how the figures were made: what was shared out, and what was left out.

use std::collections::BTreeSet;

use crate::model::{Activity, Allocation, FlowSource, Product};

/// How the flows of these activities were shared among their outputs, what a co-product replaces, and how recycling counts.
pub(super) fn allocation(own: &[Activity], product: &Product) -> Option<String> {
    let mut rules = BTreeSet::new();
    for activity in own {
        let place = format!("{} / {}", activity.stage, activity.process);
        if let Some(by) = &activity.allocation {
            rules.insert(format!("{place}: by {}", basis(by)));
        }
        for flow in &activity.flows {
            if let Some(replaced) = &flow.substitutes {
                rules.insert(format!("{place}: system expansion, a co-product replaces {replaced}"));
            }
        }
    }
    rules.extend(product.recycling.as_ref().map(|recycling| format!("recycling: {}", recycling.method)));
    (!rules.is_empty()).then(|| rules.into_iter().collect::<Vec<_>>().join("; "))
}

fn basis(by: &Allocation) -> String {
    match by {
        Allocation::Mass | Allocation::Pieces => by.to_string(),
        Allocation::Price => "price, the revenue from each output".to_owned(),
        Allocation::Key(name) => format!("{name}, as each output states it"),
    }
}

/// What these activities leave out, and why.
pub(super) fn exempted(own: &[Activity]) -> Option<String> {
    let mut left_out = BTreeSet::new();
    for flow in own.iter().flat_map(|activity| &activity.flows) {
        if let FlowSource::Excluded { reason, .. } = &flow.source {
            left_out.insert(format!("{}: {reason}", flow.name));
        }
    }
    (!left_out.is_empty()).then(|| left_out.into_iter().collect::<Vec<_>>().join("; "))
}
